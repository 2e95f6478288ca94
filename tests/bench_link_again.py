"""Measure what linking costs when little changed: `python -m tests.bench_link_again [FOLDER]`.

The videos of FOLDER (as CSV, with events and talks), and 100,000 invented ones
(--sizes): all linked for the first time; again, with nothing new; after ten new videos
of one channel; and after one event more, with its talks.  In a new SQLite file; prints
seconds, the linkings and decisions that were written, and all rows of the linking.
"""

import argparse
import datetime as dt
import logging
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import structlog
from sqlalchemy import text

from harvester import resources
from harvester.link import link
from harvester.linkage import Model, load
from harvester.records import Event, EventRecords, Talk, Video
from harvester.store import schema, writes
from harvester.store.database import Database
from tests import bench_linkage, build
from tests.invented import world
from tests.tables import LINKING, rows, watch, written

NEW = 10


class Bench:
    """A database in a scratch folder, and what is done to it."""

    def __init__(self, folder: str, model: Model) -> None:
        self.database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        self.database.upgrade()
        self.model, self.now = model, build.NOW
        with self.database.write() as session:
            self.run_id = writes.start_run(session, command="link", holder="bench", now=self.now)

    def save(self, videos: Sequence[Video], events: Sequence[Event], talks: Sequence[Talk]) -> None:
        """Store what came in; the events and talks are all that there are."""
        with self.database.write() as session:
            for channel_id in sorted({each.channel_id for each in videos}):
                channel = build.channel(channel_id=channel_id)
                writes.save_channel(session, channel, asked_for=channel_id, now=self.now)
            writes.save_videos(session, videos, now=self.now, run_id=self.run_id)
            records = EventRecords("bench", (*events,), (*talks,))
            writes.save_event_records(session, records, now=self.now)

    def link(self, what: str) -> None:
        """Link, and tell what it took and wrote."""
        self.now += dt.timedelta(hours=1)
        before, decided = written_rows(self.database), self.decisions()
        started, busy = time.perf_counter(), time.process_time()
        counts = link(database=self.database, model=self.model, run_id=self.run_id, now=self.now)
        seconds, busy = time.perf_counter() - started, time.process_time() - busy
        renewed = rows(self.database, schema.VideoLinking, "linked_at").count(self.now)
        wrote = written_rows(self.database) - before if before >= 0 else None
        print(
            f"  {what:18} {seconds:7.2f} s {busy:7.2f} s of its own processor"
            f" {renewed:8,} linkings {self.decisions() - decided:7,} decisions"
            f" {'' if wrote is None else f'{wrote:9,} rows'}  ({counts.matched:,} matched)",
            flush=True,
        )

    def decisions(self) -> int:
        return len(rows(self.database, schema.Decision, "decision_id"))


def written_rows(database: Database) -> int:
    """Return how many rows of the linking were written since watched; -1 if nobody watches."""
    with database.read() as session:
        found = session.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'written'"))
        if not found.all():
            return -1
    return sum(written(database).values())


def measure(
    videos: Sequence[Video], events: Sequence[Event], talks: Sequence[Talk], model: Model
) -> None:
    """Print a line for each linking of a world."""
    print(f"{len(videos):,} videos, {len(events):,} events, {len(talks):,} talks")
    ordered = sorted(videos, key=lambda each: (each.channel_id, str(each.published_at)))
    at = len(ordered) // 2
    old, new = ordered[:at] + ordered[at + NEW :], ordered[at : at + NEW]
    last = events[-1].event_id
    without = [each for each in talks if each.event_id != last]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, model)
        bench.save(old, events[:-1], without)
        bench.link("all, first")
        watch(bench.database, *LINKING)
        bench.link("nothing new")
        bench.save(new, events[:-1], without)
        bench.link(f"{NEW} new videos")
        bench.save([], events, talks)
        bench.link("one event more")
        bench.database.close()


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_link_again", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, nargs="?", default=bench_linkage.DEV)
    parser.add_argument("--sizes", default="100000", metavar="N,N")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    model = load((resources.config() / "linkage.toml").read_text("utf-8"))
    if given.folder.is_dir():
        videos, events, talks = bench_linkage.read(given.folder)
        measure(videos, events, talks, model)
    for size in (int(size) for size in given.sizes.split(",") if size):
        made = world(size)
        measure(made.videos, made.events, made.talks, model)


if __name__ == "__main__":
    main()
