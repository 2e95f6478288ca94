"""What was just done, as a sentence for the top of the next page.

In:   an act of an editor, with what it said.
Out:  a sentence that names what was linked to what, so that a slip is seen at once.
"""

from harvester.records import ActKind
from harvester.store.reads_acts import About, Statement
from harvester.store.reads_review import Act
from harvester.web.frame import name_of_talk
from harvester.web.words import Words

_NAMED = 3  # links, from which only their number is told


def said_of_one(act: Act) -> Statement | None:
    """Return what an act said of its only video; None if it is about several, or none.

    A video that a talk was taken from waits again: that comes after what was said itself.
    """
    if act.video_count != 1 and act.kind is not ActKind.DECIDE:
        return None
    return next((each for each in act.said.named if each.video_id), None)


def told(act: Act, words: Words) -> str:
    """Return what an act did."""
    title = act.videos[0][1] if act.videos else act.events[0][1] if act.events else ""
    title, _ = words.inner(title), words.gettext
    if act.kind is ActKind.UNDO and act.video_count > 1:
        return words.ngettext(
            "{n} video is as before.", "{n} videos are as before.", act.video_count
        )
    if act.kind is ActKind.UNDO:
        return _("Taken back: “{title}”.", title=title) if title else _("Taken back.")
    said = said_of_one(act)
    if said is None and act.video_count > 1:
        return words.ngettext("{n} video linked.", "{n} videos linked.", act.video_count)
    what = said.what if said and act.kind not in (ActKind.STATUS, ActKind.SAMPLE) else ""
    if said and what == "match":
        shown = _linked(said.about, words)
        return _("“{title}” linked to {shown}.", title=title, shown=shown)
    sentences = {
        "no_event": _("No event: “{title}”.", title=title),
        "rejected": _("Not this event: “{title}”.", title=title),
        "later": _("Put off: “{title}”.", title=title),
    }
    return sentences.get(what, _("Noted for “{title}”.", title=title))


def _linked(about: tuple[About, ...], words: Words) -> str:
    """Return what a video is linked to: event and day, talk, and in which role."""
    if len(about) > _NAMED:
        return words.ngettext("{n} talk or event", "{n} talks or events", len(about))
    found = []
    for event, talk, role in about:
        text = event.title
        if event.start_on:
            text += f", {words.dates(event.start_on, event.end_on)}"
        if talk:
            text += f" › {name_of_talk(talk, words)}"
        if role != "full":
            text += f" ({words.item('role', role)})"
        found.append(text)
    return words.listing(found)


def left(count: int, words: Words, *, is_all: bool) -> str:
    """Return how much is left: of all that waits, or of what somebody has chosen of it."""
    if is_all:
        return words.ngettext("{n} video left.", "{n} videos left.", count)
    return words.ngettext("{n} left in this selection.", "{n} left in this selection.", count)
