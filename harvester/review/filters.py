"""What the queue holds of a video, what it can be narrowed by, and the words for how likely.

A filter is the query of an address, so that a page can be saved and sent.

Pure: no database, no clock.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from math import floor
from typing import NamedTuple, Self
from urllib.parse import urlencode

from harvester.records import Reason, TalkName

NO_VALUE = "-"
"""In a filter: the videos of no series, or of an unknown year."""


class State(StrEnum):
    """Why a video is in the queue."""

    WAITING = "waiting"  # no decision about it is in force
    LOOK_AGAIN = "look_again"  # an editor decided, and what he saw has changed since
    LATER = "later"  # put off until its evidence changes


class Level(StrEnum):
    """How likely the best candidate is, in a word."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    NONE = "none"  # there is no candidate


STRONG = 0.9
"""From here on a candidate is strong: at least nine of ten such are right.  The threshold of
the rule (0.95 unless set otherwise) lies above it, so that "strong" in the queue are first of
all those that missed it narrowly."""

MEDIUM = 0.5
"""From here on it is medium: more likely right than wrong.  Below it is weak."""

HELD_BACK = frozenset(
    {Reason.TIE, Reason.CONTRADICTION, Reason.TAKEN, Reason.NOT_RECORDED_YET, Reason.WEAK}
)
"""With such a reason a candidate is never strong, however likely it is by its weight."""


def percents(probability: float, digits: int = 0) -> float:
    """Return a probability in per cent, as it is shown wherever it is shown.

    Rounded down, so that what misses a threshold does not look as if it reached it.
    """
    scale = 10.0**digits
    return floor(100 * scale * probability + 1e-9) / scale


def level(probability: float | None, reason: str | None = None) -> Level:
    """Return the word for a probability; what speaks plainly against it caps it at medium."""
    if probability is None:
        return Level.NONE
    if probability >= STRONG and reason not in HELD_BACK:
        return Level.STRONG
    return Level.MEDIUM if probability >= MEDIUM else Level.WEAK


RULED_OUT = "ruled_out"
"""Why a video waits whose first candidate somebody has ruled out: the linking's reason was
about that one."""


def first_ruled_out(best_rank: int | None, had_some: bool) -> str | None:
    """Return that reason if the best candidate still open is not the first; else None."""
    return RULED_OUT if had_some and best_rank != 1 else None


class QueueRow(NamedTuple):
    """A video in the queue, with its best candidate that nobody has rejected."""

    video_id: str
    title: str
    published_at: dt.datetime | None
    duration_s: int | None
    state: str
    series: str  # of the best candidate's event; NO_VALUE if there is none
    year: str  # of the publication; NO_VALUE if it is unknown
    level: str
    reason: str  # why the rule did not link it
    captions: str  # as `caption_state` of the view `videos`
    probability: float | None
    margin: float | None  # bits ahead of the next candidate; None if there is none
    candidates: int
    best_event_id: str | None
    best_event_title: str | None
    best_talk_id: str | None
    best_talk: TalkName | None


FACETS: Mapping[str, tuple[str, ...]] = {
    "state": tuple(State),
    "level": tuple(Level),
    "reason": (*tuple(Reason), RULED_OUT),
    "series": (),  # whatever there is, the most frequent first
    "year": (),  # the newest first
    "captions": ("flag_only_yes", "flag_only_no", "unknown", "live_pending"),
}
"""What a queue can be narrowed by; the values in the order to show them in."""

ORDERS = ("quick", "newest", "oldest", "title")
_YEAR = re.compile(r"\d{4}|-")
_LONGEST = 200  # characters of what somebody looks for


@dataclass(frozen=True, slots=True)
class Filter:
    """What part of the queue somebody looks at, and in which order; None: all values."""

    state: str = State.WAITING
    series: str | None = None
    year: str | None = None
    level: str | None = None
    reason: str | None = None
    captions: str | None = None
    q: str = ""
    order: str = "quick"

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> Self:
        """Return the filter that an address holds; what it does not know it ignores."""
        wanted: dict[str, str] = {}
        for name, known in FACETS.items():
            value = given.get(name, "")[:_LONGEST]
            if value and (value in known or name == "series" or _is_year(name, value)):
                wanted[name] = value
        if given.get("order") in ORDERS:
            wanted["order"] = given["order"]
        wanted["q"] = " ".join(given.get("q", "")[:_LONGEST].split())
        return cls(**wanted)

    def query(self) -> str:
        """Return it as the query of an address; "" if everything is as by default."""
        standard = type(self)()
        chosen = {each.name: getattr(self, each.name) for each in fields(self)}
        return urlencode(
            {k: v for k, v in chosen.items() if v is not None and v != getattr(standard, k)}
        )


def _is_year(name: str, value: str) -> bool:
    return name == "year" and bool(_YEAR.fullmatch(value))
