"""What makes an event record sound, whatever form of file it comes from.

In:   the fields of one record after the other, as text, each with its line.
Out:  `Findings`: events, talks, and what is to be said about them.

A *problem* is a reason to take nothing of the document: an id that is missing or
given twice, a date that cannot be read, a talk that nobody could recognise.  A
*remark* is not: what contradicts itself (an end before the start) or is of no
use (an address that no browser opens) is left out of the record, and said.
The parsers know their form of file, this module knows what a record must hold.

Pure: no network, no files, no clock.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from harvester.records import Event, PartialDate, Talk, first_day, last_day

EVENT_FIELDS = (
    "event_id",
    "title",
    "series",
    "aliases",
    "kind",
    "city",
    "country",
    "start_on",
    "end_on",
    "url",
)
TALK_FIELDS = ("talk_id", "event_id", "title", "aliases", "speakers", "held_on", "kind")
LISTS = frozenset({"aliases", "speakers"})

_ISO = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_YEARS = range(1900, 2101)  # outside of it a year is a slip of the pen: 2202, 0222
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # PostgreSQL refuses some of them
_GARBLED = re.compile("Ã[\x80-\xbf¤¶¼Ÿ„–œ]|â€|�")  # UTF-8 that was once read as Windows-1252
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jan jänner january",
            "februar feb february",
            "märz mär march mar maerz",
            "april apr",
            "mai may",
            "juni jun june",
            "juli jul july",
            "august aug",
            "september sep sept",
            "oktober okt october oct",
            "november nov",
            "dezember dez december dec",
        ),
        start=1,
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a file says in one field of a record, and in which line.

    A field that is empty has no cell.
    """

    line: int
    value: str | tuple[str, ...]


Row = Mapping[str, Cell]  # by the name that the field has in our records


def one_line(text: str) -> str:
    """Return a text without line breaks, doubled blanks and decomposed umlauts."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'speakers'?" for a name that is nearly one of the known, else ""."""
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


@dataclass(slots=True)
class Findings:
    """What was found in one document, so far.

    `name` is what its reader calls the document; `labels` says how the document
    names the fields of our records, for the messages.  `lines` holds where each
    record begins, by ("event", event_id) or ("talk", talk_id), also of those that
    are not in order.
    """

    name: str
    labels: Mapping[str, str]
    events: list[Event] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def place(self, line: int | None = None, label: str | None = None) -> str:
        """Return where something stands: "events.csv, line 3, start_date"."""
        parts = [self.name]
        if line is not None:
            parts.append(f"line {line}")
        if label is not None:
            parts.append(label)
        return ", ".join(parts)

    def problem(self, line: int | None, label: str | None, text: str) -> None:
        """Note a reason to take nothing of the document."""
        self.problems.append(f"{self.place(line, label)}: {text}")

    def remark(self, line: int | None, label: str | None, text: str) -> None:
        """Note what is odd, but no reason to refuse the document."""
        self.remarks.append(f"{self.place(line, label)}: {text}")

    def event(self, line: int, row: Row) -> str | None:
        """Take a record for an event, if it is in order; return its id, if it has one."""
        problems_before = len(self.problems)
        event_id = self._id("event", "event_id", line, row)
        title = self._text("title", row)
        if "title" not in row:
            self.problem(line, self.labels["title"], "is missing; an event must have a title")
        start_on, end_on = self._day("start_on", row), self._day("end_on", row)
        if end_on and not start_on and "start_on" not in row:
            self.remark(
                row["end_on"].line,
                self.labels["end_on"],
                f"{end_on} stands without {self.labels['start_on']}; it is left out",
            )
            end_on = None
        if start_on and end_on and last_day(end_on) < first_day(start_on):
            self.remark(
                row["end_on"].line,
                self.labels["end_on"],
                f"{end_on} is before {self.labels['start_on']} {start_on};"
                " it is left out until one of them is put right",
            )
            end_on = None
        others = {name: self._text(name, row) for name in ("series", "kind", "city", "country")}
        aliases, url = self._names("aliases", row), self._url(row)
        if event_id and title and len(self.problems) == problems_before:
            self.events.append(
                Event(
                    event_id=event_id,
                    title=title,
                    aliases=aliases,
                    start_on=start_on,
                    end_on=end_on,
                    url=url,
                    **others,
                )
            )
        return event_id

    def talk(self, line: int, row: Row) -> None:
        """Take a record for a talk, if it is in order.

        It needs no title if it has speakers, nor speakers if it has a kind: of a
        panel often nothing else is on record.
        """
        problems_before = len(self.problems)
        talk_id = self._id("talk", "talk_id", line, row)
        event_id = self._text("event_id", row)
        if "event_id" not in row:
            self.problem(line, self.labels["event_id"], "is missing; a talk belongs to an event")
        title, kind = self._text("title", row), self._text("kind", row)
        aliases, speakers = self._names("aliases", row), self._names("speakers", row)
        held_on = self._day("held_on", row)
        if not (title or speakers or kind):
            self.problem(
                line, self.labels["title"], "is missing; a talk has a title, speakers or a kind"
            )
        if talk_id and event_id and len(self.problems) == problems_before:
            self.talks.append(
                Talk(
                    talk_id=talk_id,
                    event_id=event_id,
                    title=title,
                    aliases=aliases,
                    speakers=speakers,
                    held_on=held_on,
                    kind=kind,
                )
            )

    def _id(self, record: str, name: str, line: int, row: Row) -> str | None:
        if name not in row:
            self.problem(line, self.labels[name], f"is missing; every {record} has an id")
            return None
        line, given = row[name].line, self._text(name, row)
        if not given:
            return None
        if (record, given) in self.lines:
            first = self.lines[record, given]
            self.problem(line, self.labels[name], f"{given!r} is already in line {first}")
        self.lines.setdefault((record, given), line)
        return given

    def _text(self, name: str, row: Row) -> str | None:
        cell = row.get(name)
        if cell is None or not isinstance(cell.value, str):
            return None
        return self._sound(name, cell.line, one_line(cell.value))

    def _names(self, name: str, row: Row) -> tuple[str, ...]:
        cell = row.get(name)
        if cell is None or isinstance(cell.value, str):
            return ()
        texts = (self._sound(name, cell.line, one_line(text)) for text in cell.value)
        return tuple(dict.fromkeys(text for text in texts if text))

    def _sound(self, name: str, line: int, text: str) -> str | None:
        odd = _NOT_TEXT.search(text)
        if odd:
            self.problem(
                line,
                self.labels[name],
                f"holds the control character U+{ord(odd[0]):04X}, which is no text; take it out",
            )
            return None
        if _GARBLED.search(text):
            self.remark(
                line,
                self.labels[name],
                f"{text!r} looks garbled: it was once saved or opened in the wrong encoding",
            )
        return text or None

    def _day(self, name: str, row: Row) -> PartialDate | None:
        written = self._text(name, row)
        if written is None:
            return None
        if not _is_day(written):
            self.problem(
                row[name].line,
                self.labels[name],
                f"{written!r} is not an ISO date; write {_as_iso(written)}",
            )
            return None
        return written

    def _url(self, row: Row) -> str | None:
        url = self._text("url", row)
        if url is None or re.match(r"https?://[^/\s]", url, re.IGNORECASE):
            return url
        self.remark(
            row["url"].line,
            self.labels["url"],
            f"{url!r} does not begin with https:// or http://; it is left out",
        )
        return None


def _is_day(text: str) -> bool:
    if not _ISO.fullmatch(text) or int(text[:4]) not in _YEARS:
        return False
    try:
        first_day(text)
    except ValueError:
        return False
    return True


def _as_iso(text: str) -> str:
    """Return what a date that is not ISO most likely means, or else what ISO dates look like."""
    guess = ""
    if found := re.fullmatch(r"([0-9]{1,2})\.\s*([0-9]{1,2})\.\s*([0-9]{4}|[0-9]{2})", text):
        day, month, year = found.groups()
        guess = _joined(year if len(year) == 4 else "20" + year, month, day)
    elif found := re.fullmatch(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})([T ].*)?", text):
        guess = _joined(found[1], found[3], found[4])
    elif found := re.fullmatch(r"([0-9]{1,2})[./-]([0-9]{4})", text):
        guess = _joined(found[2], found[1])
    elif found := re.fullmatch(r"(?:([0-9]{1,2})\. ?)?([^\W\d_]+)\.? ([0-9]{4})", text):
        month = str(_MONTHS.get(found[2].lower(), ""))
        guess = _joined(found[3], month, found[1] or "") if month else ""
    return guess if _is_day(guess) else "it like 2022-11-24, 2022-11 or 2022"


def _joined(year: str, month: str, day: str = "") -> str:
    parts = [int(month), int(day)] if day else [int(month)]
    return "-".join([year, *(f"{part:02}" for part in parts)])


def outside(talk: Talk, event: Event) -> bool:
    """Tell whether a talk's day cannot be one of its event's days; unknown days never are."""
    if not talk.held_on or not event.start_on:
        return False
    first = first_day(event.start_on)
    last = last_day(event.end_on or event.start_on)
    latest: dt.date = last_day(talk.held_on)
    return latest < first or first_day(talk.held_on) > last
