import copy
import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harvester.errors import ApiFormatError
from harvester.records import Availability, LiveState, Privacy
from harvester.youtube import parse

SHARED = Path(__file__).parents[2] / "shared" / "youtube" / "responses"

VIDEO: dict[str, Any] = {
    "id": "abcdefghijk",
    "snippet": {
        "publishedAt": "2023-11-30T08:00:00Z",
        "channelId": "UCtest000000000000000000",
        "title": "Ein Vortrag",
        "liveBroadcastContent": "none",
    },
    "contentDetails": {"duration": "PT30M", "caption": "false"},
    "status": {"privacyStatus": "public"},
}
ITEM: dict[str, Any] = {
    "id": "VVU",
    "snippet": {
        "publishedAt": "2024-01-02T03:04:05Z",
        "title": "Ein Vortrag",
        "playlistId": "PL1",
        "resourceId": {"kind": "youtube#video", "videoId": "abcdefghijk"},
    },
    "contentDetails": {"videoId": "abcdefghijk", "videoPublishedAt": "2023-11-30T08:00:00Z"},
    "status": {"privacyStatus": "public"},
}


def changed(item: dict[str, Any], **parts: dict[str, Any] | None) -> dict[str, Any]:
    """Return the item with other fields in its parts; None takes a part away."""
    item = copy.deepcopy(item)
    for name, fields in parts.items():
        if fields is None:
            del item[name]
        else:
            item[name] = item.get(name, {}) | fields
    return item


def without(item: dict[str, Any], part: str, field: str) -> dict[str, Any]:
    item = copy.deepcopy(item)
    del item[part][field]
    return item


@pytest.mark.parametrize(
    ("iso", "seconds"),
    [
        ("PT45S", 45),
        ("PT15M", 900),
        ("PT1H2M3S", 3723),
        ("P1DT2S", 86_402),
        ("P1D", 86_400),
        ("P0D", 0),  # a live stream that has not ended
        ("PT0S", 0),
    ],
)
def test_duration_is_read_in_seconds(iso: str, seconds: int) -> None:
    assert parse.duration_s(iso) == seconds


@pytest.mark.parametrize("iso", ["", "P", "PT", "P1DT", "213s", "PT1.5S", "1H", "PT-5S"])
def test_what_is_no_duration_is_refused(iso: str) -> None:
    with pytest.raises(ApiFormatError, match="not a duration"):
        parse.duration_s(iso)


def test_a_video_is_read_with_all_its_fields() -> None:
    item = changed(
        VIDEO,
        snippet={
            "description": "Worum es geht",
            "defaultLanguage": "de",
            "defaultAudioLanguage": "de-DE",
            "tags": ["Krise", "Wandel"],
            "thumbnails": {"default": {"url": "https://i/default.jpg", "width": 120}},
        },
        contentDetails={"duration": "PT1H1M17S", "caption": "true"},
        liveStreamingDetails={
            "scheduledStartTime": "2023-11-30T09:00:00Z",
            "actualStartTime": "2023-11-30T09:01:00.000Z",
            "actualEndTime": "2023-11-30T11:00:00.123456Z",
        },
        recordingDetails={"recordingDate": "2023-11-23T00:00:00Z"},
    )

    video = parse.video(item)

    assert video.title == "Ein Vortrag"
    assert video.description == "Worum es geht"
    assert video.published_at == dt.datetime(2023, 11, 30, 8, tzinfo=dt.UTC)
    assert video.duration_s == 3677
    assert video.caption_flag is True
    assert video.privacy is Privacy.PUBLIC
    assert video.live_state is LiveState.ENDED
    assert video.live_scheduled_at == dt.datetime(2023, 11, 30, 9, tzinfo=dt.UTC)
    assert video.live_started_at == dt.datetime(2023, 11, 30, 9, 1, tzinfo=dt.UTC)
    assert video.live_ended_at == dt.datetime(2023, 11, 30, 11, 0, 0, 123456, tzinfo=dt.UTC)
    assert video.recorded_on == "2023-11-23"
    assert (video.language, video.audio_language) == ("de", "de-DE")
    assert video.tags == ("Krise", "Wandel")
    assert video.thumbnail_url == "https://i/default.jpg"


def test_what_a_video_does_not_tell_is_none() -> None:
    video = parse.video(without(VIDEO, "contentDetails", "caption"))

    assert video.caption_flag is None
    assert video.recorded_on is None
    assert video.language is None
    assert video.audio_language is None
    assert video.thumbnail_url is None
    assert video.live_started_at is None
    assert video.tags == ()


@pytest.mark.parametrize(
    ("live", "duration", "seconds"),
    [
        ("none", "PT30M", 1800),
        ("live", "P0D", None),
        ("live", "PT2H", None),  # so far
        ("upcoming", "P0D", None),  # a stream
        ("upcoming", None, None),  # a premiere
        ("none", "P0D", None),  # a stream that has just ended
        ("none", None, None),
    ],
)
def test_a_length_that_is_not_final_is_no_length(
    live: str, duration: str | None, seconds: int | None
) -> None:
    item = changed(VIDEO, snippet={"liveBroadcastContent": live})
    if duration is None:
        del item["contentDetails"]["duration"]
    else:
        item["contentDetails"]["duration"] = duration

    assert parse.video(item).duration_s == seconds


@pytest.mark.parametrize(
    ("word", "details", "state"),
    [
        ("none", None, LiveState.NONE),
        ("live", {"actualStartTime": "2024-01-11T00:06:08Z"}, LiveState.LIVE),
        ("upcoming", {"scheduledStartTime": "2026-12-01T00:00:00Z"}, LiveState.UPCOMING),
        ("none", {"actualEndTime": "2024-01-11T00:06:08Z"}, LiveState.ENDED),
        ("none", {"actualStartTime": "2024-01-11T00:06:08Z"}, LiveState.ENDED),
        ("none", {"scheduledStartTime": "2024-01-11T00:06:08Z"}, LiveState.NONE),
        ("completed", None, LiveState.ENDED),
        ("paused", None, LiveState.UNKNOWN),
    ],
)
def test_live_state_tells_streams_from_uploads(
    word: str, details: dict[str, str] | None, state: LiveState
) -> None:
    item = changed(VIDEO, snippet={"liveBroadcastContent": word})
    if details is not None:
        item["liveStreamingDetails"] = details

    assert parse.video(item).live_state is state


@pytest.mark.parametrize(
    ("sent", "flag"), [("true", True), ("false", False), (True, True), ("maybe", None)]
)
def test_the_caption_flag_is_a_text_on_the_wire(sent: object, flag: bool | None) -> None:
    item = changed(VIDEO, contentDetails={"caption": sent})

    assert parse.video(item).caption_flag is flag


def test_an_unknown_word_for_privacy_is_unknown() -> None:
    item = changed(VIDEO, status={"privacyStatus": "members"})

    assert parse.video(item).privacy is Privacy.UNKNOWN


def test_the_widest_preview_counts() -> None:
    images = {
        "default": {"url": "d", "width": 120},
        "uhd": {"url": "u", "width": 3840},
        "maxres": {"url": "m", "width": 1280},
        "shortsAspectRatio": {"url": "s", "width": 9999},  # the upright cut
    }

    assert parse.best_thumbnail(images) == "u"
    assert parse.best_thumbnail({"shortsAspectRatio": {"url": "s"}}) == "s"
    assert parse.best_thumbnail({"default": {"url": "d"}, "odd": "x", "empty": {}}) == "d"
    assert parse.best_thumbnail({}) is None
    assert parse.best_thumbnail(None) is None


def test_texts_that_no_database_takes_are_mended() -> None:
    item = changed(VIDEO, snippet={"title": "Null\0 und \ud83d halb, \ud83d\ude00 ganz"})

    assert parse.video(item).title == "Null und \ufffd halb, \U0001f600 ganz"


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (changed(VIDEO, contentDetails=None), "abcdefghijk has no 'contentDetails'"),
        (changed(VIDEO, status=None), "abcdefghijk has no 'status'"),
        (changed(VIDEO, snippet={"title": 42}), "abcdefghijk, 'title': not a text: 42"),
        (without(VIDEO, "snippet", "title"), "abcdefghijk has no 'title'"),
        (without(VIDEO, "snippet", "channelId"), "abcdefghijk has no 'channelId'"),
        (changed(VIDEO, contentDetails={"duration": "1h"}), "abcdefghijk, 'duration': not a dur"),
        (changed(VIDEO, snippet={"publishedAt": "once"}), "abcdefghijk, 'publishedAt': not an i"),
        (changed(VIDEO, snippet={"publishedAt": "2023-11-30T08:00:00"}), "without a time zone"),
        (changed(VIDEO, snippet={"tags": "Krise"}), "abcdefghijk, 'tags': not a list"),
        ({**VIDEO, "snippet": "text"}, "abcdefghijk, 'snippet': not an object"),
        ({key: VIDEO[key] for key in VIDEO if key != "id"}, r"video \(no id\) has no 'id'"),
        (None, "not an object: None"),
    ],
)
def test_a_malformed_video_is_refused_by_id_and_field(item: object, told: str) -> None:
    with pytest.raises(ApiFormatError, match=told):
        parse.video(item)


def test_an_owner_may_enter_any_day_as_recorded() -> None:
    item = changed(VIDEO, recordingDetails={"recordingDate": "0000-00-00T00:00:00Z"})

    assert parse.video(item).recorded_on is None


@pytest.mark.parametrize(
    ("status", "published", "placeholder"),
    [
        ("public", True, None),
        ("unlisted", True, None),
        ("private", False, Availability.PRIVATE),
        ("private", True, Availability.PRIVATE),
        ("privacyStatusUnspecified", False, Availability.DELETED),
        ("privacyStatusUnspecified", True, Availability.DELETED),
        ("public", False, Availability.DELETED),  # so in 2018
    ],
)
def test_a_placeholder_is_known_by_status_and_date(
    status: str, published: bool, placeholder: Availability | None
) -> None:
    item = changed(ITEM, status={"privacyStatus": status})
    if not published:
        del item["contentDetails"]["videoPublishedAt"]

    entry = parse.playlist_item(item)

    assert entry.placeholder is placeholder
    assert entry.title == (None if placeholder else "Ein Vortrag")
    assert entry.video_id == "abcdefghijk"
    assert entry.added_at == dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def test_a_public_video_may_be_called_private_video() -> None:
    entry = parse.playlist_item(changed(ITEM, snippet={"title": "Private video"}))

    assert entry.placeholder is None
    assert entry.title == "Private video"


def test_an_entry_without_the_part_status_is_no_proof_of_anything() -> None:
    item = changed(ITEM, status=None)
    del item["contentDetails"]["videoPublishedAt"]

    entry = parse.playlist_item(item)

    assert entry.placeholder is None
    assert entry.title is None


def test_an_entry_without_a_video_is_refused() -> None:
    item = changed(ITEM, contentDetails=None, snippet={"resourceId": {}})

    with pytest.raises(ApiFormatError, match="playlist item VVU has no 'videoId'"):
        parse.playlist_item(item)


def test_a_channel_is_read_with_handle_and_count() -> None:
    channel = parse.channel(
        {
            "id": "UCtest000000000000000000",
            "snippet": {"title": "ZWK", "customUrl": "@zwk"},
            "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": "UUxyz"}},
            "statistics": {"videoCount": "318"},
        }
    )

    assert channel.handle == "@zwk"
    assert channel.uploads_playlist_id == "UUxyz"
    assert channel.video_count == 318


def test_a_channel_without_content_has_the_uploads_list_that_it_would_have() -> None:
    channel = parse.channel(
        {
            "id": "UCtest000000000000000000",
            "snippet": {"title": "Leer", "customUrl": "leer"},  # an old custom address
            "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": ""}},
        }
    )

    assert channel.uploads_playlist_id == "UUtest000000000000000000"
    assert channel.handle is None
    assert channel.video_count is None


def test_a_playlist_is_read_with_its_count() -> None:
    item = {
        "id": "PL1",
        "snippet": {"channelId": "UC1", "title": "Tagung", "publishedAt": "2020-01-02T03:04:05Z"},
        "contentDetails": {"itemCount": 7},
    }

    assert parse.playlist(item).item_count == 7
    with pytest.raises(ApiFormatError, match="playlist PL1, 'itemCount': not a number"):
        parse.playlist(item | {"contentDetails": {"itemCount": "many"}})


# --- real answers -------------------------------------------------------------

READERS: dict[str, Callable[[object], object]] = {
    "youtube#channel": parse.channel,
    "youtube#video": parse.video,
    "youtube#playlist": parse.playlist,
    "youtube#playlistItem": parse.playlist_item,
}
NEEDED = {
    "youtube#channel": {"snippet", "contentDetails"},
    "youtube#video": {"snippet", "contentDetails", "status"},
    "youtube#playlist": {"snippet"},
    "youtube#playlistItem": {"snippet"},
}


def _recorded() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(SHARED.rglob("*.json")):
        body = json.loads(file.read_text(encoding="utf-8"))
        items = body.get("items", [body]) if isinstance(body, dict) else []
        for number, item in enumerate(items):
            if isinstance(item, dict) and item.get("kind") in READERS:
                yield f"{file.relative_to(SHARED)}[{number}]", item


def test_recorded_answers_of_youtube_are_understood() -> None:
    if not SHARED.is_dir():
        pytest.skip("skipped: no shared data")
    read = 0

    for place, item in _recorded():
        kind = item["kind"]
        if item.keys() >= NEEDED[kind]:
            assert READERS[kind](item), place
            read += 1
        else:
            with pytest.raises(ApiFormatError, match=f"{item['id']} has no '"):
                READERS[kind](item)

    assert read > 150


@pytest.mark.parametrize(
    ("name", "placeholder"),
    [
        ("playlistItem_private_2021plus", Availability.PRIVATE),
        ("playlistItem_deleted_2021plus", Availability.DELETED),
        ("playlistItem_deleted_2018_with_status", Availability.DELETED),
    ],
)
def test_recorded_placeholders_are_known(name: str, placeholder: Availability) -> None:
    if not SHARED.is_dir():
        pytest.skip("skipped: no shared data")
    item = json.loads((SHARED / "observed" / f"{name}.json").read_text(encoding="utf-8"))
    # recorded without the part `status` that we ask for
    words = {Availability.PRIVATE: "private", Availability.DELETED: "privacyStatusUnspecified"}
    item.setdefault("status", {"privacyStatus": words[placeholder]})

    assert parse.playlist_item(item).placeholder is placeholder
