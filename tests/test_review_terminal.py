"""`harvester review --terminal`: keys that are typed, and what is on record afterwards."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from harvester.cli.program import Group, Program
from harvester.cli.review_keys import HELP
from harvester.cli.review_terminal import run
from harvester.records import EventRecords, Linking, Mark, NoEventReason, Outcome, Reason, Role
from harvester.review import acts
from harvester.review.acts import Say
from harvester.store import reads_review, writes
from harvester.store.database import Database
from tests import build
from tests.linkings import end_run, linking, store

NOW = build.NOW
HOSTILE = "Titel \x1b[31mrot\x07 [bold]fett[/] \u202etfel"
Terminal = Callable[..., Result]

TITLES = {
    "v1": "Zukunftsforum: Wohnen im Wandel",
    "v2": "Zukunftsforum: Verkehr von morgen",
    "v3": HOSTILE,
}
DESCRIPTION = (
    "Ein Abend im Rathaus.\n\n0:00 Begrüßung\n05:00 Wohnen im Wandel\n15:00 Verkehr von morgen"
)


def video_linking(video_id: str, *talks: str | None, sure: float = 0.7) -> Linking:
    """A video's candidates: e1 with the first talk, e2 with the second."""
    found = linking(video_id, outcome=Outcome.REVIEW, reason=Reason.DOUBTFUL, probability=sure)
    candidates = tuple(
        replace(each, talk_id=talk, probability=sure / each.rank)
        for each, talk in zip(found.candidates, talks, strict=True)
    )
    return replace(found, candidates=candidates)


def fill(database: Database, *linkings: Linking) -> None:
    with database.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 1", now=NOW)
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        videos = [build.video(i, title=t, description=DESCRIPTION) for i, t in TITLES.items()]
        writes.save_videos(session, videos, now=NOW, run_id=run_id)
        records = EventRecords(
            "zwk.yaml",
            events=(
                build.event("e1", title="Zukunftsforum 2023", start_on="2023-11-23"),
                build.event("e2", title="Barcamp 2022"),
                build.event("e3", title="Lange Nacht der Bibliothek"),
            ),
            talks=(
                build.talk("t1", "e1", title="Wohnen im Wandel", speakers=("Ada Beispiel",)),
                build.talk("t2", "e1", title="Verkehr von morgen", speakers=("Bo Muster",)),
                build.talk("t9", "e2", title="Sonstiges"),
            ),
        )
        writes.save_event_records(session, records, now=NOW)
    store(database, run_id, *linkings)
    end_run(database, run_id, matched=0, to_review=len(linkings))


@pytest.fixture
def filled(sqlite_database: Database) -> Database:
    """v1 and v2 are of e1 (probably, v1 before v2), v3 has no candidate."""
    fill(
        sqlite_database,
        video_linking("v1", "t1", None, sure=0.8),
        video_linking("v2", "t2", "t9", sure=0.7),
        linking("v3", outcome=Outcome.NONE, reason=Reason.NO_CANDIDATE, candidates=()),
    )
    return sqlite_database


def terminal(database: Database) -> Terminal:
    """Types lines into `run`; whoever does not quit goes away (end of input)."""

    def typed(*lines: str, width: int = 80, **options: Any) -> Result:
        @click.command()
        @click.pass_obj
        def review(program: Program) -> None:
            given: dict[str, Any] = {
                "quiet": False,
                "timid": False,
                "pretend": False,
                "name": "ana",
            } | options
            run(program, **given)

        text = "".join(f"{line}\n" for line in lines)
        program = Program(file=None, database=database.url)
        group = Group("harvester", commands={"review": review})
        environment = {"COLUMNS": str(width), "TERM": "dumb"}
        result = CliRunner().invoke(group, ["review"], obj=program, input=text, env=environment)
        assert result.exit_code == 0, result.output + result.stderr
        return result

    return typed


@pytest.fixture
def type_(filled: Database) -> Terminal:
    return terminal(filled)


def shown(database: Database, video_id: str) -> tuple[str | None, Any]:
    """The verdict on a video, with the links or the reason."""
    with database.read() as session:
        now = reads_review.standing(session, [video_id])[video_id]
    links = [(link.event_id, link.talk_id) for link in now.links]
    return now.verdict, links or now.reason


def marks(database: Database, video_id: str) -> list[tuple[Mark, str | None]]:
    with database.read() as session:
        return reads_review.marks_of(session, [video_id])[video_id]


OPEN = (None, None)


# --- the card -----------------------------------------------------------------------


def test_a_card_shows_video_proposal_and_reasons_in_80_columns(type_: Terminal) -> None:
    result = type_("q")

    for text in (
        "3 left, 0 said",
        "Zukunftsforum: Wohnen im Wandel",
        "0:30:00 · published 2023-11-30 · captions: no",
        "https://youtu.be/v1",
        "Ein Abend im Rathaus.",
        "Why it waits: likely, but not sure enough.",
        ">1. Zukunftsforum 2023 (2023-11-23)",
        "●●○ medium 80 %",
        "talk: Wohnen im Wandel, Ada Beispiel",
        "+4.0 title „Zukunft“ in beiden (16 times likelier)",
        "+5.0 sum",
        " 2. Barcamp 2022",
        "●○○ weak 40 %",
    ):
        assert text in result.output
    assert max(map(len, result.output.splitlines())) <= 80
    assert "\x1b" not in result.output


@pytest.mark.parametrize("width", [40, 60, 200])
def test_a_card_is_legible_in_any_width_and_no_key_is_cut(type_: Terminal, width: int) -> None:
    output = type_("q", width=width).output

    assert max(map(len, output.splitlines())) <= width
    for key in ("[Y]es", "[N]ot this", "[1-2] another", "[K] no event", "[S] later", "[Q]uit"):
        assert key in output


def test_a_title_steers_no_terminal(type_: Terminal) -> None:
    output = type_("s", "s", "s").output

    assert not re.search("[\x07\x1b\u202e]", output)
    assert "Titel  [31mrot  [bold]fett[/]  tfel" in output


# --- keys ---------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["y", "Y", "j", "J"])
def test_yes_links_the_proposal_and_goes_on(filled: Database, type_: Terminal, key: str) -> None:
    output = type_(key).output

    assert shown(filled, "v1") == ("match", [("e1", "t1")])
    assert "“Zukunftsforum: Wohnen im Wandel” shows “Wohnen im Wandel, Ada Beispiel”" in (
        " ".join(output.split())
    )
    assert "2 left, 1 said" in output
    assert output.endswith("`harvester decide --undo --as ana` takes it back.\n")


@pytest.mark.parametrize("line", ["", " ", "yes", "0", "3", "x", "yy", "\t"])
def test_nothing_is_said_by_an_empty_line_or_an_unknown_key(
    filled: Database, type_: Terminal, line: str
) -> None:
    type_(line, "2", line)

    assert shown(filled, "v1") == OPEN
    with filled.read() as session:
        assert reads_review.acts(session) == []


def test_enter_accepts_only_what_the_rule_is_sure_of(sqlite_database: Database) -> None:
    fill(
        sqlite_database,
        video_linking("v1", "t1", None, sure=0.99),
        video_linking("v2", "t2", None, sure=0.7),
    )

    output = terminal(sqlite_database)("", "").output

    assert output.count("[Y]es (or Enter)") == 1
    assert shown(sqlite_database, "v1") == ("match", [("e1", "t1")])
    assert shown(sqlite_database, "v2") == OPEN


def test_enter_accepts_no_other_candidate_and_nothing_of_a_timid_editor(
    sqlite_database: Database,
) -> None:
    fill(sqlite_database, video_linking("v1", "t1", None, sure=0.99))

    terminal(sqlite_database)("2", "")
    timid = terminal(sqlite_database)("", timid=True)

    assert "(or Enter)" not in timid.output
    assert shown(sqlite_database, "v1") == OPEN


def test_another_candidate_is_looked_at_before_it_is_accepted(
    filled: Database, type_: Terminal
) -> None:
    output = type_("2", "y").output

    assert ">2. Barcamp 2022" in output
    assert shown(filled, "v1") == ("match", [("e2", None)])


def test_no_shows_the_next_candidate_and_in_the_end_none(filled: Database, type_: Terminal) -> None:
    output = type_("n", "n", "y", "s").output

    assert ">1. Barcamp 2022" in output
    assert "No event on record is like it" in output
    assert "“y” is no key here" in output
    assert sorted(marks(filled, "v1"), key=str) == [
        (Mark.LATER, None),
        (Mark.REJECTED, "e1"),
        (Mark.REJECTED, "e2"),
    ]


@pytest.mark.parametrize(("number", "reason"), list(enumerate(NoEventReason, start=1)))
def test_no_event_asks_for_the_reason_by_number(
    filled: Database, type_: Terminal, number: int, reason: NoEventReason
) -> None:
    type_("k", str(number))

    assert shown(filled, "v1") == ("no_event", reason.value)


@pytest.mark.parametrize("number", ["", "0", "7", "trailer"])
def test_no_event_without_a_reason_says_nothing(
    filled: Database, type_: Terminal, number: str
) -> None:
    type_("k", number)

    assert shown(filled, "v1") == OPEN


@pytest.mark.parametrize(
    ("typed", "links"),
    [
        ("2", [("t2", None, None)]),
        ("1 2", [("t1", 300, 900), ("t2", 900, 1800)]),  # chapters of the description
        ("1@0:10-4:00, 2@5:00", [("t1", 10, 240), ("t2", 300, None)]),
    ],
)
def test_one_talk_or_several_are_picked_from_the_whole_list(
    filled: Database, type_: Terminal, typed: str, links: Sequence[Any]
) -> None:
    output = type_("l", typed, "y").output

    assert "2. Verkehr von morgen, Bo Muster" in output
    with filled.read() as session:
        now = reads_review.standing(session, ["v1"])["v1"]
    assert [(link.talk_id, link.start_s, link.end_s) for link in now.links] == links


@pytest.mark.parametrize("answers", [("",), ("3",), ("1@9:99",), ("1-2",), ("1", ""), ("1", "n")])
def test_the_list_of_talks_is_left_without_saying_anything(
    filled: Database, type_: Terminal, answers: Sequence[str]
) -> None:
    type_("l", *answers)

    assert shown(filled, "v1") == OPEN


@pytest.mark.parametrize(
    ("lines", "link"),
    [
        (["/nacht bibliothek", "1", "y"], ("e3", None)),
        (["/", "e3", "1", "y"], ("e3", None)),
        (["/wandel beispiel", "2", "j"], ("e1", "t1")),
    ],
)
def test_any_event_or_talk_on_record_can_be_looked_for(
    filled: Database, type_: Terminal, lines: Sequence[str], link: tuple[str, str | None]
) -> None:
    type_("s", "s", *lines)

    assert shown(filled, "v3") == ("match", [link])


@pytest.mark.parametrize(
    "lines", [["/gibtesnicht"], ["/", ""], ["/nacht", ""], ["/nacht", "1", ""]]
)
def test_a_search_is_left_without_saying_anything(
    filled: Database, type_: Terminal, lines: Sequence[str]
) -> None:
    type_(*lines)

    assert shown(filled, "v1") == OPEN


def test_later_comes_back_from_what_was_skipped(filled: Database, type_: Terminal) -> None:
    type_("s")

    assert "https://youtu.be/v1" not in type_("q").output
    skipped = type_("k", "1", state="skipped")
    assert "https://youtu.be/v1" in skipped.output
    assert shown(filled, "v1") == ("no_event", "trailer")
    assert type_(state="skipped").output == "No video is put off.\n"


def test_undo_comes_back_to_the_video_any_number_of_steps(
    filled: Database, type_: Terminal
) -> None:
    output = type_("y", "n", "z", "z", "z").output

    cards = re.findall(r"https://youtu\.be/(v\d)", output)
    assert cards == ["v1", "v2", "v2", "v2", "v1"]
    best = re.findall(r">1\. (\w+)", output)
    assert best == ["Zukunftsforum", "Zukunftsforum", "Barcamp", "Zukunftsforum", "Zukunftsforum"]
    assert "There is nothing to take back." in output
    assert (shown(filled, "v1"), marks(filled, "v2")) == (OPEN, [])


def test_talks_are_listed_by_the_key_of_the_pages_too(filled: Database, type_: Terminal) -> None:
    type_("t", "2", "y")

    assert shown(filled, "v1") == ("match", [("e1", "t2")])


@pytest.mark.parametrize("blind", [True, False])
def test_what_the_rule_thinks_is_hidden_by_a_key_or_from_the_beginning(
    type_: Terminal, blind: bool
) -> None:
    cards = type_("b", "s", blind=blind).output.split("left, ")[1:]

    for number, card in enumerate(cards[:3]):
        is_hidden = (number == 0) is blind  # the key turns it, and it stays so with the next video
        for text in ("80 %", "●●○", "times likelier", "+5.0 sum", "Why it waits"):
            assert number == 2 or (text in card) is not is_hidden, (number, text)
        assert "title" in card
        assert "„Zukunft“ in beiden" in card
        assert ("[B] show scores" in card) is is_hidden


def test_enter_does_nothing_while_what_the_rule_thinks_is_hidden(sqlite_database: Database) -> None:
    fill(sqlite_database, video_linking("v1", "t1", None, sure=0.99))

    output = terminal(sqlite_database)("", blind=True).output

    assert "(or Enter)" not in output
    assert shown(sqlite_database, "v1") == OPEN


def test_what_was_said_last_is_told_as_to_a_colleague(filled: Database, type_: Terminal) -> None:
    said = " ".join(type_("h", "y", "n", "s", "z", "k", "1", "h").output.split())

    assert "Nobody has decided anything yet." in said
    for text in (
        "ana “Zukunftsforum: Wohnen im Wandel” – linked to “Wohnen im Wandel, Ada Beispiel” at"
        " “Zukunftsforum 2023 (2023-11-23)”",
        "ana “Zukunftsforum: Verkehr von morgen” – not of “Zukunftsforum 2023 (2023-11-23)”",
        "ana “Zukunftsforum: Verkehr von morgen” – no event (a trailer)",
        "ana, taken back since “Zukunftsforum: Verkehr von morgen” – put off",
        "ana took back: “Zukunftsforum: Verkehr von morgen” – put off",
    ):
        assert text in said, said
    assert said.rindex("linked to") < said.rindex("took back") < said.rindex("no event (")


def test_the_card_says_what_was_said_of_the_video_before(type_: Terminal) -> None:
    rejected, undone = type_("n", "z").output.split("Said before: ")[1:]

    assert rejected.startswith("not of “Zukunftsforum 2023 (2023-11-23)” (ana, ")
    assert undone.startswith("taken back: not of “Zukunftsforum 2023 (2023-11-23)” (ana, ")


def test_quitting_and_the_end_of_the_input_keep_what_was_said(
    filled: Database, type_: Terminal
) -> None:
    quit_, ended = type_("y", "q"), type_("k", "2")

    assert "1 said, 2 videos left." in quit_.output
    assert "1 said, 1 video left." in ended.output
    assert shown(filled, "v1") == ("match", [("e1", "t1")])
    assert shown(filled, "v2") == ("no_event", "statement")


def test_help_explains_every_key_that_is_offered(type_: Terminal) -> None:
    output = type_("?").output

    offered = re.findall(r"\[([A-Z/])\]", output)
    explained = {line[0] for line in HELP.splitlines()}
    assert explained.issuperset(offered)
    assert " ".join(HELP.split()) in " ".join(output.split())
    narrow = type_("?", width=40).output
    assert "N       it is not this event; the pair\n        is never proposed again\n" in narrow


# --- others at work -------------------------------------------------------------------


def say(database: Database, video_id: str, what: Any, **given: Any) -> None:
    acts.say(database, [Say(video_id=video_id, what=what, **given)], editor="Bo Muster", now=NOW)


def test_a_second_video_of_a_talk_is_a_further_upload_or_takes_it(
    sqlite_database: Database,
) -> None:
    both = [video_linking("v1", "t1", None, sure=0.8), video_linking("v2", "t1", None, sure=0.7)]
    fill(sqlite_database, *both)

    first = terminal(sqlite_database)("y", "y", "").output

    assert "Not written: v1 shows the talk t1 already" in first
    assert shown(sqlite_database, "v2") == OPEN

    terminal(sqlite_database)("y", "d")

    with sqlite_database.read() as session:
        [link] = reads_review.standing(session, ["v2"])["v2"].links
    assert link.role is Role.DUPLICATE

    acts.undo(sqlite_database, editor="ana", now=NOW)
    terminal(sqlite_database)("y", "t")

    assert shown(sqlite_database, "v2") == ("match", [("e1", "t1")])
    assert shown(sqlite_database, "v1") == OPEN


@pytest.mark.parametrize(
    ("number", "talk_id", "role"),
    [
        ("2", "t1", Role.PART),
        ("3", "t1", Role.EXCERPT),
        ("5", None, Role.FULL),
    ],
)
def test_a_video_shows_a_part_an_excerpt_or_the_whole_event(
    filled: Database, type_: Terminal, number: str, talk_id: str | None, role: Role
) -> None:
    result = type_("p", number)

    assert "Of “Wohnen im Wandel, Ada Beispiel” the video shows" in result.output
    assert "  5. the whole of “Zukunftsforum 2023 (2023-11-23)”" in result.output
    with filled.read() as session:
        [link] = reads_review.standing(session, ["v1"])["v1"].links
    assert (link.event_id, link.talk_id, link.role) == ("e1", talk_id, role)


def test_how_much_of_it_can_be_left_unsaid(filled: Database, type_: Terminal) -> None:
    type_("p", "", "p", "6", "p", "x")

    assert shown(filled, "v1") == OPEN


def test_what_somebody_else_decided_before_the_card_was_shown_is_passed_over(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harvester.cli import review_saying

    answers = iter(["y", "q"])

    def ask(self: review_saying.Terminal, question: str) -> str:
        if question.endswith(">") and shown(filled, "v1") == OPEN:
            say(filled, "v1", "no_event", reason=NoEventReason.OTHER)
        return next(answers)

    monkeypatch.setattr(review_saying.Terminal, "ask", ask)

    output = terminal(filled)().output

    assert "Not written: Bo Muster has decided “no_event” meanwhile" in output
    assert "“Zukunftsforum: Wohnen im Wandel”: Bo Muster has decided it." in output
    assert shown(filled, "v1") == ("no_event", "other")


def test_what_changed_since_it_was_decided_can_be_confirmed(
    filled: Database, type_: Terminal
) -> None:
    from harvester.records import Link

    say(filled, "v1", "match", links=(Link(event_id="e1", talk_id="t1"),))
    with filled.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 2", now=NOW)
        changed = build.video("v1", title="Ein anderer Titel")
        writes.save_videos(session, [changed], now=NOW, run_id=run_id)

    output = type_("", "c", state="look_again").output

    assert "Decided by Bo Muster on 2026-11-22: it shows Zukunftsforum 2023" in output
    assert "≠ title: Zukunftsforum: Wohnen im Wandel → Ein anderer Titel" in output
    assert "“Ein anderer Titel” stays as it was decided." in output
    assert shown(filled, "v1") == ("match", [("e1", "t1")])
    assert "No video has changed" in type_(state="look_again").output


# --- ways to run it -------------------------------------------------------------------


def test_quiet_accepts_what_is_strong_as_one_act_and_lists_it(sqlite_database: Database) -> None:
    fill(
        sqlite_database,
        video_linking("v1", "t1", None, sure=0.94),
        video_linking("v2", "t2", None, sure=0.92),
        video_linking("v3", "t9", None, sure=0.7),
    )

    output = terminal(sqlite_database)(quiet=True).output

    assert "“Zukunftsforum: Wohnen im Wandel” shows “Wohnen im Wandel" in output
    assert "2 videos linked; nothing else was decided." in output
    assert shown(sqlite_database, "v3") == OPEN
    with sqlite_database.read() as session:
        [act] = reads_review.acts(session)
    assert (act.kind, act.video_count) == ("bulk", 2)


def test_quiet_leaves_out_two_that_want_the_same_talk(sqlite_database: Database) -> None:
    fill(
        sqlite_database,
        video_linking("v1", "t1", None, sure=0.94),
        video_linking("v2", "t1", None, sure=0.92),
    )

    output = terminal(sqlite_database)(quiet=True).output

    assert "Left out: v2: v1 is to show the talk t1, too." in output
    assert "0 videos linked" in output
    assert shown(sqlite_database, "v1") == shown(sqlite_database, "v2") == OPEN


@pytest.mark.parametrize("quiet", [True, False])
def test_pretending_writes_nothing(sqlite_database: Database, quiet: bool) -> None:
    fill(
        sqlite_database, video_linking("v1", "t1", None, sure=0.94), video_linking("v2", "t2", None)
    )

    output = terminal(sqlite_database)("n", "y", "z", "k", "1", pretend=True, quiet=quiet).output

    assert "would be " in output.casefold()
    assert "takes it back" not in output
    with sqlite_database.read() as session:
        assert reads_review.acts(session) == []


def test_quiet_and_timid_exclude_each_other(filled: Database) -> None:
    with pytest.raises(click.UsageError, match="--quiet and --timid exclude each other"):
        run(Program(file=None, database=filled.url), quiet=True, timid=True, pretend=False)


def test_an_empty_queue_says_so(sqlite_database: Database) -> None:
    assert terminal(sqlite_database)().output == "No video waits for an editor.\n"
