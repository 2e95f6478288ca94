"""How much is captioned, held in memory: the view `caption_coverage`, which adds all videos up.

In:   a database.
Out:  pages of the view, as it is now.

The rows are computed once, and again after a run; after an editor's act only those that his
videos count in.  Where the videos are many, a run's rows come in a thread of their own, and
those of before are good enough until then.
"""

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

from harvester.store import reads_captions, reads_queue
from harvester.store.database import Database
from harvester.store.reads_captions import Key
from harvester.store.reads_queue import Stamp

VIEW = reads_captions.VIEW

_MANY = 5_000  # videos, from which nobody is to wait until all are added up again
_SOME = 200  # rows of an act, from which adding all up again is quicker

Row = dict[str, Any]


class _Held(NamedTuple):
    """The rows in the order of the view, and what they are as of."""

    rows: dict[Key, Row]
    order: tuple[Key, ...]
    place: dict[Key, int]
    stamp: Stamp
    events: tuple[Any, ...]


class Captions:
    """The rows of the view; make one for a database, and keep it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._loading: threading.Thread | None = None

    def page(
        self, *, limit: int, after: Sequence[Any] | None = None, scope: str | None = None
    ) -> tuple[list[Row], Sequence[Any] | None] | None:
        """Return rows, at most `limit`, after the row of that key; and where to go on.

        None if there is no such row (any more), so that only the database can say what
        comes after it.
        """
        held = self._now()
        start = 0
        if after is not None:
            place = held.place.get((after[0], after[1]))
            if place is None:
                return None
            start = place + 1
        found: list[Row] = []
        for key in held.order[start:]:
            if scope in (None, key[0]):
                if len(found) == limit:
                    return found, [found[-1]["scope"], found[-1]["key"]]
                found.append(held.rows[key])
        return found, None

    def warm(self) -> None:
        """Add everything up now, so that nobody waits for it."""
        self._now()

    def _now(self) -> _Held:
        with self._lock, self.database.read() as session:
            stamp, events = reads_queue.stamp(session), reads_queue.events_stamp(session)
            held = self._held
            if held is None:
                held = _load(session, stamp, events)
            elif stamp.run_id != held.stamp.run_id or events != held.events:
                held = self._all_again(session, held, stamp, events)
            if stamp.acts != held.stamp.acts:
                held = self._follow(session, held, stamp)
            self._held = held
            return held

    def _follow(self, session: Any, held: _Held, stamp: Stamp) -> _Held:
        touched = reads_queue.touched(session, held.stamp)
        some = reads_captions.of_videos(session, touched.videos)
        rows = {key: row for key, row in held.rows.items() if key not in some.keys}
        rows |= {(row["scope"], row["key"]): row for row in some.rows}
        order: Sequence[Key] = held.order
        if rows.keys() != held.rows.keys():
            years = [key for key in held.order if key[0] == "year"]
            order = [key for key in (*reads_captions.in_order(session), *years) if key in rows]
        # the run is still that of before: another one may be adding up
        return _ordered(rows, order, Stamp(held.stamp.run_id, stamp.acts), held.events)

    def _all_again(self, session: Any, held: _Held, stamp: Stamp, events: tuple[Any, ...]) -> _Held:
        videos = sum(row["videos"] for key, row in held.rows.items() if key[0] == "year")
        if videos < _MANY:
            return _load(session, stamp, events)
        if self._loading is None or not self._loading.is_alive():
            self._loading = threading.Thread(target=self._load_aside, name="captions", daemon=True)
            self._loading.start()
        return held

    def _load_aside(self) -> None:
        with self.database.read() as session:
            held = _load(session, reads_queue.stamp(session), reads_queue.events_stamp(session))
        with self._lock:
            self._held = held


def _load(session: Any, stamp: Stamp, events: tuple[Any, ...]) -> _Held:
    rows = {(row["scope"], row["key"]): row for row in reads_captions.all_rows(session)}
    return _ordered(rows, list(rows), stamp, events)


def _ordered(
    rows: dict[Key, Row], order: Sequence[Key], stamp: Stamp, events: tuple[Any, ...]
) -> _Held:
    place = {key: number for number, key in enumerate(order)}
    return _Held(rows, tuple(order), place, stamp, events)
