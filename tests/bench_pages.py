"""Measure the review pages as a browser gets them.

    python -m tests.bench_pages [VIDEOS] [EVENTS]

Over the world of bench_review (100,000 videos that wait, 10,000 events, SQLite), served by
uvicorn as `harvester review` does, asked over HTTP by one editor who goes through the
queue, and by a program that reads the JSON API, view by view.  Prints the 50th, 95th and
100th percentile in milliseconds: each page is to stay under 100 ms, a decision (the form
sent, until its answer is there) under 50 ms, at the 95th.  Not a test: nothing here
passes or fails.
"""

import base64
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

from harvester import resources
from harvester.linkage import load
from harvester.store.views import VIEWS
from harvester.web.app import create_app
from tests import build, serving
from tests.bench_review import EVENTS, FILTERS, SEARCHES, VIDEOS, video_id, world

TIMES = 100
_FIELD = re.compile(r'name="(csrf|seen)" value="([^"]*)"')
_ANSWER = re.compile(r'name="say" value="((match|reject)\?[^"]+)"')


class Watch:
    """Times what is asked, by name."""

    def __init__(self, browser: serving.Browser) -> None:
        self.browser = browser
        self.spent: dict[str, list[float]] = {}

    def get(self, name: str, path: str) -> str:
        """Ask for a page."""
        began = time.perf_counter()
        answer = self.browser.get(path)
        self._note(name, began)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def post(self, name: str, path: str, **fields: str) -> str:
        """Send a form; return where the answer leads."""
        origin = str(self.browser.base_url).rstrip("/")
        began = time.perf_counter()
        answer = self.browser.post(path, data=fields, headers={"Origin": origin})
        self._note(name, began)
        assert answer.status_code == 303, (path, answer.status_code, answer.text[:500])
        return str(answer.headers["location"]).partition("#")[0]

    def _note(self, name: str, began: float) -> None:
        self.spent.setdefault(name, []).append(time.perf_counter() - began)


def pages(videos: int) -> Iterator[tuple[str, str]]:
    """Yield what is only looked at, by name: each page with what can be asked of it."""
    queries = [each.query() for each in FILTERS]
    for n in range(TIMES):
        query, some = queries[n % len(queries)], video_id(n * 991 % videos)
        yield "overview", "/"
        yield "queue", f"/queue?{query}&page={1 + n % 3}"
        yield "card", f"/video/{some}?{query}"
        yield "card, with a search", f"/video/{some}?find={quote(SEARCHES[n % len(SEARCHES)])}"
        yield "several talks", f"/video/{some}/talks?event=event-{n % EVENTS:05}"
        yield "new event", f"/video/{some}/new-event"
        yield "bulk, preview", f"/bulk?{query}"
        yield "bulk, preview of 300", f"/bulk?{query}&most=300"
        yield "without video", f"/missing?page={1 + n % 4}"
        yield "sample", "/sample"
        yield "activity", "/activity"
        yield "help", "/help"


NARROWED = {
    "videos": f"channel_id={build.CHANNEL_ID}",
    "recordings": "series=Reihe+17",
    "unmatched_videos": "video_id=demo-video-000123",
    "candidates": "event_id=event-00123",
    "match_explanation": "event_id=event-00123",
    "events_without_video": "series=Reihe+17",
    "talks_without_video": "series=Reihe+17",
    "caption_coverage": "scope=series",
}
"""What the views of some length are narrowed by."""


def api(watch: Watch) -> None:
    """Ask for pages of each view: the first, then one after the other, and narrowed."""
    for view in VIEWS:
        following = None
        for _ in range(TIMES):
            at_first = watch.get(f"api, {view}", f"/api/{view}")
            following = following or json.loads(at_first)["next"]
            if following:
                found = json.loads(watch.get(f"api, {view}, on", following))
                following = found["next"]
            if view in NARROWED:
                watch.get(f"api, {view}, some", f"/api/{view}?{NARROWED[view]}")
        if key := MIDDLE.get(view):
            cursor = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
            for _ in range(TIMES):
                watch.get(f"api, {view}, middle", f"/api/{view}?after={cursor}")


MIDDLE: dict[str, list[str | int | None]] = {
    "videos": ["2021-01-01T00:00:00Z", "x"],
    "unmatched_videos": ["2021-01-01T00:00:00Z", "x"],
    "candidates": [video_id(50_000), 1],
    "match_explanation": [video_id(50_000), 1, 3],
    "events_without_video": ["2021-05-03", "event-05000"],
    "talks_without_video": ["2021-05-03", "event-05000", None, "talk-050003"],
    "caption_coverage": ["event", "event-05000"],
}
"""Where a page from the middle of a long view begins."""


def work(watch: Watch) -> None:
    """Decide, take back, and say of events what is to be said."""
    first = re.search(r'href="(/video/[^"]+)"', watch.browser.get("/queue").text)
    assert first
    where = unescape(first[1]).partition("#")[0]
    for n in range(TIMES):
        page = watch.get("next card, after a decision", where)
        fields = dict(_FIELD.findall(page))
        shown = re.search(r"/video/([^/?]+)", where)
        assert shown
        path = f"/video/{shown[1]}/decide"
        answers = {what: unescape(value) for value, what in reversed(_ANSWER.findall(page))}
        said = answers.get(("later", "match", "reject")[n % 3], "later")
        where = watch.post("decision", path, **fields, say=said, filter="")
        watch.get("queue, after a decision", "/queue")
        watch.get("api, captions after a decision", "/api/caption_coverage")
    for _ in range(TIMES):
        fields = dict(_FIELD.findall(watch.get("activity, after a step back", "/activity")))
        watch.post("undo", "/undo", csrf=fields["csrf"])


def main(videos: int = VIDEOS, events: int = EVENTS) -> None:
    """Make the world, serve it, ask, and print the percentiles."""
    model = load((resources.config() / "linkage.toml").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        database = world(Path(folder), videos=videos, events=events)
        began = time.perf_counter()
        app = create_app(
            database,
            settings=serving.settings(),
            model=model,
            clock=serving.Clock(),
            secret=serving.SECRET,
        )
        with serving.served(app) as address, serving.Browser(address) as browser:
            browser.get("/help")
            print(f"{videos:,} videos wait, {events:,} events; ready in", end=" ")
            print(f"{time.perf_counter() - began:.1f} s", flush=True)
            watch = Watch(browser)
            for name, path in pages(videos):
                watch.get(name, path)
            api(watch)
            work(watch)
        print(f"{'milliseconds':36} {'50th':>8} {'95th':>8} {'most':>8}")
        for name, seconds in watch.spent.items():
            took = sorted(1000 * each for each in seconds)
            middle, high = took[len(took) // 2], took[int(len(took) * 0.95)]
            print(f"{name:36} {middle:8.1f} {high:8.1f} {took[-1]:8.1f}")
        database.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
