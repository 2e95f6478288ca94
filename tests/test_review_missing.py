"""The other side: events and talks without a video."""

import datetime as dt
from typing import Any

import pytest

from harvester.records import (
    Availability,
    EventRecords,
    EventStatus,
    Gone,
    Link,
    Role,
)
from harvester.review import acts, missing
from harvester.review.acts import Say
from harvester.review.desk import Desk
from harvester.review.missing import MissingPage
from harvester.review.queue import NO_VALUE
from harvester.store import writes
from harvester.store.database import Database
from tests import build, linkings
from tests.linkings import linking, store

NOW = build.NOW
TODAY = NOW.date()


@pytest.fixture
def desk(database: Database, run_id: int) -> Desk:
    """The events e1 (talk t1) and e2 (t2), an undated e3 and one to come; v1 may be of e1."""
    linkings.fill(database, run_id)
    records = EventRecords(
        "zwk.yaml",
        events=(
            build.event("e1", start_on="2026-11-19", series="Barcamp"),
            build.event("e2", start_on="2026-10", end_on="2026-11-12"),
            build.event("e3"),
            build.event("soon", start_on="2026-11-30"),
        ),
        talks=(build.talk("t1", "e1"), build.talk("t1b", "e1"), build.talk("t2", "e2")),
    )
    with database.write() as session:
        writes.save_event_records(session, records, now=NOW)
    store(database, run_id, linking("v1"), linking("v2", weight=3.0))
    return Desk(database)


def page(desk: Desk, **given: Any) -> MissingPage:
    with desk.database.read() as session:
        return missing.without_video(session, desk, today=TODAY, **given)


def listed(found: MissingPage) -> list[tuple[str, bool, list[str]]]:
    return [
        (row.event.event_id, row.has_video, [each.talk.talk_id for each in row.talks])
        for row in found.rows
    ]


def match(desk: Desk, video_id: str, *links: Link, editor: str = "ana") -> None:
    said = Say(video_id=video_id, what="match", links=links, take=True)
    acts.say(desk.database, [said], editor=editor, now=NOW)


def test_what_lacks_a_video_is_listed_with_its_age_and_what_has_no_date_last(desk: Desk) -> None:
    found = page(desk)
    assert listed(found) == [("e1", False, ["t1", "t1b"]), ("e2", False, ["t2"]), ("e3", False, [])]
    assert [row.age_days for row in found.rows] == [3, 10, None]
    assert (found.total, found.events_without, found.talks_without) == (3, 3, 3)


def test_what_is_to_come_is_listed_apart(desk: Desk) -> None:
    assert listed(page(desk, status=missing.UPCOMING)) == [("soon", False, [])]
    assert dict(page(desk).statuses)["upcoming"] == 1


def test_the_near_miss_is_the_likeliest_video_that_waits(desk: Desk) -> None:
    first, second, _ = page(desk).rows
    assert first.near_miss is not None
    assert (first.near_miss.video_id, first.near_miss.probability) == ("v1", 0.97)
    assert first.talks[0].near_miss == first.near_miss
    assert first.talks[1].near_miss is None
    assert second.near_miss is not None
    said = Say(video_id="v1", what="reject", event_ids=("e1",))
    acts.say(desk.database, [said], editor="ana", now=NOW)
    near = page(desk).rows[0].near_miss
    assert near is not None
    assert near.video_id == "v2"


def test_a_talk_that_a_video_shows_is_not_missing_and_its_event_has_a_video(desk: Desk) -> None:
    page(desk)
    match(desk, "v1", Link(event_id="e1", talk_id="t1"))
    found = page(desk)
    assert listed(found)[0] == ("e1", True, ["t1b"])
    assert found.events_without == 2
    assert (found.rows[0].talks_missing, found.rows[0].talks_on_record) == (1, 2)


def test_a_full_recording_covers_all_talks_and_an_excerpt_none(desk: Desk) -> None:
    match(desk, "v1", Link(event_id="e1", role=Role.EXCERPT))
    assert listed(page(desk))[0] == ("e1", True, ["t1", "t1b"])
    match(desk, "v2", Link(event_id="e1"))
    assert [event_id for event_id, _, _ in listed(page(desk))] == ["e2", "e3"]
    acts.undo(desk.database, editor="ana", now=NOW)
    assert listed(page(desk))[0] == ("e1", True, ["t1", "t1b"])
    assert listed(page(Desk(desk.database))) == listed(page(desk))


def test_a_recording_that_is_gone_does_not_count(desk: Desk, run_id: int) -> None:
    match(desk, "v1", Link(event_id="e1"))
    gone = Gone(video_id="v1", availability=Availability.DELETED, evidence="…")
    with desk.database.write() as session:
        writes.save_gone(session, [gone], now=NOW, run_id=run_id)
    assert "e1" in [event_id for event_id, _, _ in listed(page(Desk(desk.database)))]


def test_not_recorded_takes_an_event_off_the_list_and_back(desk: Desk) -> None:
    page(desk)
    acts.set_status(
        desk.database, event_id="e1", status=EventStatus.NOT_RECORDED, editor="ana", now=NOW
    )
    assert [event_id for event_id, _, _ in listed(page(desk))] == ["e2", "e3"]
    [row] = page(desk, status=EventStatus.NOT_RECORDED).rows
    assert (row.event.event_id, row.status, row.talks_missing) == ("e1", "not_recorded", 2)
    acts.undo(desk.database, editor="ana", now=NOW)
    assert [event_id for event_id, _, _ in listed(page(desk))] == ["e1", "e2", "e3"]


def test_a_talk_alone_may_be_not_published(desk: Desk) -> None:
    acts.set_status(
        desk.database, talk_id="t1b", status=EventStatus.NOT_PUBLISHED, editor="ana", now=NOW
    )
    assert listed(page(desk))[0] == ("e1", False, ["t1"])
    assert listed(page(desk, status=EventStatus.NOT_PUBLISHED)) == [("e1", False, ["t1b"])]


def test_the_list_can_be_narrowed_to_a_series_and_paged(desk: Desk) -> None:
    assert page(desk).series == [(NO_VALUE, 2), ("Barcamp", 1)]
    assert [row.event.event_id for row in page(desk, series="Barcamp").rows] == ["e1"]
    assert [row.event.event_id for row in page(desk, series=NO_VALUE).rows] == ["e2", "e3"]
    last = page(desk, page=9, per_page=2)
    assert (last.page, last.pages, [r.event.event_id for r in last.rows]) == (2, 2, ["e3"])


def test_an_empty_database_lacks_nothing(database: Database) -> None:
    with database.read() as session:
        found = missing.without_video(session, Desk(database), today=dt.date(2026, 11, 22))
    assert (found.total, found.rows, found.page, found.pages) == (0, [], 1, 1)
