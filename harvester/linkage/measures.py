"""How good answers are: the figures of record linkage, each with its 95 % interval.

In:   answers to one task (judging.py).
Out:  Measured: what was counted, and a Figure for each name of FIGURES.

Shares have Wilson's interval.  The others are resampled: whole series are drawn
with replacement, since videos of one series stand and fall together; with a fixed
seed, so that the same answers have the same figures.

Pure: no network, no database, no clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from harvester.linkage.judging import Answer

FIGURES = (
    "precision",
    "recall",
    "f1",
    "precision_by_rule",
    "coverage_by_rule",
    "coverage_at_995",
    "answered_without_event",
    "linked_without_event",
    "recall_at_5",
    "brier",
    "calibration_error",
)
"""The names of all figures, in the order to show them in."""

TARGET = 0.995  # the precision that a rule has to hold
LINKS_FOR_TARGET = round(3 / (1 - TARGET))
"""So many links without an error show it: n of n leave up to 3/n open (rule of three)."""

_BINS = 10
_Z = 1.959964  # of the normal distribution, for 95 %
DRAWS = 1_000
_SEED = 20_241_122
_FEW = 5  # with fewer series, videos are drawn instead

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval; all None where there is nothing to count."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers to one task, counted."""

    videos: int
    with_event: int  # for which something on record is right
    by_rule: int  # that the rule links
    threshold: float | None  # probability that attains `coverage_at_995`; None if none does
    figures: dict[str, Figure]

    @property
    def without_event(self) -> int:
        """How many videos are there for which nothing on record is right."""
        return self.videos - self.with_event


def measure(answers: Sequence[Answer], *, draws: int = DRAWS) -> Measured:
    """Return all figures of answers to one task; `draws` is how often series are drawn anew."""
    known = [a for a in answers if a.right]
    unknown = [a for a in answers if not a.right]
    answered = [a for a in answers if a.is_answered]
    by_rule = [a for a in answers if a.is_by_rule]
    right = sum(a.is_right for a in answered)
    right_by_rule = sum(a.is_right for a in by_rule)
    accepted, threshold = _attainable([a for a in answers if a.best])
    figures = {
        "precision": share(right, len(answered)),
        "recall": share(right, len(known)),
        "precision_by_rule": share(right_by_rule, len(by_rule)),
        "coverage_by_rule": share(right_by_rule, len(known)),
        "coverage_at_995": share(accepted, len(known)),
        "answered_without_event": share(sum(a.is_answered for a in unknown), len(unknown)),
        "linked_without_event": share(sum(a.is_by_rule for a in unknown), len(unknown)),
        "recall_at_5": share(sum(bool(a.right & set(a.first)) for a in known), len(known)),
        **_resampled(answers, draws),
    }
    return Measured(
        videos=len(answers),
        with_event=len(known),
        by_rule=len(by_rule),
        threshold=threshold,
        figures={name: figures[name] for name in FIGURES},
    )


def share(found: int, of: int) -> Figure:
    """Return a share with Wilson's interval."""
    if not of:
        return Figure()
    p, z2 = found / of, _Z * _Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    # exact at both ends, where rounding would leave a trace
    return Figure(p, middle - half if found else 0.0, middle + half if found < of else 1.0)


def _attainable(answered: Iterable[Answer]) -> tuple[int, float | None]:
    """Return the most right answers that a threshold accepts at the precision of a rule.

    Answers of the same probability are accepted together.
    """
    ranked = sorted(answered, key=lambda a: -a.probability)
    best: tuple[int, float | None] = (0, None)
    right = 0
    for place, answer in enumerate(ranked, start=1):
        right += answer.is_right
        is_last = place == len(ranked) or ranked[place].probability != answer.probability
        if is_last and right / place >= TARGET and right > best[0]:
            best = (right, answer.probability)
    return best


def _resampled(answers: Sequence[Answer], number: int) -> dict[str, Figure]:
    """Return the figures that are no shares."""
    sums = _sums(answers)
    if not len(sums.with_best):
        return dict.fromkeys(("f1", "brier", "calibration_error"), Figure())
    units = len(sums.with_best)
    draws, everything = _drawn(units, number), np.ones((1, units))
    return {
        name: _figure(of(sums, everything)[0], of(sums, draws))
        for name, of in (("f1", _f1), ("brier", _brier), ("calibration_error", _calibration))
    }


def lowered(
    before: Sequence[float],
    after: Sequence[float],
    series: Sequence[str],
    *,
    share: float = 0.95,
    draws: int = DRAWS,
) -> Figure:
    """Return how much lower the mean of videos is after than before: negative if it is higher.

    Both are of the same videos, in the same order (paired); always whole series are drawn.
    The interval holds a `share` of what was drawn.
    """
    if not series:
        return Figure()
    places = {name: place for place, name in enumerate(sorted(set(series)))}
    at = [places[name] for name in series]
    gains = np.bincount(at, weights=np.subtract(before, after))
    videos = np.bincount(at).astype(np.float64)
    drawn = _drawn(len(places), draws)
    return _figure(gains.sum() / videos.sum(), _ratio(drawn @ gains, drawn @ videos), share)


def _drawn(units: int, number: int) -> Floats:
    """Return how often each unit is drawn, of as many as there are; one row a draw."""
    generator = np.random.default_rng(_SEED)
    return generator.multinomial(units, np.full(units, 1 / units), size=number).astype(np.float64)


def _figure(value: np.float64, drawn: Floats, share: float = 0.95) -> Figure:
    if np.isnan(value) or np.isnan(drawn).all():
        return Figure()
    low, high = np.nanpercentile(drawn, (50 - 50 * share, 50 + 50 * share))
    # chance alone makes a drawn calibration error larger: the value may lie below all of them
    return Figure(float(value), float(min(low, value)), float(max(high, value)))


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the figures are made of; one row a series."""

    with_best: Floats  # those with any candidate
    answered: Floats
    right: Floats
    known: Floats
    squares: Floats  # of probability minus what came of it
    gaps: Floats  # probability minus what came of it, in one column a bin


def _sums(answers: Sequence[Answer]) -> _Sums:
    series = {a.series for a in answers}
    by_video = len(series) < _FEW
    keys = [a.video_id if by_video else a.series for a in answers]
    places = {key: place for place, key in enumerate(sorted(set(keys)))}
    columns = np.zeros((len(places), 5 + _BINS))
    for key, a in zip(keys, answers, strict=True):
        row = columns[places[key]]
        row[3] += bool(a.right)
        if a.best:
            gap = a.probability - a.is_right
            row[0] += 1
            row[1] += a.is_answered
            row[2] += a.is_answered and a.is_right
            row[4] += gap * gap
            row[5 + min(_BINS - 1, int(a.probability * _BINS))] += gap
    with_best, answered, right, known, squares = columns[:, :5].T
    return _Sums(with_best, answered, right, known, squares, gaps=columns[:, 5:])


def _f1(sums: _Sums, draws: Floats) -> Floats:
    known = draws @ sums.known
    return _ratio(2 * draws @ sums.right, np.where(known > 0, known + draws @ sums.answered, 0.0))


def _brier(sums: _Sums, draws: Floats) -> Floats:
    return _ratio(draws @ sums.squares, draws @ sums.with_best)


def _calibration(sums: _Sums, draws: Floats) -> Floats:
    return _ratio(np.abs(draws @ sums.gaps).sum(axis=1), draws @ sums.with_best)


def _ratio(above: Floats, below: Floats) -> Floats:
    found: Floats = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return found
