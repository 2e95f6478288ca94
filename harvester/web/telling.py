"""What was done, told as one would tell a colleague: of which video, and what was said.

In:   acts, and the words of the reader's language.
Out:  a line for each video, event or talk that an act names, and how many of which kind.
"""

from collections.abc import Collection
from typing import NamedTuple

from harvester.records import ActKind, Role
from harvester.store.reads_acts import About, Statement
from harvester.store.reads_review import Act
from harvester.web.frame import name_of_talk
from harvester.web.words import Words

_NAMED = 3  # videos; the others are counted
_FEW = 2  # videos that need no count: one took a talk from the other
_LINKS = 3


class Line(NamedTuple):
    """A video (or, without an id, an event or talk), and what was said of it."""

    video_id: str | None
    title: str
    said: str


class Told(NamedTuple):
    """An act: what it said of how many videos ("" of few), of the first of them, of how many more.

    `lines` is empty only if what it was about is on record no longer.
    """

    summary: str
    lines: list[Line]
    more: int


def tell(act: Act, words: Words) -> Told:
    """Return what an act says; of an undo, what it took back."""
    named = act.said.named
    videos = [each for each in named if each.video_id is not None]
    # a new event is told with the video that it was made from
    made = {each.event.event_id for s in named if s.what == "made" for each in s.about}
    records = [s for s in named if s.video_id is None and not (s.what == "made" and videos)]
    shown = videos[: _FEW if act.video_count <= _FEW else _NAMED]
    lines = [_line(each, words, made) for each in (*records, *shown)]
    summary = _summary(act, words) if act.video_count > _FEW else ""
    if act.kind is ActKind.UNDO:
        _ = words.gettext
        lines = [each._replace(said=_("taken back: {what}", what=each.said)) for each in lines]
        summary = _("taken back: {what}", what=summary) if summary else ""
    return Told(summary, lines, act.video_count - len(shown))


def _summary(act: Act, words: Words) -> str:
    """Return how many videos an act said what of."""
    count, ngettext = act.said.videos.get, words.ngettext
    counted = {
        "match": ngettext("{n} video linked", "{n} videos linked", count("match", 0)),
        "no_event": ngettext(
            "{n} video of no event", "{n} videos of no event", count("no_event", 0)
        ),
        "rejected": ngettext(
            "a proposal ruled out for {n} video",
            "a proposal ruled out for {n} videos",
            count("rejected", 0),
        ),
        "later": ngettext("{n} video put off", "{n} videos put off", count("later", 0)),
        "open": ngettext("{n} video waits again", "{n} videos wait again", count("open", 0)),
    }
    return words.listing([text for what, text in counted.items() if count(what)])


def _line(said: Statement, words: Words, made: Collection[str]) -> Line:
    _ = words.gettext
    if said.video_id is None:
        about = said.about[0] if said.about else None
        name = name_of_talk(about.talk, words) if about and about.talk else ""
        title = name or (about.event.title if about else "")
        is_made = said.what == "made"
        return Line(None, title, _("new on record") if is_made else words.item("status", said.what))
    what = _of_video(said, words)
    if any(each.event.event_id in made for each in said.about):
        what = _("{what}, new on record", what=what)
    return Line(said.video_id, said.title or said.video_id, what)


def _of_video(said: Statement, words: Words) -> str:
    _ = words.gettext
    match said.what:
        case "match":
            return _linked(said.about, words)
        case "no_event" if said.reason:
            return _("no event ({reason})", reason=words.item("no_event", said.reason))
        case "no_event":
            return _("no event")
        case "rejected":
            events = words.listing([_quoted(each, words) for each in said.about])
            return _("not of {events}", events=events)
        case "open":
            return _("waits again")
    return words.item("mark", said.what)


def _linked(about: tuple[About, ...], words: Words) -> str:
    """Return what a video was linked to; of many talks of one event only how many."""
    _ = words.gettext
    if len(about) > _LINKS and len({each.event.event_id for each in about}) == 1:
        event = _quoted(about[0]._replace(talk=None), words)
        return words.ngettext(
            "linked to {n} talk at {event}",
            "linked to {n} talks at {event}",
            len(about),
            event=event,
        )
    what = _all(about, words)
    roles = {each.role for each in about}
    if roles == {Role.DUPLICATE}:
        return _("a further upload of {what}", what=what)
    if roles == {Role.PART}:
        return _("a part of {what}", what=what)
    if roles == {Role.EXCERPT}:
        return _("an excerpt of {what}", what=what)
    return _("linked to {what}", what=what)


def _all(about: tuple[About, ...], words: Words) -> str:
    """Return several events and talks; an event once, if they are all talks of it."""
    if len({each.event.event_id for each in about}) != 1 or not all(each.talk for each in about):
        return words.listing([_quoted(each, words) for each in about])
    talks = words.listing([_talk(each, words) for each in about])
    event = _quoted(about[0]._replace(talk=None), words)
    return words.gettext("{talk} at {event}", talk=talks, event=event)


def _quoted(about: About, words: Words) -> str:
    """Return a talk at its event, or an event with its day, for there are several of a title."""
    if about.talk is not None:
        return _all((about,), words)
    event = words.gettext("“{title}”", title=about.event.title)
    days = words.dates(about.event.start_on, about.event.end_on)
    return f"{event} ({days})" if about.event.start_on else event


def _talk(about: About, words: Words) -> str:
    return words.gettext("“{title}”", title=name_of_talk(about.talk, words))
