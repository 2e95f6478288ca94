"""What an editor says is kept, checked against what others said, and can be taken back."""

import datetime as dt
import threading
from contextlib import closing

import pytest

from harvester.errors import BadInput
from harvester.records import (
    ActKind,
    Event,
    EventRecords,
    EventStatus,
    Link,
    Mark,
    NoEventReason,
    Role,
)
from harvester.review import acts, saying
from harvester.review.acts import Clash, Say
from harvester.store import reads, reads_linking, reads_review, writes
from harvester.store.database import Database
from tests import build
from tests.linkings import linking, store

NOW = build.NOW
LATER = NOW + dt.timedelta(hours=1)
WHOLE = Link(event_id="e1")
FIRST = Link(event_id="e1", talk_id="t1")
SECOND = Link(event_id="e1", talk_id="t2")


@pytest.fixture
def stored(database: Database, run_id: int) -> Database:
    """Four videos, two events, two talks of the first; the rule linked `linked`."""
    videos = [build.video(v, title=f"Film {v}") for v in ("a", "b", "c", "linked")]
    events = (build.event("e1", title="Erste"), build.event("e2", title="Zweite"))
    talks = (build.talk("t1", "e1"), build.talk("t2", "e1"))
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_videos(session, videos, now=NOW, run_id=run_id)
        writes.save_event_records(session, EventRecords("zwk.yaml", events, talks), now=NOW)
    store(database, run_id, linking("a"), linking("b"), linking("linked", FIRST))
    return database


def say(database: Database, *said: Say, editor: str = "Ana", kind: ActKind = ActKind.DECIDE):  # type: ignore[no-untyped-def]
    return acts.say(database, said, editor=editor, now=NOW, kind=kind)


def match(video_id: str, *links: Link, **more: object) -> Say:
    return Say(video_id=video_id, what="match", links=links or (WHOLE,), **more)  # type: ignore[arg-type]


def in_force(database: Database) -> dict[str, tuple[str, str, tuple[Link, ...]]]:
    with database.read() as session:
        found = reads_review.standing(session, ["a", "b", "c", "linked"])
    return {
        each.video_id: (each.verdict, each.decided_by or "", each.links)
        for each in found.values()
        if each.verdict
    }


def marks(database: Database, video_id: str) -> list[tuple[Mark, str | None]]:
    with database.read() as session:
        return sorted(reads_review.marks_of(session, [video_id])[video_id])


def version(database: Database, video_id: str) -> int:
    with database.read() as session:
        return reads_review.version(session, video_id)


BY_RULE = ("match", "rule:m1", (FIRST,))


def test_what_an_editor_decides_is_in_force_at_once(stored: Database) -> None:
    say(stored, match("a"))
    say(
        stored,
        Say(video_id="b", what="no_event", reason=NoEventReason.TRAILER, note=" ein Trailer "),
    )

    assert in_force(stored) == {
        "a": ("match", "Ana", (WHOLE,)),
        "b": ("no_event", "Ana", ()),
        "linked": BY_RULE,
    }
    with stored.read() as session:
        line = reads_review.history(session, "b")[0]
    assert (line.by, line.reason, line.note) == ("Ana", "trailer", "ein Trailer")


def test_several_talks_of_one_video_keep_their_stretches(stored: Database) -> None:
    links = (
        Link(event_id="e1", talk_id="t2", start_s=0, end_s=300, role=Role.PART),
        Link(event_id="e1", talk_id="t1", start_s=300, end_s=600, role=Role.PART),
    )

    say(stored, match("a", *links))

    assert in_force(stored)["a"][2] == links


def test_a_rejected_pair_is_marked_and_no_decision(stored: Database) -> None:
    say(stored, Say(video_id="a", what="reject", event_ids=("e1",)))

    assert "a" not in in_force(stored)
    with stored.read() as session:
        assert reads_linking.rejected_pairs(session) == {("a", "e1")}


def test_to_reject_what_a_rule_linked_opens_the_video_again(stored: Database) -> None:
    say(stored, Say(video_id="linked", what="reject", event_ids=("e1",)))

    assert "linked" not in in_force(stored)
    with stored.read() as session:
        waiting = {row["video_id"]: row for row in reads.view(session, "unmatched_videos")}
    assert waiting["linked"]["best_event_id"] == "e2", "the next best has its chance"


def test_to_choose_a_rejected_event_after_all_takes_the_rejection_back(stored: Database) -> None:
    say(stored, Say(video_id="a", what="reject", event_ids=("e1", "e2")))
    say(stored, match("a"))

    assert marks(stored, "a") == [(Mark.REJECTED, "e2")]


def test_a_video_that_was_put_off_and_then_decided_is_not_put_off(stored: Database) -> None:
    say(stored, Say(video_id="a", what="later"))
    assert marks(stored, "a") == [(Mark.LATER, None)]

    say(stored, match("a"))

    assert marks(stored, "a") == []


# --- clashes ------------------------------------------------------------------


def problems(database: Database, *said: Say, **more: object) -> list[tuple[str, str, str | None]]:
    with pytest.raises(Clash) as caught:
        say(database, *said, **more)  # type: ignore[arg-type]
    return [(p.video_id, p.code, p.by) for p in caught.value.problems]


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(stored: Database) -> None:
    seen = version(stored, "a")
    say(stored, match("a", seen=seen))

    late = match("a", Link(event_id="e2"), seen=seen)
    assert problems(stored, late, editor="Ben") == [("a", "changed_meanwhile", "Ana")]
    assert in_force(stored)["a"] == ("match", "Ana", (WHOLE,))

    say(stored, match("a", Link(event_id="e2"), seen=version(stored, "a")), editor="Ben")
    assert in_force(stored)["a"][1] == "Ben"


def test_of_two_editors_at_the_same_moment_one_is_told(
    stored: Database, request: pytest.FixtureRequest
) -> None:
    seen = version(stored, "a")
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def decide(editor: str) -> None:
        with closing(Database(stored.url)) as own:
            start.wait()
            try:
                say(own, match("a", seen=seen), editor=editor)
            except Clash as clash:
                outcomes.append(clash.problems[0].code)
            else:
                outcomes.append("done")

    threads = [threading.Thread(target=decide, args=(name,)) for name in ("Ana", "Ben")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["changed_meanwhile", "done"]


def test_a_talk_that_another_video_shows_is_refused_by_name(stored: Database) -> None:
    assert problems(stored, match("a", FIRST)) == [("a", "taken", "linked")]
    assert "a" not in in_force(stored)


def test_a_talk_can_be_taken_and_the_other_video_waits_again(stored: Database) -> None:
    done = say(stored, match("a", FIRST, take=True))

    assert done.requeued == ("linked",)
    assert in_force(stored) == {"a": ("match", "Ana", (FIRST,))}


def test_a_second_upload_or_an_excerpt_of_a_taken_talk_is_no_clash(stored: Database) -> None:
    say(stored, match("a", Link(event_id="e1", talk_id="t1", role=Role.DUPLICATE)))
    say(stored, match("b", Link(event_id="e1", talk_id="t1", role=Role.EXCERPT)))

    assert set(in_force(stored)) == {"a", "b", "linked"}


def test_two_videos_of_one_whole_event_are_told_and_not_refused(stored: Database) -> None:
    say(stored, match("a"))
    second, third = match("b", Link(event_id="e2")), match("c", Link(event_id="e2"))
    part = match("c", Link(event_id="e1", role=Role.PART))

    with stored.read() as session:
        shown = saying.doubles(session, [match("b"), match("c", FIRST)])
        to_show = saying.doubles(session, [second, third])
        fine = saying.doubles(session, [match("a"), part])

    assert [(p.video_id, p.code, p.by) for p in shown] == [("b", "taken", "a")]
    assert [(p.video_id, p.by) for p in to_show] == [("b", "c"), ("c", "b")]
    assert fine == []
    assert say(stored, match("b")).videos == ("b",)


def test_many_at_once_are_written_all_or_none(stored: Database) -> None:
    clash = problems(stored, match("a", SECOND), match("b", SECOND), kind=ActKind.BULK)

    assert clash == [("b", "twice", "a")]
    assert in_force(stored) == {"linked": BY_RULE}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Say(video_id="nobody", what="later"), "unknown_video"),
        (match("a", Link(event_id="gone")), "unknown_event"),
        (match("a", Link(event_id="e2", talk_id="t1")), "unknown_talk"),
        (match("a", Link(event_id="e1", start_s=5, end_s=5)), "times"),
        (match("a", Link(event_id="e1", start_s=10**6)), "times"),
        (match("a", WHOLE, WHOLE), "twice"),
        (Say(video_id="a", what="match"), "incomplete"),
        (Say(video_id="a", what="no_event"), "incomplete"),
        (Say(video_id="a", what="reject"), "incomplete"),
        (Say(video_id="a", what="later", note="x" * 2001), "incomplete"),
        (Say(video_id="a", what="confirm"), "nothing_to_confirm"),
        (Say(video_id="linked", what="confirm"), "nothing_to_confirm"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    stored: Database, said: Say, code: str
) -> None:
    assert [found[1] for found in problems(stored, said)] == [code]
    with stored.read() as session:
        assert reads_review.acts(session) == []


@pytest.mark.parametrize("name", ["", "  ", "rule:zwk-2", "Rule: x", "a\x1bb", "x" * 61])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        acts.editor_name(name)


# --- taking back --------------------------------------------------------------


def test_acts_are_taken_back_one_after_the_other(stored: Database) -> None:
    say(stored, match("a"))
    say(stored, Say(video_id="a", what="no_event", reason=NoEventReason.OTHER))
    say(stored, Say(video_id="b", what="later"))

    undone = [acts.undo(stored, editor="Ana", now=LATER) for _ in range(4)]

    assert [u and u.videos for u in undone] == [("b",), ("a",), ("a",), None]
    assert in_force(stored) == {"linked": BY_RULE}
    assert marks(stored, "b") == []


def test_taking_back_restores_what_an_editor_had_decided_before(stored: Database) -> None:
    say(stored, match("a", note="Herbst"), editor="Ben")
    say(stored, Say(video_id="a", what="no_event", reason=NoEventReason.OTHER))

    acts.undo(stored, editor="Ana", now=LATER)

    assert in_force(stored)["a"] == ("match", "Ben", (WHOLE,))


def test_taking_back_restores_what_the_rule_had_decided(stored: Database) -> None:
    say(stored, Say(video_id="linked", what="reject", event_ids=("e1",)))

    acts.undo(stored, editor="Ana", now=LATER)

    assert in_force(stored)["linked"] == BY_RULE
    assert marks(stored, "linked") == []


def test_what_the_rule_had_decided_is_restored_as_often_as_it_is_asked_for(
    stored: Database,
) -> None:
    for _ in range(2):
        say(stored, Say(video_id="linked", what="no_event", reason=NoEventReason.OTHER))
        acts.undo(stored, editor="Ana", now=LATER)

        assert in_force(stored)["linked"] == BY_RULE


def test_many_at_once_are_taken_back_at_once(stored: Database) -> None:
    say(stored, match("a"), match("b"), match("c"), kind=ActKind.BULK)

    undone = acts.undo(stored, editor="Ana", now=LATER)

    assert undone
    assert undone.kind is ActKind.BULK
    assert in_force(stored) == {"linked": BY_RULE}


def test_taking_back_a_taken_talk_gives_it_back(stored: Database) -> None:
    say(stored, match("a", FIRST, take=True))

    acts.undo(stored, editor="Ana", now=LATER)

    assert in_force(stored) == {"linked": BY_RULE}


def test_nobody_takes_back_what_another_has_gone_on_from(stored: Database) -> None:
    say(stored, match("a"))
    say(stored, match("a", Link(event_id="e2")), editor="Ben")

    with pytest.raises(Clash, match="Ben"):
        acts.undo(stored, editor="Ana", now=LATER)
    acts.undo(stored, editor="Ben", now=LATER)
    acts.undo(stored, editor="Ana", now=LATER)

    assert in_force(stored) == {"linked": BY_RULE}


def test_an_editor_takes_back_only_his_own_acts(stored: Database) -> None:
    say(stored, match("a"))

    assert acts.undo(stored, editor="Ben", now=LATER) is None
    assert "a" in in_force(stored)


def test_the_acts_are_told_the_newest_first(stored: Database) -> None:
    say(stored, match("a"))
    acts.undo(stored, editor="Ana", now=LATER)

    with stored.read() as session:
        undo, decided = reads_review.acts(session)

    assert (undo.kind, undo.undoes) == (ActKind.UNDO, decided.act_id)
    assert decided.is_undone
    assert decided.videos == (("a", "Film a"),)


# --- events -------------------------------------------------------------------


def status(database: Database, **subject: str) -> EventStatus:
    with database.read() as session:
        return reads_review.status_of(session, **subject)


def test_an_event_that_was_not_recorded_is_no_candidate(stored: Database) -> None:
    acts.set_status(stored, event_id="e1", status=EventStatus.NOT_RECORDED, editor="Ana", now=NOW)

    with stored.read() as session:
        assert [e.event_id for e in reads_linking.events_to_link(session)] == ["e2"]
        assert reads_linking.talks_to_link(session) == []
    acts.undo(stored, editor="Ana", now=LATER)
    assert status(stored, event_id="e1") is EventStatus.EXPECTED


def test_a_talk_has_a_status_of_its_own_that_can_change(stored: Database) -> None:
    for each in (EventStatus.NOT_RECORDED, EventStatus.NOT_PUBLISHED):
        acts.set_status(stored, talk_id="t1", status=each, editor="Ana", now=NOW)
        assert status(stored, talk_id="t1") is each

    assert status(stored, event_id="e1") is EventStatus.EXPECTED
    acts.undo(stored, editor="Ana", now=LATER)
    assert status(stored, talk_id="t1") is EventStatus.NOT_RECORDED


def test_a_status_of_an_unknown_event_is_refused(stored: Database) -> None:
    with pytest.raises(BadInput, match="e9"):
        acts.set_status(stored, event_id="e9", status=EventStatus.EXPECTED, editor="A", now=NOW)


def test_an_event_made_from_a_video_is_on_record_and_shown_by_it(stored: Database) -> None:
    event = Event(event_id="", title=" Neues  Treffen ", start_on="2024-05-06")

    acts.add_event(stored, event, video=Say(video_id="a", what="match"), editor="Ana", now=NOW)

    [(verdict, by, [link])] = [in_force(stored)["a"]]
    assert (verdict, by) == ("match", "Ana")
    with stored.read() as session:
        assert reads_review.known_events(session, [link.event_id]) == {
            link.event_id: "Neues Treffen"
        }

    acts.undo(stored, editor="Ana", now=LATER)
    assert "a" not in in_force(stored)
    with stored.read() as session:
        assert reads_review.known_events(session, [link.event_id]) == {}


def test_loading_the_sources_again_keeps_an_event_that_an_editor_made(stored: Database) -> None:
    event = Event(event_id="own", title="Neues Treffen")
    acts.add_event(stored, event, editor="Ana", now=NOW)

    with stored.write() as session:
        writes.save_event_records(session, EventRecords("zwk.yaml"), now=LATER)

    with stored.read() as session:
        assert [e.event_id for e in reads_linking.events(session)] == ["own"]


def test_an_event_needs_a_title_and_an_id_of_its_own(stored: Database) -> None:
    for event in (Event(event_id="", title=" "), Event(event_id="e1", title="Nochmal")):
        with pytest.raises(BadInput):
            acts.add_event(stored, event, editor="Ana", now=NOW)


# --- looking again ------------------------------------------------------------


def differences(database: Database, video_id: str) -> list[tuple[str, str | None, str | None]]:
    with database.read() as session:
        return [(d.what, d.was, d.is_now) for d in reads_review.look_again(session, video_id)]


def test_what_changed_since_a_decision_is_told_and_changes_nothing(
    stored: Database, run_id: int
) -> None:
    say(stored, match("a"))
    assert differences(stored, "a") == []

    changed = build.video("a", title="Anders", duration_s=61)
    moved = (build.event("e1", title="Erste", start_on="2025-01-02", end_on="2025-01-03"),)
    with stored.write() as session:
        writes.save_videos(session, [changed], now=LATER, run_id=run_id)
        writes.save_event_records(session, EventRecords("new.csv", moved), now=LATER)

    found = differences(stored, "a")
    assert ("title", "Film a", "Anders") in found
    assert ("event", "Erste · 2025-01-02–2025-01-03") in [(what, now) for what, _, now in found]
    assert in_force(stored)["a"] == ("match", "Ana", (WHOLE,))

    say(stored, Say(video_id="a", what="confirm"))
    assert differences(stored, "a") == []
    assert in_force(stored)["a"] == ("match", "Ana", (WHOLE,))


def test_what_another_said_of_an_event_too_is_not_taken_back_under_his_hands(
    stored: Database,
) -> None:
    for editor in ("Ana", "Ben"):
        acts.set_status(
            stored, event_id="e1", status=EventStatus.NOT_RECORDED, editor=editor, now=NOW
        )

    with pytest.raises(Clash, match="Ben"):
        acts.undo(stored, editor="Ana", now=LATER)
    assert status(stored, event_id="e1") is EventStatus.NOT_RECORDED


def test_an_event_that_another_linked_a_video_to_is_not_taken_back(stored: Database) -> None:
    event = Event(event_id="own", title="Neues Treffen")
    acts.add_event(stored, event, video=Say(video_id="a", what="match"), editor="Ana", now=NOW)
    say(stored, match("b", Link(event_id="own")), editor="Ben")

    with pytest.raises(Clash, match="Ben"):
        acts.undo(stored, editor="Ana", now=LATER)
