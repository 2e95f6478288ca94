"""What is written in an invented world: names of talks, titles and texts of videos.

Whoever uploads an event has habits: a style of titles, a way to name the event, a text
below.  Some titles are renamed, misspelt, or written with ae for ä.
"""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import NamedTuple

from harvester.records import Event, Talk
from tests.invented_words import Language, languages, products, towns

_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "ß": "ss"})
_LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class Told(NamedTuple):
    """What a talk is about; the same may be told at two events."""

    title: str
    speakers: tuple[str, ...]
    kind: str


@dataclass(slots=True)
class Series:
    """What the editions of a series have in common."""

    number: int
    language: Language
    name: str
    short: str
    meetup: bool
    numbered: bool
    channel_id: str
    town: str
    topics: list[str]
    people: list[str]
    boilerplate: str
    next_day: dt.date
    count: int = 0

    def meeting(self, first: dt.date) -> str:
        """Return what a meetup is called: by its number or its month."""
        if self.numbered:
            return f"{self.name} #{self.count}"
        return f"{self.name} {self.language.month(first.year, first.month)}"


@dataclass(slots=True)
class Edition:
    """One event, with the habits of whoever uploads its videos."""

    series: Series
    event: Event
    first: dt.date
    days: int
    talks: list[Talk]
    style: str = ""
    mention: str = ""
    uploaded: dt.datetime = _LONG_AGO
    batch: int = 0
    described: bool = True
    dated: bool = True
    told: list[Told] = field(default_factory=list)  # in the order of the talks
    days_held: list[int] = field(default_factory=list)  # 0 is the first day


_SHARES = (
    ("{event}: {by}", 14),
    ("{event} - {talk} - {person}", 14),
    ("{talk} – {person} | {event}", 12),
    ("{person} - {talk} - {event}", 10),
    ("{event}: {talk}", 8),
    ("{talk} | {event}", 8),
    ("{day}: {talk} – {event}", 4),
    ("{talk} – {person}", 10),
    ("{person}: {talk}", 6),
    ("{by}", 4),
    ("{talk}", 10),
)
STYLES = [style for style, share in _SHARES for _ in range(share)]


class Writer:
    """Writes, drawing from the world's source of chance."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.languages = languages(rng)
        self.products = products(rng)
        self.towns = towns(rng)

    def mention(self, series: Series, first: dt.date) -> str:
        """Return how the uploads of an event name it."""
        chance = self.rng.random()
        if chance < 0.15:
            return series.name
        if series.meetup:
            return series.meeting(first)
        if chance < 0.25:
            return f"{series.short}{first.year % 100:02}"
        if chance < 0.3:
            return f"{series.short} {first.year}"
        if chance < 0.4:
            return f"{series.name} '{first.year % 100:02}"
        return f"{series.name} {first.year}"

    def written(self, template: str, language: Language, topics: list[str] | None = None) -> str:
        """Fill a template with content words, some of them the topics of a series."""
        rng = self.rng
        a, b, c, d = rng.choices(language.words, k=4)
        if topics and rng.random() < 0.5:
            b = rng.choice(topics)
        return (
            template.replace("{a}", a)
            .replace("{b}", b)
            .replace("{c}", c)
            .replace("{d}", d)
            .replace("{x}", rng.choice(self.products) if "{x}" in template else "")
        )

    def title(self, edition: Edition, places: list[int], *, whole: bool) -> str:
        """Return what the video of some talks of an event is called."""
        told = [edition.told[place] for place in places]
        rng, language = self.rng, edition.series.language
        if whole:
            return language.whole.replace("{event}", edition.mention)
        talk = " / ".join(its.title for its in told)
        chance = rng.random()
        if chance < 0.04:  # renamed: other words than the record has
            talk = self.written(rng.choice(language.talks), language, edition.series.topics)
            talk = f"{told[0].title.split(' ')[0]} {talk}"
        people = ", ".join(dict.fromkeys(p for its in told for p in its.speakers))
        style = edition.style if rng.random() < 0.9 else rng.choice(STYLES)
        title = (
            style.replace("{by}", language.by)
            .replace("{event}", edition.mention)
            .replace("{day}", language.day.replace("{day}", str(edition.days_held[places[0]] + 1)))
            .replace("{person}", people)
            .replace("{talk}", talk)
        )
        if 0.04 < chance < 0.08:
            title = title.translate(_PLAIN)
        elif 0.08 < chance < 0.11:
            at = int(rng.random() * (len(title) - 2))
            title = title[:at] + title[at + 1] + title[at] + title[at + 2 :]
        return title

    def description(self, edition: Edition, places: list[int], seconds: int) -> str:
        """Return what stands below a video: nothing, or a summary and a part of the facts."""
        told = [edition.told[place] for place in places]
        rng, language, series = self.rng, edition.series.language, edition.series
        if not edition.described:
            return series.boilerplate
        lines = [self.sentences(language, 25 + int(rng.random() * 90), told[0].title)]
        if edition.dated:
            day = edition.first
            lines.append(
                language.about.replace("{person}", ", ".join(told[0].speakers))
                .replace("{event}", edition.mention)
                .replace("{date}", language.date(day.year, day.month, day.day))
                .replace("{town}", edition.event.city or "")
            )
        if rng.random() < 0.2:
            lines.append(language.page.replace("{url}", edition.event.url or ""))
        if len(told) > 1:
            step = seconds // len(told)
            for number, its in enumerate(told):
                minutes = number * step // 60
                lines.append(f"{minutes // 60}:{minutes % 60:02}:00 {its.title}")
        if series.boilerplate:
            lines.append(series.boilerplate)
        return "\n".join(lines)

    def sentences(self, language: Language, words: int, about: str = "") -> str:
        """Return running text of so many words, which begins with what it is about."""
        chosen = self.rng.choices(language.running, k=words)
        pieces = [language.joint.join(chosen[start : start + 11]) for start in range(0, words, 11)]
        return ". ".join([about, *pieces] if about else pieces) + "."
