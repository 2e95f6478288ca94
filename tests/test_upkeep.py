"""Whether the data are fresh: what monitoring is told."""

import datetime as dt
import json

import pytest

from harvester.store import writes, writes_videos
from harvester.store.database import Database
from harvester.store.writes_videos import Saved
from harvester.upkeep import Status, age, status
from tests import build

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def finished(
    database: Database, *, at: dt.datetime, command: str = "run", outcome: str = "done"
) -> int:
    """Enter a run that ended at that time."""
    with database.write() as session:
        run_id = writes.start_run(session, command=command, holder="a test", now=at - HOUR)
        writes.finish_run(
            session,
            run_id,
            outcome=outcome,
            exit_code=0 if outcome == "done" else 75,
            message="what became of it",
            saved=Saved(),
            matched=None,
            to_review=None,
            now=at,
        )
    return run_id


def asked(database: Database, *, now: dt.datetime = build.NOW) -> Status:
    return status(database, now=now, max_age=36 * HOUR, daily_quota=10_000)


def test_data_are_fresh_after_a_complete_harvest(database: Database) -> None:
    finished(database, at=build.NOW - HOUR)

    found = asked(database)

    assert found.fresh
    assert found.findings == ()


def test_data_are_stale_when_no_harvest_ever_came_to_its_end(database: Database) -> None:
    assert asked(database).findings == ("no harvest has come to its end yet",)


def test_data_are_stale_when_the_last_complete_harvest_is_too_old(database: Database) -> None:
    finished(database, at=build.NOW - 3 * DAY)
    finished(database, at=build.NOW - HOUR, outcome="partial")

    found = asked(database)

    assert not found.fresh
    assert found.findings == (
        "the last complete harvest ended 3 days ago; 36 hours are allowed",
        "the last run ended as partial: what became of it",
    )


def test_linking_alone_refreshes_nothing(database: Database) -> None:
    finished(database, at=build.NOW - 3 * DAY)
    finished(database, at=build.NOW - HOUR, command="link")

    assert not asked(database).fresh


def test_data_older_than_youtube_s_terms_allow_are_named_with_their_channel(
    database: Database,
) -> None:
    run_id = finished(database, at=build.NOW)
    with database.write() as session:
        writes.save_channel(
            session, build.channel(title="Stadtarchiv"), asked_for="@a", now=build.NOW
        )
        writes_videos.save_videos(session, [build.video()], now=build.NOW - 31 * DAY, run_id=run_id)

    [finding] = asked(database).findings

    assert finding.startswith("Stadtarchiv: some data were last refreshed 31 days ago")


def test_machines_get_the_same_as_people(database: Database) -> None:
    run_id = finished(database, at=build.NOW - HOUR)
    with database.write() as session:
        writes.count_try(session, day="2026-11-22", bucket="main", units=1, run_id=run_id)

    told = json.loads(json.dumps(asked(database).as_json()))

    assert told["fresh"] is True
    assert told["last_run"]["outcome"] == "done"
    assert told["last_complete_run_at"] == "2026-11-22T08:00:00Z"
    assert told["quota_used_today"] == {"main": 1}
    assert told["videos"]["all"] == 0


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (dt.timedelta(seconds=59), "less than a minute"),
        (dt.timedelta(minutes=1), "1 minute"),
        (dt.timedelta(minutes=59), "59 minutes"),
        (HOUR, "1 hour"),
        (47 * HOUR, "47 hours"),
        (2 * DAY, "2 days"),
    ],
)
def test_an_age_is_said_as_people_say_it(span: dt.timedelta, said: str) -> None:
    assert age(span) == said
