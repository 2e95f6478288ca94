"""A harvester for tests: the use case on the stand-in, with a ledger in the database."""

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from typing import Any

from sqlalchemy import text

from harvester.harvest import Policy, Progress, harvest
from harvester.store import reads, writes
from harvester.store.database import Database
from harvester.store.writes import Saved
from harvester.youtube import quota
from harvester.youtube.client import YouTube
from tests.build import CHANNEL_ID, NOW
from tests.standin.server import StandIn


def harvest_once(
    database: Database,
    *channels: str,
    address: str,
    api_key: str,
    now: dt.datetime,
    policy: Policy,
    saved: Saved | None = None,
    attempts: int = 4,
    timeout_s: float = 10.0,
    progress: Callable[[Progress], None] | None = None,
    spent: Callable[[int], None] = lambda units: None,
) -> Saved:
    """Harvest in a run of its own, with every try in the ledger."""
    with database.write() as session:
        run_id = writes.start_run(session, command="harvest", holder="a test", now=now)

    def spend(bucket: str, units: int) -> None:
        with database.write() as session:
            day = quota.pacific_day(now)
            writes.count_try(session, day=day, bucket=bucket, units=units, run_id=run_id)
        spent(units)

    youtube = YouTube(
        api_key=api_key,
        endpoint=address,
        timeout_s=timeout_s,
        attempts=attempts,
        spend=spend,
        backoff=False,
    )
    with closing(youtube):
        return harvest(
            channels,
            youtube=youtube,
            database=database,
            run_id=run_id,
            now=now,
            policy=policy,
            saved=saved,
            progress=progress,
        )


class Harvester:
    """Harvests the stand-in into a database, each time as a run of its own."""

    def __init__(self, standin: StandIn, database: Database) -> None:
        self.standin, self.database = standin, database
        self.saved = Saved()  # of the last run, also if an error ended it

    def __call__(
        self,
        *channels: str,
        days: float = 0,
        attempts: int = 4,
        timeout_s: float = 10.0,
        progress: Callable[[Progress], None] | None = None,
        **policy: Any,
    ) -> Saved:
        """Harvest the channels (or the usual one), so many days after the usual time."""
        now = NOW + dt.timedelta(days=days)
        self.standin.forget()
        self.standin.quota.set_time(now)
        self.saved = Saved()
        return harvest_once(
            self.database,
            *(channels or (CHANNEL_ID,)),
            address=self.standin.address,
            api_key=self.standin.api_key,
            now=now,
            policy=Policy(**{"workers": 4} | policy),
            saved=self.saved,
            attempts=attempts,
            timeout_s=timeout_s,
            progress=progress,
        )

    # --- what was asked

    @property
    def units(self) -> int:
        """Calls of the last run; each costs one unit."""
        return self.standin.count()

    @property
    def asked(self) -> list[str]:
        """The ids that videos.list was asked for in the last run, as often as it was."""
        calls = self.standin.calls("videos.list")
        return [video_id for call in calls for video_id in call.param("id").split(",")]

    # --- what is stored

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.database.read() as session:
            return [tuple(row) for row in session.execute(text(query))]

    @property
    def availability(self) -> dict[str, str]:
        return dict(self.rows("SELECT video_id, availability FROM video"))

    @property
    def changes(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "SELECT video_id, field, old_value, new_value FROM changes ORDER BY changed_at, field"
        )

    @property
    def state(self) -> reads.ChannelState:
        with self.database.read() as session:
            return reads.channel_state_by_id(session, CHANNEL_ID)
