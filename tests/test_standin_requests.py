"""The stand-in takes requests as the YouTube Data API does, also those of the real client."""

import http.client
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import httplib2
import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpRequest

from tests.standin.checking import Answer, ask
from tests.standin.selection import ANSWERS
from tests.standin.server import API_KEY, StandIn
from tests.standin.world import Channel

CHANNEL = "UCstandin000000000000000"
UPLOADS = "UUstandin000000000000000"


@pytest.fixture
def channel(standin: StandIn) -> Channel:
    return standin.world.channel(id=CHANNEL, title="Ein Kanal", handle="@kanal", username="alt")


def uploads(standin: StandIn, **params: Any) -> Answer:
    params = {"part": "snippet,contentDetails,status", "playlistId": UPLOADS} | params
    return ask(standin, "playlistItems.list", **params)


def videos(standin: StandIn, *ids: str, part: str = "snippet,contentDetails") -> Answer:
    return ask(standin, "videos.list", part=part, id=",".join(ids))


# --- requests


def test_only_the_parts_asked_for_come(standin: StandIn, channel: Channel) -> None:
    channel.upload("one")

    repeated = ask(standin, "videos.list", part=["snippet", "status"], id=["one", "two"])

    assert repeated.items[0].keys() == {"kind", "etag", "id", "snippet", "status"}
    assert videos(standin, "one", "two", part="snippet,status").body == repeated.body


def test_fields_cut_the_answer_and_the_next_token_with_it(
    standin: StandIn, channel: Channel
) -> None:
    channel.upload_many(7)

    with_token = uploads(
        standin, fields="nextPageToken,items(id,snippet(title,resourceId/videoId))"
    )
    without = uploads(standin, fields="items/contentDetails/videoId")

    assert with_token.body.keys() == {"nextPageToken", "items"}
    assert with_token.items[0].keys() == {"id", "snippet"}
    assert with_token.items[0]["snippet"] == {
        "title": "Video standin0007",
        "resourceId": {"videoId": "standin0007"},
    }
    assert without.body.keys() == {"items"}


@pytest.mark.parametrize(
    ("method", "params", "status", "reason"),
    [
        ("videos.list", {"id": "one"}, 400, "missingRequiredParameter"),
        ("videos.list", {"part": "id"}, 400, "missingRequiredParameter"),
        ("videos.list", {"part": "id", "id": ",".join("v" * 51)}, 400, "invalidFilters"),
        ("videos.list", {"part": "id", "id": "one", "channelId": "UC"}, 400, "badRequest"),
        ("videos.list", {"part": "snipet", "id": "one"}, 400, "unknownPart"),
        ("videos.list", {"part": "fileDetails", "id": "one"}, 403, "forbidden"),
        ("videos.list", {"part": "id", "id": "one", "fields": "items(id"}, 400, "invalidParameter"),
        ("videos.list", {"part": "id", "id": "one", "fields": "item"}, 400, "invalidParameter"),
        ("playlistItems.list", {"part": "id"}, 400, "missingRequiredParameter"),
        (
            "playlistItems.list",
            {"part": "id", "playlistId": UPLOADS, "maxResults": 51},
            400,
            "invalidParameter",
        ),
        (
            "channels.list",
            {"part": "id", "id": "a", "forHandle": "b"},
            400,
            "incompatibleParameters",
        ),
        ("captions.list", {"part": "id"}, 400, "missingRequiredParameter"),
    ],
)
def test_a_bad_request_is_refused(
    standin: StandIn, method: str, params: dict[str, Any], status: int, reason: str
) -> None:
    answer = ask(standin, method, **params)

    assert (answer.status, answer.reason) == (status, reason)


def test_a_request_needs_the_right_key_wherever_it_is(standin: StandIn, channel: Channel) -> None:
    asked: dict[str, Any] = {"part": "id", "id": CHANNEL}

    assert ask(standin, "channels.list", **asked).status == 200
    assert ask(standin, "channels.list", **asked, key=standin.api_key).status == 200
    assert ask(standin, "channels.list", **asked, key="wrong").status == 400
    assert ask(standin, "channels.list", **asked, key="").status == 403
    assert [one.key_from for one in standin.calls()] == ["header", "query", "query", None]
    assert standin.api_key not in str(standin.calls())
    assert standin.spent["main"] == 2  # nobody can be charged for the others


def test_answers_are_packed_for_who_asks_twice(standin: StandIn, channel: Channel) -> None:
    asked: dict[str, Any] = {"part": "snippet", "id": CHANNEL}
    gzip = {"Accept-Encoding": "gzip"}

    plain = ask(standin, "channels.list", **asked, headers=gzip)
    packed = ask(standin, "channels.list", **asked, headers=gzip | {"User-Agent": "us (gzip)"})

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.body == plain.body
    assert "etag" in packed.body
    assert "etag" not in packed.headers


# --- the real client


class KeyInHeader(HttpRequest):  # type: ignore[misc]
    """A request of the client library with the key where it cannot leak."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers["x-goog-api-key"] = API_KEY


def test_the_real_client_works_with_it(standin: StandIn, channel: Channel) -> None:
    ids = [video.id for video in channel.upload_many(60)]
    http_client = httplib2.Http()
    youtube = build(
        "youtube",
        "v3",
        http=http_client,
        requestBuilder=KeyInHeader,
        client_options={"api_endpoint": standin.address},
        cache_discovery=False,
    )

    request = youtube.playlistItems().list(part="contentDetails", playlistId=UPLOADS, maxResults=50)
    pages = []
    while request:
        pages.append(request.execute())
        request = youtube.playlistItems().list_next(request, pages[-1])
    found = youtube.videos().list(part=["snippet"], id=ids[:50]).execute()
    with pytest.raises(HttpError) as refused:
        youtube.playlistItems().list(part="id", playlistId="PLnothing").execute()
    http_client.close()

    assert [len(page["items"]) for page in pages] == [50, 10]
    assert {one["id"] for one in found["items"]} == set(ids[:50])
    assert refused.value.status_code == 404
    assert {one.key_from for one in standin.calls()} == {"header"}


def test_the_real_client_posts_what_is_too_long_for_an_address(
    standin: StandIn, channel: Channel
) -> None:
    ids = [video.id for video in channel.upload_many(50)]
    http_client = httplib2.Http()
    youtube = build(
        "youtube",
        "v3",
        http=http_client,
        developerKey=standin.api_key,
        client_options={"api_endpoint": standin.address},
        cache_discovery=False,
    )

    fields = ",".join(["".join(ANSWERS["videos.list"].split())] * 2)
    found = youtube.videos().list(part="snippet", id=ids, fields=fields).execute()
    http_client.close()

    assert len(found["items"]) == 50
    assert [(one.verb, one.key_from) for one in standin.calls()] == [("POST", "body")]


def test_one_connection_carries_many_requests(standin: StandIn, channel: Channel) -> None:
    query = urlencode({"part": "id", "id": CHANNEL, "key": standin.api_key})
    connection = http.client.HTTPConnection(urlsplit(standin.address).netloc, timeout=10)

    bodies = []
    for _ in range(3):
        connection.request("GET", f"/youtube/v3/channels?{query}")
        bodies.append(json.loads(connection.getresponse().read()))
        socket_of_it = connection.sock
    connection.close()

    assert socket_of_it is not None
    assert bodies == bodies[:1] * 3
