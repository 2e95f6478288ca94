"""What the parts of a harvest share."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from harvester.harvest.policy import Policy
from harvester.store.database import Database
from harvester.store.writes import Saved
from harvester.youtube.client import YouTube


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a harvest has come, for a person who waits."""

    channel: str
    listed: int  # uploads, in this run
    total: int | None  # uploads, as YouTube counts them
    asked: int  # videos of this channel
    saved: Saved  # of all channels so far

    def __str__(self) -> str:
        total = f" of {self.total:,}" if self.total is not None else ""
        return (
            f"{self.channel}: {self.listed:,}{total} listed, {self.asked:,} asked for;"
            f" {self.saved.new:,} new, {self.saved.changed:,} changed"
        )


@dataclass(frozen=True, slots=True)
class Work:
    """One harvest: what it works with, and what it has done so far.

    `pool` asks YouTube, and only the thread that made it writes.  `now` is the time of all that
    is written.
    """

    youtube: YouTube
    database: Database
    pool: ThreadPoolExecutor
    run_id: int
    now: dt.datetime
    policy: Policy
    saved: Saved
    progress: Callable[[Progress], None] | None

    def report(self, channel: str, *, listed: int, total: int | None, asked: int) -> None:
        """Tell how far the harvest has come."""
        if self.progress:
            self.progress(Progress(channel, listed, total, asked, replace(self.saved)))
