"""Pages of every view are the view: row by row, whatever was written meanwhile."""

import datetime as dt
import json
import random
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert
from starlette.applications import Starlette
from starlette.middleware import Middleware

from harvester.records import (
    Availability,
    EventRecords,
    EventStatus,
    Gone,
    Link,
    NoEventReason,
    Role,
)
from harvester.review import acts
from harvester.review.acts import Say
from harvester.review.captions import Captions
from harvester.store import reads_api, reads_people, schema, writes
from harvester.store.database import Database
from harvester.store.rows import table
from harvester.store.views import VIEWS
from harvester.web import api
from harvester.web.access import Security
from harvester.web.guard import Guard
from tests import build, serving
from tests.build import NOW
from tests.linkings import end_run, linking, store
from tests.serving import Browser, served

VIDEOS = 12


def fill(database: Database, run_id: int) -> None:
    """Store videos, events and talks, some without a day, and link them; the run has ended."""
    chance = random.Random(7)
    events = [
        build.event(f"e{n}", series=f"s{n % 3}" if n % 4 else None, start_on=start_on)
        for n, start_on in enumerate(("2023-11", "2023", None, "2024-01-05", "2023", None), 1)
    ]
    talks = [
        build.talk(f"t{n}", f"e{n % 6 + 1}", held_on="2023-11-30" if n % 3 else None)
        for n in range(1, 15)
    ]
    videos = [
        build.video(
            f"v{n:02}",
            published_at=None if n % 5 == 0 else NOW - dt.timedelta(days=400 * (n % 4)),
            caption_flag=(True, False, None)[n % 3],
            duration_s=None if n == 7 else 600 + n,
        )
        for n in range(VIDEOS)
    ]
    links = (Link(event_id="e1", talk_id="t6"), Link(event_id="e1", talk_id="t12"))
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_videos(session, videos, now=NOW, run_id=run_id)
        writes.save_event_records(session, EventRecords("a", tuple(events), tuple(talks)), now=NOW)
    found = [
        linking(video.video_id, *(links if n == 0 else ()), weight=chance.choice((3.0, 5.0)))
        for n, video in enumerate(videos[:-2])
    ]
    store(database, run_id, *found)
    end_run(database, run_id)


@pytest.fixture
def browser(database: Database, run_id: int) -> Iterator[Browser]:
    fill(database, run_id)
    guarded = Security(serving.settings().review, secret=serving.SECRET, clock=serving.Clock())
    app = Starlette(
        routes=api.routes(database, Captions(database), needs_login=False),
        middleware=[Middleware(Guard, security=guarded)],
    )
    with served(app) as address, Browser(address) as browser:
        yield browser


def check(browser: Browser, database: Database) -> None:
    """Check that the pages of each view, of three rows, are the view."""
    for name in VIEWS:
        with database.read() as session:
            # as the API writes it
            whole = json.loads(api._encoded(list(reads_people.view(session, name))))
        assert pages(browser, name, 3) == whole, name


def pages(browser: Browser, name: str, limit: int, query: str = "") -> list[dict[str, Any]]:
    found, following = [], f"/api/{name}?limit={limit}{query}"
    while following:
        page = browser.get(following).json()
        found += page["items"]
        following = page["next"]
    return found


def say(database: Database, video_id: str, what: Any, **given: Any) -> None:
    acts.say(database, [Say(video_id=video_id, what=what, **given)], editor="ana", now=NOW)


def test_pages_are_the_view_before_and_after_an_editors_acts(
    browser: Browser, database: Database
) -> None:
    check(browser, database)

    say(database, "v01", "match", links=(Link(event_id="e2"),))
    check(browser, database)

    part = Link(event_id="e3", role=Role.PART)
    several = (part, Link(event_id="e3", talk_id="t2"), Link(event_id="e6", talk_id="t5"))
    say(database, "v02", "match", links=several)
    say(database, "v03", "reject", event_ids=("e1",))
    say(database, "v04", "no_event", reason=NoEventReason.TRAILER)
    say(database, "v05", "later")
    status = EventStatus.NOT_RECORDED
    acts.set_status(database, event_id="e5", status=status, editor="ana", now=NOW)
    acts.set_status(database, talk_id="t3", status=status, editor="ana", now=NOW)
    check(browser, database)

    say(database, "v00", "match", links=(Link(event_id="e4"),))  # the rule said e1
    check(browser, database)

    while acts.undo(database, editor="ana", now=NOW):
        pass
    check(browser, database)


def test_pages_are_the_view_after_a_harvest_and_after_events_were_loaded(
    browser: Browser, database: Database
) -> None:
    say(database, "v02", "match", links=(Link(event_id="e1"), Link(event_id="e6", talk_id="t5")))
    check(browser, database)

    with database.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 2", now=NOW)
        new = build.video("w1", published_at=NOW, caption_flag=True)
        changed = build.video("v02", title="Anders", duration_s=1, caption_flag=True)
        writes.save_videos(session, [new, changed], now=NOW, run_id=run_id)
        gone = Gone(video_id="v00", availability=Availability.DELETED, evidence="playlist")
        writes.save_gone(session, [gone], now=NOW, run_id=run_id)
    end_run(database, run_id)
    check(browser, database)

    later = NOW + dt.timedelta(days=1)
    records = EventRecords(
        "a",
        (build.event("e1", title="Umbenannt", series="neu"), build.event("e6", series="s0")),
        (build.talk("t5", "e6", title="Neuer Titel"),),
    )
    with database.write() as session:
        writes.save_event_records(session, records, now=later)
    check(browser, database)


def test_a_page_after_a_row_that_is_gone_goes_on_where_it_was(
    browser: Browser, database: Database
) -> None:
    say(database, "v01", "match", links=(Link(event_id="e2"),))
    say(database, "v02", "match", links=(Link(event_id="e3"),))
    first = browser.get("/api/caption_coverage?limit=2").json()
    assert first["items"][1]["key"] == "e2"

    say(database, "v01", "no_event", reason=NoEventReason.TRAILER)

    assert browser.get(first["next"]).json()["items"][0]["key"] == "e3"


def test_pages_can_be_narrowed_and_go_on(browser: Browser, database: Database) -> None:
    say(database, "v01", "match", links=(Link(event_id="e2"),))
    for name, query in (
        ("videos", f"channel_id={build.CHANNEL_ID}"),
        ("talks_without_video", "series=s0"),
        ("events_without_video", "series=s2"),
        ("match_explanation", "event_id=e1"),
        ("caption_coverage", "scope=year"),
    ):
        column, _, value = query.partition("=")
        with database.read() as session:
            rows = [row for row in reads_people.view(session, name) if row[column] == value]
        whole = json.loads(api._encoded(rows))
        assert whole, name
        assert pages(browser, name, 2, f"&{query}") == whole


# --- many rows ----------------------------------------------------------------

MANY = 2_500


def fill_many(database: Database, run_id: int) -> None:
    """Store many recordings; of the newest ones the decision was taken back since."""
    decision, link = table(schema.Decision), table(schema.DecisionLink)
    made = [build.video(f"v{n:05}", published_at=day(n)) for n in range(MANY)]
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_event_records(session, EventRecords("a", (build.event("e1"),)), now=NOW)
        writes.save_videos(session, made, now=NOW, run_id=run_id)
        fields = {"decided_by": "ana", "decided_at": NOW, "evidence_hash": "0" * 64}
        decisions = [
            fields | {"decision_id": n + 1, "video_id": f"v{n:05}", "verdict": "match"}
            for n in range(MANY)
        ]
        decisions += [
            fields | {"decision_id": MANY + n + 1, "video_id": f"v{n:05}", "verdict": "open"}
            for n in range(20)
        ]
        session.execute(insert(decision), decisions)
        links = [
            {"decision_id": n + 1, "position": 1, "event_id": "e1", "role": "full"}
            for n in range(MANY)
        ]
        session.execute(insert(link), links)


def day(n: int) -> dt.datetime | None:
    """Return the publication of the n-th video: three share one, the last ones have none."""
    return NOW - dt.timedelta(days=n // 3) if n < MANY - 10 else None


def test_pages_of_many_recordings_are_the_view(database: Database, run_id: int) -> None:
    fill_many(database, run_id)

    for limit in (3, 500):
        with database.read() as session:
            whole = list(reads_people.view(session, "recordings"))
            found: list[dict[str, Any]] = []
            after: reads_api.Key | None = None
            for _ in range(10):
                rows, after = reads_api.view_page(session, "recordings", limit=limit, after=after)
                found += rows
                if after is None:
                    break
        assert found == whole[: len(found)]
        assert len(found) == (30 if limit == 3 else MANY - 20)


def test_the_sums_over_many_videos_follow_a_run_aside(database: Database, run_id: int) -> None:
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        made = [build.video(f"v{n:05}") for n in range(5_000)]
        writes.save_videos(session, made, now=NOW, run_id=run_id)
    captions = Captions(database)
    assert sums(captions) == [5_000]

    with database.write() as session:
        again = writes.start_run(session, command="run", holder="process 2", now=NOW)
        writes.save_videos(session, [build.video("new")], now=NOW, run_id=again)
    end_run(database, again)
    sums(captions)
    for thread in threading.enumerate():
        if thread.name == "captions":
            thread.join()

    assert sums(captions) == [5_001]


def sums(captions: Captions) -> list[int]:
    found = captions.page(limit=10)
    assert found is not None
    return [row["videos"] for row in found[0]]
