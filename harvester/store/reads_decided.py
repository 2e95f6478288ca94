"""What is decided: the decisions in force, the newest first, a page at a time.

A page begins behind the number of a decision, not at an offset: the last page costs what the
first does, and what is decided meanwhile moves nothing.
"""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from harvester import records
from harvester.records import Link
from harvester.store import schema
from harvester.store.reads_linking import IN_FORCE, links_of
from harvester.store.rows import chunks, record, table

By = Literal["rule", "person"]


class Shows(NamedTuple):
    """What a decided video shows: an event, or a talk of it."""

    link: Link
    event_title: str
    talk: records.Talk | None


class Decided(NamedTuple):
    """A video about which a decision holds."""

    decision_id: int
    video_id: str
    title: str
    published_at: dt.datetime | None
    verdict: str  # match, no_event
    decided_by: str
    decided_at: dt.datetime
    reason: str | None
    shows: tuple[Shows, ...]


def decided(
    session: Session,
    *,
    by: By | None = None,
    words: Sequence[str] = (),
    event_ids: Collection[str] = (),
    before: int | None = None,
    limit: int = 50,
) -> list[Decided]:
    """Return what is decided, the newest first, from behind the decision `before`.

    Words: only videos whose title holds all of them, or that show one of these events.
    """
    query = _decided().order_by(IN_FORCE.c.decision_id.desc()).limit(limit)
    if before is not None:
        query = query.where(IN_FORCE.c.decision_id < before)
    if by == "person":
        decision = table(schema.Decision)
        said = select(decision.c.decision_id).where(decision.c.act_id.is_not(None))
        query = query.where(IN_FORCE.c.is_rule == 0, IN_FORCE.c.decision_id.in_(said))
    elif by == "rule":
        query = query.where(IN_FORCE.c.is_rule == 1)
    if words:
        query = query.where(or_(_titled(words), _shows(event_ids)))
    return _with_links(session, query)


def of_video(session: Session, video_id: str) -> Decided | None:
    """Return what is decided of a video; None while it waits."""
    found = _with_links(session, _decided().where(IN_FORCE.c.video_id == video_id))
    return found[0] if found else None


def _decided() -> Select[Any]:
    video = table(schema.Video)
    columns = [IN_FORCE.c[name] for name in ("decision_id", "video_id", "verdict", "decided_by")]
    columns += [IN_FORCE.c.decided_at, IN_FORCE.c.reason]
    return (
        select(*columns, video.c.title, video.c.published_at)
        .join(video, video.c.video_id == IN_FORCE.c.video_id)
        .where(video.c.title.is_not(None))
    )


def _titled(words: Sequence[str]) -> ColumnElement[bool]:
    """Return whether a video's title holds all words, whatever their case.

    The databases do not agree about the case of letters beyond a-z: any letter will do there.
    """
    title = func.lower(table(schema.Video).c.title)
    patterns = (re.sub(r"[%\\]|[^\x00-\x7f]", "_", word.lower()) for word in words)
    return and_(true(), *(title.like(f"%{pattern}%") for pattern in patterns))


def _shows(event_ids: Collection[str]) -> ColumnElement[bool]:
    link = table(schema.DecisionLink)
    having = select(link.c.decision_id).where(link.c.event_id.in_(event_ids))
    return IN_FORCE.c.decision_id.in_(having)


def _with_links(session: Session, query: Select[Any]) -> list[Decided]:
    rows = session.execute(query).mappings().all()
    links = links_of(session, [row["decision_id"] for row in rows])
    every = [link for its in links.values() for link in its]
    titles = _event_titles(session, {link.event_id for link in every})
    talks = _talks(session, {link.talk_id for link in every if link.talk_id})
    return [
        Decided(
            **{name: row[name] for name in Decided._fields if name != "shows"},
            shows=tuple(
                Shows(each, titles.get(each.event_id, each.event_id), talks.get(each.talk_id or ""))
                for each in links.get(row["decision_id"], ())
            ),
        )
        for row in rows
    ]


def _event_titles(session: Session, event_ids: Collection[str]) -> dict[str, str]:
    """Return the titles of events, also of those that their sources hold no longer."""
    event = table(schema.Event)
    found: dict[str, str] = {}
    for chunk in chunks(event_ids):
        query = select(event.c.event_id, event.c.title).where(event.c.event_id.in_(chunk))
        found |= {row.event_id: row.title for row in session.execute(query)}
    return found


def _talks(session: Session, talk_ids: Collection[str]) -> dict[str, records.Talk]:
    talk = table(schema.Talk)
    found: dict[str, records.Talk] = {}
    for chunk in chunks(talk_ids):
        rows = session.execute(select(talk).where(talk.c.talk_id.in_(chunk))).mappings()
        found |= {row["talk_id"]: record(records.Talk, row) for row in rows}
    return found
