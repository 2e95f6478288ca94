"""What editors say: acts, decisions and marks in.  Rows are added, never changed.

Every function works in the transaction of its caller; `lock` first, so that what was
checked still holds when it is written.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from harvester.records import ActKind, Event, Link, Mark
from harvester.store import schema
from harvester.store.rows import chunks, insert, table, values

_NO_EVIDENCE = hashlib.sha256(b"[]").hexdigest()  # of a video that was never linked

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """What an editor decides about a video: match, no_event or open."""

    video_id: str
    verdict: str
    decided_by: str
    links: tuple[Link, ...] = ()
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMark:
    """What an editor says of a video, a pair, an event or a talk; or that it holds no longer."""

    mark: Mark
    is_set: bool = True
    video_id: str | None = None
    event_id: str | None = None
    talk_id: str | None = None


@dataclass(slots=True)
class TakenBack:
    """What taking an act back touched."""

    videos: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)


def lock(session: Session, video_ids: Collection[str]) -> None:
    """Let nobody else decide about these videos until the transaction ends.

    On SQLite a transaction that writes is alone anyway.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    video = table(schema.Video)
    for chunk in chunks(sorted(set(video_ids))):
        query = select(video.c.video_id).where(video.c.video_id.in_(chunk))
        session.execute(query.order_by(video.c.video_id).with_for_update())


def begin_act(
    session: Session, *, editor: str, kind: ActKind, now: dt.datetime, undoes: int | None = None
) -> int:
    """Enter an act, and return its number."""
    act = schema.Act(editor=editor, acted_at=now, kind=kind.value, undoes=undoes)
    session.add(act)
    session.flush()
    return act.act_id


def save_decisions(
    session: Session, decisions: Sequence[NewDecision], *, act_id: int, now: dt.datetime
) -> None:
    """Append decisions of editors, with what they saw."""
    seen = _Seen(session, decisions)
    rows = [_row(each, seen, act_id=act_id, now=now) for each in decisions]
    links = [[values(link) | seen.link(link) for link in each.links] for each in decisions]
    _append(session, rows, links)


def _row(new: NewDecision, seen: "_Seen", *, act_id: int, now: dt.datetime) -> Row:
    return {
        "video_id": new.video_id,
        "verdict": new.verdict,
        "decided_by": new.decided_by,
        "decided_at": now,
        "probability": None,
        "reason": new.reason,
        "act_id": act_id,
        "note": new.note or None,
        **seen.video(new.video_id),
    }


def save_marks(session: Session, marks: Sequence[NewMark], *, act_id: int) -> None:
    """Append marks."""
    evidence = _evidence(session, {m.video_id for m in marks if m.video_id})
    rows = [
        {
            "act_id": act_id,
            "mark": each.mark.value,
            "is_set": int(each.is_set),
            "video_id": each.video_id,
            "event_id": each.event_id,
            "talk_id": each.talk_id,
            "evidence_hash": evidence.get(each.video_id or ""),
        }
        for each in marks
    ]
    for chunk in chunks(rows):
        session.execute(insert(session, schema.EditorMark), chunk)


def add_event(session: Session, event: Event, *, act_id: int, now: dt.datetime) -> None:
    """Store an event that an editor made."""
    row = values(event) | {"source": source(act_id), "first_seen_at": now, "changed_at": now}
    session.execute(insert(session, schema.Event), [row | {"withdrawn_at": None}])


def source(act_id: int) -> str:
    """Return what stands as the source of an event that an act made."""
    return f"review:{act_id}"


def take_back(
    session: Session, act_id: int, *, undo_id: int, editor: str, now: dt.datetime
) -> TakenBack:
    """Restore what was before an act, by further rows; return what that touches."""
    firsts = _first_decisions(session, act_id)
    touched = TakenBack(videos=list(firsts))
    before = _in_force_before(session, firsts)
    shown = _links(session, [row["decision_id"] for row in before.values()])
    opened = [
        NewDecision(video_id=video_id, verdict="open", decided_by=editor) for video_id in firsts
    ]
    seen = _Seen(session, opened)
    rows: list[Row] = []
    links: list[list[Row]] = []
    for each in opened:
        was = before.get(each.video_id)
        if was is None or was["decided_by"].startswith("rule:"):
            rows.append(_row(each, seen, act_id=undo_id, now=now))
            links.append([])
        if was is not None:
            again = {name: value for name, value in was.items() if name != "decision_id"}
            rows.append(again | {"act_id": undo_id})
            links.append(shown[was["decision_id"]])
    _append(session, rows, links)
    for video_id, event_id in _unmark(session, act_id, undo_id):
        touched.videos += [video_id] if video_id and video_id not in touched.videos else []
        touched.events += [event_id] if event_id and not video_id else []
    event = table(schema.Event)
    made = select(event.c.event_id).where(event.c.source == source(act_id))
    for event_id in session.scalars(made).all():
        session.execute(update(event).where(event.c.event_id == event_id).values(withdrawn_at=now))
        touched.events.append(event_id)
    return touched


def _unmark(session: Session, act_id: int, undo_id: int) -> list[tuple[str | None, str | None]]:
    """Set the marks of an act to what they were before; return their videos and events."""
    mark = table(schema.EditorMark)
    query = select(mark).where(mark.c.act_id == act_id)
    mine = list(map(dict, session.execute(query).mappings()))
    before = _marks_before(session, mine)
    rows = []
    for row in mine:
        last = max(
            (was for was in before[_subject(row)] if was["mark_id"] < row["mark_id"]),
            key=lambda was: int(was["mark_id"]),
            default=None,
        )
        rows.append(
            dict(zip(_SUBJECT, _subject(row), strict=True))
            | {"act_id": undo_id, "is_set": last["is_set"] if last else 0}
            | {"evidence_hash": last["evidence_hash"] if last else row["evidence_hash"]}
        )
    for chunk in chunks(rows):
        session.execute(insert(session, schema.EditorMark), chunk)
    return [(row["video_id"], row["event_id"]) for row in rows]


_SUBJECT = ("mark", "video_id", "event_id", "talk_id")


def _subject(row: Row) -> tuple[Any, ...]:
    """Return what a mark says, and of what."""
    return tuple(row[name] for name in _SUBJECT)


def _marks_before(session: Session, marks: Sequence[Row]) -> Mapping[tuple[Any, ...], list[Row]]:
    """Return all marks on the videos, events and talks of these, by subject."""
    mark = table(schema.EditorMark)
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for name in ("video_id", "event_id", "talk_id"):
        ids = {row[name] for row in marks if row[name] is not None}
        # pairs are found by their videos already
        others = [] if name == "video_id" else [mark.c.video_id.is_(None)]
        for chunk in chunks(sorted(ids)):
            query = select(mark).where(mark.c[name].in_(chunk), *others)
            for row in map(dict, session.execute(query).mappings()):
                found[_subject(row)].append(row)
    return found


def _first_decisions(session: Session, act_id: int) -> dict[str, int]:
    """Return the videos that an act decided about, each with the first decision, in order."""
    decision = table(schema.Decision)
    first = func.min(decision.c.decision_id).label("first")
    mine = select(decision.c.video_id, first).where(decision.c.act_id == act_id)
    found = session.execute(mine.group_by(decision.c.video_id).order_by("first"))
    return {row.video_id: row.first for row in found}


def _in_force_before(session: Session, firsts: Mapping[str, int]) -> dict[str, Row]:
    """Return what held before these decisions, as the view `decisions_in_force` would, by video."""
    decision = table(schema.Decision)
    earlier: dict[str, list[Row]] = defaultdict(list)
    for chunk in chunks(firsts):
        query = select(decision).where(decision.c.video_id.in_(chunk))
        for row in map(dict, session.execute(query.order_by(decision.c.decision_id)).mappings()):
            if row["decision_id"] < firsts[row["video_id"]]:
                earlier[row["video_id"]].append(row)
    in_force = {video_id: _holds(rows) for video_id, rows in earlier.items()}
    return {video_id: row for video_id, row in in_force.items() if row is not None}


def _holds(decisions: Sequence[Row]) -> Row | None:
    """Return which of a video's decisions, the oldest first, is in force; None if it is open."""
    newest_rule: Row | None = None
    in_force: Row | None = None
    for row in reversed(decisions):
        if not row["decided_by"].startswith("rule:"):
            in_force = newest_rule if row["verdict"] == "open" else row
            break
        newest_rule = newest_rule or row
    else:
        in_force = newest_rule
    return None if in_force is None or in_force["verdict"] == "open" else in_force


def _links(session: Session, decision_ids: Collection[int]) -> Mapping[int, list[Row]]:
    """Return the links of decisions, as they were written."""
    link = table(schema.DecisionLink)
    found: dict[int, list[Row]] = defaultdict(list)
    for chunk in chunks(decision_ids):
        query = select(link).where(link.c.decision_id.in_(chunk)).order_by(link.c.position)
        for row in map(dict, session.execute(query).mappings()):
            del row["position"]
            found[row.pop("decision_id")].append(row)
    return found


def _append(session: Session, rows: Sequence[Row], links: Sequence[list[Row]]) -> None:
    decision = table(schema.Decision)
    for chunk in chunks(zip(rows, links, strict=True)):
        ids = session.scalars(
            insert(session, schema.Decision).returning(
                decision.c.decision_id, sort_by_parameter_order=True
            ),
            [row for row, _ in chunk],
        ).all()
        shown = [
            {"decision_id": decision_id, "position": position, **link}
            for decision_id, (_, its) in zip(ids, chunk, strict=True)
            for position, link in enumerate(its, start=1)
        ]
        if shown:
            session.execute(insert(session, schema.DecisionLink), shown)


class _Seen:
    """What editors have before them when they decide: looked up at once for all decisions."""

    def __init__(self, session: Session, decisions: Sequence[NewDecision]) -> None:
        ids = {each.video_id for each in decisions}
        links = [link for each in decisions for link in each.links]
        self._videos = _by_id(session, schema.Video, ids)
        self._events = _by_id(session, schema.Event, {link.event_id for link in links})
        self._talks = _by_id(session, schema.Talk, {li.talk_id for li in links if li.talk_id})
        self._evidence = _evidence(session, ids)
        state = table(schema.LinkingState)
        self._model = session.scalar(select(state.c.model_hash))

    def video(self, video_id: str) -> Row:
        """Return the columns that tell what of the video was seen."""
        video = self._videos[video_id]
        return {
            "evidence_hash": self._evidence.get(video_id, _NO_EVIDENCE),
            "model": self._model,
            "seen_title": video["title"],
            "seen_duration_s": video["duration_s"],
        }

    def link(self, link: Link) -> Row:
        """Return the columns that tell what of the event and talk was seen."""
        talk = self._talks.get(link.talk_id or "")
        return {
            "seen_event": seen_event(self._events[link.event_id]),
            "seen_talk": talk["title"] if talk else None,
        }


def seen_event(row: Mapping[str, Any]) -> str:
    """Return an event's name and days as one text; the view `look_again` makes the same."""
    end = f"–{row['end_on']}" if row["end_on"] is not None else ""
    return f"{row['title']} · {row['start_on'] or ''}{end}"


def _by_id(session: Session, model: type[schema.Base], ids: Collection[str]) -> dict[str, Any]:
    there = table(model)
    [key] = there.primary_key
    found: dict[str, Any] = {}
    for chunk in chunks(ids):
        rows = session.execute(select(there).where(key.in_(chunk))).mappings()
        found |= {row[key.name]: row for row in rows}
    return found


def _evidence(session: Session, video_ids: Collection[str]) -> dict[str, str]:
    linking = table(schema.VideoLinking)
    found: dict[str, str] = {}
    for chunk in chunks(video_ids):
        query = select(linking.c.video_id, linking.c.evidence_hash)
        rows = session.execute(query.where(linking.c.video_id.in_(chunk)))
        found |= {row.video_id: row.evidence_hash for row in rows}
    return found
