"""What rows of keys have in common, as products of sparse matrices, weighted by rarity.

In:   keys of events, talks and videos as numbers.
Out:  the events and talks that come nearest to each video.

Between equals the place decides: the same choice in every run.
Pure: no network, no database, no clock.
"""

from array import array
from collections.abc import Collection, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_NEAR, _AT_LEAST = 0.25, 3  # below this share of the best, a pair is dropped, but for so many
_AT_MOST = 8  # pairs of a video
_FAR = 0.1  # what has less in common than this share of the most is not even looked at
_AT_ONCE = 200_000  # entries of talks compared at once: bounds the memory, and fits the caches

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


class Entries:
    """Rows of keys, gathered one after the other."""

    def __init__(self) -> None:
        self._columns, self._values, self._ends = array("i"), array("f"), array("q", [0])

    def add(self, keys: Mapping[int, float]) -> None:
        """Add a row."""
        self._columns.extend(keys)
        self._values.extend(keys.values())
        self._ends.append(len(self._columns))

    def matrix(self, columns: int) -> sparse.csr_array:
        """Return the rows as a matrix."""
        parts = (np.array(self._values), np.array(self._columns), np.array(self._ends))
        return sparse.csr_array(parts, shape=(len(self._ends) - 1, columns))


class Best(NamedTuple):
    """What comes nearest to each of some videos: three columns, sorted by video."""

    videos: Places
    places: Places
    common: Floats  # how much the keys tell that both have


class Side:
    """Events or talks by their keys, to be multiplied with the keys of videos."""

    def __init__(self, shares: sparse.csr_array, most: int, missing: float, begins: Places) -> None:
        rows, columns = shares.shape
        self._begins = begins  # the day from which on a place may be found
        counts = np.bincount(shares.indices, minlength=columns)
        followed = (counts > 0) & (counts <= most)
        rarity = np.zeros(columns)
        rarity[followed] = np.log2(1 + rows / counts[followed])
        matrix = sparse.csr_array(shares @ sparse.diags_array(rarity))
        matrix.eliminate_zeros()
        self._sizes = missing * np.asarray(matrix.sum(axis=1)).ravel()
        self._factor = 1 + missing
        self._by_key = sparse.csr_array(matrix.T)

    def best(self, keys: Sequence[Collection[int]], days: Places, most: int) -> Best:
        """Return the best few places for each video's keys, of what has begun on its day."""
        ends = np.cumsum([0, *map(len, keys)])
        columns = np.fromiter(chain.from_iterable(keys), dtype=np.int32, count=int(ends[-1]))
        shape = (len(keys), self._by_key.shape[0])
        product = sparse.csr_array((np.ones(len(columns)), columns, ends), shape) @ self._by_key
        videos = np.repeat(np.arange(len(keys)), np.diff(product.indptr))
        places = product.indices.astype(np.int64)
        begun = self._begins[places] <= days[videos]
        videos, places, common = videos[begun], places[begun], np.round(product.data[begun], 9)
        # most entries are far from being among the best: sorting them would cost the most
        most_common = np.zeros(len(keys))
        np.maximum.at(most_common, videos, common)
        near = common >= _FAR * most_common[videos]
        videos, places, common = videos[near], places[near], common[near]
        worth = np.round(self._factor * common - self._sizes[places], 9)
        order = np.lexsort((places, -worth, videos))
        order = order[_rank(videos[order]) < most]
        return Best(videos[order], places[order], common[order])


def combined(
    events: Best, talks: Best, event_of_talk: Places, count: int
) -> list[list[tuple[int, float]]]:
    """Return the events for each video that come near by their names or talks, nearest first.

    With each, what it has in common with the video, as a share of what the nearest has.
    """
    if not len(events.videos) and not len(talks.videos):
        return [[] for _ in range(count)]
    stride = 1 + max(int(events.places.max(initial=0)), int(event_of_talk.max(initial=0)))
    ours = events.videos * stride + events.places
    theirs = talks.videos * stride + event_of_talk[talks.places]
    pairs, at = np.unique(np.concatenate([ours, theirs]), return_inverse=True)
    by_name, by_talk = np.zeros(len(pairs)), np.zeros(len(pairs))
    by_name[at[: len(ours)]] = events.common
    np.maximum.at(by_talk, at[len(ours) :], talks.common)
    worth = np.round(by_name + by_talk, 9)
    videos, places = pairs // stride, pairs % stride
    order = np.lexsort((places, -worth, videos))
    videos, places, worth = videos[order], places[order], worth[order]
    rank = _rank(videos)
    top = np.zeros(count)
    top[videos[rank == 0]] = worth[rank == 0]
    kept = (rank < _AT_LEAST) | ((worth >= _NEAR * top[videos]) & (rank < _AT_MOST))
    share = worth[kept] / np.maximum(top[videos[kept]], 1e-9)
    found: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    for video, place, its in zip(
        videos[kept].tolist(), places[kept].tolist(), share.tolist(), strict=True
    ):
        found[video].append((place, its))
    return found


def _rank(sorted_videos: Places) -> Places:
    """Return the place of each entry among those of its video."""
    starts = np.flatnonzero(np.diff(sorted_videos, prepend=-1))
    sizes = np.diff(starts, append=len(sorted_videos))
    return np.arange(len(sorted_videos)) - np.repeat(starts, sizes)


class Programme:
    """The talks of each event by their keys, rare ones among them worth more."""

    def __init__(self, shares: sparse.csr_array, talks: Places, most: int) -> None:
        self._most = most
        self._talks = talks
        self._first = np.concatenate([[0], np.cumsum(talks)])
        self._starts = shares.indptr[self._first].astype(np.int64)  # of the entries of an event
        rows = np.repeat(np.arange(shares.shape[0]), np.diff(shares.indptr))
        event = np.repeat(np.arange(len(talks)), np.diff(self._starts))
        _, at, holders = np.unique(
            event * shares.shape[1] + shares.indices, return_inverse=True, return_counts=True
        )
        rarity = np.log2(1 + talks[event] / holders[at])
        self._worth = (shares.data * rarity).astype(np.float32)
        self._keys = shares.indices.astype(np.int32)
        self._rows = rows.astype(np.int32)
        self._roots = np.sqrt(4 + np.asarray(shares.sum(axis=1)).ravel())
        self._column = np.zeros(shares.shape[1], dtype=np.int32)  # scratch: of a key, 0 if not had

    def nearest(
        self, events: Sequence[Sequence[int]], keys: Sequence[Sequence[int]]
    ) -> list[list[tuple[int, ...]]]:
        """Return, by video and event of it, the talks that come nearest to its keys, best first."""
        event = np.fromiter(chain.from_iterable(events), dtype=np.int64)
        video = np.repeat(np.arange(len(events)), [len(its) for its in events])
        talks = self._talks[event]
        found = [tuple(range(count)) if count <= self._most else () for count in talks.tolist()]
        large = np.flatnonzero(talks > self._most)
        every = np.fromiter(chain.from_iterable(keys), dtype=np.int64)
        has = self._had(every, [len(its) for its in keys])
        for pairs in self._parts(large, event):
            ranked = self._ranked(video[pairs], event[pairs], has)
            for pair, its in zip(pairs.tolist(), ranked, strict=True):
                found[pair] = its
        self._column[every] = 0
        each = iter(found)
        return [list(islice(each, len(its))) for its in events]

    def _had(self, keys: Places, counts: Sequence[int]) -> NDArray[np.bool_]:
        """Return which video has which key, and note the column of each key."""
        distinct = np.unique(keys)
        self._column[distinct] = np.arange(1, len(distinct) + 1)
        has = np.zeros((len(counts), len(distinct) + 1), dtype=np.bool_)
        has[np.repeat(np.arange(len(counts)), counts), self._column[keys]] = True
        return has

    def _parts(self, pairs: Places, event: Places) -> list[Places]:
        """Return pairs in parts that do not take too much memory at once."""
        entries = np.cumsum(np.diff(self._starts)[event[pairs]])
        return np.split(pairs, 1 + np.flatnonzero(np.diff(entries // _AT_ONCE)))

    def _ranked(
        self, video: Places, event: Places, has: NDArray[np.bool_]
    ) -> list[tuple[int, ...]]:
        """Return the nearest talks of pairs of video and event."""
        sizes = self._starts[event + 1] - self._starts[event]
        at = ranges(self._starts[event], sizes)
        pair = np.repeat(np.arange(len(event)), sizes)
        hits = np.flatnonzero(has[video[pair], self._column[self._keys[at]]])
        at, pair = at[hits], pair[hits]
        rows = self._rows[at]
        starts = np.flatnonzero((np.diff(rows, prepend=-1) != 0) | np.diff(pair, prepend=-1))
        rows, pair = rows[starts], pair[starts]
        common = np.add.reduceat(self._worth[at], starts, dtype=np.float64) if len(at) else 0.0
        order = np.lexsort((rows, -np.round(common / self._roots[rows], 5), pair))
        order = order[_rank(pair[order]) < self._most]
        rows, pair = rows[order], pair[order]
        places = rows - self._first[event[pair]]
        counts = np.bincount(pair, minlength=len(event))
        each = iter(places.tolist())
        return [tuple(islice(each, count)) for count in counts.tolist()]


def ranges(starts: Places, sizes: Places) -> Places:
    """Return all the places of stretches, one stretch after the other."""
    ends = np.cumsum(sizes)
    places: Places = np.arange(int(sizes.sum())) + np.repeat(starts - (ends - sizes), sizes)
    return places
