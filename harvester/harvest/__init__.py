"""Use case: bring channels in.

channels.list → pages of the uploads playlist → videos.list in batches of 50,
joined by id → the channel's own playlists and what is in them.

    channels.py    one channel after the other: the way in
    uploads.py     its videos: pages and batches at the same time
    playlists.py   its own playlists
    listing.py     how far the pages have come, and which ids are still to be asked for; pure
    policy.py      what is due; the harvest and its plan share these rules
    plan.py        what the next harvest would ask for, and what it would cost
    work.py        what all of these need
"""

from harvester.harvest.channels import harvest
from harvester.harvest.plan import Plan, PlanLine, plan
from harvester.harvest.policy import Policy
from harvester.harvest.work import Progress

__all__ = ["Plan", "PlanLine", "Policy", "Progress", "harvest", "plan"]
