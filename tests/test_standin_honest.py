"""The stand-in is held against Google's description and, where they are at hand, real answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.standin import errors
from tests.standin.checking import ask, discovery, method
from tests.standin.errors import ApiError
from tests.standin.methods import COMMON, METHODS
from tests.standin.quota import COSTS
from tests.standin.selection import ANSWERS, Tree, parse
from tests.standin.server import ROUTES, StandIn

SHARED = Path(__file__).parents[2] / "shared" / "youtube" / "responses"
CHANNEL = "UCstandin000000000000000"


def real(name: str) -> Any:
    """Return a real answer; skips the test where there is none."""
    if not SHARED.is_dir():
        pytest.skip("no shared data")
    return json.loads((SHARED / name).read_text("utf-8"))


# --- Google's description


@pytest.mark.parametrize("name", METHODS)
def test_every_parameter_is_one_of_google(name: str) -> None:
    known = method(name)["parameters"]

    assert METHODS[name].parameters <= known.keys()
    assert known["part"].get("required", False) == METHODS[name].needs_part
    assert discovery()["parameters"].keys() >= COMMON


@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_where_google_has_it(name: str) -> None:
    [route] = [route for route, served in ROUTES.items() if served == name]

    assert method(name)["path"] == f"youtube/v3/{route}"
    assert name in COSTS


@pytest.mark.parametrize("name", ANSWERS)
def test_every_field_that_can_be_selected_is_one_of_google(name: str) -> None:
    unknown = set(_unknown(parse(ANSWERS[name]), {"$ref": method(name)["response"]["$ref"]}))

    assert unknown == set()


def _unknown(tree: Tree, node: dict[str, Any], path: str = "") -> list[str]:
    schemas = discovery()["schemas"]
    while "$ref" in node or "items" in node:
        node = schemas[node["$ref"]] if "$ref" in node else node["items"]
    found = []
    for name, below in tree.items():
        if name in node.get("properties", {}):
            found += _unknown(below, node["properties"][name], f"{path}/{name}")
        else:
            found.append(f"{path}/{name}")
    return found


def test_every_part_that_is_written_can_be_selected(standin: StandIn) -> None:
    fill(standin)
    on_no_list = ["/items/snippet/publishTime"]  # YouTube sends it all the same, when searching

    for name, asked in ASKED.items():
        parts = ",".join(sorted(METHODS[name].parts - {"brandPartner"}))
        body = ask(standin, name, part=parts, **asked).body
        unknown = sorted(set(_not_selectable(body, parse(ANSWERS[name]))))
        assert unknown == (on_no_list if name == "search.list" else [])


def _not_selectable(value: Any, tree: Tree, path: str = "") -> list[str]:
    if isinstance(value, list):
        return [one for item in value for one in _not_selectable(item, tree, path)]
    if not isinstance(value, dict) or not tree:
        return []
    found = [f"{path}/{name}" for name in value if name not in tree]
    for name in value.keys() & tree.keys():
        found += _not_selectable(value[name], tree[name], f"{path}/{name}")
    return found


# --- real answers


ASKED: dict[str, dict[str, Any]] = {
    "channels.list": {"id": CHANNEL},
    "playlistItems.list": {"playlistId": "PLone", "maxResults": 50},
    "playlists.list": {"channelId": CHANNEL},
    "videos.list": {"id": "one,live,soon"},
    "captions.list": {"videoId": "one"},
    "videos.batchGetStats": {"id": "one"},
    "search.list": {"channelId": CHANNEL},
}


def fill(standin: StandIn) -> None:
    """Fill the world with one of each kind, as typical as can be."""
    channel = standin.world.channel(id=CHANNEL, handle="@kanal")
    channel.upload(
        "one", tags=["a"], language="en", audio_language="en", caption_tracks=[("en", "asr")]
    )
    times = {"live_scheduled_at": "2026-11-22T08:00:00Z"}
    channel.upload("live", live="live", live_started_at="2026-11-22T08:00:00Z", **times)
    channel.upload("soon", live="upcoming", **times)
    channel.upload("private", privacy="private")
    channel.upload("deleted", privacy="deleted")
    channel.playlist("Reihe", ["one", "private", "deleted"], playlist_id="PLone")


def ours(standin: StandIn, name: str, part: str, number: int = 0, **asked: Any) -> dict[str, Any]:
    answer = ask(standin, name, part=part, **(ASKED[name] | asked))
    return answer.items[number]


def keys(value: dict[str, Any]) -> dict[str, Any]:
    """Return the names in a resource and in its parts, two levels deep."""
    return {
        name: sorted(below) if isinstance(below, dict) else type(below).__name__
        for name, below in value.items()
    }


@pytest.mark.parametrize(
    ("file", "name", "part", "asked"),
    [
        (
            "joostlek/video_response_1.json",
            "videos.list",
            "snippet,contentDetails,statistics",
            {"id": "one"},
        ),
        (
            "rubyevents/videos_contentDetails_caption_true_2025.json",
            "videos.list",
            "contentDetails",
            {"id": "one"},
        ),
        ("rubyevents/videos_statistics_2025.json", "videos.list", "statistics", {"id": "one"}),
        (
            "observed/videos_live_now_2024.json",
            "videos.list",
            "liveStreamingDetails",
            {"id": "live"},
        ),
        (
            "observed/videos_upcoming_2018.json",
            "videos.list",
            "liveStreamingDetails",
            {"id": "soon"},
        ),
        ("rubyevents/playlist_items_p1.json", "playlistItems.list", "snippet,contentDetails", {}),
        ("rubyevents/playlists_p1.json", "playlists.list", "snippet,contentDetails", {}),
        ("joostlek/channel_response_snippet.json", "channels.list", "snippet,statistics", {}),
        ("observed/captions_list_asr_api_key_2022.json", "captions.list", "snippet", {}),
    ],
)
def test_an_item_has_the_names_of_a_real_one(
    standin: StandIn, file: str, name: str, part: str, asked: dict[str, Any]
) -> None:
    theirs = real(file)["items"][0]
    fill(standin)

    assert keys(ours(standin, name, part, **asked)) == keys(theirs)


@pytest.mark.parametrize(
    ("file", "name", "part"),
    [
        ("channel_contentDetails.json", "channels.list", "contentDetails"),
        ("channel_statistics.json", "channels.list", "statistics"),
        ("channel_status.json", "channels.list", "status"),
        ("playlist_item_contentDetails.json", "playlistItems.list", "contentDetails"),
        ("playlist_item_status.json", "playlistItems.list", "status"),
        ("video_contentDetails.json", "videos.list", "contentDetails"),
        ("video_snippet.json", "videos.list", "snippet"),
        ("video_statistics.json", "videos.list", "statistics"),
        ("video_status.json", "videos.list", "status"),
        ("video_topicDetails.json", "videos.list", "topicDetails"),
    ],
)
def test_a_part_has_the_names_of_a_real_one(
    standin: StandIn, file: str, name: str, part: str
) -> None:
    theirs = real(f"joostlek/parts/{file}")
    fill(standin)
    asked: dict[str, Any] = {"id": "one"} if name == "videos.list" else {}

    assert keys(ours(standin, name, part, **asked)[part]) == keys(theirs)


@pytest.mark.parametrize(
    ("file", "number"),
    [
        ("observed/playlistItem_private_2021plus.json", 1),
        ("observed/playlistItem_deleted_2021plus.json", 2),
    ],
)
def test_a_placeholder_has_names_and_words_of_a_real_one(
    standin: StandIn, file: str, number: int
) -> None:
    theirs = real(file)
    fill(standin)
    part = ",".join(theirs.keys() - {"kind", "etag", "id"})

    item = ours(standin, "playlistItems.list", part, number)

    assert keys(item) == keys(theirs)
    for name in ("title", "description", "thumbnails"):
        assert item["snippet"][name] == theirs["snippet"][name]


@pytest.mark.parametrize(
    ("file", "name", "asked"),
    [
        ("rubyevents/channels_forUsername_no_match.json", "channels.list", {"forUsername": "x"}),
        ("rubyevents/videos_unknown_id_empty.json", "videos.list", {"id": "x"}),
        ("observed/playlists_empty_2021.json", "playlists.list", {"channelId": "UCempty"}),
    ],
)
def test_an_empty_answer_is_empty_in_the_real_way(
    standin: StandIn, file: str, name: str, asked: dict[str, Any]
) -> None:
    theirs = real(file)
    standin.world.channel(id="UCempty")

    body = ask(standin, name, part="id", **asked).body

    assert body | {"etag": ""} == theirs | {"etag": ""}


def test_the_pages_of_a_list_have_the_names_of_real_ones(standin: StandIn) -> None:
    theirs = [real(f"rubyevents/playlist_items_p{number}.json") for number in (1, 2)]
    videos = standin.world.channel(id=CHANNEL).upload_many(79)
    standin.world.channels[CHANNEL].playlist(
        "Reihe", [video.id for video in videos], playlist_id="PLone"
    )

    asked: dict[str, Any] = {
        "part": "snippet,contentDetails",
        "playlistId": "PLone",
        "maxResults": 50,
    }
    first = ask(standin, "playlistItems.list", **asked)
    last = ask(standin, "playlistItems.list", **asked, pageToken=first.body["nextPageToken"])

    assert [list(page.body) for page in (first, last)] == [list(page) for page in theirs]
    assert [page.body["pageInfo"] for page in (first, last)] == [one["pageInfo"] for one in theirs]
    assert [len(page.items) for page in (first, last)] == [len(one["items"]) for one in theirs]


# --- real errors


def told(error: dict[str, Any]) -> dict[str, Any]:
    """Return what a program may go by in an error."""
    first = error["errors"][0]
    names = ("domain", "reason", "location", "locationType")
    return {
        "code": error["code"],
        "status": error.get("status"),
        "details": [(one["@type"], one.get("reason")) for one in error.get("details", ())],
    } | {name: first.get(name) for name in names}


@pytest.mark.parametrize(
    ("file", "error"),
    [
        ("API_KEY_INVALID_400.json", errors.BAD_KEY),
        ("API_KEY_HTTP_REFERRER_BLOCKED_403.json", errors.KEY_BLOCKED),
        ("joostlek_accessNotConfigured_SERVICE_DISABLED.json", errors.API_DISABLED),
        ("captions_download_api_key_401.json", errors.LOGIN_REQUIRED),
        ("python-youtube_error_permission.json", errors.PERMISSION_DENIED),
        ("quotaExceeded_403.json", errors.QUOTA_EXCEEDED),
        ("search_daily_quota_429_rateLimitExceeded.json", errors.SEARCHES_EXCEEDED),
        ("playlistNotFound_404.json", errors.PLAYLIST_NOT_FOUND),
        ("channelNotFound_404_playlists_list.json", errors.CHANNEL_NOT_FOUND),
        ("global_invalidParameter_400.json", errors.bad_value("chart", "…")),
    ],
)
def test_an_error_tells_what_a_real_one_tells(file: str, error: ApiError) -> None:
    theirs = real(f"errors/{file}")["error"]

    assert told(error.body()["error"]) == told(theirs)
