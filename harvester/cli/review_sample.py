"""Links by rule, drawn at random and judged blind on a terminal; what that says of the rule."""

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from harvester.cli import review_keys
from harvester.cli.decide import editor_of
from harvester.cli.program import Program, clock
from harvester.cli.review_saying import EndOfInputError, Saying, Step, Terminal
from harvester.records import ActKind

if TYPE_CHECKING:  # slow to import
    from harvester.linkage import Model
    from harvester.review.cards import Card
    from harvester.review.sample import Judgement

_JUDGEMENTS: dict[str, "Judgement"] = {
    **dict.fromkeys("yjr", "right"),
    **dict.fromkeys("nw", "wrong"),
    "u": "unsure",
}
_MEANWHILE = "Somebody has said something of that video meanwhile; here is the next one."


def run(program: Program, *, pretend: bool, name: str | None = None) -> None:
    """Judge links by rule, and tell how good the rule is by all that were judged so far.

    The videos are those that the page draws on the same day.  `name` is the editor, if not
    the system's user.
    """
    from harvester import show, show_review
    from harvester.review import sample
    from harvester.review.desk import Desk

    editor, model, terminal = editor_of(name), program.model(), Terminal(show.console())
    with program.known_database() as database:
        desk = Desk(database)
        ids = sample.draw(desk, len(desk.linked_by_rule()[0]), seed=sample.seed_of(clock()))
        saying = Saying(database, terminal, editor=editor, pretend=pretend)
        if not ids:
            terminal.print("No link by rule is left to be judged.")
        else:
            left = Sampling(saying, model=model).work(ids)
            would = " (nothing was written)" if pretend else ""
            rest = f"{left:,} link{'' if left == 1 else 's'} by rule left"
            terminal.print(f"{saying.count:,} judged{would}, {rest}.")
        with database.read() as session:
            figures = sample.figures(session)
        for line in show_review.measured(figures):
            terminal.print(line)
        if saying.count and not pretend:
            terminal.print(show_review.how_to_undo(name))


class Sampling:
    """An editor at a terminal, before one link by rule after the other."""

    def __init__(self, saying: Saying, *, model: "Model") -> None:
        self._saying, self._model, self._terminal = saying, model, saying.terminal
        self._left: deque[str] = deque()
        self._skipped = 0

    def work(self, video_ids: Iterable[str]) -> int:
        """Ask about each link; return how many were not judged."""
        self._left = deque(video_ids)
        try:
            while self._left and self._video(self._left[0]) is not Step.QUIT:
                pass
        except EndOfInputError:
            self._terminal.print("")
        return len(self._left) + self._skipped

    def _video(self, video_id: str) -> Step:
        """Show a video with its link and ask until it is judged."""
        card = self._show(video_id)
        step = Step.AGAIN if card else Step.NEXT
        while card and step is Step.AGAIN:
            offer = review_keys.sample_offer(self._terminal.out.width)
            step = self._key(card, self._terminal.ask(offer).casefold())
        if step is Step.NEXT:
            self._left.popleft()
        return step

    def _show(self, video_id: str) -> "Card | None":
        from harvester import show_card
        from harvester.review import cards, sample

        with self._saying.database.read() as session:
            card = cards.card(session, video_id, model=self._model)
            linked = sample.linked(session, card) if card else []
        if card is None or card.decision is None or not sample.is_by_rule(card.decision):
            return None
        head = f"Is the rule right? {len(self._left):,} left, {self._saying.count:,} judged"
        pretend = " (nothing is written)" if self._saying.pretend else ""
        show_card.sample(self._terminal.out, card, linked, head=head + pretend)
        return card

    def _key(self, card: "Card", typed: str) -> Step:
        if typed in _JUDGEMENTS:
            return self._judge(card, _JUDGEMENTS[typed])
        match typed:
            case "s":
                self._skipped += 1
                return Step.NEXT
            case "z":
                return self._undo()
            case "q":
                return Step.QUIT
            case "?":
                width = self._terminal.out.width
                self._terminal.print(review_keys.explained(review_keys.SAMPLE_HELP, width))
                return Step.AGAIN
        key = f"“{typed}” is no key here; ? explains them." if typed else "Type a key."
        self._terminal.print(key)
        return Step.AGAIN

    def _judge(self, card: "Card", judgement: "Judgement") -> Step:
        from harvester import show_review
        from harvester.errors import BadInput
        from harvester.review import acts, sample

        try:
            if not self._saying.pretend:
                sample.judge(
                    self._saying.database,
                    card.video.video_id,
                    judgement,
                    editor=self._saying.editor,
                    now=clock(),
                    seen=card.version,
                )
        except (BadInput, acts.Clash):
            self._terminal.print(_MEANWHILE)
            return Step.NEXT
        would = "Nothing is written; else: " if self._saying.pretend else ""
        self._terminal.print(would + show_review.judged(judgement))
        self._saying.count += 1
        return Step.NEXT

    def _undo(self) -> Step:
        """Take the last act back; if it was a judgement, come back to its video."""
        undone = self._saying.undo()
        if undone is None or undone.kind is not ActKind.SAMPLE:
            return Step.AGAIN
        others = [each for each in self._left if each not in undone.videos]
        self._left = deque([*undone.videos, *others])
        return Step.SHOW
