"""Kill harvests at random moments, run them to the end, and compare with one left alone.

    python -m tests.soak_kill [--kills 20] [--videos 1500] [--seed N]

By turns a first harvest, and a full refresh after much has changed.  Each is a
process of its own on a fresh copy of the database and is ended with SIGKILL at a
moment that lies anywhere in its work; the next run must leave the database as an
undisturbed one does: every table but the ledgers of runs and quota, every column but
the times of bookkeeping.  Prints "20/20" if all did.
"""

import argparse
import datetime as dt
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from harvester.harvest import Policy
from harvester.store.database import Database
from harvester.store.schema import Base
from tests.build import CHANNEL_ID, NOW
from tests.harvesting import harvest_once
from tests.standin.server import StandIn
from tests.standin.world import World

LEDGERS = {"run", "quota_use"}
BOOKKEEPING = {
    "first_seen_at",
    "asked_at",
    "refreshed_at",
    "missing_since",
    "listed_at",
    "playlists_at",
    "items_at",
    "changed_at",
    "withdrawn_at",
    "run_id",
    "change_id",
}
LATENCY_S = 0.01
LATER = NOW + dt.timedelta(days=2)


@dataclass(frozen=True)
class Story:
    """What a process is killed in the midst of."""

    name: str
    database: Path  # as it is before
    policy: Policy
    seconds: float  # that it takes if left alone
    contents: dict[str, list[Any]]  # as they are after that


def soak(*, kills: int, videos: int, seed: int, folder: Path, say: Callable[[str], None]) -> int:
    """Kill so many harvests; return how many left no trace."""
    chance = random.Random(seed)
    with StandIn(latency_s=LATENCY_S) as standin:
        stories = _stories(standin, videos, folder)
        good = 0
        for number in range(kills):
            story = stories[number % len(stories)]
            # anywhere in its work, and the kills spread evenly over it
            share = (number + chance.random()) / kills
            stored, differing = _kill_and_finish(standin, story, share, folder / "copy.db")
            good += not differing
            say(
                f"{number + 1:3}. {story.name}, killed after {share:4.0%} with {stored} videos"
                f" stored: {'differs in ' + ', '.join(differing) if differing else 'the same'}"
            )
    return good


def _stories(standin: StandIn, videos: int, folder: Path) -> list[Story]:
    world = standin.world
    _make(world, videos)
    empty, harvested = folder / "empty.db", folder / "harvested.db"
    with closing(_database(empty)) as database:
        database.upgrade()
    shutil.copy(empty, harvested)
    _harvest(standin, harvested, NOW, Policy())
    _change(world)
    return [
        _undisturbed(standin, "a first harvest", empty, Policy(), folder),
        _undisturbed(standin, "a full refresh", harvested, Policy(full=True), folder),
    ]


def _make(world: World, videos: int) -> None:
    channel = world.channel(id=CHANNEL_ID, title="Ein Kanal", handle="@test")
    made = channel.upload_many(videos)
    channel.premiere()
    for number in range(12):
        channel.playlist(f"Reihe {number}", [video.id for video in made[number::20]])
    for video in made[::100]:
        world.hide(video.id)
    world.placeholders = {video.id for video in made[::200]}


def _change(world: World) -> None:
    ids = list(world.videos)
    for number, video_id in enumerate(ids):
        if number % 11 == 0 and world.videos[video_id].privacy == "public":
            world.change(video_id, title=f"Neuer Titel {number}", caption=True)
        if number % 97 == 1:
            world.delete(video_id)
        if number % 200 == 100:
            world.restore(video_id)
    world.channels[CHANNEL_ID].upload_many(70)
    for playlist in world.playlists_of(CHANNEL_ID)[::2]:
        playlist.video_ids.append(ids[5])


def _undisturbed(
    standin: StandIn, name: str, database: Path, policy: Policy, folder: Path
) -> Story:
    copy = folder / f"undisturbed-{database.name}"
    shutil.copy(database, copy)
    with _begun(standin, copy, policy) as child:
        started = time.monotonic()
        if child.wait() != 0:
            raise RuntimeError(f"{name}: the undisturbed run failed")
        seconds = time.monotonic() - started
    return Story(name, database, policy, seconds, _contents(copy))


def _kill_and_finish(
    standin: StandIn, story: Story, share: float, copy: Path
) -> tuple[int, list[str]]:
    """Return how many videos were stored at the kill, and the tables that differ in the end."""
    for leftover in copy.parent.glob(f"{copy.name}*"):
        leftover.unlink()
    shutil.copy(story.database, copy)
    with _begun(standin, copy, story.policy) as child:
        time.sleep(share * story.seconds)
        child.kill()
    with closing(_database(copy)) as database, database.read() as session:
        stored = int(session.execute(text("SELECT count(*) FROM video")).scalar_one())
    _harvest(standin, copy, LATER + dt.timedelta(hours=1), story.policy)
    after = _contents(copy)
    return stored, [name for name in after if after[name] != story.contents[name]]


def _begun(standin: StandIn, file: Path, policy: Policy) -> subprocess.Popen[bytes]:
    """Return a process that harvests, from its first request on."""
    command = [sys.executable, "-m", "tests.soak_kill", "--child", str(file), standin.address]
    command += [standin.api_key, "full" if policy.full else "usual"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    return child


def _harvest(standin: StandIn, file: Path, now: dt.datetime, policy: Policy) -> None:
    with closing(_database(file)) as database:
        harvest_once(
            database,
            CHANNEL_ID,
            address=standin.address,
            api_key=standin.api_key,
            now=now,
            policy=policy,
        )


def _contents(file: Path) -> dict[str, list[Any]]:
    found = {}
    with closing(_database(file)) as database, database.read() as session:
        for table in Base.metadata.sorted_tables:
            columns = [each.name for each in table.columns if each.name not in BOOKKEEPING]
            if table.name not in LEDGERS:
                query = f"SELECT {', '.join(columns)} FROM {table.name}"
                found[table.name] = sorted(
                    (tuple(row) for row in session.execute(text(query))), key=repr
                )
    return found


def _database(file: Path) -> Database:
    return Database(f"sqlite:///{file}")


def _child(file: str, address: str, api_key: str, how: str) -> None:
    begun: list[int] = []

    def say(units: int) -> None:
        if not begun:
            begun.append(units)
            print("begun", flush=True)

    with closing(_database(Path(file))) as database:
        harvest_once(
            database,
            CHANNEL_ID,
            address=address,
            api_key=api_key,
            now=LATER,
            policy=Policy(full=how == "full"),
            spent=say,
        )


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak_kill", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--videos", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        _child(*given.child)
        return
    print(f"seed {given.seed}, {given.kills} kills, {given.videos} videos")
    with tempfile.TemporaryDirectory() as folder:
        good = soak(
            kills=given.kills,
            videos=given.videos,
            seed=given.seed,
            folder=Path(folder),
            say=print,
        )
    print(f"{good}/{given.kills}")
    sys.exit(good != given.kills)


if __name__ == "__main__":
    main()
