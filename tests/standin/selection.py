"""Partial answers: the parameter `fields`, "items(id,snippet/title),nextPageToken".

A selection is a tree: name -> what is wanted below it, and an empty tree means
all of it.  What each method can answer is written in the same language
(`ANSWERS`), so that a name that there is not can be refused as Google does.

Source: https://developers.google.com/youtube/v3/getting-started#partial
"""

import functools
import re
from typing import Any

from tests.standin import errors
from tests.standin.errors import Refusal

Tree = dict[str, "Tree"]

_PAGED = "kind,etag,eventId,nextPageToken,prevPageToken,pageInfo(totalResults,resultsPerPage)"
_WORDS = "title,description"
_VIDEO = f"""kind,etag,id,
    snippet(publishedAt,channelId,{_WORDS},thumbnails,channelTitle,tags,categoryId,
        liveBroadcastContent,defaultLanguage,localized({_WORDS}),defaultAudioLanguage),
    contentDetails(duration,dimension,definition,caption,licensedContent,regionRestriction,
        contentRating,projection,hasCustomThumbnail,countryRestriction),
    status(uploadStatus,failureReason,rejectionReason,privacyStatus,publishAt,license,embeddable,
        publicStatsViewable,madeForKids,selfDeclaredMadeForKids,containsSyntheticMedia),
    statistics(viewCount,likeCount,dislikeCount,favoriteCount,commentCount),
    liveStreamingDetails(actualStartTime,actualEndTime,scheduledStartTime,scheduledEndTime,
        concurrentViewers,activeLiveChatId),
    recordingDetails(recordingDate,locationDescription,location),
    topicDetails(topicIds,relevantTopicIds,topicCategories),
    localizations,player(embedHtml,embedHeight,embedWidth),
    paidProductPlacementDetails(hasPaidProductPlacement)"""
_CHANNEL = f"""kind,etag,id,
    snippet({_WORDS},customUrl,publishedAt,thumbnails,defaultLanguage,localized({_WORDS}),country),
    contentDetails(relatedPlaylists(likes,uploads,favorites,watchHistory,watchLater)),
    statistics(viewCount,subscriberCount,hiddenSubscriberCount,videoCount,commentCount),
    status(privacyStatus,isLinked,longUploadsStatus,madeForKids,selfDeclaredMadeForKids),
    brandingSettings,topicDetails(topicIds,topicCategories),localizations"""
_PLAYLIST = f"""kind,etag,id,
    snippet(publishedAt,channelId,{_WORDS},thumbnails,channelTitle,defaultLanguage,
        localized({_WORDS}),tags,thumbnailVideoId),
    status(privacyStatus,podcastStatus),contentDetails(itemCount),player(embedHtml),localizations"""
_PLAYLIST_ITEM = f"""kind,etag,id,
    snippet(publishedAt,channelId,{_WORDS},thumbnails,channelTitle,videoOwnerChannelTitle,
        videoOwnerChannelId,playlistId,position,resourceId(kind,videoId,channelId,playlistId)),
    contentDetails(videoId,startAt,endAt,note,videoPublishedAt),status(privacyStatus)"""
_CAPTION = """kind,etag,id,
    snippet(videoId,lastUpdated,trackKind,language,name,audioTrackType,isCC,isLarge,isEasyReader,
        isDraft,isAutoSynced,status,failureReason)"""
_STAT = """kind,etag,id,snippet(publishTime),contentDetails(duration),
    statistics(viewCount,likeCount,commentCount)"""
_FOUND = f"""kind,etag,id(kind,videoId,channelId,playlistId),
    snippet(publishedAt,channelId,{_WORDS},thumbnails,channelTitle,liveBroadcastContent)"""

ANSWERS = {
    "channels.list": f"{_PAGED},items({_CHANNEL})",
    "playlistItems.list": f"{_PAGED},items({_PLAYLIST_ITEM})",
    "playlists.list": f"{_PAGED},items({_PLAYLIST})",
    "videos.list": f"{_PAGED},items({_VIDEO})",
    "captions.list": f"kind,etag,eventId,items({_CAPTION})",
    "videos.batchGetStats": f"kind,etag,items({_STAT})",
    "search.list": f"{_PAGED},regionCode,items({_FOUND})",
}


@functools.cache
def parse(text: str) -> Tree:
    """Return a selection as a tree: "a,b(c,d/e)" -> {a: {}, b: {c: {}, d: {e: {}}}}."""
    tokens = re.findall(r"[\w*]+|[(),/]", text)
    if "".join(tokens) != re.sub(r"\s", "", text):
        raise _refused(text)
    tree, rest = _several(tokens, text)
    if rest:
        raise _refused(text)
    return tree


def _several(tokens: list[str], text: str) -> tuple[Tree, list[str]]:
    """Read a list of fields up to its end or a closing bracket."""
    tree: Tree = {}
    while True:
        below = tree
        while True:
            if not tokens or not re.fullmatch(r"[\w*]+", tokens[0]):
                raise _refused(text)
            below = below.setdefault(tokens[0], {})
            tokens = tokens[1:]
            if not tokens or tokens[0] != "/":
                break
            tokens = tokens[1:]
        if tokens and tokens[0] == "(":
            inner, tokens = _several(tokens[1:], text)
            if not tokens:  # nobody closed the bracket
                raise _refused(text)
            below |= inner
            tokens = tokens[1:]
        if not tokens or tokens[0] == ")":
            return tree, tokens
        if tokens[0] != ",":
            raise _refused(text)
        tokens = tokens[1:]


def select(body: dict[str, Any], fields: str, method: str) -> dict[str, Any]:
    """Return only what `fields` asks for; raises a Refusal for a name that there is not."""
    wanted = parse(fields)
    _check(wanted, parse(ANSWERS[method]))
    chosen: dict[str, Any] = _cut(body, wanted)
    return chosen


def _check(wanted: Tree, known: Tree) -> None:
    for name, below in wanted.items():
        if known and name != "*":
            if name not in known:
                raise _refused(name)
            _check(below, known[name])


def _cut(value: Any, wanted: Tree) -> Any:
    if not wanted or "*" in wanted:
        return value
    if isinstance(value, list):
        return [_cut(one, wanted) for one in value]
    if isinstance(value, dict):
        return {name: _cut(below, wanted[name]) for name, below in value.items() if name in wanted}
    return value


def _refused(text: str) -> Refusal:
    return Refusal(errors.bad_value("fields", f"Invalid field selection {text}"))
