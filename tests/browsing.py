"""A real browser before the whole program: Chromium, and the pages over a demo database.

The fixture `review` is the program as an editor finds it, on a fresh copy of the demo; its
`visit` opens a browser of somebody.  Browser and server are shared by the tests of a module:
Playwright keeps an event loop running in the thread that uses it, which other modules'
tests would find there.  Whatever a page writes to the console as an error fails the test.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError
from starlette.types import ASGIApp, Receive, Scope, Send

from harvester import resources
from harvester.cli import cli
from harvester.linkage.model import load as load_model
from harvester.store.database import Database
from harvester.web.app import create_app
from tests import serving
from tests.serving import SECRET, Clock, served

ON_PATH = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = (
    "no Chromium, so no page is tried in a browser: install Debian's (apt-get install chromium),"
    " or let playwright fetch one (python -m playwright install chromium)"
)
PATIENCE_MS = 10_000

PAGES = (
    "/",
    "/queue?year=2023",
    "/queue?q=demo-zwk-005",  # decided
    "/decided",
    "/video/demo-zwk-014?blind=1",  # another video shows it already
    "/video/demo-zwk-005",  # linked by rule to three talks
    "/video/demo-zwk-032?find=fachdiskurs",  # the same title at two dates
    "/video/demo-zwk-016/talks?event=zwk-fachdiskurs-2023",
    "/video/demo-zwk-023/new-event",
    "/bulk",
    "/missing",
    "/sample",
    "/activity",
    "/help",
    "/there-is-no-such-page",
)
"""Every kind of page, with something on it."""


# --- the browser ----------------------------------------------------------------------


def chromium_file() -> Path | None:
    """Return the Chromium to use: the one on PATH, else one that playwright has or can fetch."""
    if found := next(filter(None, map(shutil.which, ON_PATH)), None):
        return Path(found)
    with sync_playwright() as playwright:
        fetched = Path(playwright.chromium.executable_path)
    if not fetched.exists():
        fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(fetch, capture_output=True, timeout=300, check=False)
    return fetched if fetched.exists() else None


@contextmanager
def browser(file: Path) -> Iterator[Browser]:
    """Start a Chromium that knows this machine only, whatever a page asks for."""
    expect.set_options(timeout=PATIENCE_MS)
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to be root's with one
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=file, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    try:
        file = chromium_file()
    except (OSError, subprocess.SubprocessError, PlaywrightError):
        file = None
    if file is None:
        pytest.skip(NO_BROWSER)
    return file


@pytest.fixture(scope="module")
def chromium(chromium_path: Path) -> Iterator[Browser]:
    with browser(chromium_path) as started:
        yield started


# --- the program ----------------------------------------------------------------------


class Stage:
    """What one server serves: for each test another application."""

    def __init__(self) -> None:
        self.application: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":  # its own; an application comes and goes
            for step in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{step}.complete"})
            return
        assert self.application is not None
        await self.application(scope, receive, send)


def demo(folder: Path) -> Path:
    """Make the demo database in a folder, as `harvester demo` does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(cli, ["demo"])
    assert result.exit_code == 0, result.stderr
    return folder / "zwk-demo.db"


@dataclass
class Review:
    """The program, and the people before it."""

    address: str
    database: Database
    stage: Stage
    chromium: Browser
    clock: Clock = field(default_factory=Clock)
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def serve(self, **settings: Any) -> None:
        """Serve the pages with these settings of [review]."""
        self.stage.application = create_app(
            self.database,
            settings=serving.settings(**settings),
            model=load_model((resources.config() / "linkage.toml").read_text(encoding="utf-8")),
            clock=self.clock,
            secret=SECRET,
        )

    def visit(self, path: str = "/", *, language: str = "en", **options: Any) -> Page:
        """Open a page in a browser of its own: other cookies, another person."""
        context = self.chromium.new_context(base_url=self.address, locale=language, **options)
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", self._listen)
        page = context.new_page()
        page.goto(path)
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        # a refusal, such as 409, is a page like others
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@contextmanager
def opened(file: Path, stage: Stage, address: str, chromium: Browser) -> Iterator[Review]:
    """Serve a database to browsers; without a login, as by default."""
    with ExitStack() as stack:
        database = stack.enter_context(closing(Database(f"sqlite:///{file}")))
        review = Review(address, database, stage, chromium)
        stack.callback(review.close)
        review.serve()
        yield review


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo(tmp_path_factory.mktemp("browsing"))


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Stage, str]]:
    stage = Stage()
    with served(stage) as address:
        yield stage, address


@pytest.fixture
def review(
    demo_file: Path, tmp_path: Path, stage: tuple[Stage, str], chromium: Browser
) -> Iterator[Review]:
    """The program on a fresh copy of the demo, and a browser for whoever visits it."""
    file = Path(shutil.copy(demo_file, tmp_path / "demo.db"))
    with opened(file, *stage, chromium) as review:
        yield review
    assert not review.complaints
