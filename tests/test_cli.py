"""The command line: what people and cron see, and the exit codes they can rely on."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harvester.cli import cli
from harvester.errors import RunInProgress
from harvester.store import reads_people
from harvester.store.database import Database
from harvester.store.views import VIEWS
from tests.standin.faults import Fault
from tests.standin.server import StandIn

CHANNEL_ID = "UCdemo-command-line-0001"
HANDLE = "@demo-command-line"


class Shell:
    """A user at a terminal in an empty directory, with a key and a channel."""

    def __init__(self, folder: Path, standin: StandIn) -> None:
        self.folder = folder
        self.environment = {
            "COLUMNS": "140",
            "YOUTUBE_API_KEY": standin.api_key,
            "HARVESTER_YOUTUBE__API_ENDPOINT": standin.address,
            "HARVESTER_YOUTUBE__ATTEMPTS": "1",
            "HARVESTER_CHANNELS": f'[{{handle = "{HANDLE}"}}]',
            "HARVESTER_EVENTS__SOURCES": '["events.csv", "talks.csv"]',
            "HARVESTER_DATABASE__URL": f"sqlite:///{folder}/harvester.db",
        }

    def __call__(self, *arguments: str, **environment: str | None) -> Result:
        return CliRunner().invoke(cli, arguments, env={**self.environment, **environment})


@pytest.fixture
def shell(tmp_path: Path, standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    channel = standin.world.channel(id=CHANNEL_ID, handle=HANDLE, title="Stadt Musterhausen")
    channel.upload(
        "demo-cli-0001",
        title="Musterhausener Zukunftsforum 2023: Wohnen im Wandel – Dr. Ada Beispiel",
        description="Vortrag auf dem Musterhausener Zukunftsforum 2023 am 14.09.2023",
        published_at="2023-09-20T08:00:00Z",
        duration="PT41M",
        caption=True,
    )
    channel.upload(
        "demo-cli-0002",
        title="Unser Freibad im Sommer",
        published_at="2023-07-01T08:00:00Z",
        duration="PT2M",
    )
    (tmp_path / "events.csv").write_text(
        "event_id,title,series,start_date,city\n"
        "forum-2023,Musterhausener Zukunftsforum 2023,Musterhausener Zukunftsforum,2023-09-14,"
        "Musterhausen\n"
        "forum-2022,Musterhausener Zukunftsforum 2022,Musterhausener Zukunftsforum,2022-09-15,"
        "Musterhausen\n"
        "lesung-2021,Lange Nacht der Bibliothek,,2021-11-05,Musterhausen\n",
        encoding="utf-8",
    )
    (tmp_path / "talks.csv").write_text(
        "talk_id,event_id,title,speakers,date,kind\n"
        "wohnen,forum-2023,Wohnen im Wandel,Dr. Ada Beispiel,2023-09-14,talk\n"
        "verkehr,forum-2023,Verkehr von morgen,Bo Muster,2023-09-14,talk\n",
        encoding="utf-8",
    )
    return Shell(tmp_path, standin)


def test_a_run_brings_videos_and_events_in_and_links_them(shell: Shell) -> None:
    result = shell("run")

    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    [line] = result.stdout.splitlines()
    assert line.startswith("run 1: 2 new, 0 changed, 0 gone")
    assert "1 matched" in line
    exported = shell("export", "recordings", "--format", "jsonl")
    [row] = map(json.loads, exported.stdout.splitlines())
    assert (row["video_id"], row["event_id"], row["talk_id"]) == (
        "demo-cli-0001",
        "forum-2023",
        "wohnen",
    )
    assert row["caption_state"] == "flag_only_yes"


def test_a_second_run_finds_nothing_new_and_says_so_in_one_line(shell: Shell) -> None:
    shell("run")

    result = shell("run")

    [line] = result.stdout.splitlines()
    assert line.startswith("run 2: 0 new, 0 changed, 0 gone")
    assert line.endswith("; 1 quota unit")


def test_a_run_while_another_is_at_work_leaves_with_75_and_says_who(shell: Shell) -> None:
    shell("run")
    database = Database(shell.environment["HARVESTER_DATABASE__URL"])

    with database.exclusive():
        result = shell("run")

    assert result.exit_code == RunInProgress.exit_code == 75
    assert "another run is at work" in result.stderr
    with database.read() as session:
        outcomes = [row["outcome"] for row in reads_people.view(session, "runs")]
    database.close()
    assert sorted(outcomes) == ["done", "refused"]


@pytest.mark.parametrize(
    ("fault", "exit_code", "said"),
    [
        (Fault.QUOTA_EXCEEDED, 75, "resets at"),
        (Fault.UNAVAILABLE, 69, "YouTube"),
        (Fault.HTML_200, 69, "YouTube"),
    ],
)
def test_trouble_with_youtube_ends_with_the_code_cron_can_alarm_on(
    shell: Shell, standin: StandIn, fault: Fault, exit_code: int, said: str
) -> None:
    standin.faults.add(fault, method=None, nth=1, times=100)

    result = shell("run")

    assert result.exit_code == exit_code
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_refused_key_ends_with_77_and_is_not_shown(shell: Shell) -> None:
    wrong = "this-is-a-wrong-key-0123456789"

    result = shell("-vv", "run", YOUTUBE_API_KEY=wrong)

    assert result.exit_code == 77
    assert wrong not in result.output


def test_the_key_is_nowhere_in_the_database_or_the_output(shell: Shell, standin: StandIn) -> None:
    standin.faults.add(Fault.UNAVAILABLE, method="videos.list", nth=1, times=100)

    result = shell("-vv", "--log-format", "json", "run")

    assert standin.api_key not in result.output
    files = list(shell.folder.glob("harvester.db*"))
    assert files
    assert all(standin.api_key.encode() not in path.read_bytes() for path in files)


def test_events_and_links_are_brought_up_to_date_even_when_youtube_is_away(
    shell: Shell, standin: StandIn
) -> None:
    shell("harvest")
    standin.faults.add(Fault.UNAVAILABLE, method=None, nth=1, times=100)

    result = shell("run")

    assert result.exit_code == 69
    assert "forum-2023" in shell("export", "recordings").stdout


def test_a_missing_channel_and_a_missing_key_are_configuration_errors(shell: Shell) -> None:
    without_channel = shell("run", HARVESTER_CHANNELS="[]")
    without_key = shell("run", YOUTUBE_API_KEY=None)

    assert (without_channel.exit_code, without_key.exit_code) == (78, 78)
    assert "channels" in without_channel.stderr
    assert "YOUTUBE_API_KEY" in without_key.stderr


def test_bad_event_records_end_with_65_and_name_file_line_and_field(shell: Shell) -> None:
    (shell.folder / "events.csv").write_text(
        "event_id,title,start_date\na,Ein Fest,14.09.2023\n", encoding="utf-8"
    )

    result = shell("events", "check", "events.csv")

    assert result.exit_code == 65
    assert "events.csv, line 2, start_date" in result.stderr


def test_explain_takes_any_address_of_a_video(shell: Shell) -> None:
    shell("run")

    result = shell("explain", "https://www.youtube.com/watch?v=demo-cli-0001&t=5s")

    assert result.exit_code == 0, result.stderr
    assert "Linked by rule" in result.stdout
    assert "Wohnen im Wandel" in result.stdout
    assert "sum" in result.stdout


def test_explain_of_an_unknown_video_is_bad_input(shell: Shell) -> None:
    shell("run")

    result = shell("explain", "demo-cli-9999")

    assert result.exit_code == 65
    assert "no such video" in result.stderr


def test_unmatched_lists_what_waits(shell: Shell) -> None:
    shell("run")

    result = shell("unmatched")

    assert "Unser Freibad im Sommer" in result.stdout
    assert "Wohnen im Wandel" not in result.stdout


def test_plan_says_what_a_run_would_cost_and_asks_nothing(shell: Shell, standin: StandIn) -> None:
    before = shell("plan")
    shell("run")
    standin.forget()

    after = shell("plan")

    assert before.exit_code == after.exit_code == 0, before.stderr + after.stderr
    assert HANDLE in before.stdout
    assert standin.count() == 0


def test_status_is_fresh_after_a_run_and_stale_when_it_is_too_old(shell: Shell) -> None:
    shell("run")

    fresh = shell("status", "--json")
    stale = shell("status", "--max-age", "0")
    quiet = shell("status", "--quiet")

    assert (fresh.exit_code, stale.exit_code, quiet.exit_code) == (0, 1, 0)
    assert json.loads(fresh.stdout)["fresh"] is True
    assert "stale" in stale.stdout
    assert quiet.stdout == ""


def test_status_without_a_database_says_how_to_get_one_and_makes_none(shell: Shell) -> None:
    result = shell("status")

    assert result.exit_code == 78
    assert "harvester run" in result.stderr
    assert not (shell.folder / "harvester.db").exists()


def test_link_alone_is_no_fresh_harvest(shell: Shell) -> None:
    shell("link")

    assert shell("status").exit_code == 1


def test_export_writes_a_whole_file_or_none(shell: Shell) -> None:
    shell("run")

    written = shell("export", "videos", "-o", "videos.csv")
    refused = shell("export", "videos", "-o", "no/such/folder/videos.csv")

    assert written.exit_code == 0
    lines = (shell.folder / "videos.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("video_id,url,channel_id,title,published_at,duration_s")
    assert len(lines) == 3
    assert ",2460," in lines[1] or ",2460," in lines[2]
    assert refused.exit_code == 73


@pytest.mark.parametrize(
    "command",
    [
        "",  # the help, on stderr
        "run --no-such-option",
        "no-such-command",
        "unmatched -n 0",
        "status --max-age -1",
        "status --max-age nan",
        "status --max-age inf",
        "export no_such_view",
        "explain https://vimeo.com/1",
    ],
)
def test_wrong_use_ends_with_64(shell: Shell, command: str) -> None:
    result = shell(*command.split())

    assert result.exit_code == 64
    assert result.stdout == ""
    assert result.stderr


def test_the_help_of_export_names_every_view(shell: Shell) -> None:
    words = shell("export", "--help").stdout.replace(",", " ").split()

    assert set(VIEWS) <= set(words)


def test_help_is_there_at_once() -> None:
    slow = ("alembic", "googleapiclient", "pandas", "pydantic", "rich", "scipy", "sqlalchemy")

    result = subprocess.run(
        [sys.executable, "-c", "import sys, harvester.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert set(slow).isdisjoint(result.stdout.split())


def test_the_settings_file_can_be_named_in_the_environment(shell: Shell) -> None:
    (shell.folder / "other.toml").write_text("[youtube]\nworkers = 3\n", encoding="utf-8")

    result = shell("config", "show", HARVESTER_CONFIG="other.toml")

    assert result.exit_code == 0, result.stderr
    assert re.search(r"youtube.workers +3 +other\.toml", result.stdout)
    assert shell("status", HARVESTER_CONFIG="no-such.toml").exit_code == 78


def test_with_json_every_line_on_stderr_is_json_the_last_one_too(
    shell: Shell, standin: StandIn
) -> None:
    standin.faults.add(Fault.UNAVAILABLE, nth=3, times=100)

    result = shell("-vv", "--log-format", "json", "run")

    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert len(lines) > 3
    assert "YouTube did not answer" in lines[-1]["event"]
    assert all({"event", "level", "logger", "timestamp"} <= line.keys() for line in lines)


def test_with_v_a_run_without_terminal_says_how_far_it_is(shell: Shell) -> None:
    result = shell("-v", "run")

    assert "part=harvest" in result.stderr
    assert "Stadt Musterhausen: 2 of 2 listed" in result.stderr
    assert len(result.stdout.splitlines()) == 1


def test_the_demo_minds_no_settings_of_the_user(shell: Shell) -> None:
    (shell.folder / "harvester.toml").write_text("[youtub]\n", encoding="utf-8")

    result = shell("demo", HARVESTER_NO_SUCH="1")

    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize(
    "url", ["sqlite:////no/such/folder/h.db", "postgresql://nobody:geheim@127.0.0.1:1/x"]
)
def test_a_database_that_cannot_be_had_is_told_with_its_place(shell: Shell, url: str) -> None:
    result = shell("run", HARVESTER_DATABASE__URL=url)

    assert result.exit_code == 69
    assert result.stderr.startswith("harvester: the database ")
    assert len(result.stderr.splitlines()) == 1
    assert "geheim" not in result.output


def test_a_folder_or_another_file_is_no_database(shell: Shell) -> None:
    (shell.folder / "notes.txt").write_text("no database at all\n" * 100, encoding="utf-8")

    folder = shell("status", HARVESTER_DATABASE__URL=f"sqlite:///{shell.folder}")
    file = shell("status", HARVESTER_DATABASE__URL="sqlite:///notes.txt")

    assert (folder.exit_code, file.exit_code) == (69, 69)
    assert "is this the right file?" in file.stderr


def test_config_init_writes_a_file_that_is_in_order_and_never_overwrites(shell: Shell) -> None:
    written = shell("config", "init")
    again = shell("config", "init")

    assert written.exit_code == 0
    assert again.exit_code == 73
    assert shell("config", "show").exit_code == 0


def test_config_show_names_the_origin_and_no_secret(shell: Shell, standin: StandIn) -> None:
    result = shell("config", "show", HARVESTER_DATABASE__URL="postgresql://ana:geheim@host/db")

    assert "HARVESTER_DATABASE__URL" in result.stdout
    assert "geheim" not in result.stdout
    assert standin.api_key not in result.stdout


def test_config_check_says_what_is_missing(shell: Shell) -> None:
    in_order = shell("config", "check")
    missing = shell("config", "check", YOUTUBE_API_KEY=None, HARVESTER_EVENTS__SOURCES='["x.csv"]')

    assert in_order.exit_code == 0, in_order.output
    assert missing.exit_code == 1
    assert "key: " in missing.stdout
    assert "x.csv" in missing.stdout
    assert not (shell.folder / "harvester.db").exists()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("HARVESTER_YOUTUBE__WORKER", "3", "settings: youtube.worker"),
        ("HARVESTER_CHANNELS", '[{url = "https://youtube.com/c/a"}]', "channels: channel 'https"),
        ("HARVESTER_DATABASE__URL", "postgresql://nobody@127.0.0.1:1/x", "database: the database"),
        ("HARVESTER_LINKAGE__MODEL", "/no/such.toml", "linkage: linkage.model: cannot read"),
    ],
)
def test_config_check_tells_a_wrong_setting_once(
    shell: Shell, variable: str, value: str, said: str
) -> None:
    result = shell("config", "check", **{variable: value})

    assert result.exit_code == 1
    assert [line for line in result.stdout.splitlines() if "in order" not in line] == [
        next(line for line in result.stdout.splitlines() if line.startswith(said))
    ]


def test_a_bug_shows_its_traceback_without_secrets_and_ends_with_70(
    shell: Shell, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError(f"with the key {standin.api_key}")

    monkeypatch.setattr("harvester.run.run", broken)

    result = shell("run")

    assert result.exit_code == 70
    assert "ZeroDivisionError" in result.stderr
    assert standin.api_key not in result.stderr
