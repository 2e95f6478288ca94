"""What an editor can say of a video, and what keeps it from being written.

In:   what is to be said, and what is on record.
Out:  problems, each with a code for pages and a sentence for people.

An editor's word is held against what is on record twice: when it is shown, and again
in the transaction that writes it (acts.py).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from harvester.errors import BadInput, HarvesterError
from harvester.records import Link, Mark, NoEventReason, Role
from harvester.store import reads_review
from harvester.store.reads_review import Standing

What = Literal["match", "no_event", "reject", "later", "confirm", "right", "unsure"]
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
    is_unseen: bool = False  # nothing was looked at: what another editor said is in the way


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


class Checked:
    """What is to be said, held against what is on record."""

    def __init__(self, session: Any, said: Sequence[Say], editor: str = "") -> None:
        self.said, self._editor = said, editor
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
        unseen = [each.video_id for each in said if each.is_unseen]
        self._marks = reads_review.set_marks(session, unseen)
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
        elif said.is_unseen and (word := self._of_another(said, now)):
            by, text = word
            yield self._problem(said, "changed_meanwhile", text, by=by)
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

    def _of_another(self, said: Say, now: Standing) -> tuple[str, str] | None:
        """Return which other editor said what this would put aside; None if nobody did.

        A decision in force, unless only an event is ruled out that it does not name; and
        marks that no longer hold, or that say the contrary.
        """
        by, day = now.decided_by or "", now.decided_at
        is_touched = said.what != "reject" or not _events(now.links).isdisjoint(said.event_ids)
        if day and by != self._editor and not by.startswith("rule:") and is_touched:
            return by, f"{by} decided {_decided(now)} on {day:%Y-%m-%d}"
        aside = put_aside(said)
        if said.what in ("match", "no_event", "reject"):
            aside.add((Mark.RIGHT, None))  # of the rule's link
        for each in self._marks[said.video_id]:
            if each.editor != self._editor and (each.mark, each.event_id) in aside:
                of = f" of {each.event_id}" if each.event_id else ""
                return each.editor, f"{each.editor} said “{each.mark}”{of} on {each.at:%Y-%m-%d}"
        return None

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
    return f"{now.decided_by} has decided {_decided(now)} meanwhile; look at it again"


def _decided(now: Standing) -> str:
    shown = ", ".join(link.talk_id or link.event_id for link in now.links)
    return f"“{now.verdict}”" + (f" with {shown}" if shown else "")


def _events(links: Sequence[Link]) -> set[str]:
    return {link.event_id for link in links}


def put_aside(said: Say) -> set[tuple[Mark, str | None]]:
    """Return the marks that no longer hold once this is said, with the event of a pair."""
    void: set[tuple[Mark, str | None]] = {(Mark.REJECTED, link.event_id) for link in said.links}
    if said.what in ("match", "no_event"):
        void.add((Mark.LATER, None))
    return void


def _wrong_times(link: Link, duration_s: int | None) -> str | None:
    start, end = link.start_s, link.end_s
    if start is not None and start < 0:
        return "a start is not below zero"
    if end is not None and end <= (start or 0):
        return "an end lies after its start"
    if duration_s is not None and max(start or 0, end or 0) > duration_s:
        return f"the video is only {duration_s} seconds long"
    return None


def doubles(session: Any, said: Sequence[Say]) -> list[Problem]:
    """Return whole events that another video shows in full already, or that several are to show.

    It may be right, and nothing is refused for it; but nobody is to say it unseen.
    """
    whole = [
        (each.video_id, link.event_id)
        for each in said
        for link in each.links
        if link.talk_id is None and link.role is Role.FULL
    ]
    to_show: dict[str, list[str]] = defaultdict(list)
    for video_id, event_id in whole:
        to_show[event_id].append(video_id)
    shown = reads_review.showing_whole(session, to_show)
    problems = []
    for video_id, event_id in whole:
        if others := [other for other in shown.get(event_id, ()) if other != video_id]:
            text = f"{others[0]} shows the event {event_id} already"
            problems.append(Problem(video_id=video_id, code="taken", said=text, by=others[0]))
        elif others := [other for other in to_show[event_id] if other != video_id]:
            text = f"{others[0]} is to show the event {event_id}, too"
            problems.append(Problem(video_id=video_id, code="twice", said=text, by=others[0]))
    return problems
