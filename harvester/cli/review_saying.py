"""What an editor at a terminal says, written and answered for: clashes, undo, all strong ones."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from harvester.cli.program import clock
from harvester.records import ActKind, Event, Link, Role

if TYPE_CHECKING:  # slow to import
    from rich.console import Console

    from harvester.linkage import Model
    from harvester.review.acts import Clash, Problem, Say, Undone
    from harvester.review.cards import CandidateCard
    from harvester.store.database import Database


_ACTS = 10  # that are listed


class Step(Enum):
    """What comes after a key."""

    AGAIN = auto()  # ask again
    SHOW = auto()  # show the card anew: something of it has changed
    NEXT = auto()  # the next video
    QUIT = auto()


class EndOfInputError(Exception):
    """There is nobody to answer any more."""


class Terminal:
    """Where lines are printed and answers typed."""

    def __init__(self, out: "Console") -> None:
        self.out = out

    def ask(self, question: str) -> str:
        """Return what is typed.  Raises EndOfInputError where nothing more comes."""
        from rich.text import Text

        self.out.print(Text(question), end=" ")
        try:
            return input().strip()
        except EOFError:
            raise EndOfInputError from None
        except UnicodeDecodeError:
            return "\ufffd"  # no key, no word

    def print(self, text: str, *, indented: bool = False) -> None:
        """Print a text as it is."""
        from rich.padding import Padding
        from rich.text import Text

        self.out.print(Padding(Text(text), (0, 0, 0, 2)) if indented else Text(text))


def links_of(found: "CandidateCard", role: Role = Role.FULL) -> tuple[Link, ...]:
    """Return what is said when a candidate is accepted."""
    talk_id = found.talk.talk_id if found.talk else None
    return (Link(event_id=found.event.event_id, talk_id=talk_id, role=role),)


class Saying:
    """Writes what is said, and tells the editor what came of it."""

    def __init__(
        self, database: "Database", terminal: Terminal, *, editor: str, pretend: bool
    ) -> None:
        self.database, self.terminal = database, terminal
        self.editor, self.pretend = editor, pretend
        self.count = 0  # things said, without those taken back

    def say(self, said: "Say") -> Step:
        """Say it; ask where another video shows the talk, show anew what changed meanwhile."""
        from harvester import show_review
        from harvester.review import acts
        from harvester.store import reads_people

        try:
            done = self._write([said], ActKind.DECIDE)
        except acts.Clash as clash:
            return self._clashed(said, clash)
        with self.database.read() as session:
            found = reads_people.explanation(session, said.video_id)
            others = [reads_people.explanation(session, each) for each in done]
        assert found is not None
        titles = [each.title or each.video_id for each in others if each]
        would = "Would be written: " if self.pretend else ""
        self.terminal.print(would + show_review.done(said, found, taken_from=titles))
        self.count += 1
        return Step.NEXT

    def _write(self, said: Sequence["Say"], kind: ActKind) -> tuple[str, ...]:
        """Return the videos that wait again.  Raises Clash."""
        from harvester.review import acts

        if not self.pretend:
            done = acts.say(self.database, said, editor=self.editor, now=clock(), kind=kind)
            return done.requeued
        with self.database.read() as session:
            if problems := acts.check(session, said):
                raise acts.Clash(problems)
        return ()

    def _clashed(self, said: "Say", clash: "Clash") -> Step:
        for problem in clash.problems:
            self.terminal.print(f"Not written: {problem.said}{self._named(problem)}.")
        codes = {problem.code for problem in clash.problems}
        if codes != {"taken"}:
            return Step.SHOW if "changed_meanwhile" in codes else Step.AGAIN
        if len(said.links) > 1:  # of several talks only some may be shown elsewhere
            typed = self.terminal.ask("[T] take it from there, else back:").casefold()
            return self.say(replace(said, take=True)) if typed == "t" else Step.AGAIN
        question = "[D] it is a further upload, [T] take it from there, else back:"
        match self.terminal.ask(question).casefold():
            case "t":
                return self.say(replace(said, take=True))
            case "d":
                links = tuple(replace(link, role=Role.DUPLICATE) for link in said.links)
                return self.say(replace(said, links=links))
        return Step.AGAIN

    def _named(self, problem: "Problem") -> str:
        """Return the title of the video that stands in the way."""
        from harvester.show_card import plain
        from harvester.store import reads_people

        if problem.code != "taken" or problem.by is None:
            return ""
        with self.database.read() as session:
            found = reads_people.explanation(session, problem.by)
        return f" (“{plain(found.title)}”)" if found and found.title else ""

    def create(self, event: Event, said: "Say", *, title: str) -> Step:
        """Put an event on record, and say with it that the video of this title shows it."""
        from harvester import show_review
        from harvester.review import acts

        try:
            if self.pretend:
                self._write([replace(said, what="later", links=())], ActKind.NEW_EVENT)
            else:
                acts.add_event(self.database, event, video=said, editor=self.editor, now=clock())
        except acts.Clash as clash:
            return self._clashed(said, clash)
        would = "Would be written: " if self.pretend else ""
        role = said.links[0].role
        self.terminal.print(would + show_review.created(event, title, role))
        self.count += 1
        return Step.NEXT

    def history(self) -> Step:
        """Show the last acts of everybody."""
        from harvester import show_review
        from harvester.store import reads_review

        with self.database.read() as session:
            found = reads_review.acts(session, limit=_ACTS)
        if not found:
            self.terminal.print("Nobody has decided anything yet.")
        for when, what in show_review.activity(found):
            self.terminal.print(when)
            self.terminal.print(what, indented=True)
        return Step.AGAIN

    def undo(self) -> "Undone | None":
        """Take the last act back; None if nothing was."""
        from harvester import show_review
        from harvester.review import acts
        from harvester.store import reads_review

        if self.pretend:
            self.terminal.print("Nothing was written, so there is nothing to take back.")
            return None
        with self.database.read() as session:
            last = reads_review.last_to_undo(session, self.editor)
        try:
            undone = acts.undo(self.database, editor=self.editor, now=clock())
        except acts.Clash as clash:
            self.terminal.print(f"Not taken back: {clash}.")
            return None
        if undone is None or last is None:
            self.terminal.print("There is nothing to take back.")
            return None
        self.terminal.print(show_review.undone(last))
        self.count = max(self.count - 1, 0)
        return undone

    def accept_strong(self, video_ids: Iterable[str], *, model: "Model") -> None:
        """Accept the strong proposals as one act, and list them; leave out what clashes."""
        from harvester import show_review
        from harvester.store import reads_people

        with self.database.read() as session:
            strong = [_strong(session, each, model) for each in video_ids]
            said, problems = _without_clashes(session, [each for each in strong if each])
        if said:
            self._write(said, ActKind.BULK)
        with self.database.read() as session:
            for each in said:
                if (found := reads_people.explanation(session, each.video_id)) is not None:
                    self.terminal.print(show_review.done(each, found))
        for problem in problems:
            self.terminal.print(f"Left out: {problem.video_id}: {problem.said}.")
        verb = "would be linked" if self.pretend else "linked"
        self.terminal.print(f"{show_review.videos(len(said))} {verb}; nothing else was decided.")
        self.count += len(said)


def _strong(session: Any, video_id: str, model: "Model") -> "Say | None":
    from harvester.review import cards
    from harvester.review.acts import Say
    from harvester.review.queue import Level

    card = cards.card(session, video_id, model=model)
    best = card.best if card else None
    if card is None or best is None or card.decision or card.level is not Level.STRONG:
        return None
    return Say(video_id=video_id, what="match", links=links_of(best), seen=card.version)


def _without_clashes(session: Any, said: Sequence["Say"]) -> tuple[list["Say"], list["Problem"]]:
    from harvester.review import acts

    left, found = list(said), []
    while problems := acts.check(session, left):
        bad = {each.video_id for each in problems}
        bad |= {each.by for each in problems if each.code == "twice" and each.by}
        found += problems
        left = [each for each in left if each.video_id not in bad]
    return left, found
