"""Figures of the linkage: the scorer's definitions, with intervals that hold."""

import csv
import dataclasses
import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.linkage import link, truth
from harvester.linkage.judging import Grade, Task, answers, grade, log_loss, rank_of_right
from harvester.linkage.measures import FIGURES, measure, share
from harvester.records import Candidate, Label, Linking, Outcome, Reason
from tests import bench_linkage
from tests.zwk_linking import MODEL

SHARES = tuple(name for name in FIGURES if name not in ("f1", "brier", "calibration_error"))


def linking(video_id: str, outcome: Outcome, *found: tuple[str, str | None, float]) -> Linking:
    """A linking with these candidates: event, talk, probability; best first."""
    candidates = tuple(
        Candidate(
            video_id=video_id,
            rank=rank,
            event_id=event_id,
            talk_id=talk_id,
            match_weight=0.0,
            probability=probability,
            terms=(),
        )
        for rank, (event_id, talk_id, probability) in enumerate(found, start=1)
    )
    return Linking(
        video_id=video_id,
        outcome=outcome,
        reason=None if outcome is Outcome.AUTO else Reason.DOUBTFUL,
        probability=found[0][2] if found else None,
        candidates=candidates,
    )


def label(video_id: str, *events: str, **given: Any) -> Label:
    fields: dict[str, Any] = {"series": "s", "counts_for_talk": False} | given
    return Label(video_id=video_id, event_ids=frozenset(events), **fields)


LINKINGS = {
    "right": linking("right", Outcome.AUTO, ("e1", "t1", 0.99), ("e2", None, 0.01)),
    "wrong": linking("wrong", Outcome.REVIEW, ("e2", "t2", 0.7), ("e1", "t1", 0.3)),
    "weak": linking("weak", Outcome.NONE, ("e1", None, 0.2)),
    "tempting": linking("tempting", Outcome.AUTO, ("e1", None, 0.96)),
}
LABELS = (
    label("right", "e1"),
    label("wrong", "e1"),
    label("weak", "e1"),
    label("lost", "e1"),  # of which there is no linking
    label("tempting"),
    label("left"),
)


def test_an_outcome_other_than_none_is_an_answer() -> None:
    found = measure(answers(LINKINGS, LABELS, Task.EVENT))

    values = {name: figure.value for name, figure in found.figures.items()}
    assert (found.videos, found.with_event, found.without_event) == (6, 4, 2)
    assert values == {
        "precision": pytest.approx(1 / 3),
        "recall": 0.25,
        "f1": pytest.approx(2 / 7),
        "precision_by_rule": 0.5,
        "coverage_by_rule": 0.25,
        "coverage_at_995": 0.25,
        "answered_without_event": 0.5,
        "linked_without_event": 0.5,
        "recall_at_5": 0.75,
        "brier": pytest.approx((0.01**2 + 0.7**2 + 0.8**2 + 0.96**2) / 4),
        # 0.99 and 0.96 are in one bin
        "calibration_error": pytest.approx((abs(0.99 - 1 + 0.96) + 0.7 + 0.8) / 4),
    }
    assert found.threshold == 0.99


def test_of_videos_without_a_label_for_the_task_nothing_is_counted() -> None:
    labels = (
        label("right", "e1", talk_ids=frozenset({"t0", "t1"}), counts_for_talk=True),
        label("wrong", "e1", counts_for_event=False),
    )

    talks = answers(LINKINGS, labels, Task.TALK)
    events = answers(LINKINGS, labels, Task.EVENT)

    assert [(a.video_id, a.is_right) for a in talks] == [("right", True)]
    assert [a.video_id for a in events] == ["right"]


def test_nothing_to_count_is_no_figure() -> None:
    found = measure(())

    assert {figure.value for figure in found.figures.values()} == {None}


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (999, 1000, 0.9944, 0.9998)],
)
def test_shares_have_wilsons_interval(found: int, of: int, low: float, high: float) -> None:
    figure = share(found, of)

    assert figure.low == pytest.approx(low, abs=1e-4)
    assert figure.high == pytest.approx(high, abs=1e-4)


PROBABILITIES = st.floats(0, 1)
EVENTS = st.sampled_from(["e1", "e2", "e3"])


@st.composite
def judged(draw: st.DrawFn) -> tuple[dict[str, Linking], list[Label]]:
    linkings, labels = {}, []
    for n in range(draw(st.integers(1, 30))):
        video_id = f"v{n}"
        found = draw(st.lists(st.tuples(EVENTS, st.just(None), PROBABILITIES), max_size=3))
        outcome = draw(st.sampled_from(Outcome)) if found else Outcome.NONE
        linkings[video_id] = linking(video_id, outcome, *found)
        right = draw(st.lists(EVENTS, max_size=1))
        series = draw(st.sampled_from("abcdefgh"))
        labels.append(label(video_id, *right, series=series))
    return linkings, labels


@given(judged())
def test_every_figure_lies_in_its_interval_and_order_does_not_matter(
    given_: tuple[dict[str, Linking], list[Label]],
) -> None:
    linkings, labels = given_

    found = measure(answers(linkings, labels, Task.EVENT), draws=50)
    again = measure(answers(linkings, labels[::-1], Task.EVENT), draws=50)

    for name, figure in found.figures.items():
        other = again.figures[name]
        if figure.value is None:
            assert other.value is None
            continue
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low - 1e-9 <= figure.value <= figure.high + 1e-9, name
        assert other.value is not None
        assert math.isclose(figure.value, other.value, abs_tol=1e-9), name
        if name in SHARES:
            assert 0 <= figure.low <= figure.high <= 1, name


@pytest.fixture(scope="module")
def sample() -> tuple[list[dict[str, str]], list[Linking]]:
    """Rows of the benchmark's truth, and linkings of their videos."""
    if not bench_linkage.DEV.is_dir():
        pytest.skip("skipped: no shared data")
    videos, events, talks = bench_linkage.read(bench_linkage.DEV)
    chosen = sorted(videos, key=lambda video: video.video_id)[::12]
    ids = {video.video_id for video in chosen}
    with (bench_linkage.DEV / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["video_id"] in ids]
    return rows, link(chosen, events, talks, model=MODEL)


THEIRS = {
    "precision": "precision",
    "recall": "recall",
    "f1": "f1",
    "precision_by_rule": "auto_precision",
    "coverage_by_rule": "auto_coverage",
    "answered_without_event": "false_match_rate_on_negatives",
    "linked_without_event": "false_auto_rate_on_negatives",
    "recall_at_5": "recall@5",
    "brier": "brier",
    "calibration_error": "ece10",
}


@pytest.mark.parametrize(("task", "theirs"), [(Task.EVENT, "T1"), (Task.TALK, "T2")])
@pytest.mark.parametrize("accept", [0.95, 0.6])
def test_our_figures_are_those_of_the_benchmarks_scorer(
    sample: tuple[list[dict[str, str]], list[Linking]], task: Task, theirs: str, accept: float
) -> None:
    rows, linkings = sample
    # other thresholds, so that there are wrong answers to count
    linkings = [
        dataclasses.replace(
            each, outcome=Outcome.AUTO if (each.probability or 0) >= accept else Outcome.REVIEW
        )
        for each in linkings
    ]
    text = "\n".join(
        ",".join(row[name] for name in truth.COLUMNS) for row in [{c: c for c in rows[0]}, *rows]
    )
    labels = truth.parse(text, "truth.csv")

    ours = measure(answers({each.video_id: each for each in linkings}, labels, task))

    scorer = bench_linkage._scorer(bench_linkage.DEV.parent / "score.py")
    their = scorer.score(
        pd.DataFrame(rows, dtype=str),
        bench_linkage.predictions(linkings),
        bench_linkage.proposals(linkings),
    )["core"][theirs]
    assert (ours.videos, ours.with_event) == (their["videos"], their["positives"])
    for name, key in THEIRS.items():
        assert ours.figures[name].value == pytest.approx(their[key], abs=6e-5), name
    attained = their["cov@99.5%"]
    assert ours.figures["coverage_at_995"].value == pytest.approx(attained["coverage"], abs=6e-5)
    assert ours.threshold == attained["threshold"]


# --- judging --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("its", "expected"),
    [
        (label("right", "e1"), Grade.LINKED),
        (
            label("right", "e1", talk_ids=frozenset({"t2"}), counts_for_talk=True),
            Grade.LINKED_WRONG,
        ),
        (label("right", "e1", counts_for_talk=True), Grade.LINKED_WRONG),  # shows no single talk
        (label("wrong", "e1"), Grade.PROPOSED_WRONG),
        (label("wrong", "e2"), Grade.PROPOSED),
        (label("wrong", "e2", talk_ids=frozenset({"t1"}), counts_for_talk=True), Grade.OTHER_TALK),
        (label("weak", "e1"), Grade.MISSED),
        (label("weak"), Grade.LEFT),
        (label("lost", "e1"), Grade.MISSED),
        (label("tempting"), Grade.LINKED_WRONG),
        (label("tempting", "e1", talk_ids=frozenset({"t1"}), counts_for_talk=True), Grade.NO_TALK),
    ],
)
def test_every_video_has_a_grade(its: Label, expected: Grade) -> None:
    assert grade(LINKINGS.get(its.video_id), its) is expected


def test_a_wrong_link_is_worse_than_none() -> None:
    assert Grade.LINKED_WRONG < Grade.PROPOSED_WRONG < Grade.MISSED < Grade.PROPOSED < Grade.LINKED


def test_the_rank_of_the_right_event_is_told_or_that_it_is_no_candidate() -> None:
    assert rank_of_right(LINKINGS["wrong"], label("wrong", "e1")) == 2
    assert rank_of_right(LINKINGS["weak"], label("weak", "e3")) is None


def test_log_loss_counts_bits_of_surprise_at_what_is_right() -> None:
    assert log_loss(LINKINGS, [label("weak", "e1")]) == pytest.approx(-math.log2(0.2))
    assert log_loss(LINKINGS, [label("weak")]) == pytest.approx(-math.log2(0.8))
    assert log_loss(LINKINGS, [label("right", "e1"), label("left")]) == pytest.approx(
        -math.log2(0.99) / 2
    )
