"""Every page before axe, the checker of accessibility, and at the width of a small telephone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from harvester.records import Link, NoEventReason
from harvester.review import acts
from harvester.review.acts import Say
from harvester.settings import system_user
from harvester.web import users
from harvester.web.users import UserRole
from tests.browsing import PAGES, Review, Stage, opened
from tests.serving import served

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: dict[str, list[tuple[Literal["light", "dark"], int]]] = {
    # each language, scheme and width meets each of the others
    "de": [("light", 1280), ("dark", 320)],
    "en": [("dark", 1280), ("light", 320)],
}
CHANGED = "demo-zwk-029"  # its title, since somebody linked it
UNFOLD = "document.querySelectorAll('main details').forEach((folded) => { folded.open = true; })"


def violations(page: Page) -> list[str]:
    """What axe finds: the rule, and the elements that break it."""
    options = {"runOnly": STANDARDS, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{each['id']}: {each['help']}: {node['html']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def in_its_looks(page: Page, language: str, *, most: int = 2) -> dict[str, list[str]]:
    """What axe finds on a page: first as it comes, then unfolded."""
    page.evaluate(AXE_SCRIPT)
    found = {}
    for scheme, width in LOOKS[language][:most]:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        if bad := violations(page):
            found[f"{scheme}, {width}"] = bad
        page.evaluate(UNFOLD)
    return found


def work(review: Review) -> None:
    """Let somebody have said something of each kind, and a video have changed since."""
    event = Link(event_id="d3kongress-zwk-panel")
    for said in (
        Say(video_id=CHANGED, what="match", links=(event,), note="laut Beschreibung"),
        Say(
            video_id="demo-zwk-032", what="reject", event_ids=("kornwestheim-zwischenbilanz-2022",)
        ),
        Say(video_id="demo-zwk-056", what="no_event", reason=NoEventReason.IMAGE_FILM),
        Say(video_id="demo-zwk-061", what="later"),
    ):
        acts.say(review.database, [said], editor=system_user(), now=review.clock())
    acts.undo(review.database, editor=system_user(), now=review.clock())
    with review.database.migrating() as connection:
        connection.exec_driver_sql(
            f"UPDATE video SET title = title || ' (Teil 2)' WHERE video_id = '{CHANGED}'"
        )


@pytest.fixture(scope="module")
def worked(
    demo_file: Path, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Review]:
    """The program after some work; tests only look at it."""
    file = Path(shutil.copy(demo_file, tmp_path_factory.mktemp("worked") / "demo.db"))
    stage = Stage()
    with served(stage) as address, opened(file, stage, address, chromium) as review:
        work(review)
        yield review
    assert not review.complaints


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("path", [*PAGES, f"/video/{CHANGED}"])
def test_axe_finds_no_violation(worked: Review, path: str, language: str) -> None:
    page = worked.visit(path, language=language)

    assert in_its_looks(page, language) == {}
    page.context.close()


@pytest.mark.parametrize("language", LOOKS)
def test_axe_finds_no_violation_where_something_went_wrong(
    review: Review, language: str, tmp_path: Path
) -> None:
    page = review.visit("/video/demo-zwk-032", language=language)
    other = Say(video_id="demo-zwk-032", what="later")
    acts.say(review.database, [other], editor="Ana", now=review.clock())
    page.locator("button[data-key~='j']").click()  # somebody was quicker
    found = {"clash": in_its_looks(page, language, most=1)}
    page.goto("/video/demo-zwk-023/new-event")
    page.locator("#start_on").fill("?")
    page.locator("main form button.primary").click()
    found["wrong field"] = in_its_looks(page, language, most=1)
    page.goto("/bulk")
    page.locator("tr:has(.error) input").first.check()
    page.locator("main form button.primary").click()
    found["bulk"] = in_its_looks(page, language, most=1)

    users.save(tmp_path / "users", "ana", "ein langes Passwort", UserRole.EDITOR)
    review.serve(password_file=str(tmp_path / "users"))
    page.goto("/login")
    page.locator("#name").fill("ana")
    page.locator("#password").fill("something else")
    page.locator("main form button").click()
    found["sign in"] = in_its_looks(page, language, most=1)

    assert found == {"clash": {}, "wrong field": {}, "bulk": {}, "sign in": {}}


@pytest.mark.parametrize("language", LOOKS)
def test_no_page_scrolls_sideways_at_a_width_of_320(review: Review, language: str) -> None:
    page = review.visit("/", language=language, viewport={"width": 320, "height": 640})
    widths = {}
    for path in PAGES:
        page.goto(path)
        page.evaluate(UNFOLD)
        widths[path] = page.evaluate("document.documentElement.scrollWidth")

    assert set(widths.values()) == {320}, widths
