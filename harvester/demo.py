"""Use case: the main job on recorded answers, for a newcomer without a key.

Replays cassettes/demo.yaml, which was recorded from our own stand-in, into a new
database in the current directory, with the real ZWK events.  No network.
"""

from collections.abc import Callable
from pathlib import Path

import vcr

from harvester import resources
from harvester.errors import CannotWrite
from harvester.harvest import Progress
from harvester.linkage import Model
from harvester.run import Clock, Spend, Tally, run
from harvester.settings import Settings
from harvester.store.database import Database
from harvester.youtube.client import YouTube

CHANNEL = "@zwk-demo-invented"
DATABASE = "zwk-demo.db"
CASSETTE = "demo.yaml"
MATCH_ON = ["method", "path", "query"]


def demo(
    database: Database,
    *,
    settings: Settings,
    model: Model,
    clock: Clock,
    holder: str,
    progress: Callable[[Progress], None] | None = None,
) -> Tally:
    """Harvest, load and link the demo channel; return what came of it."""

    def youtube(spend: Spend) -> YouTube:
        return YouTube(
            api_key="no-key-needed",
            endpoint=settings.youtube.api_endpoint,
            timeout_s=settings.youtube.timeout_s,
            attempts=1,
            spend=spend,
        )

    # any request that is not on the cassette raises: the demo never reaches the network
    replay = vcr.VCR(
        cassette_library_dir=str(resources.cassettes()),
        record_mode=vcr.mode.NONE,
        match_on=MATCH_ON,
    )
    with replay.use_cassette(CASSETTE):
        return run(
            command="demo",
            settings=settings,
            database=database,
            youtube=youtube,
            model=model,
            clock=clock,
            holder=holder,
            progress=progress,
        )


def begin_anew() -> str:
    """Remove what an earlier demo left in the current directory; return the new database's URL."""
    for leftover in Path().glob(f"{DATABASE}*"):
        try:
            leftover.unlink()
        except OSError as error:
            raise CannotWrite(f"{leftover}: {error.strerror}") from None
    return f"sqlite:///{DATABASE}"
