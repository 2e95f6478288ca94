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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from harvester.linkage import text
from harvester.linkage.evidence import Found
from harvester.linkage.features import VideoFeatures

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
_MARKS = re.compile(r"\s-+\s|[|:•/\[(#]|\b(?:by|with|mit|von|par|por)\b|^\W*\d+\W")
_SCRIPT = re.compile(r"[\u0370-\u04ff]|[\u3040-\u30ff]|[\u3400-\u9fff]|[\uac00-\ud7af]")


Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What the neighbours of all videos say; places are those of the videos and events."""

    shares: sparse.csr_array  # (videos, events): the share of the neighbours that belongs there
    unmatched: Floats  # (videos,): the share that belongs to none on record
    size: Floats  # (videos,): how many neighbours it rests on, by what they count

    def events(self, video: int) -> set[int]:
        """Return the events that many of a video's neighbours belong to."""
        if self.size[video] < _SEVERAL:
            return set()
        first, last = self.shares.indptr[video], self.shares.indptr[video + 1]
        events, shares = self.shares.indices[first:last], self.shares.data[first:last]
        return {int(e) for e, share in zip(events, shares, strict=True) if share >= _MANY}

    def found(self, video: int, event: int) -> Found | None:
        """Return what a video's neighbours say about an event; few neighbours say nothing."""
        size = self.size[video]
        if size < _ONE:
            return None
        share = float(self.shares[video, event])
        what = "of the videos that were uploaded with it or are titled alike"
        if share >= _NONE:
            level = next(name for name, least in _SHARES if share >= least)
            return Found("neighbours", level, f"{share:.0%} {what} belong to this event")
        if size < _SEVERAL:
            return None
        unmatched = float(self.unmatched[video])
        level = "unmatched" if unmatched >= 0.5 else "elsewhere"
        where = "to no event on record" if unmatched >= 0.5 else "to other events"
        share = unmatched if unmatched >= 0.5 else 1 - unmatched
        return Found("neighbours", level, f"{share:.0%} {what} belong {where}")


def neighbourhood(
    videos: Sequence[VideoFeatures],
    likely: Sequence[Mapping[int, float]],
    names_event: Sequence[bool],
    events: int,
) -> Neighbourhood:
    """Return what the neighbours say.

    `likely` holds each video's probabilities by event, where it is sure of one;
    `names_event` whether its title holds an event's name.
    """
    ties = _ties(videos, names_event)
    size = np.asarray(ties.sum(axis=1)).ravel()
    rows = [place for place, its in enumerate(likely) for _ in its]
    columns = [event for its in likely for event in its]
    values = [p for its in likely for p in its.values()]
    known = sparse.csr_array((values, (rows, columns)), shape=(len(videos), events))
    shares = sparse.csr_array(sparse.diags_array(1 / (size + _DOUBT)) @ (ties @ known))
    matched = np.asarray(shares.sum(axis=1)).ravel()
    return Neighbourhood(shares, 1.0 - matched, size)


def _ties(videos: Sequence[VideoFeatures], names_event: Sequence[bool]) -> sparse.csr_array:
    """Return what each video counts for each other one, as a matrix of few entries."""
    count = len(videos)
    dated = [place for place, v in enumerate(videos) if v.video.published_at]
    dated.sort(key=lambda p: (videos[p].video.channel_id, videos[p].video.published_at, p))
    order = np.array(dated, dtype=np.int64)
    days = np.array([videos[p].video.published_at.timestamp() / 86400 for p in dated])  # type: ignore[union-attr]
    channel = _numbers([videos[p].video.channel_id for p in dated])
    pattern = _numbers([_pattern(videos[p], names_event[p]) for p in dated])
    first = _numbers([videos[p].words[:2] for p in dated])
    last = _numbers([videos[p].words[-2:] for p in dated])
    rarely = _rarely(days, channel)
    rows, columns, values = [], [], []
    for step in range(1, min(_REACH, len(order) - 1) + 1):
        one, two = slice(None, -step), slice(step, None)
        apart = days[two] - days[one]
        worth = np.zeros(len(apart))
        for limit, counts in reversed(_NEARNESS):
            worth[apart <= limit] = counts
        worth *= np.minimum(rarely[one], rarely[two])
        worth[channel[one] != channel[two]] = 0.0
        worth[pattern[one] != pattern[two]] *= _OTHER_PATTERN
        worth[(first[one] == first[two]) | (last[one] == last[two])] *= _SAME_EDGE
        tied = worth > 0
        rows += [order[one][tied], order[two][tied]]
        columns += [order[two][tied], order[one][tied]]
        values += [worth[tied], worth[tied]]
    if not rows:
        return sparse.csr_array((count, count))
    return sparse.csr_array(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
        shape=(count, count),
    )


def _rarely(days: Floats, channel: NDArray[np.int64]) -> Floats:
    """Return what nearness tells on each day: of a thousand uploads of one day, next to nothing."""
    moment = days + channel * 1e6  # channels far apart: one line of time for all
    crowd = np.searchsorted(moment, moment + 1, "right") - np.searchsorted(moment, moment - 1)
    return np.minimum(1.0, _CROWD / crowd)


def _pattern(video: VideoFeatures, names_event: bool) -> tuple[object, ...]:
    """Return what a title looks like: its marks, its script, and whether it names an event."""
    folded = text.fold(video.video.title)
    marks = {"#" if found.strip().isdigit() else found.strip() for found in _MARKS.findall(folded)}
    return (names_event, bool(_SCRIPT.search(video.video.title)), *sorted(marks))


def _numbers(keys: Sequence[object]) -> NDArray[np.int64]:
    known: dict[object, int] = {}
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)
