"""What was found for all pairs, in columns: of a million videos, a few hundred bytes each.

In:   pairs of video and event as they are compared.
Out:  the same by the video's place; the findings, of which few differ, by number; the
      words of the evidence packed, to be read only where somebody will read them.

Pure: no network, no database, no clock.
"""

import marshal
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from harvester.linkage.evidence import Compared, Found
from harvester.linkage.model import Model
from harvester.linkage.overlaps import ranges

Numbers = NDArray[np.int32]
Places = NDArray[np.int64]
Floats = NDArray[np.float64]

Finding = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]
"""The levels that a comparison reached, and what caps it."""

WHOLE = -1  # instead of a talk: the event as such
_TIGHT = b"\0"  # what packed words begin with that are compressed; no others do


class Told(NamedTuple):
    """The evidence in words: what is said of an event, and of one of its talks."""

    event: int
    talk: int
    of_event: tuple[str, ...]
    of_talk: tuple[str, ...]


class Findings:
    """The different findings, by number."""

    def __init__(self) -> None:
        self._numbers: dict[Finding, int] = {}
        self.compared: list[Compared] = []  # without words

    def number(self, compared: Compared) -> int:
        """Return the number of what was found."""
        levels = tuple([f[:2] for f in compared.found])
        return self._number((levels, tuple(sorted(compared.caps)) if compared.caps else ()))

    def _number(self, finding: Finding) -> int:
        number = self._numbers.get(finding)
        if number is None:
            number = self._numbers[finding] = len(self.compared)
            levels, caps = finding
            found = [Found(name, level, "") for name, level in levels]
            self.compared.append(Compared(found, caps=frozenset(caps)))
        return number

    def known(self) -> list[Finding]:
        """Return the findings in the order of their numbers."""
        return list(self._numbers)

    def renumbered(self, others: Iterable[Finding]) -> Numbers:
        """Return the numbers that findings numbered elsewhere have here."""
        return np.array([self._number(finding) for finding in others], dtype=np.int32)

    def weights(self, model: Model) -> Floats:
        """Return how much each weighs, in bits."""
        return np.array(
            [sum(model.weight(f.field, f.level) for f in c.found) for c in self.compared],
            dtype=np.float64,
        )


class Batch(NamedTuple):
    """What was found for some videos, as it travels between processes."""

    pairs: Numbers  # how many each video has
    event: Numbers
    found: Numbers  # numbers within `findings`
    options: Numbers  # how many each pair has
    talk: Numbers
    option_found: Numbers
    findings: list[Finding]
    explained: dict[int, frozenset[str]]  # by option, where a title may name several talks
    told: list[bytes]  # by video


@dataclass(slots=True)
class Gathering:
    """A batch in the making."""

    findings: Findings = field(default_factory=Findings)
    pairs: "array[int]" = field(default_factory=lambda: array("i"))
    event: "array[int]" = field(default_factory=lambda: array("i"))
    found: "array[int]" = field(default_factory=lambda: array("i"))
    options: "array[int]" = field(default_factory=lambda: array("i"))
    talk: "array[int]" = field(default_factory=lambda: array("i"))
    option_found: "array[int]" = field(default_factory=lambda: array("i"))
    explained: dict[int, frozenset[str]] = field(default_factory=dict)
    told: list[bytes] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)  # of the findings, by number

    def weight(self, number: int, model: Model) -> float:
        """Return how much a finding weighs, in bits."""
        for compared in self.findings.compared[len(self.weights) :]:
            self.weights.append(sum(model.weight(f.field, f.level) for f in compared.found))
        return self.weights[number]

    def batch(self) -> Batch:
        """Return what was gathered."""
        return Batch(
            pairs=np.array(self.pairs, dtype=np.int32),
            event=np.array(self.event, dtype=np.int32),
            found=np.array(self.found, dtype=np.int32),
            options=np.array(self.options, dtype=np.int32),
            talk=np.array(self.talk, dtype=np.int32),
            option_found=np.array(self.option_found, dtype=np.int32),
            findings=self.findings.known(),
            explained=self.explained,
            told=self.told,
        )


def packed(told: Sequence[Told], *, tightly: bool) -> bytes:
    """Return words in little room: `tightly` in half of it, at ten times the cost."""
    if not told:
        return b""
    loose = marshal.dumps([tuple(its) for its in told])
    return _TIGHT + zlib.compress(loose, 1) if tightly else loose


def unpacked(told: bytes) -> list[Told]:
    """Return what was packed."""
    if not told:
        return []
    loose = zlib.decompress(told[1:]) if told.startswith(_TIGHT) else told
    return [Told._make(its) for its in marshal.loads(loose)]  # noqa: S302 - our own, of this run


@dataclass(frozen=True, slots=True)
class Columns:
    """What was found for all pairs."""

    pair_at: Places  # by video: where its pairs begin; one more at the end
    event: Numbers
    found: Numbers
    option_at: Places  # by pair: where its options begin; one more at the end
    talk: Numbers  # place among the event's talks, or WHOLE
    option_found: Numbers
    findings: Findings
    explained: Mapping[int, frozenset[str]]
    told: Sequence[bytes]

    @property
    def video(self) -> Places:
        """The video's place of each pair."""
        return np.repeat(np.arange(len(self.pair_at) - 1), np.diff(self.pair_at))


def gathered(batches: Iterable[Batch]) -> Columns:
    """Return batches, in the order of their videos, as columns."""
    findings = Findings()
    parts: list[list[Numbers]] = [[] for _ in range(6)]
    explained: dict[int, frozenset[str]] = {}
    told: list[bytes] = []
    options = 0
    for batch in batches:
        numbers = findings.renumbered(batch.findings)
        columns = (
            batch.pairs,
            batch.event,
            numbers[batch.found],
            batch.options,
            batch.talk,
            numbers[batch.option_found],
        )
        for part, column in zip(parts, columns, strict=True):
            part.append(column)
        explained |= {options + at: words for at, words in batch.explained.items()}
        options += len(batch.talk)
        told += batch.told
    none = [np.zeros(0, dtype=np.int32)]
    pairs, event, found, counts, talk, option_found = (np.concatenate(none + p) for p in parts)
    return Columns(
        _starts(pairs), event, found, _starts(counts), talk, option_found, findings, explained, told
    )


def _starts(counts: Numbers | Places) -> Places:
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])


def spread(some: Columns, places: Sequence[int], videos: int) -> Columns:
    """Return columns of some videos, at these places, as columns of all."""
    pairs = np.zeros(videos, dtype=np.int64)
    pairs[places] = np.diff(some.pair_at)
    told = [b""] * videos
    for place, words in zip(places, some.told, strict=True):
        told[place] = words
    return replace(some, pair_at=_starts(pairs), told=told)


def merged(one: Columns, two: Columns) -> Columns:
    """Return the pairs of both, for the same videos, in the order of the events."""
    if not len(two.event):
        return one
    numbers = one.findings.renumbered(two.findings.known())
    event = np.concatenate([one.event, two.event])
    video = np.concatenate([one.video, two.video])
    order = np.lexsort((event, video))
    sizes = np.concatenate([np.diff(one.option_at), np.diff(two.option_at)])
    starts = np.concatenate([one.option_at[:-1], two.option_at[:-1] + len(one.talk)])
    at = ranges(starts[order], sizes[order])
    back = np.empty(len(at), dtype=np.int64)
    back[at] = np.arange(len(at))
    explained = {int(back[n]): words for n, words in one.explained.items()}
    explained |= {int(back[n + len(one.talk)]): words for n, words in two.explained.items()}
    return Columns(
        one.pair_at + two.pair_at,
        event[order],
        np.concatenate([one.found, numbers[two.found]])[order],
        _starts(sizes[order]),
        np.concatenate([one.talk, two.talk])[at],
        np.concatenate([one.option_found, numbers[two.option_found]])[at],
        one.findings,
        explained,
        [
            packed(unpacked(a) + unpacked(b), tightly=a.startswith(_TIGHT)) if a and b else a or b
            for a, b in zip(one.told, two.told, strict=True)
        ],
    )
