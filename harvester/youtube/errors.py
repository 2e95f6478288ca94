"""An error answer of YouTube -> one of our errors.

In:   status and body, as they came.  A body may be anything: Google's envelope in
      its forms since 2015, a proxy's HTML page, half a JSON text, nothing.
Out:  an error to raise; `Transient` if the same request may succeed later.

What counts, in this order: the message ("per day", "per minute"), then the
reasons, then the status.  For the status alone misleads: a search bucket that
is empty for the day answers 429, as does one call too many in a second, and 403
means a dozen things.

Our errors, beside those of harvester/errors.py:

    ApiUnavailable
    ├─ PlaylistNotFound   no such playlist, or one without a public video; or not for us to see
    ├─ NoSuchChannel      a channel asked for its playlists is none
    └─ InvalidPageToken   too old, or of another list

Pure: no network, no database, no clock.
"""

import datetime as dt
import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from harvester.errors import ApiUnavailable, KeyRefused, QuotaExhausted
from harvester.youtube import quota


class Transient(Exception):
    """One try failed in a way that the next one may not."""


class PlaylistNotFound(ApiUnavailable):
    """There is no such playlist, or not for us; an uploads playlist without videos is one."""


class NoSuchChannel(ApiUnavailable):
    """There is no channel of that id any more, or it was closed."""


class InvalidPageToken(ApiUnavailable):
    """The page token is too old, or of another list: read from the first page again."""


_PER_DAY = re.compile(r"per day|daily", re.IGNORECASE)
_PER_MOMENT = re.compile(r"per (?:\d+ )?(?:second|minute)", re.IGNORECASE)
_QUOTA = re.compile(r"quota exceeded|exceeded your quota", re.IGNORECASE)
_SPENT = {"quotaExceeded", "dailyLimitExceeded"}
_TOO_FAST = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}

_KEY_PROBLEMS = {
    "API_KEY_INVALID": "YouTube does not know it; copy it anew from the Cloud console (APIs &"
    " Services, Credentials)",
    "SERVICE_DISABLED": "the YouTube Data API v3 is not enabled in its project; enable it in the"
    " Cloud console (APIs & Services, Library)",
    "API_KEY_SERVICE_BLOCKED": "it is restricted to other APIs; allow the YouTube Data API v3 in"
    " its API restrictions",
    "API_KEY_HTTP_REFERRER_BLOCKED": "it is restricted to web pages; set its application"
    " restriction to none or to this machine's IP address",
    "API_KEY_IP_ADDRESS_BLOCKED": "it is restricted to other IP addresses; add this machine's",
    "API_KEY_APP_BLOCKED": "it is restricted to an app; set its application restriction to none or"
    " to this machine's IP address",
    "CONSUMER_SUSPENDED": "its project was suspended; the Cloud console says why",
    "NO_KEY": "none arrived; set YOUTUBE_API_KEY or youtube.api_key_file, and look for a proxy"
    " that drops headers",
}
_SAME_KEY_PROBLEM = {
    "keyInvalid": "API_KEY_INVALID",  # before June 2020
    "keyExpired": "API_KEY_INVALID",
    "accessNotConfigured": "SERVICE_DISABLED",
    "ipRefererBlocked": "API_KEY_IP_ADDRESS_BLOCKED",
    "API_KEY_ANDROID_APP_BLOCKED": "API_KEY_APP_BLOCKED",
    "API_KEY_IOS_APP_BLOCKED": "API_KEY_APP_BLOCKED",
}
_NO_KEY = re.compile(r"missing a valid API key|unregistered callers", re.IGNORECASE)

_NOT_THERE: Mapping[str, type[ApiUnavailable]] = {
    "playlistNotFound": PlaylistNotFound,
    "playlistItemsNotAccessible": PlaylistNotFound,
    "channelNotFound": NoSuchChannel,
    "channelClosed": NoSuchChannel,
    "channelSuspended": NoSuchChannel,
    "invalidPageToken": InvalidPageToken,
}

_UNSEEN = re.compile(r"<(script|style|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
# not any <word>: YouTube says "referer <empty>"
_TAG = re.compile(
    r"</?(?:a|b|body|br|center|code|div|em|h[1-6]|head|hr|html|i|img|li|link|meta|p|pre|span"
    r"|strong|table|td|th|title|tr|u|ul)\b[^>]*>|<!.*?>",
    re.IGNORECASE | re.DOTALL,
)
_KEY = re.compile(r"AIza[\w-]{20,}|(?<=key=)[^&\s\"']+")
_LONGEST = 300


def classify(
    status: int, body: bytes, *, bucket: str = "main", at: dt.datetime | None = None
) -> Exception:
    """Return the error that an answer amounts to: one of ours, or Transient.

    `bucket` is the one that the request was paid from; `at` is when it was answered, for
    the time at which the quota comes back.
    """
    said = _envelope(body)
    message = readable(said["message"])
    reasons = list(_reasons(said))
    text = f"HTTP {status}" + (f": {message}" if message else "")

    spent = any(reason in _SPENT for reason in reasons)
    too_fast = any(reason in _TOO_FAST for reason in reasons) or status == 429
    if status < 500 and (spent or too_fast or _QUOTA.search(message)):
        if _PER_DAY.search(message) or (spent and not _PER_MOMENT.search(message)):
            return QuotaExhausted(
                bucket=bucket,
                resets_at=quota.resets_at(at) if at else None,
                said_by=f"says YouTube, {text}",
            )
        return Transient(text)

    for reason in reasons:
        problem = _SAME_KEY_PROBLEM.get(reason, reason)
        if problem in _KEY_PROBLEMS:
            return _key_refused(problem, text)
    if status == 403 and _NO_KEY.search(message):
        return _key_refused("NO_KEY", text)

    for reason in reasons:
        if reason in _NOT_THERE:
            return _NOT_THERE[reason](text)
    # 403 with the reason SERVICE_UNAVAILABLE was recorded, and is for good
    if status >= 500 or status == 408:
        return Transient(text)
    if 300 <= status < 400 or not said["is_google"]:
        text += "; that is no answer of YouTube: is youtube.api_endpoint right, is a proxy between?"
    return ApiUnavailable(f"YouTube refuses the request: {text}")


def readable(text: str) -> str:
    """Return `text` on one line, without HTML, without keys, and not too long."""
    if title := _TITLE.search(text):
        text = title[1]
    text = html.unescape(_TAG.sub(" ", _UNSEEN.sub(" ", text)))
    text = " ".join(_KEY.sub("***", text).split()).replace(" .", ".")
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _key_refused(problem: str, text: str) -> KeyRefused:
    return KeyRefused(f"YouTube does not take the API key: {_KEY_PROBLEMS[problem]} ({text})")


def _envelope(body: bytes) -> dict[str, Any]:
    """Return message, errors and details of an answer, empty where there are none."""
    text = body.decode("utf-8", "replace")
    try:
        error = json.loads(text)["error"]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return {"message": text, "errors": [], "details": [], "is_google": False}
    if not isinstance(error, dict):  # OAuth answers with a text there
        return {"message": str(error), "errors": [], "details": [], "is_google": True}
    message = error.get("message")
    return {
        "message": message if isinstance(message, str) else "",
        "errors": error.get("errors"),
        "details": error.get("details"),
        "is_google": True,
    }


def _reasons(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield the reasons, those of `details` first: of a bad key `errors` says only "forbidden"."""
    for entries in (said["details"], said["errors"]):
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("reason"), str):
                yield entry["reason"]
