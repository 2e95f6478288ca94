"""What comparing two records yields, and what all comparisons share.

`Found` is one field's level with its evidence in words; `Compared` gathers them
for a pair; `Overlap` is how much of a phrase stands in a title, with typos and
German compounds considered.

Pure: no network, no database, no clock.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log2
from typing import NamedTuple

from rapidfuzz import fuzz

from harvester.linkage import text
from harvester.linkage.features import Phrase, VideoFeatures
from harvester.linkage.model import Model
from harvester.linkage.vocabulary import NameIndex, PersonIndex, Words

TYPO = 86  # ratio from which two longer words are taken for one with a typo
_YEAR = re.compile(r"\s*\b((?:19|20)\d\d)\b")
_COMPOUND = 0.5  # what a part of a compound counts


class Found(NamedTuple):
    """What one field says about a pair."""

    field: str
    level: str
    evidence: str


@dataclass(slots=True)
class Compared:
    """What was found, which words of the title it explains, and what caps it."""

    found: list[Found] = field(default_factory=list)
    explained: set[str] = field(default_factory=set)
    caps: set[str] = field(default_factory=set)

    def add(self, name: str, level: str, evidence: str, cap: str | None = None) -> None:
        """Note what a field says, and the cap that it brings."""
        self.found.append(Found(name, level, evidence))
        if cap:
            self.caps.add(cap)

    def fields(self) -> set[tuple[str, str]]:
        """Return the fields with their levels."""
        return {(f.field, f.level) for f in self.found}


@dataclass(eq=False)
class View:
    """A video with what the indexes know about its title; made once for all its pairs."""

    video: VideoFeatures
    names: list[Phrase]  # of any event, wholly in the title
    persons: list[tuple[str, ...]]  # any speakers, by full name
    telling: dict[str, float]  # words of the title that have to be accounted for, with bits
    nearly: dict[str, tuple[str | None, float]] = field(default_factory=dict)  # what was looked up

    @cached_property
    def bits(self) -> float:
        """How much all words of the title tell."""
        return sum(self.telling.values())

    @cached_property
    def long_words(self) -> tuple[str, ...]:
        """The words that may be compounds, or have typos."""
        return tuple(dict.fromkeys(w for w in self.video.words if len(w) >= 5))

    @cached_property
    def spelt(self) -> dict[str, str]:
        """How the title spells its words."""
        return text.spelt(self.video.video.title)


class Context:
    """What is known of the whole installation while pairs are compared."""

    def __init__(self, model: Model, words: Words, names: NameIndex, persons: PersonIndex) -> None:
        self.model, self.words, self.names, self.persons = model, words, names, persons
        # with many events, some will share words with any title: bits that chance brings
        self.event_chance = log2(1 + words.events)
        self.talk_chance = log2(1 + words.talks)

    def view(self, video: VideoFeatures) -> View:
        """Return a video with what the indexes know about its title."""
        titles = self.model.words("person_titles")
        telling = {
            word: self.words.bits(word)
            for word in video.words
            if not word.isdigit() and word not in titles and self.words.bits(word) > 0
        }
        return View(video, self.names.within(video), self.persons.within(video.words), telling)

    def name_bits(self, name: Phrase) -> float:
        """Return how much all telling words of a name tell."""
        return sum(self.words.name_bits(w) for w in name.telling)

    def holders(self, name: Phrase) -> int:
        """Return how many events have this name."""
        return len(self.names.holders[frozenset(name.telling)])


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of a phrase stands in a title."""

    bits: float  # of the words found
    share: float  # of the phrase's bits
    here: tuple[str, ...]  # words of the phrase that were found
    explained: frozenset[str]  # words of the title that they stand in


def overlap(telling: Sequence[str], view: View, bits: Callable[[str], float]) -> Overlap:
    """Return how much of a phrase's telling words stands in a video's title."""
    total = got = 0.0
    here: list[str] = []
    missing: list[str] = []
    explained: set[str] = set()
    for word in telling:
        weight = bits(word)
        total += weight
        if word in view.video.terms:
            got += weight
            here.append(word)
        else:
            missing.append(word)
    if here:
        explained |= _pieces(here, view.video)
    if missing and (here or len(telling) < 4):
        for word in missing:
            near, counts = _nearly(word, view)
            if near:
                got += counts * bits(word)
                here.append(word)
                explained.add(near)
    share = got / total if total else float(bool(here) and len(here) == len(telling))
    return Overlap(got, share, tuple(here), frozenset(explained))


def _nearly(word: str, view: View) -> tuple[str | None, float]:
    """Return the title's word that is this one but for a typo or compound, and what it counts."""
    known = view.nearly.get(word)
    if known is None:
        known = view.nearly[word] = _look_nearly(word, view.long_words)
    return known


def _look_nearly(word: str, others: Sequence[str]) -> tuple[str | None, float]:
    if len(word) >= 6 and not word.isdigit():
        for other in others:
            if len(other) >= 6 and fuzz.ratio(word, other, score_cutoff=TYPO):
                return other, 1.0
    holder = text.within_compound(word, others)
    return (holder, _COMPOUND) if holder else (None, 0.0)


def _pieces(here: Sequence[str], video: VideoFeatures) -> set[str]:
    """Return the words of the title that hold the words found, or that together make one."""
    known = set(video.words)
    found = {word for word in here if word in known}
    for word in here:
        if word not in known:
            found |= {w for w in known if len(w) > 1 and w in word}
    return found


def listed(words: Sequence[str], view: View) -> str:
    """Return words as the title spells them, in quotes."""
    return ", ".join(f'"{view.spelt.get(w, w)}"' for w in words[:6])


def named(name: Phrase, view: View) -> str:
    """Return a name for a reader, without a year that the title does not have.

    Years are compared on their own: "ZWK-Fachdiskurs 2021" is in a title of 2022, but for it.
    """
    return _YEAR.sub(
        lambda year: year[0] if year[1] in view.video.words else "", name.written
    ).strip()


def people(persons: Sequence[tuple[str, ...]], written: Mapping[tuple[str, ...], str]) -> str:
    """Return names of persons for a reader, as their records spell them."""
    return ", ".join(written[person] for person in persons[:3])


def years(numbers: Collection[int]) -> str:
    """Return years for a reader."""
    return "/".join(str(y) for y in sorted(numbers)[:3])


def interval(first: dt.date, last: dt.date) -> str:
    """Return a day or span for a reader."""
    return f"{first}" if first == last else f"{first} to {last}"
