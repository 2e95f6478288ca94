"""The view `caption_coverage`: all of it, or the rows that some videos count in.

All of it is a sum over all videos; a few of its rows cost next to nothing.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, column, select
from sqlalchemy import table as named_table
from sqlalchemy.orm import Session

from harvester.store import schema
from harvester.store.reads_people import view, view_columns
from harvester.store.rows import chunks, table

Key = tuple[str, str]
"""Scope and key: what a row is about."""

VIEW = "caption_coverage"


class Some(NamedTuple):
    """Rows that may have changed: what they are about, and those that there are."""

    keys: frozenset[Key]
    rows: list[dict[str, Any]]


def all_rows(session: Session) -> list[dict[str, Any]]:
    """Return the view, in its order."""
    return list(view(session, VIEW))


def of_videos(session: Session, video_ids: Collection[str]) -> Some:
    """Return the events that decisions about these videos ever named, with their series."""
    link, decision = table(schema.DecisionLink), table(schema.Decision)
    event = table(schema.Event)
    query = (
        select(event.c.event_id, event.c.series)
        .join(link, link.c.event_id == event.c.event_id)
        .join(decision, decision.c.decision_id == link.c.decision_id)
        .distinct()
    )
    events: set[str] = set()
    series: set[str] = set()
    for chunk in chunks(video_ids):
        for row in session.execute(query.where(decision.c.video_id.in_(chunk))):
            events.add(row.event_id)
            series |= {row.series} - {None}
    rows = _of(session, "event", events) + _of(session, "series", series)
    keys = frozenset({("event", each) for each in events} | {("series", each) for each in series})
    return Some(keys, rows)


def _of(session: Session, scope: str, keys: Collection[str]) -> list[dict[str, Any]]:
    columns: dict[str, ColumnElement[Any]] = {name: column(name) for name in view_columns(VIEW)}
    query = select(*columns.values()).select_from(named_table(VIEW))
    query = query.where(columns["scope"] == scope)
    return [
        dict(row)
        for chunk in chunks(sorted(keys))
        for row in session.execute(query.where(columns["key"].in_(chunk))).mappings()
    ]


def in_order(session: Session) -> list[Key]:
    """Return all events, then all series, in the order of the view: that of the database."""
    event = table(schema.Event)
    ids = select(event.c.event_id).order_by(event.c.event_id)
    named = select(event.c.series).where(event.c.series.is_not(None)).distinct()
    return [
        *(("event", each) for each in session.scalars(ids)),
        *(("series", each) for each in session.scalars(named.order_by(event.c.series))),
    ]
