"""Fixtures of the store: `database`, on both engines."""
