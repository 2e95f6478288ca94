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
from collections.abc import Iterable, Sequence

from harvester.linkage import text
from harvester.linkage.features import EventFeatures, Phrase, VideoFeatures
from harvester.linkage.model import Model

_PRIOR_TEXTS = 32
_PRIOR_SHARE = 1 / 256


class Words:
    """How much a word tells, in an installation's own titles."""

    def __init__(
        self,
        videos: Iterable[VideoFeatures],
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
        for video in videos:
            self.videos += 1
            self._in_videos.update(video.terms)
        for event in events:
            self._in_events.update(event.name_words)
            for talk in event.talks:
                self.talks += 1
                self._in_talks.update({w for title in talk.titles for w in title.telling})
        self.events = len(events)
        self._cache: dict[str, float] = {}
        self._name_cache: dict[str, float] = {}

    def explain(self, videos: Iterable[VideoFeatures], names: "NameIndex") -> None:
        """Count the words of titles that no event's whole name in them accounts for.

        A name that many videos show is not less telling for it; a word that
        videos use outside of names is.
        """
        for video in videos:
            used = {w for p in names.within(video) for w in p.telling}
            self._unexplained.update(video.terms - used)
        self._name_cache.clear()

    def is_stop(self, word: str) -> bool:
        """Return whether a word tells nothing."""
        return word in self._stop

    def is_common(self, word: str) -> bool:
        """Return whether a word is in everybody's titles, by the lists of the model."""
        return word in self._common or word in self._stop or word.isdigit()

    def bits(self, word: str) -> float:
        """Return how much a word tells in a talk's title, in bits."""
        found = self._cache.get(word)
        if found is None:
            share = max(
                _share(self._in_videos[word] - 1, self.videos),
                _share(self._in_talks[word] - 1, self.talks),
                _share(self._in_events[word], self.events),
            )
            found = self._cache[word] = self._limited(word, share)
        return found

    def name_bits(self, word: str) -> float:
        """Return how much a word tells in an event's name, in bits."""
        found = self._name_cache.get(word)
        if found is None:
            share = max(
                _share(self._unexplained[word], self.videos),
                _share(self._in_talks[word], self.talks),
                _share(self._in_events[word] - 1, self.events),
            )
            found = self._name_cache[word] = self._limited(word, share)
        return found

    def _limited(self, word: str, share: float) -> float:
        if word in self._stop:
            return 0.0
        bits = -math.log2(share)
        if len(word) == 1:
            bits /= 2
        return min(bits, self._common_bits) if word in self._common else bits


def _share(count: int, of: int) -> float:
    return (max(count, 0) + _PRIOR_TEXTS * _PRIOR_SHARE) / (of + _PRIOR_TEXTS)


class NameIndex:
    """All names of events, to find those that stand wholly in a title."""

    def __init__(self, events: Sequence[EventFeatures], words: Words) -> None:
        self._words = words
        self.holders: Counter[frozenset[str]] = Counter()  # how many events have a name
        self._by_word: dict[str, dict[frozenset[str], Phrase]] = defaultdict(dict)
        for event in events:
            for name in event.names:
                key = name.key
                self.holders[key] += 1
                if self.holders[key] == 1:
                    rarest = max(key, key=lambda w: (words.name_bits(w), w))
                    self._by_word[rarest].setdefault(key, name)
                    if 1 < len(name.telling) <= 3:
                        self._by_word[name.joined].setdefault(key, name)

    def within(self, video: VideoFeatures) -> list[Phrase]:
        """Return the names of which all telling words stand side by side in the title.

        Years and stop words may stand between them, blanks and hyphens do not matter.
        """
        found: dict[frozenset[str], Phrase] = {}
        texts: tuple[str, ...] = ()
        for term in video.terms:
            for key, name in self._by_word.get(term, {}).items():
                if key in found:
                    continue
                if not texts:
                    texts = self._texts(video)
                if name.joined in video.terms or any(text.contains(t, name.telling) for t in texts):
                    found[key] = name
        return [found[key] for key in sorted(found, key=sorted)]

    def _texts(self, video: VideoFeatures) -> tuple[str, ...]:
        undated = [w for w in video.words if not (w.isdigit() and len(w) == 4)]
        telling = [w for w in undated if not self._words.is_stop(w)]
        return tuple(f" {' '.join(t)} " for t in (video.words, undated, telling))


class PersonIndex:
    """All speakers, to find those whom a title names."""

    def __init__(self, events: Sequence[EventFeatures]) -> None:
        self._by_surname: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self.events_of: Counter[tuple[str, ...]] = Counter()
        self.written: dict[tuple[str, ...], str] = {}
        for event in events:
            self.events_of.update({p for talk in event.talks for p in talk.speakers})
            for talk in event.talks:
                self.written.update(talk.written)
                for person in talk.speakers:
                    if len(person) > 1:
                        self._by_surname[person[-1]].add(person)

    def within(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the persons whose forename and surname stand in the words."""
        present = set(words)
        return sorted(
            person
            for word in present
            for person in self._by_surname.get(word, ())
            if person[0] in present
        )
