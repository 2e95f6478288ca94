"""The methods of the API: from parameters and the world to the body of the answer.

Checks a request as YouTube does, in its order: names of parameters, part,
filter, values.  Knows nothing of HTTP, keys, quota or faults.
"""

import base64
import binascii
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.standin import errors, selection, shapes
from tests.standin.errors import Refusal
from tests.standin.shapes import Json
from tests.standin.world import Video, World

Params = dict[str, list[str]]

# what any method takes besides its own parameters
COMMON = frozenset({"key", "fields", "alt", "prettyPrint", "quotaUser"})
OWNER_PARTS = frozenset({"fileDetails", "processingDetails", "suggestions", "auditDetails"})


@dataclass(frozen=True)
class Call:
    """The parameters of one call, checked by name."""

    method: str
    params: Params
    parts: frozenset[str]

    def one(self, name: str) -> str:
        """Return a parameter that is given once, or ""."""
        return self.params.get(name, [""])[-1]

    def several(self, name: str) -> list[str]:
        """Return a parameter that may be repeated or joined by commas, each value once."""
        values = [value for text in self.params.get(name, []) for value in text.split(",")]
        if len(values) > 50:
            raise Refusal(errors.TOO_MANY_IDS)
        return list(dict.fromkeys(value.strip() for value in values if value.strip()))

    def filter(self, *names: str) -> str:
        """Return which of these was given; it must be exactly one."""
        given = [name for name in names if any(self.params.get(name, []))]
        if not given:
            raise Refusal(errors.no_filter(*names))
        if len(given) > 1:
            raise Refusal(errors.two_filters(*given))
        return given[0]

    def page_size(self) -> int:
        """Return maxResults: 5 if not given, and 50 at most."""
        text = self.one("maxResults") or "5"
        if not text.isdigit() or int(text) > 50:
            message = f"Invalid value '{text}'. Values must be within the range: [0, 50]"
            raise Refusal(errors.bad_value("maxResults", message))
        return int(text)


@dataclass(frozen=True)
class Method:
    """One method: its parameters, its parts, and what answers it."""

    parameters: frozenset[str]
    parts: frozenset[str]
    answer: Callable[[Call, World], Json]
    needs_part: bool = True


# --- pages ---------------------------------------------------------------------


def page_token(listed: str, offset: int) -> str:
    """Return a token: an offset, not a cursor, and of use for this one list only.

    So a video that is uploaded or hidden between two pages shifts all that
    follow, and an item is seen twice or not at all: as on YouTube.
    """
    mark = hashlib.sha1(listed.encode()).hexdigest()[:6]
    return base64.urlsafe_b64encode(f"{mark}:{offset}".encode()).decode().rstrip("=")


def offset_of(token: str, listed: str) -> int:
    """Return the offset in a token; raises a Refusal if it is not one of that list."""
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        offset = int(text.partition(":")[2])
    except (binascii.Error, ValueError):
        raise Refusal(errors.BAD_PAGE_TOKEN) from None
    if token != page_token(listed, offset):
        raise Refusal(errors.BAD_PAGE_TOKEN)
    return offset


def _page(call: Call, listed: str, total: int) -> tuple[slice, Json]:
    """Return which stretch of a list is asked for, and the tokens to its neighbours."""
    size = call.page_size()
    token = call.one("pageToken")
    start = offset_of(token, listed) if token else 0
    end = start + size
    tokens = {}
    if end < total and size:
        tokens["nextPageToken"] = page_token(listed, end)
    if start:
        tokens["prevPageToken"] = page_token(listed, max(0, start - size))
    return slice(start, end), tokens


def _answer(kind: str, items: Sequence[Json], **more: Any) -> Json:
    etag = shapes.etag([item["etag"] for item in items])
    return {"kind": f"youtube#{kind}", "etag": etag, **more, "items": list(items)}


def _page_info(total: int, per_page: int) -> Json:
    return {"totalResults": total, "resultsPerPage": per_page}


# --- methods -------------------------------------------------------------------


def _channels(call: Call, world: World) -> Json:
    match call.filter("id", "forHandle", "forUsername"):
        case "id":
            ids = call.several("id")
            found = [world.channels[one] for one in ids if one in world.channels]
        case "forHandle":
            found = list(world.channel_by(handle=call.one("forHandle")))
        case _:
            found = list(world.channel_by(username=call.one("forUsername")))
    info = _page_info(len(found), call.page_size())
    items = [shapes.channel(one, call.parts, world) for one in found]
    body = _answer("channelListResponse", items, pageInfo=info)
    if not items:
        del body["items"]  # not an empty list: no list at all
    return body


def _playlist_items(call: Call, world: World) -> Json:
    if call.filter("id", "playlistId") == "id":
        return _playlist_items_by_id(call, world)
    playlist_id, video_id = call.one("playlistId"), call.one("videoId")
    listed = world.listing(playlist_id)
    if listed is None:
        raise Refusal(errors.PLAYLIST_NOT_FOUND)
    if video_id:
        places = [place for place, one in enumerate(listed) if one == video_id]
        stretch, tokens = _page(call, playlist_id + video_id, len(places))
        total = len(places)
    else:
        places = list(range(len(listed)))
        stretch, tokens = _page(call, playlist_id, len(listed))
        total = max(0, len(listed) + world.total_off_by)
    items = [
        shapes.playlist_item(playlist_id, place, listed[place], call.parts, world)
        for place in places[stretch]
        if listed[place] not in world.omitted
    ]
    body = _answer("playlistItemListResponse", items, **tokens)
    return body | {"pageInfo": _page_info(total, call.page_size())}


def _playlist_items_by_id(call: Call, world: World) -> Json:
    items = []
    for item_id in call.several("id"):
        try:
            text = base64.urlsafe_b64decode(item_id + "=" * (-len(item_id) % 4)).decode()
        except (binascii.Error, ValueError):
            continue
        playlist_id = text.rpartition(".")[0]
        for place, video_id in enumerate(world.listing(playlist_id) or ()):
            if shapes.playlist_item_id(playlist_id, video_id) == item_id:
                args = (playlist_id, place, video_id, call.parts, world)
                items.append(shapes.playlist_item(*args))
    body = _answer("playlistItemListResponse", items)
    return body | {"pageInfo": _page_info(len(items), len(items))}


def _playlists(call: Call, world: World) -> Json:
    if call.filter("channelId", "id") == "id":
        ids = call.several("id")
        found = [world.playlists[one] for one in ids if one in world.playlists]
        stretch, tokens = slice(None), Json()
    else:
        channel_id = call.one("channelId")
        if channel_id not in world.channels:
            raise Refusal(errors.CHANNEL_NOT_FOUND)
        found = world.playlists_of(channel_id)
        stretch, tokens = _page(call, "playlists of " + channel_id, len(found))
    info = _page_info(len(found), call.page_size())
    items = [shapes.playlist(one, call.parts, world) for one in found[stretch]]
    return _answer("playlistListResponse", items, **tokens, pageInfo=info)


def _visible(ids: Iterable[str], world: World) -> list[Video]:
    """Return the videos that can be seen, in an order of the server's own.

    Private, deleted and unknown ones are just missing.
    """
    found = [video for video in map(world.visible, ids) if video]
    return sorted(found, key=lambda video: hashlib.sha1(video.id.encode()).digest())


def _videos(call: Call, world: World) -> Json:
    call.filter("chart", "id", "myRating")
    items = [shapes.video(one, call.parts, world) for one in _visible(call.several("id"), world)]
    return _answer("videoListResponse", items) | {"pageInfo": _page_info(len(items), len(items))}


def _batch_get_stats(call: Call, world: World) -> Json:
    call.filter("id")
    parts = call.parts or frozenset({"id", "snippet", "contentDetails", "statistics"})
    items = [shapes.video_stat(one, parts, world) for one in _visible(call.several("id"), world)]
    return _answer("batchGetStatsResponse", items)


def _captions(call: Call, world: World) -> Json:
    if not call.one("videoId"):
        raise Refusal(errors.missing("videoId"))
    video = world.visible(call.one("videoId"))
    if video is None:
        raise Refusal(errors.VIDEO_NOT_FOUND)
    tracks = shapes.captions(video, call.parts)
    ids = call.several("id")
    return _answer("captionListResponse", [one for one in tracks if not ids or one["id"] in ids])


def _search(call: Call, world: World) -> Json:
    """Answer a search for the videos of one channel: newest first, between two dates."""
    channel_id, words = call.one("channelId"), call.one("q").lower()
    after, before = call.one("publishedAfter"), call.one("publishedBefore")
    uploads = world.uploads(channel_id) if channel_id in world.channels else []
    found = [
        video
        for video in map(world.videos.__getitem__, uploads)
        if video.is_visible
        and (not after or video.published_at >= dt.datetime.fromisoformat(after))
        and (not before or video.published_at < dt.datetime.fromisoformat(before))
        and words in video.title.lower()
    ]
    stretch, tokens = _page(call, f"{channel_id} {after} {before} {words}", len(found))
    info = _page_info(len(found), call.page_size())
    items = [shapes.search_result(one, call.parts, world) for one in found[stretch]]
    return _answer("searchListResponse", items, **tokens, regionCode="DE", pageInfo=info)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PAGING = " part maxResults pageToken"
_CHANNEL_PARTS = "id snippet contentDetails statistics status brandingSettings topicDetails"

METHODS = {
    "channels.list": Method(
        _names("id forHandle forUsername hl" + _PAGING),
        _names(_CHANNEL_PARTS + " localizations"),
        _channels,
    ),
    "playlistItems.list": Method(
        _names("id playlistId videoId" + _PAGING),
        _names("id snippet contentDetails status"),
        _playlist_items,
    ),
    "playlists.list": Method(
        _names("id channelId hl" + _PAGING),
        _names("id snippet contentDetails status player localizations"),
        _playlists,
    ),
    "videos.list": Method(
        _names("id hl locale maxHeight maxWidth regionCode" + _PAGING),
        _names(
            "id snippet contentDetails status statistics liveStreamingDetails recordingDetails"
            " topicDetails localizations player paidProductPlacementDetails brandPartner"
        ),
        _videos,
    ),
    "videos.batchGetStats": Method(
        _names("id part"),
        _names("id snippet contentDetails statistics"),
        _batch_get_stats,
        needs_part=False,
    ),
    "captions.list": Method(_names("id part videoId"), _names("id snippet"), _captions),
    "search.list": Method(
        _names("channelId order publishedAfter publishedBefore q type" + _PAGING),
        _names("id snippet"),
        _search,
    ),
}


def answer(method: str, params: Params, world: World) -> Json:
    """Return the body of a good answer; raises a Refusal for any other."""
    about = METHODS[method]
    for name in params:
        if name not in about.parameters | COMMON:
            raise Refusal(errors.unknown_parameter(name))
    asked = {part.strip() for text in params.get("part", []) for part in text.split(",")} - {""}
    if not asked and about.needs_part:
        raise Refusal(errors.missing("part"))
    for part in sorted(asked - about.parts):
        raise Refusal(errors.OWNER_ONLY if part in OWNER_PARTS else errors.unknown_part(part))
    call = Call(method, params, frozenset(asked))
    call.page_size()  # checked even where it has no effect
    with world.lock:
        body = about.answer(call, world)
    fields = call.one("fields")
    return selection.select(body, fields, method) if fields else body
