"""Which pairs of video and event are worth comparing, and with which talks.

In:   features of videos and events.
Out:  for each video, the events that share rare words with it, and for each of
      these pairs the talks of the event that come nearest to the title.

Words are keys; so are the ends of longer words (typos, compounds), and a word
of a name together with a year.  A key that too many events or talks have is not
followed, and each video keeps only its best few, so the cost grows with the
number of videos and hardly with that of events.  Overlaps are products of
sparse matrices, weighted by rarity (overlaps.py).

Pure: no network, no database, no clock.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np

from harvester.linkage import text
from harvester.linkage.dates import Dates
from harvester.linkage.features import EventFeatures, TalkFeatures, VideoFeatures
from harvester.linkage.model import Model
from harvester.linkage.overlaps import Entries, Programme, Side, combined

_END = 0.3  # what the end of a word is worth, beside the word
_EARLY = 60  # days before an event's beginning from which on a video cannot show it
_MISSING = 0.25  # what a word that the title lacks takes away, of what it would add


@dataclass(frozen=True, slots=True)
class Pair:
    """An event worth comparing with a video, and the talks of it that come nearest."""

    event: int
    talks: tuple[int, ...]  # places within the event's talks
    share: float = 1.0  # of what the nearest event has in common with the video


class Index:
    """All events and talks by their keys; made once, asked for many videos."""

    def __init__(self, events: Sequence[EventFeatures], model: Model) -> None:
        self._limits = model.blocking
        numbers = _Numbers()
        of_events, of_talks = Entries(), Entries()
        for event in events:
            of_events.add(_event_keys(event, numbers))
        # most words of descriptions are in no name: few keys are soon looked up
        self._of_events: Mapping[str, int] = dict(numbers.words)
        for talk in chain.from_iterable(event.talks for event in events):
            of_talks.add({numbers.words[key]: share for key, share in _talk_keys(talk).items()})
        self._words: Mapping[str, int] = dict(numbers.words)
        self._dated: Mapping[int, Mapping[int, int]] = dict(numbers.dated)
        talks = np.array([len(event.talks) for event in events], dtype=np.int64)
        event_of_talk = np.repeat(np.arange(len(events)), talks)
        columns = numbers.next()
        by_talk = of_talks.matrix(columns)
        most = self._limits.max_key_share
        self._event_of_talk = event_of_talk
        begins = np.array([_begins(event) for event in events], dtype=np.int64)
        self._events = Side(of_events.matrix(columns), most, 0.0, begins)
        self._talks = Side(by_talk, most, _MISSING, begins[event_of_talk])
        self._programme = Programme(by_talk, talks, self._limits.talks_an_event)

    def near(self, videos: Sequence[VideoFeatures]) -> list[list[Pair]]:
        """Return for each video the events worth comparing, nearest first, with their talks."""
        keys = [self._keys(video) for video in videos]
        days = np.array([_ends(video) for video in videos], dtype=np.int64)
        events = self._events.best([its for its, _ in keys], days, self._limits.events_a_video)
        talks = self._talks.best([its for _, its in keys], days, self._limits.talks_a_video)
        near = combined(events, talks, self._event_of_talk, len(keys))
        return self._with_talks(near, [its for _, its in keys])

    def with_talks(self, video: VideoFeatures, events: Iterable[int]) -> list[Pair]:
        """Return events found for a video, with the talks of these that come nearest."""
        near = [(event, 1.0) for event in sorted(events)]
        [found] = self._with_talks([near], [self._talk_keys(video)])
        return found

    def _with_talks(
        self, near: Sequence[Sequence[tuple[int, float]]], keys: Sequence[Sequence[int]]
    ) -> list[list[Pair]]:
        nearest = self._programme.nearest([[event for event, _ in its] for its in near], keys)
        return [
            [Pair(event, talks, share) for (event, share), talks in zip(its, of, strict=True)]
            for its, of in zip(near, nearest, strict=True)
        ]

    def _keys(self, video: VideoFeatures) -> tuple[set[int], list[int]]:
        """Return the keys of a video that events have, and those that talks have."""
        of_talks = self._talk_keys(video)
        keys = set(of_talks)
        for _, terms, _ in video.playlists:
            keys.update(_known(self._of_events, terms))
        years = video.dates.years
        if not years and video.published:
            years = frozenset((video.published.year, video.published.year - 1))
        by_year = filter(None, map(self._dated.get, keys))
        keys.update([its[year] for its in by_year for year in years if year in its])
        keys.update(_known(self._of_events, _described(video)))
        return keys, of_talks

    def _talk_keys(self, video: VideoFeatures) -> list[int]:
        keys = set(chain.from_iterable(map(text.ends, video.present)))
        keys.update(video.terms, (f"={kind}" for kind in video.kinds), _counted(video.dates))
        return list(_known(self._words, keys))


class _Numbers:
    """The numbers of keys: of words, and of words with a year.  No key has the number 0."""

    def __init__(self) -> None:
        self.next = count(1).__next__
        self.words: defaultdict[str, int] = defaultdict(self.next)
        self.dated: defaultdict[int, defaultdict[int, int]] = defaultdict(
            lambda: defaultdict(self.next)
        )


def _known(numbers: Mapping[str, int], keys: Iterable[str]) -> Iterable[int]:
    """Return the numbers of the keys that have one."""
    return filter(None, map(numbers.get, keys))


def _begins(event: EventFeatures) -> int:
    return event.first.toordinal() if event.first else 0


def _ends(video: VideoFeatures) -> int:
    """Return the last day on which an event may begin that the video shows; records may err."""
    return video.published.toordinal() + _EARLY if video.published else dt.date.max.toordinal()


def _event_keys(event: EventFeatures, numbers: _Numbers) -> dict[int, float]:
    keys: dict[int, float] = {}
    words, dated = numbers.words, numbers.dated
    for word in event.name_words.union(n.joined for n in event.names if len(n.telling) < 4):
        number = words[word]
        keys[number] = 1.0
        for year in event.years:
            keys[dated[number][year]] = 1.0
        for end in text.ends(word):
            keys.setdefault(words[end], _END)
    for word in event.city:
        keys.setdefault(words[word], 0.5)
    if event.url:
        keys[words[event.url]] = 4.0
    return keys


def _described(video: VideoFeatures) -> set[str]:
    """Return the words of the description's first lines, and the addresses in it."""
    first = video.first_lines
    found = {*first, *text.joined(first, 2)}
    if video.description_urls:
        found |= {
            a.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/.,)")
            for a in video.description_urls.split()
            if "/" in a
        }
    return found


def _talk_keys(talk: TalkFeatures) -> dict[str, float]:
    keys: dict[str, float] = {}
    for title in talk.titles:
        for word in title.telling:
            keys[word] = 1.0
            for end in text.ends(word):
                keys.setdefault(end, _END)
    for person in talk.speakers[:5]:
        for word in person:
            keys.setdefault(word, 0.7)
    for kind in talk.kinds:
        keys[f"={kind}"] = 0.7
    for counted in _counted(talk.dates):
        keys[counted] = 1.0
    return keys


def _counted(dates: Dates) -> list[str]:
    """Return keys for which part and day a title names."""
    found = [("part", dates.part), ("day", dates.day_number)]
    return [f"={unit} {number}" for unit, number in found if number]
