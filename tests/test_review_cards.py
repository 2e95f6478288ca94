"""Cards: what a page or terminal shows of one video."""

import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from harvester import linkage, resources, show_card
from harvester.linkage import Model
from harvester.records import (
    EventRecords,
    EventStatus,
    Link,
    Linking,
    NoEventReason,
    Outcome,
    Reason,
    Term,
    Video,
)
from harvester.review import acts, cards
from harvester.review.acts import Say
from harvester.review.cards import Card, Piece
from harvester.review.queue import Level
from harvester.store import writes
from harvester.store.database import Database
from tests import build, linkings
from tests.linkings import MATCH, linking, store

NOW = build.NOW
MODEL: Model = linkage.load((resources.config() / "linkage.toml").read_text("utf-8"))
CHAPTERS = """Unser Fachdiskurs im Herbst.
00:00 Begrüßung
00:35:00 Zukunft im Dorf – Hanna Koch
01:10:00 Pflege neu denken"""


@pytest.fixture
def filled(database: Database, run_id: int) -> Database:
    """The video v1, which may be of the „Fachdiskurs Zukunft“ (e1) or of e2; v2 and v3."""
    linkings.fill(database, run_id)
    records = EventRecords(
        "zwk.yaml",
        events=(build.event("e1", title="Fachdiskurs Zukunft"), build.event("e2")),
        talks=(
            build.talk("t1", "e1", title="Zukunft im Dorf", speakers=("Hanna Koch",)),
            build.talk("t1b", "e1", title="Pflege neu denken"),
            build.talk("t2", "e2"),
        ),
    )
    video = build.video(
        "v1", title="Diskurs: Zukunft im Dorf", description=CHAPTERS, duration_s=6000
    )
    with database.write() as session:
        writes.save_event_records(session, records, now=NOW)
        writes.save_videos(session, [video], now=NOW, run_id=run_id)
    store(database, run_id, linking("v1"))
    return database


def card(database: Database, video_id: str = "v1", model: Model = MODEL) -> Card:
    with database.read() as session:
        found = cards.card(session, video_id, model=model)
    assert found is not None
    return found


def say(database: Database, what: Any, video_id: str = "v1", **given: Any) -> None:
    acts.say(database, [Say(video_id=video_id, what=what, **given)], editor="ana", now=NOW)


def test_an_unknown_video_has_no_card(database: Database) -> None:
    with database.read() as session:
        assert cards.card(session, "odd", model=MODEL) is None


def test_a_card_shows_the_video_and_its_candidates_with_the_stored_terms(filled: Database) -> None:
    found = card(filled)
    assert found.url == "https://www.youtube.com/watch?v=v1"
    assert (found.caption_state, found.reason, found.level) == ("flag_only_no", "tie", "medium")
    first, second = found.candidates
    assert (first.event.title, second.event.event_id) == ("Fachdiskurs Zukunft", "e2")
    assert first.talk is not None
    assert first.talk.talk_id == "t1"
    assert [each.talk_id for each in first.talks] == ["t1", "t1b"]
    assert first.terms == (
        Term("title", 4.0, "„Zukunft“ in beiden"),
        Term("prior", 1.0, "one of 2"),
    )
    assert sum(term.weight for term in first.terms) == first.match_weight


def test_a_video_that_was_never_linked_has_a_card_without_candidates(filled: Database) -> None:
    found = card(filled, "v2")
    assert (found.candidates, found.best, found.near_miss) == ((), None, None)
    assert (found.reason, found.level, found.is_sure) == ("not_linked_yet", "none", False)
    assert found.title == (Piece("Video v2", is_marked=False),)


# --- marks ------------------------------------------------------------------------


def marked(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.is_marked]


def test_words_that_speak_for_the_best_candidate_are_marked(filled: Database) -> None:
    found = card(filled)
    assert marked(found.title) == ["Diskurs", "Zukunft", "Dorf"]
    assert marked(found.description) == ["Fachdiskurs", "Zukunft", "Dorf", "Hanna Koch"]


def test_the_pieces_are_the_text(filled: Database) -> None:
    found = card(filled)
    assert "".join(piece.text for piece in found.title) == found.video.title
    assert "".join(piece.text for piece in found.description) == found.video.description


@pytest.mark.parametrize(
    ("written", "words", "wanted"),
    [
        ("Über–Morgen", {"ueber"}, ["Über"]),
        ("Größe, GROESSE; Grosse", {"groesse"}, ["Größe", "GROESSE"]),
        ("Das Fachforum und der Forumstag", {"forum"}, ["Fachforum", "Forumstag"]),
        ("<b>Koch</b> & Koch", {"koch"}, ["Koch", "Koch"]),
        ("nichts", set(), []),
        ("", {"x"}, []),
    ],
)
def test_marking_folds_as_the_linkage_does(
    written: str, words: set[str], wanted: list[str]
) -> None:
    pieces = cards.pieces(written, words)
    assert marked(pieces) == wanted
    assert "".join(piece.text for piece in pieces) == written


# --- chapters ---------------------------------------------------------------------


def test_chapters_become_proposed_starts_of_talks(filled: Database) -> None:
    found = card(filled).chapters
    assert [(each.start_s, each.end_s, each.text, each.talk_id) for each in found] == [
        (0, 2100, "Begrüßung", None),
        (2100, 4200, "Zukunft im Dorf – Hanna Koch", "t1"),
        (4200, 6000, "Pflege neu denken", "t1b"),
    ]


def test_starts_are_proposed_for_any_event(filled: Database) -> None:
    with filled.read() as session:
        found = cards.starts_for(session, "v1", "e2", model=MODEL)
        assert [each.talk_id for each in found] == [None, None, None]
        assert cards.starts_for(session, "v1", "odd", model=MODEL) == ()


def test_a_chapter_behind_the_end_of_the_video_has_no_end() -> None:
    video: Video = replace(build.video(), description=CHAPTERS, duration_s=3000)
    *_, last = cards.proposed_starts(video, build.event(), [], MODEL)
    assert (last.start_s, last.end_s) == (4200, None)


# --- how sure ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "reason", "sure"),
    [
        (Outcome.AUTO, None, True),
        (Outcome.REVIEW, Reason.DOUBTFUL, True),  # 0.97, and the threshold is lower since
        (Outcome.REVIEW, Reason.TIE, False),
        (Outcome.REVIEW, Reason.CONTRADICTION, False),
        (Outcome.REVIEW, Reason.TAKEN, False),
        (Outcome.NONE, Reason.WEAK, False),
    ],
)
def test_enter_may_accept_only_what_the_rule_itself_would_link(
    filled: Database, run_id: int, outcome: Outcome, reason: Reason | None, sure: bool
) -> None:
    propose(filled, run_id, linking("v1", outcome=outcome, reason=reason))
    assert card(filled).is_sure is sure


def propose(database: Database, run_id: int, given: Linking) -> None:
    """Store a linking of a rule that only proposes."""
    with database.write() as session:
        writes.save_linkings(session, [given], model="m1", run_id=run_id, now=NOW, decide=False)


def test_enter_accepts_nothing_below_the_rules_threshold(filled: Database, run_id: int) -> None:
    store(filled, run_id, linking("v1", reason=Reason.DOUBTFUL))
    assert card(filled, model=replace(MODEL, accept=0.98)).is_sure is False


def test_a_capped_candidate_is_never_strong(filled: Database, run_id: int) -> None:
    given = linking("v1", reason=Reason.DOUBTFUL)
    capped = Term("cap", 0.0, "another year in the title: an editor has to look at it")
    first, second = given.candidates
    first = replace(first, terms=(*first.terms, capped))
    store(filled, run_id, replace(given, candidates=(first, second)))
    assert card(filled).candidates[0].level is Level.MEDIUM


# --- what was said ------------------------------------------------------------------


def test_after_a_no_the_next_candidate_is_the_first_and_the_other_is_kept(filled: Database) -> None:
    say(filled, "reject", event_ids=("e1",))
    found = card(filled)
    assert [each.event.event_id for each in found.candidates] == ["e2"]
    assert [each.event.event_id for each in found.rejected] == ["e1"]
    assert found.rejected[0].is_rejected
    assert found.is_sure is False


def test_the_near_miss_is_shown_where_nothing_is_likely(filled: Database) -> None:
    assert card(filled).near_miss is None
    say(filled, "reject", event_ids=("e1",))  # the other one has 0.485
    near = card(filled).near_miss
    assert near is not None
    assert near.event.event_id == "e1"


def test_an_event_that_was_not_recorded_is_no_candidate(filled: Database) -> None:
    acts.set_status(filled, event_id="e1", status=EventStatus.NOT_RECORDED, editor="ana", now=NOW)
    found = card(filled)
    assert [each.event.event_id for each in found.candidates] == ["e2"]
    assert found.rejected[0].status is EventStatus.NOT_RECORDED


def test_a_card_names_other_videos_that_show_the_event(filled: Database, run_id: int) -> None:
    store(filled, run_id, linking("v1"), linking("v2", MATCH))
    first, second = card(filled).candidates
    assert [(each.video_id, each.link.talk_id) for each in first.shown_by] == [("v2", "t1")]
    assert second.shown_by == ()


def test_a_card_tells_the_decision_its_history_and_a_new_version(filled: Database) -> None:
    before = card(filled)
    say(filled, "later")
    say(filled, "match", links=(Link(event_id="e1"),), note="laut Programm")
    found = card(filled)
    assert found.decision is not None
    assert (found.decision.verdict, found.decision.decided_by) == ("match", "ana")
    assert ("match", "laut Programm") in [(line.what, line.note) for line in found.history]
    assert found.version > before.version
    assert found.is_sure is False


def test_a_card_shows_what_changed_since_the_decision(filled: Database, run_id: int) -> None:
    say(filled, "no_event", reason=NoEventReason.TRAILER)
    with filled.write() as session:
        again = build.video("v1", title="Neuer Titel", duration_s=6000)
        writes.save_videos(session, [again], now=NOW, run_id=run_id)
    [difference] = card(filled).differences
    assert (difference.what, difference.was, difference.is_now) == (
        "title",
        "Diskurs: Zukunft im Dorf",
        "Neuer Titel",
    )


def test_neighbours_are_those_published_about_the_same_time(filled: Database, run_id: int) -> None:
    say(filled, "match", "v2", links=(Link(event_id="e2"),))
    found = {each.video_id: (each.verdict, each.event_title) for each in card(filled).neighbours}
    assert found == {"v2": ("match", "Veranstaltung e2"), "v3": (None, None)}


def test_a_terminal_names_only_neighbours_of_a_few_days(filled: Database, run_id: int) -> None:
    say(filled, "match", "v2", links=(Link(event_id="e2"),))
    found = card(filled)
    [linked] = [each for each in found.neighbours if each.video_id == "v2"]

    def printed(days: int) -> str:
        assert found.video.published_at is not None
        at = found.video.published_at + dt.timedelta(days=days)
        out = Console(file=io.StringIO(), width=80)
        there = (linked._replace(published_at=at),)
        show_card.card(out, replace(found, neighbours=there), chosen=0, head="1 of 1")
        return out.file.getvalue()  # type: ignore[attr-defined,no-any-return]

    assert "Published about the same time" in printed(-10)
    assert "Published about the same time" not in printed(11)
