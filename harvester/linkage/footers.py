"""Lines that a channel repeats under its videos: they tell nothing of a single one.

In:   videos.
Out:  the same, without such lines in their descriptions.

"Next: our congress on 23 November" under every video would make each a recording of
that congress.  A line that stands under several videos of a channel for more than half
a year is taken out; what stands under those of one week is about what they show.

Pure: no network, no database, no clock.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from harvester.linkage.chapters import TIME
from harvester.records import Video

_OFTEN = 5  # videos that have a line, from which on it may be repeated
_LONG = 183 * 86400  # seconds between the first and the last of them, beyond which it is


def without(videos: Iterable[Video]) -> Iterator[Video]:
    """Yield the videos without the lines that their channels repeat."""
    videos = list(videos)
    repeated = _repeated(videos)
    for video in videos:
        yield _cut(video, repeated) if repeated and video.description else video


def _repeated(videos: Sequence[Video]) -> set[int]:
    """Return the lines that channels repeat, each as its number."""
    numbers, times = array("q"), array("q")
    for video in videos:
        if video.description and video.published_at:
            its = {_number(video, line) for line in _lines(video)}
            numbers.extend(its)
            times.extend([int(video.published_at.timestamp())] * len(its))
    found, at, counts = np.unique(
        np.array(numbers, dtype=np.int64), return_inverse=True, return_counts=True
    )
    first = np.full(len(found), np.iinfo(np.int64).max)
    last = np.full(len(found), np.iinfo(np.int64).min)
    when = np.array(times, dtype=np.int64)
    often = counts[at] >= _OFTEN
    np.minimum.at(first, at[often], when[often])
    np.maximum.at(last, at[often], when[often])
    return set(found[(counts >= _OFTEN) & (last > first + _LONG)].tolist())


def _cut(video: Video, repeated: set[int]) -> Video:
    kept = [
        line
        for line in video.description.splitlines()
        if not line.strip() or _number(video, line.strip()) not in repeated
    ]
    return replace(video, description="\n".join(kept))


def _lines(video: Video) -> Iterator[str]:
    """Yield the lines that may be repeated: "00:00 Begrüßung" is a chapter wherever it stands."""
    lines = map(str.strip, video.description.splitlines())
    return (line for line in lines if line and not (":" in line and TIME.search(line)))


def _number(video: Video, line: str) -> int:
    return hash((video.channel_id, line))
