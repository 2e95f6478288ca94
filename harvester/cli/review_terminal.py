"""The review on a terminal: one video after the other, a key and Enter for each.

The same use cases as the pages.  An empty line does something only where the card says that
it is sure; the end of the input ends the review, and what was said is kept.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from harvester.cli import review_dialogues, review_event, review_keys
from harvester.cli.decide import editor_of
from harvester.cli.program import Program
from harvester.cli.review_saying import EndOfInputError, Saying, Step, Terminal, links_of
from harvester.records import Role

if TYPE_CHECKING:  # slow to import
    from harvester.linkage import Model
    from harvester.review.acts import Say
    from harvester.review.cards import Card
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
    blind: bool = False,
) -> None:
    """Review videos of a state: waiting, later ("skipped" says the same), or look_again.

    `name` is the editor, if not the system's user; `blind` hides what the rule thinks.
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
            session = Session(desk, saying, model=model, is_blind=blind)
            left = session.work(ids, timid=timid)
            would = " (nothing was written)" if pretend else ""
            terminal.print(f"{saying.count:,} said{would}, {show_review.videos(left)} left.")
        if saying.count and not pretend:
            terminal.print(show_review.how_to_undo(name))


class Session:
    """An editor at a terminal, before one card after the other."""

    def __init__(
        self, desk: "Desk", saying: Saying, *, model: "Model", is_blind: bool = False
    ) -> None:
        self._desk, self._saying, self._model = desk, saying, model
        self._terminal = saying.terminal
        self._left: deque[str] = deque()
        self._passed: set[str] = set()  # events ruled out of this video, where nothing is written
        self._chosen = 0
        self._is_blind = is_blind

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
            enter = enter and not self._is_blind  # it would tell that the rule is sure
            width = self._terminal.out.width
            offer = review_keys.offer(card, enter=enter, width=width, is_blind=self._is_blind)
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
            by = "the rule" if by.startswith("rule:") else by
            self._terminal.print(f"“{show_card.plain(card.video.title)}”: {by} has decided it.")
            return None
        kept = tuple(each for each in card.candidates if each.event.event_id not in self._passed)
        card = replace(card, candidates=kept)
        self._chosen = min(self._chosen, max(len(kept) - 1, 0))
        head = f"{len(self._left):,} left, {self._saying.count:,} said"
        pretend = " (nothing is written)" if self._saying.pretend else ""
        show_card.card(
            self._terminal.out,
            card,
            chosen=self._chosen,
            head=head + pretend,
            is_blind=self._is_blind,
        )
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
            case "p" if best:
                return review_dialogues.extent(self._saying, about, best)
            case "n" if best:
                return self._reject(about, best.event.event_id)
            case "c" if card.decision:
                return self._saying.say(replace(about, what="confirm"))
            case "k":
                return review_dialogues.no_event(self._saying, about)
            case "t" | "l" if best:
                return review_dialogues.talks(self._saying, about, best, model=self._model)
            case "e":
                return review_event.new_event(self._saying, self._desk, card, about)
            case "s":
                return self._saying.say(about)
            case "b" if best:
                self._is_blind = not self._is_blind
                return Step.SHOW
            case "h":
                return self._saying.history()
            case "z":
                return self._undo()
            case "q":
                return Step.QUIT
            case "?":
                width = self._terminal.out.width
                self._terminal.print(review_keys.explained(review_keys.HELP, width))
                return Step.AGAIN
            case number if self._chosen_by(number, len(card.candidates)):
                return Step.SHOW
            case words if words.startswith("/"):
                words = typed.removeprefix("/").strip()
                return review_dialogues.search(self._saying, self._desk, about, words)
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
