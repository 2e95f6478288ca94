"""The queue: filters, numbers, orders; and the desk that keeps it as of now."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.records import (
    Availability,
    EventStatus,
    Gone,
    Link,
    NoEventReason,
    Outcome,
    Reason,
    TalkName,
)
from harvester.review import acts, desk
from harvester.review.acts import Say
from harvester.review.desk import Desk
from harvester.review.queue import (
    FACETS,
    NO_VALUE,
    ORDERS,
    Around,
    Filter,
    Level,
    Queue,
    QueueRow,
    State,
    level,
)
from harvester.store import writes
from harvester.store.database import Database
from tests import build, linkings
from tests.linkings import MATCH, end_run, linking, store

NOW = build.NOW


def row(video_id: str, **given: Any) -> QueueRow:
    probability = given.get("probability", 0.93)
    reason = given.get("reason", Reason.DOUBTFUL.value)
    fields: dict[str, Any] = {
        "title": f"Video {video_id}",
        "published_at": dt.datetime(2023, 11, 30, 8, 0, tzinfo=dt.UTC),
        "duration_s": 1800,
        "state": State.WAITING.value,
        "series": "Werkstatt",
        "year": "2023",
        "level": level(probability, reason),
        "reason": reason,
        "captions": "flag_only_no",
        "probability": probability,
        "margin": 4.0,
        "candidates": 2,
        "best_event_id": "e1",
        "best_event_title": "Veranstaltung",
        "best_talk_id": None,
        "best_talk": None,
    }
    return QueueRow(video_id=video_id, **fields | given)


def ids(queue: Queue, wanted: Filter | None = None) -> list[str]:
    return [each.video_id for each in queue.rows(wanted or Filter())]


def counts(queue: Queue, facet: str, wanted: Filter | None = None) -> dict[str, int]:
    return {v.value: v.count for v in queue.find(wanted or Filter()).facets[facet]}


# --- levels ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("probability", "reason", "word"),
    [
        (None, "no_candidate", Level.NONE),
        (0.49, "weak", Level.WEAK),
        (0.5, "doubtful", Level.MEDIUM),
        (0.9, "doubtful", Level.STRONG),
        (0.99, "proposed", Level.STRONG),
        (0.99, "tie", Level.MEDIUM),
        (0.95, "contradiction", Level.MEDIUM),
    ],
)
def test_a_level_is_a_word_and_what_speaks_against_caps_it(
    probability: float | None, reason: str, word: Level
) -> None:
    assert level(probability, reason) is word


# --- filters --------------------------------------------------------------------


def test_the_filter_is_the_query_of_the_address_and_comes_back_from_it() -> None:
    wanted = Filter(series="Fachdiskurs & mehr", year="2021", q="tag 1", order="newest")
    assert wanted.query() == "series=Fachdiskurs+%26+mehr&year=2021&q=tag+1&order=newest"
    given = {"series": "Fachdiskurs & mehr", "year": "2021", "q": " tag  1 ", "order": "newest"}
    assert Filter.parse(given) == wanted
    assert Filter().query() == ""


def test_what_a_filter_does_not_know_it_ignores() -> None:
    odd = {
        "state": "x",
        "level": "<script>",
        "year": "20",
        "order": "id",
        "page": "3",
        "reason": "",
    }
    assert Filter.parse(odd) == Filter()


def test_facets_tell_what_a_click_would_leave() -> None:
    queue = Queue(
        [
            row("a", year="2021"),
            row("b", year="2023"),
            row("c", year="2023", series=NO_VALUE),
            row("d", year="2023", state=State.LATER.value),
        ]
    )
    assert counts(queue, "year") == {"2023": 2, "2021": 1}
    assert counts(queue, "state") == {"waiting": 3, "later": 1}
    wanted = Filter(year="2023")
    assert counts(queue, "series", wanted) == {"Werkstatt": 1, NO_VALUE: 1}
    assert counts(queue, "year", wanted) == {"2023": 2, "2021": 1}  # the others stay in reach
    [chosen] = [v for v in queue.find(wanted).facets["year"] if v.is_chosen]
    assert chosen == ("2023", 2, True)


def test_a_chosen_value_that_nothing_has_is_still_there_to_be_taken_off() -> None:
    found = Queue([row("a")]).find(Filter(series="Gibt es nicht"))
    assert found.total == 0
    assert ("Gibt es nicht", 0, True) in found.facets["series"]


def test_words_are_looked_for_folded_in_title_and_event_and_an_address_is_the_video() -> None:
    queue = Queue([row("abcdefghijk", title="Über Morgen"), row("b", title="Anderes")])
    assert ids(queue, Filter(q="MORGEN ueber")) == ["abcdefghijk"]
    assert ids(queue, Filter(q="veranstalt")) == ["abcdefghijk", "b"]
    assert ids(queue, Filter(q="https://youtu.be/abcdefghijk?t=3")) == ["abcdefghijk"]
    assert ids(queue, Filter(q="%")) == []


def test_pages_beyond_the_last_are_the_last() -> None:
    queue = Queue([row(f"v{n}") for n in range(5)])
    found = queue.find(Filter(), page=9, per_page=2)
    assert (found.page, found.pages, found.total, len(found.rows)) == (3, 3, 5, 1)
    empty = Queue([]).find(Filter())
    assert (empty.total, empty.rows, empty.page, empty.pages) == (0, [], 1, 1)


# --- orders ---------------------------------------------------------------------


def test_quick_means_narrowly_missed_few_candidates_ties_contradictions_weak_none() -> None:
    rows = [
        row("none", probability=None, reason="no_candidate", candidates=0),
        row("weak", probability=0.3, reason="weak"),
        row("against", probability=0.8, reason="contradiction"),
        row("tie", probability=0.9, reason="tie"),
        row("many", probability=0.8, candidates=5),
        row("few", probability=0.7, candidates=1),
        row("narrow", probability=0.94),
        row("sure", probability=0.97, reason="proposed"),
    ]
    wanted = ["sure", "narrow", "few", "many", "tie", "against", "weak", "none"]
    assert ids(Queue(rows)) == wanted


def test_the_other_orders_are_by_time_and_title() -> None:
    early = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    queue = Queue([row("a", title="Zebra"), row("b", published_at=early, title="Ähre")])
    assert ids(queue, Filter(order="newest")) == ["a", "b"]
    assert ids(queue, Filter(order="oldest")) == ["b", "a"]
    assert ids(queue, Filter(order="title")) == ["b", "a"]


def test_a_video_knows_who_comes_before_and_after_it() -> None:
    queue = Queue([row("a", title="A"), row("b", title="B"), row("c", title="C")])
    wanted = Filter(order="title")
    assert queue.around(wanted, "b") == Around(2, 3, "a", "c")
    assert queue.around(wanted, "a") == Around(1, 3, None, "b")
    assert queue.around(wanted, "odd") == Around(0, 3, None, "a")
    assert Queue([]).around(wanted, "a") == Around(0, 0, None, None)


# --- patching -------------------------------------------------------------------

_SOME = st.builds(
    row,
    st.sampled_from([f"v{n}" for n in range(12)]),
    title=st.sampled_from(["A", "B", "Ä"]),
    year=st.sampled_from(["2021", "2022", NO_VALUE]),
    state=st.sampled_from([each.value for each in State]),
    series=st.sampled_from(["x", "y", "z"]),
    probability=st.sampled_from([None, 0.2, 0.7, 0.93]),
    reason=st.sampled_from(["doubtful", "tie", "weak", "proposed"]),
    candidates=st.integers(0, 5),
)


@given(
    st.lists(_SOME, max_size=15),
    st.lists(
        st.tuples(st.lists(_SOME, max_size=4), st.sets(st.sampled_from(["v1", "v2", "v3"]))),
        max_size=4,
    ),
)
@settings(max_examples=60, deadline=None)
def test_a_patched_queue_is_the_queue_of_the_patched_rows(
    rows: list[QueueRow], patches: list[tuple[list[QueueRow], set[str]]]
) -> None:
    held = {each.video_id: each for each in rows}
    queue = Queue(held.values())
    for changed, gone in patches:
        queue.sort()
        before = ids(queue)
        patched = queue.replaced(changed, gone)
        assert ids(queue) == before  # what somebody holds does not change
        queue = patched
        held = {k: v for k, v in held.items() if k not in gone}
        held |= {each.video_id: each for each in changed}
    anew = Queue(held.values())
    assert len(queue) == len(anew)
    for wanted in [Filter(order=order) for order in ORDERS] + [Filter(series="x"), Filter(q="a")]:
        assert queue.find(wanted) == anew.find(wanted)
        for facet in FACETS:
            assert counts(queue, facet, wanted) == counts(anew, facet, wanted)


# --- the desk -------------------------------------------------------------------


@pytest.fixture
def reviewed(database: Database, run_id: int) -> Desk:
    """Three videos of two events: v1 linked by rule, v2 with a proposal, v3 with none."""
    linkings.fill(database, run_id)
    store(
        database,
        run_id,
        linking("v1", MATCH),
        linking("v2"),
        linking("v3", outcome=Outcome.NONE, reason=Reason.NO_CANDIDATE, candidates=()),
    )
    end_run(database, run_id)
    return Desk(database)


def say(desk: Desk, video_id: str, what: Any, editor: str = "ana", **given: Any) -> None:
    acts.say(desk.database, [Say(video_id=video_id, what=what, **given)], editor=editor, now=NOW)


def test_what_waits_is_in_the_queue_and_what_is_linked_is_not(reviewed: Desk) -> None:
    queue = reviewed.queue()
    assert ids(queue) == ["v2", "v3"]
    found = queue.row("v2")
    assert found is not None
    assert found == row(
        "v2",
        level=Level.MEDIUM,
        reason="tie",
        series=NO_VALUE,
        probability=0.97,
        margin=2.5,
        best_event_title="Veranstaltung e1",
        best_talk_id="t1",
        best_talk=TalkName("Vortrag t1", None, ()),
    )
    assert queue.row("v3") == row(
        "v3",
        reason="no_candidate",
        series=NO_VALUE,
        probability=None,
        margin=None,
        candidates=0,
        best_event_id=None,
        best_event_title=None,
    )


def test_the_desk_hands_out_the_same_queue_while_nothing_happens(reviewed: Desk) -> None:
    assert reviewed.queue() is reviewed.queue()


def test_a_decision_takes_a_video_out_of_the_queue_and_undo_puts_it_back(reviewed: Desk) -> None:
    assert "v2" in reviewed.queue()
    say(reviewed, "v2", "match", links=(Link(event_id="e2"),))
    assert ids(reviewed.queue()) == ["v3"]
    acts.undo(reviewed.database, editor="ana", now=NOW)
    assert ids(reviewed.queue()) == ["v2", "v3"]
    assert reviewed.queue().row("v2") == Desk(reviewed.database).queue().row("v2")


def test_after_a_no_the_next_candidate_is_the_best_one(reviewed: Desk) -> None:
    say(reviewed, "v2", "reject", event_ids=("e1",))
    found = reviewed.queue().row("v2")
    assert found is not None
    assert (found.best_event_id, found.candidates, found.margin) == ("e2", 1, None)


def test_an_event_that_was_not_recorded_is_no_candidate_any_more(reviewed: Desk) -> None:
    assert reviewed.queue().rows(Filter())[0].best_event_id == "e1"
    acts.set_status(
        reviewed.database,
        event_id="e1",
        status=EventStatus.NOT_RECORDED,
        editor="ana",
        now=NOW,
    )
    assert reviewed.queue().rows(Filter())[0].best_event_id == "e2"


def test_later_stays_out_until_the_evidence_changes(reviewed: Desk, run_id: int) -> None:
    say(reviewed, "v2", "later")
    assert ids(reviewed.queue()) == ["v3"]
    assert ids(reviewed.queue(), Filter(state="later")) == ["v2"]
    store(reviewed.database, run_id, linking("v2", weight=6.0), inputs={"v2": "x", "v3": "y"})
    assert "v2" in ids(Desk(reviewed.database).queue())


def test_an_editors_decision_comes_back_when_what_he_saw_changed(
    reviewed: Desk, run_id: int
) -> None:
    say(reviewed, "v2", "no_event", reason=NoEventReason.TRAILER)
    assert ids(reviewed.queue(), Filter(state="look_again")) == []
    with reviewed.database.write() as session:
        changed = [build.video("v2", title="Ein ganz anderer Titel")]
        writes.save_videos(session, changed, now=NOW, run_id=run_id)
    [again] = Desk(reviewed.database).queue().rows(Filter(state="look_again"))
    assert (again.video_id, again.title) == ("v2", "Ein ganz anderer Titel")


def test_after_a_run_the_desk_reads_everything_again(reviewed: Desk) -> None:
    assert ids(reviewed.queue()) == ["v2", "v3"]
    with reviewed.database.write() as session:
        later = writes.start_run(session, command="run", holder="process 2", now=NOW)
        writes.save_videos(session, [build.video("v4")], now=NOW, run_id=later)
        gone = Gone(video_id="v3", availability=Availability.DELETED, evidence="…")
        writes.save_gone(session, [gone], now=NOW, run_id=later)
    assert ids(reviewed.queue()) == ["v2", "v3"]  # it has not ended
    end_run(reviewed.database, later)
    assert ids(reviewed.queue()) == ["v2", "v4"]
    found = reviewed.queue().row("v4")
    assert found is not None
    assert found.reason == "not_linked_yet"


def test_a_long_queue_is_read_again_aside_and_follows_acts_meanwhile(
    reviewed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "_MANY", 1)
    reviewed.queue()
    with reviewed.database.write() as session:
        later = writes.start_run(session, command="run", holder="process 2", now=NOW)
        writes.save_videos(session, [build.video("v4")], now=NOW, run_id=later)
    end_run(reviewed.database, later)
    say(reviewed, "v2", "no_event", reason=NoEventReason.OTHER)
    assert "v2" not in ids(reviewed.queue())
    reviewed._loading["queue"].join()
    assert ids(reviewed.queue()) == ["v3", "v4"]
