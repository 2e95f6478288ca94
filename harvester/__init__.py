"""Harvest a YouTube channel, match its videos to events, keep both in a database.

`docs/architecture.md` draws the house; `harvester --help` lists the commands.
"""

__version__ = "0.1.0"
