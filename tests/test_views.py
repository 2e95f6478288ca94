"""The views: what an analyst gets, the same on both engines."""

import datetime as dt
from contextlib import closing
from typing import Any

import pytest

from harvester.records import Availability, EventRecords, Gone, Link, LiveState, Role
from harvester.review.acts import Say, say
from harvester.store import reads, views, writes
from harvester.store.database import Database
from tests import build
from tests.linkings import edit, linking, store

NOW = build.NOW

EVENTS = (
    build.event("e1", title="Erste", series="Werkstatt", start_on="2023-11", city="Köln"),
    build.event("e2", title="Zweite", series="Werkstatt", start_on="2024", url="https://e.example"),
    build.event("e3", title="Dritte"),
)
TALKS = (
    build.talk("t1", "e1", speakers=("Ümit Ö.", 'B "Bo" C.')),
    build.talk("t2", "e1", held_on="2023-11-30", kind="keynote"),
    build.talk("t3", "e2", title=None, speakers=("Ada",)),
)


def at(year: int) -> dt.datetime:
    return dt.datetime(year, 12, 31, 23, 59, 59, tzinfo=dt.UTC)


VIDEOS = (
    build.video("full", published_at=at(2023), duration_s=7200, caption_flag=True),
    build.video("talk", published_at=at(2023), duration_s=1800, caption_flag=False),
    build.video("near", published_at=at(2024), duration_s=600, caption_flag=None),
    build.video("live", published_at=at(2024), duration_s=None, live_state=LiveState.LIVE),
    build.video("new", published_at=None, duration_s=60, caption_flag=True),
    build.video("gone", published_at=at(2023), duration_s=100, caption_flag=True),
    build.video("image-film", published_at=at(2024), duration_s=90),
)


def fill(database: Database) -> int:
    """Store the videos and the event records; nothing is linked yet.  Returns the run."""
    with database.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 1", now=NOW)
        writes.count_try(session, day="2026-11-22", bucket="main", units=3, run_id=run_id)
        writes.count_try(session, day="2026-11-22", bucket="search", units=4, run_id=run_id)
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_videos(session, VIDEOS, now=NOW, run_id=run_id)
        deleted = Gone(video_id="gone", availability=Availability.DELETED, evidence="playlist")
        writes.save_gone(session, [deleted], now=NOW, run_id=run_id)
        writes.save_event_records(session, EventRecords("zwk.yaml", EVENTS, TALKS), now=NOW)
    return run_id


def rows(database: Database, view: str, *columns: str) -> list[Any]:
    with database.read() as session:
        found = [tuple(row[name] for name in columns) for row in reads.view(session, view)]
    return [row[0] for row in found] if len(columns) == 1 else found


def test_both_engines_give_the_same_rows(sqlite_url: str, postgresql_url: str) -> None:
    found = []
    for url in (sqlite_url, postgresql_url):
        with closing(Database(url)) as database:
            run_id = fill(database)
            store(
                database,
                run_id,
                linking("talk", Link(event_id="e1", talk_id="t1", role=Role.EXCERPT, end_s=60)),
                linking("near"),
                linking("live"),
            )
            part = Link(event_id="e1", role=Role.PART)
            edit(database, "full", "match", part, Link(event_id="e2", talk_id="t3"))
            edit(database, "image-film", "no_event")
            near = Say(video_id="near", what="reject", event_ids=("e2",))
            say(database, [near], editor="ana", now=NOW)
            live = Say(video_id="live", what="match", links=(part,))
            say(database, [live], editor="ana", now=NOW)
            with database.write() as session:
                again = build.video("live", title="Anders", duration_s=5, published_at=at(2024))
                writes.save_videos(session, [again], now=NOW, run_id=run_id)
            with database.read() as session:
                found.append({name: list(reads.view(session, name)) for name in reads.VIEWS})

    sqlite, postgresql = found
    assert all(sqlite.values()), "a view without a row compares nothing"
    for name in reads.VIEWS:
        for ours, theirs in zip(sqlite[name], postgresql[name], strict=True):
            assert ours == theirs, name
    kinds = [
        {
            name: [[type(value) for value in row.values()] for row in rows]
            for name, rows in each.items()
        }
        for each in found
    ]
    assert kinds[0] == kinds[1]


# --- videos -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"caption_flag": True}, "flag_only_yes"),
        ({"caption_flag": False}, "flag_only_no"),
        ({"caption_flag": None}, "unknown"),
        ({"caption_flag": False, "live_state": LiveState.LIVE}, "live_pending"),
        ({"caption_flag": False, "live_state": LiveState.UPCOMING}, "live_pending"),
        ({"caption_flag": True, "live_state": LiveState.ENDED}, "flag_only_yes"),
    ],
)
def test_the_state_of_captions(
    database: Database, run_id: int, given: dict[str, Any], state: str
) -> None:
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_videos(session, [build.video(**given)], now=NOW, run_id=run_id)

    assert rows(database, "videos", "caption_state") == [state]


def test_videos_are_the_newest_first_and_have_their_page(database: Database) -> None:
    fill(database)

    found = rows(database, "videos", "video_id", "url", "missing_since")
    assert found[0] == ("image-film", "https://www.youtube.com/watch?v=image-film", None)
    assert [video_id for video_id, *_ in found] == [
        "image-film",
        "live",
        "near",
        "full",
        "gone",
        "talk",
        "new",
    ]


# --- recordings and what waits ------------------------------------------------


def test_a_video_of_two_talks_has_two_recordings(database: Database) -> None:
    fill(database)
    edit(
        database,
        "full",
        "match",
        Link(event_id="e1", talk_id="t1"),
        Link(event_id="e1", talk_id="t2", role=Role.PART),
    )

    columns = ("video_id", "event_title", "event_start_on", "talk_id", "role", "decided_by")
    assert rows(database, "recordings", *columns) == [
        ("full", "Erste", "2023-11", "t1", "full", "ana"),
        ("full", "Erste", "2023-11", "t2", "part", "ana"),
    ]


def test_what_is_decided_no_event_is_neither_a_recording_nor_unmatched(database: Database) -> None:
    fill(database)
    edit(database, "image-film", "no_event")

    assert rows(database, "recordings", "video_id") == []
    assert "image-film" not in rows(database, "unmatched_videos", "video_id")


def test_unmatched_videos_wait_with_a_reason_and_the_best_candidate(database: Database) -> None:
    run_id = fill(database)
    store(
        database,
        run_id,
        linking("full", Link(event_id="e1")),
        linking("talk", Link(event_id="e1", talk_id="t1")),
        linking("near"),
    )
    edit(database, "talk", "open")  # the editor takes back what the rule decided

    columns = ("video_id", "reason", "outcome", "best_event_id", "best_talk_id", "best_probability")
    assert rows(database, "unmatched_videos", *columns) == [
        ("image-film", "not_linked_yet", None, None, None, None),
        ("live", "not_linked_yet", None, None, None, None),
        ("near", "tie", "review", "e1", "t1", 0.97),
        ("talk", "proposed", None, "e1", "t1", 0.97),
        ("new", "not_linked_yet", None, None, None, None),
    ]


def test_an_explanation_has_the_terms_in_their_order(database: Database) -> None:
    run_id = fill(database)
    store(database, run_id, linking("near"))

    assert rows(database, "match_explanation", "rank", "term", "weight") == [
        (1, "title", 4.0),
        (1, "prior", 1.0),
        (2, "title", 1.5),
        (2, "prior", 1.0),
    ]


# --- what has no recording ----------------------------------------------------


def without_video(database: Database) -> tuple[list[str], list[str]]:
    return (
        rows(database, "events_without_video", "event_id"),
        rows(database, "talks_without_video", "talk_id"),
    )


@pytest.mark.parametrize(
    ("links", "events", "talks"),
    [
        ((), ["e2", "e1", "e3"], ["t3", "t2", "t1"]),
        # a talk is of its event; the other talk is still missing
        ((Link(event_id="e1", talk_id="t1"),), ["e2", "e3"], ["t3", "t2"]),
        ((Link(event_id="e1", talk_id="t1", role=Role.EXCERPT),), ["e2", "e3"], ["t3", "t2"]),
        # the whole event shows all its talks, a part of it may show any or none
        ((Link(event_id="e1"),), ["e2", "e3"], ["t3"]),
        ((Link(event_id="e1", role=Role.PART),), ["e2", "e3"], ["t3", "t2", "t1"]),
        ((Link(event_id="e1", role=Role.EXCERPT),), ["e2", "e3"], ["t3", "t2", "t1"]),
    ],
)
def test_what_has_no_recording(
    database: Database, links: tuple[Link, ...], events: list[str], talks: list[str]
) -> None:
    fill(database)
    if links:
        edit(database, "full", "match", *links)

    assert without_video(database) == (events, talks)


def test_a_recording_that_is_gone_counts_as_none(database: Database) -> None:
    fill(database)
    edit(database, "gone", "match", Link(event_id="e1"))

    assert without_video(database) == (["e2", "e1", "e3"], ["t3", "t2", "t1"])
    assert rows(database, "recordings", "video_id", "availability") == [("gone", "deleted")]


def test_withdrawn_records_are_not_missed(database: Database) -> None:
    fill(database)
    with database.write() as session:
        writes.save_event_records(session, EventRecords("zwk.yaml", EVENTS[1:], TALKS[:2]), now=NOW)

    assert without_video(database) == (["e2", "e3"], [])


def test_the_near_miss_is_the_best_candidate_that_waits(database: Database) -> None:
    run_id = fill(database)
    store(
        database,
        run_id,
        linking("near", weight=4.0),
        linking("live", weight=6.0),
        linking("talk", weight=9.0),
    )
    edit(database, "talk", "no_event")

    near = ("near_video_id", "near_video_title", "near_probability")
    assert rows(database, "events_without_video", "event_id", *near) == [
        ("e2", "live", "Video live", 0.485),
        ("e1", "live", "Video live", 0.97),
        ("e3", None, None, None),
    ]
    assert rows(database, "talks_without_video", "talk_id", *near) == [
        ("t3", None, None, None),
        ("t2", None, None, None),
        ("t1", "live", "Video live", 0.97),
    ]


def test_a_talk_without_video_names_speakers_and_a_part_of_its_event(database: Database) -> None:
    fill(database)
    edit(database, "full", "match", Link(event_id="e1", role=Role.PART))

    assert rows(database, "talks_without_video", "talk_id", "speakers", "event_video_id") == [
        ("t3", "Ada", None),
        ("t2", None, "full"),
        ("t1", 'Ümit Ö.; B "Bo" C.', "full"),
    ]


# --- captions, changes, runs --------------------------------------------------


def test_caption_coverage_of_events_series_and_years(database: Database) -> None:
    fill(database)
    edit(database, "full", "match", Link(event_id="e1", talk_id="t1"), Link(event_id="e1"))
    edit(database, "talk", "match", Link(event_id="e2"))
    edit(database, "live", "match", Link(event_id="e3"))
    edit(database, "gone", "match", Link(event_id="e3"))

    columns = ("scope", "key", "title", "videos", "captioned", "unknown")
    assert rows(database, "caption_coverage", *columns) == [
        ("event", "e1", "Erste", 1, 1, 0),  # once, though it shows two things
        ("event", "e2", "Zweite", 1, 0, 0),
        ("event", "e3", "Dritte", 1, 0, 1),  # live: nothing to be known yet; gone: not counted
        ("series", "Werkstatt", "Werkstatt", 2, 1, 0),
        ("year", "2023", "2023", 2, 1, 0),
        ("year", "2024", "2024", 3, 0, 2),
        ("year", "unknown", "unknown", 1, 1, 0),
    ]
    lengths = ("duration_s", "captioned_duration_s", "captioned_share", "captioned_duration_share")
    assert rows(database, "caption_coverage", "key", *lengths)[2:5] == [
        ("e3", 0, 0, 0.0, None),
        ("Werkstatt", 9000, 7200, 0.5, 0.8),
        ("2023", 9000, 7200, 0.5, 0.8),
    ]


def test_changes_come_with_their_evidence_newest_first(database: Database) -> None:
    run_id = fill(database)
    with database.write() as session:
        renamed = build.video("talk", title="Neu", published_at=at(2023))
        writes.save_videos(session, [renamed], now=NOW, run_id=run_id)

    columns = ("video_id", "field", "old_value", "new_value", "changed_at", "run_id", "evidence")
    assert rows(database, "changes", *columns) == [
        ("talk", "title", "Video talk", "Neu", NOW, run_id, None),
        ("gone", "availability", "public", "deleted", NOW, run_id, "playlist"),
    ]


def test_a_run_counts_the_units_of_all_buckets(database: Database) -> None:
    run_id = fill(database)
    with database.write() as session:
        other = writes.refuse_run(session, command="run", holder="x", now=NOW, message="held")

    assert rows(database, "runs", "run_id", "quota_units") == [(other, 0), (run_id, 7)]


# --- the files ----------------------------------------------------------------


def test_a_head_is_read_as_who_asks_and_what_each_column_means() -> None:
    view = views.View(
        "odd",
        "-- For nobody: it is\n-- a test.\n--\n-- one: the first: 1\n-- two: goes on\n"
        "--   in the next line\nWITH x AS (SELECT 1) -- two: not a head\n"
        "SELECT 1 AS one, 2 AS two\n",
    )

    assert view.about == "For nobody: it is a test."
    assert view.columns == {"one": "the first: 1", "two": "goes on in the next line"}
    assert view.select.startswith("WITH x AS")


def test_views_are_made_after_those_that_they_use() -> None:
    order = list(views.load())

    assert order.index("decisions_in_force") < order.index("recordings")
    assert order.index("recordings") < order.index("talks_without_video")
    assert sorted(order) == sorted(views.VIEWS)
