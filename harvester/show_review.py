"""Reviewing in sentences: what was said of a video, what was taken back, what a sheet would do.

In:   explanations, acts, imports.
Out:  lines of text.  The card itself is in show_card.py.
"""

import shlex
from collections.abc import Mapping, Sequence

from harvester.records import ActKind, Event, Link, NoEventReason, Role
from harvester.review.acts import Say
from harvester.review.sample import Figures
from harvester.review.sheet_rows import Import
from harvester.show import ROLES
from harvester.show_card import NO_EVENT, SAID, event_name, place, plain, talk_name
from harvester.store.reads_acts import About, Statement
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


def created(event: Event, title: str, role: Role) -> str:
    """Return in a sentence that an event was made from a video, and linked with it."""
    beside = "" if role is Role.FULL else f" ({ROLES[role]})"
    return f"“{event_name(event)}” is on record now, and “{plain(title)}” shows it{beside}."


def judged(what: str) -> str:
    """Return in a sentence what was said of a link that the rule made."""
    return {
        "right": "Noted: the link is right.",
        "wrong": "Noted: the link is wrong; the video waits in the queue again.",
        "unsure": "Noted: it cannot be told. That counts neither way.",
    }[what]


def measured(found: Figures) -> list[str]:
    """Return how good the rule is, by all links that were judged so far."""
    value, low, high = found.precision.value, found.precision.low, found.precision.high
    if value is None or low is None or high is None:
        lines = ["None of the links by rule has been judged right or wrong yet."]
    else:
        n = found.right + found.wrong
        lines = [
            f"Judged so far: {found.right:,} of {n:,} links by rule right ({_share(value)}).",
            f"With 95 % certainty between {_share(low)} and {_share(high)} of all links by rule"
            " are right.",
        ]
    return [*lines, f"Could not be judged: {found.unsure:,}."] if found.unsure else lines


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def how_to_undo(name: str | None = None) -> str:
    """Return how to take it back; `name` is the editor, if not the system's user."""
    return f"`harvester decide --undo{f' --as {shlex.quote(name)}' if name else ''}` takes it back."


def undone(act_: Act) -> str:
    """Return in a sentence what was taken back."""
    return f"Taken back: {act(act_)}. It is as it was before."


def act(found: Act) -> str:
    """Return what an editor did in one go, and when."""
    return f"{told(found)} ({_when(found)})"


def told(found: Act) -> str:
    """Return what an editor did in one go, as one would tell a colleague."""
    text = "; ".join(_statements(found.said.named)) or ACTS[found.kind]
    if found.video_count > _FEW:
        titles = [f"“{plain(title)}”" for _, title in found.videos[:_NAMED]]
        more = found.video_count - len(titles)
        titles += [f"{more:,} more"] if more else []
        text = f"{_counted(found.said.videos)}: {_listed(titles)}"
    return f"took back: {text}" if found.kind is ActKind.UNDO else text


def activity(found: Sequence[Act]) -> list[tuple[str, str]]:
    """Return when somebody did something, and what, the last thing last."""
    return [
        (
            f"{_when(each)}, {plain(each.editor)}{', taken back since' if each.is_undone else ''}",
            told(each),
        )
        for each in reversed(found)
    ]


def _when(found: Act) -> str:
    return f"{found.acted_at:%Y-%m-%d %H:%M} UTC"


ACTS = {
    ActKind.DECIDE: "what was said",
    ActKind.BULK: "what was said at once",
    ActKind.IMPORT: "a spreadsheet",
    ActKind.STATUS: "the status",
    ActKind.NEW_EVENT: "a new event",
    ActKind.SAMPLE: "a judgement of the sample",
    ActKind.UNDO: "an undo",
}
"""What acts are called of which nothing is on record any more."""

_NAMED = 3  # videos; the others are counted
_FEW = 2  # videos that need no count: one took a talk from the other
_LINKS = 3


def _statements(said: Sequence[Statement]) -> list[str]:
    """Return what was said of each; a new event with the video that it was made from."""
    of_videos = [each for each in said if each.video_id]
    made = {about.event.event_id for each in said if each.what == "made" for about in each.about}
    found = [
        f"{_name(each.about[0])} – {_OF_RECORDS.get(each.what, each.what)}"
        for each in said
        if not each.video_id and each.about and not (each.what == "made" and of_videos)
    ]
    for each in of_videos:
        is_new = any(about.event.event_id in made for about in each.about)
        title = plain(each.title or each.video_id or "")
        found.append(f"“{title}” – {_of_video(each)}{', new on record' if is_new else ''}")
    return found


def _of_video(said: Statement) -> str:
    match said.what:
        case "match" if len(said.about) > _LINKS:
            return f"linked to {len(said.about)} talks and events"
        case "match":
            roles = {each.role for each in said.about}
            role = f" ({ROLES[roles.pop()]})" if len(roles) == 1 and Role.FULL not in roles else ""
            return f"linked to {_names(said.about)}{role}"
        case "no_event" if said.reason:
            return f"no event ({NO_EVENT[NoEventReason(said.reason)]})"
        case "rejected":
            return f"not of {_listed([_name(each) for each in said.about])}"
    return SAID.get(said.what, said.what)


def _names(about: Sequence[About]) -> str:
    """Return several events and talks; an event once, if they are all talks of it."""
    talks = [f"“{talk_name(each.talk)}”" for each in about if each.talk]
    if len({each.event.event_id for each in about}) != 1 or len(talks) < len(about):
        return _listed([_name(each) for each in about])
    return f"{_listed(talks)} at “{event_name(about[0].event)}”"


def _name(about: About) -> str:
    return _names([about]) if about.talk else f"“{event_name(about.event)}”"


_OF_RECORDS = {
    "made": "new on record",
    "expected": "a recording is expected",
    "not_recorded": "not recorded",
    "not_published": "not published",
}

_COUNTED = {
    "match": "linked",
    "no_event": "of no event",
    "rejected": "not of what was proposed",
    "later": "put off",
    "open": "waiting again",
}


def _counted(counts: Mapping[str, int]) -> str:
    """Return how many videos were said what of: "5 videos linked and 2 put off"."""
    parts = [(counts[what], text) for what, text in _COUNTED.items() if counts.get(what)]
    if not parts:
        return videos(sum(counts.values()))
    (first, text), *others = parts
    return _listed([f"{videos(first)} {text}", *(f"{n:,} {other}" for n, other in others)])


def _listed(items: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


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
