"""What the neighbours of a video say: videos uploaded together or titled alike.

In:   videos, and how likely each of their candidates is by itself.
Out:  for a video and an event, which share of the video's neighbours belongs
      there, and how many neighbours that rests on.

Recordings of an event are uploaded together and titled after one pattern, so a
title that names no event is explained by those beside it.  A neighbour counts
by how near in time it was published, and more if its title follows the same
pattern, begins alike or ends alike.  A video never speaks for itself.

Pure: no network, no database, no clock.
"""

import re
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from harvester.linkage.evidence import Found
from harvester.linkage.features import VideoFeatures
from harvester.records import Video

_REACH = 24  # neighbours looked at on each side
_NEARNESS = ((0.25, 1.0), (1.0, 0.7), (3.0, 0.4), (10.0, 0.15))  # days apart, and what it counts
_CROWD = 150  # uploads of two days, from which on they are no longer neighbours for that
_OTHER_PATTERN = 0.25  # what a title of another pattern counts
_SAME_EDGE = 2.0  # what titles that begin or end alike count, over others
_ONE, _SEVERAL = 0.5, 2.0  # from how many neighbours, by what they count, something is said
_DOUBT = 1.0  # neighbours that nobody knows of: few neighbours are not all
_NONE = 0.02  # the share below which none belongs there
_MANY = 0.2  # the share from which an event is worth comparing with for that alone
_SHARES = (("nearly_all", 0.75), ("most", 0.5), ("many", 0.25), ("some", 0.1), ("few", 0.0))
LEVELS = (*(name for name, _ in _SHARES), "elsewhere", "unmatched")
_ELSEWHERE, _UNMATCHED = len(_SHARES), len(_SHARES) + 1
_HERE = "to this event"
_BLOCK = 50_000  # videos at once: bounds the memory
_MARKS = re.compile(r"\s-+\s|[|:•/\[(#]")
_BY = frozenset(["by", "with", "mit", "von", "par", "por"])
_COUNTED = re.compile(r"\W*\d+\W")
_SCRIPT = re.compile(r"[\u0370-\u04ff]|[\u3040-\u30ff]|[\u3400-\u9fff]|[\uac00-\ud7af]")

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


class Sign(NamedTuple):
    """What titles are compared by with those beside them, as numbers: equal if the same."""

    look: int
    first: int
    last: int


def sign(video: VideoFeatures) -> Sign:
    """Return what a title looks like, and how it begins and ends."""
    return Sign(_number(_look(video)), _number(video.words[:2]), _number(video.words[-2:]))


class Signs:
    """The signs of all videos that have a date, in the order in which they were published."""

    def __init__(self, videos: Sequence[Video], signs: NDArray[np.int64]) -> None:
        self.count = len(videos)
        dated = [(p, v.published_at) for p, v in enumerate(videos) if v.published_at]
        places = np.array([place for place, _ in dated], dtype=np.int64)
        days = np.array([at.timestamp() / 86400 for _, at in dated])
        numbers: dict[str, int] = {}
        channel = np.array(
            [numbers.setdefault(videos[p].channel_id, len(numbers)) for p, _ in dated],
            dtype=np.int64,
        )
        order = np.lexsort((places, days, channel))
        self.places, self.days, self.channel = places[order], days[order], channel[order]
        self.rarely = _rarely(self.days, self.channel)
        its = signs[self.places].reshape(-1, 3)
        self.look, self.first, self.last = its[:, 0], its[:, 1], its[:, 2]

    def near(self, videos: Collection[int]) -> set[int]:
        """Return the places of some videos and of all their neighbours."""
        ours = np.flatnonzero(np.isin(self.places, list(videos)))
        steps = np.arange(-_REACH, _REACH + 1)
        at = np.clip(ours[:, None] + steps, 0, max(0, len(self.places) - 1))
        apart = np.abs(self.days[at] - self.days[ours][:, None])
        beside = (self.channel[at] == self.channel[ours][:, None]) & (apart <= _NEARNESS[-1][0])
        return {*videos, *self.places[at[beside]].tolist()}

    def ties(self, start: int, stop: int, names_event: NDArray[np.bool_]) -> sparse.csr_array:
        """Return what each of some videos counts for all others, as a matrix of few entries."""
        rows, columns, values = [], [], []
        look = 2 * self.look + names_event[self.places]
        for step in range(1, _REACH + 1):
            low, high = max(0, start - step), min(stop, len(self.places) - step)
            if low >= high:
                continue
            worth = self._worth(slice(low, high), slice(low + step, high + step), look)
            one = low + np.flatnonzero(worth)
            worth = worth[one - low]
            for row, column in ((one, one + step), (one + step, one)):
                ours = (row >= start) & (row < stop)
                rows.append(row[ours] - start)
                columns.append(column[ours])
                values.append(worth[ours])
        shape = (stop - start, len(self.places))
        if not rows:
            return sparse.csr_array(shape)
        parts = (np.concatenate(rows), np.concatenate(columns))
        return sparse.csr_array((np.concatenate(values), parts), shape=shape)

    def _worth(self, one: slice, two: slice, look: NDArray[np.int64]) -> Floats:
        apart = self.days[two] - self.days[one]
        worth = np.zeros(len(apart))
        for limit, counts in reversed(_NEARNESS):
            worth[apart <= limit] = counts
        worth *= np.minimum(self.rarely[one], self.rarely[two])
        worth[self.channel[one] != self.channel[two]] = 0.0
        worth[look[one] != look[two]] *= _OTHER_PATTERN
        alike = (self.first[one] == self.first[two]) | (self.last[one] == self.last[two])
        worth[alike] *= _SAME_EDGE
        return worth


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What the neighbours of all videos say; places are those of the videos and events."""

    shares: sparse.csr_array  # (videos, events): the share of the neighbours that belongs there
    unmatched: Floats  # (videos,): the share that belongs to none on record
    size: Floats  # (videos,): how many neighbours it rests on, by what they count

    def proposals(self) -> tuple[Places, Places]:
        """Return videos, each with an event that many of its neighbours belong to."""
        videos = np.repeat(np.arange(len(self.size)), np.diff(self.shares.indptr))
        many = (self.shares.data >= _MANY) & (self.size[videos] >= _SEVERAL)
        return videos[many], self.shares.indices[many].astype(np.int64)

    def said(self, videos: Places, events: NDArray[np.int32]) -> tuple[Places, Floats]:
        """Return the level that each pair reaches, a place in LEVELS or -1, and the share."""
        stride = self.shares.shape[1]
        rows = np.repeat(np.arange(len(self.size)), np.diff(self.shares.indptr))
        keys, wanted = rows * stride + self.shares.indices, videos * stride + events
        at = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
        known = keys[at] == wanted if len(keys) else np.zeros(len(wanted), dtype=np.bool_)
        share = np.where(known, self.shares.data[at] if len(keys) else 0.0, 0.0)
        level = np.full(len(wanted), -1, dtype=np.int64)
        size, unmatched = self.size[videos], self.unmatched[videos]
        here = (size >= _ONE) & (share >= _NONE)
        limits = np.array([least for _, least in reversed(_SHARES)])
        steps = len(_SHARES) - np.searchsorted(limits, share, "right")
        level[here] = steps[here]
        for number, which in ((_UNMATCHED, unmatched >= 0.5), (_ELSEWHERE, unmatched < 0.5)):
            level[~here & (size >= _SEVERAL) & which] = number
        share = np.where(level == _UNMATCHED, unmatched, share)
        return level, np.where(level == _ELSEWHERE, 1 - unmatched, share)


def found(level: int, share: float) -> Found:
    """Return in words what the neighbours of a video say about an event."""
    where = {_UNMATCHED: "to no event on record", _ELSEWHERE: "to other events"}
    what = "of the videos that were uploaded with it or are titled alike belong"
    return Found(
        "neighbours", LEVELS[level], lambda: f"{share:.0%} {what} {where.get(level, _HERE)}"
    )


def neighbourhood(
    signs: Signs, known: sparse.csr_array, names_event: NDArray[np.bool_]
) -> Neighbourhood:
    """Return what the neighbours say.

    `known` holds each video's probabilities by event, where it is sure of one;
    `names_event` whether its title holds an event's name.
    """
    size, parts, ours = np.zeros(signs.count), [], known[signs.places]
    for start in range(0, len(signs.places), _BLOCK):
        stop = min(start + _BLOCK, len(signs.places))
        ties = signs.ties(start, stop, names_event)
        its = np.asarray(ties.sum(axis=1)).ravel()
        size[signs.places[start:stop]] = its
        parts.append(sparse.diags_array(1 / (its + _DOUBT)) @ (ties @ ours))
    if parts:
        shares = sparse.coo_array(sparse.vstack(parts))
        places = (signs.places[shares.coords[0]], shares.coords[1])
        by_place = sparse.csr_array((shares.data, places), shape=known.shape)
    else:
        by_place = sparse.csr_array(known.shape)
    by_place.sort_indices()
    return Neighbourhood(by_place, 1.0 - np.asarray(by_place.sum(axis=1)).ravel(), size)


def _rarely(days: Floats, channel: NDArray[np.int64]) -> Floats:
    """Return what nearness tells on each day: of a thousand uploads of one day, next to nothing."""
    moment = days + channel * 1e6  # channels far apart: one line of time for all
    crowd = np.searchsorted(moment, moment + 1, "right") - np.searchsorted(moment, moment - 1)
    return np.minimum(1.0, _CROWD / crowd) ** 2


def _look(video: VideoFeatures) -> tuple[str, ...]:
    """Return what a title looks like: its marks and its script."""
    marks = {mark.strip() for mark in _MARKS.findall(video.folded)} | (_BY & video.present)
    if _COUNTED.match(video.folded):
        marks.add("1")
    title = video.video.title
    if not title.isascii() and _SCRIPT.search(title):
        marks.add("script")
    return tuple(sorted(marks))


def _number(key: Sequence[str]) -> int:
    return zlib.crc32(" ".join(key).encode())
