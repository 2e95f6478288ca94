"""The stand-in answers as the YouTube Data API does, oddities included."""

from typing import Any

import pytest

from tests.standin.checking import Answer, ask
from tests.standin.server import StandIn
from tests.standin.world import Channel, World

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


# --- channels


@pytest.mark.parametrize(
    "asked",
    [
        {"id": CHANNEL},
        {"forHandle": "kanal"},
        {"forHandle": "@Kanal"},
        {"forUsername": "alt"},
    ],
)
def test_a_channel_is_found_by_id_handle_or_user_name(
    standin: StandIn, channel: Channel, asked: dict[str, Any]
) -> None:
    answer = ask(standin, "channels.list", part="contentDetails", **asked)

    assert answer.items[0]["contentDetails"]["relatedPlaylists"] == {
        "likes": "",
        "uploads": UPLOADS,
    }
    assert answer.body["pageInfo"] == {"totalResults": 1, "resultsPerPage": 5}


@pytest.mark.parametrize("asked", ["id", "forHandle", "forUsername"])
def test_an_unknown_channel_is_an_answer_without_items(standin: StandIn, asked: str) -> None:
    unknown: dict[str, Any] = {asked: "nobody"}

    answer = ask(standin, "channels.list", part="id", **unknown)

    assert answer.status == 200
    assert "items" not in answer.body


# --- pages


def test_uploads_come_newest_first_in_pages_that_tokens_chain(
    standin: StandIn, channel: Channel
) -> None:
    ids = [video.id for video in channel.upload_many(120)][::-1]

    first = uploads(standin, maxResults=50)
    second = uploads(standin, maxResults=50, pageToken=first.body["nextPageToken"])
    last = uploads(standin, maxResults=50, pageToken=second.body["nextPageToken"])
    back = uploads(standin, maxResults=50, pageToken=last.body["prevPageToken"])

    assert first.ids + second.ids + last.ids == ids
    assert "prevPageToken" not in first.body
    assert "nextPageToken" not in last.body
    assert back.ids == second.ids
    assert [item["snippet"]["position"] for item in second.items] == list(range(50, 100))


def test_a_page_has_five_items_unless_asked_for_more(standin: StandIn, channel: Channel) -> None:
    channel.upload_many(9)

    assert len(uploads(standin).items) == 5


def test_a_token_is_of_use_for_its_own_list_only(standin: StandIn, channel: Channel) -> None:
    many = [video.id for video in channel.upload_many(9)]
    other = channel.playlist("Reihe", many)
    token = uploads(standin).body["nextPageToken"]

    assert uploads(standin, pageToken=token, playlistId=other.id).reason == "invalidPageToken"
    assert uploads(standin, pageToken="nonsense").reason == "invalidPageToken"


def test_an_upload_between_two_pages_shows_an_item_twice(
    standin: StandIn, channel: Channel
) -> None:
    channel.upload_many(10)
    standin.after("playlistItems.list", lambda: channel.upload("new"))

    first = uploads(standin)
    second = uploads(standin, pageToken=first.body["nextPageToken"])

    assert first.ids[-1] == second.ids[0]
    assert "new" not in first.ids + second.ids


def test_a_video_hidden_between_two_pages_makes_an_item_be_skipped(
    standin: StandIn, channel: Channel
) -> None:
    ids = [video.id for video in channel.upload_many(10)][::-1]
    standin.after("playlistItems.list", lambda: standin.world.hide(ids[0]))

    first = uploads(standin)
    second = uploads(standin, pageToken=first.body["nextPageToken"])

    assert ids[5] not in first.ids + second.ids


def test_a_page_may_be_short_and_still_go_on(standin: StandIn, channel: Channel) -> None:
    ids = [video.id for video in channel.upload_many(10)][::-1]
    standin.world.omitted = {ids[1], ids[2]}

    answer = uploads(standin)

    assert answer.ids == [ids[0], ids[3], ids[4]]
    assert "nextPageToken" in answer.body
    assert videos(standin, ids[1]).ids == [ids[1]]  # unlisted there, and yet it exists


def test_the_total_is_not_to_be_trusted(standin: StandIn, channel: Channel) -> None:
    channel.upload_many(3)
    standin.world.total_off_by = 7

    assert uploads(standin).body["pageInfo"]["totalResults"] == 10


def test_no_more_than_the_newest_20_000_uploads_are_listed(
    standin: StandIn, channel: Channel
) -> None:
    channel.upload_many(12)
    standin.world.uploads_limit = 10

    assert uploads(standin).body["pageInfo"]["totalResults"] == 10


# --- playlists


def test_an_uploads_list_without_public_videos_is_not_found(
    standin: StandIn, channel: Channel
) -> None:
    standin.world.hide(channel.upload().id)

    answer = uploads(standin)

    assert (answer.status, answer.reason) == (404, "playlistNotFound")
    assert rb"\u003ccode\u003e" in answer.data


def test_private_and_deleted_videos_leave_placeholders_in_playlists(
    standin: StandIn, channel: Channel
) -> None:
    ids = [video.id for video in channel.upload_many(2)]
    playlist = channel.playlist("Reihe", [*ids, "unheard-of"])
    standin.world.hide(ids[0])
    standin.world.delete(ids[1])

    private, deleted, unknown = uploads(standin, playlistId=playlist.id).items

    assert private["snippet"]["title"] == "Private video"
    assert private["status"] == {"privacyStatus": "private"}
    assert deleted["snippet"]["title"] == "Deleted video"
    assert deleted["status"] == unknown["status"] == {"privacyStatus": "privacyStatusUnspecified"}
    assert all(one["snippet"]["thumbnails"] == {} for one in (private, deleted))
    assert all(list(one["contentDetails"]) == ["videoId"] for one in (private, deleted))


def test_an_uploads_list_shows_placeholders_only_where_the_world_says_so(
    standin: StandIn, channel: Channel
) -> None:
    shown, hidden, not_shown = (video.id for video in channel.upload_many(3))
    standin.world.hide(hidden)
    standin.world.hide(not_shown)
    standin.world.placeholders = {hidden}

    assert uploads(standin).ids == [hidden, shown]


def test_a_channel_without_playlists_has_an_empty_list_of_them(
    standin: StandIn, channel: Channel
) -> None:
    assert ask(standin, "playlists.list", part="snippet", channelId=CHANNEL).items == []


def test_playlists_of_what_is_no_channel_are_not_found(standin: StandIn) -> None:
    answer = ask(standin, "playlists.list", part="snippet", channelId="UCnobody")

    assert (answer.status, answer.reason) == (404, "channelNotFound")


def test_an_item_is_added_to_a_playlist_later_than_its_video_was_published(
    standin: StandIn, channel: Channel
) -> None:
    playlist = channel.playlist("Reihe", [channel.upload().id])

    [item] = uploads(standin, playlistId=playlist.id).items

    assert item["snippet"]["publishedAt"] > item["contentDetails"]["videoPublishedAt"]


# --- videos


def test_ids_that_cannot_be_seen_are_just_missing(standin: StandIn, channel: Channel) -> None:
    seen, private, deleted = (video.id for video in channel.upload_many(3))
    standin.world.hide(private)
    standin.world.delete(deleted)

    assert videos(standin, private, "unheard-of", seen, deleted).ids == [seen]
    assert videos(standin, private).body["items"] == []
    assert videos(standin, private).body["pageInfo"] == {"totalResults": 0, "resultsPerPage": 0}

    standin.world.restore(private)

    assert videos(standin, private).ids == [private]


def test_videos_come_in_another_order_than_asked(standin: StandIn, channel: Channel) -> None:
    ids = [video.id for video in channel.upload_many(20)]

    found = videos(standin, *ids).ids

    assert found != ids
    assert sorted(found) == ids


def test_what_the_owner_does_not_tell_is_absent(standin: StandIn, channel: Channel) -> None:
    channel.upload("bare", likes=None, comments=None)

    [video] = videos(standin, "bare", part="snippet,statistics,liveStreamingDetails").items

    assert video["statistics"] == {"viewCount": "100", "favoriteCount": "0"}
    assert not {"tags", "defaultLanguage", "defaultAudioLanguage"} & video["snippet"].keys()
    assert "liveStreamingDetails" not in video


def test_live_states_have_durations_of_their_own(standin: StandIn, channel: Channel) -> None:
    channel.upload("stream", live="upcoming", live_scheduled_at="2026-12-01T17:00:00Z")
    channel.upload("running", live="live", live_started_at="2026-11-22T08:00:00Z")
    channel.upload("over", live="ended", duration="P1DT2S", live_ended_at="2026-11-20T08:00:00Z")
    channel.premiere("premiere", live_scheduled_at="2026-12-02T17:00:00Z")

    answer = videos(
        standin,
        *("stream", "running", "over", "premiere"),
        part="snippet,contentDetails,status,liveStreamingDetails",
    )

    found = {
        one["id"]: (
            one["snippet"]["liveBroadcastContent"],
            one["contentDetails"].get("duration"),
            one["status"]["uploadStatus"],
        )
        for one in answer.items
    }
    assert found == {
        "stream": ("upcoming", "P0D", "uploaded"),
        "running": ("live", "P0D", "uploaded"),
        "over": ("none", "P1DT2S", "processed"),
        "premiere": ("upcoming", None, "processed"),
    }
    assert all("liveStreamingDetails" in one for one in answer.items)


def test_timestamps_have_two_forms(standin: StandIn, channel: Channel) -> None:
    channel.upload("one", published_at="2018-02-06T08:00:00Z")
    standin.world.milliseconds = True

    assert videos(standin, "one").items[0]["snippet"]["publishedAt"] == "2018-02-06T08:00:00.000Z"


def test_captions_are_a_flag_in_words_and_tracks_in_lower_case(
    standin: StandIn, channel: Channel
) -> None:
    channel.upload("made", caption=True)
    channel.upload("auto", caption_tracks=[("de", "asr")])

    flags = {
        one["id"]: one["contentDetails"]["caption"] for one in videos(standin, "made", "auto").items
    }
    tracks = ask(standin, "captions.list", part="snippet", videoId="auto")

    assert flags == {"made": "true", "auto": "false"}
    assert [one["snippet"]["trackKind"] for one in tracks.items] == ["asr"]
    assert "pageInfo" not in tracks.body
    assert ask(standin, "captions.list", part="id", videoId="none").reason == "videoNotFound"


def test_statistics_in_batches_have_a_dialect_of_their_own(
    standin: StandIn, channel: Channel
) -> None:
    channel.upload("one", duration="PT3M33S")

    [stat] = ask(standin, "videos.batchGetStats", id="one").items

    assert stat["contentDetails"] == {"duration": "213s"}
    assert "publishTime" in stat["snippet"]


def test_a_search_finds_uploads_between_two_dates(standin: StandIn, channel: Channel) -> None:
    for year in (2021, 2022, 2023):
        channel.upload(f"of-{year}", published_at=f"{year}-06-01T00:00:00Z")

    answer = ask(
        standin,
        "search.list",
        part="snippet",
        type="video",
        channelId=CHANNEL,
        publishedAfter="2022-01-01T00:00:00Z",
        publishedBefore="2023-01-01T00:00:00Z",
    )

    assert [one["id"]["videoId"] for one in answer.items] == ["of-2022"]


# --- the world


def test_a_world_is_read_from_plain_data(standin: StandIn) -> None:
    standin.world = World.load(
        {
            "channel": {"id": CHANNEL, "title": "ZWK", "handle": "@zwk", "description": "…"},
            "videos": [
                {
                    "id": "talk",
                    "title": "Ein Vortrag",
                    "published_at": "2023-11-30T08:00:00+01:00",
                    "duration": "PT1H",
                    "caption": True,
                    "recorded_on": "2023-11-23",
                    "tags": ["Werkstoffe"],
                    "language": None,
                },
                {
                    "id": "next",
                    "title": "Premiere",
                    "published_at": "2026-11-01",
                    "live": "upcoming",
                },
                {"id": "lost", "title": "x", "published_at": "2020-01-01", "privacy": "private"},
            ],
            "playlists": [
                {
                    "id": "PLone",
                    "title": "Reihe",
                    "description": None,
                    "video_ids": ["talk", "lost"],
                }
            ],
            "uploads_placeholders": ["lost"],
        }
    )

    assert uploads(standin).ids == ["next", "talk", "lost"]
    assert uploads(standin, playlistId="PLone").ids == ["talk", "lost"]
    [talk] = videos(standin, "talk", part="snippet,contentDetails,recordingDetails").items
    assert talk["snippet"]["publishedAt"] == "2023-11-30T07:00:00Z"
    assert talk["snippet"]["tags"] == ["Werkstoffe"]
    assert talk["recordingDetails"] == {"recordingDate": "2023-11-23T00:00:00Z"}
    assert "duration" not in videos(standin, "next").items[0]["contentDetails"]


def test_a_slip_in_a_world_is_noticed() -> None:
    channel = {"id": CHANNEL, "title": "ZWK"}

    with pytest.raises(TypeError, match="titel"):
        World.load({"channel": channel, "videos": [{"id": "a", "titel": "x"}]})
    with pytest.raises(ValueError, match="nowhere"):
        World.load({"channel": channel, "uploads_placeholders": ["nowhere"]})


def test_a_changed_video_is_answered_as_changed(standin: StandIn, channel: Channel) -> None:
    channel.upload("one", title="Alt")
    before = videos(standin, "one").body["etag"]

    standin.world.change("one", title="Neu")

    after = videos(standin, "one")
    assert after.items[0]["snippet"]["title"] == "Neu"
    assert after.body["etag"] != before
