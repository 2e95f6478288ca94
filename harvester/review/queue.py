"""What waits for an editor: filtered, counted and put into an order that is quick to work off.

In:   a row for each video that waits, was put off, or changed since it was decided.
Out:  pages of a filter with the numbers beside every facet, and a video's neighbours in it.

The rows are held in columns: a click costs a few milliseconds, also with 100,000 of them.
A queue is never changed; `replaced` returns one in which some rows are others.

Pure: no database, no clock.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from harvester.errors import WrongUse
from harvester.linkage.text import fold
from harvester.records import Reason
from harvester.review.filters import (
    FACETS,
    HELD_BACK,
    MEDIUM,
    NO_VALUE,
    ORDERS,
    STRONG,
    Filter,
    Level,
    QueueRow,
    State,
    level,
)
from harvester.youtube.address import video_id as video_id_of

__all__ = [
    "FACETS",
    "HELD_BACK",
    "MEDIUM",
    "NO_VALUE",
    "ORDERS",
    "STRONG",
    "Around",
    "FacetValue",
    "Filter",
    "Found",
    "Level",
    "Queue",
    "QueueRow",
    "State",
    "level",
]


class FacetValue(NamedTuple):
    """A value to narrow the queue by, and how many videos that would leave."""

    value: str
    count: int  # type: ignore[assignment]  # instead of tuple.count, which nobody calls
    is_chosen: bool


class Found(NamedTuple):
    """A page of the queue."""

    total: int
    rows: list[QueueRow]
    facets: dict[str, list[FacetValue]]
    page: int  # from 1; the last one, if somebody asked for one behind it
    pages: int  # at least 1


class Around(NamedTuple):
    """Where a video stands in a filter; `place` counts from 1, and is 0 if it is not in it."""

    place: int
    total: int
    previous_id: str | None
    next_id: str | None


_REBUILT_FROM = 2_000  # changed rows, from which sorting all anew is quicker
_KEPT = 32  # filters whose videos are remembered

_Key = Callable[[QueueRow, str], Any]
Places = NDArray[np.int32]
_Mask = NDArray[np.bool_]


class Queue:
    """The rows in columns."""

    def __init__(self, rows: Iterable[QueueRow], *, known: "Queue | None" = None) -> None:
        """Make columns of the rows; `known` is an earlier queue, whose work is used again."""
        self._rows = list(rows)
        self._place = {row.video_id: place for place, row in enumerate(self._rows)}
        self._texts = [_text(row, known) for row in self._rows]
        self._words: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        self._codes = {name: self._coded(name, self._rows) for name in FACETS}
        self._is_there: _Mask = np.ones(len(self._rows), dtype=np.bool_)
        self._orders: dict[str, Places] = {}
        self._matching: dict[Filter, Places] = {}

    def __len__(self) -> int:
        return int(self._is_there.sum())

    def __contains__(self, video_id: object) -> bool:
        return isinstance(video_id, str) and self.row(video_id) is not None

    def row(self, video_id: str) -> QueueRow | None:
        """Return the row of a video; None if it is not in the queue."""
        place = self._place.get(video_id)
        return self._rows[place] if place is not None and self._is_there[place] else None

    def named(self, typed: str) -> QueueRow | None:
        """Return the row of the video whose id or address was typed; None if it is not here."""
        return self.row(_named(typed))

    def rows(self, wanted: Filter) -> list[QueueRow]:
        """Return all rows of a filter, in its order."""
        return [self._rows[place] for place in self._matches(wanted)]

    def sort(self) -> None:
        """Put the rows into every order now, so that no page waits for it."""
        for name in ORDERS:
            self._sorted(name)

    def find(self, wanted: Filter, *, page: int = 1, per_page: int = 50) -> Found:
        """Return a page of a filter, with the numbers of all facets."""
        matching = self._matches(wanted)
        pages = max(1, -(-len(matching) // per_page))
        page = min(max(1, page), pages)
        shown = matching[(page - 1) * per_page : page * per_page]
        rows = [self._rows[place] for place in shown]
        return Found(len(matching), rows, self._facets(wanted), page, pages)

    def around(self, wanted: Filter, video_id: str) -> Around:
        """Return a video's place in a filter, and who comes before and after it.

        Of a video that is not in the filter (any more) the next one is the first.
        """
        matching = self._matches(wanted)
        total = len(matching)
        own = self._place.get(video_id, -1)
        [at] = np.nonzero(matching == own)
        if not len(at):
            return Around(0, total, None, self._id(matching, 0))
        place = int(at[0])
        return Around(
            place + 1, total, self._id(matching, place - 1), self._id(matching, place + 1)
        )

    def replaced(self, changed: Iterable[QueueRow], gone: Collection[str] = ()) -> "Queue":
        """Return a queue with these rows instead of those of the same videos, and without some."""
        new_rows = {row.video_id: row for row in changed}
        touched = {*new_rows, *gone}
        if len(new_rows) > _REBUILT_FROM:
            kept = (self._rows[place] for place in np.flatnonzero(self._is_there))
            others = (row for row in kept if row.video_id not in touched)
            return Queue([*others, *new_rows.values()], known=self)
        return self._patched(new_rows, touched)

    def _patched(self, new_rows: Mapping[str, QueueRow], touched: set[str]) -> "Queue":
        patched = object.__new__(Queue)
        added = [row for name, row in new_rows.items() if name not in self._place]
        start = len(self._rows)
        patched._rows = [*self._rows, *added]
        patched._place = self._place | {r.video_id: start + n for n, r in enumerate(added)}
        patched._texts = [*self._texts, *(_text(row, self) for row in added)]
        patched._words = {name: dict(words) for name, words in self._words.items()}
        patched._codes = {
            name: np.concatenate([codes, patched._coded(name, added)])
            for name, codes in self._codes.items()
        }
        patched._is_there = np.concatenate([self._is_there, np.ones(len(added), dtype=np.bool_)])
        for video_id in touched:
            if (place := patched._place.get(video_id)) is not None:
                patched._put(place, new_rows.get(video_id))
        places = {patched._place[name] for name in touched if name in patched._place}
        patched._orders = {
            name: patched._resorted(name, order, places) for name, order in self._orders.items()
        }
        patched._matching = {}
        return patched

    def _put(self, place: int, row: QueueRow | None) -> None:
        self._is_there[place] = row is not None
        if row is None:
            return
        self._rows[place] = row
        self._texts[place] = _text(row, None)
        for name in FACETS:
            self._codes[name][place] = self._coded(name, [row])[0]

    def _resorted(self, name: str, order: Places, places: set[int]) -> Places:
        kept = order[~np.isin(order, list(places))]
        put = sorted(
            (place for place in places if self._is_there[place]),
            key=lambda place: self._key(name, place),
        )
        at = [
            bisect_left(kept, self._key(name, place), key=lambda p: self._key(name, p))
            for place in put
        ]
        merged: Places = np.insert(kept, at, put)
        return merged

    def _coded(self, name: str, rows: Iterable[QueueRow]) -> Places:
        words, field = self._words[name], QueueRow._fields.index(name)
        values = (str(row[field]) for row in rows)
        return np.array([words.setdefault(each, len(words)) for each in values], dtype=np.int32)

    def _key(self, order: str, place: int) -> Any:
        return _KEYS[order](self._rows[place], self._texts[place])

    def _sorted(self, name: str) -> Places:
        if name not in self._orders:
            keys = list(map(_KEYS[name], self._rows, self._texts))
            order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int32)
            self._orders[name] = order[self._is_there[order]] if len(order) else order
        return self._orders[name]

    def _matches(self, wanted: Filter) -> Places:
        if wanted not in self._matching:
            mask = np.logical_and.reduce([self._searched(wanted.q), *self._masks(wanted).values()])
            order = self._sorted(wanted.order)
            if len(self._matching) >= _KEPT:
                self._matching = {}
            self._matching[wanted] = order[mask[order]]
        return self._matching[wanted]

    def _masks(self, wanted: Filter) -> dict[str, _Mask]:
        """Return for each facet that a value is chosen of which rows have it."""
        return {
            name: self._codes[name] == self._words[name].get(value, -1)
            for name in FACETS
            if (value := getattr(wanted, name)) is not None
        }

    def _searched(self, q: str) -> _Mask:
        """Return the rows that are there and hold all words that are looked for."""
        if not q:
            return self._is_there
        named = self._place.get(_named(q), -1)
        if named >= 0:
            mask = np.zeros(len(self._rows), dtype=np.bool_)
            mask[named] = True
            return mask & self._is_there
        first, *others = fold(q).split() or [""]
        mask = np.fromiter((first in text for text in self._texts), np.bool_, len(self._texts))
        mask &= self._is_there
        for word in others:
            for place in np.flatnonzero(mask):
                mask[place] = word in self._texts[place]
        return mask

    def _facets(self, wanted: Filter) -> dict[str, list[FacetValue]]:
        """Return the values of each facet, with how many rows each leaves beside the others."""
        masks, searched = self._masks(wanted), self._searched(wanted.q)
        found: dict[str, list[FacetValue]] = {}
        for name in FACETS:
            others = [mask for facet, mask in masks.items() if facet != name]
            codes = self._codes[name][np.logical_and.reduce([searched, *others])]
            words = self._words[name]
            counts = np.bincount(codes, minlength=len(words)).tolist()
            chosen = getattr(wanted, name)
            values = [
                FacetValue(word, counts[code], word == chosen)
                for word, code in words.items()
                if counts[code] or word == chosen
            ]
            if chosen is not None and chosen not in words:
                values.append(FacetValue(chosen, 0, is_chosen=True))
            found[name] = sorted(values, key=_place_of(name))
        return found

    def _id(self, places: Places, at: int) -> str | None:
        return self._rows[places[at]].video_id if 0 <= at < len(places) else None


def _named(q: str) -> str:
    """Return the id of the video that somebody pasted; "" if it is none."""
    try:
        return video_id_of(q)
    except WrongUse:
        return ""


def _text(row: QueueRow, known: Queue | None) -> str:
    """Return what can be looked for in a row, folded; its title comes first."""
    if known is not None and (place := known._place.get(row.video_id)) is not None:
        was = known._rows[place]
        if (was.title, was.best_event_title) == (row.title, row.best_event_title):
            return known._texts[place]
    return fold(f"{row.title} {row.best_event_title or ''}")


def _place_of(facet: str) -> Callable[[FacetValue], Any]:
    """Return what the values of a facet are sorted by."""
    if facet == "series":
        return lambda each: (each.value == NO_VALUE, -each.count, each.value)
    if facet == "year":
        return lambda each: (each.value == NO_VALUE, -int(each.value.replace(NO_VALUE, "0")))
    order = {value: place for place, value in enumerate(FACETS[facet])}
    return lambda each: order.get(each.value, len(order))


# --- orders -------------------------------------------------------------------

_SOONEST: Mapping[
    str, int
] = {  # by how soon a person knows the answer, apart from those that are nearly sure
    Reason.PROPOSED: 0,
    Reason.DOUBTFUL: 1,
    Reason.TAKEN: 1,
    Reason.TIE: 2,
    Reason.CONTRADICTION: 3,
    Reason.WEAK: 4,
}
_LAST = 5


def _quick(row: QueueRow, text: str) -> tuple[int, int, float, float, str]:
    """First what missed the threshold narrowly, then few candidates, ties, …, none last."""
    if row.probability is None:
        return (_LAST, 0, 0.0, -_seconds(row), row.video_id)
    group = 0 if row.level == Level.STRONG else _SOONEST.get(row.reason, 4)
    few = row.candidates if group == 1 else 0
    return (group, few, -row.probability, -_seconds(row), row.video_id)


def _seconds(row: QueueRow) -> float:
    return row.published_at.timestamp() if row.published_at else 0.0


_KEYS: Mapping[str, _Key] = {
    "quick": _quick,
    "newest": lambda row, text: (-_seconds(row), row.video_id),
    "oldest": lambda row, text: (row.published_at is None, _seconds(row), row.video_id),
    "title": lambda row, text: (text, row.video_id),
}
