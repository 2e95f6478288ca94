"""The files for cron and systemd: what they call exists, and these programs take them."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from harvester import resources
from harvester.cli import cli
from harvester.errors import TryLater
from harvester.settings import FILE_VARIABLE, PREFIX, Settings

SCHEDULE = resources.config() / "schedule"
CRONTAB = (SCHEDULE / "crontab").read_text(encoding="utf-8")
ANALYZE = shutil.which("systemd-analyze")
RANGES = {"minute": (0, 59), "hour": (0, 23), "day": (1, 31), "month": (1, 12), "weekday": (0, 7)}


def unit(name: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(SCHEDULE / name, encoding="utf-8")
    return parser


def cron_lines() -> list[str]:
    lines = [line for line in CRONTAB.splitlines() if line and not line.startswith("#")]
    return [line for line in lines if not re.match(r"\w+=", line)]


def variables() -> dict[str, str]:
    return dict(re.findall(r"^(\w+)=(.*)$", CRONTAB, re.M))


def called(command: str) -> list[str]:
    """The arguments of harvester in a shell's command."""
    words = shlex.split(command.partition("|")[0].rpartition("&&")[2])
    assert words[0].endswith("/harvester")
    return words[1:]


def parsed(arguments: list[str]) -> str:
    """Parse arguments as the program does and return the command, or raise click.UsageError."""
    context = cli.make_context("harvester", list(arguments))
    words = [*context._protected_args, *context.args]
    name, command, rest = cli.resolve_command(context, words)
    assert name is not None
    assert command is not None
    command.make_context(name, rest, parent=context)
    return name


def everything_called() -> list[list[str]]:
    service = unit("zwk-harvester.service")["Service"]["ExecStart"]
    return [*(called(line.split(maxsplit=6)[6]) for line in cron_lines()), called(service)]


@pytest.mark.parametrize("line", cron_lines())
def test_a_line_of_the_crontab_has_five_fields_a_user_and_a_command(line: str) -> None:
    *times, user, command = line.split(maxsplit=6)

    for (low, high), field in zip(RANGES.values(), times, strict=True):
        found = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/([1-9]\d*))?", field)
        assert found, field
        assert all(low <= int(each) <= high for each in found.groups()[:2] if each), field
    assert re.fullmatch(r"[a-z][a-z-]+", user)
    assert "%" not in command  # cron takes it for a line break


def test_cron_needs_a_line_break_at_the_end_and_calls_what_the_page_says() -> None:
    assert CRONTAB.endswith("\n")
    assert [parsed(each) for each in everything_called()] == ["run", "status", "run"]


@pytest.mark.parametrize("arguments", everything_called(), ids=" ".join)
def test_a_misspelt_option_would_be_seen_here(arguments: list[str]) -> None:
    with pytest.raises(click.UsageError):
        parsed([*arguments, "--no-such-option"])


def test_variables_of_ours_that_are_set_are_those_that_we_read() -> None:
    service = unit("zwk-harvester.service")["Service"]
    given = [*variables(), service["Environment"].partition("=")[0]]

    for name in given:
        if name.startswith(PREFIX) and name != FILE_VARIABLE:
            section, key = name.removeprefix(PREFIX).lower().split("__")
            model = Settings.model_fields[section].annotation
            assert key in getattr(model, "model_fields", {})
    assert FILE_VARIABLE in given


def test_a_run_that_will_go_on_later_is_no_failure_for_systemd() -> None:
    service = unit("zwk-harvester.service")["Service"]

    assert service["SuccessExitStatus"] == str(TryLater.exit_code)
    assert service["Type"] == "oneshot"


def test_the_key_that_systemd_hands_over_is_the_one_that_is_read() -> None:
    service = unit("zwk-harvester.service")["Service"]
    name = service["LoadCredential"].partition(":")[0]

    assert service["Environment"] == f"HARVESTER_YOUTUBE__API_KEY_FILE=%d/{name}"


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not here")
def test_systemd_takes_the_service_and_the_timer(tmp_path: Path) -> None:
    for file in SCHEDULE.glob("zwk-harvester.*"):
        text = file.read_text(encoding="utf-8")
        # the program must be there to be verified
        text = re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", text)
        (tmp_path / file.name).write_text(text, encoding="utf-8")

    assert ANALYZE is not None
    units = [str(tmp_path / f"zwk-harvester.{kind}") for kind in ("service", "timer")]
    result = subprocess.run(
        [ANALYZE, "verify", "--recursive-errors=no", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not here")
def test_the_timer_comes_round_every_three_hours() -> None:
    given = unit("zwk-harvester.timer")["Timer"]["OnCalendar"]

    assert ANALYZE is not None
    result = subprocess.run(
        [ANALYZE, "calendar", "--iterations=3", "--base-time=2026-11-22 00:00:00 UTC", given],
        capture_output=True,
        text=True,
        check=False,
        env={"TZ": "UTC", "LC_ALL": "C"},
    )

    assert result.returncode == 0, result.stderr
    times = re.findall(r"(\d\d:\d\d:\d\d) UTC$", result.stdout, re.M)
    assert times[:3] == ["00:17:00", "03:17:00", "06:17:00"]
