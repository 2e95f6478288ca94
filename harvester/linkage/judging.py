"""Linkings held against labels: what is right, what is wrong, and how bad that is.

In:   linkings, and labels of the same videos.
Out:  for each label and task an Answer that can be counted (measures.py), and a
      Grade that says in one word what came of the video.

Tasks are two: video to event, and video to talk.  The answer is the best
candidate, unless the outcome is `none`.

Pure: no network, no database, no clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from math import log2

from harvester.records import Candidate, Label, Linking, Outcome

FIRST = 5  # candidates that an editor looks at
_SURE = 1e-4  # no probability is taken for smaller: one video must not outweigh all others


class Task(StrEnum):
    """What is asked of a video."""

    EVENT = "event"
    TALK = "talk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a linking says to one task, and what is right."""

    video_id: str
    series: str
    language: str
    right: frozenset[str]  # empty: nothing on record is
    best: str  # of the best candidate; "" if there is none
    probability: float  # of the best candidate; 0 if there is none
    outcome: Outcome
    first: tuple[str, ...]  # the first candidates, best first

    @property
    def is_answered(self) -> bool:
        """Whether something is linked or proposed."""
        return bool(self.best) and self.outcome is not Outcome.NONE

    @property
    def is_by_rule(self) -> bool:
        """Whether the rule links it."""
        return bool(self.best) and self.outcome is Outcome.AUTO

    @property
    def is_right(self) -> bool:
        """Whether the best candidate is right."""
        return self.best in self.right


def answers(
    linkings: Mapping[str, Linking], labels: Iterable[Label], task: Task
) -> tuple[Answer, ...]:
    """Return the answers to the labels that count for a task; linkings are by video."""
    return tuple(
        _answer(linkings.get(label.video_id), label, task)
        for label in labels
        if (label.counts_for_event if task is Task.EVENT else label.counts_for_talk)
    )


def _answer(linking: Linking | None, label: Label, task: Task) -> Answer:
    candidates = linking.candidates if linking else ()
    ids = [_named(candidate, task) for candidate in candidates]
    return Answer(
        video_id=label.video_id,
        series=label.series,
        language=label.language,
        right=label.event_ids if task is Task.EVENT else label.talk_ids,
        best=ids[0] if ids else "",
        probability=candidates[0].probability if candidates else 0.0,
        outcome=linking.outcome if linking else Outcome.NONE,
        first=tuple(dict.fromkeys(filter(None, ids)))[:FIRST],
    )


def _named(candidate: Candidate, task: Task) -> str:
    return candidate.event_id if task is Task.EVENT else candidate.talk_id or ""


class Grade(IntEnum):
    """What came of a video, worst first."""

    LINKED_WRONG = 0  # the rule linked another event or talk, or one where none is right
    PROPOSED_WRONG = 1  # another event is proposed, or one where none is right
    MISSED = 2  # its event is on record, and nothing was proposed
    OTHER_TALK = 3  # the right event, but another talk is proposed
    NO_TALK = 4  # the right event, without the talk
    PROPOSED = 5  # right, for an editor to confirm
    LINKED = 6  # right, by rule
    LEFT = 7  # its event is not on record, and nothing was proposed

    @property
    def is_error(self) -> bool:
        """Whether something is wrong or lost."""
        return self < Grade.PROPOSED


def grade(linking: Linking | None, label: Label) -> Grade:
    """Return what came of a video whose event is known, or known not to be on record."""
    best = linking.candidates[0] if linking and linking.candidates else None
    outcome = linking.outcome if linking else Outcome.NONE
    if best is None or outcome is Outcome.NONE:
        return Grade.MISSED if label.event_ids else Grade.LEFT
    by_rule = outcome is Outcome.AUTO
    if best.event_id not in label.event_ids:
        return Grade.LINKED_WRONG if by_rule else Grade.PROPOSED_WRONG
    if label.counts_for_talk and (best.talk_id or "") not in (label.talk_ids or {""}):
        if best.talk_id is None:
            return Grade.NO_TALK
        return Grade.LINKED_WRONG if by_rule else Grade.OTHER_TALK
    return Grade.LINKED if by_rule else Grade.PROPOSED


def rank_of_right(linking: Linking | None, label: Label) -> int | None:
    """Return where the right event stands among the candidates; None if it does not."""
    candidates = linking.candidates if linking else ()
    return next((c.rank for c in candidates if c.event_id in label.event_ids), None)


def log_loss(linkings: Mapping[str, Linking], labels: Iterable[Label]) -> float:
    """Return how surprising the right events are, in bits a video: 0 is best.

    Of a video whose event is not on record, right is what its candidates leave over.
    """
    bits = []
    for label in labels:
        if label.counts_for_event:
            linking = linkings.get(label.video_id)
            candidates = linking.candidates if linking else ()
            if label.event_ids:
                right = sum(c.probability for c in candidates if c.event_id in label.event_ids)
            else:
                right = 1 - sum(c.probability for c in candidates)
            bits.append(-log2(min(1.0, max(_SURE, right))))
    return sum(bits) / len(bits) if bits else 0.0
