"""The command `review`: it serves the pages safely or says why not, and keeps the users."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from harvester.cli import cli
from harvester.errors import BadConfiguration, WrongUse
from harvester.web import users
from tests.processes import ROOT

PASSWORD = "a long enough password"


class Shell:
    """A user at a terminal in a folder with a settings file and a database."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.environment = {"HARVESTER_DATABASE__URL": url, "COLUMNS": "100"}

    def __call__(self, *arguments: str, said: str = "", **review: str) -> Result:
        return CliRunner().invoke(cli, arguments, input=said, env=self._with(review))

    def _with(self, review: dict[str, str]) -> dict[str, str]:
        named = {f"HARVESTER_REVIEW__{key.upper()}": text for key, text in review.items()}
        return {**self.environment, **named}

    def process(self, imports: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run `harvester review` as a process of its own, after these imports."""
        return subprocess.run(
            [sys.executable, "-c", f"{imports}; main()", "review", *arguments],
            env={"PYTHONPATH": str(ROOT), **self.environment},
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    @property
    def log(self) -> str:
        """What the last server said on stderr."""
        return (self.folder / "log").read_text(encoding="utf-8")

    @contextmanager
    def serving(self, *arguments: str, **review: str) -> Iterator[tuple[str, "Process"]]:
        """Start `harvester review`; yield its address when it says it, and the process."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "harvester", "-v", "review", "--port", str(port)]
        environment = {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **self._with(review)}
        with (
            (self.folder / "log").open("w", encoding="utf-8") as log,
            subprocess.Popen(
                [*command, *arguments],
                cwd=self.folder,
                env=environment,
                encoding="utf-8",
                stdout=subprocess.PIPE,
                stderr=log,
            ) as process,
        ):
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            try:
                assert found, self.log
                yield found[0], process
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(timeout=20)


Process = subprocess.Popen[str]


@pytest.fixture
def shell(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path, sqlite_url)


def test_it_serves_the_pages_on_this_machine_until_it_is_interrupted(shell: Shell) -> None:
    with shell.serving() as (address, process):
        page = httpx.get(address, trust_env=False)

    assert address.startswith("http://127.0.0.1:")
    assert page.status_code == 200
    assert "content-security-policy" in page.headers
    assert process.returncode == 0
    assert "Traceback" not in shell.log
    assert "GET / 200" in shell.log


def test_nobody_can_say_where_he_comes_from(shell: Shell) -> None:
    """uvicorn would believe X-Forwarded-For of this machine, if it were let."""
    header = {"Remote-User": "ana", "X-Forwarded-For": "192.0.2.1"}
    review = {"proxy_user_header": "Remote-User", "proxy_addresses": '["192.0.2.1"]'}
    with shell.serving(**review) as (address, _):
        page = httpx.get(address, headers=header, trust_env=False)

    assert page.status_code == 403


def test_the_secret_of_the_sessions_is_another_one_at_every_start(shell: Shell) -> None:
    with shell.serving() as (address, _), httpx.Client(trust_env=False) as browser:
        browser.get(address)
        kept = next(iter(browser.cookies.values()))
    with shell.serving() as (address, _), httpx.Client(trust_env=False) as browser:
        port = address.rstrip("/").rpartition(":")[2]
        answer = browser.get(address, headers={"Cookie": f"harvester_{port}={kept}"})

    assert "set-cookie" in answer.headers  # the old one counts for nothing


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_another_address_is_refused_without_a_login(shell: Shell, host: str) -> None:
    result = shell("review", "--host", host)

    assert result.exit_code == BadConfiguration.exit_code
    assert "there is no login" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_said_in_one_line(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = shell.process("from harvester.cli import main", "--port", str(port))

    assert done.returncode == BadConfiguration.exit_code
    assert f"cannot listen on 127.0.0.1, port {port}" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_a_database_it_says_so(shell: Shell, tmp_path: Path) -> None:
    result = shell("--database", f"sqlite:///{tmp_path}/none.db", "review")

    assert result.exit_code == BadConfiguration.exit_code
    assert "there is no database" in result.stderr


@pytest.mark.parametrize("module", ["uvicorn", "starlette", "jinja2", "itsdangerous", "babel"])
def test_a_missing_extra_is_named_in_one_line(shell: Shell, module: str) -> None:
    # as if it were not installed
    hidden = f"import sys; sys.modules[{module!r}] = None; from harvester.cli import main"

    done = shell.process(hidden)

    assert done.returncode == BadConfiguration.exit_code
    assert done.stderr == (
        "harvester: `harvester review` needs an extra: pip install 'zwk-harvester[web]'\n"
    )


# --- users --------------------------------------------------------------------


def test_a_user_is_added_with_a_password_asked_for_twice(shell: Shell) -> None:
    twice = f"{PASSWORD}\n{PASSWORD}\n"

    added = shell("review", "password", "ana", said=twice, password_file="users")
    changed = shell(
        "review", "password", "ana", "--role", "reader", said=twice, password_file="users"
    )

    assert (added.exit_code, changed.exit_code) == (0, 0), added.output + changed.output
    assert "ana, editor, added" in added.output
    assert "ana, reader, changed" in changed.output
    assert PASSWORD not in added.output
    accounts = users.read(shell.folder / "users")
    assert accounts["ana"].hash.startswith("$argon2id$")


def test_a_user_of_the_proxy_needs_no_password(shell: Shell) -> None:
    result = shell("review", "password", "bo", "--no-password", password_file="users")

    assert result.exit_code == 0
    assert (shell.folder / "users").read_text(encoding="utf-8") == "bo:editor:-\n"


@pytest.mark.parametrize(
    ("said", "problem"),
    [("short\nshort\n", "10 to 512"), (f"{PASSWORD}\nanother one here\n", "do not match")],
)
def test_a_password_that_will_not_do_is_not_kept(shell: Shell, said: str, problem: str) -> None:
    result = shell("review", "password", "ana", said=said, password_file="users")

    assert result.exit_code != 0
    assert problem in result.output
    assert not (shell.folder / "users").exists()


def test_without_a_password_file_in_the_settings_it_says_how_to_name_one(shell: Shell) -> None:
    result = shell("review", "password", "ana")

    assert result.exit_code == BadConfiguration.exit_code
    assert "password_file" in result.stderr


def test_who_was_added_can_sign_in(shell: Shell) -> None:
    file = str(shell.folder / "users")
    shell("review", "password", "ana", said=f"{PASSWORD}\n{PASSWORD}\n", password_file=file)

    with shell.serving(password_file=file) as (address, _):
        page = httpx.get(f"{address}api/videos", trust_env=False)
        mine = httpx.get(f"{address}api/videos", auth=("ana", PASSWORD), trust_env=False)

    assert (page.status_code, mine.status_code) == (401, 200)


# --- the terminal -------------------------------------------------------------


def test_the_terminal_asks_with_the_same_command(shell: Shell) -> None:
    result = shell("review", "--terminal", "--pretend")

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("--quiet",),
        ("--pretend",),
        ("--from", "later"),
        ("--as", "ana"),
        ("--terminal", "--port", "8000"),
        ("--terminal", "--quiet", "--timid"),
        ("--port", "0"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(
    shell: Shell, arguments: tuple[str, ...]
) -> None:
    assert shell("review", *arguments).exit_code == WrongUse.exit_code


def test_the_help_names_every_subcommand(shell: Shell) -> None:
    result = shell("review", "--help")

    for name in ("password", "export", "import"):
        assert re.search(rf"^  {name} ", result.output, re.MULTILINE), name


def test_plain_http_to_others_is_named_as_what_it_is(shell: Shell) -> None:
    review = {
        "host": "0.0.0.0",
        "allowed_hosts": '["review.example.org"]',
        "proxy_user_header": "Remote-User",
        "proxy_addresses": '["127.0.0.1"]',
    }
    with shell.serving(**review) as (address, _):
        local = address.replace("0.0.0.0", "127.0.0.1")
        page = httpx.get(local, headers={"Remote-User": "ana"}, trust_env=False)

    assert page.status_code == 200
    assert "plain http" in shell.log


def test_the_settings_check_says_that_pages_for_others_need_a_login(tmp_path: Path) -> None:
    settings = tmp_path / "harvester.toml"
    settings.write_text('[review]\nhost = "192.0.2.7"\n', encoding="utf-8")

    checked = CliRunner().invoke(cli, ["--config", str(settings), "config", "check"])

    assert checked.exit_code == 1
    assert "review: review.host: 192.0.2.7 can be reached by others" in checked.output
