"""Which talks the chapters in a description name: "00:35:00 Zukunft im Dorf – Hanna Koch".

In:   a video's description and length, and the talks of an event.
Out:  the talks that chapters name, each with where it begins and ends (seconds).

YouTube makes chapters of lines that begin with a time; people also write the
time at the end, or in brackets.  A chapter names a talk if it has most words of
its title that tell, or one of its speakers by full name.

Pure: no network, no database, no clock.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from harvester.linkage import text
from harvester.linkage.features import TalkFeatures

TIME = re.compile(r"(?<![\d:.])(?:(\d{1,2}):)?(\d{1,2}):([0-5]\d)(?![\d:])")
_HINT = re.compile(r":[0-5]\d")  # quick to look for
_MOST = 0.65  # of a title's telling words, from which a chapter names the talk
_FEWEST = 2  # chapters: a single time is a remark


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of a video, as its description names it."""

    start_s: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A talk that a chapter names; `end_s` is None where nobody tells."""

    talk: TalkFeatures
    start_s: int
    end_s: int | None


def chapters(description: str) -> list[Chapter]:
    """Return the chapters of a description in order; none, if their times do not rise."""
    found: list[Chapter] = []
    if not _HINT.search(description):
        return found
    for line in description.splitlines():
        time = TIME.search(line)
        if not time:
            continue
        hours, minutes, seconds = (int(part or 0) for part in time.groups())
        said = text.words(text.fold(TIME.sub(" ", line)))
        found.append(Chapter(3600 * hours + 60 * minutes + seconds, said))
    rises = all(one.start_s < other.start_s for one, other in pairwise(found))
    return found if len(found) >= _FEWEST and rises else []


def talks(
    found: Sequence[Chapter], length_s: int | None, programme: Sequence[TalkFeatures]
) -> list[Shown]:
    """Return the talks of a programme that chapters name, each once, in order."""
    if not found:
        return []
    ends = [*(chapter.start_s for chapter in found[1:]), length_s]
    shown: dict[int, Shown] = {}
    for chapter, end in zip(found, ends, strict=True):
        named = [(worth, talk) for talk in programme if (worth := _worth(chapter, talk))]
        best = max(named, key=lambda n: (n[0], -n[1].index), default=None)
        if best and sum(worth == best[0] for worth, _ in named) == 1:
            talk = best[1]
            shown.setdefault(talk.index, Shown(talk, chapter.start_s, end))
    return list(shown.values())


def _worth(chapter: Chapter, talk: TalkFeatures) -> float:
    """Return how well a chapter names a talk; 0 if it does not."""
    present = set(chapter.words)
    title = max(
        (
            len(present.intersection(phrase.telling)) / len(phrase.telling)
            for phrase in talk.titles
            if phrase.whole and len(phrase.telling) > 1
        ),
        default=0.0,
    )
    named = any(len(p) > 1 and present.issuperset((p[0], p[-1])) for p in talk.speakers)
    return (title if title >= _MOST else 0.0) + named
