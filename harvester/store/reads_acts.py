"""What acts of editors said, of each video, event or talk: for telling it to a colleague.

Each kind of record is looked up once for all acts that are asked about; of an act about
many videos only the first few are named, all are counted.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from harvester.records import Event, EventStatus, Role, Talk
from harvester.store import schema
from harvester.store.reads_linking import links_of
from harvester.store.rows import chunks, record, table

_FEW = 10  # videos of an act that are named

Subject = tuple[str | None, str | None]
"""An event or a talk, by the ids of both."""

_Said = tuple[str, str | None, int | None]
"""What is said of a video, with the reason and the decision; plain, for there may be very many."""


class About(NamedTuple):
    """An event or talk that something is said of."""

    event: Event
    talk: Talk | None
    role: Role = Role.FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What an act says of one video, or of an event or talk.

    what: match, no_event, open; rejected, later, right, unsure; of records: not_recorded,
    not_published, expected, made.
    """

    what: str
    video_id: str | None = None
    title: str | None = None  # of the video
    reason: str | None = None  # of no_event
    about: tuple[About, ...] = ()  # linked, or ruled out; or the event or talk itself
    decision_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """All that an act says: the first few in full, and how many videos it says what of."""

    named: tuple[Statement, ...] = ()
    videos: Mapping[str, int]  # by what is said


def statements(session: Session, act_ids: Collection[int]) -> dict[int, Statements]:
    """Return what these acts say: of records, then of videos, last of those that wait again."""
    ids = sorted(set(act_ids))
    of_records = _of_records(session, ids)
    said, ruled_out = _of_videos(session, ids)
    few = {act_id: _first(said[act_id]) for act_id in ids}
    links = links_of(session, [s.decision_id for its in few.values() for s in its if s.decision_id])
    titles = _titles(session, {s.video_id for its in few.values() for s in its if s.video_id})
    named: set[Subject] = {(link.event_id, link.talk_id) for its in links.values() for link in its}
    named |= {
        (event_id, None)
        for act_id, its in few.items()
        for each in its
        for event_id in ruled_out.get((act_id, str(each.video_id)), ())
    }
    named |= {subject for its in of_records.values() for _, subject in its}
    known = _About(session, named)

    def full(act_id: int, each: Statement) -> Statement:
        about = [(li.event_id, li.talk_id, li.role) for li in links.get(each.decision_id or 0, ())]
        if each.what == "rejected":
            events = ruled_out[act_id, str(each.video_id)]
            about = [(event_id, None, Role.FULL) for event_id in events]
        title = titles.get(str(each.video_id))
        return replace(each, title=title, about=known.all(about))

    found = {}
    for act_id in ids:
        records = [
            Statement(what=what, about=known.all([(*subject, Role.FULL)]))
            for what, subject in of_records[act_id]
        ]
        named_videos = [full(act_id, each) for each in few[act_id]]
        counts = Counter(what for what, _, _ in said[act_id].values())
        found[act_id] = Statements(named=(*records, *named_videos), videos=counts)
    return found


def _of_videos(
    session: Session, act_ids: Sequence[int]
) -> tuple[dict[int, dict[str, _Said]], dict[tuple[int, str], list[str]]]:
    """Return what acts say of which videos, and which events they rule out for them.

    A mark counts before a decision: a link that is ruled out is opened by the same act.
    """
    decision, mark = table(schema.Decision), table(schema.EditorMark)
    said: dict[int, dict[str, _Said]] = defaultdict(dict)
    ruled_out: dict[tuple[int, str], list[str]] = defaultdict(list)
    for chunk in chunks(act_ids):
        its = (decision.c.verdict, decision.c.reason, decision.c.decision_id)
        decided = select(decision.c.act_id, decision.c.video_id, *its)
        decided = decided.where(decision.c.act_id.in_(chunk)).order_by(decision.c.decision_id)
        for act_id, video_id, what, reason, decision_id in session.execute(decided).all():
            said[act_id][video_id] = (what, reason, decision_id)
        marked = select(mark.c.act_id, mark.c.video_id, mark.c.mark, mark.c.event_id)
        marked = marked.where(mark.c.act_id.in_(chunk), mark.c.video_id.is_not(None))
        marked = marked.where(mark.c.is_set == 1).order_by(mark.c.mark_id)
        for act_id, video_id, what, event_id in session.execute(marked).all():
            said[act_id][video_id] = (what, None, None)
            if event_id is not None:
                ruled_out[act_id, video_id].append(event_id)
    return said, ruled_out


def _first(said: Mapping[str, _Said]) -> list[Statement]:
    """Return the first few; videos that wait again because of the others come last."""
    order = sorted(said, key=lambda video_id: said[video_id][0] == "open")
    return [
        Statement(what=what, video_id=video_id, reason=reason, decision_id=decision_id)
        for video_id in order[:_FEW]
        for what, reason, decision_id in [said[video_id]]
    ]


def _of_records(session: Session, act_ids: Sequence[int]) -> dict[int, list[tuple[str, Subject]]]:
    """Return which events acts made, and what they say of the recordings of events and talks."""
    mark, event = table(schema.EditorMark), table(schema.Event)
    found: dict[int, list[tuple[str, Subject]]] = defaultdict(list)
    for chunk in chunks(act_ids):
        of_act = {f"review:{act_id}": act_id for act_id in chunk}
        made = select(event.c.source, event.c.event_id).where(event.c.source.in_(of_act))
        for source, event_id in session.execute(made.order_by(event.c.event_id)):
            found[of_act[source]].append(("made", (event_id, None)))
        status: dict[tuple[int, Subject], str] = {}
        marked = select(mark).where(mark.c.act_id.in_(chunk), mark.c.video_id.is_(None))
        for row in session.execute(marked.order_by(mark.c.mark_id)).mappings():
            key = (row["act_id"], (row["event_id"], row["talk_id"]))
            status.setdefault(key, EventStatus.EXPECTED.value)
            if row["is_set"]:
                status[key] = row["mark"]
        for (act_id, subject), what in status.items():
            found[act_id].append((what, subject))
    return found


def _titles(session: Session, video_ids: Collection[str]) -> dict[str, str]:
    video = table(schema.Video)
    found: dict[str, str] = {}
    for chunk in chunks(sorted(video_ids)):
        query = select(video.c.video_id, video.c.title).where(video.c.video_id.in_(chunk))
        found |= {row.video_id: row.title or row.video_id for row in session.execute(query)}
    return found


class _About:
    """Events and talks that are named, also those that their source holds no longer."""

    def __init__(self, session: Session, named: Collection[Subject]) -> None:
        talk, event = table(schema.Talk), table(schema.Event)
        self._talks: dict[str, Talk] = {}
        for chunk in chunks(sorted({talk_id for _, talk_id in named if talk_id})):
            query = select(talk).where(talk.c.talk_id.in_(chunk))
            for row in session.execute(query).mappings():
                self._talks[row["talk_id"]] = record(Talk, row)
        ids = {event_id for event_id, _ in named if event_id}
        ids |= {each.event_id for each in self._talks.values()}
        self._events: dict[str, Event] = {}
        for chunk in chunks(sorted(ids)):
            query = select(event).where(event.c.event_id.in_(chunk))
            for row in session.execute(query).mappings():
                self._events[row["event_id"]] = record(Event, row)

    def all(self, named: Iterable[tuple[str | None, str | None, Any]]) -> tuple[About, ...]:
        """Return what is named, with its records."""
        found = []
        for event_id, talk_id, role in named:
            talk = self._talks.get(talk_id or "")
            event = self._events.get(event_id or (talk.event_id if talk else ""))
            if event is not None:
                found.append(About(event, talk, Role(role)))
        return tuple(found)
