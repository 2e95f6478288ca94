"""What people and monitoring ask of the database, on both engines."""

import datetime as dt

import pytest

from harvester.records import Availability, EventRecords, Gone, LiveState, Outcome, Video
from harvester.store import reads, writes
from harvester.store.database import Database
from harvester.store.writes import Saved
from tests import build, linkings
from tests.linkings import MATCH, edit, linking, store

NOW = build.NOW
DAY = dt.timedelta(days=1)


@pytest.fixture
def videos(database: Database, run_id: int) -> list[Video]:
    return linkings.fill(database, run_id)


def test_an_unknown_video_has_no_explanation(database: Database) -> None:
    with database.read() as session:
        assert reads.explanation(session, "odd") is None


@pytest.mark.usefixtures("videos")
def test_a_video_explains_itself_before_any_linking(database: Database) -> None:
    with database.read() as session:
        found = reads.explanation(session, "v1")

    assert found == reads.Explanation(
        video_id="v1",
        title="Video v1",
        published_at=build.video().published_at,
        duration_s=1800,
        availability=Availability.PUBLIC,
        live_state=LiveState.NONE,
        linking=None,
        decision=None,
    )


@pytest.mark.usefixtures("videos")
def test_an_explanation_names_events_and_talks_also_withdrawn_ones(
    database: Database, run_id: int
) -> None:
    store(database, run_id, linking("v1", MATCH))
    with database.write() as session:
        writes.save_event_records(session, EventRecords("zwk.yaml"), now=NOW)

    with database.read() as session:
        found = reads.explanation(session, "v1")
    assert found is not None
    assert found.events == {"e1": build.event("e1"), "e2": build.event("e2")}
    assert found.talks == {"t1": build.talk("t1", "e1")}


@pytest.mark.usefixtures("videos")
def test_an_explanation_tells_the_editors_word_beside_the_rules(
    database: Database, run_id: int
) -> None:
    store(database, run_id, linking("v1", MATCH))
    edit(database, "v1", "no_event")

    with database.read() as session:
        found = reads.explanation(session, "v1")
    assert found is not None
    assert found.decision == reads.Decision(
        verdict="no_event", decided_by="ana", decided_at=NOW, probability=None, links=()
    )
    assert found.linking is not None
    assert found.linking.outcome == Outcome.AUTO
    assert found.linking.links == ()


def finish(database: Database, outcome: str, at: dt.datetime) -> int:
    with database.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 1", now=at)
        writes.finish_run(
            session,
            run_id,
            outcome=outcome,
            exit_code=0 if outcome == "done" else 75,
            message=outcome,
            saved=Saved(),
            matched=None,
            to_review=None,
            now=at + dt.timedelta(minutes=1),
        )
    return run_id


def test_freshness_tells_the_last_run_and_the_last_good_one(database: Database) -> None:
    done = finish(database, "done", NOW)
    partial = finish(database, "partial", NOW + DAY)
    with database.write() as session:
        writes.start_run(session, command="run", holder="process 9 on host", now=NOW + 2 * DAY)
        writes.refuse_run(
            session, command="run", holder="process 10", now=NOW + 2 * DAY, message="held"
        )

    with database.read() as session:
        fresh = reads.freshness(session)
    assert fresh.last_run is not None
    assert fresh.last_done is not None
    assert (fresh.last_run.run_id, fresh.last_run.outcome) == (partial, "partial")
    assert (fresh.last_done.run_id, fresh.last_done.finished_at) == (
        done,
        NOW + dt.timedelta(minutes=1),
    )
    assert fresh.running == "process 9 on host, `harvester run` since 2026-11-24 09:00 UTC"


def test_freshness_of_an_empty_database_is_nothing(database: Database) -> None:
    with database.read() as session:
        assert reads.freshness(session) == reads.Freshness(
            last_run=None, last_done=None, running=None, channels=()
        )


def test_the_age_of_a_channel_is_that_of_its_oldest_video_still_there(
    database: Database, run_id: int
) -> None:
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_channel(
            session, build.channel(channel_id="UCz-empty"), asked_for="@empty", now=NOW
        )
        for days, name in enumerate(["gone", "oldest", "newest"]):
            writes.save_videos(session, [build.video(name)], now=NOW + days * DAY, run_id=run_id)
        missing = Gone(video_id="gone", availability=Availability.DELETED, evidence="…")
        writes.save_gone(session, [missing], now=NOW + 5 * DAY, run_id=run_id)

    with database.read() as session:
        ages = reads.freshness(session).channels
    assert [(age.channel_id, age.videos, age.oldest_refresh_at) for age in ages] == [
        (build.CHANNEL_ID, 3, NOW + DAY),
        ("UCz-empty", 0, None),
    ]


@pytest.mark.usefixtures("videos")
def test_every_video_counts_in_one_place(database: Database, run_id: int) -> None:
    more = [
        build.video("v4", caption_flag=True),
        build.video("v5", caption_flag=None),
        build.video("gone"),
    ]
    with database.write() as session:
        writes.save_videos(session, more, now=NOW, run_id=run_id)
        missing = Gone(video_id="gone", availability=Availability.DELETED, evidence="…")
        writes.save_gone(session, [missing], now=NOW, run_id=run_id)
    store(
        database,
        run_id,
        linking("v1", MATCH),
        linking("v2"),
        linking("v3", outcome=Outcome.NONE),
        linking("v4"),
        linking("gone", MATCH),
    )
    edit(database, "v4", "no_event")

    with database.read() as session:
        assert reads.counts(session) == reads.Counts(
            videos=6,
            matched=1,
            no_event=1,
            to_review=1,
            unmatched=2,
            gone=1,
            captioned=1,
            captions_unknown=1,
        )


@pytest.mark.usefixtures("videos")
def test_a_view_is_read_row_by_row_with_aware_instants(database: Database, run_id: int) -> None:
    with database.read() as session:
        found = list(reads.view(session, "videos", limit=2))

    assert [row["video_id"] for row in found] == ["v1", "v2"]
    assert found[0]["published_at"] == build.video().published_at
    assert tuple(found[0]) == reads.view_columns("videos")


def test_a_view_that_is_none_of_ours_is_refused(database: Database) -> None:
    with database.read() as session, pytest.raises(KeyError):
        list(reads.view(session, "sqlite_schema"))
