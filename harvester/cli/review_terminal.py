"""The review on a terminal: one video after the other, a key and Enter for each.

The same use cases as the pages.  An empty line does something only where the card says that
it is sure; the end of the input ends the review, and what was said is kept.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from harvester.cli import review_keys
from harvester.cli.decide import editor_of
from harvester.cli.program import Program
from harvester.cli.review_saying import EndOfInputError, Saying, Step, Terminal, links_of
from harvester.records import Link, NoEventReason, Role

if TYPE_CHECKING:  # slow to import
    from harvester.linkage import Model
    from harvester.review.acts import Say
    from harvester.review.cards import CandidateCard, Card
    from harvester.review.desk import Desk

_NO_ENTER = "Nothing is chosen for you here: type a key."

_NONE = {
    "waiting": "waits for an editor",
    "later": "is put off",
    "look_again": "has changed since it was decided",
}


def run(
    program: Program,
    *,
    quiet: bool,
    timid: bool,
    pretend: bool,
    state: str = "waiting",
    name: str | None = None,
) -> None:
    """Review videos of a state: waiting, later ("skipped" says the same), or look_again.

    `name` is the editor, if not the system's user.
    """
    from harvester import show, show_review
    from harvester.review.desk import Desk
    from harvester.review.queue import Filter, Level, State

    if quiet and timid:
        raise click.UsageError("--quiet and --timid exclude each other")
    editor, model, terminal = editor_of(name), program.model(), Terminal(show.console())
    state = State.LATER if state == "skipped" else State(state)
    wanted = Filter(state=state, level=Level.STRONG if quiet else None)
    with program.known_database() as database:
        desk = Desk(database)
        ids = [row.video_id for row in desk.queue().rows(wanted)]
        if not ids:
            strong = " with a strong proposal" if quiet else ""
            terminal.print(f"No video{strong} {_NONE[state]}.")
            return
        saying = Saying(database, terminal, editor=editor, pretend=pretend)
        if quiet:
            saying.accept_strong(ids, model=model)
        else:
            left = Session(desk, saying, model=model).work(ids, timid=timid)
            would = " (nothing was written)" if pretend else ""
            terminal.print(f"{saying.count:,} said{would}, {show_review.videos(left)} left.")
        if saying.count and not pretend:
            terminal.print(show_review.how_to_undo(name))


class Session:
    """An editor at a terminal, before one card after the other."""

    def __init__(self, desk: "Desk", saying: Saying, *, model: "Model") -> None:
        self._desk, self._saying, self._model = desk, saying, model
        self._terminal = saying.terminal
        self._left: deque[str] = deque()
        self._passed: set[str] = set()  # events ruled out of this video, where nothing is written
        self._chosen = 0

    def work(self, video_ids: Iterable[str], *, timid: bool = False) -> int:
        """Ask about each video; return how many are left when nobody answers any more."""
        self._left = deque(video_ids)
        try:
            while self._left and self._video(self._left[0], timid=timid) is not Step.QUIT:
                pass
        except EndOfInputError:
            self._terminal.print("")
        return len(self._left)

    def _video(self, video_id: str, *, timid: bool) -> Step:
        """Show a video and ask until something is said of it."""
        self._passed, self._chosen = set(), 0
        card: Card | None = None
        step = Step.SHOW
        while step in (Step.SHOW, Step.AGAIN):
            if step is Step.SHOW:
                card = self._show(video_id)
            if card is None:
                step = Step.NEXT
                break
            enter = card.is_sure and self._chosen == 0 and not timid and not self._passed
            offer = review_keys.offer(card, enter=enter, width=self._terminal.out.width)
            step = self._key(card, self._terminal.ask(offer), enter=enter)
        if step is Step.NEXT and self._left[0] == video_id:
            self._left.popleft()
        return step

    def _show(self, video_id: str) -> "Card | None":
        from harvester import show_card
        from harvester.review import cards

        with self._saying.database.read() as session:
            card = cards.card(session, video_id, model=self._model)
        if card is None:
            return None
        if card.decision is not None and not card.differences:
            by = show_card.plain(card.decision.decided_by)
            self._terminal.print(f"“{show_card.plain(card.video.title)}”: {by} has decided it.")
            return None
        kept = tuple(each for each in card.candidates if each.event.event_id not in self._passed)
        card = replace(card, candidates=kept)
        self._chosen = min(self._chosen, max(len(kept) - 1, 0))
        head = f"{len(self._left):,} left, {self._saying.count:,} said"
        pretend = " (nothing is written)" if self._saying.pretend else ""
        show_card.card(self._terminal.out, card, chosen=self._chosen, head=head + pretend)
        return card

    def _key(self, card: "Card", typed: str, *, enter: bool) -> Step:
        from harvester.review.acts import Say

        best = card.candidates[self._chosen] if card.candidates else None
        about = Say(video_id=card.video.video_id, what="later", seen=card.version)
        match typed.casefold() or ("y" if enter else ""):
            case "y" | "j" if best:
                return self._saying.say(replace(about, what="match", links=links_of(best)))
            case "d" if best:
                links = links_of(best, Role.DUPLICATE)
                return self._saying.say(replace(about, what="match", links=links))
            case "n" if best:
                return self._reject(about, best.event.event_id)
            case "c" if card.decision:
                return self._saying.say(replace(about, what="confirm"))
            case "k":
                return self._no_event(about)
            case "l" if best:
                return self._talks(about, best)
            case "s":
                return self._saying.say(about)
            case "z":
                return self._undo()
            case "q":
                return Step.QUIT
            case "?":
                self._terminal.print(review_keys.HELP)
                return Step.AGAIN
            case number if self._chosen_by(number, len(card.candidates)):
                return Step.SHOW
            case words if words.startswith("/"):
                return self._search(about, typed.removeprefix("/").strip())
        self._terminal.print(f"“{typed}” is no key here; ? explains them." if typed else _NO_ENTER)
        return Step.AGAIN

    def _chosen_by(self, typed: str, most: int) -> bool:
        number = review_keys.number_of(typed, most)
        if number is not None:
            self._chosen = number - 1
        return number is not None

    def _reject(self, about: "Say", event_id: str) -> Step:
        step = self._saying.say(replace(about, what="reject", event_ids=(event_id,)))
        if step is not Step.NEXT:
            return step
        if self._saying.pretend:
            self._passed.add(event_id)
        self._chosen = 0
        return Step.SHOW  # the next candidate of the same video

    def _no_event(self, about: "Say") -> Step:
        from harvester import show_card

        show_card.reasons(self._terminal.out)
        number = review_keys.number_of(
            self._terminal.ask("Why? Number (Enter: back):"), len(NoEventReason)
        )
        if number is None:
            return Step.AGAIN
        reason = list(NoEventReason)[number - 1]
        return self._saying.say(replace(about, what="no_event", reason=reason))

    def _talks(self, about: "Say", best: "CandidateCard") -> Step:
        from harvester import show_card
        from harvester.review import cards

        if not best.talks:
            self._terminal.print("This event has no talks on record; Y links it as a whole.")
            return Step.AGAIN
        event_id = best.event.event_id
        with self._saying.database.read() as session:
            starts = cards.starts_for(session, about.video_id, event_id, model=self._model)
        show_card.talks(self._terminal.out, best, starts)
        typed = self._terminal.ask("Numbers, as in 2 or 1 3 or 1@0:00-35:00 3@35:00 (Enter: back):")
        picked = review_keys.picked(typed, len(best.talks))
        if not picked:
            self._terminal.print(f"“{typed}” is no such list." if typed else "Nothing was said.")
            return Step.AGAIN
        proposed = {each.talk_id: each for each in starts if len(picked) > 1}
        links = []
        for number, start, end in picked:
            talk = best.talks[number - 1]
            if start is None and (known := proposed.get(talk.talk_id)) is not None:
                start, end = known.start_s, known.end_s
            links.append(Link(event_id=event_id, talk_id=talk.talk_id, start_s=start, end_s=end))
            times = "" if start is None else f", {show_card.place(start)} to {show_card.place(end)}"
            self._terminal.print(f"  {show_card.talk_name(talk)}{times}")
        return self._confirmed(replace(about, what="match", links=tuple(links)))

    def _search(self, about: "Say", typed: str) -> Step:
        from harvester import show_card
        from harvester.review import search

        typed = typed or self._terminal.ask("Words, date, id or address (Enter: back):")
        catalogue = self._desk.catalogue()
        with self._saying.database.read() as session:
            found = show_card.choices(search.events(session, catalogue, typed))
        if not found:
            self._terminal.print(f"Nothing on record is found by “{typed}”.")
            return Step.AGAIN
        show_card.hits(self._terminal.out, found)
        number = review_keys.number_of(self._terminal.ask("Number (Enter: back):"), len(found))
        if number is None:
            return Step.AGAIN
        event, talk = found[number - 1]
        name = show_card.event_name(event)
        self._terminal.print(f"  {show_card.talk_name(talk)} – {name}" if talk else f"  {name}")
        link = Link(event_id=event.event_id, talk_id=talk.talk_id if talk else None)
        return self._confirmed(replace(about, what="match", links=(link,)))

    def _confirmed(self, said: "Say") -> Step:
        if self._terminal.ask("Link it so? [Y]es, else back:").casefold() in ("y", "j"):
            return self._saying.say(said)
        return Step.AGAIN

    def _undo(self) -> Step:
        """Take the last act back, and come back to its videos."""
        undone = self._saying.undo()
        if undone is None or not undone.videos:
            return Step.AGAIN
        now = self._left[0]
        others = [each for each in self._left if each not in undone.videos]
        self._left = deque([*undone.videos, *others])
        if self._left[0] != now:
            return Step.NEXT
        self._chosen = 0
        return Step.SHOW
