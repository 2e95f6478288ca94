"""The desk of whoever reviews: what the pages need at once, held in memory, never stale.

In:   a database.
Out:  the queue, the catalogue of events and talks, what videos show, what editors say of
      recordings; each as of now.

Who asks gets what is there; one short question tells whether something was written since.
After an editor's act only what it touched is read again, after a run all of it: a long
queue aside, while the pages go on with what was there.  Several threads may ask: what they
get is never changed, only replaced.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from harvester.records import Reason
from harvester.review.filters import first_ruled_out
from harvester.review.missing import Coverage
from harvester.review.queue import NO_VALUE, Queue, QueueRow, level
from harvester.review.search import Catalogue
from harvester.store import reads_queue, reads_shown
from harvester.store.database import Database
from harvester.store.reads_queue import Stamp, Touched, Waiting

_MANY = 5_000  # videos, or talks, from which nobody is to wait until all are read again
_CHECKED_EVERY_S = 5  # how often so many records are asked for changes

Statuses = Mapping[tuple[str | None, str | None], str]


class Desk:
    """What the pages ask for; make one for a database, and keep it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = threading.RLock()
        self._stamp: Stamp | None = None
        self._queue = Queue([])
        self._catalogue: Catalogue | None = None
        self._entries: tuple[Any, ...] = ()
        self._has_made = False  # the catalogue has what editors made
        self._checked = 0.0  # when the records were last asked for changes
        self._coverage: Coverage | None = None
        self._statuses: Statuses | None = None
        self._linked: list[str] | None = None
        self._judged: set[str] = set()
        self._loading: dict[str, threading.Thread] = {}

    def queue(self) -> Queue:
        """Return what waits."""
        self._refresh()
        return self._queue

    def catalogue(self) -> Catalogue:
        """Return the events and talks on record.

        They may be loaded without a run, so this asks for changes; where they are many, aside
        and not each time.  What an editor has added is there at once.
        """
        with self._lock, self.database.read() as session:
            self._refresh()
            if self._catalogue is None or len(self._catalogue.talks) < _MANY:
                self._load_catalogue(session)
            elif time.monotonic() - self._checked > _CHECKED_EVERY_S:
                self._aside("catalogue", self._load_catalogue)
            catalogue = self._catalogue or Catalogue([], [])
            if not self._has_made:
                made = reads_queue.made_by_editors(session)
                self._catalogue = catalogue = catalogue.with_made(*made)
                self._has_made = True
            return catalogue

    def _load_catalogue(self, session: Any) -> None:
        stamp = reads_queue.entries_stamp(session)
        self._checked = time.monotonic()
        if stamp == self._entries:
            return
        catalogue = Catalogue(*reads_queue.entries(session))
        with self._lock:
            self._catalogue, self._entries, self._has_made = catalogue, stamp, False
            self._coverage = self._coverage and self._coverage.of(catalogue)

    def coverage(self) -> Coverage:
        """Return what available videos show by the decisions in force, of `catalogue()`."""
        with self._lock:
            self._refresh()
            catalogue = self.catalogue()
            if self._coverage is None:
                with self.database.read() as session:
                    self._coverage = Coverage(catalogue, reads_shown.shown(session))
            return self._coverage

    def statuses(self) -> Statuses:
        """Return which events (id, None) and talks (None, id) are said to have no recording."""
        with self._lock:
            self._refresh()
            if self._statuses is None:
                with self.database.read() as session:
                    self._statuses = reads_shown.statuses(session)
            return self._statuses

    def linked_by_rule(self) -> tuple[list[str], set[str]]:
        """Return the videos that a rule linked, as of the last run, and those not to be asked of.

        That are those that were judged already, or that an editor has decided since.
        """
        with self._lock:
            self._refresh()
            if self._linked is None:
                with self.database.read() as session:
                    self._linked = reads_shown.linked_by_rule(session)
                    self._judged = reads_shown.judged(session)
            return self._linked, self._judged

    def warm(self) -> None:
        """Read everything now, so that nobody waits for it: when the pages begin to be served."""
        self.queue()
        self.catalogue()
        self.coverage()
        self.statuses()
        self.linked_by_rule()

    def _refresh(self) -> None:
        with self._lock, self.database.read() as session:
            now = reads_queue.stamp(session)
            if now == self._stamp:
                return
            was = self._stamp
            if was is None or (now.run_id != was.run_id and len(self._queue) < _MANY):
                self._load(session)
                return
            if now.run_id != was.run_id:
                self._aside("queue", self._load)
            if now.acts != was.acts:
                self._follow(session, reads_queue.touched(session, was))
                self._stamp = Stamp(was.run_id, now.acts)

    def _load(self, session: Any) -> None:
        now = reads_queue.stamp(session)
        queue = Queue(map(_row, reads_queue.waiting(session)), known=self._queue)
        queue.sort()
        with self._lock:
            self._queue, self._stamp = queue, now
            self._coverage = self._statuses = self._linked = None

    def _aside(self, what: str, load: Callable[[Any], None]) -> None:
        """Read all anew in a thread: until then what was there is good enough to go on with.

        Whatever is said of a video is checked against what holds, not against this.
        """
        if what in self._loading and self._loading[what].is_alive():
            return

        def read() -> None:
            with self.database.read() as session:
                load(session)

        self._loading[what] = threading.Thread(target=read, name=f"desk: {what}", daemon=True)
        self._loading[what].start()

    def _follow(self, session: Any, touched: Touched) -> None:
        rows = [_row(each) for each in reads_queue.waiting(session, touched.videos)]
        gone = touched.videos.difference(row.video_id for row in rows)
        self._queue = self._queue.replaced(rows, gone)
        # whatever was said of a video, it is no link by rule that nobody has looked at
        self._judged = self._judged | touched.videos
        if touched.has_undone:
            self._linked = None
        if touched.has_made or touched.has_undone:
            self._has_made = False
        if touched.has_marked:
            self._statuses = None
        if self._coverage is not None and self._catalogue is not None and touched.videos:
            shown = reads_shown.shown(session, touched.videos)
            self._coverage = self._coverage.replaced(self._catalogue, touched.videos, shown)


def _row(waiting: Waiting) -> QueueRow:
    best = waiting.best
    had_some = waiting.reason not in (Reason.NO_CANDIDATE, Reason.NOT_LINKED_YET)
    reason = first_ruled_out(best.rank if best else None, had_some) or waiting.reason
    return QueueRow(
        waiting.video_id,
        waiting.title,
        waiting.published_at,
        waiting.duration_s,
        waiting.state,
        (best and best.series) or NO_VALUE,
        f"{waiting.published_at.year:04}" if waiting.published_at else NO_VALUE,
        level(best and best.probability, reason),
        reason,
        waiting.captions,
        best and best.probability,
        waiting.margin,
        waiting.candidates,
        best and best.event_id,
        best and best.event_title,
        best and best.talk_id,
        best and best.talk,
    )
