"""Pictures of the pages, taken from the program itself on the demo database.

    python -m tests.screenshots                the two of the README, into docs/screenshots/
    python -m tests.screenshots --all FOLDER   every page, wide and narrow, light and dark

The whole page at once, so that what is below the fold is looked at, too.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

from tests.browsing import NO_BROWSER, PAGES, Review, Stage, browser, chromium_file, demo, opened
from tests.serving import served

SHOTS = Path(__file__).parent.parent / "docs" / "screenshots"
CARD = "/video/demo-zwk-036"
SIZES = ((1280, 900), (360, 1600))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
NAMED_BY, EDITOR = "Remote-User", "Redaktion"  # whoever takes the pictures
LARGEST = 200_000  # bytes: it is kept in the repository


@contextmanager
def reviewing() -> Iterator[Review]:
    """Serve the pages on a new demo database."""
    file = chromium_file()
    if file is None:
        raise SystemExit(NO_BROWSER)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        chromium = stack.enter_context(browser(file))
        stage = Stage()
        address = stack.enter_context(served(stage))
        review = stack.enter_context(opened(demo(folder), stage, address, chromium))
        review.serve(proxy_user_header=NAMED_BY, proxy_addresses=("127.0.0.1",))
        yield review


def of_the_readme(review: Review) -> None:
    """Write the card, on a screen and on a telephone."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    for width, height in SIZES:
        is_telephone = width < 600
        page = review.visit(
            CARD,
            language="de",
            viewport={"width": width, "height": height},
            is_mobile=is_telephone,
            has_touch=is_telephone,
            extra_http_headers={NAMED_BY: EDITOR},
        )
        file = SHOTS / f"review-{width}.png"
        size = len(page.screenshot(path=file))
        if size > LARGEST:
            raise SystemExit(f"{file.name} has {size:,} bytes; at most {LARGEST:,} are wanted")
        print(f"docs/screenshots/{file.name}: {size:,} bytes")


def of_all(review: Review, folder: Path) -> None:
    """Write every page in all its looks."""
    folder.mkdir(parents=True, exist_ok=True)
    for width, height in SIZES:
        for scheme in SCHEMES:
            page = review.visit(
                language="de",
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                extra_http_headers={NAMED_BY: EDITOR},
            )
            for path in PAGES:
                page.goto(path)
                name = re.sub(r"\W+", "-", path).strip("-") or "overview"
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
    print(f"{len(PAGES) * len(SIZES) * len(SCHEMES)} pictures in {folder}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page, for looking at")
    folder: Path | None = parser.parse_args().all
    with reviewing() as review:
        if folder is None:
            of_the_readme(review)
        else:
            of_all(review, folder)


if __name__ == "__main__":
    main()
