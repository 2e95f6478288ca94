"""What people write when they mean a channel or a video: ids, handles, addresses.

Pure: no network.  Whether there is such a channel or video only YouTube knows.
"""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from harvester.errors import BadConfiguration, WrongUse

_CHANNEL_ID = re.compile(r"UC[A-Za-z0-9_-]{22}")
_HANDLE = re.compile(r"@[\w.·-]{1,100}")  # letters of any script since 2023
_USERNAME = re.compile(r"[\w.-]{1,100}")
_VIDEO_ID = re.compile(
    r"[A-Za-z0-9_-]{1,64}"
)  # YouTube's have 11 characters, invented ones may not
_HOST = re.compile(r"(?:[a-z]+\.)?(?:youtube\.com|youtube-nocookie\.com|youtu\.be)")
_BEFORE_A_VIDEO = ("shorts", "live", "embed", "v", "e", "watch")

_REMEDY = "give its id (UC…), its @handle, or the address of its page with one of them"


@dataclass(frozen=True, slots=True)
class ChannelReference:
    """What a channel is asked for by."""

    kind: Literal["id", "handle", "username"]
    value: str

    @property
    def parameters(self) -> dict[str, str]:
        """The parameter of channels.list, of which it takes exactly one."""
        name = {"id": "id", "handle": "forHandle", "username": "forUsername"}[self.kind]
        return {name: self.value}


def channel_reference(text: str) -> ChannelReference:
    """Return what a channel is asked for by: an id, a @handle, or an address with one.

    "https://www.youtube.com/@ZWK/videos" -> handle "@ZWK".  Raises BadConfiguration, with the
    remedy, for anything else; so for an address with /c/, which the API cannot look up.
    """
    text = text.strip()
    if _CHANNEL_ID.fullmatch(text):
        return ChannelReference("id", text)
    if _HANDLE.fullmatch(text):
        return ChannelReference("handle", text)
    match _path(text):
        case [word, *_] if _HANDLE.fullmatch(word):
            return ChannelReference("handle", word)
        case ["channel", channel_id, *_] if _CHANNEL_ID.fullmatch(channel_id):
            return ChannelReference("id", channel_id)
        case ["user", name, *_] if _USERNAME.fullmatch(name):
            return ChannelReference("username", name)
        case ["c", _, *_]:
            raise BadConfiguration(
                f"channel '{text}': YouTube's API cannot look up addresses with /c/;"
                " open the page, and give the @handle that it shows"
            )
        case [word, *_] if word in (*_BEFORE_A_VIDEO, "playlist"):
            raise BadConfiguration(f"channel '{text}': that is no channel's address; {_REMEDY}")
    raise BadConfiguration(f"channel '{text}': not a name of a channel; {_REMEDY}")


def video_id(text: str) -> str:
    """Return the id in any form of a video's address, or the id itself.

    Takes watch, youtu.be, shorts, live and embed addresses, with whatever else they carry.
    Raises WrongUse for anything else.
    """
    text = text.strip()
    if _VIDEO_ID.fullmatch(text):
        return text
    found = ""
    if (path := _path(text)) is not None:
        url = urlsplit(_with_scheme(text))
        match path:
            case [first, *_] if (url.hostname or "").endswith("youtu.be"):
                found = first
            case [word, second, *_] if word in _BEFORE_A_VIDEO:
                found = second
            case ["watch"]:
                found = parse_qs(url.query).get("v", [""])[0]
    if not _VIDEO_ID.fullmatch(found):
        raise WrongUse(f"'{text}' is neither the id nor the address of a YouTube video")
    return found


def _path(text: str) -> list[str] | None:
    """Return the steps of an address of YouTube, or None if it is none."""
    try:
        url = urlsplit(_with_scheme(text))
        host = url.hostname or ""
    except ValueError:  # "https://[": not an address at all
        return None
    if url.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    return [step for step in unquote(url.path).split("/") if step]


def _with_scheme(text: str) -> str:
    return text if "://" in text else f"https://{text}"
