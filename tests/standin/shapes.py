"""How YouTube words a channel, a playlist, its items, a video and a caption track.

In:   a record of the world and the parts that were asked for.
Out:  the JSON resource, with exactly these parts.

What is easily got wrong is here on purpose: counts are strings, `caption` is a
string, tags and likes may be absent, a private or deleted video in a playlist
is a placeholder, a premiere to come has no duration.
"""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Collection
from typing import Any

from tests.standin.world import Channel, Playlist, Video, World

Json = dict[str, Any]

_SIZES = {
    "default": ("default", 120, 90),
    "medium": ("mqdefault", 320, 180),
    "high": ("hqdefault", 480, 360),
    "standard": ("sddefault", 640, 480),
    "maxres": ("maxresdefault", 1280, 720),
}
# titles are English whatever language is asked for, and a public video may be titled so
_PLACEHOLDERS = {
    "private": ("Private video", "This video is private.", "private"),
    "deleted": ("Deleted video", "This video is unavailable.", "privacyStatusUnspecified"),
}


def etag(content: Any) -> str:
    """Return a hash of the content, 27 characters without quotes as since 2020."""
    digest = hashlib.sha1(json.dumps(content, sort_keys=True).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def timestamp(moment: dt.datetime, world: World) -> str:
    """Return an instant as YouTube writes it: "2023-05-11T00:20:46Z", before 2020 "….000Z"."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}{'.000' if world.milliseconds else ''}Z"


def _resource(kind: str, resource_id: str, parts: Collection[str], content: Json) -> Json:
    body = {name: value for name, value in content.items() if name in parts}
    return {"kind": f"youtube#{kind}", "etag": etag([resource_id, body]), "id": resource_id} | body


def _thumbnails(video: Video) -> Json:
    return {
        name: {
            "url": f"https://i.ytimg.com/vi/{video.id}/{_SIZES[name][0]}.jpg",
            "width": _SIZES[name][1],
            "height": _SIZES[name][2],
        }
        for name in video.thumbnails
    }


def channel(one: Channel, parts: Collection[str], world: World) -> Json:
    """Return a channel."""
    content: Json = {}
    if "snippet" in parts:
        words = {"title": one.title, "description": one.description}
        picture = f"https://yt3.ggpht.com/{one.id}"
        content["snippet"] = (
            words
            | ({"customUrl": "@" + one.handle.removeprefix("@").lower()} if one.handle else {})
            | {"publishedAt": timestamp(one.published_at, world)}
            | {
                "thumbnails": {
                    name: {"url": f"{picture}=s{size}", "width": size, "height": size}
                    for name, size in (("default", 88), ("medium", 240), ("high", 800))
                }
            }
            | {"localized": words}
            | ({"country": one.country} if one.country else {})
        )
    if "contentDetails" in parts:
        # likes are "" without the owner's login
        content["contentDetails"] = {
            "relatedPlaylists": {"likes": "", "uploads": one.uploads_id},
        }
    if "statistics" in parts:
        content["statistics"] = {
            "viewCount": "234084",
            "subscriberCount": "2300",
            "hiddenSubscriberCount": False,
            "videoCount": str(len(world.uploads(one.id))),
        }
    if "status" in parts:
        content["status"] = {
            "privacyStatus": "public",
            "isLinked": True,
            "longUploadsStatus": "longUploadsUnspecified",
            "madeForKids": False,
        }
    if "brandingSettings" in parts:
        words = {"title": one.title, "description": one.description}
        content["brandingSettings"] = {"channel": words}
    return _resource("channel", one.id, parts, content)


def playlist(one: Playlist, parts: Collection[str], world: World) -> Json:
    """Return a playlist; its picture is that of its first video that can be seen."""
    first = next((video for video in map(world.visible, one.video_ids) if video), None)
    words = {"title": one.title, "description": one.description}
    content: Json = {
        "snippet": {
            "publishedAt": timestamp(one.published_at, world),
            "channelId": one.channel_id,
            **words,
            "thumbnails": _thumbnails(first) if first else {},
            "channelTitle": world.channels[one.channel_id].title,
            "localized": words,
        },
        "status": {"privacyStatus": "public"},
        "contentDetails": {"itemCount": len(one.video_ids)},
        "player": {"embedHtml": f'<iframe src="http://www.youtube.com/embed?list={one.id}">'},
    }
    return _resource("playlist", one.id, parts, content)


def playlist_item(
    playlist_id: str, position: int, video_id: str, parts: Collection[str], world: World
) -> Json:
    """Return an entry of a playlist; `position` is its index now and changes with every upload."""
    home = world.playlists.get(playlist_id)
    owner = world.channels[home.channel_id if home else "UC" + playlist_id[2:]]
    video = world.visible(video_id)
    known = world.videos.get(video_id)
    # a video that the world does not know at all was deleted long ago
    gone = _PLACEHOLDERS.get(known.privacy if known else "deleted", _PLACEHOLDERS["deleted"])
    if home is None:
        assert known is not None
        added_at = known.published_at
    else:
        added_at = home.published_at
        if known:
            added_at = max(added_at, known.published_at + dt.timedelta(hours=1))
    snippet: Json = {
        "publishedAt": timestamp(added_at, world),  # added to the playlist, not published
        "channelId": owner.id,
        "title": video.title if video else gone[0],
        "description": video.description if video else gone[1],
        "thumbnails": _thumbnails(video) if video else {},
        "channelTitle": owner.title,
        "playlistId": playlist_id,
        "position": position,
        "resourceId": {"kind": "youtube#video", "videoId": video_id},
    }
    details = {"videoId": video_id}
    if video:
        snippet["videoOwnerChannelTitle"] = world.channels[video.channel_id].title
        snippet["videoOwnerChannelId"] = video.channel_id
        details["videoPublishedAt"] = timestamp(video.published_at, world)
    content: Json = {
        "snippet": snippet,
        "contentDetails": details,
        "status": {"privacyStatus": video.privacy if video else gone[2]},
    }
    return _resource("playlistItem", playlist_item_id(playlist_id, video_id), parts, content)


def playlist_item_id(playlist_id: str, video_id: str) -> str:
    """Return the id of an entry: base64 of the playlist's id and the video's, or a hash of it."""
    told = video_id
    if not playlist_id.startswith("UU"):
        told = hashlib.sha1(f"{playlist_id}.{video_id}".encode()).hexdigest()[:16].upper()
    return base64.urlsafe_b64encode(f"{playlist_id}.{told}".encode()).decode().rstrip("=")


def video(one: Video, parts: Collection[str], world: World) -> Json:
    """Return a video."""
    content: Json = {}
    if "snippet" in parts:
        content["snippet"] = _video_snippet(one, world)
    if "contentDetails" in parts:
        details: Json = {"duration": one.duration} if one.duration is not None else {}
        content["contentDetails"] = details | {
            "dimension": "2d",
            "definition": "hd",
            "caption": "true" if one.caption else "false",
            "licensedContent": False,
            "contentRating": {},
            "projection": "rectangular",
        }
    if "status" in parts:
        # a stream is only "uploaded" until it has run; a premiere is ready and waits
        waiting = one.live in ("upcoming", "live") and not one.is_premiere
        content["status"] = {
            "uploadStatus": "uploaded" if waiting else "processed",
            "privacyStatus": one.privacy,
            "license": "youtube",
            "embeddable": True,
            "publicStatsViewable": True,
            "madeForKids": False,
        }
    if "statistics" in parts:
        content["statistics"] = (
            {"viewCount": str(one.views)}
            | ({} if one.likes is None else {"likeCount": str(one.likes)})
            | {"favoriteCount": "0"}
            | ({} if one.comments is None else {"commentCount": str(one.comments)})
        )
    if "liveStreamingDetails" in parts and one.live != "none":
        content["liveStreamingDetails"] = _live_details(one, world)
    if "recordingDetails" in parts:
        # a date that the owner typed in; the time of day means nothing
        day = one.recorded_on
        content["recordingDetails"] = {"recordingDate": f"{day}T00:00:00Z"} if day else {}
    if "topicDetails" in parts:
        content["topicDetails"] = {"topicCategories": ["https://en.wikipedia.org/wiki/Knowledge"]}
    if "localizations" in parts and one.language:
        words = {"title": one.title, "description": one.description}
        content["localizations"] = {one.language: words}
    if "player" in parts:
        frame = f'<iframe src="//www.youtube.com/embed/{one.id}">'
        content["player"] = {"embedHtml": frame}
    if "paidProductPlacementDetails" in parts:
        content["paidProductPlacementDetails"] = {"hasPaidProductPlacement": False}
    return _resource("video", one.id, parts, content)


def _video_snippet(one: Video, world: World) -> Json:
    words = {"title": one.title, "description": one.description}
    snippet: Json = {
        "publishedAt": timestamp(one.published_at, world),
        "channelId": one.channel_id,
        **words,
        "thumbnails": _thumbnails(one),
        "channelTitle": world.channels[one.channel_id].title,
    }
    if one.tags:
        snippet["tags"] = list(one.tags)
    snippet["categoryId"] = "27"
    # a stream that is over is an ordinary video again, but for its liveStreamingDetails
    snippet["liveBroadcastContent"] = "none" if one.live == "ended" else one.live
    if one.language:
        snippet["defaultLanguage"] = one.language
    snippet["localized"] = words
    if one.audio_language:
        snippet["defaultAudioLanguage"] = one.audio_language
    return snippet


def _live_details(one: Video, world: World) -> Json:
    times = {
        "actualStartTime": one.live_started_at,
        "actualEndTime": one.live_ended_at,
        "scheduledStartTime": one.live_scheduled_at,
    }
    details = {name: timestamp(at, world) for name, at in times.items() if at}
    if one.live == "live":
        details["concurrentViewers"] = "12"
    if one.live in ("upcoming", "live"):
        details["activeLiveChatId"] = base64.urlsafe_b64encode(one.id.encode()).decode()
    return details


def video_stat(one: Video, parts: Collection[str], world: World) -> Json:
    """Return a video in the other dialect, that of videos.batchGetStats: "213s", publishTime."""
    counts = {"viewCount": one.views, "likeCount": one.likes, "commentCount": one.comments}
    content: Json = {
        "snippet": {"publishTime": timestamp(one.published_at, world)},
        "statistics": {name: str(count) for name, count in counts.items() if count is not None},
        "contentDetails": {"duration": f"{_seconds(one.duration or 'P0D')}s"},
    }
    return _resource("videoStat", one.id, parts, content)


def _seconds(duration: str) -> int:
    """Return an ISO 8601 duration in seconds: "P1DT2S" -> 86402."""
    units = {"D": 86_400, "H": 3_600, "M": 60, "S": 1}
    total = number = 0
    for character in duration:
        if character.isdigit():
            number = number * 10 + int(character)
        else:
            total, number = total + number * units.get(character, 0), 0
    return total


def captions(one: Video, parts: Collection[str]) -> list[Json]:
    """Return the caption tracks of a video, made by people ("standard") or by machine ("asr")."""
    tracks = one.caption_tracks
    if tracks is None:
        tracks = ((one.audio_language or "de", "standard"),) if one.caption else ()
    # this one timestamp has five or six digits after the point
    updated = f"{one.published_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}.56697Z"
    resources = []
    for language, kind in tracks:
        snippet = {
            "videoId": one.id,
            "lastUpdated": updated,
            "trackKind": kind,
            "language": language,
            "name": "",
            "audioTrackType": "unknown",
            "isCC": False,
            "isLarge": False,
            "isEasyReader": False,
            "isDraft": False,
            "isAutoSynced": False,
            "status": "serving",
        }
        track_id = "AUieDa" + etag([one.id, language, kind])
        resources.append(_resource("caption", track_id, parts, {"snippet": snippet}))
    return resources


def search_result(one: Video, parts: Collection[str], world: World) -> Json:
    """Return a video as search.list finds it: the id is an object here."""
    full = _video_snippet(one, world)
    names = ("publishedAt", "channelId", "title", "description", "thumbnails", "channelTitle")
    snippet = {name: full[name] for name in names}
    snippet |= {
        "liveBroadcastContent": full["liveBroadcastContent"],
        "publishTime": full["publishedAt"],
    }
    body: Json = {"id": {"kind": "youtube#video", "videoId": one.id}}
    if "snippet" in parts:
        body["snippet"] = snippet
    return {"kind": "youtube#searchResult", "etag": etag(body)} | body
