"""The JSON API: every view, page by page, as its own description says; and schema.org."""

import base64
import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.middleware import Middleware

from harvester.records import Availability, Event, EventRecords, Gone, Link, LiveState, Role, Talk
from harvester.review.captions import Captions
from harvester.store import reads_api, reads_people, schema, views, writes
from harvester.store.database import Database
from harvester.store.reads_api import Recording, Recordings
from harvester.store.rows import table
from harvester.store.views import VIEWS
from harvester.web import api, openapi, schema_org
from harvester.web.access import Security
from harvester.web.guard import Guard
from tests import build, linkings, serving
from tests.build import NOW
from tests.linkings import MATCH, edit, linking, store
from tests.serving import Browser, served

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what is refused before any database is asked."""


def serve(database: Database) -> Starlette:
    guarded = Security(serving.settings().review, secret=serving.SECRET, clock=serving.Clock())
    return Starlette(
        routes=api.routes(database, Captions(database), needs_login=False),
        middleware=[Middleware(Guard, security=guarded)],
    )


@pytest.fixture
def filled(database: Database, run_id: int) -> Database:
    """A database with something in every view."""
    linkings.fill(database, run_id)
    store(database, run_id, linking("v1", MATCH), linking("v2"))
    edit(database, "v3", "match", Link(event_id="e2"), editor="ana")
    with database.write() as session:
        gone = Gone(video_id="v2", availability=Availability.UNKNOWN, evidence="not returned")
        writes.save_gone(session, [gone], now=NOW, run_id=run_id)
    return database


@pytest.fixture
def browser(filled: Database) -> Iterator[Browser]:
    with served(serve(filled)) as address, Browser(address) as browser:
        yield browser


# --- lists --------------------------------------------------------------------


def test_every_view_comes_as_its_description_says(browser: Browser) -> None:
    description = browser.get("/api/openapi.json").json()
    described = description["components"]["schemas"]

    for name in VIEWS:
        answer = browser.get(f"/api/{name}")
        assert answer.status_code == 200, name
        for row in answer.json()["items"]:
            Draft202012Validator(described[name]).validate(row)


def test_a_list_holds_the_rows_of_the_view_in_its_order(browser: Browser, filled: Database) -> None:
    with filled.read() as session:
        expected = [row["video_id"] for row in reads_people.view(session, "videos")]

    page = browser.get("/api/videos").json()

    assert [row["video_id"] for row in page["items"]] == expected
    assert page["items"][0]["published_at"] == "2023-11-30T08:00:00Z"
    assert page["next"] is None


@pytest.mark.parametrize("limit", [1, 2])
def test_pages_together_are_the_view(browser: Browser, limit: int) -> None:
    for name in VIEWS:
        check_pages(browser, name, limit)


def check_pages(browser: Browser, name: str, limit: int) -> None:
    whole = browser.get(f"/api/{name}?limit=500").json()["items"]

    found, following = [], f"/api/{name}?limit={limit}"
    while following:
        answer = browser.get(following)
        page = answer.json()
        assert len(page["items"]) <= limit
        found += page["items"]
        following = page["next"]
        assert answer.headers.get("link") == (f'<{following}>; rel="next"' if following else None)

    assert found == whole


def test_pages_go_through_rows_without_a_value_that_sort_last(
    database: Database, run_id: int
) -> None:
    stored = [
        build.video(f"v{n}", published_at=None if n % 2 else NOW - dt.timedelta(days=n % 3))
        for n in range(9)
    ]
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_videos(session, stored, now=NOW, run_id=run_id)
    with database.read() as session:
        whole, _ = reads_api.view_page(session, "videos", limit=500)
        found: list[dict[str, Any]] = []
        after: reads_api.Key | None = None
        while len(found) < len(stored):
            rows, after = reads_api.view_page(session, "videos", limit=2, after=after)
            found += rows

    assert after is None
    assert found == whole


def test_a_list_can_be_narrowed(browser: Browser) -> None:
    one = browser.get("/api/recordings?event_id=e2").json()["items"]
    none = browser.get("/api/recordings", params={"event_id": "' OR 1=1 --"}).json()["items"]
    following = browser.get("/api/candidates?video_id=v1&limit=1").json()["next"]

    assert [row["video_id"] for row in one] == ["v3"]
    assert none == []
    assert [row["rank"] for row in browser.get(following).json()["items"]] == [2]


@SQLITE
@pytest.mark.parametrize(
    "video", ["v1", "https://youtu.be/v1?si=a", "https://www.youtube.com/watch?v=v1&t=5s"]
)
def test_a_video_is_named_by_any_of_its_addresses(browser: Browser, video: str) -> None:
    found = browser.get("/api/candidates", params={"video_id": video, "limit": "1"}).json()
    unknown = browser.get("/api/candidates", params={"video_id": "https://example.org/v1"})

    assert [row["video_id"] for row in found["items"]] == ["v1"]
    assert [r["rank"] for r in browser.get(found["next"]).json()["items"]] == [2]
    assert unknown.json()["items"] == []


@SQLITE
def test_the_index_is_there_with_and_without_a_slash(browser: Browser) -> None:
    assert browser.get("/api/").json() == browser.get("/api").json()


@SQLITE
@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=-1",
        "limit=x",
        "limit=1e2",
        "limit=99999999999999999999",
        "limit=1&limit=2",
        "order=title",
        "after=x",
        "after=%F0%9F%98%80",
        "after=bnVsbA",
        "series=a",  # the view has no such column
    ],
)
def test_a_question_that_is_not_in_order_is_told_so(browser: Browser, query: str) -> None:
    answer = browser.get(f"/api/videos?{query}")

    assert answer.status_code == 400
    assert answer.json()["error"]


@SQLITE
@pytest.mark.parametrize(
    "key",
    [
        ["2023-11-30", "v1"],
        ["0001-01-01T00:00:00+14:00", "v1"],
        [1, "v1"],
        ["2023-11-30T08:00:00Z"],
        ["2023-11-30T08:00:00Z", 7],
        ["2023-11-30T08:00:00Z", "v\0"],
        ["2023-11-30T08:00:00Z", "\ud800"],
        ["2023-11-30T08:00:00Z", ["v1"]],
        {"a": 1},
        "text",
        [[[[]]]],
    ],
)
def test_a_forged_cursor_is_refused(browser: Browser, key: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")

    assert browser.get("/api/videos", params={"after": cursor}).status_code == 400


@SQLITE
@pytest.mark.parametrize("rank", [2**40, True, 1.5, "1"])
def test_a_forged_number_in_a_cursor_is_refused(browser: Browser, rank: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(["v1", rank]).encode()).decode()

    assert browser.get("/api/candidates", params={"after": cursor}).status_code == 400


@SQLITE
@pytest.mark.parametrize(
    "path", ["/api/video", "/api/sqlite_master", "/api/videos/1", "/api/x/y/z", "/api/events/e1"]
)
def test_what_is_no_view_is_not_there(browser: Browser, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 404
    assert "error" in answer.json()


@SQLITE
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(browser: Browser, method: str) -> None:
    assert browser.request(method, "/api/videos").status_code in (403, 405, 415)


def test_who_has_the_answer_already_gets_no_second_one(browser: Browser) -> None:
    first = browser.get("/api/videos")
    again = browser.get("/api/videos", headers={"If-None-Match": f"W/{first.headers['etag']}"})
    other = browser.get("/api/videos?limit=1", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200
    assert first.headers["cache-control"] == "private, no-cache"


# --- the description ----------------------------------------------------------


def test_the_description_names_every_view_column_and_parameter() -> None:
    described = openapi.description(needs_login=True)

    assert described["openapi"] == "3.1.0"
    for name, view in views.load().items():
        assert described["components"]["schemas"][name]["required"] == list(view.columns)
        parameters = described["paths"][f"/api/{name}"]["get"]["parameters"]
        assert {"limit", "after"} <= {each["name"] for each in parameters}
    assert described["security"] == [{"basic": []}]
    for reference in re.findall(r'"#/([^"]+)"', json.dumps(described)):
        place: Any = described
        for step in reference.split("/"):
            place = place[step]
    for each in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(each)


def test_the_kind_of_every_column_is_that_of_the_database(filled: Database) -> None:
    kinds = {"text": str, "integer": int, "number": float, "instant": dt.datetime}
    with filled.read() as session:
        for name in VIEWS:
            for row in reads_people.view(session, name):
                for column, value in row.items():
                    right = kinds[reads_api.kind(column)]
                    assert value is None or isinstance(value, right), f"{name}.{column}: {value!r}"


# --- schema.org ---------------------------------------------------------------

EVENT = Event(
    event_id="forum/2023",
    title="Zukunftsforum 2023",
    series="Zukunftsforum",
    city="Musterhausen",
    start_on="2023-09-14",
    end_on="2023-09-15",
    url="https://example.org/forum",
)
TALK = Talk(talk_id="t1", event_id="forum/2023", title="Wohnen", speakers=("Ada Beispiel",))
OTHER = Talk(talk_id="t2", event_id="forum/2023", speakers=("Bo Muster", "Cy Test"))


def recording(*links: Link, **given: Any) -> Recording:
    fields: dict[str, Any] = {
        "video_id": "demo-0001",
        "title": "Forum, Tag 1",
        "description": "",
        "published_at": dt.datetime(2023, 9, 20, 8, 0, tzinfo=dt.UTC),
        "duration_s": 5283,
        "caption_flag": None,
        "audio_language": None,
        "links": links or (Link(event_id=EVENT.event_id),),
    }
    return Recording(**fields | given)


def described(video: Recording, event: Event = EVENT) -> dict[str, Any]:
    talks = {each.talk_id: each for each in (TALK, OTHER)}
    return schema_org.video_object(video, Recordings(event=event, talks=talks, videos=(video,)))


def test_a_recording_is_described_by_what_is_known() -> None:
    found = described(recording(caption_flag=True, audio_language="de", description=" Text "))

    assert found == {
        "@type": "VideoObject",
        "@id": "https://www.youtube.com/watch?v=demo-0001",
        "name": "Forum, Tag 1",
        "description": "Text",
        "uploadDate": "2023-09-20T08:00:00Z",
        "duration": "PT1H28M3S",
        "inLanguage": "de",
        "thumbnailUrl": "https://i.ytimg.com/vi/demo-0001/hqdefault.jpg",
        "url": "https://www.youtube.com/watch?v=demo-0001",
        "embedUrl": "https://www.youtube-nocookie.com/embed/demo-0001",
        "accessibilityFeature": ["captions"],
        "caption": {
            "@type": "MediaObject",
            "embedUrl": "https://www.youtube-nocookie.com/embed/demo-0001?cc_load_policy=1",
        },
        "recordedAt": {
            "@type": "Event",
            "name": "Zukunftsforum 2023",
            "startDate": "2023-09-14",
            "endDate": "2023-09-15",
            "url": "https://example.org/forum",
            "location": {"@type": "Place", "name": "Musterhausen", "address": "Musterhausen"},
            "superEvent": {"@type": "EventSeries", "name": "Zukunftsforum"},
        },
    }


@pytest.mark.parametrize("flag", [False, None])
def test_captions_are_neither_claimed_nor_denied_where_the_flag_is_not_set(
    flag: bool | None,
) -> None:
    assert not {"caption", "accessibilityFeature"} & described(recording(caption_flag=flag)).keys()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, None), (None, None), (59, "PT59S"), (60, "PT1M"), (3600, "PT1H"), (90_061, "PT25H1M1S")],
)
def test_a_length_is_written_as_iso_8601_does(seconds: int | None, said: str | None) -> None:
    assert schema_org.duration(seconds) == said


def test_talks_whose_place_is_known_are_clips() -> None:
    found = described(
        recording(
            Link(event_id=EVENT.event_id, talk_id="t2", start_s=600, end_s=1200),
            Link(event_id=EVENT.event_id, talk_id="t1", start_s=0),
            Link(event_id=EVENT.event_id, talk_id="t1"),
        )
    )

    assert found["hasPart"] == [
        {
            "@type": "Clip",
            "name": "Wohnen",
            "creator": [{"@type": "Person", "name": "Ada Beispiel"}],
            "startOffset": 0,
            "url": "https://www.youtube.com/watch?v=demo-0001&t=0s",
        },
        {
            "@type": "Clip",
            "name": "Bo Muster, Cy Test",
            "creator": [
                {"@type": "Person", "name": "Bo Muster"},
                {"@type": "Person", "name": "Cy Test"},
            ],
            "startOffset": 600,
            "endOffset": 1200,
            "url": "https://www.youtube.com/watch?v=demo-0001&t=600s",
        },
    ]


def test_a_video_of_one_talk_was_recorded_at_that_talk_of_the_event() -> None:
    occasion = described(recording(Link(event_id=EVENT.event_id, talk_id="t1")))["recordedAt"]

    assert (occasion["name"], occasion["superEvent"]["name"]) == ("Wohnen", "Zukunftsforum 2023")
    assert occasion["performer"] == [{"@type": "Person", "name": "Ada Beispiel"}]


def test_an_address_that_is_no_page_is_left_out() -> None:
    hostile = Event(event_id="e", title="E", url="javascript:alert(1)")

    assert described(recording(), hostile)["recordedAt"] == {"@type": "Event", "name": "E"}


@pytest.mark.parametrize(
    "title",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "]]>",
        "\u2028\u2029 & &lt; \"'\\",
        "</SCRIPT >",
    ],
)
def test_no_title_breaks_out_of_the_snippet(title: str) -> None:
    event = Event(event_id="e", title=title)
    video = recording(title=title, description=title)
    found = Recordings(event=event, talks={}, videos=(video,))

    snippet = schema_org.snippet(found)

    inside = snippet.removeprefix('<script type="application/ld+json">').removesuffix("</script>\n")
    assert snippet.isascii()
    assert not re.search("[<>&]", inside)
    assert json.loads(inside)["@graph"][0]["name"] == title


def test_an_events_recordings_are_the_public_ones_by_the_decisions_in_force(
    database: Database, run_id: int
) -> None:
    stored = [build.video(f"v{n}") for n in range(1, 5)]
    stored.append(build.video("v5", live_state=LiveState.UPCOMING))
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_videos(session, stored, now=NOW, run_id=run_id)
        writes.save_event_records(session, EventRecords("a", (EVENT,), (TALK, OTHER)), now=NOW)
    whole = Link(event_id=EVENT.event_id)
    for video in stored:
        edit(database, video.video_id, "match", whole)
    edit(database, "v2", "no_event")
    edit(database, "v3", "match", Link(event_id=EVENT.event_id, role=Role.DUPLICATE))
    with database.write() as session:
        there = table(schema.Video)
        unlisted = there.update().where(there.c.video_id == "v4").values(availability="unlisted")
        session.execute(unlisted)

    with served(serve(database)) as address, Browser(address) as browser:
        answer = browser.get("/api/events/forum%2F2023/video-objects")
        snippet = browser.get("/api/events/forum/2023/video-objects.html")
        unknown = browser.get("/api/events/forum/video-objects")

    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.json()["@context"] == "https://schema.org"
    [found] = answer.json()["@graph"]
    assert found["@id"].endswith("v=v1")
    assert found["recordedAt"]["name"] == "Zukunftsforum 2023"
    assert snippet.text.startswith('<script type="application/ld+json">')
    assert unknown.status_code == 404


def test_an_event_without_recording_has_an_empty_snippet(browser: Browser) -> None:
    assert browser.get("/api/events/e1/video-objects").status_code == 200
    assert browser.get("/api/events/none/video-objects.html").status_code == 404
