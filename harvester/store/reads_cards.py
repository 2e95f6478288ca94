"""What a card shows of one video: itself, its candidates, and what is around them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from harvester import records
from harvester.records import EventStatus, Link, Mark
from harvester.store import schema
from harvester.store.reads_linking import GONE, IN_FORCE, NOT_EXPECTED
from harvester.store.reads_queue import marks_in_force
from harvester.store.rows import chunks, record, table


class StoredVideo(NamedTuple):
    """A video, with what a card says of it beside the record."""

    video: records.Video
    availability: str
    playlists: tuple[str, ...]  # their titles


def video(session: Session, video_id: str) -> StoredVideo | None:
    """Return a video; None if it is not stored, or never had a title."""
    there = table(schema.Video)
    query = select(there).where(there.c.video_id == video_id, there.c.title.is_not(None))
    row = session.execute(query).mappings().first()
    if row is None:
        return None
    entry, playlist = table(schema.PlaylistEntry), table(schema.Playlist)
    titles = (
        select(playlist.c.title)
        .join(entry, entry.c.playlist_id == playlist.c.playlist_id)
        .where(entry.c.video_id == video_id, playlist.c.withdrawn_at.is_(None))
        .order_by(playlist.c.playlist_id)
    )
    return StoredVideo(
        record(records.Video, row), row["availability"], tuple(session.scalars(titles))
    )


def event(session: Session, event_id: str) -> records.Event | None:
    """Return an event that its source still holds."""
    there = table(schema.Event)
    query = select(there).where(there.c.event_id == event_id, there.c.withdrawn_at.is_(None))
    row = session.execute(query).mappings().first()
    return record(records.Event, row) if row else None


def talks_of(session: Session, event_ids: Collection[str]) -> dict[str, list[records.Talk]]:
    """Return the talks that their sources still hold, by event, in the order of the programme."""
    talk = table(schema.Talk)
    found: dict[str, list[records.Talk]] = defaultdict(list)
    query = select(talk).where(talk.c.event_id.in_(event_ids), talk.c.withdrawn_at.is_(None))
    ordered = query.order_by(talk.c.event_id, talk.c.held_on.nulls_first(), talk.c.talk_id)
    for row in session.execute(ordered).mappings():
        found[row["event_id"]].append(record(records.Talk, row))
    return dict(found)


class Showing(NamedTuple):
    """A video that shows an event or talk by the decision in force."""

    video_id: str
    title: str | None
    decided_by: str
    link: Link


def showing(
    session: Session, event_ids: Collection[str], *, without: str, most: int = 200
) -> dict[str, list[Showing]]:
    """Return which other videos that can be had show these events or talks of them, by event."""
    link, there = table(schema.DecisionLink), table(schema.Video)
    query = (
        select(link, there.c.video_id, there.c.title, IN_FORCE.c.decided_by)
        .join(IN_FORCE, IN_FORCE.c.decision_id == link.c.decision_id)
        .join(there, there.c.video_id == IN_FORCE.c.video_id)
        .where(
            link.c.event_id.in_(event_ids),
            IN_FORCE.c.verdict == "match",
            there.c.video_id != without,
            there.c.availability.not_in(GONE),
        )
        .order_by(link.c.event_id, there.c.published_at, there.c.video_id, link.c.position)
        .limit(most)
    )
    found: dict[str, list[Showing]] = defaultdict(list)
    for row in session.execute(query).mappings():
        found[row["event_id"]].append(
            Showing(row["video_id"], row["title"], row["decided_by"], record(Link, row))
        )
    return dict(found)


class Neighbour(NamedTuple):
    """A video of the channel from about the same time, and what it was decided to show."""

    video_id: str
    title: str
    published_at: dt.datetime
    verdict: str | None  # match, no_event; None while it waits
    event_title: str | None


def neighbours(
    session: Session, channel_id: str, published_at: dt.datetime, *, without: str, each: int = 3
) -> list[Neighbour]:
    """Return the videos that the channel published right before and after, oldest first."""
    there = table(schema.Video)
    # not the plain column: by its index all videos of the channel would be read and sorted
    of_channel = func.coalesce(there.c.channel_id, "") == channel_id
    one = (
        select(there.c.video_id, there.c.title, there.c.published_at)
        .where(of_channel, there.c.title.is_not(None))
        .where(there.c.video_id != without)
        .limit(each)
    )
    at = there.c.published_at
    before = one.where(at <= published_at).order_by(at.desc(), there.c.video_id.desc())
    after = one.where(at > published_at).order_by(at, there.c.video_id)
    rows: Sequence[Any] = [
        *reversed(session.execute(before).all()),
        *session.execute(after).all(),
    ]
    there, link = table(schema.Event), table(schema.DecisionLink)
    decided = (
        select(IN_FORCE.c.video_id, IN_FORCE.c.verdict, there.c.title)
        .outerjoin(link, link.c.decision_id == IN_FORCE.c.decision_id)
        .outerjoin(there, there.c.event_id == link.c.event_id)
        .where(IN_FORCE.c.video_id.in_([row.video_id for row in rows]))
        .order_by(link.c.position.desc())
    )
    verdicts = {row[0]: (row[1], row[2]) for row in session.execute(decided)}
    return [Neighbour(row[0], row[1], row[2], *verdicts.get(row[0], (None, None))) for row in rows]


def events_of_video(session: Session, video_id: str) -> list[str]:
    """Return the events that a video shows by the decision in force, or else its candidates."""
    link, candidate = table(schema.DecisionLink), table(schema.Candidate)
    decided = (
        select(link.c.event_id)
        .join(IN_FORCE, IN_FORCE.c.decision_id == link.c.decision_id)
        .where(IN_FORCE.c.video_id == video_id)
        .order_by(link.c.position)
    )
    if found := list(session.scalars(decided)):
        return found
    ranked = select(candidate.c.event_id).where(candidate.c.video_id == video_id)
    return list(session.scalars(ranked.order_by(candidate.c.rank)))


class CandidatePair(NamedTuple):
    """A video that may be of an event."""

    event_id: str
    talk_id: str | None
    video_id: str
    probability: float


def candidates_of_events(session: Session, event_ids: Collection[str]) -> list[CandidatePair]:
    """Return the videos that may be of these events, the likeliest first.

    Pairs that an editor rejected are left out.
    """
    candidate, mark = table(schema.Candidate), table(schema.EditorMark)
    found: list[CandidatePair] = []
    for chunk in chunks(event_ids):
        query = (
            select(*(candidate.c[name] for name in CandidatePair._fields))
            .where(candidate.c.event_id.in_(chunk))
            .order_by(candidate.c.match_weight.desc(), candidate.c.video_id)
        )
        rejected = _rejected(session, mark.c.event_id.in_(chunk))
        pairs = map(CandidatePair._make, session.execute(query))
        found += [each for each in pairs if (each.video_id, each.event_id) not in rejected]
    return found


def rejected_events(session: Session, video_id: str) -> set[str]:
    """Return the events that an editor ruled out for a video."""
    mark = table(schema.EditorMark)
    return {event_id for _, event_id in _rejected(session, mark.c.video_id == video_id)}


def _rejected(session: Session, which: ColumnElement[bool]) -> set[tuple[str, str]]:
    mark = table(schema.EditorMark)
    rows = session.execute(marks_in_force(which, mark.c.mark == Mark.REJECTED.value))
    return {(row.video_id, row.event_id) for row in rows}


def statuses_of(
    session: Session, event_ids: Collection[str], talk_ids: Collection[str]
) -> dict[str, EventStatus]:
    """Return the status of those of these events and talks that are not expected, by id."""
    mark = table(schema.EditorMark)
    of = or_(mark.c.event_id.in_(event_ids), mark.c.talk_id.in_(talk_ids))
    rows = session.execute(marks_in_force(of, mark.c.mark.in_(NOT_EXPECTED)))
    return {row.talk_id or row.event_id: EventStatus(row.mark) for row in rows}
