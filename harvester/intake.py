"""Bring event records in: read the sources, check them together, store what is in order.

A source with a problem is left out as a whole, and so is one whose talks belong
to events of such a source that the store does not know either; the others are
stored, each in a transaction of its own, events before the talks of other files.
Then BadInput tells every problem at once.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from harvester.errors import BadInput
from harvester.events import parse_csv, parse_yaml
from harvester.events.checks import Findings, outside
from harvester.events.read import Document, Kind, read, source_of
from harvester.records import Event, EventRecords
from harvester.store import reads, writes
from harvester.store.database import Database

_SHOWN = 100  # problems of one file; a file of another kind has one in every line
_PARSERS = {Kind.CSV: parse_csv.parse, Kind.YAML: parse_yaml.parse}

Remark = Callable[[str], None]
"""Takes what is odd about a file but no reason to refuse it, a line at a time."""


@dataclass(slots=True)
class _Source:
    """One source as read; `problems` are those of reading, parsing and of all together."""

    name: str
    source: str
    found: Findings | None
    problems: list[str] = field(default_factory=list)

    @property
    def records(self) -> EventRecords:
        if self.found is None:
            return EventRecords(self.source)
        return EventRecords(self.source, tuple(self.found.events), tuple(self.found.talks))


def check(
    sources: Sequence[str], *, database: Database | None = None, remark: Remark | None = None
) -> list[EventRecords]:
    """Return what the sources hold, in their order, and write nothing.

    A talk's event may be in any of the sources or, if a database is given, there.
    Raises BadInput with every problem of all of them.
    """
    checked = _checked(sources, known=_known_events(database), remark=remark)
    _raise_problems(checked)
    return [each.records for each in checked]


def load(
    sources: Sequence[str],
    *,
    database: Database,
    now: dt.datetime,
    remark: Remark | None = None,
) -> dict[str, writes.Loaded]:
    """Store what the sources hold; return what changed, by source as it was named.

    What a source held before and holds no longer is marked as withdrawn; loading
    the same again changes nothing.  A source that is suddenly empty is refused:
    that is a broken download more often than a wish.

    Raises BadInput if anything was refused, after the rest was stored.
    """
    checked = _checked(sources, known=_known_events(database), remark=remark)
    loaded: dict[str, writes.Loaded] = {}
    for each in sorted(checked, key=lambda each: not each.records.events):
        if each.problems:
            continue
        try:
            with database.write() as session:
                result = writes.save_event_records(session, each.records, now=now)
                if result.withdrawn and not (each.records.events or each.records.talks):
                    raise _EmptiedError(result.withdrawn)  # out of the transaction: all stays
        except _EmptiedError as emptied:
            each.problems.append(
                f"{each.name}: holds no records, and held {emptied.count} before;"
                " none was withdrawn; was it cut off on its way?"
            )
        else:
            loaded[each.name] = result
    _raise_problems(checked, loaded)
    return loaded


class _EmptiedError(Exception):
    """A source that held `count` records holds none."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


def _known_events(database: Database | None) -> Collection[str]:
    if database is None:
        return frozenset()
    with database.read() as session:
        return reads.event_ids(session)


def _checked(
    sources: Sequence[str], *, known: Collection[str], remark: Remark | None
) -> list[_Source]:
    names: dict[str, str] = {}
    for name in sources:
        names.setdefault(source_of(name), name)  # given twice: read once
    read_in = [_parsed(source, name) for source, name in names.items()]
    _find_doubles(read_in)
    _find_strays(read_in, known)
    if remark is not None:
        for line in _remarks(read_in):
            remark(line)
    return read_in


def _parsed(source: str, name: str) -> _Source:
    try:
        document: Document = read(name)
    except BadInput as error:
        return _Source(name, source, None, list(error.problems))
    found = _PARSERS[document.kind](document.text, name)
    return _Source(name, source, found, list(found.problems))


def _find_doubles(sources: Sequence[_Source]) -> None:
    """Refuse a source that gives an id of an earlier one: loading would hand it to and fro."""
    first: dict[tuple[str, str], str] = {}
    for each in sources:
        if each.found is None:
            continue
        for (record, given), line in each.found.lines.items():
            other = first.setdefault((record, given), each.found.place(line))
            if other != each.found.place(line):
                each.problems.append(
                    f"{each.found.place(line, f'{record} id')}: {given!r} is also in {other}"
                )


def _find_strays(sources: Sequence[_Source], known: Collection[str]) -> None:
    """Refuse sources with talks whose event is nowhere, or only in a source that is refused."""
    homes = {
        event_id: each
        for each in reversed(sources)
        if each.found is not None
        for record, event_id in each.found.lines
        if record == "event"
    }
    for each in sources:
        found = each.found
        for talk in found.talks if found else ():
            assert found is not None
            home = homes.get(talk.event_id)
            if home is each or talk.event_id in known or (home and not home.problems):
                continue
            line = found.lines["talk", talk.talk_id]
            each.problems.append(
                f"{found.place(line, 'event_id')}: the event {talk.event_id!r} is "
                + (f"in {home.name}, which is not in order" if home else "not on record")
            )


def _remarks(sources: Sequence[_Source]) -> Iterator[str]:
    events: dict[str, Event] = {
        event.event_id: event for each in sources for event in each.records.events
    }
    for each in sources:
        if each.found is None:
            continue
        yield from each.found.remarks
        for talk in each.found.talks:
            event = events.get(talk.event_id)
            if event and outside(talk, event):
                place = each.found.place(each.found.lines["talk", talk.talk_id])
                last = f" to {event.end_on}" if event.end_on else ""
                yield (
                    f"{place}: the talk's day {talk.held_on} is none of its event"
                    f" {event.event_id!r} ({event.start_on}{last})"
                )
        if not (each.problems or each.found.events or each.found.talks):
            yield f"{each.name}: holds no records"


def _raise_problems(
    sources: Sequence[_Source], loaded: dict[str, writes.Loaded] | None = None
) -> None:
    problems = []
    for each in sources:
        problems += each.problems[:_SHOWN]
        if len(each.problems) > _SHOWN:
            problems.append(f"{each.name}: and {len(each.problems) - _SHOWN:,} further problems")
    if problems and loaded is not None:
        refused = ", ".join(each.name for each in sources if each.problems)
        rest = f"; the rest was: {', '.join(loaded)}" if loaded else ""
        problems.append(f"not loaded: {refused}{rest}")
    if problems:
        raise BadInput(*problems)
