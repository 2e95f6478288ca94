"""`harvester review --terminal --sample`: links by rule, judged blind."""

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from harvester.cli import cli
from harvester.cli.review_keys import SAMPLE_HELP
from harvester.linkage.measures import share
from harvester.records import ActKind, EventRecords, Link, NoEventReason, Outcome, Reason
from harvester.review import acts, sample
from harvester.review.acts import Say
from harvester.review.sample import Figures
from harvester.store import reads_review, writes
from harvester.store.database import Database
from tests import build
from tests.linkings import linking, store

NOW = build.NOW
LINKED = ("w1", "w2", "w3", "w4")
Type = Callable[..., Result]


@pytest.fixture
def filled(sqlite_database: Database) -> Database:
    """Four videos that the rule linked to a talk, and one that waits."""
    with sqlite_database.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 1", now=NOW)
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        description = "Ein Abend \x1b[31mim Rathaus."
        videos = [build.video(each, description=description) for each in (*LINKED, "v1")]
        writes.save_videos(session, videos, now=NOW, run_id=run_id)
        records = EventRecords(
            "zwk.yaml",
            events=(
                build.event("e1", title="Zukunftsforum", start_on="2023-11-23", city="Riesa"),
                build.event("e2"),
            ),
            talks=(
                build.talk("t1", "e1", title=None, kind="other", speakers=("Ada Beispiel",)),
                build.talk("t2", "e1", title="Ein anderer"),
            ),
        )
        writes.save_event_records(session, records, now=NOW)
    link = Link(event_id="e1", talk_id="t1")
    waiting = linking("v1", outcome=Outcome.NONE, reason=Reason.NO_CANDIDATE, candidates=())
    store(sqlite_database, run_id, *(linking(each, link) for each in LINKED), waiting)
    return sqlite_database


@pytest.fixture
def type_(filled: Database) -> Type:
    def typed(*lines: str, pretend: bool = False, width: int = 80) -> Result:
        command = ["--database", filled.url, "review", "--terminal", "--sample", "--as", "ana"]
        command += ["--pretend"] if pretend else []
        text = "".join(f"{line}\n" for line in lines)
        result = CliRunner().invoke(cli, command, input=text, env={"COLUMNS": str(width)})
        assert result.exit_code == 0, result.output + result.stderr
        return result

    return typed


def figures(database: Database) -> Figures:
    with database.read() as session:
        return sample.figures(session)


def ids(output: str) -> list[str]:
    return re.findall(r"youtu\.be/(\w+)", output)


def words(output: str) -> str:
    return " ".join(output.split())


@pytest.mark.parametrize("width", [40, 60, 100])
def test_a_link_is_shown_without_anything_of_what_the_rule_thinks(type_: Type, width: int) -> None:
    output = type_("q", width=width).output

    for text in (
        "Is the rule right? 4 left, 0 judged",
        "0:30:00 · published 2023-11-30",
        "Ein Abend  [31mim Rathaus.",
        "The rule linked it to:",
        "Zukunftsforum (2023-11-23)",
        "Riesa",
        "talk: Ada Beispiel",
        "[Y]es, it is right",
        "[U] cannot tell",
    ):
        assert text in output
    assert "Ein anderer" not in output
    assert not re.search(r"\d ?%|●|times|weight|\x1b|\+\d", output)
    assert max(map(len, output.splitlines())) <= width


def test_right_wrong_and_unsure_make_the_measured_precision(filled: Database, type_: Type) -> None:
    output = words(type_("y", "R", "n", "u").output)

    assert figures(filled) == Figures(4, 2, 1, 1, share(2, 3))
    for text in (
        "Noted: the link is right.",
        "Noted: the link is wrong; the video waits in the queue again.",
        "Noted: it cannot be told. That counts neither way.",
        "4 judged, 0 links by rule left.",
        "Judged so far: 2 of 3 links by rule right (66.7 %).",
        "With 95 % certainty between 20.8 % and 93.9 % of all links by rule are right.",
        "Could not be judged: 1.",
        "`harvester decide --undo --as ana` takes it back.",
    ):
        assert text in output, output
    with filled.read() as session:
        assert {each.kind for each in reads_review.acts(session)} == {ActKind.SAMPLE}
    assert words(type_().output).startswith("No link by rule is left to be judged. Judged so far:")


def test_what_is_wrong_waits_again(filled: Database, type_: Type) -> None:
    [video_id] = ids(type_("w").output)[:1]

    with filled.read() as session:
        assert reads_review.standing(session, [video_id])[video_id].verdict is None


def test_what_is_skipped_is_left_for_another_day(filled: Database, type_: Type) -> None:
    result = type_("s", "j", "q")

    assert "1 judged, 3 links by rule left." in result.output
    assert ids(result.output)[0] not in ids(result.output)[1:]
    assert figures(filled).judged == 1


def test_the_videos_are_those_of_the_page(filled: Database, type_: Type) -> None:
    from harvester.cli.program import clock
    from harvester.review.desk import Desk

    drawn = sample.draw(Desk(filled), 4, seed=sample.seed_of(clock()))

    assert ids(type_("s", "s", "s", "s").output) == drawn


def test_undo_comes_back_to_the_video(filled: Database, type_: Type) -> None:
    result = type_("n", "y", "z", "z", "z", "u")

    first, second, *others = ids(result.output)
    assert others[:3] == [others[0], second, first]
    assert "There is nothing to take back." in result.output
    assert figures(filled) == Figures(1, 0, 0, 1, share(0, 0))
    assert "None of the links by rule has been judged right or wrong yet." in result.output


def test_undo_of_something_else_stays_at_the_video(filled: Database, type_: Type) -> None:
    said = Say(video_id="v1", what="no_event", reason=NoEventReason.TRAILER)
    acts.say(filled, [said], editor="ana", now=NOW)

    output = type_("z").output

    assert "Taken back: “Video v1” – no event (a trailer)" in output
    assert len(ids(output)) == 1


@pytest.mark.parametrize("line", ["", "x", "yes", "1", "?"])
def test_nothing_is_judged_by_an_empty_line_or_another_key(
    filled: Database, type_: Type, line: str
) -> None:
    output = type_(line).output

    assert figures(filled).judged == 0
    assert "is no key here" in output or "Type a key." in output or "cannot tell; that" in output


def test_help_explains_every_key(type_: Type) -> None:
    output = type_("?").output

    offered = re.findall(r"\[([A-Z])\]", output)
    explained = {line[0] for line in SAMPLE_HELP.splitlines()}
    assert explained.issuperset(offered)
    assert words(SAMPLE_HELP) in words(output)


def test_pretending_judges_nothing(filled: Database, type_: Type) -> None:
    output = type_("y", "n", "u", "z", "y", pretend=True).output

    assert figures(filled).judged == 0
    assert "Nothing is written; else: Noted: the link is wrong" in output
    assert "(nothing is written)" in output
    assert "takes it back" not in output


def test_what_somebody_decides_meanwhile_is_not_judged(
    filled: Database, type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harvester.cli import review_saying

    ask = review_saying.Terminal.ask

    def slowly(self: review_saying.Terminal, question: str) -> str:
        with filled.read() as session:
            is_first = not reads_review.acts(session)
        if is_first:  # of two nothing but that they are put off
            no_event = [
                Say(video_id=each, what="no_event", reason=NoEventReason.OTHER)
                for each in LINKED[:2]
            ]
            later = [Say(video_id=each, what="later") for each in LINKED[2:]]
            acts.say(filled, no_event + later, editor="Bo", now=NOW)
        return ask(self, question)

    monkeypatch.setattr(review_saying.Terminal, "ask", slowly)

    output = words(type_("y").output)

    assert "Somebody has said something of that video meanwhile; here is the next one." in output
    assert figures(filled).judged == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--sample"], "--sample goes with --terminal only"),
        (["--blind"], "--blind goes with --terminal only"),
        (["--terminal", "--sample", "--quiet"], "--sample and --quiet exclude each other"),
        (["--terminal", "--sample", "--timid"], "--sample and --timid exclude each other"),
        (["--terminal", "--sample", "--from", "later"], "--sample and --from exclude each other"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(options: list[str], said: str) -> None:
    result = CliRunner().invoke(cli, ["review", *options])

    assert result.exit_code == 64
    assert said in result.stderr
