"""An event that is missing on record, made on a terminal from what a video tells."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from harvester.cli import review_dialogues, review_keys
from harvester.cli.review_saying import Saying, Step, Terminal
from harvester.records import Event, Link, Role

if TYPE_CHECKING:  # slow to import
    from harvester.review.acts import Say
    from harvester.review.cards import Card
    from harvester.review.desk import Desk
    from harvester.review.search import Hit

_ALIKE = 5
_SERIES = 4  # named as examples
_LONGEST = 2000  # characters
_BACK, _EMPTY = ".", "-"
_HOW = "Enter takes what stands in [ ], - leaves it empty, a dot goes back to the video."
_DAY = "Write a date as 2023-11-23 or 23.11.2023; a month or a year is enough, too."


class _BackError(Exception):
    """The editor goes back to the video."""


def new_event(saying: Saying, desk: "Desk", card: "Card", about: "Say") -> Step:
    """Ask for the event, with what the video tells proposed; make it and link the video."""
    from harvester.review import new_event

    terminal, catalogue = saying.terminal, desk.catalogue()
    alike = catalogue.find(card.video.title, limit=_ALIKE)
    series = new_event.series_of(catalogue)
    proposed = new_event.proposed(card.video, card.playlists, series)
    try:
        if alike and (known := _which(terminal, alike)) is not None:
            link = Link(event_id=known.event.event_id)
            return review_dialogues.confirmed(saying, replace(about, what="match", links=(link,)))
        event = _described(terminal, proposed, series[:_SERIES])
        role = _role(terminal)
    except _BackError:
        return Step.AGAIN
    _summary(terminal, event, role)
    typed = terminal.ask("Create it, and link the video? [Y]es, else back:")
    if typed.casefold() not in ("y", "j"):
        return Step.AGAIN
    link = Link(event_id="", role=role)  # the event gets its id when it is written
    said = replace(about, what="match", links=(link,))
    return saying.create(event, said, title=card.video.title)


def _which(terminal: Terminal, alike: Sequence["Hit"]) -> "Hit | None":
    """Return which of the events on record that are titled alike it is after all; None: none."""
    from harvester import show_choices

    terminal.print("These are on record already:")
    show_choices.hits(terminal.out, [(hit.event, None) for hit in alike])
    typed = terminal.ask("Is it one of these? Number (Enter: no, it is new; a dot: back):")
    if not typed:
        return None
    number = review_keys.number_of(typed, len(alike))
    if number is None:
        raise _BackError
    return alike[number - 1]


def _described(terminal: Terminal, proposed: Event, series: Sequence[str]) -> Event:
    """Return the event as the editor describes it."""
    from harvester.review.new_event import day, is_address, is_order
    from harvester.show_card import plain

    terminal.print("A new event, made from this video.")
    terminal.print(_HOW)

    def last(text: str) -> str | None:
        end = day(text)
        if not is_order(start, end):
            raise ValueError(text)
        return end

    def address(text: str) -> str | None:
        if text and not is_address(text):
            raise ValueError(text)
        return text or None

    title = _asked(terminal, "Title", proposed.title, _needed, "An event needs a title.")
    start = _asked(terminal, "First day", proposed.start_on, day, _DAY)
    wrong = f"{_DAY} The last day is not before the first."
    end = _asked(terminal, "Last day, if it had several", None, last, wrong)
    known = f", such as {plain(', '.join(series))}" if series else ""
    its = _asked(terminal, f"Series{known}", proposed.series, _text)
    city = _asked(terminal, "Place", None, _text)
    wrong = "An address begins with https:// or http://."
    url = _asked(terminal, "Address of its page", None, address, wrong)
    return replace(
        proposed, title=title or "", start_on=start, end_on=end, series=its, city=city, url=url
    )


def _text(text: str) -> str | None:
    return text or None


def _needed(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


def _asked(
    terminal: Terminal,
    question: str,
    proposed: str | None,
    read: Callable[[str], str | None],
    wrong: str = "",
) -> str | None:
    """Return what is typed, or proposed, as it is kept; ask until it can be.

    `read` raises ValueError at what cannot be, and `wrong` says how it is written.
    """
    from harvester.show_card import plain

    beside = f" [{plain(proposed)}]" if proposed else ""
    while (typed := terminal.ask(f"{question}{beside}:")) != _BACK:
        if not typed.isprintable() or "\ufffd" in typed:
            terminal.print("Some of that cannot be read; type it again.")
            continue
        try:
            return read("" if typed == _EMPTY else typed[:_LONGEST] or proposed or "")
        except ValueError:
            terminal.print(wrong)
    raise _BackError


def _role(terminal: Terminal) -> Role:
    """Return how much of the event the video shows."""
    from harvester import show_choices

    terminal.print("The video shows")
    show_choices.roles(terminal.out)
    while (typed := terminal.ask("Number [1]:") or "1") != _BACK:
        if (number := review_keys.number_of(typed, len(Role))) is not None:
            return list(Role)[number - 1]
    raise _BackError


def _summary(terminal: Terminal, event: Event, role: Role) -> None:
    from harvester.show import ROLES
    from harvester.show_card import event_name, plain

    days = f" to {event.end_on}" if event.end_on else ""
    terminal.print(f"{event_name(event)}{days}", indented=True)
    if around := [plain(each) for each in (event.series, event.city, event.url) if each]:
        terminal.print(" · ".join(around), indented=True)
    terminal.print(f"The video shows {ROLES[role]}.", indented=True)
