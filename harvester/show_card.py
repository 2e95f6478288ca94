"""The card of a video on a terminal: what it is, what it may show, and why.

In:   a card.
Out:  things that rich can print, legible at 80 columns and without colour.

A level is a word and a shape and a number, never a colour alone.  Titles and descriptions
are strings of the outside: what does not print is left out of them.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harvester.records import Event, EventStatus, Link, NoEventReason, Reason, Role, Talk, Term
from harvester.review.cards import CandidateCard, Card, Piece
from harvester.review.filters import RULED_OUT
from harvester.review.queue import Level
from harvester.show import CAPTIONS, REASONS, ROLES, day, odds, percent
from harvester.store.reads_queue import EventEntry, TalkEntry
from harvester.store.reads_review import HistoryLine

_LINES = 8  # of a description
_PENALTIES = 3
_OTHERS = 2
_JOINER = "\u200d"  # within emoji

SHAPES = {Level.STRONG: "●●●", Level.MEDIUM: "●●○", Level.WEAK: "●○○", Level.NONE: "○○○"}

NO_EVENT = {
    NoEventReason.TRAILER: "a trailer",
    NoEventReason.STATEMENT: "a statement",
    NoEventReason.IMAGE_FILM: "an image film",
    NoEventReason.EXPLAINER: "an explainer",
    NoEventReason.THIRD_PARTY: "somebody else's event",
    NoEventReason.OTHER: "another reason",
}


SAID = {
    "match": "linked",
    "no_event": "no event",
    "open": "waiting again",
    "rejected": "not what was proposed",
    "later": "put off",
    "right": "the link by rule is right",
    "unsure": "whether the link by rule is right cannot be told",
}
"""What is said of a video, in a word or two."""


def plain(text: str) -> str:
    """Return a text without what could steer a terminal."""
    return "".join(c if c.isprintable() or c == _JOINER else " " for c in text)


def place(seconds: int | None) -> str:
    """Return a place in a video, or its whole length: 3723 -> "1:02:03"."""
    if seconds is None:
        return "–"
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


def event_name(event: Event | EventEntry) -> str:
    """Return an event's title and first day."""
    title = plain(event.title)
    return f"{title} ({event.start_on})" if event.start_on else title


def talk_name(talk: Talk | TalkEntry) -> str:
    """Return a talk's title, or what kind it is, and speakers."""
    kind = "" if talk.kind == "other" else talk.kind
    name = talk.title or kind or ("" if talk.speakers else "talk")
    return plain(", ".join([name, *talk.speakers] if name else talk.speakers))


# --- the card ---------------------------------------------------------------------


def card(out: Console, found: Card, *, chosen: int, head: str, is_blind: bool = False) -> None:
    """Print a card with the terms of the chosen candidate (from 0), the others in brief.

    Blind: the evidence without its weights, and nothing of what the rule makes of it.
    """
    out.rule(Text(head), align="left", characters="─")
    out.print(_video(found, is_blind=is_blind))
    out.print(Text(""))
    if not found.candidates:
        out.print(Text("No event on record is like it, as far as the rule can tell."))
    for at, candidate in enumerate(found.candidates):
        its = _candidate(candidate, number=at + 1, is_chosen=at == chosen, is_blind=is_blind)
        out.print(its)
    for candidate in found.rejected:
        out.print(
            Text(f"ruled out: {event_name(candidate.event)}{_status(candidate)}", style="dim")
        )
    out.print(_around(found))


def _video(found: Card, *, is_blind: bool) -> RenderableType:
    video = found.video
    captions = CAPTIONS.get(found.caption_state, found.caption_state)
    facts = (
        f"{place(video.duration_s)} · published {day(video.published_at)} · captions: {captions}"
    )
    parts: list[RenderableType] = [_marked(found.title, style="bold")]
    parts += [Text(facts), Text(f"https://youtu.be/{video.video_id}", style="dim")]
    if found.playlists:
        parts.append(Text(f"Playlists: {plain(', '.join(found.playlists))}", style="dim"))
    parts += [Padding(line, (0, 0, 0, 2)) for line in _description(found.description)]
    if found.reason and not is_blind:
        parts.append(Text(f"Why it waits: {_reason(found.reason)}.", style="italic"))
    if found.differences:
        parts += _changed(found)
    return Group(*parts)


def _changed(found: Card) -> list[RenderableType]:
    """Return what was decided, and what is otherwise since."""
    lines: list[RenderableType] = []
    if (decision := found.decision) is not None:
        names = {each.event.event_id: event_name(each.event) for each in found.candidates}
        shows = [names.get(link.event_id, link.event_id) for link in decision.links]
        what = f"shows {', '.join(dict.fromkeys(shows))}" if shows else "is of no event"
        by = plain(decision.decided_by)
        lines.append(Text(f"Decided by {by} on {day(decision.decided_at)}: it {what}."))
    for each in found.differences:
        was, is_now = plain(each.was or "–"), plain(each.is_now or "–")
        lines.append(Text(f"≠ {_CHANGED.get(each.what, each.what)}: {was} → {is_now}"))
    return lines


_CHANGED = {"duration_s": "length in seconds"}


def _reason(reason: str) -> str:
    if reason == RULED_OUT:
        return "the first proposal has been ruled out"
    return REASONS[Reason(reason)]


def _marked(pieces: Iterable[Piece], *, style: str = "") -> Text:
    text = Text(style=style)
    for piece in pieces:
        text.append(plain(piece.text), style="bold underline" if piece.is_marked else "")
    return text


def _description(pieces: Sequence[Piece]) -> list[Text]:
    """Return the first lines; words that speak for the best candidate are marked."""
    lines = [Text()]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        style = "bold underline" if piece.is_marked else ""
        lines[-1].append(plain(first), style=style)
        lines += [Text(plain(other), style=style) for other in others]
    written = [line for line in lines if line.plain.strip()]
    more = [Text(f"… {len(written) - _LINES} more lines", style="dim")]
    return written[:_LINES] + (more if len(written) > _LINES else [])


def _candidate(
    found: CandidateCard, *, number: int, is_chosen: bool, is_blind: bool
) -> RenderableType:
    sure = f"{SHAPES[found.level]} {found.level.value} {percent(found.probability)}"
    head = Text(f"{'>' if is_chosen else ' '}{number}. ", style="bold")
    head.append(event_name(found.event), style="bold" if is_chosen else "")
    lines: list[RenderableType] = [head] if is_blind else [head, Text(f"    {sure}")]
    if found.talk:
        lines.append(_indented(f"talk: {talk_name(found.talk)}"))
    if is_chosen:
        lines += [_indented(plain(found.event.url), style="dim")] if found.event.url else []
        lines += [_indented(text) for text in _shown_by(found)]
        terms = _evidence(found.terms) if is_blind else _terms(found.terms)
        return Group(*lines, Padding(terms, (0, 0, 1, 4)))
    if not is_blind and (against := _against(found.terms)):
        lines.append(_indented(against, style="dim"))
    return Group(*lines, Text(""))


def _indented(text: str, *, style: str = "") -> RenderableType:
    """Return a line whose further lines are indented like itself."""
    return Padding(Text(text, style=style), (0, 0, 0, 4))


def _shown_by(found: CandidateCard) -> list[str]:
    """Return which other videos show the event already, those of the same talk first."""
    own = found.talk.talk_id if found.talk else None
    others = sorted(found.shown_by, key=lambda other: other.link.talk_id != own)
    lines = []
    for other in others[:_OTHERS]:
        title, talk_id = plain(other.title or other.video_id), other.link.talk_id
        what = "the event" if talk_id is None else "this talk" if talk_id == own else "another talk"
        lines.append(f"shown already: {what}, by “{title}”")
    more = len(others) - _OTHERS
    return [*lines, f"… and by {more} more"] if more > 0 else lines


def _terms(terms: Sequence[Term]) -> Table:
    """Return the terms as stored; they sum to the match weight."""
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold", max_width=16)
    table.add_column(overflow="fold", ratio=1)
    for term in terms:
        evidence = Text(plain(term.evidence))
        evidence.append(f" ({odds(term.weight)})", style="dim")
        sign = "≠ " if term.weight < 0 and term.name != "prior" else ""
        table.add_row(f"{sign}{term.weight:+.1f}", term.name.replace("_", " "), evidence)
    total = sum(term.weight for term in terms)
    table.add_row(Text(f"{total:+.1f}", style="bold"), Text("sum", style="bold"), "")
    return table


def _evidence(terms: Sequence[Term]) -> Table:
    """Return what was seen, without what it weighs."""
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(overflow="fold", max_width=16)
    table.add_column(overflow="fold", ratio=1)
    for term in terms:
        if term.name not in ("prior", "cap", "competition"):  # these are the rule's own
            table.add_row(term.name.replace("_", " "), plain(term.evidence))
    return table


def _against(terms: Sequence[Term]) -> str:
    """Return what speaks against a candidate: at most three, then "…"."""
    bad = [t for t in terms if t.weight <= -0.05 and t.name != "prior"]
    worst = sorted(bad, key=lambda term: term.weight)
    names = [term.name.replace("_", " ") for term in worst[:_PENALTIES]]
    more = ", …" if len(worst) > _PENALTIES else ""
    return f"≠ {', '.join(names)}{more}" if names else ""


def _status(found: CandidateCard) -> str:
    if found.is_rejected or found.status is EventStatus.EXPECTED:
        return ""
    return f" ({found.status.value.replace('_', ' ')})"


_NEAR = dt.timedelta(days=10)
"""So far apart videos count as neighbours: as for the linkage (linkage/groups.py)."""


def _around(found: Card) -> RenderableType:
    parts: list[RenderableType] = []
    at = found.video.published_at
    for other in found.neighbours:
        if other.verdict == "match" and at and abs(other.published_at - at) <= _NEAR:
            title, event = plain(other.title), plain(other.event_title or "")
            parts.append(_indented(f"{day(other.published_at)} “{title}”: {event}", style="dim"))
    if parts:
        parts.insert(0, Text("Published about the same time, and linked:", style="dim"))
    if found.history:
        last = found.history[0]
        by = "a rule" if last.by.startswith("rule:") else plain(last.by)
        parts.append(Text(f"Said before: {_said(last, found)} ({by}, {day(last.at)})"))
    return Group(*parts)


def _said(line: HistoryLine, found: Card) -> str:
    """Return what was said, or that it was taken back."""
    names = {each.event.event_id: each.event for each in (*found.candidates, *found.rejected)}
    what = line.what.removeprefix("not ")
    text = SAID.get(what, what)
    if line.event_id is not None and (event := names.get(line.event_id)) is not None:
        text = f"not of “{event_name(event)}”"
    return text if what == line.what else f"taken back: {text}"


def sample(
    out: Console,
    found: Card,
    linked: Sequence[tuple[Event, Sequence[tuple[Link, Talk | None]]]],
    *,
    head: str,
) -> None:
    """Print a video, and what the rule linked it to; nothing of how sure it was, or why."""
    out.rule(Text(head), align="left", characters="─")
    video = found.video
    out.print(Text(plain(video.title), style="bold"))
    out.print(Text(f"{place(video.duration_s)} · published {day(video.published_at)}"))
    out.print(Text(f"https://youtu.be/{video.video_id}", style="dim"))
    for line in _description([Piece(video.description, is_marked=False)]):
        out.print(Padding(line, (0, 0, 0, 2)))
    out.print(Text("\nThe rule linked it to:"))
    for event, links in linked:
        out.print(_indented(event_name(event), style="bold"))
        around = [plain(each) for each in (event.city, event.series, event.url) if each]
        out.print(_indented(" · ".join(around), style="dim"))
        for link, talk in links:
            parts = [f"talk: {talk_name(talk)}"] if talk else []
            if link.start_s is not None:
                parts.append(f"from {place(link.start_s)}")
            if link.end_s is not None:
                parts.append(f"to {place(link.end_s)}")
            parts += [] if link.role is Role.FULL else [f"({ROLES[link.role]})"]
            if parts:
                out.print(_indented(" ".join(parts)))
    out.print(Text(""))
