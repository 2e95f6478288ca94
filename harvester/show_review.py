"""Reviewing in sentences: what was said of a video, what was taken back, what a sheet would do.

In:   explanations, acts, imports.
Out:  lines of text.  The card itself is in show_card.py.
"""

import shlex
from collections.abc import Sequence

from harvester.records import ActKind, Link, Role
from harvester.review.acts import Say
from harvester.review.sheet_rows import Import
from harvester.show import ROLES
from harvester.show_card import NO_EVENT, event_name, place, plain, talk_name
from harvester.store.reads_people import Explanation
from harvester.store.reads_review import Act


def done(said: Say, found: Explanation, *, taken_from: Sequence[str] = ()) -> str:
    """Return in a sentence what was said of a video; `found` is how it stands since."""
    title = f"“{plain(found.title or found.video_id)}”"
    match said.what:
        case "match":
            shows = " and ".join(shown(link, found) for link in said.links)
            text = f"{title} shows {shows}."
        case "no_event":
            why = NO_EVENT[said.reason] if said.reason else "no reason given"
            text = f"{title} belongs to no event: {why}."
        case "confirm":
            text = f"{title} stays as it was decided."
        case "later":
            text = f"{title} is put off until something about it changes."
        case _:
            events = " nor ".join(_event(each, found) for each in said.event_ids)
            waits = "; it still waits" if found.decision is None else ""
            text = f"{title} is not of {events}: that is not proposed again{waits}."
    others = " and ".join(f"“{plain(each)}”" for each in taken_from)
    return f"{text} Taken from {others}: waiting again." if others else text


def how_to_undo(name: str | None = None) -> str:
    """Return how to take it back; `name` is the editor, if not the system's user."""
    return f"`harvester decide --undo{f' --as {shlex.quote(name)}' if name else ''}` takes it back."


def undone(act_: Act) -> str:
    """Return in a sentence what was taken back."""
    return f"Taken back: {act(act_)}. It is as it was before."


def act(found: Act) -> str:
    """Return in a few words what an editor did in one go."""
    when = f"{found.acted_at:%Y-%m-%d %H:%M} UTC"
    about = [f"“{plain(title)}”" for _, title in (*found.videos, *found.events)][:3]
    more = max(found.video_count, len(found.videos)) + len(found.events) - len(about)
    named = ", ".join(about) + (f" and {more:,} more" if more > 0 else "")
    return f"{ACTS[found.kind]} about {named} ({when})" if named else f"{ACTS[found.kind]} ({when})"


ACTS = {
    ActKind.DECIDE: "what was said",
    ActKind.BULK: "what was said at once",
    ActKind.IMPORT: "a spreadsheet",
    ActKind.STATUS: "the status",
    ActKind.NEW_EVENT: "a new event",
    ActKind.SAMPLE: "a judgement of the sample",
    ActKind.UNDO: "an undo",
}


def shown(link: Link, found: Explanation) -> str:
    """Return an event, or a talk of it, with its role and times."""
    text = _event(link.event_id, found)
    if link.talk_id:
        talk = found.talks.get(link.talk_id)
        text = f"“{talk_name(talk) if talk else link.talk_id}” at {text}"
    times = [f"from {place(link.start_s)}"] if link.start_s is not None else []
    times += [f"to {place(link.end_s)}"] if link.end_s is not None else []
    role = [ROLES[link.role]] if link.role is not Role.FULL else []
    beside = ", ".join([*role, " ".join(times)] if times else role)
    return f"{text} ({beside})" if beside else text


def _event(event_id: str, found: Explanation) -> str:
    event = found.events.get(event_id)
    return f"“{event_name(event) if event else event_id}”"


def videos(count: int) -> str:
    """Return how many videos: "1 video", "3,506 videos"."""
    return f"{count:,} video{'' if count == 1 else 's'}"


def importing(file: str, found: Import) -> list[str]:
    """Return in a few lines what taking a spreadsheet in would do."""
    counts = found.counts
    parts = [f"{counts[what]:,} {text}" for what, text in _IMPORTED if counts[what]]
    lines = [f"{file}: {found.rows:,} rows. To be written: {', '.join(parts) or 'nothing'}."]
    if found.already:
        lines.append(f"{found.already:,} say what has been said already; they change nothing.")
    return [*lines, *(f"note {remark}" for remark in found.remarks)]


_IMPORTED = (
    ("match", "linked"),
    ("no_event", "of no event"),
    ("reject", "not this candidate"),
    ("later", "put off"),
)
