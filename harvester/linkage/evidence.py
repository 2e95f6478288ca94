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
from math import log2
from typing import NamedTuple

from rapidfuzz import fuzz

from harvester.linkage import text
from harvester.linkage.chapters import Chapter, chapters
from harvester.linkage.features import EventFeatures, Phrase, VideoFeatures
from harvester.linkage.lazy import lazy
from harvester.linkage.model import Model
from harvester.linkage.vocabulary import NameIndex, PersonIndex, TownIndex, Words

TYPO = 86  # ratio from which two longer words are taken for one with a typo
_YEAR = re.compile(r"\s*\b((?:19|20)\d\d)\b")
TELLING_NAME = 4.0  # bits from which a name in running text counts as one
_SHORT, _LONG = 5, 11  # letters: a shorter word is not looked for, a longer one may have two typos
_COMPOUND = 0.5  # what a part of a compound counts


class Found(NamedTuple):
    """What one field says about a pair; most is never read, so words are made when asked for."""

    field: str
    level: str
    told: str | Callable[[], str]

    @property
    def evidence(self) -> str:
        """What was seen, for a reader."""
        return self.told if isinstance(self.told, str) else self.told()


@dataclass(slots=True)
class Compared:
    """What was found, which words of the title it explains, and what caps it."""

    found: list[Found] = field(default_factory=list)
    explained: frozenset[str] = frozenset()
    caps: frozenset[str] = frozenset()

    def add(
        self, name: str, level: str, evidence: str | Callable[[], str], cap: str | None = None
    ) -> None:
        """Note what a field says, and the cap that it brings."""
        self.found.append(Found(name, level, evidence))
        if cap:
            self.caps |= {cap}

    def plus(self, found: Found) -> "Compared":
        """Return the same with one more field."""
        return Compared([*self.found, found], self.explained, self.caps)

    def worded(self, words: Sequence[str]) -> "Compared":
        """Return the same with the evidence in words, of as many fields as there are words for."""
        told = [Found(f.field, f.level, w) for f, w in zip(self.found, words, strict=False)]
        return Compared([*told, *self.found[len(words) :]], self.explained, self.caps)

    def fields(self) -> set[tuple[str, str]]:
        """Return the fields with their levels."""
        return {f[:2] for f in self.found}


@dataclass(eq=False)
class View:
    """A video with what the indexes know about its title; made once for all its pairs."""

    video: VideoFeatures
    names: list[Phrase]  # of any event, wholly in the title
    persons: list[tuple[str, ...]]  # any speakers, by full name
    telling: dict[str, float]  # words of the title that have to be accounted for, with bits
    towns: Sequence[tuple[str, ...]] = ()  # towns of any events
    no_event: Sequence[str] = ()  # words of the title that say it is no recording
    nearly: dict[str, tuple[str | None, float]] = field(default_factory=dict)  # what was looked up
    typos: dict[str, bool] = field(default_factory=dict)

    @lazy
    def bits(self) -> float:
        """How much all words of the title tell."""
        return sum(self.telling.values())

    @lazy
    def name_keys(self) -> frozenset[frozenset[str]]:
        """The names in the title, each as the set of its telling words."""
        return frozenset(n.key for n in self.names)

    @lazy
    def long_words(self) -> tuple[str, ...]:
        """The words that may be compounds, or have typos."""
        return tuple(dict.fromkeys([w for w in self.video.words if len(w) >= _SHORT]))

    @lazy
    def longer_words(self) -> tuple[str, ...]:
        """The words that may have typos."""
        return tuple(w for w in self.long_words if len(w) >= 6)

    @lazy
    def beginnings(self) -> frozenset[str]:
        """How the long words begin: what is nearly one of these begins or ends like one."""
        return frozenset([w[:3] for w in self.long_words])

    @lazy
    def endings(self) -> frozenset[str]:
        """How the long words end."""
        return frozenset([w[-3:] for w in self.long_words])

    @lazy
    def chapters(self) -> list[Chapter]:
        """The chapters that the description lists."""
        return chapters(self.video.video.description)

    def typo(self, word: str) -> str | None:
        """Return the title's word that is this one but for a typo."""
        others: Sequence[str] = self.longer_words
        if len(word) < _LONG:  # one typo is all that it may have: one of its ends is right
            edge = 3 if len(word) < 8 else 4
            first, last = word[:edge], word[-edge:]
            others = [w for w in others if w.startswith(first)]
            others += [w for w in self.longer_words if w.endswith(last)]
        for other in others:
            if fuzz.ratio(word, other, score_cutoff=TYPO):
                return other
        return None

    @lazy
    def spelt(self) -> dict[str, str]:
        """How the title spells its words."""
        return text.spelt(self.video.video.title)


class Context:
    """What is known of the whole installation while pairs are compared."""

    def __init__(self, model: Model, words: Words, events: Sequence[EventFeatures]) -> None:
        self.model, self.words = model, words
        self.names, self.persons = NameIndex(events, words), PersonIndex(events)
        self._towns = TownIndex(events, self.persons)
        # with many events, some will share words with any title: bits that chance brings
        self.event_chance = log2(1 + words.events)
        self.talk_chance = log2(1 + words.talks)
        self._name_bits: dict[tuple[str, ...], float] = {}
        self._described: dict[int, list[tuple[Phrase, str, bool]]] = {}

    def view(self, video: VideoFeatures) -> View:
        """Return a video with what the indexes know about its title."""
        titles = self.model.words("person_titles")
        bits = self.words.bits
        telling = {
            word: its
            for word in video.words
            if not word.isdigit() and word not in titles and (its := bits(word)) > 0
        }
        off = self.model.words("no_event")
        no_event = () if off.isdisjoint(video.words) else [w for w in video.words if w in off]
        persons = self.persons.within(video.present)
        towns = self._towns.within(video)
        return View(video, self.names.within(video), persons, telling, towns, no_event)

    def name_bits(self, name: Phrase) -> float:
        """Return how much all telling words of a name tell."""
        known = self._name_bits.get(name.telling)
        if known is None:
            known = self._name_bits[name.telling] = sum(map(self.words.name_bits, name.telling))
        return known

    def holders(self, name: Phrase) -> int:
        """Return how many events have this name."""
        return self.names.holders[name.key]

    def described(self, event: EventFeatures) -> list[tuple[Phrase, str, bool]]:
        """Return the names to look for in running text, and whether each is enough without a year.

        The most telling first; each with its words between blanks.
        """
        known = self._described.get(event.index)
        if known is None:
            names = sorted(event.names, key=lambda n: (-self.name_bits(n), n.written))
            known = self._described[event.index] = [
                (
                    name,
                    f" {' '.join(name.words)} ",
                    self.holders(name) == 1 and self.name_bits(name) >= self.event_chance,
                )
                for name in names
                if name.whole and self.name_bits(name) >= TELLING_NAME
            ]
        return known


class Overlap(NamedTuple):
    """How much of a phrase stands in a title."""

    bits: float  # of the words found
    share: float  # of the phrase's bits
    here: tuple[str, ...]  # words of the phrase that were found, those nearly so last
    near: tuple[str, ...] = ()  # words of the title that are nearly one of it

    def explained(self, view: View) -> frozenset[str]:
        """Return the words of the title that they stand in."""
        exactly = self.here[: len(self.here) - len(self.near)]
        return _pieces(exactly, view.video).union(self.near)


_NOTHING = Overlap(0.0, 0.0, ())


def overlap(telling: Sequence[str], view: View, bits: Callable[[str], float]) -> Overlap:
    """Return how much of a phrase's telling words stands in a video's title."""
    terms = view.video.terms
    if len(telling) > 3 and terms.isdisjoint(telling):
        return _NOTHING
    here: list[str] = []
    missing: list[str] = []
    for word in telling:
        (here if word in terms else missing).append(word)
    nearly: list[tuple[str, str, float]] = []
    known = view.nearly
    for word in missing:
        if len(word) >= _SHORT:
            near, counts = known.get(word) or _nearly(word, view)
            if near:
                nearly.append((word, near, counts))
    if not here and not nearly:
        return _NOTHING
    got = sum(map(bits, here))
    total = got + sum(map(bits, missing))
    for word, _, counts in nearly:
        got += counts * bits(word)
    here += [word for word, _, _ in nearly]
    share = got / total if total else float(len(here) == len(telling))
    return Overlap(got, share, tuple(here), tuple([near for _, near, _ in nearly]))


def _nearly(word: str, view: View) -> tuple[str | None, float]:
    """Return the title's word that is this one but for a typo or compound, and what it counts."""
    found = view.nearly[word] = _look_nearly(word, view)
    return found


_FAR: tuple[None, float] = (None, 0.0)


def _look_nearly(word: str, view: View) -> tuple[str | None, float]:
    shares = word[:3] in view.beginnings or word[-3:] in view.endings
    if not shares and len(word) < _LONG:
        return _FAR  # so are most
    if len(word) >= 6 and not word.isdigit() and (other := view.typo(word)):
        return other, 1.0
    holder = text.within_compound(word, view.long_words) if shares else None
    return (holder, _COMPOUND) if holder else _FAR


def _pieces(here: Sequence[str], video: VideoFeatures) -> frozenset[str]:
    """Return the words of the title that hold the words found, or that together make one."""
    known = video.present
    found = known.intersection(here)
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
