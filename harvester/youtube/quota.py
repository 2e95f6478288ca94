"""What a call costs, in which bucket, and when the day of the quota ends.

A quota unit is spent by every try, also a failed one.  Days are Pacific ones.
The numbers are YouTube's: https://developers.google.com/youtube/data/determine_quota_cost

Pure: no network, no database, no clock.
"""

import datetime as dt
from zoneinfo import ZoneInfo

BUCKETS = ("main", "search", "batch_stats")
"""Each has a limit of its own: search.list and videos.batchGetStats do not touch the main one."""

_COSTS = {
    "channels.list": ("main", 1),
    "playlistItems.list": ("main", 1),
    "playlists.list": ("main", 1),
    "videos.list": ("main", 1),
    "captions.list": ("main", 50),
    "search.list": ("search", 1),
    "videos.batchGetStats": ("batch_stats", 1),
}
_PACIFIC = ZoneInfo("America/Los_Angeles")


def cost(method: str) -> tuple[str, int]:
    """Return the bucket and the units of one try: "videos.list" -> ("main", 1).

    Raises KeyError for a method that is not in the table: a bug, not bad data.
    """
    return _COSTS[method]


def pacific_day(now: dt.datetime) -> str:
    """Return the day whose quota is spent at `now`: 2026-11-22 07:59 UTC -> "2026-11-21"."""
    return now.astimezone(_PACIFIC).date().isoformat()


def resets_at(now: dt.datetime) -> dt.datetime:
    """Return the next midnight in California, as UTC: 08:00 in winter, 07:00 in summer."""
    tomorrow = now.astimezone(_PACIFIC).date() + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, dt.time(), tzinfo=_PACIFIC).astimezone(dt.UTC)
