"""`harvester decide`: what an editor says of one video, refused by name where it makes no sense."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harvester import settings
from harvester.cli import cli
from harvester.cli.decide import seconds_of
from harvester.records import EventRecords, Link, Mark, NoEventReason, Role
from harvester.review import acts
from harvester.review.acts import Say
from harvester.store import reads, reads_review, writes
from harvester.store.database import Database
from harvester.store.reads_review import Standing
from tests import build, linkings
from tests.linkings import linking, store

Shell = Callable[..., Result]
ID = "v1"


@pytest.fixture
def run_in(sqlite_database: Database) -> int:
    with sqlite_database.write() as session:
        return writes.start_run(session, command="run", holder="process 1", now=build.NOW)


@pytest.fixture
def filled(sqlite_database: Database, run_in: int) -> Database:
    """Three videos that wait; e1 with t1 is the best candidate of each."""
    linkings.fill(sqlite_database, run_in)
    store(sqlite_database, run_in, *(linking(f"v{n}") for n in (1, 2, 3)))
    return sqlite_database


@pytest.fixture
def shell(filled: Database) -> Shell:
    def run(*arguments: str) -> Result:
        whole = ["--database", filled.url, "decide", *arguments]
        return CliRunner().invoke(cli, whole, prog_name="harvester")

    return run


def standing(database: Database, video_id: str = ID) -> Standing:
    with database.read() as session:
        return reads_review.standing(session, [video_id])[video_id]


def marks(database: Database, video_id: str = ID) -> list[tuple[Mark, str | None]]:
    with database.read() as session:
        return reads_review.marks_of(session, [video_id])[video_id]


# --- what can be said ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "links", "said"),
    [
        ("--event e1", [Link(event_id="e1")], "shows “Veranstaltung e1”."),
        (
            "--event e1 --talk t1",
            [Link(event_id="e1", talk_id="t1")],
            "shows “Vortrag t1” at “Veranstaltung e1”.",
        ),
        (
            "--event e1 --talk t1 --role excerpt --start 1:02 --end 5:00",
            [Link(event_id="e1", talk_id="t1", role=Role.EXCERPT, start_s=62, end_s=300)],
            "(an excerpt, from 0:01:02 to 0:05:00).",
        ),
        (
            "--event e2 --role duplicate",
            [Link(event_id="e2", role=Role.DUPLICATE)],
            "shows “Veranstaltung e2” (a further upload).",
        ),
        (
            "--event e1 --start 5:00 --end 10:00",
            [Link(event_id="e1", start_s=300, end_s=600)],
            "shows “Veranstaltung e1” (from 0:05:00 to 0:10:00).",
        ),
        (
            "--event e1 --talk t1@5:00",
            [Link(event_id="e1", talk_id="t1", start_s=300)],
            "shows “Vortrag t1” at “Veranstaltung e1” (from 0:05:00).",
        ),
    ],
)
def test_a_video_shows_an_event_or_a_talk(
    filled: Database, shell: Shell, options: str, links: list[Link], said: str
) -> None:
    result = shell(ID, *options.split(), "--note", "vom Team", "--as", "Ana Beispiel")

    assert result.exit_code == 0, result.output
    first, second = result.output.splitlines()
    assert first.startswith("“Video v1” ")
    assert first.endswith(said)
    assert second == "`harvester decide --undo --as 'Ana Beispiel'` takes it back."
    now = standing(filled)
    assert (now.verdict, list(now.links), now.decided_by) == ("match", links, "Ana Beispiel")
    with filled.read() as session:
        assert reads_review.history(session, ID)[0].note == "vom Team"


def test_several_talks_are_said_at_once(filled: Database, shell: Shell) -> None:
    talks = (build.talk("t1", "e1"), build.talk("t3", "e1"))
    records = EventRecords("zwk.yaml", events=(build.event("e1"),), talks=talks)
    with filled.write() as session:
        writes.save_event_records(session, records, now=build.NOW)

    result = shell(ID, "--event", "e1", "--talk", "t1", "--talk", "t3")
    with_times = shell(ID, "--event", "e1", "--talk", "t1@5:00-10:00", "--talk", "t3@-25:00")

    assert result.exit_code == 0, result.output
    assert with_times.exit_code == 0, with_times.output
    assert [(each.talk_id, each.start_s, each.end_s) for each in standing(filled).links] == [
        ("t1", 300, 600),
        ("t3", None, 1500),
    ]


@pytest.mark.parametrize(
    ("kind", "record", "status", "said"),
    [
        ("event", "e1", "not_recorded", "“Veranstaltung e1” – not recorded."),
        ("talk", "t1", "not_published", "“Vortrag t1” at “Veranstaltung e1” – not published."),
    ],
)
def test_of_an_event_or_talk_no_recording_is_to_be_expected(
    filled: Database, kind: str, record: str, status: str, said: str
) -> None:
    def harvester(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["--database", filled.url, *arguments])

    def statuses() -> list[object]:
        with filled.read() as session:
            found = {"e1": "events_without_video", "t1": "talks_without_video"}[record]
            rows = reads.view(session, found)
            return [
                row["status"] for row in rows if record in (row.get("talk_id"), row["event_id"])
            ]

    before = statuses()
    result = harvester("events", "status", record, status, "--as", "ana")

    assert result.exit_code == 0, result.output
    assert result.output == f"{said}\n`harvester decide --undo --as ana` takes it back.\n"
    assert statuses() == [status]
    assert harvester("decide", "--undo", "--as", "ana").exit_code == 0
    assert statuses() == before


def test_the_status_of_what_is_not_on_record_is_refused_by_name(filled: Database) -> None:
    whole = ["--database", filled.url, "events", "status", "e77", "not_recorded"]
    result = CliRunner().invoke(cli, whole)

    assert result.exit_code == 65
    assert "e77: no such event or talk on record" in result.stderr


@pytest.mark.parametrize(
    "video",
    [
        "https://www.youtube.com/watch?v=v1&t=35s",
        "https://youtu.be/v1?si=abc",
        "youtube.com/shorts/v1",
        "https://www.youtube.com/live/v1?feature=share",
        "https://www.youtube-nocookie.com/embed/v1",
    ],
)
def test_a_video_is_named_by_any_of_its_addresses(
    filled: Database, shell: Shell, video: str
) -> None:
    result = shell(video, "--no-event", "trailer")

    assert result.exit_code == 0, result.output
    assert result.output.startswith("“Video v1” belongs to no event: a trailer.\n")
    assert (standing(filled).verdict, standing(filled).reason) == ("no_event", "trailer")


def test_a_pair_is_ruled_out_and_the_video_goes_on_waiting(filled: Database, shell: Shell) -> None:
    result = shell(ID, "--not", "e1", "--not", "e2")

    assert "is not of “Veranstaltung e1” nor “Veranstaltung e2”" in result.output
    assert "it still waits." in result.output
    assert sorted(marks(filled)) == [(Mark.REJECTED, "e1"), (Mark.REJECTED, "e2")]
    assert standing(filled).verdict is None


def test_a_video_is_put_off(filled: Database, shell: Shell) -> None:
    result = shell(ID, "--later")

    assert "is put off until something about it changes." in result.output
    assert marks(filled) == [(Mark.LATER, None)]


def test_without_a_name_the_systems_user_decides(filled: Database, shell: Shell) -> None:
    result = shell(ID, "--later")

    assert result.output.splitlines()[1] == "`harvester decide --undo` takes it back."
    with filled.read() as session:
        [act] = reads_review.acts(session)
    assert act.editor == settings.system_user()


# --- undo ---------------------------------------------------------------------------


def test_undo_takes_back_one_act_after_the_other(filled: Database, shell: Shell) -> None:
    shell(ID, "--event", "e1")
    shell("v2", "--no-event", "other")

    first = shell("--undo")
    second = shell("--undo")
    third = shell("--undo")

    assert first.output.startswith("Taken back: “Video v2” – no event (another reason) (")
    assert second.output.startswith("Taken back: “Video v1” – linked to “Veranstaltung e1” (")
    assert third.output.startswith("There is nothing to undo")
    assert [each.exit_code for each in (first, second, third)] == [0, 0, 0]
    assert (standing(filled).verdict, standing(filled, "v2").verdict) == (None, None)


def test_undo_of_a_video_that_the_last_act_was_not_about_says_what_it_was_about(
    filled: Database, shell: Shell
) -> None:
    shell(ID, "--event", "e1")
    shell("v2", "--later")

    refused = shell(ID, "--undo")
    done = shell("https://youtu.be/v2", "--undo")

    assert refused.exit_code == 65
    assert "the last thing that" in refused.stderr
    assert "“Video v2” – put off" in refused.stderr
    assert done.exit_code == 0
    assert marks(filled, "v2") == []


def test_undo_is_of_ones_own_acts_only(filled: Database, shell: Shell) -> None:
    shell(ID, "--later", "--as", "Ana")

    assert shell("--undo", "--as", "Bo").output.startswith("There is nothing to undo")
    assert marks(filled) == [(Mark.LATER, None)]


# --- clashes ------------------------------------------------------------------------


def test_a_talk_that_another_video_shows_is_taken_only_when_asked_for(
    filled: Database, shell: Shell
) -> None:
    shell("v2", "--event", "e1", "--talk", "t1")

    refused = shell(ID, "--event", "e1", "--talk", "t1")
    taken = shell(ID, "--event", "e1", "--talk", "t1", "--take")

    assert refused.exit_code == 65
    assert "v2 shows the talk t1 already" in refused.stderr
    assert taken.exit_code == 0, taken.output
    assert "Taken from “Video v2”: waiting again." in taken.output
    assert (standing(filled).verdict, standing(filled, "v2").verdict) == ("match", None)


def test_undo_is_refused_where_somebody_else_has_gone_on(filled: Database, shell: Shell) -> None:
    shell(ID, "--later", "--as", "Ana")
    bo = Say(video_id=ID, what="no_event", reason=NoEventReason.OTHER)
    acts.say(filled, [bo], editor="Bo Muster", now=build.NOW)

    result = shell("--undo", "--as", "Ana")

    assert result.exit_code == 65
    assert "Bo Muster" in result.stderr


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("--event e1 --talk t1", "--event e2", "Ana decided “match” with t1 on 2"),
        ("--event e1", "--event e1", "Ana decided “match” with e1 on 2"),
        ("--no-event other", "--event e1", "Ana decided “no_event” on 2"),
        ("--no-event other", "--later", "Ana decided “no_event” on 2"),
        ("--event e1", "--not e1 --not e2", "Ana decided “match” with e1 on 2"),
        ("--not e1", "--event e1", "Ana said “rejected” of e1 on 2"),
        ("--later", "--no-event other", "Ana said “later” on 2"),
    ],
)
def test_what_another_editor_said_is_named_and_put_aside_only_when_asked_for(
    filled: Database, shell: Shell, before: str, after: str, why: str
) -> None:
    shell(ID, *before.split(), "--as", "Ana")
    was = (standing(filled), marks(filled))

    refused = shell(ID, *after.split(), "--as", "Bo")
    unchanged = (standing(filled), marks(filled))
    written = shell(ID, *after.split(), "--as", "Bo", "--anyway")

    assert refused.exit_code == 65
    assert f"{ID}: {why}" in refused.stderr
    assert "--anyway says it all the same" in refused.stderr
    assert unchanged == was
    assert written.exit_code == 0, written.output
    assert standing(filled).said_by == "Bo"


def test_an_editor_may_change_her_mind(filled: Database, shell: Shell) -> None:
    said = ("--event e1", "--no-event other", "--not e2", "--event e2", "--later", "--event e1")

    results = [shell(ID, *each.split(), "--as", "Ana") for each in said]

    assert [each.exit_code for each in results] == [0] * len(said)
    assert standing(filled).links == (Link(event_id="e1"),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("--not e1", "--event e2"),
        ("--not e1", "--not e1"),
        ("--later", "--not e1"),
        ("--event e1", "--not e2"),
    ],
)
def test_what_leaves_standing_what_another_editor_said_is_no_clash(
    shell: Shell, before: str, after: str
) -> None:
    shell(ID, *before.split(), "--as", "Ana")

    assert shell(ID, *after.split(), "--as", "Bo").exit_code == 0


def test_what_another_editor_took_back_is_in_nobodys_way(filled: Database, shell: Shell) -> None:
    shell(ID, "--event", "e1", "--as", "Ana")
    shell("--undo", "--as", "Ana")

    assert shell(ID, "--event", "e2", "--as", "Bo").exit_code == 0
    assert standing(filled).decided_by == "Bo"


@pytest.mark.parametrize("after", ["--event e2", "--not e1"])
def test_a_rules_link_is_in_nobodys_way_unless_another_editor_found_it_right(
    filled: Database, run_in: int, shell: Shell, after: str
) -> None:
    store(filled, run_in, linking(ID, Link(event_id="e1")))
    ana = Say(video_id=ID, what="right")
    acts.say(filled, [ana], editor="Ana", now=build.NOW)

    refused = shell(ID, *after.split(), "--as", "Bo")
    shell("--undo", "--as", "Ana")

    assert refused.exit_code == 65
    assert "Ana said “right” on 2" in refused.stderr
    assert shell(ID, *after.split(), "--as", "Bo").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("v9 --later", "v9: no such video on record"),
        ("v1 --event e9", "no event e9 on record"),
        ("v1 --event e1 --talk t2", "the event e1 has no talk t2"),
        ("v1 --not e9", "no event e9 on record"),
        ("v1 --event e1 --talk t1 --start 1:00:00", "only 1800 seconds long"),
        ("v1 --later --as rule:x", "“rule:”"),
    ],
)
def test_what_is_not_on_record_is_named_and_nothing_is_written(
    filled: Database, shell: Shell, arguments: str, said: str
) -> None:
    result = shell(*arguments.split())

    assert result.exit_code == 65
    assert said in result.stderr
    with filled.read() as session:
        assert reads_review.acts(session) == []


# --- wrong use ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "say one of --event, --no-event, --not, --later, --undo"),
        ("v1", "say one of --event, --no-event, --not, --later, --undo"),
        ("--later", "--later needs a VIDEO"),
        ("--event e1", "--event needs a VIDEO"),
        ("v1 --event e1 --later", "--event and --later exclude each other"),
        ("--undo --anyway", "--anyway does not go with --undo"),
        ("v1 --event e1 --no-event other --undo", "--event and --no-event and --undo exclude"),
        ("v1 --talk t1", "--talk goes with --event only"),
        ("v1 --later --role part", "--role goes with --event only"),
        ("v1 --no-event other --take", "--take goes with --event only"),
        ("v1 --later --start 0", "--start goes with --event only"),
        ("v1 --event e1 --talk t1 --talk t2 --end 5", "--end goes with one --talk; of several: T@"),
        ("v1 --event e1 --talk t1@5-9 --start 5", "--start is said twice"),
        ("v1 --event e1 --talk t1@9-9", "'t1@9-9' ends before it begins"),
        ("v1 --event e1 --talk t1@-", "'t1@-' has no time behind the @"),
        ("v1 --event e1 --talk t1@1:99-", "'1:99' is no time"),
        ("v1 --event e1 --talk t1 --start 9 --end 9", "--end lies after --start"),
        ("v1 --event e1 --talk t1 --start 1:99", "'1:99' is no time"),
        ("v1 --later --note x", "--note goes with --event or --no-event only"),
        ("v1 --no-event advertisement", "'advertisement' is not one of 'trailer'"),
        ("v1 --event e1 --role half", "'half' is not one of 'full'"),
        ("https://example.org/v1 --later", "neither the id nor the address of a YouTube video"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(tmp_path: Path, arguments: str, said: str) -> None:
    database = f"sqlite:///{tmp_path}/none.db"

    result = CliRunner().invoke(cli, ["--database", database, "decide", *arguments.split()])

    assert result.exit_code == 64
    assert said in " ".join(result.stderr.split())
    assert list(tmp_path.iterdir()) == []


def test_help_shows_whole_commands(shell: Shell) -> None:
    lines = [line.strip() for line in shell("--help").output.splitlines()]

    assert lines[0] == "Usage: harvester decide [OPTIONS] [VIDEO]"
    assert "harvester decide VIDEO --event E --talk T --start 35:00 --end 1:02:03" in lines
    several = "harvester decide VIDEO --event E --talk T1@5:00-35:00 --talk T2@35:00-1:02:03"
    assert several in lines


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("95", 95),
        ("5400", 5400),
        ("35:00", 2100),
        ("95:00", 5700),
        ("1:02:03", 3723),
        ("1:60", None),
        ("1:60:00", None),
        ("-5", None),
        ("1:", None),
        ("abc", None),
        ("1.5", None),
    ],
)
def test_a_time_is_written_as_people_write_it(text: str, seconds: int | None) -> None:
    assert seconds_of(text) == seconds
