"""Whatever runs harvest, load and link: what an editor said stays said, and undo restores.

The machine lets two editors decide, reject, put off, take back; in between videos change,
go and come back, events change, are withdrawn and come back, and linking runs, of what
changed or of all, with a rule that decides or only proposes.  A model in plain Python says
what must hold.
"""

import datetime as dt
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from harvester.link import link
from harvester.records import (
    Availability,
    EventRecords,
    EventStatus,
    Gone,
    Link,
    Mark,
    NoEventReason,
)
from harvester.review import acts
from harvester.review.acts import Clash, Say
from harvester.store import reads, reads_linking, reads_queue, reads_review, reads_shown, writes
from harvester.store.database import Database
from harvester.store.schema import Base
from tests import build
from tests.zwk_linking import EVENTS, MODEL, TALKS, video

VIDEOS = {
    each.video_id: each
    for each in (
        video("ZWK-Fachdiskurs 2022: Arbeiten im Krisenmodus", "2022-12-05", "whole"),
        video("Krisenbewältigung durch Nachhaltigkeit – Wiltrud Terlau", "2022-12-05", "talk"),
        video("Kornwestheim zieht Zwischenbilanz", "2023-06-10", "tie"),
        video("DAKS Schritt 4: Werkstattplan", "2022-12-05", "film"),
        video("Fachdiskurs 2022 – Wiltrud Terlau", "2022-12-06", "second"),
    )
}
EDITORS = ("Ana", "Ben")
EVENT_IDS = tuple(event.event_id for event in EVENTS)
video_ids = st.sampled_from(sorted(VIDEOS))
editors = st.sampled_from(EDITORS)
links = st.sampled_from(
    [Link(event_id=e) for e in EVENT_IDS]
    + [Link(event_id=talk.event_id, talk_id=talk.talk_id) for talk in TALKS]
)


@dataclass(frozen=True, slots=True)
class State:
    """What holds of a video: an editor's verdict with its links, and the marks."""

    said: tuple[str, tuple[Link, ...]] | None
    marks: frozenset[tuple[Mark, str | None]]


class Editing(RuleBasedStateMachine):
    """Editors at work on a database that changes under their hands."""

    def empty_database(self) -> str:
        """Make a database with tables and no rows for one example, and return its URL."""
        raise NotImplementedError

    @initialize()
    def begin(self) -> None:
        self.database = Database(self.empty_database())
        self.now = build.NOW
        with self.database.write() as session:
            self.run_id = writes.start_run(
                session, command="run", holder="process 1 on test", now=self.now
            )
            writes.save_channel(session, build.channel(), asked_for="@test", now=self.now)
        self.harvest(dict(VIDEOS))
        self.load(EVENTS)
        self.link(full=True, decide=True)
        # what editors said of each video, and what they did, each with what was before
        self.held = {video_id: State(None, frozenset()) for video_id in VIDEOS}
        self.done: list[tuple[str, dict[str, State], dict[str, Any]]] = []
        self.linked = 0

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()

    # --- what happens by itself -------------------------------------------------

    def harvest(self, videos: dict[str, Any]) -> None:
        self.videos = videos
        with self.database.write() as session:
            writes.save_videos(session, list(videos.values()), now=self.now, run_id=self.run_id)

    def load(self, events: tuple[Any, ...]) -> None:
        ids = {event.event_id for event in events}
        talks = tuple(talk for talk in TALKS if talk.event_id in ids)
        with self.database.write() as session:
            writes.save_event_records(session, EventRecords("zwk", events, talks), now=self.now)

    def link(self, *, full: bool, decide: bool) -> None:
        link(
            database=self.database,
            model=MODEL,
            run_id=self.run_id,
            now=self.now,
            full=full,
            decide=decide,
        )

    @rule(video_id=video_ids, title=st.sampled_from(["Neuer Titel", "Trailer", "Fachdiskurs 2022"]))
    def a_title_changes(self, video_id: str, title: str) -> None:
        self.tick()
        self.harvest(self.videos | {video_id: replace(self.videos[video_id], title=title)})

    @rule(video_id=video_ids)
    def a_video_goes(self, video_id: str) -> None:
        self.tick()
        gone = Gone(video_id=video_id, availability=Availability.PRIVATE, evidence="placeholder")
        with self.database.write() as session:
            writes.save_gone(session, [gone], now=self.now, run_id=self.run_id)

    @rule()
    def all_videos_are_there_again(self) -> None:
        self.tick()
        self.harvest(self.videos)

    @rule(kept=st.sets(st.sampled_from(EVENT_IDS), min_size=1))
    def a_source_changes(self, kept: set[str]) -> None:
        self.tick()
        self.load(tuple(event for event in EVENTS if event.event_id in kept))

    @rule()
    def the_source_is_as_it_was(self) -> None:
        self.tick()
        self.load(EVENTS)

    @rule(full=st.booleans(), decide=st.booleans())
    def linking_runs(self, full: bool, decide: bool) -> None:
        self.tick()
        self.linked += 1
        self.link(full=full, decide=decide)
        with self.database.read() as session:
            rejected = reads_linking.rejected_pairs(session)
            for video_id, event_id in rejected:
                found = reads.explanation(session, video_id)
                candidates = found.linking.candidates if found and found.linking else ()
                judged = self.held[video_id].said is not None
                if not judged and self.videos_there(session, video_id):
                    assert event_id not in {c.event_id for c in candidates}, "proposed again"

    @staticmethod
    def videos_there(session: Any, video_id: str) -> bool:
        found = reads.explanation(session, video_id)
        return found is not None and found.availability is not Availability.PRIVATE

    # --- what editors do --------------------------------------------------------

    def say(self, editor: str, said: Say, after: State) -> None:
        self.tick()
        before = dict(self.held)
        seen = self.seen()
        try:
            done = acts.say(self.database, [said], editor=editor, now=self.now)
        except Clash:
            assert self.states() == before, "a clash writes nothing"
            return
        for video_id in done.requeued:
            self.held[video_id] = replace(self.held[video_id], said=None)
        self.held[said.video_id] = after
        self.done.append((editor, before, seen))

    @rule(editor=editors, video_id=video_ids, link=links, take=st.booleans())
    def matches(self, editor: str, video_id: str, link: Link, take: bool) -> None:
        marks = self.held[video_id].marks - {(Mark.REJECTED, link.event_id), (Mark.LATER, None)}
        said = Say(video_id=video_id, what="match", links=(link,), take=take)
        self.say(editor, said, State(("match", (link,)), marks))

    @rule(editor=editors, video_id=video_ids)
    def says_no_event(self, editor: str, video_id: str) -> None:
        marks = self.held[video_id].marks - {(Mark.LATER, None)}
        said = Say(video_id=video_id, what="no_event", reason=NoEventReason.OTHER)
        self.say(editor, said, State(("no_event", ()), marks))

    @rule(editor=editors, video_id=video_ids, place=st.integers(0, 2))
    def rejects(self, editor: str, video_id: str, place: int) -> None:
        with self.database.read() as session:
            found = reads.explanation(session, video_id)
        candidates = found.linking.candidates if found and found.linking else ()
        if place >= len(candidates):
            return
        event_id, held = candidates[place].event_id, self.held[video_id]
        shown = {link.event_id for link in held.said[1]} if held.said else set()
        said = None if event_id in shown else held.said
        after = State(said, held.marks | {(Mark.REJECTED, event_id)})
        self.say(editor, Say(video_id=video_id, what="reject", event_ids=(event_id,)), after)

    @rule(editor=editors, video_id=video_ids)
    def puts_off(self, editor: str, video_id: str) -> None:
        held = self.held[video_id]
        after = replace(held, marks=held.marks | {(Mark.LATER, None)})
        self.say(editor, Say(video_id=video_id, what="later"), after)

    @rule(editor=editors, event_id=st.sampled_from(EVENT_IDS))
    def says_that_an_event_was_not_recorded(self, editor: str, event_id: str) -> None:
        self.tick()
        with self.database.read() as session:
            if event_id not in reads_review.known_events(session, [event_id]):
                return
        before, seen = dict(self.held), self.seen()
        acts.set_status(
            self.database,
            event_id=event_id,
            status=EventStatus.NOT_RECORDED,
            editor=editor,
            now=self.now,
        )
        self.done.append((editor, before, seen))

    @rule(editor=editors)
    def takes_back(self, editor: str) -> None:
        self.tick()
        before = self.seen()
        mine = [place for place, (who, _, _) in enumerate(self.done) if who == editor]
        try:
            undone = acts.undo(self.database, editor=editor, now=self.now)
        except Clash:
            assert self.seen() == {**before, "linked": self.linked}, "a clash writes nothing"
            assert mine, "there is nothing to clash with"
            assert mine[-1] < len(self.done) - 1, "nobody has gone on"
            return
        if undone is None:
            assert not mine
            return
        place = mine[-1]
        _, held, seen = self.done.pop(place)
        for video_id in undone.videos:
            self.held[video_id] = held[video_id]
        if place < len(self.done):  # taken out of the midst: the later ones saw another world
            for later in range(place, len(self.done)):
                self.done[later] = (*self.done[later][:2], {"linked": None})
        elif seen["linked"] == self.linked:
            assert self.seen() == seen, "all is as it was, candidates included"

    # --- what must hold ---------------------------------------------------------

    def tick(self) -> None:
        self.now += dt.timedelta(minutes=1)

    def states(self) -> dict[str, State]:
        with self.database.read() as session:
            standing = reads_review.standing(session, list(VIDEOS))
            return {
                video_id: State(
                    (each.verdict, each.links)
                    if each.verdict and not (each.decided_by or "").startswith("rule:")
                    else None,
                    frozenset(reads_review.marks_of(session, [video_id])[video_id]),
                )
                for video_id, each in standing.items()
            }

    def seen(self) -> dict[str, Any]:
        """Return all that an editor could see of the videos, and how often linking ran."""
        with self.database.read() as session:
            standing = reads_review.standing(session, list(VIDEOS))
            found: dict[str, Any] = {"linked": self.linked}
            for video_id, each in standing.items():
                its = reads.explanation(session, video_id)
                found[video_id] = (
                    (each.verdict, each.links, each.decided_by, each.decided_at),
                    its and its.linking and its.linking.candidates,
                )
            found["statuses"] = reads_shown.statuses(session)
        return found

    @invariant()
    def what_was_said_holds(self) -> None:
        if hasattr(self, "held"):
            assert self.states() == self.held

    @invariant()
    def rules_decide_only_what_nobody_judged(self) -> None:
        if not hasattr(self, "held"):
            return
        with self.database.read() as session:
            for row in reads.view(session, "decisions_in_force"):
                if row["is_rule"]:
                    assert self.held[row["video_id"]].said is None

    @invariant()
    def the_fast_question_for_marks_says_what_the_view_says(self) -> None:
        if not hasattr(self, "held"):
            return
        subject = ("mark", "video_id", "event_id", "talk_id")
        with self.database.read() as session:
            fast = session.execute(reads_queue.marks_in_force()).mappings().all()
            view = reads.view(session, "marks_in_force")
            told = sorted(str([row[name] for name in subject]) for row in view)
        assert sorted(str([row[name] for name in subject]) for row in fast) == told


def run(machine: type[Editing], *, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_run_changes_or_loses_what_an_editor_said_and_undo_restores_it(
    sqlite_template: Path,
) -> None:
    class OnSqlite(Editing):
        def empty_database(self) -> str:
            self.folder = tempfile.TemporaryDirectory()
            file = Path(self.folder.name) / "random.db"
            shutil.copy(sqlite_template, file)
            return f"sqlite:///{file}"

        def teardown(self) -> None:
            super().teardown()
            if hasattr(self, "folder"):
                self.folder.cleanup()

    run(OnSqlite, examples=25, steps=25)


def test_the_same_holds_on_postgresql(postgresql_url: str) -> None:
    class OnPostgresql(Editing):
        def empty_database(self) -> str:
            with closing(Database(postgresql_url)) as database, database.write() as session:
                for table in reversed(Base.metadata.sorted_tables):
                    session.execute(table.delete())
            return postgresql_url

    run(OnPostgresql, examples=5, steps=20)
