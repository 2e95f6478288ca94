import datetime as dt

import pytest

from harvester.store import schema
from harvester.youtube import quota


@pytest.mark.parametrize(
    ("method", "bucket", "units"),
    [
        ("channels.list", "main", 1),
        ("playlistItems.list", "main", 1),
        ("playlists.list", "main", 1),
        ("videos.list", "main", 1),
        ("captions.list", "main", 50),
        ("search.list", "search", 1),  # since 2026-06-01; 100 units before
        ("videos.batchGetStats", "batch_stats", 1),
    ],
)
def test_a_call_costs_what_youtube_says(method: str, bucket: str, units: int) -> None:
    assert quota.cost(method) == (bucket, units)


def test_an_unknown_method_is_a_bug() -> None:
    with pytest.raises(KeyError):
        quota.cost("videos.insert")


def test_the_ledger_takes_every_bucket() -> None:
    assert quota.BUCKETS == schema.BUCKETS


@pytest.mark.parametrize(
    ("now", "day", "resets_at"),
    [
        ("2026-11-22T07:59:59+00:00", "2026-11-21", "2026-11-22T08:00:00+00:00"),
        ("2026-11-22T08:00:00+00:00", "2026-11-22", "2026-11-23T08:00:00+00:00"),
        ("2026-07-01T06:59:00+00:00", "2026-06-30", "2026-07-01T07:00:00+00:00"),
        # clocks go forward at 2026-03-08 10:00 UTC: that day has 23 hours
        ("2026-03-08T08:00:00+00:00", "2026-03-08", "2026-03-09T07:00:00+00:00"),
        # and back at 2026-11-01 09:00 UTC: that day has 25
        ("2026-11-01T07:00:00+00:00", "2026-11-01", "2026-11-02T08:00:00+00:00"),
        # told in another zone
        ("2026-11-22T08:30:00+01:00", "2026-11-21", "2026-11-22T08:00:00+00:00"),
    ],
)
def test_the_day_of_the_quota_is_a_pacific_one(now: str, day: str, resets_at: str) -> None:
    moment = dt.datetime.fromisoformat(now)

    assert quota.pacific_day(moment) == day
    assert quota.resets_at(moment) == dt.datetime.fromisoformat(resets_at)
    assert quota.resets_at(moment).tzinfo is dt.UTC
