"""What can be compared of a video, an event and a talk.

In:   records.
Out:  folded words, names, dates and persons of each; words that tell nothing,
      and years of an event's own, are left out of its names.

Pure: no network, no database, no clock.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from sys import intern

from harvester.linkage import text
from harvester.linkage.dates import COUNTING, Dates, find, spans
from harvester.linkage.lazy import lazy
from harvester.linkage.model import Model
from harvester.records import Event, Talk, Video, first_day, last_day

_KEPT_APART = frozenset("#|:")
_KEPT_APART_BY = re.compile("[#|:]")
_CAPITALS = re.compile(r"\b[A-ZÄÖÜ]{2,}\b")
_DAY = dt.timedelta(days=1)  # time zones, and evenings before
_CUT_AT = 98  # YouTube cuts titles at 100 characters; those who upload, a little before
_DESCRIPTION = 6000  # characters; YouTube allows 5,000
_FIRST_LINES = 400  # characters of a description that blocking looks at
_SEGMENTS = re.compile(r"\s[-–—]\s|[|:•]|[„“”\"«»]")
_COUNTING = COUNTING | {"day", "tag"}
_MAIN = re.compile(r":\s|\s[-–—|]\s|[?!]\s")
_URL = re.compile(r"^https?://(?:www\.)?|[?#].*$")


@dataclass(slots=True, eq=False)
class Phrase:
    """A name or title: how it is written, its words in order, and those that tell."""

    written: str
    words: tuple[str, ...]
    telling: tuple[str, ...]
    whole: bool = True  # False: a piece of a name, between quotes or dashes
    _key: frozenset[str] | None = field(default=None, init=False, repr=False)

    @property
    def key(self) -> frozenset[str]:
        """The telling words in no order: names with the same ones are one."""
        if self._key is None:
            self._key = frozenset(self.telling)
        return self._key

    @property
    def joined(self) -> str:
        """The telling words written as one: "Ruby Conf" and "RubyConf" are the same."""
        return "".join(self.telling)


class VideoFeatures:
    """A video, ready to be compared; made as it is asked for, and kept."""

    def __init__(self, video: Video, in_playlists: Sequence[str] = ()) -> None:
        self.video, self.in_playlists = video, in_playlists
        self.published = video.published_at.date() if video.published_at else None
        self.recorded, self.recorded_how = _recorded(video)

    @lazy
    def folded(self) -> str:
        """The title without what readers overlook."""
        return text.fold(self.video.title)

    @lazy
    def words(self) -> tuple[str, ...]:
        """The words of the title, in order."""
        return text.words(self.folded)

    @lazy
    def present(self) -> frozenset[str]:
        """The words of the title."""
        return frozenset(self.words)

    @lazy
    def joined(self) -> str:
        """The words of the title between blanks, with a blank at each end."""
        return f" {' '.join(self.words)} "

    @lazy
    def scripts(self) -> list[str]:
        """The scripts of the title, that of most letters first."""
        return text.scripts(self.video.title)

    @lazy
    def terms(self) -> frozenset[str]:
        """The words of the title, and neighbours written as one, but for those kept apart."""
        if _KEPT_APART.isdisjoint(self.folded):
            return text.terms(self.words)
        pieces = _KEPT_APART_BY.split(self.folded)  # "#rails #conference" is no "RailsConference"
        return self.present.union(*(text.joined(text.words(piece)) for piece in pieces))

    @lazy
    def dates(self) -> Dates:
        """What the title says about time."""
        return find(self.folded)

    @lazy
    def told_years(self) -> frozenset[int]:
        """The years in the title: one to come is a theme ("Zwickau 2030")."""
        latest = self.published.year if self.published else 9999
        return frozenset(y for y in self.dates.years if y <= latest)

    @lazy
    def short_years(self) -> tuple[tuple[str, int], ...]:
        """Numbers in the title that may be years, with the word beside them."""
        latest = self.published.year if self.published else 9999
        return tuple(
            (word, 2000 + number)
            for word, number in self.dates.numbered
            if 8 <= number <= 60 and 2000 + number <= latest
        )

    @lazy
    def kinds(self) -> frozenset[str]:
        """The kinds of talk that the title names."""
        return kinds(self.words)

    @lazy
    def is_cut(self) -> bool:
        """Whether the title seems to have been cut at YouTube's limit."""
        title = self.video.title
        return len(title) >= _CUT_AT and len(" ".join(title.split())) >= _CUT_AT

    @lazy
    def described(self) -> str:
        """The folded description."""
        return text.fold(self.video.description[:_DESCRIPTION])

    @lazy
    def first_lines(self) -> tuple[str, ...]:
        """The words of the description's first lines; the last one may be cut."""
        return tuple(self.description[:_FIRST_LINES].split()[:-1])

    @lazy
    def description(self) -> str:
        """The description's folded words between blanks, with a blank at each end."""
        return f" {' '.join(text.words(self.described))} "

    @lazy
    def description_dates(self) -> Dates:
        """What the description says about time: days with their years, and nothing else."""
        return Dates(spans=spans(self.described))

    @lazy
    def description_urls(self) -> str:
        """The folded description, if it holds an address."""
        described = self.described
        return described if "://" in described or "www." in described else ""

    @lazy
    def playlists(self) -> tuple[tuple[str, frozenset[str], frozenset[int]], ...]:
        """The playlists that the video is in: title, terms, years."""
        lists = []
        for title in sorted(self.in_playlists):
            folded = text.fold(title)
            lists.append((title, text.terms(text.words(folded)), find(folded).years))
        return tuple(lists)


@dataclass(frozen=True, slots=True)
class TalkFeatures:
    """A talk, ready to be compared; `index` is its place among all talks."""

    index: int
    place: int  # among the talks of its event
    talk: Talk
    titles: tuple[Phrase, ...]
    is_generic: bool  # "Keynote", "Lightning Talks": no word that tells
    is_alone: bool  # no other talk of the event has a title of the same telling words
    is_event: bool  # its title is the event's name: the record of a meetup as one talk
    kinds: frozenset[str]  # "keynote", "panel": what the title or the record calls it
    dates: Dates  # what its title says about day and part
    speakers: tuple[tuple[str, ...], ...]
    written: Mapping[tuple[str, ...], str]  # the speakers as the record spells them
    held: tuple[dt.date, dt.date] | None


@dataclass(frozen=True, eq=False)
class EventFeatures:
    """An event, ready to be compared; `index` is its place among all events."""

    index: int
    event: Event
    names: tuple[Phrase, ...]
    name_words: frozenset[str]
    numbered: frozenset[tuple[str, int]]
    name_years: frozenset[int]  # years in its names, also such as "Zwickau 2030"
    first: dt.date | None
    last: dt.date | None
    years: frozenset[int]
    city: tuple[str, ...]
    url: str
    talks: list[TalkFeatures] = field(default_factory=list)

    @lazy
    def name_keys(self) -> frozenset[frozenset[str]]:
        """The names, each as the set of its telling words."""
        return frozenset(n.key for n in self.names)

    @lazy
    def _series_names(self) -> frozenset[frozenset[str]]:
        """The names that tell no more than its series: "Ruby Conf" of "RubyConf"."""
        words = text.words(text.fold(self.event.series or ""))
        terms, whole = text.terms(words), "".join(words)
        return frozenset(n.key for n in self.names if n.key <= terms or n.joined in whole)

    def is_called_as_its_series(self, here: Collection[frozenset[str]]) -> bool:
        """Return whether those of its names that are here tell no more than its series."""
        names = self.name_keys.intersection(here)
        return bool(names) and names <= self._series_names

    @lazy
    def whole_names(self) -> frozenset[str]:
        """The telling words of its names, without pieces of names."""
        return frozenset(w for name in self.names if name.whole for w in name.telling)

    @lazy
    def own_words(self) -> frozenset[str]:
        """The words of its names and place: what a title may hold because of it."""
        return self.name_words.union(self.city)

    @lazy
    def has_programme(self) -> bool:
        """Whether there are talks that a title could name."""
        return any(t.titles and not t.is_generic for t in self.talks)

    @lazy
    def place(self) -> str:
        """The words of its place between blanks, if that tells more than its names do."""
        tells = self.city and not self.name_words.issuperset(self.city)
        return f" {' '.join(self.city)} " if tells else ""

    @lazy
    def year_ends(self) -> tuple[str, ...]:
        """The years that a text names which gives a day of it, as they may stand there."""
        if not self.first or not self.last:
            return ()
        years = {(self.first - _DAY).year, (self.last + _DAY).year}
        return tuple(
            end for year in years for end in (str(year), f".{year % 100:02}", f". {year % 100:02}")
        )

    @lazy
    def talk_days(self) -> int:
        """On how many days its talks were held."""
        return len({t.held for t in self.talks})

    @lazy
    def itself(self) -> TalkFeatures | None:
        """The talk that is the event: of a meetup on record as one talk."""
        same = [t for t in self.talks if t.is_event]
        return same[0] if len(same) == 1 else None


def _recorded(video: Video) -> tuple[tuple[dt.date, dt.date] | None, str]:
    if video.live_started_at:
        day = video.live_started_at.date()
        return (day, day), f"was streamed live on {day}"
    if video.recorded_on:
        return (
            (first_day(video.recorded_on), last_day(video.recorded_on)),
            f"was recorded on {video.recorded_on}, says YouTube",
        )
    return None, ""


def of_events(events: Iterable[Event], talks: Iterable[Talk], model: Model) -> list[EventFeatures]:
    """Return what can be compared of events and their talks, sorted by id."""
    by_id: dict[str, EventFeatures] = {}
    for index, event in enumerate(sorted(events, key=lambda e: e.event_id)):
        by_id[event.event_id] = _of_event(index, event, model)
    known = [t for t in sorted(talks, key=lambda t: t.talk_id) if t.event_id in by_id]
    persons = _Persons(model)
    called: Counter[tuple[str, frozenset[str]]] = Counter()
    for index, talk in enumerate(known):
        host = by_id[talk.event_id]
        its = _of_talk(index, talk, host, persons, model)
        host.talks.append(its)
        if its.is_generic:  # no other title has only words of generic ones
            called.update({(talk.event_id, t.key) for t in its.titles})
    for host in by_id.values():
        host.talks[:] = [
            replace(t, is_alone=_is_alone(t, called)) if t.is_generic else t for t in host.talks
        ]
    return list(by_id.values())


def _is_alone(talk: TalkFeatures, called: Mapping[tuple[str, frozenset[str]], int]) -> bool:
    return all(called[talk.talk.event_id, t.key] == 1 for t in talk.titles)


class _Persons(dict[str, tuple[str, ...]]):
    """Names of persons as folded words, made when first asked for: many speak more than once."""

    def __init__(self, model: Model) -> None:
        self._titles = model.words("person_titles")

    def __missing__(self, name: str) -> tuple[str, ...]:
        person = self[name] = text.person(name, self._titles)
        return person


def _of_event(index: int, event: Event, model: Model) -> EventFeatures:
    start, end = event.start_on or event.end_on, event.end_on or event.start_on
    first, last = (first_day(start), last_day(end)) if start and end else (None, None)
    if start and end and len(start) == len(end) == 4:
        first, last = _month_of(event.title, start) or (first, last)
    years = set(range(first.year, last.year + 1)) if first and last else set()
    written = [event.title, *event.aliases, *([event.series] if event.series else [])]
    folded = [text.fold(name) for name in written]
    seen = [find(name) for name in folded]
    name_years = {year for found in seen for year in found.years}
    # a congress of 2023 may be held in December 2022; "Zwickau 2030" names no year of an event
    years |= {y for y in seen[0].years if not years or min(abs(y - own) for own in years) <= 1}
    names: dict[frozenset[str], Phrase] = {}
    for name, its in zip(written, folded, strict=True):
        for phrase in (
            _phrase(name, model, folded=its, without=years),
            *(_phrase(s, model, without=years, whole=False) for s in _segments(name)),
        ):
            # "Teil 2" behind a comma is no name
            is_name = not all(w.isdigit() or w in _COUNTING for w in phrase.telling)
            if phrase.telling and (phrase.whole or (len(phrase.telling) > 1 and is_name)):
                names.setdefault(phrase.key, phrase)
    return EventFeatures(
        index=index,
        event=event,
        names=tuple(names.values()),
        name_words=frozenset(w for name in names.values() for w in name.telling),
        numbered=frozenset(pair for found in seen for pair in found.numbered),
        name_years=frozenset(name_years),
        first=first,
        last=last,
        years=frozenset(years),
        city=text.words(text.fold(event.city or "")),
        url=page(event.url or ""),
    )


def _uncounted(title: Phrase) -> Phrase:
    """Return a generic title without what counts it: "Lightning Talks (Part 2)" is called so."""
    telling = tuple(w for w in title.telling if not w.isdigit() and w not in _COUNTING)
    return replace(title, telling=telling) if telling else title


def _month_of(title: str, year: str) -> tuple[dt.date, dt.date] | None:
    """Return the month that a title names, of an event of which only the year is on record."""
    months = {(y, month) for y, month in find(text.fold(title)).months if str(y) == year}
    if len(months) != 1:
        return None
    day = f"{year}-{months.pop()[1]:02}"
    return first_day(day), last_day(day)


def _of_talk(
    index: int, talk: Talk, event: EventFeatures, persons: _Persons, model: Model
) -> TalkFeatures:
    written = [t for t in (talk.title, *talk.aliases) if t]
    title = text.fold(talk.title or "")
    titles = [_phrase(t, model, folded=title if t is talk.title else None) for t in written]
    generic = model.words("generic_talk")
    telling = [
        p
        if generic.isdisjoint(p.telling)
        else Phrase(p.written, p.words, tuple([w for w in p.telling if w not in generic]))
        for p in titles
    ]
    people = {persons[name]: name for name in talk.speakers}
    # "Keynote: Ada Beispiel" tells no more than its kind and its speaker, who is compared anyway
    names = {word for person in people for word in person}
    is_generic = bool(titles) and all(names.issuperset(p.telling) for p in telling)
    # who uploads leaves out what stands behind a colon or dash
    mains = [_phrase(_MAIN.split(t)[0], model, whole=False) for t in written if _MAIN.search(t)]
    telling += [p for p in mains if len(set(p.telling) - generic) > 1]
    return TalkFeatures(
        index=index,
        place=len(event.talks),
        talk=talk,
        titles=tuple(
            [p for p in (map(_uncounted, titles) if is_generic else telling) if p.telling]
        ),
        is_generic=is_generic,
        is_alone=False,
        is_event=any(_is_within(p, event.whole_names) for p in titles),
        kinds=_of_kind(talk.kind or "").union(*[kinds(p.words) for p in titles]),
        dates=find(title),
        speakers=tuple(sorted(filter(None, people))),
        written=people,
        held=_held(talk.held_on) if talk.held_on else None,
    )


def _is_within(title: Phrase, names: frozenset[str]) -> bool:
    """Return whether only words of an event's names tell in a title, and years."""
    if names.isdisjoint(title.telling):
        return False  # so are most
    undated = [w for w in title.telling if not w.isdigit()]
    return bool(undated) and names.issuperset(undated)


@cache
def _held(on: str) -> tuple[dt.date, dt.date]:
    return first_day(on), last_day(on)


@cache
def _of_kind(kind: str) -> frozenset[str]:
    return kinds(text.words(text.fold(" ".join(kind.split("_")))))


_KINDS = {
    word: kind
    for kind, line in {
        "keynote": "keynote keynotes",
        "lightning talk": "lightning lighting blitzvortrag blitz lt",
        "panel": "panel podium podiumsdiskussion podiumsgespraech diskussion discussion",
        "workshop": "workshop workshops",
        "questions": "qa q questions fragen fragerunde ama",
        "welcome": "welcome begruessung grusswort grussworte greeting bienvenida",
        "closing": "closing abschluss verabschiedung outro",
        "opening": "opening eroeffnung auftakt intro",
        "podcast": "podcast",
        "interview": "interview fireside",
    }.items()
    for word in line.split()
}


def kinds(words: Collection[str]) -> frozenset[str]:
    """Return the kinds of talk that words name: "opening keynote" -> opening, keynote."""
    if _KINDS.keys().isdisjoint(words):
        return frozenset()
    return frozenset(_KINDS[word] for word in words if word in _KINDS)


def _phrase(
    written: str,
    model: Model,
    *,
    folded: str | None = None,
    without: Collection[int] = (),
    whole: bool = True,
) -> Phrase:
    """Return a name or title with the words that tell: no stop words, no years of its own."""
    stop = model.words("stop")
    folded = text.fold(written) if folded is None else folded
    sequence = tuple(map(intern, text.words(folded)))  # the same in many titles
    lasting = dict.fromkeys(sequence)
    if without:
        lasting = dict.fromkeys(w for w in sequence if not (w.isdigit() and int(w) in without))
    telling = tuple([w for w in lasting if w not in stop])
    if len(telling) < len(lasting) and (capitals := _CAPITALS.findall(written)):
        # "LA" is a town and "IT" a trade, where others are written small
        kept = set() if written.isupper() else set(text.words(text.fold(" ".join(capitals))))
        telling = tuple([w for w in lasting if w not in stop or w in kept])
    if len(telling) < 2:  # "LA RubyConf" is not "RubyConf"
        telling = tuple(lasting)
    return Phrase(written.strip(), sequence, telling, whole)


def _segments(name: str) -> list[str]:
    pieces = [piece.strip() for piece in _SEGMENTS.split(name)]
    return [piece for piece in pieces if piece] if len(pieces) > 1 else []


def page(address: str) -> str:
    """Return what tells two addresses apart: no scheme, www, query, or slash at the end."""
    return _URL.sub("", text.fold(address)).rstrip("/")
