"""Use case: what an editor says, and taking it back.

In:   the database, what is said of which videos, by whom and when.
Out:  an act with its decisions and marks, all or nothing; or a Clash that names why not.

What an editor saw is checked again in the transaction that writes: whoever comes second
is told, and nothing is overwritten unseen.  Rows are only added; taking an act back adds
rows that restore what was before.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from harvester.errors import BadInput, HarvesterError
from harvester.records import ActKind, Event, EventStatus, Link, Mark, NoEventReason, Role
from harvester.store import reads_review, writes_review
from harvester.store.database import Database
from harvester.store.reads_review import Standing
from harvester.store.writes_review import NewDecision, NewMark

What = Literal["match", "no_event", "reject", "later", "confirm", "right", "unsure"]
_LONGEST_NAME = 60
_LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One thing said about one video.

    match: it shows what `links` say; no_event: it belongs to none, for a `reason`;
    reject: it is not of the events `event_ids`; later: put off until the evidence changes;
    confirm: what was decided stays, though something changed since; right, unsure: of a
    link by rule that was judged blind.
    """

    video_id: str
    what: What
    links: tuple[Link, ...] = ()
    event_ids: tuple[str, ...] = ()
    reason: NoEventReason | None = None
    note: str = ""
    seen: int | None = None  # the version that the editor saw; None: whatever it is
    take: bool = False  # a video that shows the same talk waits again


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something cannot be said of a video."""

    video_id: str
    code: Literal[
        "changed_meanwhile",
        "taken",
        "twice",
        "unknown_video",
        "unknown_event",
        "unknown_talk",
        "times",
        "incomplete",
        "nothing_to_confirm",
    ]
    said: str
    by: str | None = None  # the editor who was before, or the video that has it


class Clash(HarvesterError):
    """What was to be said cannot be; nothing was written."""

    exit_code = BadInput.exit_code

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        more = f"; and {len(problems) - 3} more" if len(problems) > 3 else ""
        said = "; ".join(f"{p.video_id}: {p.said}" for p in problems[:3])
        super().__init__(f"{said}{more}")


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
        checked = _Checked(session, said)
        if checked.problems:
            raise Clash(checked.problems)
        act_id = writes_review.begin_act(session, editor=editor, kind=kind, now=now)
        return _write(session, checked, act_id=act_id, editor=editor, now=now)


def check(session: Any, said: Sequence[Say]) -> list[Problem]:
    """Return what would keep these things from being said; nothing is written."""
    return _Checked(session, said).problems


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
        checked = _Checked(session, [replace(video, what="match", links=links)])
        if checked.problems:
            raise Clash(checked.problems)
        return _write(session, checked, act_id=act_id, editor=editor, now=now)


def _new_id(event: Event, now: dt.datetime) -> str:
    """Return an id that no source gives: of the title and day, and of when it was made."""
    seed = f"{event.title} {event.start_on} {now.isoformat()}"
    return f"review-{hashlib.sha256(seed.encode()).hexdigest()[:10]}"


def _write(
    session: Any, checked: "_Checked", *, act_id: int, editor: str, now: dt.datetime
) -> Done:
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
    void: set[tuple[Mark, str | None]] = {(Mark.REJECTED, link.event_id) for link in said.links}
    if said.what in ("match", "no_event"):
        void.add((Mark.LATER, None))
    for mark, of_event in before:
        if (mark, of_event) in void:
            yield NewMark(mark=mark, is_set=False, video_id=video_id, event_id=of_event)


class _Checked:
    """What is to be said, held against what is on record."""

    def __init__(self, session: Any, said: Sequence[Say]) -> None:
        self.said = said
        self.standing = reads_review.standing(session, [each.video_id for each in said])
        links = [link for each in said for link in each.links]
        self._events = reads_review.known_events(
            session,
            {link.event_id for link in links} | {e for each in said for e in each.event_ids},
        )
        talks = {link.talk_id for link in links if link.talk_id}
        self._event_of = reads_review.events_of_talks(session, talks)
        self._shown_by = reads_review.showing(session, talks)
        self._among = {each.video_id for each in said}
        self.requeued: set[str] = set()
        self.problems = [problem for each in said for problem in self._problems(each)]
        self.problems += self._twice()

    def _problems(self, said: Say) -> Iterator[Problem]:
        now = self.standing.get(said.video_id)
        if now is None:
            yield self._problem(said, "unknown_video", "no such video on record")
            return
        if said.seen is not None and said.seen != now.version:
            yield self._problem(said, "changed_meanwhile", _meanwhile(now), by=now.said_by)
        if len(said.note) > _LONGEST_NOTE:
            longest = f"a note has at most {_LONGEST_NOTE:,} characters"
            yield self._problem(said, "incomplete", longest)
        if said.what == "match" and not said.links:
            yield self._problem(said, "incomplete", "no event was named")
        if said.what == "no_event" and said.reason is None:
            yield self._problem(said, "incomplete", "“no event” needs a reason")
        if said.what == "reject" and not said.event_ids:
            yield self._problem(said, "incomplete", "no event was named")
        if said.what == "confirm" and (
            now.verdict is None or (now.decided_by or "rule:")[:5] == "rule:"
        ):
            yield self._problem(said, "nothing_to_confirm", "no editor's decision is in force")
        for event_id in said.event_ids:
            if event_id not in self._events:
                yield self._problem(said, "unknown_event", f"no event {event_id} on record")
        for link in said.links:
            yield from self._of_link(said, link, now)
        yield from self._overlaps(said)

    def _of_link(self, said: Say, link: Link, now: Standing) -> Iterator[Problem]:
        if link.event_id not in self._events:
            yield self._problem(said, "unknown_event", f"no event {link.event_id} on record")
            return
        if link.talk_id is not None and self._event_of.get(link.talk_id) != link.event_id:
            text = f"the event {link.event_id} has no talk {link.talk_id}"
            yield self._problem(said, "unknown_talk", text)
            return
        if wrong := _wrong_times(link, now.duration_s):
            yield self._problem(said, "times", wrong)
        if link.talk_id is None or link.role is not Role.FULL:
            return
        others = [v for v in self._shown_by.get(link.talk_id, ()) if v not in self._among]
        if said.take:
            self.requeued.update(others)
        elif others:
            text = f"{others[0]} shows the talk {link.talk_id} already"
            yield self._problem(said, "taken", text, by=others[0])

    def _overlaps(self, said: Say) -> Iterator[Problem]:
        named = Counter((link.event_id, link.talk_id) for link in said.links)
        for (event_id, talk_id), count in named.items():
            if count > 1:
                text = f"{talk_id or event_id} is named {count} times"
                yield self._problem(said, "twice", text)

    def _twice(self) -> Iterator[Problem]:
        """Yield what clashes among the things said themselves."""
        first: dict[str, str] = {}
        for video_id, count in Counter(each.video_id for each in self.said).items():
            if count > 1:
                text = f"{count} things were said of it at once"
                yield Problem(video_id=video_id, code="twice", said=text)
        for each in self.said:
            for link in each.links:
                if link.talk_id is None or link.role is not Role.FULL:
                    continue
                other = first.setdefault(link.talk_id, each.video_id)
                if other != each.video_id:
                    text = f"{other} is to show the talk {link.talk_id}, too"
                    yield self._problem(each, "twice", text, by=other)

    @staticmethod
    def _problem(said: Say, code: Any, text: str, by: str | None = None) -> Problem:
        return Problem(video_id=said.video_id, code=code, said=text, by=by)


def _meanwhile(now: Standing) -> str:
    if now.decided_by is None:
        by = now.said_by or "a rule"
        return f"{by} has said something of it meanwhile; look at it again"
    shown = ", ".join(link.talk_id or link.event_id for link in now.links)
    what = f"“{now.verdict}”" + (f" with {shown}" if shown else "")
    return f"{now.decided_by} has decided {what} meanwhile; look at it again"


def _wrong_times(link: Link, duration_s: int | None) -> str | None:
    start, end = link.start_s, link.end_s
    if start is not None and start < 0:
        return "a start is not below zero"
    if end is not None and end <= (start or 0):
        return "an end lies after its start"
    if duration_s is not None and max(start or 0, end or 0) > duration_s:
        return f"the video is only {duration_s} seconds long"
    return None
