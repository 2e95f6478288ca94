"""Use case: is the data fresh?  What monitoring asks."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from harvester.store import reads, reads_people
from harvester.store.database import Database
from harvester.store.reads_people import Counts, Freshness
from harvester.youtube import quota

RETENTION = dt.timedelta(days=30)
"""How long data that was fetched with a key may be kept without asking again.

Source: YouTube API Services Developer Policies, III.E.4.d
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How fresh the data are; `findings` says in words what is not, empty if all is well."""

    now: dt.datetime
    freshness: Freshness
    counts: Counts
    quota_used: dict[str, int]
    daily_quota: int
    findings: tuple[str, ...]

    @property
    def fresh(self) -> bool:
        """Whether there is nothing to find fault with."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """Return it for machines: instants ISO 8601 with Z, None where there is nothing yet."""
        last, done = self.freshness.last_run, self.freshness.last_done
        return {
            "fresh": self.fresh,
            "findings": list(self.findings),
            "checked_at": _iso(self.now),
            "last_run": last
            and {
                "run_id": last.run_id,
                "command": last.command,
                "outcome": last.outcome,
                "exit_code": last.exit_code,
                "started_at": _iso(last.started_at),
                "finished_at": _iso(last.finished_at),
                "message": last.message,
            },
            "last_complete_run_at": _iso(done.finished_at) if done else None,
            "running": self.freshness.running,
            "channels": [
                {
                    "channel_id": channel.channel_id,
                    "title": channel.title,
                    "videos": channel.videos,
                    "oldest_refresh_at": _iso(channel.oldest_refresh_at),
                    "listed_at": _iso(channel.listed_at),
                }
                for channel in self.freshness.channels
            ],
            "videos": {
                "all": self.counts.videos,
                "matched": self.counts.matched,
                "no_event": self.counts.no_event,
                "to_review": self.counts.to_review,
                "unmatched": self.counts.unmatched,
                "gone": self.counts.gone,
            },
            "quota_used_today": self.quota_used,
            "daily_quota": self.daily_quota,
        }


def status(
    database: Database, *, now: dt.datetime, max_age: dt.timedelta, daily_quota: int
) -> Status:
    """Return how fresh the data are; stale if the last complete harvest is older than `max_age`."""
    with database.read() as session:
        freshness = reads_people.freshness(session)
        counts = reads_people.counts(session)
        used = reads.quota_used(session, day=quota.pacific_day(now))
    return Status(
        now=now,
        freshness=freshness,
        counts=counts,
        quota_used=used,
        daily_quota=daily_quota,
        findings=tuple(_findings(freshness, now=now, max_age=max_age)),
    )


def _findings(freshness: Freshness, *, now: dt.datetime, max_age: dt.timedelta) -> list[str]:
    done, last = freshness.last_done, freshness.last_run
    found = []
    if done is None or done.finished_at is None:
        found.append("no harvest has come to its end yet")
    elif now - done.finished_at > max_age:
        found.append(
            f"the last complete harvest ended {age(now - done.finished_at)} ago;"
            f" {max_age / dt.timedelta(hours=1):g} hours are allowed"
        )
    if found and last is not None and last.outcome != "done":
        found.append(f"the last run ended as {last.outcome}: {last.message}")
    for channel in freshness.channels:
        oldest = channel.oldest_refresh_at
        if oldest is not None and now - oldest > RETENTION:
            found.append(
                f"{channel.title}: some data were last refreshed {age(now - oldest)} ago;"
                " YouTube's terms allow 30 days"
            )
    return found


def age(span: dt.timedelta) -> str:
    """Return a span as people say it: "3 days", "5 hours", "12 minutes"."""
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        number = int(span.total_seconds() // seconds)
        if number >= (2 if unit == "day" else 1):
            return f"{number} {unit}{'s' if number != 1 else ''}"
    return "less than a minute"


def _iso(instant: dt.datetime | None) -> str | None:
    if instant is None:
        return None
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")
