"""What must hold before fitted weights replace those in force."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from harvester.gate import OF_EACH_KIND, SERIES, Check, Standing, checks, standing
from harvester.linkage.measures import Figure, lowered
from harvester.records import Candidate, Label, Linking, Outcome, Reason

LABELS = tuple(
    Label(
        video_id=f"{kind}-{n}",
        event_ids=frozenset({"e1"} if kind == "known" else ()),
        series=f"s{n % 10}",
        counts_for_talk=False,
    )
    for kind in ("known", "none")
    for n in range(40)
)
"""Forty videos with, and forty without their event on record, of ten series."""


def linked(label: Label, probability: float, *, to: str = "e1") -> Linking:
    """Return what is made of a video: by rule from 0.95 on, none below 0.5."""
    by_rule, found = probability >= 0.95, probability >= 0.5
    candidate = Candidate(
        video_id=label.video_id,
        rank=1,
        event_id=to,
        talk_id=None,
        match_weight=0.0,
        probability=probability,
        terms=(),
    )
    return Linking(
        video_id=label.video_id,
        outcome=Outcome.AUTO if by_rule else Outcome.REVIEW if found else Outcome.NONE,
        reason=None if by_rule else Reason.DOUBTFUL,
        probability=probability,
        candidates=(candidate,),
    )


def made(known: float, none: float, others: Iterable[Linking] = ()) -> Standing:
    """Return how good it is to give those with, and those without an event, a probability."""
    linkings = {x.video_id: linked(x, known if x.event_ids else none) for x in LABELS}
    return standing(linkings | {each.video_id: each for each in others}, LABELS)


BEFORE = made(0.96, 0.2)
BETTER = made(0.98, 0.1)


def failed(before: Standing, after: Standing, given: Sequence[Label] = LABELS) -> list[str]:
    return [check.name for check in checks(before, after, given) if not check.passed]


def of(name: str, found: Iterable[Check]) -> Check:
    return next(check for check in found if check.name == name)


def test_what_is_clearly_better_and_nowhere_worse_passes_every_check() -> None:
    assert failed(BEFORE, BETTER) == []


def test_what_is_the_same_is_not_better() -> None:
    assert failed(BEFORE, BEFORE) == ["log loss lower"]


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ("known", "videos without event"),
        ("none", "videos with event"),
    ],
)
def test_labels_of_one_kind_only_are_refused(left: str, said: str) -> None:
    given = [label for label in LABELS if label.video_id.startswith(left)]
    before, after = (
        standing({x.video_id: linked(x, p if x.event_ids else 1 - p) for x in given}, given)
        for p in (0.96, 0.98)
    )

    assert said in failed(before, after, given)
    check = of(said, checks(before, after, given))
    assert check.figures == f"0; {OF_EACH_KIND} are needed"
    assert check.remedy.startswith(f"label {OF_EACH_KIND} more")


def test_few_series_are_refused_with_how_many_more_would_help() -> None:
    given = [label for label in LABELS if label.series in ("s0", "s1", "s2")]
    before, after = (
        standing({label.video_id: linked(label, p) for label in given}, given) for p in (0.6, 0.7)
    )

    check = of("series with event", checks(before, after, given))

    assert not check.passed
    assert check.figures == f"3; {SERIES} are needed"
    assert check.remedy.startswith("label videos of 2 more series")


def test_a_gain_that_one_series_makes_alone_does_not_count() -> None:
    one = [linked(label, 0.999) for label in LABELS if label.series == "s3" and label.event_ids]
    others = [linked(label, 0.959) for label in LABELS if label.series != "s3" and label.event_ids]

    after = made(0.96, 0.2, [*one, *others])

    assert after.log_loss < BEFORE.log_loss
    assert failed(BEFORE, after) == ["log loss lower"]
    check = of("log loss lower", checks(BEFORE, after, LABELS))
    assert check.figures.startswith("by 0.00")
    assert "hangs on a few series" in check.remedy


def test_one_link_less_in_a_hundred_is_no_hindrance() -> None:
    many = [replace(label, video_id=f"{label.video_id}-{n}") for n in range(4) for label in LABELS]
    before, after = (
        standing(
            {x.video_id: linked(x, p if x.event_ids else q) for x in many}
            | {many[0].video_id: linked(many[0], of_one)},
            many,
        )
        for p, q, of_one in ((0.96, 0.2, 0.96), (0.98, 0.02, 0.94))
    )

    assert failed(before, after, many) == []


def test_coverage_by_rule_must_not_fall_however_much_surer_all_else_is() -> None:
    after = made(0.98, 0.02, [linked(LABELS[0], 0.94)])

    assert failed(BEFORE, after) == ["coverage by rule, event"]
    check = of("coverage by rule, event", checks(BEFORE, after, LABELS))
    assert check.figures == "100.00 % → 97.50 %"


def test_no_more_may_be_linked_wrongly() -> None:
    before = made(0.96, 0.2, [linked(LABELS[0], 0.6)])
    after = made(0.98, 0.02, [linked(LABELS[0], 0.97, to="e2")])

    assert "no more linked wrongly" in failed(before, after)
    assert of("no more linked wrongly", checks(before, after, LABELS)).figures == "0 → 1"


def test_where_only_right_links_are_fewer_coverage_tells_it() -> None:
    wrong = linked(LABELS[0], 0.96, to="e2")

    names = failed(made(0.96, 0.2, [wrong]), made(0.98, 0.1, [wrong, linked(LABELS[1], 0.9)]))

    assert names == ["coverage by rule, event"]


def test_where_nothing_was_linked_before_any_right_link_is_a_gain() -> None:
    assert failed(made(0.6, 0.2), BETTER) == []
    assert "coverage by rule, event" in failed(BEFORE, made(0.9, 0.01))


def test_the_gain_is_paired_and_the_same_each_time() -> None:
    series = ["a", "a", "b", "c"]

    everywhere = lowered([3.0, 1.0, 2.0, 0.5], [2.5, 0.5, 1.5, 0.0], series)
    here_and_there = [lowered([3.0, 1.0, 2.0, 0.5], [2.0, 1.0, 2.5, 0.5], series) for _ in range(2)]

    assert everywhere == Figure(0.5, 0.5, 0.5)
    assert here_and_there[0] == here_and_there[1]
    assert here_and_there[0].value == 0.125
    assert (here_and_there[0].low, here_and_there[0].high) == (-0.5, 0.5)
    assert lowered([], [], []) == Figure()
