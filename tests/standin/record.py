"""Record the cassettes anew, over real HTTP with the real client.

    python -m tests.standin.record                     from the stand-in
    python -m tests.standin.record --youtube @handle   from YouTube itself; needs YOUTUBE_API_KEY

Each story is one file in cassettes/: what a harvest asks of a channel, and what
it is told.  From the stand-in the hosts are written as `stand-in.invalid` and the
file says at its top where it comes from, so that nothing invented passes for
real.  From YouTube only the stories are recorded that a real channel can tell;
they go to cassettes/youtube/, and the key goes nowhere: it travels in a header
that is not recorded.
"""

import argparse
import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vcr
import yaml

from harvester.demo import CHANNEL as DEMO_CHANNEL
from harvester.demo import MATCH_ON
from harvester.errors import HarvesterError
from harvester.harvest import Policy, harvest
from harvester.store import writes
from harvester.store.database import Database
from harvester.youtube.client import YouTube
from tests.standin.faults import Fault
from tests.standin.server import StandIn
from tests.standin.world import World

CASSETTES = Path(__file__).parents[2] / "cassettes"
DEMO_WORLD = Path(__file__).parent / "zwk_channel.yaml"
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
ENDPOINT = "https://youtube.googleapis.com/"
HEAD = {
    "stand-in": "# Recorded from tests/standin, our own stand-in of the YouTube Data API, not from"
    " YouTube.\n# Every video in it is invented. To record it again: make cassettes\n",
    "youtube": "# Recorded from the YouTube Data API.\n",
}


@dataclass(frozen=True)
class Story:
    """What happens on one cassette: `tell` prepares the stand-in and says what to harvest.

    `known` is true for stories about a channel that was harvested before.
    """

    prepare: Callable[[StandIn], object] = lambda standin: None
    known: bool = False
    real: bool = False  # can be told by a real channel


def _quota_used_up(standin: StandIn) -> None:
    standin.faults.add(Fault.QUOTA_EXCEEDED, method="videos.list", nth=2, times=100)


def _upload_between_pages(standin: StandIn) -> None:
    [channel] = standin.world.channels.values()
    standin.after(
        "playlistItems.list",
        lambda: channel.upload(
            "demo-zwk-late", title="Nachzügler", published_at=NOW - dt.timedelta(minutes=5)
        ),
    )


STORIES = {
    "demo": Story(real=True),
    "nothing_new": Story(known=True, real=True),
    "quota_exhausted": Story(prepare=_quota_used_up),
    "upload_between_pages": Story(prepare=_upload_between_pages),
}


def demo_world() -> World:
    """Return the invented channel of the demo."""
    return World.load(yaml.safe_load(DEMO_WORLD.read_text(encoding="utf-8")))


def player(folder: Path, *, record: bool = False, source: str = "stand-in") -> vcr.VCR:
    """Return what records a story, or plays it back without a network."""

    def anonymous(request: Any) -> Any:
        if source == "stand-in":
            request.uri = "http://stand-in.invalid/" + request.uri.split("/", 3)[3]
        return request

    def undated(response: Any) -> Any:
        response["headers"] = {
            name: value for name, value in response["headers"].items() if name.lower() != "date"
        }
        return response

    return vcr.VCR(
        cassette_library_dir=str(folder),
        record_mode=vcr.mode.ALL if record else vcr.mode.NONE,
        match_on=MATCH_ON,
        decode_compressed_response=True,
        filter_headers=["authorization", "x-goog-api-key", "x-goog-api-client", "user-agent"],
        filter_query_parameters=["key"],
        filter_post_data_parameters=["key"],
        before_record_request=anonymous if record else None,
        before_record_response=undated if record else None,
    )


@contextmanager
def new_database() -> Iterator[Database]:
    """Yield an empty SQLite database that goes with the story."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/story.db")
        database.upgrade()
        try:
            yield database
        finally:
            database.close()


def ask(database: Database, *, channel: str, endpoint: str, key: str, now: dt.datetime) -> None:
    """Harvest a channel, one request after the other so that a story has an order."""
    with database.write() as session:
        run_id = writes.start_run(session, command="harvest", holder="record", now=now)
    youtube = YouTube(
        api_key=key, endpoint=endpoint, timeout_s=30, attempts=1, spend=lambda bucket, units: None
    )
    try:
        harvest(
            [channel],
            youtube=youtube,
            database=database,
            run_id=run_id,
            now=now,
            policy=Policy(workers=1),
        )
    except HarvesterError as error:
        print(f"  ended with: {error}")
    finally:
        youtube.close()


def record(name: str, story: Story, *, channel: str, key: str | None) -> Path:
    """Record one story; from YouTube if there is a key, else from the stand-in."""
    source, folder = ("youtube", CASSETTES / "youtube") if key else ("stand-in", CASSETTES)
    path = folder / f"{name}.yaml"
    path.unlink(missing_ok=True)
    now = dt.datetime.now(dt.UTC) if key else NOW
    with new_database() as database, nullcontext() if key else StandIn(demo_world()) as standin:
        endpoint = standin.address if standin else ENDPOINT
        secret = key or (standin.api_key if standin else "")
        if story.known:
            ask(database, channel=channel, endpoint=endpoint, key=secret, now=now)
        if standin:
            story.prepare(standin)
        with player(folder, record=True, source=source).use_cassette(path.name):
            ask(
                database,
                channel=channel,
                endpoint=endpoint,
                key=secret,
                now=now + dt.timedelta(hours=3 if story.known else 0),
            )
    path.write_text(HEAD[source] + path.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def main() -> None:
    """Record what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.standin.record", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--youtube", metavar="CHANNEL", help="record from YouTube: id or handle")
    given = parser.parse_args()
    key = os.environ.get("YOUTUBE_API_KEY") if given.youtube else None
    if given.youtube and not key:
        parser.error("YOUTUBE_API_KEY is not set")
    for name, story in STORIES.items():
        if key and not story.real:
            continue
        path = record(name, story, channel=given.youtube or DEMO_CHANNEL, key=key)
        print(f"{path.relative_to(CASSETTES.parent)}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
