"""Slowing down who guesses passwords.  Pure: a book of failures, kept small.

Three things are counted: a name from a place, a place with any name, and a name from
any place.  The first failures cost nothing; then each makes the next try wait longer,
up to a bound: nobody is locked out for good.  A try while waiting is not looked at and
does not make the wait longer.  Where a user once signed in from, guesses from elsewhere
do not count against that user.
"""

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass

ENTRIES = 4096
"""How many counts are kept of each kind; the one touched longest ago goes first."""

FORGET = dt.timedelta(minutes=30)
"""After so long without a failure all is forgotten."""


@dataclass(frozen=True, slots=True)
class _Rule:
    free: int  # failures that cost nothing
    longest_s: int


_PAIR = _Rule(free=3, longest_s=60)
_PLACE = _Rule(free=20, longest_s=60)
_NAME = _Rule(free=50, longest_s=10)


@dataclass(slots=True)
class _Count:
    failures: int
    last: dt.datetime


class _Book:
    def __init__(self, rule: _Rule) -> None:
        self._rule = rule
        self._counts: OrderedDict[tuple[str, ...], _Count] = OrderedDict()

    def wait_s(self, key: tuple[str, ...], now: dt.datetime) -> float:
        count = self._counts.get(key)
        if count is None or now - count.last > FORGET or count.failures <= self._rule.free:
            return 0
        penalty = min(1 << min(count.failures - self._rule.free, 16), self._rule.longest_s)
        return max(0.0, penalty - (now - count.last).total_seconds())

    def fail(self, key: tuple[str, ...], now: dt.datetime) -> None:
        count = self._counts.pop(key, None)
        if count is None or now - count.last > FORGET:
            count = _Count(0, now)
        count.failures, count.last = count.failures + 1, now
        self._counts[key] = count
        if len(self._counts) > ENTRIES:
            self._counts.popitem(last=False)

    def forgive(self, key: tuple[str, ...]) -> None:
        self._counts.pop(key, None)

    def take_back(self, key: tuple[str, ...]) -> None:
        if count := self._counts.get(key):
            count.failures -= 1

    def __len__(self) -> int:
        return len(self._counts)


class Throttle:
    """The failures of late."""

    def __init__(self) -> None:
        self._pairs, self._places, self._names = _Book(_PAIR), _Book(_PLACE), _Book(_NAME)
        self._at_home: OrderedDict[tuple[str, str], None] = OrderedDict()

    def wait_s(self, name: str, place: str, now: dt.datetime) -> float:
        """Return for how many seconds no further try is looked at; 0: at once."""
        name = _short(name)
        waits = [self._pairs.wait_s((name, place), now), self._places.wait_s((place,), now)]
        if (name, place) not in self._at_home:
            waits.append(self._names.wait_s((name,), now))
        return max(waits)

    def failed(self, name: str, place: str, now: dt.datetime) -> None:
        """Count a failure, before the password is looked at: tries at once all count."""
        name = _short(name)
        self._pairs.fail((name, place), now)
        self._places.fail((place,), now)
        self._names.fail((name,), now)

    def succeeded(self, name: str, place: str) -> None:
        """Forgive this user at this place; what others failed at there still counts."""
        name = _short(name)
        self._pairs.forgive((name, place))
        self._places.take_back((place,))
        self._names.take_back((name,))
        self._at_home[name, place] = None
        self._at_home.move_to_end((name, place))
        if len(self._at_home) > ENTRIES:
            self._at_home.popitem(last=False)

    def size(self) -> int:
        """Return how many counts are kept."""
        return sum(map(len, (self._pairs, self._places, self._names))) + len(self._at_home)


def _short(name: str) -> str:
    return name.strip().casefold()[:60]
