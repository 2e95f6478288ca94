"""The cassettes: what is on them, what is not, and that a harvest can live on them."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from harvester.demo import CHANNEL
from harvester.errors import QuotaExhausted
from harvester.harvest import Policy, harvest
from harvester.store import reads, reads_people
from harvester.store.database import Database
from harvester.youtube.client import YouTube
from tests.standin import record
from tests.standin.server import API_KEY

FILES = sorted(record.CASSETTES.rglob("*.yaml"))


def replay(
    database: Database, run_id: int, story: str, *, workers: int = 4, hours: int = 0
) -> list[str]:
    """Harvest from a cassette, so many hours after it was begun; return the buckets asked."""
    asked: list[str] = []
    youtube = YouTube(
        api_key="not-a-key",
        endpoint=record.ENDPOINT,
        timeout_s=5,
        attempts=1,
        spend=lambda bucket, units: asked.append(bucket),
    )
    try:
        with record.player(record.CASSETTES).use_cassette(f"{story}.yaml") as cassette:
            harvest(
                [CHANNEL],
                youtube=youtube,
                database=database,
                run_id=run_id,
                now=record.NOW + dt.timedelta(hours=hours),
                policy=Policy(workers=workers),
            )
            assert cassette.all_played, "a recording that nobody asked for"
    finally:
        youtube.close()
    return asked


def test_every_story_has_its_cassette_and_its_line() -> None:
    readme = (record.CASSETTES / "README.md").read_text(encoding="utf-8")

    assert {path.stem for path in FILES if path.parent == record.CASSETTES} == set(record.STORIES)
    assert all(f"`{name}.yaml`" in readme for name in record.STORIES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_cassette_says_where_it_comes_from(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    if path.parent.name == "youtube":
        assert text.startswith(record.HEAD["youtube"])
    else:
        assert text.startswith(record.HEAD["stand-in"])
        assert set(re.findall(r"uri: \w+://([^/]+)", text)) == {"stand-in.invalid"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_key_is_on_a_cassette(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert API_KEY not in text
    assert not re.search(r"AIza[0-9A-Za-z_-]{30}|[?&]key=|x-goog-api-key", text, re.IGNORECASE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_invented_video_cannot_be_mistaken_for_a_real_one(path: Path) -> None:
    if path.parent.name == "youtube":
        pytest.skip("recorded from YouTube")
    tape: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    bodies = [each["response"]["body"]["string"] for each in tape["interactions"]]

    ids = {found for body in bodies for found in re.findall(r'"videoId": ?"([^"]+)"', body)}

    assert ids or path.stem == "quota_exhausted"
    assert all(video_id.startswith("demo-") and len(video_id) > 11 for video_id in ids)


def test_a_first_harvest_lives_on_its_cassette(database: Database, run_id: int) -> None:
    replay(database, run_id, "demo")

    with database.read() as session:
        [channel] = reads.channels(session)
        counts = reads_people.counts(session)
    assert channel.channel.handle == CHANNEL
    assert channel.listed_at == record.NOW
    assert counts.videos == len(record.demo_world().videos)


def test_a_harvest_that_finds_nothing_new_asks_for_one_page(
    database: Database, run_id: int
) -> None:
    replay(database, run_id, "demo")

    asked = replay(database, run_id, "nothing_new", hours=3)

    assert asked == ["main"]


def test_what_came_in_before_the_quota_ended_is_kept(database: Database, run_id: int) -> None:
    with pytest.raises(QuotaExhausted):
        replay(database, run_id, "quota_exhausted", workers=1)

    with database.read() as session:
        assert (
            reads_people.counts(session).videos == 48
        )  # and two placeholders that were still to be asked for again


def test_an_upload_between_two_pages_doubles_nothing_and_loses_nothing(
    database: Database, run_id: int
) -> None:
    replay(database, run_id, "upload_between_pages", workers=1)

    with database.read() as session:
        assert reads_people.counts(session).videos == len(record.demo_world().videos)
