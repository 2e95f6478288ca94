"""Which pairs of video and event are worth comparing, and with which talks.

In:   features of videos and events.
Out:  for each video, the events that share rare words with it, and for each of
      these pairs the talks of the event that come nearest to the title.

Words are keys; so are the ends of longer words (typos, compounds), and a word
of a name together with a year.  A key that too many events or talks have is not
followed, and each video keeps only its best few, so the cost grows with the
number of videos and hardly with that of events.  Overlaps are products of
sparse matrices, weighted by rarity.

Pure: no network, no database, no clock.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
from scipy import sparse

from harvester.linkage import text
from harvester.linkage.features import EventFeatures, TalkFeatures, VideoFeatures
from harvester.linkage.model import Blocking, Model

_CHUNK = 2000  # videos at once: bounds the memory of a product
_END = 0.3  # what the end of a word is worth, beside the word
_MISSING = 0.25  # what a word that the title lacks takes away, of what it would add


@dataclass(frozen=True, slots=True)
class Pair:
    """A video and an event worth comparing, and the talks of it that come nearest."""

    video: int
    event: int
    talks: tuple[int, ...]  # places within the event's talks


def pairs(
    videos: Sequence[VideoFeatures], events: Sequence[EventFeatures], model: Model
) -> list[Pair]:
    """Return the pairs worth comparing, by video and event."""
    limits = model.blocking
    talks = [(event.index, place, t) for event in events for place, t in enumerate(event.talks)]
    event_side = _Side([_event_keys(e) for e in events], limits.max_key_share, missing=0.0)
    talk_side = _Side([_talk_keys(t) for _, _, t in talks], limits.max_key_share, missing=_MISSING)
    found: list[set[int]] = [set() for _ in videos]
    for number, best in event_side.best(map(_keys_for_events, videos), limits.events_a_video):
        found[number].update(best)
    for number, best in talk_side.best(map(_keys_for_talks, videos), limits.talks_a_video):
        found[number].update(talks[t][0] for t in best)
    nearest = _nearest_talks(videos, events, found, limits)
    return [
        Pair(number, event, nearest.get((number, event), ()))
        for number, its in enumerate(found)
        for event in sorted(its)
    ]


class _Side:
    """Events or talks by their keys, to be multiplied with the keys of videos."""

    def __init__(self, keys: list[dict[str, float]], most: int, missing: float) -> None:
        counts = Counter(key for its in keys for key in its)
        self._columns = {
            key: column
            for column, key in enumerate(sorted(k for k, n in counts.items() if n <= most))
        }
        rarity = {key: log2(1 + len(keys) / counts[key]) for key in self._columns}
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for row, its in enumerate(keys):
            for key, share in its.items():
                if key in self._columns:
                    rows.append(row)
                    columns.append(self._columns[key])
                    values.append(rarity[key] * share)
        shape = (len(keys), len(self._columns))
        matrix = sparse.csr_matrix((values, (rows, columns)), shape=shape)
        self._sizes = missing * np.asarray(matrix.sum(axis=1)).ravel()
        self._factor = 1 + missing
        self._by_key = matrix.T.tocsr()

    def best(self, videos: Iterable[Iterable[str]], most: int) -> Iterator[tuple[int, list[int]]]:
        """Yield each video's number with the places of its best few, in no order."""
        start, chunk = 0, []
        for keys in videos:
            chunk.append([self._columns[k] for k in keys if k in self._columns])
            if len(chunk) == _CHUNK:
                yield from self._best(start, chunk, most)
                start, chunk = start + _CHUNK, []
        yield from self._best(start, chunk, most)

    def _best(
        self, start: int, chunk: list[list[int]], most: int
    ) -> Iterator[tuple[int, list[int]]]:
        if not chunk or not self._columns:
            return
        ends = np.cumsum([0, *map(len, chunk)])
        columns = np.array([c for row in chunk for c in row], dtype=np.int32)
        left = sparse.csr_matrix(
            (np.ones(len(columns)), columns, ends), shape=(len(chunk), len(self._columns))
        )
        product = left @ self._by_key
        for row in range(len(chunk)):
            low, high = product.indptr[row], product.indptr[row + 1]
            places = product.indices[low:high]
            worth = self._factor * product.data[low:high] - self._sizes[places]
            if high - low > most:
                # the place decides between equals: the same choice in every run
                places = places[np.lexsort((places, -np.round(worth, 9)))[:most]]
            yield start + row, places.tolist()


def _event_keys(event: EventFeatures) -> dict[str, float]:
    keys: dict[str, float] = {}
    for word in event.name_words.union(
        *(({n.joined} if len(n.telling) < 4 else ()) for n in event.names)
    ):
        keys[word] = 1.0
        for year in event.years:
            keys[f"{word} {year}"] = 1.0
        for end in text.ends(word):
            keys.setdefault(end, _END)
    for word in event.city:
        keys.setdefault(word, 0.5)
    if event.url:
        keys[event.url] = 4.0
    return keys


def _keys_for_events(video: VideoFeatures) -> Iterator[str]:
    known = set(video.terms)
    for _, terms, _ in video.playlists:
        known |= terms
    years = set(video.dates.years)
    if not years and video.published:
        years = {video.published.year, video.published.year - 1}
    for term in sorted(known):
        yield term
        for year in years:
            yield f"{term} {year}"
    yield from sorted({end for word in video.words for end in text.ends(word)})
    yield from sorted(_described(video) - known)


def _described(video: VideoFeatures) -> set[str]:
    """Return the words of the description's first lines, and the addresses in it."""
    found = text.terms(video.description[:400].split()[:-1]) if video.description.strip() else set()
    addresses = {
        a.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/.,)")
        for a in video.description_urls.split()
        if "/" in a
    }
    return set(found) | addresses


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
    return keys


def _keys_for_talks(video: VideoFeatures) -> Iterator[str]:
    yield from sorted(video.terms)
    yield from sorted({end for word in video.words for end in text.ends(word)})


def _nearest_talks(
    videos: Sequence[VideoFeatures],
    events: Sequence[EventFeatures],
    found: Sequence[set[int]],
    limits: Blocking,
) -> dict[tuple[int, int], tuple[int, ...]]:
    """Return, for a video and an event, the event's talks that come nearest, best first."""
    of_event: dict[int, list[int]] = defaultdict(list)
    for number, its in enumerate(found):
        for event in its:
            of_event[event].append(number)
    nearest: dict[tuple[int, int], tuple[int, ...]] = {}
    for event, numbers in sorted(of_event.items()):
        talks = events[event].talks
        if len(talks) <= limits.talks_an_event:
            nearest |= {(number, event): tuple(range(len(talks))) for number in numbers}
            continue
        holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
        sizes = []
        for place, talk in enumerate(talks):
            keys = _talk_keys(talk)
            sizes.append(sum(keys.values()))
            for key, share in keys.items():
                holders[key].append((place, share))
        for number in numbers:
            worth: dict[int, float] = defaultdict(float)
            for key in _keys_for_talks(videos[number]):
                for place, share in holders.get(key, ()):
                    worth[place] += share * log2(1 + len(talks) / len(holders[key]))
            ranked = sorted(worth, key=lambda p: (-worth[p] / (4 + sizes[p]) ** 0.5, p))
            nearest[number, event] = tuple(ranked[: limits.talks_an_event])
    return nearest
