"""One item of an answer of the YouTube Data API -> one of our records.

In:   items as the API sends them, with the parts that PARTS names.
Out:  Channel, Video, Playlist, PlaylistItem.

What is optional there is None here.  An item that lacks what we cannot do
without, or holds it in another form, raises ApiFormatError with its id and the
field.  Which fields are dependable is known from recorded answers.

Pure: no network, no database, no clock.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from harvester.errors import ApiFormatError
from harvester.records import (
    Availability,
    Channel,
    LiveState,
    PartialDate,
    Playlist,
    PlaylistItem,
    Privacy,
    Video,
)

PARTS = {
    "channels.list": "id,snippet,contentDetails,statistics,status",
    "playlistItems.list": "snippet,contentDetails,status",
    "playlists.list": "snippet,contentDetails,status",
    "videos.list": "snippet,contentDetails,status,liveStreamingDetails,recordingDetails",
}
"""The parts that we read, by method."""

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_NO_DURATION_YET = "P0D"
_CAPTION_FLAGS: Mapping[object, bool] = {"true": True, "false": False}
_CROPPED = "shortsAspectRatio"

Item = Mapping[str, Any]


def channel(item: object) -> Channel:
    """Return a channel out of an item of channels.list."""
    it = _Fields(item, "channel")
    snippet, details = it.part("snippet"), it.part("contentDetails")
    channel_id = it.identity
    # without videos a channel may have no uploads playlist; its id would be this one
    uploads = (details.mapping("relatedPlaylists").text("uploads")) or "UU" + channel_id[2:]
    address = snippet.text("customUrl")
    return Channel(
        channel_id=channel_id,
        title=snippet.needed("title"),
        handle=address if address and address.startswith("@") else None,
        uploads_playlist_id=uploads,
        video_count=it.mapping("statistics").count("videoCount"),
    )


def video(item: object) -> Video:
    """Return a video out of an item of videos.list."""
    it = _Fields(item, "video")
    snippet, details, status = it.part("snippet"), it.part("contentDetails"), it.part("status")
    live, recording = it.mapping("liveStreamingDetails"), it.mapping("recordingDetails")
    live_state = _live_state(snippet.text("liveBroadcastContent"), live)
    return Video(
        video_id=it.identity,
        channel_id=snippet.needed("channelId"),
        title=snippet.needed("title"),
        description=snippet.text("description") or "",
        published_at=snippet.instant("publishedAt"),
        duration_s=_length(details, live_state),
        caption_flag=_CAPTION_FLAGS.get(str(details.value("caption")).lower()),
        privacy=_privacy(status.text("privacyStatus")),
        live_state=live_state,
        live_scheduled_at=live.instant("scheduledStartTime"),
        live_started_at=live.instant("actualStartTime"),
        live_ended_at=live.instant("actualEndTime"),
        recorded_on=_day(recording.text("recordingDate")),
        language=snippet.text("defaultLanguage"),
        audio_language=snippet.text("defaultAudioLanguage"),
        thumbnail_url=best_thumbnail(snippet.value("thumbnails")),
        tags=snippet.texts("tags"),
    )


def playlist(item: object) -> Playlist:
    """Return a playlist out of an item of playlists.list."""
    it = _Fields(item, "playlist")
    snippet = it.part("snippet")
    return Playlist(
        playlist_id=it.identity,
        channel_id=snippet.needed("channelId"),
        title=snippet.needed("title"),
        description=snippet.text("description") or "",
        published_at=snippet.instant("publishedAt"),
        item_count=it.mapping("contentDetails").count("itemCount"),
    )


def playlist_item(item: object) -> PlaylistItem:
    """Return an entry of a playlist out of an item of playlistItems.list.

    A placeholder is known by its status and by the lack of `videoPublishedAt`, never by its
    title: a public video may be called "Private video".
    """
    it = _Fields(item, "playlist item")
    snippet, details = it.part("snippet"), it.mapping("contentDetails")
    video_id = details.text("videoId") or snippet.mapping("resourceId").needed("videoId")
    published_at = details.instant("videoPublishedAt")
    status = it.mapping("status").text("privacyStatus")
    placeholder = None
    if status == "private":
        placeholder = Availability.PRIVATE
    elif status == "privacyStatusUnspecified" or (status and published_at is None):
        placeholder = Availability.DELETED
    return PlaylistItem(
        playlist_id=snippet.needed("playlistId"),
        video_id=video_id,
        title=None if placeholder or published_at is None else snippet.needed("title"),
        added_at=snippet.instant("publishedAt"),
        video_published_at=published_at,
        placeholder=placeholder,
    )


def duration_s(iso: str) -> int:
    """Return an ISO 8601 duration in seconds: "PT1H2M3S" -> 3723, "P1DT2S" -> 86402.

    YouTube uses days, hours, minutes and seconds, all whole; "P0D" stands for a stream that
    has no length yet.  Raises ApiFormatError on anything else.
    """
    found = _DURATION.fullmatch(iso)
    if not found or iso == "P":
        raise ApiFormatError(f"not a duration that YouTube writes: {iso!r}")
    days, hours, minutes, seconds = (int(n or 0) for n in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def best_thumbnail(thumbnails: object) -> str | None:
    """Return the address of the widest preview image, or None if there is none.

    The upright cut for Shorts counts only where there is no other: it shows less.
    """
    if not isinstance(thumbnails, Mapping):
        return None
    found = [
        (
            name != _CROPPED,
            width if isinstance(width := image.get("width"), int) else 0,
            image["url"],
        )
        for name, image in thumbnails.items()
        if isinstance(image, Mapping) and isinstance(image.get("url"), str)
    ]
    return max(found)[2] if found else None


# --- single fields ------------------------------------------------------------


def _live_state(word: str | None, live: "_Fields") -> LiveState:
    if word in ("live", "upcoming"):
        return LiveState(word)
    if word == "completed":
        return LiveState.ENDED
    if word != "none":
        return LiveState.UNKNOWN
    # a stream or premiere that is over says "none", as if it had never been one
    over = live.value("actualEndTime") or live.value("actualStartTime")
    return LiveState.ENDED if over else LiveState.NONE


def _length(details: "_Fields", live_state: LiveState) -> int | None:
    iso = details.text("duration")  # an upcoming premiere has none
    if iso is None or live_state in (LiveState.LIVE, LiveState.UPCOMING):
        return None
    try:
        seconds = duration_s(iso)
    except ApiFormatError as error:
        raise details.wrong("duration", str(error)) from None
    return None if iso == _NO_DURATION_YET else seconds


def _privacy(word: str | None) -> Privacy:
    return Privacy(word) if word in list(Privacy) else Privacy.UNKNOWN


def _day(text: str | None) -> PartialDate | None:
    """Return the day of what the owner entered; the time of day in it means nothing."""
    try:
        return dt.date.fromisoformat((text or "")[:10]).isoformat()
    except ValueError:
        return None


class _Fields:
    """The fields of one object of an answer, read with a complaint that says where it stands."""

    def __init__(self, fields: object, name: str, identity: str = "") -> None:
        if not isinstance(fields, Mapping):
            raise ApiFormatError(f"{name} {identity or '(no id)'} is not an object: {fields!r:.60}")
        self._fields, self._name, self.identity = fields, name, identity
        if not identity:
            self.identity = self.needed("id")

    def wrong(self, field: str, problem: str) -> ApiFormatError:
        return ApiFormatError(f"{self._name} {self.identity or '(no id)'}, '{field}': {problem}")

    def value(self, field: str) -> object:
        return self._fields.get(field)

    def part(self, field: str) -> "_Fields":
        if field not in self._fields:
            raise ApiFormatError(f"{self._name} {self.identity} has no '{field}'")
        return self.mapping(field)

    def mapping(self, field: str) -> "_Fields":
        inside = self._fields.get(field)
        if inside is not None and not isinstance(inside, Mapping):
            raise self.wrong(field, f"not an object: {inside!r:.60}")
        return _Fields(inside or {}, self._name, self.identity)

    def text(self, field: str) -> str | None:
        """Return a text, or None where it is missing or empty."""
        found = self._fields.get(field)
        if found is not None and not isinstance(found, str):
            raise self.wrong(field, f"not a text: {found!r:.60}")
        return _storable(found) if found else None

    def needed(self, field: str) -> str:
        if (found := self.text(field)) is None:
            raise ApiFormatError(f"{self._name} {self.identity or '(no id)'} has no '{field}'")
        return found

    def texts(self, field: str) -> tuple[str, ...]:
        found = self._fields.get(field)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise self.wrong(field, f"not a list of texts: {found!r:.60}")
        return tuple(_storable(text) for text in found)

    def count(self, field: str) -> int | None:
        """Return a number; YouTube sends most of them as texts."""
        found = self._fields.get(field)
        try:
            return None if found is None else int(found)
        except (TypeError, ValueError):
            raise self.wrong(field, f"not a number: {found!r:.60}") from None

    def instant(self, field: str) -> dt.datetime | None:
        """Return an instant as UTC; with no, three or six digits of a second, by its age."""
        found = self.text(field)
        if found is None:
            return None
        try:
            at = dt.datetime.fromisoformat(found)
        except ValueError:
            raise self.wrong(field, f"not an instant: {found!r:.60}") from None
        if at.tzinfo is None:
            raise self.wrong(field, f"an instant without a time zone: {found!r:.60}")
        return at.astimezone(dt.UTC)


def _storable(text: str) -> str:
    """Return `text` without what no database takes: NUL, and one half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
