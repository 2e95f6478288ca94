"""Finding events and talks: by words, dates, ids and pasted addresses."""

from collections.abc import Sequence
from typing import Any

import pytest

from harvester.records import EventRecords, Link
from harvester.review import acts, search
from harvester.review.acts import Say
from harvester.review.desk import Desk
from harvester.review.search import Catalogue, Hit
from harvester.store import writes
from harvester.store.database import Database
from harvester.store.reads_queue import EventEntry, TalkEntry
from tests import build, linkings
from tests.linkings import MATCH, linking, store

NOW = build.NOW


def event(event_id: str, title: str, **given: Any) -> EventEntry:
    fields: dict[str, Any] = {
        "series": None,
        "aliases": [],
        "city": None,
        "start_on": None,
        "end_on": None,
        "url": None,
    }
    return EventEntry(event_id, title, **fields | given)


def talk(talk_id: str, event_id: str, title: str | None, **given: Any) -> TalkEntry:
    fields: dict[str, Any] = {"aliases": [], "speakers": [], "held_on": None, "kind": None}
    return TalkEntry(talk_id, event_id, title, **fields | given)


CATALOGUE = Catalogue(
    [
        event("barcamp-2022", "Barcamp „Zukunft im Dorf“", start_on="2022-05-06"),
        event(
            "barcamp-2023",
            "Barcamp Görlitz",
            start_on="2023-11-23",
            end_on="2023-11-25",
            url="https://www.example.org/termine/barcamp?utm=x",
        ),
        event("fachdiskurs", "Fachdiskurs Teilhabe", aliases=["Miteinander"], start_on="2021"),
        event("undated", "Werkstatttreffen", city="Köln"),
    ],
    [
        talk("t1", "barcamp-2023", "Pflege neu denken", speakers=["Ayşe Öztürk"]),
        talk("t2", "barcamp-2023", "Das Dorf von morgen", held_on="2023-11-24"),
        talk("t3", "fachdiskurs", None, speakers=["Peter Koch"]),
    ],
)


def found(typed: str, **given: Any) -> list[tuple[str, list[str]]]:
    return listed(CATALOGUE.find(typed, **given))


def listed(hits: Sequence[Hit]) -> list[tuple[str, list[str]]]:
    return [(hit.event.event_id, [each.talk_id for each in hit.talks]) for hit in hits]


def test_all_words_must_be_there_in_an_event_or_in_a_talk_with_its_event() -> None:
    assert found("barcamp dorf") == [("barcamp-2022", []), ("barcamp-2023", ["t2"])]
    assert found("barcamp oeztuerk") == [("barcamp-2023", ["t1"])]
    assert found("barcamp koch") == []


def test_words_are_folded_and_may_be_a_part_of_longer_ones() -> None:
    assert found("GOERLITZ") == [("barcamp-2023", [])]
    assert found("diskurs") == [("fachdiskurs", [])]
    assert found("Köl") == [("undated", [])]
    assert found("im") == [("barcamp-2022", [])]  # short words begin a word


def test_a_whole_word_comes_before_a_part_and_the_newest_first() -> None:
    catalogue = Catalogue(
        [
            event("a", "Fachdiskurs", start_on="2023"),
            event("b", "Diskurs", start_on="2020"),
            event("c", "Diskurs", start_on="2021"),
        ],
        [],
    )
    assert listed(catalogue.find("diskurs")) == [("c", []), ("b", []), ("a", [])]


@pytest.mark.parametrize("typed", ["2023-11", "23.11.2023", "24.11.2023", "2023", "November 2023"])
def test_a_date_finds_what_was_on_then(typed: str) -> None:
    assert [event_id for event_id, _ in found(typed)] == ["barcamp-2023"]


def test_an_event_of_which_only_the_year_is_known_is_on_all_its_days() -> None:
    assert found("5.5.2021") == [("fachdiskurs", [])]
    assert found("5.5.2020") == []


def test_an_id_or_the_pages_address_finds_the_event_itself() -> None:
    assert found("barcamp-2022") == [("barcamp-2022", [])]
    assert found("http://example.org/termine/barcamp/") == [("barcamp-2023", [])]


@pytest.mark.parametrize("typed", ["", "   ", "%", "„“", "x" * 5000])
def test_nothing_is_found_for_nothing(typed: str) -> None:
    assert found(typed) == []


def test_no_more_is_found_than_asked_for() -> None:
    assert found("barcamp", limit=1) == [("barcamp-2023", [])]


def test_a_videos_address_finds_the_event_it_shows_or_its_candidates(
    database: Database, run_id: int
) -> None:
    linkings.fill(database, run_id)
    store(database, run_id, linking("v1", MATCH), linking("v2"))
    desk = Desk(database)

    def of(typed: str) -> list[str]:
        with database.read() as session:
            hits = search.events(session, desk.catalogue(), typed)
        return [hit.event.event_id for hit in hits]

    assert of("https://www.youtube.com/watch?v=v1&t=30") == ["e1"]
    assert of("youtu.be/v2") == ["e1", "e2"]
    assert of("https://youtu.be/unknown") == []
    assert of("https://www.youtube.com/@somebody") == []
    said = Say(video_id="v2", what="match", links=(Link(event_id="e2"),))
    acts.say(database, [said], editor="ana", now=NOW)
    assert of("youtu.be/v2") == ["e2"]


def test_new_and_changed_records_are_found_at_once(database: Database, run_id: int) -> None:
    linkings.fill(database, run_id)
    desk = Desk(database)
    assert desk.catalogue().find("sommerfest") == []
    assert desk.catalogue() is desk.catalogue()
    acts.add_event(database, build.event("", title="Sommerfest"), editor="ana", now=NOW)
    [hit] = desk.catalogue().find("sommerfest")
    assert hit.event.title == "Sommerfest"
    acts.undo(database, editor="ana", now=NOW)
    assert desk.catalogue().find("sommerfest") == []
    with database.write() as session:
        renamed = EventRecords("zwk.yaml", events=(build.event("e1", title="Herbstfest"),))
        writes.save_event_records(session, renamed, now=NOW.replace(hour=20))
    assert listed(desk.catalogue().find("herbstfest")) == [("e1", [])]
    assert "e2" not in desk.catalogue().event_at
