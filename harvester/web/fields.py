"""Form fields -> what an editor says, or which field is wrong.

In:   the fields of a form that the guard has read.
Out:  `Say` and `Event`; or WrongFields, with a sentence (a msgid) for each field.

A button says what it means in its value: "match?event=…&talk=…", as in an address.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from harvester.records import Event, Link, NoEventReason, Role
from harvester.review import new_event
from harvester.review.acts import Say
from harvester.web.catalogue import msgid

LONGEST = 2000  # characters of a text field
_TOO_LONG = 5 * LONGEST  # of a note, from which nobody needs to see all that is too much
NOT_UNDERSTOOD = msgid("The page sent something that is not understood; load it again.")
NEEDS_TITLE = msgid("Give the event a title.")
WRONG_DATE = msgid("Write a date as 23.11.2023 or 2023-11-23; a month or a year is enough, too.")
WRONG_ORDER = msgid("The last day lies before the first.")
WRONG_ADDRESS = msgid("An address begins with https:// or http://.")
WRONG_TIME = msgid("Write a time as minutes and seconds, 35:00, or with hours, 1:02:30.")
END_FIRST = msgid("The end lies before the start.")
TOO_LONG = msgid("The video is only {length} long.")
NOT_TICKED = msgid("Times are given, but the line is not ticked: tick it, or empty them.")
NO_TALK = msgid("Tick at least one line.")

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")  # BCP 47, as far as we see it
_TIME = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)|(\d{1,3}))")

T = TypeVar("T")


class WrongFields(Exception):
    """Fields that cannot be taken; `problems` by the field's name, each a msgid."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


class Fields:
    """The fields of a form, none longer than it may be."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    def text(self, name: str) -> str:
        """Return a field without blanks around it; "" if it is not there."""
        return str(self._form.get(name, ""))[:LONGEST].strip()

    def note(self) -> str:
        """Return a note, whole: one that is too long is refused, not cut.  Lines end as in Unix."""
        return str(self._form.get("note", ""))[:_TOO_LONG].replace("\r\n", "\n").strip()

    def all(self, name: str) -> list[str]:
        """Return all fields of a name."""
        return [str(value)[:LONGEST] for value in self._form.getlist(name)]

    def names(self) -> list[str]:
        """Return the names of all fields, in the order of the form."""
        return list(dict.fromkeys(self._form.keys()))

    def one_of(self, name: str, known: Iterable[str]) -> str:
        """Return a field that a closed list has; anything else is no form of ours."""
        value = self.text(name)
        if value not in set(known):
            raise HTTPException(400, NOT_UNDERSTOOD)
        return value

    def query(self, name: str) -> list[tuple[str, str]]:
        """Return what a query says that a form carries along."""
        return parse_qsl(self.text(name).lstrip("?"), keep_blank_values=True, max_num_fields=20)

    def seen(self) -> int | None:
        """Return which version of the video the editor saw."""
        value = self.text("seen")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def said(form: Fields, video_id: str) -> Say:
    """Return what the button says that was pressed.  400 if it is none of ours."""
    what, _, rest = form.text("say").partition("?")
    try:
        given = dict(parse_qsl(rest, max_num_fields=10))
        return _say(what, given, video_id=video_id, note=form.note(), seen=form.seen())
    except (KeyError, ValueError):
        raise HTTPException(400, NOT_UNDERSTOOD) from None


def _say(what: str, given: dict[str, str], **common: Any) -> Say:
    match what:
        case "match":
            link = Link(
                event_id=given["event"],
                talk_id=given.get("talk") or None,
                role=Role(given.get("role", Role.FULL)),
            )
            return Say(what="match", links=(link,), take=given.get("take") == "1", **common)
        case "no_event":
            return Say(what="no_event", reason=NoEventReason(given["reason"]), **common)
        case "reject":
            return Say(what="reject", event_ids=(given["event"],), **common)
        case "later" | "confirm" | "right" | "unsure":
            return Say(what=what, **common)
    raise ValueError(what)


def event_of_chapters(form: Fields) -> str | None:
    """Return the event whose talks, as the chapters name them, a button means; None: another."""
    what, _, rest = form.text("say").partition("?")
    return dict(parse_qsl(rest, max_num_fields=10)).get("event") if what == "chapters" else None


def event(form: Fields) -> Event:
    """Return the event that somebody describes.  Raises WrongFields."""
    title = " ".join(form.text("title").split())
    problems: dict[str, str] = {} if title else {"title": NEEDS_TITLE}
    days: dict[str, str | None] = {}
    for name in ("start_on", "end_on"):
        try:
            days[name] = new_event.day(form.text(name))
        except ValueError:
            problems[name] = WRONG_DATE
    start, end = days.get("start_on"), days.get("end_on")
    if not new_event.is_order(start, end):
        problems["end_on"] = WRONG_ORDER
    url = form.text("url")
    if url and not new_event.is_address(url):
        problems["url"] = WRONG_ADDRESS
    if problems:
        raise WrongFields(problems)
    return Event(
        event_id="",
        title=title,
        series=form.text("series") or None,
        kind=form.text("kind") or None,
        city=form.text("city") or None,
        start_on=start,
        end_on=end,
        url=url or None,
    )


def seconds(text: str) -> int | None:
    """Return a place in a video in seconds: "1:02:30" -> 3750.

    A number alone is minutes.  Raises ValueError.
    """
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError(text)
    hours, minutes, rest, alone = (int(part or 0) for part in found.groups())
    minutes += alone
    return 3600 * hours + 60 * minutes + rest


TALK, EVENT = "t-", "e-"
"""What the rows of the form for several begin with: a talk, or an event as a whole."""


def several(form: Fields, event_id: str, duration_s: int | None = None) -> tuple[Link, ...]:
    """Return the talks of an event, and the events, that somebody ticked.  Raises WrongFields."""
    problems = dict.fromkeys(_not_ticked(form), NOT_TICKED)
    links = []
    for row in dict.fromkeys(form.all("pick")):
        times: dict[str, int | None] = {}
        for name in ("start", "end"):
            try:
                times[name] = seconds(form.text(f"{name}-{row}"))
            except ValueError:
                problems[f"{name}-{row}"] = WRONG_TIME
        start, end = times.get("start"), times.get("end")
        if end is not None and end <= (start or 0):
            problems[f"end-{row}"] = END_FIRST
        for name, at in times.items():
            if at is not None and duration_s is not None and at > duration_s:
                problems[f"{name}-{row}"] = TOO_LONG
        links.append(
            Link(
                event_id=event_id if row.startswith(TALK) else row.removeprefix(EVENT),
                talk_id=row.removeprefix(TALK) if row.startswith(TALK) else None,
                role=Role(form.one_of(f"role-{row}", Role)),
                start_s=start,
                end_s=end,
            )
        )
    if not links:
        problems["talks"] = NO_TALK
    if problems:
        raise WrongFields(problems)
    return tuple(links)


def _not_ticked(form: Fields) -> Iterator[str]:
    """Yield the fields of times that somebody gave in a line without ticking it.

    What the chapters filled in by themselves may stay there.
    """
    picked = set(form.all("pick"))
    for name in form.names():
        which, _, row = name.partition("-")
        if which in ("start", "end") and row not in picked:
            told = dict(zip(("start", "end"), form.text(f"told-{row}").split("|"), strict=False))
            if (given := form.text(name)) and given != told.get(which):
                yield name


async def aside(work: Callable[..., T], *given: Any, **named: Any) -> T:
    """Do what asks the database, without keeping other requests waiting."""
    return await run_in_threadpool(partial(work, *given, **named))
