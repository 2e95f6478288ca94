"""What the JSON API asks: a view page by page, and the recordings of an event.

Pages begin after a row, not at a number: rows that come or go meanwhile shift nothing,
and the hundredth page costs what the first one does.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    column,
    exists,
    false,
    or_,
    select,
    true,
)
from sqlalchemy import table as named_table
from sqlalchemy.orm import Session

from harvester import records
from harvester.records import Availability, Link, LiveState, Role
from harvester.store import schema, views
from harvester.store.reads_linking import IN_FORCE
from harvester.store.reads_people import view_columns
from harvester.store.rows import record, table
from harvester.store.schema import UtcDateTime

FILTERS = ("video_id", "event_id", "talk_id", "channel_id", "series", "scope")
"""The columns by whose value a view can be narrowed, where it has them."""

_WHOLE = frozenset(
    (
        *("rank", "position", "run_id", "change_id", "decision_id", "act_id", "mark_id"),
        *("duration_s", "captioned_duration_s", "start_s", "end_s", "exit_code", "quota_units"),
        *("videos", "captioned", "unknown", "talks", "new_videos", "changed_videos"),
        *("gone_videos", "matched", "to_review", "is_rule"),
    )
)
_FRACTIONS = ("probability", "weight", "share")

Key = Sequence[Any]
"""The values of a row in the columns that its view is ordered by."""


def kind(name: str) -> str:
    """Return what a column of a view holds: instant, integer, number or text."""
    if name.endswith(("_at", "_since")):
        return "instant"
    if name in _WHOLE:
        return "integer"
    return "number" if name.endswith(_FRACTIONS) else "text"


def key_columns(view: str) -> tuple[str, ...]:
    """Return the columns that tell where a row stands in the order of its view."""
    return tuple(each.removeprefix("-") for each in views.ORDER[view])


def view_page(
    session: Session,
    view: str,
    *,
    limit: int,
    after: Key | None = None,
    equal: Mapping[str, str] | None = None,
) -> tuple[list[dict[str, Any]], Key | None]:
    """Return rows of a view, at most `limit`, after the row of that key; and where to go on.

    `equal` narrows by columns of FILTERS.  The key is None if there are no more rows.
    """
    columns = {each: _column(each) for each in view_columns(view)}
    query = select(*columns.values()).select_from(named_table(view))
    for name, value in (equal or {}).items():
        query = query.where(columns[name] == value)
    rows: list[dict[str, Any]] = []
    for part in _parts(views.ORDER[view], columns, after):
        narrowed = query.where(*part.conditions).order_by(*part.sorting)
        rows += _rows(session, view, narrowed, part, limit + 1 - len(rows), is_whole=not equal)
        if len(rows) > limit:
            rows.pop()
            return rows, [rows[-1][name] for name in key_columns(view)]
    return rows, None


def _column(name: str) -> ColumnElement[Any]:
    return column(name, UtcDateTime) if kind(name) == "instant" else column(name)


# What a page is cut out of.  The planners read on from a place in an index only if a plain
# comparison of the first column of the order says where, and no empty value is among it.

_LOWEST: Mapping[str, Any] = {
    "published_at": dt.datetime(1, 1, 2, tzinfo=dt.UTC),
    "start_on": "",
}
"""The columns that come first in an order and may be empty, with what is below every value."""


class _Part(NamedTuple):
    """A stretch of a view: where the first column of the order has a value, or where none."""

    conditions: list[ColumnElement[bool]]
    sorting: list[ColumnElement[Any]]
    first: ColumnElement[bool]  # of the conditions, that on the first column of the order
    after: Key | None


def _parts(
    order: Sequence[str], columns: Mapping[str, ColumnElement[Any]], after: Key | None
) -> Iterator[_Part]:
    name, falls = order[0].removeprefix("-"), order[0].startswith("-")
    lead, rest = columns[name], _sorting(order[1:], columns)
    told = [lead.desc() if falls else lead, *rest]
    if after is None:
        first = lead >= _LOWEST[name] if name in _LOWEST else true()
        yield _Part([first], told, first, None)
    elif after[0] is not None:
        first = lead <= after[0] if falls else lead >= after[0]
        yield _Part([first, _after(order, columns, after)], told, first, after)
    if name in _LOWEST:
        empty, later = lead.is_(None), after if after and after[0] is None else None
        behind = [_after(order, columns, later)] if later else []
        yield _Part([empty, *behind], rest, empty, later)


def _sorting(
    order: Sequence[str], columns: Mapping[str, ColumnElement[Any]]
) -> list[ColumnElement[Any]]:
    return [
        (columns[each[1:]].desc() if each.startswith("-") else columns[each]).nulls_last()
        for each in order
    ]


def _after(
    order: Sequence[str], columns: Mapping[str, ColumnElement[Any]], key: Key
) -> ColumnElement[bool]:
    """Return the condition "comes later than this key", where what is empty comes last."""
    ways, same = [], list[ColumnElement[bool]]()
    for each, value in zip(order, key, strict=True):
        name = columns[each.removeprefix("-")]
        if value is None:
            later: ColumnElement[bool] = false()
        else:
            beyond = name < value if each.startswith("-") else name > value
            later = or_(beyond, name.is_(None))
        ways.append(and_(*same, later))
        same.append(name.is_(None) if value is None else name == value)
    return or_(*ways)


def _rows(
    session: Session, view: str, query: Select[Any], part: _Part, limit: int, *, is_whole: bool
) -> list[dict[str, Any]]:
    """Return rows of a part, at most `limit`."""

    def read(query: Select[Any]) -> list[dict[str, Any]]:
        return [dict(row) for row in session.execute(query.limit(limit)).mappings()]

    if view != "recordings" or not is_whole or _are_few(session):
        return read(query)
    size = limit + 1  # the video that the page before ended with is among them
    while size < _LARGEST:
        first = session.scalars(_decided(part, size)).all()
        rows = read(query.where(column("video_id").in_(first)))
        if len(rows) == limit or len(first) < size:
            return rows
        size *= 8  # videos whose decision holds no more were among them
    return read(query)


_LARGEST = 5_000  # videos that are named in a question
_FEW = 2_000


def _are_few(session: Session) -> bool:
    """Tell whether there are so few recordings that all of them are sorted at once."""
    return len(session.scalars(select(schema.DecisionLink.position).limit(_FEW)).all()) < _FEW


def _decided(part: _Part, size: int) -> Select[Any]:
    """Return the question for the first videos of a part of `recordings` that may be in it.

    The order is that of the videos, but the planners begin with the decisions, and sort
    all of them for each page.
    """
    video, decision = table(schema.Video), table(schema.Decision)
    matched = exists().where(decision.c.video_id == video.c.video_id, decision.c.verdict == "match")
    query = select(video.c.video_id).where(part.first, matched)
    if part.after is not None:
        published_at, video_id, *_ = part.after
        here = video.c.video_id >= video_id
        is_told = published_at is not None
        query = query.where(or_(video.c.published_at < published_at, here) if is_told else here)
    return query.order_by(*part.sorting[:-3]).limit(size)


# --- the recordings of an event -----------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A video that shows an event or talks of it; `links` are those to this event."""

    video_id: str
    title: str
    description: str
    published_at: dt.datetime
    duration_s: int | None
    caption_flag: bool | None
    audio_language: str | None
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """An event with what shows it to everybody; talks by id."""

    event: records.Event
    talks: dict[str, records.Talk]
    videos: tuple[Recording, ...]


def recordings(session: Session, event_id: str) -> Recordings | None:
    """Return what can be published of an event's recordings; None if it is not on record.

    Only public videos that have taken place, and no further uploads of the same.
    """
    event, talk = table(schema.Event), table(schema.Talk)
    row = session.execute(select(event).where(event.c.event_id == event_id)).mappings().first()
    if row is None:
        return None
    links = _links(session, event_id)
    video = table(schema.Video)
    query = (
        select(video)
        .where(
            video.c.video_id.in_(links),
            video.c.availability == Availability.PUBLIC,
            video.c.live_state.in_((LiveState.NONE, LiveState.ENDED)),
            video.c.title.is_not(None),
            video.c.published_at.is_not(None),
        )
        .order_by(video.c.published_at, video.c.video_id)
    )
    talks = session.execute(select(talk).where(talk.c.event_id == event_id)).mappings()
    return Recordings(
        event=record(records.Event, row),
        talks={each["talk_id"]: record(records.Talk, each) for each in talks},
        videos=tuple(
            record(Recording, each, links=tuple(links[each["video_id"]]))
            for each in session.execute(query).mappings()
        ),
    )


def _links(session: Session, event_id: str) -> dict[str, list[Link]]:
    link = table(schema.DecisionLink)
    query = (
        select(IN_FORCE.c.video_id, link)
        .join(link, link.c.decision_id == IN_FORCE.c.decision_id)
        .where(
            link.c.event_id == event_id,
            IN_FORCE.c.verdict == "match",
            link.c.role != Role.DUPLICATE,
        )
        .order_by(IN_FORCE.c.video_id, link.c.start_s, link.c.talk_id)
    )
    found: dict[str, list[Link]] = defaultdict(list)
    for row in session.execute(query).mappings():
        found[row["video_id"]].append(record(Link, row))
    return found
