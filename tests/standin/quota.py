"""The quota as Google keeps it: by bucket, by Pacific day, every request counted.

    main          10,000 units a day; a list call costs 1, captions.list 50
    search           100 calls a day, of search.list alone (since 2026-06-01)
    batch_stats   10,000 calls a day, of videos.batchGetStats alone (since 2026-06-03)

Source: https://developers.google.com/youtube/v3/determine_quota_cost
"""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from zoneinfo import ZoneInfo

START = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
PACIFIC = ZoneInfo("America/Los_Angeles")
LIMITS = {"main": 10_000, "search": 100, "batch_stats": 10_000}
COSTS = {
    "channels.list": ("main", 1),
    "playlistItems.list": ("main", 1),
    "playlists.list": ("main", 1),
    "videos.list": ("main", 1),
    "captions.list": ("main", 50),
    "search.list": ("search", 1),
    "videos.batchGetStats": ("batch_stats", 1),
}


class Quota:
    """What was spent.  Time stands still at `START` unless a test or a real clock moves it."""

    def __init__(self, clock: Callable[[], dt.datetime] = lambda: START) -> None:
        self.clock = clock
        self.limit = dict(LIMITS)
        self._spent: dict[str, Counter[str]] = {}
        self._lock = threading.Lock()

    def set_time(self, moment: dt.datetime) -> None:
        """Let it be that moment from now on."""
        self.clock = lambda: moment

    @property
    def day(self) -> str:
        """The present day at the Pacific coast, "2026-11-22": quota starts anew at its midnight."""
        return self.clock().astimezone(PACIFIC).date().isoformat()

    @property
    def spent(self) -> dict[str, int]:
        """Units by bucket on the present day, those of refused requests included."""
        with self._lock:
            today = self._spent.get(self.day, Counter[str]())
            return {bucket: today[bucket] for bucket in self.limit}

    def spend(self, method: str) -> bool:
        """Count a request, whatever comes of it; return whether the bucket still covered it."""
        bucket, units = COSTS[method]
        with self._lock:
            today = self._spent.setdefault(self.day, Counter())
            today[bucket] += units
            return today[bucket] <= self.limit[bucket]
