"""What the JSON API asks: a view page by page, and the recordings of an event.

Pages begin after a row, not at a number: rows that come or go meanwhile shift nothing,
and the hundredth page costs what the first one does.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, column, false, or_, select
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
    order = views.ORDER[view]
    sorting = [
        (columns[each[1:]].desc() if each.startswith("-") else columns[each]).nulls_last()
        for each in order
    ]
    query = select(*columns.values()).select_from(named_table(view)).order_by(*sorting)
    for name, value in (equal or {}).items():
        query = query.where(columns[name] == value)
    if after is not None:
        query = query.where(_after(order, columns, after))
    rows = [dict(row) for row in session.execute(query.limit(limit + 1)).mappings()]
    if len(rows) <= limit:
        return rows, None
    rows.pop()
    return rows, [rows[-1][name] for name in key_columns(view)]


def _column(name: str) -> ColumnElement[Any]:
    return column(name, UtcDateTime) if kind(name) == "instant" else column(name)


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
