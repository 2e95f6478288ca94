"""What can be compared of a video, an event and a talk.

In:   records.
Out:  folded words, names, dates and persons of each; words that tell nothing,
      and years of an event's own, are left out of its names.

Pure: no network, no database, no clock.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from harvester.linkage import text
from harvester.linkage.dates import Dates, find
from harvester.linkage.model import Model
from harvester.records import Event, Talk, Video, first_day, last_day

_CUT_AT = 98  # YouTube cuts titles at 100 characters; those who upload, a little before
_DESCRIPTION = 6000  # characters; YouTube allows 5,000
_SEGMENTS = re.compile(r"\s[-–—]\s|[|:•]|[„“”\"«»]")
_URL = re.compile(r"^https?://(?:www\.)?|[?#].*$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name or title: how it is written, its words in order, and those that tell."""

    written: str
    words: tuple[str, ...]
    telling: tuple[str, ...]
    whole: bool = True  # False: a piece of a name, between quotes or dashes

    @property
    def joined(self) -> str:
        """The telling words written as one: "Ruby Conf" and "RubyConf" are the same."""
        return "".join(self.telling)


@dataclass(frozen=True, slots=True)
class VideoFeatures:
    """A video, ready to be compared."""

    video: Video
    words: tuple[str, ...]
    terms: frozenset[str]
    dates: Dates
    is_cut: bool
    description: str  # folded words between blanks, with a blank at each end
    description_dates: Dates
    description_urls: str
    playlists: tuple[tuple[str, frozenset[str], frozenset[int]], ...]  # title, terms, years
    published: dt.date | None
    recorded: tuple[dt.date, dt.date] | None
    recorded_how: str


@dataclass(frozen=True, slots=True)
class TalkFeatures:
    """A talk, ready to be compared; `index` is its place among all talks."""

    index: int
    talk: Talk
    titles: tuple[Phrase, ...]
    is_generic: bool  # "Keynote", "Lightning Talks": no word that tells
    speakers: tuple[tuple[str, ...], ...]
    written: Mapping[tuple[str, ...], str]  # the speakers as the record spells them
    held: tuple[dt.date, dt.date] | None


@dataclass(frozen=True, slots=True)
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


def of_video(video: Video, playlists: Sequence[str]) -> VideoFeatures:
    """Return what can be compared of a video, with the titles of the playlists it is in."""
    folded = text.fold(video.title)
    sequence = text.words(folded)
    described = text.fold(video.description[:_DESCRIPTION])
    recorded, how = _recorded(video)
    lists = []
    for title in sorted(playlists):
        its_words = text.words(text.fold(title))
        lists.append((title, text.terms(its_words), find(text.fold(title)).years))
    return VideoFeatures(
        video=video,
        words=sequence,
        terms=text.terms(sequence),
        dates=find(folded),
        is_cut=len(" ".join(video.title.split())) >= _CUT_AT,
        description=f" {' '.join(text.words(described))} ",
        description_dates=find(described),
        description_urls=described if "://" in described or "www." in described else "",
        playlists=tuple(lists),
        published=video.published_at.date() if video.published_at else None,
        recorded=recorded,
        recorded_how=how,
    )


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
    for index, talk in enumerate(known):
        by_id[talk.event_id].talks.append(_of_talk(index, talk, model))
    return list(by_id.values())


def _of_event(index: int, event: Event, model: Model) -> EventFeatures:
    start, end = event.start_on or event.end_on, event.end_on or event.start_on
    first, last = (first_day(start), last_day(end)) if start and end else (None, None)
    years = set(range(first.year, last.year + 1)) if first and last else set()
    written = [event.title, *event.aliases, *([event.series] if event.series else [])]
    seen = [find(text.fold(name)) for name in written]
    name_years = {year for found in seen for year in found.years}
    # a congress of 2023 may be held in December 2022; "Zwickau 2030" names no year of an event
    years |= {y for y in seen[0].years if not years or min(abs(y - own) for own in years) <= 1}
    names: dict[frozenset[str], Phrase] = {}
    for name in written:
        for phrase in (
            _phrase(name, model, without=years),
            *(_phrase(s, model, without=years, whole=False) for s in _segments(name)),
        ):
            if phrase.telling and (phrase.whole or len(phrase.telling) > 1):
                names.setdefault(frozenset(phrase.telling), phrase)
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


def _of_talk(index: int, talk: Talk, model: Model) -> TalkFeatures:
    titles = [_phrase(t, model) for t in (talk.title, *talk.aliases) if t]
    generic = model.words("generic_talk")
    telling = [
        Phrase(p.written, p.words, tuple(w for w in p.telling if w not in generic)) for p in titles
    ]
    is_generic = bool(titles) and not any(p.telling for p in telling)
    people = {text.person(name, model.words("person_titles")): name for name in talk.speakers}
    return TalkFeatures(
        index=index,
        talk=talk,
        titles=tuple(p for p in (titles if is_generic else telling) if p.telling),
        is_generic=is_generic,
        speakers=tuple(sorted(p for p in people if p)),
        written=people,
        held=(first_day(talk.held_on), last_day(talk.held_on)) if talk.held_on else None,
    )


def _phrase(
    written: str, model: Model, *, without: Collection[int] = (), whole: bool = True
) -> Phrase:
    """Return a name or title with the words that tell: no stop words, no years of its own."""
    stop = model.words("stop")
    sequence = text.words(text.fold(written))
    telling = dict.fromkeys(
        w for w in sequence if w not in stop and not (w.isdigit() and int(w) in without)
    )
    if len(telling) < 2:  # "LA RubyConf" is not "RubyConf"
        telling = dict.fromkeys(w for w in sequence if not (w.isdigit() and int(w) in without))
    return Phrase(written.strip(), sequence, tuple(telling), whole)


def _segments(name: str) -> list[str]:
    pieces = [piece.strip() for piece in _SEGMENTS.split(name)]
    return [piece for piece in pieces if piece] if len(pieces) > 1 else []


def page(address: str) -> str:
    """Return what tells two addresses apart: no scheme, www, query, or slash at the end."""
    return _URL.sub("", text.fold(address)).rstrip("/")
