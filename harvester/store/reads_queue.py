"""What reviewing asks of all videos and records at once: what waits, what is shown, what changed.

Everything can be asked for all, or for some: whoever holds the answers in memory asks for
all of them after a run, and for a few after an editor's act.  `stamp` tells what happened
since, at the cost of one short question.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, column, exists, func, or_, select
from sqlalchemy import table as named_table
from sqlalchemy.orm import Session

from harvester.records import ActKind, Mark, TalkName
from harvester.store import schema
from harvester.store.reads_linking import GONE, IN_FORCE
from harvester.store.rows import chunks, table

_ACTS = 50
"""Acts that may become visible in another order than that of their numbers (PostgreSQL)."""

_LOOK_AGAIN = named_table("look_again", column("video_id"))


# --- what happened --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stamp:
    """What has been written so far: the last run that ended, and the last acts of editors."""

    run_id: int
    acts: frozenset[int]


def stamp(session: Session) -> Stamp:
    """Return what has been written so far."""
    run, act = table(schema.Run), table(schema.Act)
    ended = (
        select(run.c.run_id)
        .where(run.c.finished_at.is_not(None), run.c.outcome != "refused")
        .order_by(run.c.run_id.desc())
        .limit(1)
    )
    acts = select(act.c.act_id).order_by(act.c.act_id.desc()).limit(_ACTS)
    return Stamp(session.scalar(ended) or 0, frozenset(session.scalars(acts)))


@dataclass(frozen=True, slots=True)
class Touched:
    """What editors' acts have touched."""

    videos: frozenset[str]
    has_marked: bool  # an event or talk was said to be not recorded, or no longer so
    has_made: bool  # an event was made
    has_undone: bool  # an act was taken back


def touched(session: Session, before: Stamp) -> Touched:
    """Return what the acts since then have touched."""
    act, decision, mark = table(schema.Act), table(schema.Decision), table(schema.EditorMark)
    candidate, talk = table(schema.Candidate), table(schema.Talk)
    first = max(before.acts, default=0) - _ACTS
    kinds = session.execute(select(act.c.act_id, act.c.kind).where(act.c.act_id > first))
    acts = {row.act_id: row.kind for row in kinds if row.act_id not in before.acts}
    videos: set[str] = set()
    marked: set[str] = set()
    for chunk in chunks(acts):
        videos |= set(
            session.scalars(select(decision.c.video_id).where(decision.c.act_id.in_(chunk)))
        )
        host = func.coalesce(mark.c.event_id, talk.c.event_id).label("event_id")
        marks = select(mark.c.video_id, host).outerjoin(talk, talk.c.talk_id == mark.c.talk_id)
        for row in session.execute(marks.where(mark.c.act_id.in_(chunk))):
            (videos if row.video_id else marked).add(row.video_id or row.event_id)
    for chunk in chunks(marked):
        its = select(candidate.c.video_id).where(candidate.c.event_id.in_(chunk))
        videos |= set(session.scalars(its))
    return Touched(
        frozenset(videos),
        has_marked=bool(marked),
        has_made=ActKind.NEW_EVENT in acts.values(),
        has_undone=ActKind.UNDO in acts.values(),
    )


# --- what waits -------------------------------------------------------------------


class Waiting(NamedTuple):
    """A video that waits, was put off, or changed since it was decided."""

    video_id: str
    title: str
    published_at: dt.datetime | None
    duration_s: int | None
    state: str  # waiting, later, look_again
    reason: str
    captions: str
    best: "Best | None"
    margin: float | None
    candidates: int


class Best(NamedTuple):
    """The best candidate of a video that nobody has rejected, and the names of its records."""

    event_id: str
    talk_id: str | None
    probability: float
    event_title: str
    series: str | None
    talk: TalkName | None
    rank: int  # as in the linking; not 1 if what came first is ruled out


def waiting(session: Session, video_ids: Collection[str] | None = None) -> Iterator[Waiting]:
    """Yield what is in the queue: of all videos, or of these."""
    if video_ids is None:
        yield from _waiting(session, None)
        return
    for chunk in chunks(sorted(video_ids)):
        yield from _waiting(session, chunk)


def _waiting(session: Session, ids: Collection[str] | None) -> Iterator[Waiting]:
    again = set(session.scalars(_of(select(_LOOK_AGAIN.c.video_id), _LOOK_AGAIN, ids)))
    marks = _marks(session, ids)
    candidates = _candidates(session, ids, marks)
    names = _event_names(session, None if ids is None else {c[0][1] for c in candidates.values()})
    talks = _talk_names(session, {c[0].talk_id for c in candidates.values() if c[0].talk_id})
    for row in session.execute(_videos(ids, again)):
        found = candidates.get(row.video_id, [])
        best = None
        if found:
            title, series = names[found[0].event_id]
            best = Best(*found[0][1:4], title, series, talks.get(found[0].talk_id), found[0].rank)
        is_later = marks.later.get(row.video_id, "-") == row.evidence_hash
        state = "look_again" if row.video_id in again else "later" if is_later else "waiting"
        yield Waiting(
            row.video_id,
            row.title,
            row.published_at,
            row.duration_s,
            state,
            row.reason or ("proposed" if row.outcome else "not_linked_yet"),
            caption_state(row.live_state, row.caption_flag),
            best,
            found[0].match_weight - found[1].match_weight if len(found) > 1 else None,
            len(found),
        )


def caption_state(live_state: str, flag: bool | None) -> str:
    """Return what is known of captions, as the view `videos` says it."""
    if live_state in ("live", "upcoming"):
        return "live_pending"
    return "unknown" if flag is None else "flag_only_yes" if flag else "flag_only_no"


def _videos(ids: Collection[str] | None, again: Collection[str]) -> Select[Any]:
    video, linking = table(schema.Video), table(schema.VideoLinking)
    is_decided = exists().where(IN_FORCE.c.video_id == video.c.video_id)
    look = [video.c.video_id.in_(select(_LOOK_AGAIN.c.video_id))] if again else []
    query = (
        select(
            *(video.c[name] for name in ("video_id", "title", "published_at", "duration_s")),
            *(video.c[name] for name in ("live_state", "caption_flag")),
            *(linking.c[name] for name in ("outcome", "reason", "evidence_hash")),
        )
        .outerjoin(linking, linking.c.video_id == video.c.video_id)
        .where(
            video.c.title.is_not(None),
            video.c.availability.not_in(GONE),
            or_(~is_decided, *look),
        )
    )
    return _of(query, video, ids)


class _Pair(NamedTuple):
    """A candidate, as the queue needs it."""

    video_id: str
    event_id: str
    talk_id: str | None
    probability: float
    match_weight: float
    rank: int


def _candidates(
    session: Session, ids: Collection[str] | None, marks: "_Marks"
) -> dict[str, list[_Pair]]:
    """Return the candidates that are still open, by video, best first."""
    candidate, event = table(schema.Candidate), table(schema.Event)
    withdrawn = select(event.c.event_id).where(event.c.withdrawn_at.is_not(None))
    out = {*session.scalars(withdrawn), *marks.without_recording}
    query = select(*(candidate.c[name] for name in _Pair._fields))
    query = _of(query, candidate, ids).order_by(candidate.c.video_id, candidate.c.rank)
    found: dict[str, list[_Pair]] = defaultdict(list)
    for row in session.execute(query):
        if row[1] not in out and (row[0], row[1]) not in marks.rejected:
            found[row[0]].append(_Pair._make(row))
    return found


class _Marks(NamedTuple):
    """What editors said beside decisions, as far as the queue is concerned."""

    rejected: set[tuple[str, str]]  # video and event
    later: dict[str, str | None]  # the evidence that there was, by video
    without_recording: set[str]  # events


def _marks(session: Session, ids: Collection[str] | None) -> _Marks:
    mark = table(schema.EditorMark)
    wanted = [mark.c.video_id.in_(ids), mark.c.video_id.is_(None)] if ids is not None else []
    found = _Marks(set(), {}, set())
    for row in session.execute(marks_in_force(*([or_(*wanted)] if wanted else []))):
        if row.mark == Mark.REJECTED:
            found.rejected.add((row.video_id, row.event_id))
        elif row.mark == Mark.LATER:
            found.later[row.video_id] = row.evidence_hash
        elif row.mark in (Mark.NOT_RECORDED, Mark.NOT_PUBLISHED) and row.event_id:
            found.without_recording.add(row.event_id)
    return found


def marks_in_force(*which: ColumnElement[bool]) -> Select[Any]:
    """Return the question for the marks that hold, as the view of that name; oldest first.

    The newest of each subject is found by grouping: over thousands of marks, and for some
    videos only, that is far quicker than the view.
    """
    mark = table(schema.EditorMark)
    subject = (mark.c.mark, mark.c.video_id, mark.c.event_id, mark.c.talk_id)
    newest = select(func.max(mark.c.mark_id)).where(*which).group_by(*subject)
    held = select(*subject, mark.c.evidence_hash, mark.c.act_id)
    held = held.where(mark.c.is_set == 1, mark.c.mark_id.in_(newest))
    return held.order_by(mark.c.mark_id)


def _event_names(
    session: Session, ids: Collection[str] | None
) -> dict[str, tuple[str, str | None]]:
    event = table(schema.Event)
    query = select(event.c.event_id, event.c.title, event.c.series)
    found: dict[str, tuple[str, str | None]] = {}
    for chunk in [None] if ids is None else chunks(ids):
        some = query if chunk is None else query.where(event.c.event_id.in_(chunk))
        found |= {row[0]: (row[1], row[2]) for row in session.execute(some)}
    return found


def _talk_names(session: Session, ids: Collection[str | None]) -> dict[str | None, TalkName]:
    talk = table(schema.Talk)
    query = select(talk.c.talk_id, talk.c.title, talk.c.kind, talk.c.speakers)
    found: dict[str | None, TalkName] = {}
    for chunk in chunks(ids):
        for row in session.execute(query.where(talk.c.talk_id.in_(chunk))):
            found[row[0]] = TalkName(row[1], row[2], tuple(row[3]))
    return found


def _of(query: Select[Any], there: Any, ids: Collection[str] | None) -> Select[Any]:
    return query if ids is None else query.where(there.c.video_id.in_(ids))


# --- the records --------------------------------------------------------------------


class EventEntry(NamedTuple):
    """An event on record, as far as one looks for it."""

    event_id: str
    title: str
    series: str | None
    aliases: list[str]
    city: str | None
    start_on: str | None
    end_on: str | None
    url: str | None


class TalkEntry(NamedTuple):
    """A talk on record, as far as one looks for it."""

    talk_id: str
    event_id: str
    title: str | None
    aliases: list[str]
    speakers: list[str]
    held_on: str | None
    kind: str | None


def entries(session: Session) -> tuple[list[EventEntry], list[TalkEntry]]:
    """Return the events and talks that their sources still hold, by id."""
    event, talk = table(schema.Event), table(schema.Talk)
    events = (
        select(*(event.c[name] for name in EventEntry._fields))
        .where(event.c.withdrawn_at.is_(None))
        .order_by(event.c.event_id)
    )
    talks = (
        select(*(talk.c[name] for name in TalkEntry._fields))
        .join(event, event.c.event_id == talk.c.event_id)
        .where(talk.c.withdrawn_at.is_(None), event.c.withdrawn_at.is_(None))
        .order_by(talk.c.event_id, talk.c.talk_id)
    )
    return (
        [EventEntry._make(row) for row in session.execute(events)],
        [TalkEntry._make(row) for row in session.execute(talks)],
    )


def entries_stamp(session: Session) -> tuple[Any, ...]:
    """Return what is another as soon as a source's record is added, changed, withdrawn or back."""
    return events_stamp(session) + _records_stamp(session, table(schema.Talk))


def events_stamp(session: Session) -> tuple[Any, ...]:
    """Return the same of events alone, for whoever shows no talk."""
    return _records_stamp(session, table(schema.Event))


def _records_stamp(session: Session, there: Any) -> tuple[Any, ...]:
    withdrawn = there.c.withdrawn_at
    query = select(
        func.count(), func.max(there.c.changed_at), func.count(withdrawn), func.max(withdrawn)
    ).where(there.c.source.not_like(_MADE))
    return tuple(session.execute(query).one())


_MADE = "review:%"  # the source of events that editors made


def made_by_editors(session: Session) -> tuple[list[EventEntry], frozenset[str]]:
    """Return the events that editors made, and the ids of those that were taken back."""
    event = table(schema.Event)
    query = select(*(event.c[name] for name in EventEntry._fields), event.c.withdrawn_at)
    rows = session.execute(query.where(event.c.source.like(_MADE)).order_by(event.c.event_id)).all()
    held = [EventEntry._make(row[:-1]) for row in rows if row[-1] is None]
    return held, frozenset(row[0] for row in rows if row[-1] is not None)
