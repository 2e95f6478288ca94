"""Use case: what an editor says, and taking it back.

In:   the database, what is said of which videos, by whom and when.
Out:  an act with its decisions and marks, all or nothing; or a Clash that names why not.

What an editor saw is checked again in the transaction that writes: whoever comes second
is told, and nothing is overwritten unseen.  Rows are only added; taking an act back adds
rows that restore what was before.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harvester.errors import BadInput
from harvester.records import ActKind, Event, EventStatus, Link, Mark
from harvester.review.saying import Checked, Clash, Problem, Say, put_aside
from harvester.store import reads_review, writes_review
from harvester.store.database import Database
from harvester.store.reads_review import Standing
from harvester.store.writes_review import NewDecision, NewMark

__all__ = [
    "Clash",
    "Done",
    "Problem",
    "Say",
    "Undone",
    "add_event",
    "check",
    "editor_name",
    "say",
    "set_status",
    "undo",
]

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was written."""

    act_id: int
    videos: tuple[str, ...]
    requeued: tuple[str, ...] = ()  # videos that a talk was taken from


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What was taken back."""

    act_id: int  # of the undo
    undone_act_id: int
    kind: ActKind  # of what was taken back
    videos: tuple[str, ...]
    events: tuple[str, ...]


def editor_name(name: str) -> str:
    """Return an editor's name as it is kept.  Raises BadInput if it cannot be one."""
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadInput(f"an editor's name has 1 to {_LONGEST_NAME} characters, all printable")
    if name.casefold().startswith("rule:"):
        raise BadInput(
            "an editor's name does not begin with “rule:”: that is what rules are called"
        )
    return name


def say(
    database: Database,
    said: Sequence[Say],
    *,
    editor: str,
    now: dt.datetime,
    kind: ActKind = ActKind.DECIDE,
) -> Done:
    """Write what an editor says, as one act.  Raises Clash, and writes nothing, if any clashes."""
    editor = editor_name(editor)
    if not said:
        raise BadInput("nothing was said")
    with database.write() as session:
        writes_review.lock(session, [each.video_id for each in said])
        checked = Checked(session, said, editor)
        if checked.problems:
            raise Clash(checked.problems)
        act_id = writes_review.begin_act(session, editor=editor, kind=kind, now=now)
        return _write(session, checked, act_id=act_id, editor=editor, now=now)


def check(session: Any, said: Sequence[Say]) -> list[Problem]:
    """Return what would keep these things from being said; nothing is written."""
    return Checked(session, said).problems


def undo(database: Database, *, editor: str, now: dt.datetime) -> Undone | None:
    """Take an editor's last act back that has not been; None if there is none.

    Raises Clash if somebody else has said something of its videos, events or talks since.
    """
    editor = editor_name(editor)
    with database.write() as session:
        last = reads_review.last_to_undo(session, editor)
        if last is None:
            return None
        touched = reads_review.videos_of_act(session, last.act_id)
        writes_review.lock(session, touched)
        later = reads_review.later_acts(session, last.act_id, touched)
        later |= reads_review.later_on_records(session, last.act_id)
        if later:
            raise Clash(
                [
                    Problem(
                        video_id=video_id,
                        code="changed_meanwhile",
                        said=f"{by} has said something of it since, so it cannot be taken back",
                        by=by,
                    )
                    for video_id, by in sorted(later.items())
                ]
            )
        undo_id = writes_review.begin_act(
            session, editor=editor, kind=ActKind.UNDO, now=now, undoes=last.act_id
        )
        back = writes_review.take_back(
            session, last.act_id, undo_id=undo_id, editor=editor, now=now
        )
        return Undone(
            act_id=undo_id,
            undone_act_id=last.act_id,
            kind=last.kind,
            videos=tuple(back.videos),
            events=tuple(back.events),
        )


def set_status(
    database: Database,
    *,
    event_id: str | None = None,
    talk_id: str | None = None,
    status: EventStatus,
    editor: str,
    now: dt.datetime,
) -> Done:
    """Say whether a recording of an event, or of a talk, is to be expected.

    One that is not is no candidate from the next linking on.
    """
    editor = editor_name(editor)
    if (event_id is None) == (talk_id is None):
        raise BadInput("say it of an event or of a talk")
    with database.write() as session:
        if event_id is not None and not reads_review.known_events(session, [event_id]):
            raise BadInput(f"{event_id}: no such event on record")
        if talk_id is not None and not reads_review.events_of_talks(session, [talk_id]):
            raise BadInput(f"{talk_id}: no such talk on record")
        act_id = writes_review.begin_act(session, editor=editor, kind=ActKind.STATUS, now=now)
        subject = {"event_id": event_id, "talk_id": talk_id}
        # said again by another editor it is his word, too: also what is so already is written
        marks = [
            NewMark(mark=Mark(each.value), is_set=each is status, **subject)
            for each in (EventStatus.NOT_RECORDED, EventStatus.NOT_PUBLISHED)
        ]
        writes_review.save_marks(session, marks, act_id=act_id)
        return Done(act_id=act_id, videos=())


def add_event(
    database: Database,
    event: Event,
    *,
    video: Say | None = None,
    editor: str,
    now: dt.datetime,
) -> Done:
    """Put an event on record that no source has, and with it say that a video shows it.

    Without an id it gets one.  Raises BadInput if the id is taken or the title is empty.
    """
    editor = editor_name(editor)
    title = " ".join(event.title.split())
    if not title:
        raise BadInput("an event needs a title")
    event = replace(event, title=title, event_id=event.event_id.strip() or _new_id(event, now))
    with database.write() as session:
        if reads_review.was_event(session, event.event_id):
            raise BadInput(f"{event.event_id}: there is an event of that id already")
        act_id = writes_review.begin_act(session, editor=editor, kind=ActKind.NEW_EVENT, now=now)
        writes_review.add_event(session, event, act_id=act_id, now=now)
        session.flush()
        if video is None:
            return Done(act_id=act_id, videos=())
        writes_review.lock(session, [video.video_id])
        links = video.links or (Link(event_id=""),)
        links = tuple(replace(link, event_id=event.event_id) for link in links)
        checked = Checked(session, [replace(video, what="match", links=links)], editor)
        if checked.problems:
            raise Clash(checked.problems)
        return _write(session, checked, act_id=act_id, editor=editor, now=now)


def _new_id(event: Event, now: dt.datetime) -> str:
    """Return an id that no source gives: of the title and day, and of when it was made."""
    seed = f"{event.title} {event.start_on} {now.isoformat()}"
    return f"review-{hashlib.sha256(seed.encode()).hexdigest()[:10]}"


def _write(session: Any, checked: Checked, *, act_id: int, editor: str, now: dt.datetime) -> Done:
    decisions: list[NewDecision] = []
    marks: list[NewMark] = []
    requeued = sorted(checked.requeued)
    for video_id in requeued:
        decisions.append(NewDecision(video_id=video_id, verdict="open", decided_by=editor))
    marked = reads_review.marks_of(session, checked.standing)
    for each in checked.said:
        decisions += _decisions(each, checked.standing[each.video_id], editor)
        marks += _marks(each, marked[each.video_id])
    writes_review.save_decisions(session, decisions, act_id=act_id, now=now)
    writes_review.save_marks(session, marks, act_id=act_id)
    return Done(
        act_id=act_id,
        videos=tuple(each.video_id for each in checked.said),
        requeued=tuple(requeued),
    )


def _decisions(said: Say, now: Standing, editor: str) -> Iterator[NewDecision]:
    """Yield what is decided by something that is said."""
    new = NewDecision(
        video_id=said.video_id, verdict="open", decided_by=editor, note=said.note.strip() or None
    )
    if said.what == "match":
        yield replace(new, verdict="match", links=said.links)
    elif said.what == "no_event":
        yield replace(new, verdict="no_event", reason=said.reason.value if said.reason else None)
    elif said.what == "confirm":
        yield replace(new, verdict=now.verdict or "open", links=now.links, reason=now.reason)
    elif said.what == "reject" and {link.event_id for link in now.links} & set(said.event_ids):
        yield new


def _marks(said: Say, before: Sequence[tuple[Mark, str | None]]) -> Iterator[NewMark]:
    """Yield the marks that something sets, and those that it makes void."""
    video_id = said.video_id
    if said.what == "reject":
        for event_id in dict.fromkeys(said.event_ids):
            yield NewMark(mark=Mark.REJECTED, video_id=video_id, event_id=event_id)
    elif said.what in ("later", "right", "unsure"):
        yield NewMark(mark=Mark(said.what), video_id=video_id)
    void = put_aside(said)
    for mark, of_event in before:
        if (mark, of_event) in void:
            yield NewMark(mark=mark, is_set=False, video_id=video_id, event_id=of_event)
