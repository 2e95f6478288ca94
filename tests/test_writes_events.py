"""Event records in, and out of use again, on both engines."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from harvester import records
from harvester.records import EventRecords
from harvester.store import reads, schema, writes
from harvester.store.database import Database
from harvester.store.writes import Loaded
from tests import build
from tests.tables import rows, watch, written

NOW = build.NOW
LATER = NOW + dt.timedelta(days=1)
LATER_STILL = NOW + dt.timedelta(days=2)

EVENT = build.event(
    series="Zukunftswerkstatt",
    aliases=("Motto", "Zweiter „Titel“"),
    kind="conference",
    city="Köln",
    country="Deutschland",
    start_on="2023-11",
    end_on="2023-11-30",
    url="https://example.org/",
)
TALK = build.talk(
    title=None,
    aliases=("Angekündigt",),
    speakers=("Dr. Ümit Ö.", "B"),
    held_on="2023-11-29",
    kind="keynote",
)


def load(
    database: Database,
    *,
    events: Iterable[records.Event] = (),
    talks: Iterable[records.Talk] = (),
    source: str = "zwk.yaml",
    now: dt.datetime = NOW,
) -> Loaded:
    with database.write() as session:
        return writes.save_event_records(
            session, EventRecords(source, tuple(events), tuple(talks)), now=now
        )


def test_event_records_come_back_as_they_were_given(database: Database) -> None:
    assert load(database, events=[EVENT], talks=[TALK]) == Loaded(new=2)

    with database.read() as session:
        assert reads.events(session) == [EVENT]
        assert reads.talks(session) == [TALK]


def test_loading_again_changes_nothing(database: Database) -> None:
    load(database, events=[EVENT], talks=[TALK])
    watch(database, "event", "talk")

    assert load(database, events=[EVENT], talks=[TALK], now=LATER) == Loaded(same=2)
    assert written(database) == {}


def test_a_record_that_changed_at_its_source_is_updated(database: Database) -> None:
    load(database, events=[EVENT], talks=[TALK])

    loaded = load(database, events=[replace(EVENT, aliases=())], talks=[TALK], now=LATER)

    assert loaded == Loaded(changed=1, same=1)
    assert rows(database, schema.Event, "aliases", "first_seen_at", "changed_at") == [
        ([], NOW, LATER)
    ]


def test_a_record_that_disappeared_is_withdrawn_and_may_return(database: Database) -> None:
    load(database, events=[EVENT], talks=[TALK])

    assert load(database, events=[EVENT], now=LATER) == Loaded(same=1, withdrawn=1)
    assert rows(database, schema.Talk, "withdrawn_at") == [LATER]
    with database.read() as session:
        assert reads.talks(session) == []

    assert load(database, events=[EVENT], now=LATER_STILL) == Loaded(same=1)
    assert load(database, events=[EVENT], talks=[TALK]) == Loaded(same=1, back=1)
    assert rows(database, schema.Talk, "withdrawn_at") == [None]


def test_an_event_that_disappeared_takes_its_talks_out_of_use(database: Database) -> None:
    load(database, events=[EVENT], source="events.csv")
    load(database, talks=[TALK], source="talks.csv")

    load(database, source="events.csv")

    with database.read() as session:
        assert reads.events(session) == []
        assert reads.talks(session) == []
        assert reads.event_ids(session) == {EVENT.event_id}


def test_a_source_does_not_withdraw_what_another_holds(database: Database) -> None:
    load(database, events=[EVENT], source="a.csv")

    assert load(database, events=[EVENT], source="b.csv") == Loaded(same=1)
    assert load(database, source="a.csv") == Loaded()
    assert load(database, source="b.csv") == Loaded(withdrawn=1)
