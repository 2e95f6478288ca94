"""What acts said, as it is told: of which video, event or talk, and what."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy.orm import Session

from harvester.records import (
    ActKind,
    EventRecords,
    EventStatus,
    Link,
    NoEventReason,
    Role,
)
from harvester.review import acts, sample
from harvester.review.acts import Say
from harvester.show_review import told
from harvester.store import reads_review, writes
from harvester.store.database import Database
from harvester.web.telling import tell
from harvester.web.words import words_of
from tests import build
from tests.linkings import linking, store

NOW = build.NOW
WHOLE = Link(event_id="e1")
FIRST = Link(event_id="e1", talk_id="t1")
SECOND = Link(event_id="e1", talk_id="t2")
THIRD = Link(event_id="e1", talk_id="t3")
FOURTH = Link(event_id="e1", talk_id="t4")


@pytest.fixture
def stored(database: Database, run_id: int) -> Database:
    """Videos, two events, four talks of the first; the rule linked `linked` to one of them."""
    videos = [build.video(v, title=f"Film {v}") for v in (*"abcdef", "linked")]
    events = (
        build.event("e1", title="Fachdiskurs", start_on="2023-11-23"),
        build.event("e2", title="Barcamp"),
    )
    titles = {"t1": "Wohnen", "t2": "Verkehr", "t3": "Energie", "t4": None}
    talks = [build.talk(talk_id, "e1", title=title) for talk_id, title in titles.items()]
    talks[3] = build.talk("t4", "e1", title=None, kind="panel", speakers=("Ada Beispiel",))
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_videos(session, videos, now=NOW, run_id=run_id)
        records = EventRecords("zwk.yaml", events, tuple(talks))
        writes.save_event_records(session, records, now=NOW)
    store(database, run_id, linking("a"), linking("linked", FIRST))
    return database


def say(database: Database, *said: Say, kind: ActKind = ActKind.DECIDE) -> None:
    acts.say(database, said, editor="Ana", now=NOW, kind=kind)


def match(video_id: str, *links: Link, take: bool = False) -> Say:
    return Say(video_id=video_id, what="match", links=links, take=take)


def newest(database: Database) -> reads_review.Act:
    with database.read() as session:
        return reads_review.acts(session, limit=1)[0]


def on_page(database: Database, language: str = "en") -> list[str]:
    """The newest act as the page tells it, a line each."""
    its = tell(newest(database), words_of("de" if language == "de" else "en"))
    lines = [f"{line.title} – {line.said}" for line in its.lines]
    return [*([its.summary] if its.summary else []), *lines, *([str(its.more)] * bool(its.more))]


def role(link: Link, role: Role) -> Link:
    return Link(event_id=link.event_id, talk_id=link.talk_id, role=role)


E1 = "“Fachdiskurs (2023-11-23)”"


@pytest.mark.parametrize(
    ("said", "english", "page", "german"),
    [
        (
            match("a", WHOLE),
            f"linked to {E1}",
            "linked to “Fachdiskurs” (23 Nov 2023)",
            "verknüpft mit „Fachdiskurs“ (23.11.2023)",
        ),
        (
            match("a", role(WHOLE, Role.EXCERPT)),
            f"linked to {E1} (an excerpt)",
            "an excerpt of “Fachdiskurs” (23 Nov 2023)",
            "ein Ausschnitt aus „Fachdiskurs“ (23.11.2023)",
        ),
        (
            match("a", role(FIRST, Role.DUPLICATE)),
            f"linked to “Wohnen” at {E1} (a further upload)",
            "a further upload of “Wohnen” at “Fachdiskurs” (23 Nov 2023)",
            "weitere Fassung von „Wohnen“ bei „Fachdiskurs“ (23.11.2023)",
        ),
        (
            match("a", SECOND, FOURTH),
            f"linked to “Verkehr” and “panel, Ada Beispiel” at {E1}",
            "linked to “Verkehr” and “panel, Ada Beispiel” at “Fachdiskurs” (23 Nov 2023)",
            "verknüpft mit „Verkehr“ und „Podium, Ada Beispiel“ bei „Fachdiskurs“ (23.11.2023)",
        ),
        (
            match("a", Link(event_id="e1", talk_id="t1", role=Role.PART), SECOND, THIRD, FOURTH),
            "linked to 4 talks and events",
            "linked to 4 talks at “Fachdiskurs” (23 Nov 2023)",
            "verknüpft mit 4 Vorträgen bei „Fachdiskurs“ (23.11.2023)",
        ),
        (
            Say(video_id="a", what="no_event", reason=NoEventReason.TRAILER),
            "no event (a trailer)",
            "no event (announcement or trailer)",
            "keine Veranstaltung (Ankündigung oder Trailer)",
        ),
        (
            Say(video_id="a", what="reject", event_ids=("e1", "e2")),
            f"not of {E1} and “Barcamp”",
            "not of “Fachdiskurs” (23 Nov 2023) and “Barcamp”",
            "gehört nicht zu „Fachdiskurs“ (23.11.2023) und „Barcamp“",
        ),
        (
            Say(video_id="a", what="later"),
            "put off",
            "put off until something changes",
            "zurückgestellt, bis sich etwas ändert",
        ),
    ],
)
def test_what_was_decided_of_a_video_is_told_and_taking_it_back_tells_the_same(
    stored: Database, said: Say, english: str, page: str, german: str
) -> None:
    say(stored, said)

    assert told(newest(stored)) == f"“Film a” – {english}"
    assert on_page(stored) == [f"Film a – {page}"]
    assert on_page(stored, "de") == [f"Film a – {german}"]

    acts.undo(stored, editor="Ana", now=NOW + dt.timedelta(hours=1))

    assert told(newest(stored)) == f"took back: “Film a” – {english}"
    assert on_page(stored) == [f"Film a – taken back: {page}"]
    assert on_page(stored, "de") == [f"Film a – zurückgenommen: {german}"]


def test_a_rejected_link_of_the_rule_is_told_once(stored: Database) -> None:
    say(stored, Say(video_id="linked", what="reject", event_ids=("e1",)))

    assert told(newest(stored)) == f"“Film linked” – not of {E1}"
    assert newest(stored).video_count == 1


def test_a_talk_that_was_taken_is_told_with_whom_it_was_taken_from(stored: Database) -> None:
    say(stored, match("a", FIRST, take=True))

    assert told(newest(stored)) == (
        f"“Film a” – linked to “Wohnen” at {E1}; “Film linked” – waiting again"
    )
    assert on_page(stored) == [
        "Film a – linked to “Wohnen” at “Fachdiskurs” (23 Nov 2023)",
        "Film linked – waits again",
    ]


def test_many_at_once_are_counted_and_the_first_are_named(stored: Database) -> None:
    linked = [match(each, WHOLE) for each in "abcd"]
    trailer = Say(video_id="e", what="no_event", reason=NoEventReason.TRAILER)
    say(stored, *linked, trailer, Say(video_id="f", what="later"), kind=ActKind.IMPORT)

    assert told(newest(stored)) == (
        "4 videos linked, 1 of no event and 1 put off: “Film a”, “Film b”, “Film c” and 3 more"
    )
    assert on_page(stored, "de")[:2] == [
        "4 Videos verknüpft, bei 1 Video keine Veranstaltung und 1 Video zurückgestellt",
        "Film a – verknüpft mit „Fachdiskurs“ (23.11.2023)",
    ]
    assert on_page(stored)[-1] == "3"


def test_a_judgement_of_the_sample_is_told(stored: Database) -> None:
    sample.judge(stored, "linked", "right", editor="Ana", now=NOW)

    assert told(newest(stored)) == "“Film linked” – the link by rule is right"
    assert on_page(stored, "de") == ["Film linked – die automatische Verknüpfung ist richtig"]


def test_a_status_is_told_of_the_event_or_the_talk(stored: Database) -> None:
    not_recorded, expected = EventStatus.NOT_RECORDED, EventStatus.EXPECTED
    acts.set_status(stored, event_id="e2", status=not_recorded, editor="Ana", now=NOW)
    assert told(newest(stored)) == "“Barcamp” – not recorded"

    acts.set_status(stored, talk_id="t1", status=expected, editor="Ana", now=NOW)
    assert told(newest(stored)) == f"“Wohnen” at {E1} – a recording is expected"
    assert on_page(stored, "de") == ["Wohnen – Aufzeichnung erwartet"]
    assert newest(stored).events == (("e1", "Fachdiskurs"),)


def test_a_new_event_is_told_with_the_video_that_it_was_made_from(stored: Database) -> None:
    made = build.event("", title="Ein Treffen", start_on="2024-05-14")
    acts.add_event(stored, made, video=match("b"), editor="Ana", now=NOW)

    assert told(newest(stored)) == (
        "“Film b” – linked to “Ein Treffen (2024-05-14)”, new on record"
    )
    assert on_page(stored) == ["Film b – linked to “Ein Treffen” (14 May 2024), new on record"]
    assert on_page(stored, "de") == [
        "Film b – verknüpft mit „Ein Treffen“ (14.05.2024), neu erfasst"
    ]

    acts.undo(stored, editor="Ana", now=NOW)
    assert told(newest(stored)).startswith("took back: “Film b” – linked to “Ein Treffen")

    later = NOW + dt.timedelta(hours=1)
    acts.add_event(stored, made, editor="Ana", now=later)
    assert told(newest(stored)) == "“Ein Treffen (2024-05-14)” – new on record"
    assert on_page(stored, "de") == ["Ein Treffen – neu erfasst"]


def test_who_asks_for_many_acts_asks_the_database_a_few_times(
    stored: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(20):
        say(stored, *(match(each, WHOLE, SECOND) for each in "a"))
    asked: list[object] = []
    execute = Session.execute

    def counted(self: Session, *args: Any, **given: Any) -> Any:
        asked.append(args)
        return execute(self, *args, **given)

    monkeypatch.setattr(Session, "execute", counted)
    with stored.read() as session:
        found = reads_review.acts(session, limit=20)

    assert len(found) == 20
    assert len(asked) < 12
