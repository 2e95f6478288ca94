"""The other side: events and talks of which there is no video yet, and which one may be it.

In:   the records, what videos show by the decisions in force, what editors say of recordings.
Out:  events without any video, or with talks that no video shows; with age and near miss.

A full recording of an event covers all its talks.  What is still to come is listed apart.
`Coverage` is pure: no database, no clock.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from harvester.records import EventStatus
from harvester.review.queue import Queue
from harvester.review.search import NEVER, Catalogue
from harvester.store import reads_cards
from harvester.store.reads_queue import EventEntry, TalkEntry
from harvester.store.reads_shown import Shown

if TYPE_CHECKING:  # it imports this module
    from harvester.review.desk import Desk

UPCOMING = "upcoming"
"""In place of a status: what has not taken place yet."""

_TALKS = 50  # talks of an event that are listed
_Counts = NDArray[np.int32]
_Mask = NDArray[np.bool_]


class NearMiss(NamedTuple):
    """The waiting video that is most likely of an event or talk."""

    video_id: str
    title: str
    probability: float


class MissingTalk(NamedTuple):
    """A talk that no available video shows."""

    talk: TalkEntry
    status: str
    near_miss: NearMiss | None


class Missing(NamedTuple):
    """An event that lacks a video, or of which talks do."""

    event: EventEntry
    has_video: bool  # some video is of it, though not of all its talks
    status: str
    age_days: int | None  # since its last day; below zero if it is to come; None: no date
    near_miss: NearMiss | None
    talks: tuple[MissingTalk, ...]  # those without a video, the first few
    talks_missing: int
    talks_on_record: int


class MissingPage(NamedTuple):
    """A page of what lacks a video, the newest first."""

    total: int
    events_without: int  # of these, events of which there is no video at all
    talks_without: int
    rows: list[Missing]
    series: list[tuple[str, int]]  # with how many events each, for the same status
    statuses: list[tuple[str, int]]
    page: int
    pages: int


class Coverage:
    """Which events and talks available videos show; never changed, `replaced` returns another."""

    def __init__(self, catalogue: Catalogue, shown: Mapping[str, tuple[Shown, ...]]) -> None:
        self.catalogue = catalogue
        self._shown = dict(shown)
        self._any = np.zeros(len(catalogue.events), dtype=np.int32)  # videos that show some of it
        self._full = np.zeros(len(catalogue.events), dtype=np.int32)  # … all of it
        self._talk = np.zeros(len(catalogue.talks), dtype=np.int32)
        self._count(catalogue, self._shown.values(), 1)

    def replaced(
        self, catalogue: Catalogue, ids: Iterable[str], shown: Mapping[str, tuple[Shown, ...]]
    ) -> "Coverage":
        """Return the coverage in which these videos show what `shown` says, or nothing."""
        ids = list(ids)
        new = object.__new__(Coverage)
        new.catalogue, new._shown = catalogue, dict(self._shown)
        new._any, new._full, new._talk = self._any.copy(), self._full.copy(), self._talk.copy()
        new._count(catalogue, (new._shown.pop(each, ()) for each in ids), -1)
        new._count(catalogue, shown.values(), 1)
        new._shown |= shown
        return new

    def of(self, catalogue: Catalogue) -> "Coverage":
        """Return the same for other records."""
        return Coverage(catalogue, self._shown)

    def missing(self, catalogue: Catalogue) -> tuple[_Mask, _Mask]:
        """Return which events have no video at all, and which talks have none."""
        return self._any == 0, (self._talk == 0) & (self._full == 0)[catalogue.host]

    def _count(self, catalogue: Catalogue, shown: Iterable[tuple[Shown, ...]], by: int) -> None:
        for links in shown:
            for event_id, talk_id, role in links:
                if (event := catalogue.event_at.get(event_id)) is not None:
                    self._any[event] += by
                    self._full[event] += by if talk_id is None and role == "full" else 0
                if talk_id is not None and (talk := catalogue.talk_at.get(talk_id)) is not None:
                    self._talk[talk] += by


def without_video(
    session: Any,
    desk: "Desk",
    *,
    today: dt.date,
    series: str | None = None,
    status: str = EventStatus.EXPECTED,
    page: int = 1,
    per_page: int = 25,
) -> MissingPage:
    """Return a page of the events and talks without a video that have this status.

    `status` is an EventStatus, or `UPCOMING`; `series` is a name, NO_VALUE, or None for all.
    """
    coverage, statuses = desk.coverage(), desk.statuses()
    catalogue = coverage.catalogue
    sides = _Sides(catalogue, coverage, statuses, today)
    shown = np.flatnonzero(sides.events_with(status))
    last = catalogue.last[shown]
    shown = shown[np.lexsort((shown, np.where(last < NEVER, -last, 1)))]  # without a date: last
    names = catalogue.series[shown]
    counted = Counter(names.tolist())
    if series is not None:
        shown = shown[names == series]
    pages = max(1, -(-len(shown) // per_page))
    page = min(max(1, page), pages)
    places = shown[(page - 1) * per_page : page * per_page].tolist()
    near = _near(session, desk.queue(), [catalogue.events[at].event_id for at in places])
    return MissingPage(
        total=len(shown),
        events_without=int(sides.no_video[shown].sum()),
        talks_without=int(sides.talks_missing(status)[shown].sum()),
        rows=[_row(sides, at, status, near, today) for at in places],
        series=sorted(counted.items(), key=lambda each: (-each[1], each[0])),
        statuses=[(each, int(sides.events_with(each).sum())) for each in (*EventStatus, UPCOMING)],
        page=page,
        pages=pages,
    )


class _Sides:
    """What is missing, by the statuses of events and talks."""

    def __init__(
        self,
        catalogue: Catalogue,
        coverage: Coverage,
        statuses: Mapping[tuple[str | None, str | None], str],
        today: dt.date,
    ) -> None:
        self.catalogue = catalogue
        self.no_video, self.no_talk = coverage.missing(catalogue)
        self._words = (*EventStatus, UPCOMING)
        place = {word: code for code, word in enumerate(self._words)}
        self.event_code = np.zeros(len(catalogue.events), dtype=np.int8)
        is_dated = catalogue.last < NEVER
        self.event_code[is_dated & (catalogue.last > today.toordinal())] = place[UPCOMING]
        talks: list[tuple[int, int]] = []
        for (event_id, talk_id), status in statuses.items():
            if event_id in catalogue.event_at:
                self.event_code[catalogue.event_at[event_id]] = place[EventStatus(status)]
            elif talk_id in catalogue.talk_at:
                talks.append((catalogue.talk_at[talk_id], place[EventStatus(status)]))
        # a talk is as its event, unless it is said of itself
        self.talk_code = self.event_code[catalogue.host]
        for at, code in talks:
            self.talk_code[at] = code

    def talks_missing(self, status: str) -> _Counts:
        """Return how many talks of each event lack a video and have this status."""
        its = self.no_talk & (self.talk_code == self._code(status))
        counted: _Counts = np.bincount(
            self.catalogue.host[its], minlength=len(self.catalogue.events)
        ).astype(np.int32)
        return counted

    def events_with(self, status: str) -> _Mask:
        """Return the events that are missing with this status, or that have such talks."""
        own = self.no_video & (self.event_code == self._code(status))
        found: _Mask = own | (self.talks_missing(status) > 0)
        return found

    def status(self, code: int) -> str:
        """Return the word for a code."""
        return str(self._words[code])

    def _code(self, status: str) -> int:
        return self._words.index(status) if status in self._words else 0


def _row(
    sides: _Sides,
    at: int,
    status: str,
    near: Mapping[tuple[str, str | None], NearMiss],
    today: dt.date,
) -> Missing:
    catalogue, event = sides.catalogue, sides.catalogue.events[at]
    its = list(catalogue.talks_of(at))
    code = sides._code(status)
    lacking = [place for place in its if sides.no_talk[place] and sides.talk_code[place] == code]
    last = int(catalogue.last[at])
    talks = (catalogue.talks[place] for place in lacking[:_TALKS])
    return Missing(
        event=event,
        has_video=not sides.no_video[at],
        status=sides.status(int(sides.event_code[at])),
        age_days=today.toordinal() - last if last < NEVER else None,
        near_miss=near.get((event.event_id, None)),
        talks=tuple(
            MissingTalk(talk, status, near.get((event.event_id, talk.talk_id))) for talk in talks
        ),
        talks_missing=len(lacking),
        talks_on_record=len(its),
    )


def _near(
    session: Any, queue: Queue, event_ids: list[str]
) -> dict[tuple[str, str | None], NearMiss]:
    """Return the best waiting video of each event (id, None) and of each talk of it."""
    found: dict[tuple[str, str | None], NearMiss] = {}
    for pair in reads_cards.candidates_of_events(session, event_ids):
        row = queue.row(pair.video_id)
        if row is None:
            continue
        miss = NearMiss(row.video_id, row.title, pair.probability)
        found.setdefault((pair.event_id, None), miss)
        if pair.talk_id:
            found.setdefault((pair.event_id, pair.talk_id), miss)
    return found
