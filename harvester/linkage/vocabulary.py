"""How rare words are in one installation, and where names and persons occur.

In:   features of all videos, events and talks.
Out:  the bits of a word: log2 of one over the share of texts that hold it, so
      that a word of half the titles tells 1 bit and a rare one many; the names
      of events and the persons that a title holds.

With few texts nobody knows how rare a word is: it is believed to stand in one
of 1/_PRIOR_SHARE titles until _PRIOR_TEXTS of them say otherwise.

Pure: no network, no database, no clock.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from itertools import chain
from typing import NamedTuple

from harvester.linkage.features import EventFeatures, Phrase, VideoFeatures
from harvester.linkage.model import Model

_PRIOR_TEXTS = 32
_PRIOR_SHARE = 1 / 256


class Counts(NamedTuple):
    """How many titles hold each word."""

    videos: int
    words: Counter[str]
    unexplained: Counter[str]  # of names, where no whole name accounts for them


class Words:
    """How much a word tells, in an installation's own titles."""

    def __init__(
        self,
        events: Sequence[EventFeatures],
        model: Model,
    ) -> None:
        self._stop, self._common = model.words("stop"), model.words("common")
        self._common_bits = model.common_word_bits
        self._in_videos: Counter[str] = Counter()
        self._in_talks: Counter[str] = Counter()
        self._in_events: Counter[str] = Counter()
        self._unexplained: Counter[str] = Counter()
        self.videos = self.talks = 0
        for event in events:
            self._in_events.update(event.name_words)
            for talk in event.talks:
                self.talks += 1
                self._in_talks.update({w for title in talk.titles for w in title.telling})
        self.events = len(events)
        people = (w for e in events for t in e.talks for p in t.speakers for w in p)
        joined = (n.joined for e in events for n in e.names if len(n.telling) < 4)
        self._on_record = frozenset(chain(self._in_talks, self._in_events, people, joined))
        self._in_names = frozenset(self._in_events)
        self._forget()

    def _forget(self) -> None:
        # called a hundred times for each video: looking up is all that happens then
        self.bits: Callable[[str], float] = _Kept(self._bits).__getitem__
        self.name_bits: Callable[[str], float] = _Kept(self._name_bits).__getitem__

    def count(self, videos: Sequence[VideoFeatures], names: "NameIndex") -> "Counts":
        """Count the words of titles, and those that no event's whole name in them accounts for.

        A name that many videos show is not less telling for it; a word that
        videos use outside of names is.
        """
        words, unexplained = list[str](), list[str]()
        for video in videos:
            terms = video.terms
            words += (terms & self._on_record) | video.present
            of_names = terms & self._in_names
            if of_names:
                unexplained += of_names.difference(*(p.key for p in names.within(video)))
        return Counts(len(videos), Counter(words), Counter(unexplained))

    def add(self, counts: "Counts") -> None:
        """Take counts of titles into account."""
        self.videos += counts.videos
        self._in_videos.update(counts.words)
        self._unexplained.update(counts.unexplained)
        self._forget()

    def is_stop(self, word: str) -> bool:
        """Return whether a word tells nothing."""
        return word in self._stop

    def is_common(self, word: str) -> bool:
        """Return whether a word is in everybody's titles, by the lists of the model."""
        return word in self._common or word in self._stop or word.isdigit()

    def _bits(self, word: str) -> float:
        """Return how much a word tells in a talk's title, in bits."""
        share = max(
            _share(self._in_videos[word] - 1, self.videos),
            _share(self._in_talks[word] - 1, self.talks),
            _share(self._in_events[word], self.events),
        )
        return self._limited(word, share)

    def _name_bits(self, word: str) -> float:
        """Return how much a word tells in an event's name, in bits."""
        share = max(
            _share(self._unexplained[word], self.videos),
            _share(self._in_talks[word], self.talks),
            _share(self._in_events[word] - 1, self.events),
        )
        return self._limited(word, share)

    def _limited(self, word: str, share: float) -> float:
        if word in self._stop:
            return 0.0
        bits = -math.log2(share)
        if len(word) == 1:
            bits /= 2
        return min(bits, self._common_bits) if word in self._common else bits


class _Kept(dict[str, float]):
    """Values that are made when they are first asked for."""

    def __init__(self, make: Callable[[str], float]) -> None:
        self._make = make

    def __missing__(self, word: str) -> float:
        value = self[word] = self._make(word)
        return value


def _share(count: int, of: int) -> float:
    return (max(count, 0) + _PRIOR_TEXTS * _PRIOR_SHARE) / (of + _PRIOR_TEXTS)


class NameIndex:
    """All names of events, to find those that stand wholly in a title."""

    def __init__(self, events: Sequence[EventFeatures], words: Words) -> None:
        self._words = words
        self.holders: Counter[frozenset[str]] = Counter()  # how many events have a name
        self._by_word: defaultdict[str, dict[frozenset[str], _Sought]] = defaultdict(dict)
        for event in events:
            for name in event.names:
                key = name.key
                self.holders[key] += 1
                if self.holders[key] == 1:
                    rarest = max(key, key=lambda w: (words.name_bits(w), w))
                    sought = _Sought(name, name.joined, f" {' '.join(name.telling)} ")
                    self._by_word[rarest].setdefault(key, sought)
                    if 1 < len(name.telling) <= 3:
                        self._by_word[name.joined].setdefault(key, sought)

    def within(self, video: VideoFeatures) -> list[Phrase]:
        """Return the names of which all telling words stand side by side in the title.

        Years and stop words may stand between them, blanks and hyphens do not matter.
        """
        found: dict[frozenset[str], Phrase] = {}
        terms, texts = video.terms, ""
        for by_key in filter(None, map(self._by_word.get, terms)):
            for key, (name, joined, phrase) in by_key.items():
                if key in found:
                    continue
                texts = texts or self._texts(video)
                if joined in terms or phrase in texts:
                    found[key] = name
        return [found[key] for key in sorted(found, key=sorted)]

    def _texts(self, video: VideoFeatures) -> str:
        undated = [w for w in video.words if not (w.isdigit() and len(w) == 4)]
        telling = [w for w in undated if not self._words.is_stop(w)]
        return " | ".join([video.joined, f" {' '.join(undated)} ", f" {' '.join(telling)} "])


class _Sought(NamedTuple):
    """A name with its telling words written as one, and between blanks."""

    name: Phrase
    joined: str
    phrase: str


class PersonIndex:
    """All speakers, to find those whom a title names."""

    def __init__(self, events: Sequence[EventFeatures]) -> None:
        self._by_surname: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        self.events_of: Counter[tuple[str, ...]] = Counter()
        self.written: dict[tuple[str, ...], str] = {}
        for event in events:
            self.events_of.update({p for talk in event.talks for p in talk.speakers})
            for talk in event.talks:
                self.written.update(talk.written)
                for person in talk.speakers:
                    if len(person) > 1:
                        self._by_surname[person[-1]].add(person)

    def within(self, present: Collection[str]) -> list[tuple[str, ...]]:
        """Return the persons whose forename and surname stand among the words."""
        called = filter(None, map(self._by_surname.get, present))
        return sorted([person for its in called for person in its if person[0] in present])


class TownIndex:
    """The towns of all events, to find those that a title names; but no names of persons."""

    def __init__(self, events: Sequence[EventFeatures], persons: PersonIndex) -> None:
        names = {word for person in persons.events_of for word in person}  # Austin, Sofia
        self._by_word: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for event in events:
            if event.city and names.isdisjoint(event.city):
                self._by_word[event.city[0]].add(event.city)

    def within(self, video: VideoFeatures) -> list[tuple[str, ...]]:
        """Return the towns whose words stand in a title, one behind the other."""
        words = self._by_word.keys() & video.present
        towns = (town for word in words for town in self._by_word[word])
        return sorted(town for town in towns if f" {' '.join(town)} " in video.joined)
