"""What was just done, as a sentence for the top of the next page.

In:   an act of an editor, and what it said of its video.
Out:  a sentence that names what was linked to what, so that a slip is seen at once.
"""

from typing import Any

from harvester.records import ActKind, Link
from harvester.store import reads_cards, reads_review
from harvester.web.frame import name_of_talk
from harvester.web.words import Words

_NAMED = 3  # links, from which only their number is told


def told(
    session: Any, act: reads_review.Act, line: reads_review.HistoryLine | None, words: Words
) -> str:
    """Return what an act did; `line` is the newest that was said of its only video."""
    title = act.videos[0][1] if act.videos else act.events[0][1] if act.events else ""
    title, _ = words.inner(title), words.gettext
    if act.kind is ActKind.UNDO and act.video_count > 1:
        return words.ngettext(
            "{n} video is as before.", "{n} videos are as before.", act.video_count
        )
    if act.kind is ActKind.UNDO:
        return _("Taken back: “{title}”.", title=title) if title else _("Taken back.")
    if act.video_count > 1 and line is None:
        return words.ngettext("{n} video linked.", "{n} videos linked.", act.video_count)
    what = line.what if line and act.kind not in (ActKind.STATUS, ActKind.SAMPLE) else ""
    if line and what == "match":
        shown = linked(session, line.links, words)
        return _("“{title}” linked to {shown}.", title=title, shown=shown)
    sentences = {
        "no_event": _("No event: “{title}”.", title=title),
        "rejected": _("Not this event: “{title}”.", title=title),
        "later": _("Put off: “{title}”.", title=title),
    }
    return sentences.get(what, _("Noted for “{title}”.", title=title))


def linked(session: Any, links: tuple[Link, ...], words: Words) -> str:
    """Return what a video is linked to: event and day, talk, and in which role."""
    if len(links) > _NAMED:
        return words.ngettext("{n} talk or event", "{n} talks or events", len(links))
    talks = reads_cards.talks_of(session, {link.event_id for link in links})
    names = {talk.talk_id: name_of_talk(talk, words) for its in talks.values() for talk in its}
    found = []
    for link in links:
        event = reads_cards.event(session, link.event_id)
        text = event.title if event else link.event_id
        if event and event.start_on:
            text += f", {words.dates(event.start_on, event.end_on)}"
        if link.talk_id:
            text += f" › {names.get(link.talk_id, link.talk_id)}"
        if link.role != "full":
            text += f" ({words.item('role', link.role)})"
        found.append(text)
    return words.listing(found)


def left(count: int, words: Words, *, is_all: bool) -> str:
    """Return how much is left: of all that waits, or of what somebody has chosen of it."""
    if is_all:
        return words.ngettext("{n} video left.", "{n} videos left.", count)
    return words.ngettext("{n} left in this selection.", "{n} left in this selection.", count)
