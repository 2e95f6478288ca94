"""What our YouTube holds: channels, their videos and playlists, and how they change.

Tests write a world down, the server reads it, and both may do so at once: all
reading and changing happens under `world.lock`.  How YouTube words any of this
is not known here (`shapes.py` does that).

Nothing is invented behind a test's back: a video is public, ten minutes long
and without captions unless it is said otherwise.
"""

import datetime as dt
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

FIRST_UPLOAD = dt.datetime(2024, 1, 1, 12, 0, tzinfo=dt.UTC)
UPLOADS_LIMIT = 20_000  # YouTube lists no more of an uploads playlist than the newest so many
PLAYLIST_LIMIT = 5_000


@dataclass(slots=True, kw_only=True)
class Video:
    """A video as its owner set it up.  `duration` is ISO 8601; None means that it is not told.

    A stream that is to come or running has the duration "P0D"; a premiere to
    come has none at all, and that is how the two are told apart here, too.
    """

    id: str
    channel_id: str
    title: str
    description: str = ""
    published_at: dt.datetime
    duration: str | None = "PT10M"
    caption: bool = False  # an uploaded caption track; automatic ones do not count
    caption_tracks: tuple[tuple[str, str], ...] | None = None  # (language, kind); None: by caption
    privacy: str = "public"  # public, unlisted, private, deleted
    live: str = "none"  # none, upcoming, live, ended
    live_scheduled_at: dt.datetime | None = None
    live_started_at: dt.datetime | None = None
    live_ended_at: dt.datetime | None = None
    recorded_on: dt.date | None = None
    language: str | None = None
    audio_language: str | None = None
    tags: tuple[str, ...] = ()
    thumbnails: tuple[str, ...] = ("default", "medium", "high", "standard", "maxres")
    views: int = 100
    likes: int | None = 5  # None: hidden by the owner
    comments: int | None = 0  # None: switched off

    @property
    def is_visible(self) -> bool:
        """Whether someone with the link can see it."""
        return self.privacy in ("public", "unlisted")

    @property
    def is_premiere(self) -> bool:
        """Whether it is a film that waits for its first showing."""
        return self.live == "upcoming" and self.duration is None


@dataclass(slots=True, kw_only=True)
class Playlist:
    """A playlist that a channel made; `video_ids` may name videos of others, gone or unknown."""

    id: str
    channel_id: str
    title: str
    description: str = ""
    published_at: dt.datetime = FIRST_UPLOAD
    video_ids: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Channel:
    """A channel.  Make one with `world.channel(…)`."""

    world: "World" = field(repr=False)
    id: str
    title: str
    handle: str | None = None
    username: str | None = None
    description: str = ""
    published_at: dt.datetime = dt.datetime(2012, 3, 4, 5, 6, 7, tzinfo=dt.UTC)
    country: str | None = "DE"
    newest_at: dt.datetime = FIRST_UPLOAD

    @property
    def uploads_id(self) -> str:
        """The id of its uploads playlist."""
        return "UU" + self.id[2:]

    def upload(self, video_id: str | None = None, **given: Any) -> Video:
        """Add a video and return it; fields as in `Video`, dates as datetimes or ISO strings.

        Without a date of its own it is ten minutes newer than the newest of the channel.
        """
        with self.world.lock:
            number = len(self.world.videos) + 1
            video_id = video_id or f"standin{number:04d}"
            if given.get("live") in ("upcoming", "live"):
                given.setdefault("duration", "P0D")
            given.setdefault("title", f"Video {video_id}")
            given.setdefault("published_at", self.newest_at + dt.timedelta(minutes=10))
            video = Video(id=video_id, channel_id=self.id, **_typed(given))
            self.world.add(video)
            return video

    def upload_many(self, count: int, **given: Any) -> list[Video]:
        """Add so many videos, each newer than the one before."""
        return [self.upload(**given) for _ in range(count)]

    def premiere(self, video_id: str | None = None, **given: Any) -> Video:
        """Add a premiere that is still to come: it has no duration yet."""
        return self.upload(video_id, live="upcoming", duration=None, **given)

    def playlist(
        self,
        title: str,
        video_ids: Sequence[str] = (),
        *,
        playlist_id: str | None = None,
        description: str = "",
        published_at: dt.datetime | str | None = None,
    ) -> Playlist:
        """Add a playlist of these videos and return it."""
        with self.world.lock:
            playlist = Playlist(
                id=playlist_id or f"PLstandin{len(self.world.playlists) + 1:04d}",
                channel_id=self.id,
                title=title,
                description=description,
                published_at=_moment(published_at or FIRST_UPLOAD),
                video_ids=list(video_ids),
            )
            self.world.playlists[playlist.id] = playlist
            return playlist


class World:
    """Everything the stand-in knows, and the switches for what YouTube does oddly.

    `milliseconds`      timestamps as before 2020, "2018-02-06T08:00:00.000Z"
    `total_off_by`      how far pageInfo.totalResults is from the number of items of a playlist
    `uploads_limit`     so many of the newest uploads are listed, None for all
    `omitted`           ids that take up a place in a playlist but are not shown: a page is
                        shorter for it, or even empty, and goes on all the same
    `placeholders`      ids of private or deleted videos that an uploads playlist still shows
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.channels: dict[str, Channel] = {}
        self.videos: dict[str, Video] = {}
        self.playlists: dict[str, Playlist] = {}
        self.milliseconds = False
        self.total_off_by = 0
        self.uploads_limit: int | None = UPLOADS_LIMIT
        self.omitted: set[str] = set()
        self._placeholders: set[str] = set()
        self._by_channel: dict[str, list[str]] = {}
        self._uploads: dict[str, list[str]] = {}  # listings as they stand, until something changes

    # --- making it

    def channel(self, *, id: str, title: str = "Ein Kanal", **given: Any) -> Channel:  # noqa: A002
        """Add a channel and return it; fields as in `Channel`."""
        with self.lock:
            channel = self.channels[id] = Channel(world=self, id=id, title=title, **_typed(given))
            self._by_channel.setdefault(id, [])
            return channel

    def add(self, video: Video) -> None:
        """Add a video to its channel; its id must be new."""
        with self.lock:
            if video.id in self.videos:
                raise ValueError(f"there is a video {video.id} already")
            self.videos[video.id] = video
            channel = self.channels[video.channel_id]
            channel.newest_at = max(channel.newest_at, video.published_at)
            self._by_channel[video.channel_id].append(video.id)
            self._uploads.pop(video.channel_id, None)

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> "World":
        """Return the world that a YAML file describes, once that file is read.

        Keys: channel, videos, playlists and uploads_placeholders; the fields
        are those of the classes above.  A video without `duration` has none.
        Raises TypeError for a field that there is not, ValueError for a
        placeholder of a video that there is not.
        """
        world = cls()
        channel = world.channel(**data["channel"])
        for given in data.get("videos") or ():
            fields = {name: value for name, value in given.items() if value is not None}
            channel.upload(fields.pop("id"), **{"duration": None} | fields)
        for given in data.get("playlists") or ():
            fields = {name: value for name, value in given.items() if value is not None}
            channel.playlist(playlist_id=fields.pop("id"), **fields)
        world.placeholders = set(data.get("uploads_placeholders") or ())
        if unknown := world.placeholders - world.videos.keys():
            raise ValueError(f"uploads_placeholders without a video: {sorted(unknown)}")
        return world

    # --- changing it

    def change(self, video_id: str, **fields: Any) -> None:
        """Give a video other fields, as its owner would."""
        with self.lock:
            video = self.videos[video_id]
            self.videos[video_id] = replace(video, **_typed(fields))
            self._uploads.pop(video.channel_id, None)

    def hide(self, video_id: str) -> None:
        """Make a video private."""
        self.change(video_id, privacy="private")

    def delete(self, video_id: str) -> None:
        """Delete a video; playlists keep its place."""
        self.change(video_id, privacy="deleted")

    def restore(self, video_id: str) -> None:
        """Make a video public, again or for the first time."""
        self.change(video_id, privacy="public")

    @property
    def placeholders(self) -> set[str]:
        """Ids of private or deleted videos that an uploads playlist still shows; set it anew."""
        return self._placeholders

    @placeholders.setter
    def placeholders(self, ids: set[str]) -> None:
        with self.lock:
            self._placeholders = set(ids)
            self._uploads.clear()

    # --- reading it

    def uploads(self, channel_id: str) -> list[str]:
        """Return the ids in a channel's uploads playlist, newest first."""
        if channel_id not in self._uploads:
            shown = [
                video
                for video in map(self.videos.__getitem__, self._by_channel[channel_id])
                if video.privacy == "public" or video.id in self._placeholders
            ]
            shown.reverse()  # of two of the same second, the later upload comes first
            shown.sort(key=lambda video: video.published_at, reverse=True)
            self._uploads[channel_id] = [video.id for video in shown]
        return self._uploads[channel_id]

    def listing(self, playlist_id: str) -> list[str] | None:
        """Return the ids in any playlist; None if there is no such playlist, or nothing in it.

        YouTube makes no difference between the two for an uploads playlist.
        """
        if playlist_id in self.playlists:
            return self.playlists[playlist_id].video_ids[:PLAYLIST_LIMIT]
        channel_id = "UC" + playlist_id[2:]
        if not playlist_id.startswith("UU") or channel_id not in self.channels:
            return None
        uploads = self.uploads(channel_id)
        if self.uploads_limit is not None and len(uploads) > self.uploads_limit:
            uploads = uploads[: self.uploads_limit]
        return uploads or None

    def visible(self, video_id: str) -> Video | None:
        """Return a video that someone with the link can see."""
        video = self.videos.get(video_id)
        return video if video and video.is_visible else None

    def playlists_of(self, channel_id: str) -> list[Playlist]:
        """Return the playlists that a channel made, newest first."""
        found = [one for one in self.playlists.values() if one.channel_id == channel_id]
        return sorted(found, key=lambda playlist: playlist.published_at, reverse=True)

    def channel_by(self, *, handle: str = "", username: str = "") -> Iterator[Channel]:
        """Yield the channel of that handle, with or without its @, or that user name."""
        for channel in self.channels.values():
            if handle and _bare(channel.handle) == _bare(handle):
                yield channel
            if username and (channel.username or "").lower() == username.lower():
                yield channel


def _bare(handle: str | None) -> str:
    return (handle or "").removeprefix("@").lower()


def _moment(value: dt.date | str) -> dt.datetime:
    """Return an aware datetime; one without a zone is UTC, a day alone means its first moment."""
    moment = dt.datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _typed(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields as the classes want them: YAML and tests write dates as text, tags as lists."""
    fields = dict(given)
    for name, value in given.items():
        if value is not None and name.endswith("_at"):
            fields[name] = _moment(value)
        elif name == "recorded_on" and isinstance(value, str):
            fields[name] = dt.date.fromisoformat(value)
        elif name in ("tags", "thumbnails"):
            fields[name] = tuple(value or ())
        elif name == "caption_tracks" and value is not None:
            fields[name] = tuple((language, kind) for language, kind in value)
    return fields
