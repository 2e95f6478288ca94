"""What takes more than a key on a terminal: why no event, how much, which talks, any event."""

from dataclasses import replace
from typing import TYPE_CHECKING

from harvester.cli import review_keys
from harvester.cli.review_saying import Saying, Step, links_of
from harvester.records import Link, NoEventReason, Role

if TYPE_CHECKING:  # slow to import
    from harvester.linkage import Model
    from harvester.review.acts import Say
    from harvester.review.cards import CandidateCard
    from harvester.review.desk import Desk


def no_event(saying: Saying, about: "Say") -> Step:
    """Ask why a video belongs to no event."""
    from harvester import show_choices

    show_choices.reasons(saying.terminal.out)
    typed = saying.terminal.ask("Why? Number (Enter: back):")
    number = review_keys.number_of(typed, len(NoEventReason))
    if number is None:
        return Step.AGAIN
    reason = list(NoEventReason)[number - 1]
    return saying.say(replace(about, what="no_event", reason=reason))


def talks(saying: Saying, about: "Say", best: "CandidateCard", *, model: "Model") -> Step:
    """Ask which talks of an event a video shows, and from where to where."""
    from harvester import show_card, show_choices
    from harvester.review import cards

    terminal = saying.terminal
    if not best.talks:
        terminal.print("This event has no talks on record; Y links it as a whole.")
        return Step.AGAIN
    event_id = best.event.event_id
    with saying.database.read() as session:
        starts = cards.starts_for(session, about.video_id, event_id, model=model)
    show_choices.talks(terminal.out, best, starts)
    typed = terminal.ask("Numbers, as in 2 or 1 3 or 1@0:00-35:00 3@35:00 (Enter: back):")
    picked = review_keys.picked(typed, len(best.talks))
    if not picked:
        terminal.print(f"“{typed}” is no such list." if typed else "Nothing was said.")
        return Step.AGAIN
    proposed = {each.talk_id: each for each in starts if len(picked) > 1}
    links = []
    for number, start, end in picked:
        talk = best.talks[number - 1]
        if start is None and (known := proposed.get(talk.talk_id)) is not None:
            start, end = known.start_s, known.end_s
        links.append(Link(event_id=event_id, talk_id=talk.talk_id, start_s=start, end_s=end))
        times = "" if start is None else f", {show_card.place(start)} to {show_card.place(end)}"
        terminal.print(f"  {show_card.talk_name(talk)}{times}")
    return confirmed(saying, replace(about, what="match", links=tuple(links)))


def extent(saying: Saying, about: "Say", best: "CandidateCard") -> Step:
    """Ask how much of a candidate a video shows: not all of its talk, or more than that."""
    from harvester import show_card, show_choices

    terminal = saying.terminal
    event = f"“{show_card.event_name(best.event)}”"
    choices = [links_of(best, role) for role in Role]
    others = []
    if best.talk:
        choices.append((Link(event_id=best.event.event_id),))
        others.append(f"the whole of {event}")
    talk = f"“{show_card.talk_name(best.talk)}”" if best.talk else ""
    terminal.print(f"Of {talk or event} the video shows")
    show_choices.roles(terminal.out, *others)
    number = review_keys.number_of(terminal.ask("Number (Enter: back):"), len(choices))
    if number is None:
        return Step.AGAIN
    return saying.say(replace(about, what="match", links=choices[number - 1]))


def search(saying: Saying, desk: "Desk", about: "Say", typed: str) -> Step:
    """Look for any event or talk on record, and ask which it is."""
    from harvester import show_card, show_choices
    from harvester.review import search

    terminal = saying.terminal
    typed = typed or terminal.ask("Words, date, id or address (Enter: back):")
    catalogue = desk.catalogue()
    with saying.database.read() as session:
        found = show_choices.choices(search.events(session, catalogue, typed))
    if not found:
        terminal.print(f"Nothing on record is found by “{typed}”.")
        return Step.AGAIN
    show_choices.hits(terminal.out, found)
    number = review_keys.number_of(terminal.ask("Number (Enter: back):"), len(found))
    if number is None:
        return Step.AGAIN
    event, talk = found[number - 1]
    name = show_card.event_name(event)
    terminal.print(f"  {show_card.talk_name(talk)} – {name}" if talk else f"  {name}")
    link = Link(event_id=event.event_id, talk_id=talk.talk_id if talk else None)
    return confirmed(saying, replace(about, what="match", links=(link,)))


def confirmed(saying: Saying, said: "Say") -> Step:
    """Ask whether it is meant so, and say it."""
    if saying.terminal.ask("Link it so? [Y]es, else back:").casefold() in ("y", "j"):
        return saying.say(said)
    return Step.AGAIN
