"""Whether fitted weights may replace those in force: every check, with its figures.

In:   how good both are on the same labels (Standing).
Out:  a Check for each thing that must hold; all of them must.

Few labels, or labels of one kind, let weights look better that are not.  So both kinds
of videos must be there, in several series; the gain must not hang on a few of them, where
series are drawn, not videos, since videos of one series stand and fall together; and
the links by rule, which nobody looks at, must be no worse and hardly fewer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harvester.labels import Linkings
from harvester.linkage.judging import Grade, Task, answers, grade, log_loss
from harvester.linkage.measures import Figure, Measured, lowered, measure
from harvester.records import Label

OF_EACH_KIND = 20
"""Labelled videos with, and without, their event on record that are needed: even if all of so
many come out right, up to one in seven may not (rule of three)."""

DRAWN = 0.5
"""The share of draws that must all show a gain, and as many above them: three of four do."""

FEWER = 0.01
"""By how much coverage by rule may fall: by a video in a hundred, if all else is better."""

SERIES = 5
"""Series with an event that are needed: of fewer, luck alone betters all in one case of 16."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How good a model is on the labels."""

    bits: tuple[float, ...]  # of surprise at what is right, of each label that counts
    errors: int
    linked_wrong: int  # by rule: another event or talk, or one where none is right
    measured: Mapping[Task, Measured]

    @property
    def log_loss(self) -> float:
        """Bits a video."""
        return sum(self.bits) / len(self.bits) if self.bits else 0.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold, and what would help if it does not."""

    name: str
    figures: str
    passed: bool
    remedy: str


def standing(linkings: Linkings, given: Sequence[Label]) -> Standing:
    """Return how good it is what a model made of the labelled videos."""
    counted = [label for label in given if label.counts_for_event]
    grades = [grade(linkings.get(label.video_id), label) for label in counted]
    return Standing(
        bits=tuple(log_loss(linkings, [label]) for label in counted),
        errors=sum(each.is_error for each in grades),
        linked_wrong=grades.count(Grade.LINKED_WRONG),
        measured={task: measure(answers(linkings, given, task)) for task in Task},
    )


def checks(before: Standing, after: Standing, given: Sequence[Label]) -> tuple[Check, ...]:
    """Return every check of weights out of fold, `after`, against those `before`."""
    counted = [label for label in given if label.counts_for_event]
    gain = lowered(before.bits, after.bits, [label.series for label in counted], share=DRAWN)
    return (
        *_enough(counted),
        _clear(gain),
        _no_more("errors", before.errors, after.errors),
        _no_more("linked wrongly", before.linked_wrong, after.linked_wrong),
        *_hardly_lower(before, after),
    )


def _enough(given: Sequence[Label]) -> Iterator[Check]:
    known = [label for label in given if label.event_ids]
    series = {label.series for label in known}
    for name, number, needed, remedy in (
        (
            "videos with event",
            len(known),
            OF_EACH_KIND,
            "label {more} more whose event is on record",
        ),
        (
            "videos without event",
            len(given) - len(known),
            OF_EACH_KIND,
            "label {more} more whose event is not on record (event_id empty): without them neither"
            " the prior nor what neighbours say can be judged",
        ),
        (
            "series with event",
            len(series),
            SERIES,
            "label videos of {more} more series: of few, luck alone may better all",
        ),
    ):
        yield Check(
            name,
            f"{number:,}; {needed} are needed",
            number >= needed,
            remedy.format(more=needed - number),
        )


def _clear(gain: Figure) -> Check:
    remedy = (
        "the gain hangs on a few series: label more videos, above all of more series"
        if (gain.value or 0) > 0
        else "the weights in force suit other series better, or as well: keep them"
    )
    if gain.value is None or gain.low is None or gain.high is None:
        return Check("log loss lower", "nothing to compare", passed=False, remedy=remedy)
    figures = (
        f"by {gain.value:.4f} bits a video ({gain.low:.4f} to {gain.high:.4f} in the middle half of"
        " all draws of series); above 0 throughout is needed"
    )
    return Check("log loss lower", figures, gain.low > 0, remedy)


_LOOK = "see under Regressed whether those labels are right; else keep the weights in force"


def _no_more(name: str, before: int, after: int) -> Check:
    return Check(f"no more {name}", f"{before:,} → {after:,}", after <= before, _LOOK)


def _hardly_lower(before: Standing, after: Standing) -> Iterator[Check]:
    """Yield whether the rule links about as much; how right it is, is told by what is wrong."""
    for task in Task:
        was, is_now = before.measured[task], after.measured[task]
        if was.by_rule or is_now.by_rule:
            yield Check(
                f"coverage by rule, {task}",
                f"{100 * _coverage(was):.2f} % → {100 * _coverage(is_now):.2f} %",
                _coverage(is_now) >= _coverage(was) - FEWER,
                _LOOK,
            )


def _coverage(measured: Measured) -> float:
    return measured.figures["coverage_by_rule"].value or 0.0  # of nothing, 0
