"""Records with boring defaults: a test names only what it is about."""

import datetime as dt
from typing import Any

from harvester.records import Channel, Event, Playlist, PlaylistItem, Talk, Video

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
CHANNEL_ID = "UCtest000000000000000000"


def channel(**given: Any) -> Channel:
    fields: dict[str, Any] = {
        "channel_id": CHANNEL_ID,
        "title": "Ein Kanal",
        "uploads_playlist_id": "UU" + CHANNEL_ID[2:],
    }
    return Channel(**fields | given)


def video(video_id: str = "video-00001", **given: Any) -> Video:
    fields: dict[str, Any] = {
        "channel_id": CHANNEL_ID,
        "title": f"Video {video_id}",
        "published_at": dt.datetime(2023, 11, 30, 8, 0, tzinfo=dt.UTC),
        "duration_s": 1800,
        "caption_flag": False,
    }
    return Video(video_id=video_id, **fields | given)


def playlist(playlist_id: str = "PL1", **given: Any) -> Playlist:
    fields: dict[str, Any] = {"channel_id": CHANNEL_ID, "title": "Eine Playlist"}
    return Playlist(playlist_id=playlist_id, **fields | given)


def playlist_item(video_id: str, playlist_id: str = "PL1", **given: Any) -> PlaylistItem:
    fields: dict[str, Any] = {"title": f"Video {video_id}"}
    return PlaylistItem(playlist_id=playlist_id, video_id=video_id, **fields | given)


def event(event_id: str = "event-1", **given: Any) -> Event:
    fields: dict[str, Any] = {"title": f"Veranstaltung {event_id}"}
    return Event(event_id=event_id, **fields | given)


def talk(talk_id: str = "talk-1", event_id: str = "event-1", **given: Any) -> Talk:
    fields: dict[str, Any] = {"title": f"Vortrag {talk_id}"}
    return Talk(talk_id=talk_id, event_id=event_id, **fields | given)
