"""Finding an event or talk on record: by words, a date, an id, or a pasted address.

In:   the events and talks on record, and what somebody typed.
Out:  events, each with those of its talks that were found, the best first.

All words must be there, in an event, or in a talk together with its event; a word may be a
part of a longer one, for German writes compounds as one.  Words are folded as the linkage
folds them.  Everything is held in memory: 10,000 events with 100,000 talks answer within
milliseconds.

`Catalogue` is pure: no database, no clock.
"""

import copy
import datetime as dt
from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from harvester.errors import WrongUse
from harvester.linkage.dates import find as find_dates
from harvester.linkage.features import page
from harvester.linkage.text import fold, runs
from harvester.records import first_day, last_day
from harvester.review.queue import NO_VALUE
from harvester.store import reads_cards
from harvester.store.reads_queue import EventEntry, TalkEntry
from harvester.youtube.address import video_id as video_id_of

_LONGEST = 200  # characters of what somebody looks for
_MOST_WORDS = 8
_PART = 3  # letters, from which a word may be a part of another; shorter ones begin it
_TALKS = 10  # talks of an event that are listed

_Mask = NDArray[np.bool_]
_Days = NDArray[np.int32]


class Hit(NamedTuple):
    """An event that was found, and those of its talks that were (the first few)."""

    event: EventEntry
    talks: tuple[TalkEntry, ...]
    how: str  # words, date, id, address, video


class Catalogue:
    """The events and talks on record, in columns: for finding them, and what lacks a video."""

    def __init__(self, events: Sequence[EventEntry], talks: Sequence[TalkEntry]) -> None:
        self.events, self.talks = events, talks
        self.event_at = {event.event_id: at for at, event in enumerate(events)}
        self.talk_at = {talk.talk_id: at for at, talk in enumerate(talks)}
        self.host = np.array([self.event_at[talk.event_id] for talk in talks], dtype=np.int32)
        self.series = np.array([each.series or NO_VALUE for each in events], dtype=object)
        self.first, self.last = _days([_event_days(each) for each in events])
        held = [(each.held_on, each.held_on) for each in talks]
        self._talk_first, self._talk_last = _days(held)
        self._event_words = _Words(map(_of_event, events))
        self._talk_words = _Words(map(_of_talk, talks))
        self._pages = {page(event.url): event.event_id for event in events if event.url}
        self._made: Catalogue | None = None
        self._gone: frozenset[int] = frozenset()

    def with_made(self, made: Sequence[EventEntry], withdrawn: Iterable[str]) -> "Catalogue":
        """Return the same with events that editors have made since, and without some.

        They are found like all others, at no cost for these.
        """
        new = copy.copy(self)
        new._made = Catalogue([each for each in made if each.event_id not in self.event_at], [])
        new._gone = frozenset(self.event_at[each] for each in withdrawn if each in self.event_at)
        return new

    def event(self, event_id: str) -> EventEntry | None:
        """Return an event on record."""
        at = self.event_at.get(event_id)
        if at is not None:
            return None if at in self._gone else self.events[at]
        return self._made.event(event_id) if self._made else None

    def talks_of(self, event_at: int) -> range:
        """Return the places of an event's talks; they lie side by side."""
        low, high = np.searchsorted(self.host, [event_at, event_at + 1])
        return range(int(low), int(high))

    def find(self, typed: str, *, limit: int = 20) -> list[Hit]:
        """Return what somebody looks for, the best first; nothing for nothing."""
        typed = " ".join(typed[:_LONGEST].split())
        if not typed:
            return []
        if hits := self.hits([typed], "id"):
            return hits
        for its in (self, self._made):
            if its and (event_id := its._pages.get(page(typed))):
                return self.hits([event_id], "address")
        words, span = _asked(typed)
        if not words and span is None:
            return []
        made = self._made._found(words, span, limit) if self._made else []
        return [*made, *self._found(words, span, limit)][:limit]

    def hits(self, event_ids: Iterable[str], how: str) -> list[Hit]:
        """Return events by their ids; those that are not on record are left out."""
        found = map(self.event, dict.fromkeys(event_ids))
        return [Hit(event, (), how) for event in found if event is not None]

    def _found(
        self, words: Sequence[str], span: tuple[dt.date, dt.date] | None, limit: int
    ) -> list[Hit]:
        in_events = np.ones(len(self.events), dtype=np.bool_)
        in_talks = np.ones(len(self.talks), dtype=np.bool_)
        by_itself = np.zeros(len(self.talks), dtype=np.bool_)  # the talk has a word of its own
        whole = np.zeros(len(self.events), dtype=np.int32)  # words that are no part of longer ones
        for word in words:
            event_has, exactly = self._event_words.having(word)
            talk_has, _ = self._talk_words.having(word)
            in_events &= event_has
            whole += exactly
            in_talks &= talk_has | event_has[self.host]
            by_itself |= talk_has
        if span is not None:
            event_on = _meet(self.first, self.last, span)
            talk_on = _meet(self._talk_first, self._talk_last, span)
            is_dated = self._talk_first < NEVER
            in_events &= event_on
            in_talks &= np.where(is_dated, talk_on, event_on[self.host])
            by_itself |= is_dated & in_talks if not words else False
        in_talks &= by_itself
        found = in_events.copy()
        found[self.host[in_talks]] = True
        found[list(self._gone)] = False
        places = np.flatnonzero(found)
        # events by their own words before those of which only a talk was found; newest first
        order = np.lexsort((-self.first[places], -whole[places], ~in_events[places]))
        how = "words" if words else "date"
        talks_found = np.flatnonzero(in_talks)
        hosts = self.host[talks_found]
        hits = []
        for at in places[order[:limit]].tolist():
            low, high = np.searchsorted(hosts, [at, at + 1])
            its = talks_found[low : min(high, low + _TALKS)]
            hits.append(Hit(self.events[at], tuple(self.talks[place] for place in its), how))
        return hits


def events(session: Any, catalogue: Catalogue, typed: str, *, limit: int = 20) -> list[Hit]:
    """Return what somebody looks for; the address of a YouTube video finds its event, too.

    That is the event that the video shows by the decision in force, or its candidates.
    """
    if "youtu" in typed.casefold():
        try:
            video_id = video_id_of(typed)
        except WrongUse:
            return catalogue.find(typed, limit=limit)
        return catalogue.hits(reads_cards.events_of_video(session, video_id), "video")[:limit]
    return catalogue.find(typed, limit=limit)


# --- words ----------------------------------------------------------------------


class _Words:
    """Which words stand in which texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        found: dict[str, array[int]] = {}
        self._count = 0
        for place, text in enumerate(texts):
            self._count += 1
            for word in set(runs(text)):
                if (places := found.get(word)) is None:
                    places = found[word] = array("i")
                places.append(place)
        self._places = found
        self._listed = "\n" + "\n".join(found) + "\n"

    def having(self, word: str) -> tuple[_Mask, _Mask]:
        """Return which texts have a word, also as a part of another, and which have it as it is."""
        within, whole = (np.zeros(self._count, dtype=np.bool_) for _ in range(2))
        looked_for = word if len(word) >= _PART else f"\n{word}"
        listed, at = self._listed, self._listed.find(looked_for)
        while at >= 0:
            start = listed.rfind("\n", 0, at + 1) + 1
            end = listed.find("\n", max(start, at + 1))
            within[np.frombuffer(self._places[listed[start:end]], dtype=np.int32)] = True
            at = listed.find(looked_for, end)
        if (places := self._places.get(word)) is not None:
            whole[np.frombuffer(places, dtype=np.int32)] = True
        return within, whole


def _of_event(event: EventEntry) -> str:
    parts = (event.title, *event.aliases, event.series, event.city, event.start_on, event.end_on)
    return fold(" ".join(part for part in parts if part))


def _of_talk(talk: TalkEntry) -> str:
    return fold(" ".join([talk.title or "", *talk.aliases, *talk.speakers]))


# --- dates ----------------------------------------------------------------------

NEVER = dt.date.max.toordinal()
"""The day of what has no date."""


def _asked(typed: str) -> tuple[list[str], tuple[dt.date, dt.date] | None]:
    """Return the words that are looked for, and the days, if what is typed is nothing but a date.

    A date among words is words: "Barcamp 2023" is looked for as it stands.
    """
    folded = fold(typed)
    if span := _date(folded):
        return [], span
    return list(dict.fromkeys(runs(folded)))[:_MOST_WORDS], None


def _date(folded: str) -> tuple[dt.date, dt.date] | None:
    if any(len(word) > 2 and word.isalpha() for word in runs(folded)):
        months = find_dates(folded).months
        spans = find_dates(folded).spans
        if len(runs(folded)) > 3 or not (months or spans):
            return None
    for length in (4, 7, 10):
        if len(folded) == length:
            try:
                return first_day(folded), last_day(folded)
            except ValueError:
                break
    found = find_dates(folded)
    if found.spans:
        return found.spans[0]
    if found.months:
        year, month = found.months[0]
        return first_day(f"{year}-{month:02}"), last_day(f"{year}-{month:02}")
    return None


def _event_days(event: EventEntry) -> tuple[str | None, str | None]:
    return event.start_on or event.end_on, event.end_on or event.start_on


def _days(spans: Collection[tuple[str | None, str | None]]) -> tuple[_Days, _Days]:
    """Return the first and the last days of partial dates, as ordinals."""
    first = [first_day(start).toordinal() if start else NEVER for start, _ in spans]
    last = [last_day(end).toordinal() if end else NEVER for _, end in spans]
    return np.array(first, dtype=np.int32), np.array(last, dtype=np.int32)


def _meet(first: _Days, last: _Days, span: tuple[dt.date, dt.date]) -> _Mask:
    meets: _Mask = (first <= span[1].toordinal()) & (last >= span[0].toordinal())
    return meets & (first < NEVER)
