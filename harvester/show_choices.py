"""Lists to choose from on a terminal, numbered: talks, what was found, reasons, roles.

In:   candidates, hits, closed lists.
Out:  lines that rich can print.
"""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from harvester.review.cards import CandidateCard, ProposedStart
from harvester.review.search import Hit
from harvester.show import ROLES
from harvester.show_card import NO_EVENT, event_name, place, plain, talk_name
from harvester.store.reads_queue import EventEntry, TalkEntry


def talks(out: Console, found: CandidateCard, starts: Sequence[ProposedStart]) -> None:
    """Print all talks of an event, numbered, with the starts that the description proposes."""
    at = {each.talk_id: each for each in starts if each.talk_id}
    shown = {each.link.talk_id: each for each in found.shown_by}
    out.print(Text(f"Talks of {event_name(found.event)}:", style="bold"))
    for number, talk in enumerate(found.talks, start=1):
        line = Text(f"{number:>3}. {talk_name(talk)}")
        if start := at.get(talk.talk_id):
            line.append(f"  [{place(start.start_s)}]")
        if other := shown.get(talk.talk_id):
            line.append(f"  – shown by “{plain(other.title or other.video_id)}”", style="dim")
        out.print(line)


def hits(out: Console, found: Sequence[tuple[EventEntry, TalkEntry | None]]) -> None:
    """Print what was found, numbered: events, and talks below theirs."""
    for number, (event, talk) in enumerate(found, start=1):
        if talk is None:
            out.print(Text(f"{number:>3}. {event_name(event)}"))
            continue
        out.print(Text(f"{number:>3}.   › {talk_name(talk)} – {event_name(event)}"))


def choices(found: Sequence[Hit]) -> list[tuple[EventEntry, TalkEntry | None]]:
    """Return what can be chosen of what was found, in the order of `hits`."""
    return [(hit.event, talk) for hit in found for talk in (None, *hit.talks)]


def reasons(out: Console) -> None:
    """Print why a video may belong to no event, numbered."""
    for number, text in enumerate(NO_EVENT.values(), start=1):
        out.print(Text(f"{number:>3}. {text}"))


def roles(out: Console, *others: str) -> None:
    """Print how much of an event a video may show, numbered; behind it what else it may show."""
    for number, text in enumerate([*ROLES.values(), *others], start=1):
        out.print(Text(f"{number:>3}. {text}"))
