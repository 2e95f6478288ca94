"""What reviewing asks of the database: what was said of videos, by whom, and what holds."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, column, func, or_, select
from sqlalchemy import table as named_table
from sqlalchemy.orm import Session

from harvester.records import ActKind, EventStatus, Link, Mark
from harvester.store import reads_acts, schema
from harvester.store.reads_acts import Statements
from harvester.store.reads_linking import GONE, IN_FORCE, MARKS, NOT_EXPECTED, links_of
from harvester.store.rows import chunks, table

_LOOK_AGAIN = named_table(
    "look_again", *(column(name) for name in ("video_id", "what", "was", "is_now", "event_id"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an editor did in one go, and what was said by it; of an undo, what it took back."""

    act_id: int
    editor: str
    acted_at: dt.datetime
    kind: ActKind
    undoes: int | None
    is_undone: bool
    said: Statements

    @property
    def videos(self) -> tuple[tuple[str, str], ...]:
        """Ids and titles of the videos that it was about, the first few of them."""
        return tuple((s.video_id, s.title or s.video_id) for s in self.said.named if s.video_id)

    @property
    def video_count(self) -> int:
        """How many videos it was about."""
        return sum(self.said.videos.values())

    @property
    def events(self) -> tuple[tuple[str, str], ...]:
        """Ids and titles of the events that were made, or whose status, or a talk's, was said."""
        about = [each.event for s in self.said.named if not s.video_id for each in s.about]
        return tuple((event.event_id, event.title) for event in about)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """Something that was said of a video: a decision or a mark."""

    at: dt.datetime
    by: str  # an editor, or rule:<model>
    what: str  # match, no_event, open; or a mark, with "not " before it if it was taken back
    reason: str | None
    note: str | None
    links: tuple[Link, ...]
    event_id: str | None  # of a rejected pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is otherwise now than an editor saw it."""

    what: str  # title, duration_s, event, talk
    was: str | None
    is_now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a video when something is to be said of it."""

    video_id: str
    title: str | None
    duration_s: int | None
    version: int
    verdict: str | None  # of the decision in force
    decided_by: str | None
    decided_at: dt.datetime | None
    reason: str | None
    links: tuple[Link, ...]
    said_by: str | None  # who said the last thing about it, if an editor


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMark:
    """A mark in force on a video, and whose it is."""

    mark: Mark
    event_id: str | None  # of a pair
    editor: str
    at: dt.datetime


def standing(session: Session, video_ids: Collection[str]) -> dict[str, Standing]:
    """Return what is known of these videos; those that are not stored are left out."""
    ids = sorted(set(video_ids))
    counted = versions(session, ids)
    last = _last_editors(session, counted)  # the others nobody has said anything of
    decided: dict[str, Any] = {}
    found: dict[str, Any] = {}
    video = table(schema.Video)
    for chunk in chunks(ids):
        query = select(IN_FORCE).where(IN_FORCE.c.video_id.in_(chunk))
        decided |= {row["video_id"]: row for row in session.execute(query).mappings()}
        seen = select(video.c.video_id, video.c.title, video.c.duration_s)
        rows = session.execute(seen.where(video.c.video_id.in_(chunk))).mappings()
        found |= {row["video_id"]: row for row in rows}
    links = links_of(session, [row["decision_id"] for row in decided.values()])
    standings = {}
    for video_id, row in found.items():
        decision = decided.get(video_id)
        standings[video_id] = Standing(
            video_id=video_id,
            title=row["title"],
            duration_s=row["duration_s"],
            version=counted.get(video_id, 0),
            verdict=decision["verdict"] if decision else None,
            decided_by=decision["decided_by"] if decision else None,
            decided_at=decision["decided_at"] if decision else None,
            reason=decision["reason"] if decision else None,
            links=links.get(decision["decision_id"], ()) if decision else (),
            said_by=last.get(video_id),
        )
    return standings


def version(session: Session, video_id: str) -> int:
    """Return a number that grows with everything that is said of a video."""
    return versions(session, [video_id]).get(video_id, 0)


def versions(session: Session, video_ids: Collection[str] | None = None) -> dict[str, int]:
    """Return the versions of these videos, or of all; of which nothing was said are left out."""
    found: dict[str, int] = defaultdict(int)
    for there in (table(schema.Decision), table(schema.EditorMark)):
        query = select(there.c.video_id, func.count()).group_by(there.c.video_id)
        for chunk in [None] if video_ids is None else chunks(video_ids):
            some = there.c.video_id.is_not(None) if chunk is None else there.c.video_id.in_(chunk)
            for video_id, count in session.execute(query.where(some)):
                found[video_id] += count
    return dict(found)


def _last_editors(session: Session, video_ids: Collection[str]) -> dict[str, str]:
    """Return who said the last thing about each video, where an editor ever did."""
    act = table(schema.Act)
    last: dict[str, int] = {}
    for there in (table(schema.Decision), table(schema.EditorMark)):
        query = select(there.c.video_id, func.max(there.c.act_id)).group_by(there.c.video_id)
        for chunk in chunks(video_ids):
            some = query.where(there.c.video_id.in_(chunk), there.c.act_id.is_not(None))
            for video_id, act_id in session.execute(some):
                last[video_id] = max(act_id, last.get(video_id, 0))
    names: dict[int, str] = {}
    for act_ids in chunks(set(last.values())):
        rows = session.execute(select(act.c.act_id, act.c.editor).where(act.c.act_id.in_(act_ids)))
        names |= {row.act_id: row.editor for row in rows}
    return {video_id: names[act_id] for video_id, act_id in last.items()}


def showing(session: Session, talk_ids: Collection[str]) -> dict[str, list[str]]:
    """Return which videos that can be had show these talks in full, by decisions in force."""
    return _showing(session, table(schema.DecisionLink).c.talk_id, talk_ids)


def showing_whole(session: Session, event_ids: Collection[str]) -> dict[str, list[str]]:
    """Return which videos that can be had show these events as a whole, in full."""
    link = table(schema.DecisionLink)
    return _showing(session, link.c.event_id, event_ids, link.c.talk_id.is_(None))


def _showing(
    session: Session, of: Column[Any], ids: Collection[str], *conditions: ColumnElement[bool]
) -> dict[str, list[str]]:
    link, video = table(schema.DecisionLink), table(schema.Video)
    found: dict[str, list[str]] = defaultdict(list)
    for chunk in chunks(sorted(ids)):
        query = (
            select(of, IN_FORCE.c.video_id)
            .join(IN_FORCE, IN_FORCE.c.decision_id == link.c.decision_id)
            .join(video, video.c.video_id == IN_FORCE.c.video_id)
            .where(of.in_(chunk), link.c.role == "full", *conditions)
            .where(IN_FORCE.c.verdict == "match", video.c.availability.not_in(GONE))
            .order_by(IN_FORCE.c.video_id)
        )
        for id_, video_id in session.execute(query):
            found[id_].append(video_id)
    return dict(found)


def events_of_talks(session: Session, talk_ids: Collection[str]) -> dict[str, str]:
    """Return the events of these talks; of unknown or withdrawn ones none."""
    talk = table(schema.Talk)
    found: dict[str, str] = {}
    for chunk in chunks(sorted(talk_ids)):
        query = select(talk.c.talk_id, talk.c.event_id)
        held = query.where(talk.c.talk_id.in_(chunk), talk.c.withdrawn_at.is_(None))
        found |= {row.talk_id: row.event_id for row in session.execute(held)}
    return found


def known_events(session: Session, event_ids: Collection[str]) -> dict[str, str]:
    """Return the titles of these events; of unknown or withdrawn ones none."""
    event = table(schema.Event)
    found: dict[str, str] = {}
    for chunk in chunks(sorted(event_ids)):
        query = select(event.c.event_id, event.c.title)
        held = query.where(event.c.event_id.in_(chunk), event.c.withdrawn_at.is_(None))
        found |= {row.event_id: row.title for row in session.execute(held)}
    return found


def marks_of(
    session: Session, video_ids: Collection[str]
) -> Mapping[str, list[tuple[Mark, str | None]]]:
    """Return the marks in force on videos, by video, with the event where one is about a pair."""
    found: dict[str, list[tuple[Mark, str | None]]] = {video_id: [] for video_id in video_ids}
    for chunk in chunks(sorted(found)):
        query = select(MARKS.c.video_id, MARKS.c.mark, MARKS.c.event_id)
        for video_id, mark, event_id in session.execute(query.where(MARKS.c.video_id.in_(chunk))):
            found[video_id].append((Mark(mark), event_id))
    return found


def set_marks(session: Session, video_ids: Collection[str]) -> dict[str, list[SetMark]]:
    """Return the marks in force on videos with who set them, by video, in their order."""
    found: dict[str, list[SetMark]] = {video_id: [] for video_id in video_ids}
    for chunk in chunks(sorted(found)):
        query = select(MARKS).where(MARKS.c.video_id.in_(chunk)).order_by(MARKS.c.mark_id)
        for row in session.execute(query).mappings():
            its = {"event_id": row["event_id"], "editor": row["editor"], "at": row["acted_at"]}
            found[row["video_id"]].append(SetMark(mark=Mark(row["mark"]), **its))
    return found


def status_of(
    session: Session, *, event_id: str | None = None, talk_id: str | None = None
) -> EventStatus:
    """Return whether a recording of an event, or of a talk, is to be expected."""
    subject = MARKS.c.talk_id == talk_id if talk_id else MARKS.c.event_id == event_id
    of = and_(subject, MARKS.c.video_id.is_(None), MARKS.c.mark.in_(NOT_EXPECTED))
    mark = session.scalar(select(MARKS.c.mark).where(of).order_by(MARKS.c.mark_id.desc()).limit(1))
    return EventStatus(mark) if mark else EventStatus.EXPECTED


def look_again(session: Session, video_id: str) -> list[Difference]:
    """Return what is otherwise now than the editor saw who decided about a video."""
    query = select(_LOOK_AGAIN).where(_LOOK_AGAIN.c.video_id == video_id)
    rows = session.execute(query.order_by(_LOOK_AGAIN.c.what.desc(), _LOOK_AGAIN.c.was)).mappings()
    return [Difference(what=r["what"], was=r["was"], is_now=r["is_now"]) for r in rows]


def history(session: Session, video_id: str) -> list[HistoryLine]:
    """Return what was said of a video, the newest first."""
    decision, mark, act = table(schema.Decision), table(schema.EditorMark), table(schema.Act)
    query = select(decision).where(decision.c.video_id == video_id)
    decisions = session.execute(query.order_by(decision.c.decision_id.desc())).mappings().all()
    links = links_of(session, [row["decision_id"] for row in decisions])
    lines = [
        HistoryLine(
            at=row["decided_at"],
            by=row["decided_by"],
            what=row["verdict"],
            reason=row["reason"],
            note=row["note"],
            links=links.get(row["decision_id"], ()),
            event_id=None,
        )
        for row in decisions
    ]
    said = select(mark, act.c.editor, act.c.acted_at).join(act, act.c.act_id == mark.c.act_id)
    said = said.where(mark.c.video_id == video_id).order_by(mark.c.mark_id.desc())
    lines += [
        HistoryLine(
            at=row["acted_at"],
            by=row["editor"],
            what=row["mark"] if row["is_set"] else f"not {row['mark']}",
            reason=None,
            note=None,
            links=(),
            event_id=row["event_id"],
        )
        for row in session.execute(said).mappings()
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)  # stable: both are newest first


def acts(session: Session, editor: str | None = None, limit: int = 10) -> list[Act]:
    """Return the last acts, of one editor or of all, the newest first."""
    act = table(schema.Act)
    query = select(act).order_by(act.c.act_id.desc()).limit(limit)
    if editor is not None:
        query = query.where(act.c.editor == editor)
    return _acts(session, session.execute(query).mappings().all())


def last_to_undo(session: Session, editor: str) -> Act | None:
    """Return the newest act of an editor that has not been taken back; an undo is none."""
    act, undo = table(schema.Act), table(schema.Act).alias()
    undone = select(undo.c.act_id).where(undo.c.undoes == act.c.act_id).exists()
    query = (
        select(act)
        .where(act.c.editor == editor, act.c.kind != ActKind.UNDO.value, ~undone)
        .order_by(act.c.act_id.desc())
        .limit(1)
    )
    found = _acts(session, session.execute(query).mappings().all())
    return found[0] if found else None


def _acts(session: Session, rows: Sequence[Any]) -> list[Act]:
    """Return acts with what they said; of an undo, with what was said that it took back."""
    ids = [row["act_id"] for row in rows]
    act = table(schema.Act)
    undone = set(session.scalars(select(act.c.undoes).where(act.c.undoes.in_(ids))))
    said = reads_acts.statements(session, [row["undoes"] or row["act_id"] for row in rows])
    return [
        Act(
            act_id=row["act_id"],
            editor=row["editor"],
            acted_at=row["acted_at"],
            kind=ActKind(row["kind"]),
            undoes=row["undoes"],
            is_undone=row["act_id"] in undone,
            said=said[row["undoes"] or row["act_id"]],
        )
        for row in rows
    ]


def videos_of_act(session: Session, act_id: int) -> list[str]:
    """Return the videos that an act said something of, by id."""
    found: set[str] = set()
    for there in (table(schema.Decision), table(schema.EditorMark)):
        query = select(there.c.video_id).where(there.c.act_id == act_id)
        found.update(session.scalars(query.where(there.c.video_id.is_not(None))))
    return sorted(found)


def was_event(session: Session, event_id: str) -> bool:
    """Return whether there is an event of this id, or was one before it was withdrawn."""
    return session.get(schema.Event, event_id) is not None


def later_acts(session: Session, act_id: int, video_ids: Collection[str]) -> dict[str, str]:
    """Return who said something of these videos after an act and has not taken it back, by video.

    Acts that were taken back, and taking back, do not count; nor do rules.
    """
    act, undo = table(schema.Act), table(schema.Act).alias()
    undone = select(undo.c.act_id).where(undo.c.undoes == act.c.act_id).exists()
    found: dict[str, str] = {}
    for there in (table(schema.Decision), table(schema.EditorMark)):
        for chunk in chunks(sorted(video_ids)):
            query = (
                select(there.c.video_id, act.c.editor)
                .join(act, act.c.act_id == there.c.act_id)
                .where(_of(there, chunk), act.c.act_id > act_id)
                .where(act.c.kind != ActKind.UNDO.value, ~undone)
            )
            found |= {row.video_id: row.editor for row in session.execute(query)}
    return found


def later_on_records(session: Session, act_id: int) -> dict[str, str]:
    """Return who went on from what an act said of events and talks, or from an event it made."""
    mark, act = table(schema.EditorMark), table(schema.Act)
    later, undo = mark.alias(), act.alias()
    undone = select(undo.c.act_id).where(undo.c.undoes == act.c.act_id).exists()
    said = (
        select(func.coalesce(mark.c.event_id, mark.c.talk_id), act.c.editor)
        .join(later, or_(later.c.event_id == mark.c.event_id, later.c.talk_id == mark.c.talk_id))
        .join(act, act.c.act_id == later.c.act_id)
        .where(mark.c.act_id == act_id, mark.c.video_id.is_(None), later.c.video_id.is_(None))
        .where(act.c.act_id > act_id, act.c.kind != ActKind.UNDO.value, ~undone)
    )
    link, event, decision = (
        table(schema.DecisionLink),
        table(schema.Event),
        table(schema.Decision),
    )
    shown = (
        select(IN_FORCE.c.video_id, IN_FORCE.c.decided_by)
        .join(decision, decision.c.decision_id == IN_FORCE.c.decision_id)
        .join(link, link.c.decision_id == IN_FORCE.c.decision_id)
        .join(event, event.c.event_id == link.c.event_id)
        .where(event.c.source == f"review:{act_id}")
        .where(or_(decision.c.act_id.is_(None), decision.c.act_id != act_id))
    )
    return {row[0]: row[1] for query in (said, shown) for row in session.execute(query)}


def _of(there: Table, video_ids: Collection[str]) -> ColumnElement[bool]:
    return there.c.video_id.in_(video_ids)
