"""What the next harvest would ask of YouTube and what it would cost, without asking.

In:   the database, by the same rules as the harvest (policy.py).
Out:  a line for each kind of request and channel, and the sum against what is left of the day.

An estimate: how much is new only YouTube knows.  Retries, second tries of
missing videos and pages that shifted come on top.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harvester.harvest.listing import BATCH
from harvester.harvest.policy import Policy
from harvester.store import reads
from harvester.store.database import Database
from harvester.store.reads import ChannelState
from harvester.youtube import quota
from harvester.youtube.address import channel_reference

BUCKET = "main"
"""All that a harvest asks for is paid from this bucket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One kind of request for one channel.  `at_least` where nobody can know how many it takes."""

    channel: str
    what: str
    method: str
    calls: int
    units: int
    bucket: str = BUCKET
    at_least: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the next harvest would ask for.  `left` is of the quota of today, by bucket."""

    lines: tuple[PlanLine, ...]
    left: dict[str, int]
    resets_at: dt.datetime

    @property
    def units(self) -> dict[str, int]:
        """What all of it costs, by bucket."""
        units = dict.fromkeys(self.left, 0)
        for line in self.lines:
            units[line.bucket] = units.get(line.bucket, 0) + line.units
        return units

    @property
    def at_least(self) -> bool:
        """Whether it may cost more, as something is not known yet."""
        return any(line.at_least for line in self.lines)

    @property
    def is_covered(self) -> bool:
        """Whether the quota of today is enough for it."""
        return all(units <= self.left.get(bucket, 0) for bucket, units in self.units.items())


def plan(
    channels: Sequence[str],
    *,
    database: Database,
    now: dt.datetime,
    policy: Policy,
    daily_quota: int,
) -> Plan:
    """Return what the next harvest of these channels would ask for, by the database alone.

    Raises BadConfiguration for a name that can be no channel's.
    """
    lines: list[PlanLine] = []
    with database.read() as session:
        used = reads.quota_used(session, day=quota.pacific_day(now)).get(BUCKET, 0)
        states = {each: reads.channel_state(session, asked_for=each) for each in channels}
    for asked_for, state in states.items():
        channel_reference(asked_for)
        if state is None:
            lines.extend(_first_time(asked_for))
        else:
            lines.extend(_again(database, state, now, policy))
    return Plan(
        lines=tuple(lines),
        left={BUCKET: max(0, daily_quota - used)},
        resets_at=quota.resets_at(now),
    )


def _line(channel: str, what: str, method: str, calls: int, *, at_least: bool = False) -> PlanLine:
    bucket, units = quota.cost(method)
    return PlanLine(
        channel=channel,
        what=what,
        method=method,
        calls=calls,
        units=calls * units,
        bucket=bucket,
        at_least=at_least,
    )


def _first_time(channel: str) -> Iterator[PlanLine]:
    yield _line(channel, "the channel, for the first time", "channels.list", 1)
    yield _line(channel, "all its uploads", "playlistItems.list", 1, at_least=True)
    yield _line(channel, "all its videos, 50 a call", "videos.list", 1, at_least=True)
    yield _line(channel, "its playlists", "playlists.list", 1, at_least=True)


def _again(
    database: Database, state: ChannelState, now: dt.datetime, policy: Policy
) -> Iterator[PlanLine]:
    channel = state.channel
    with database.read() as session:
        stored = len(reads.unlisted_known(session, channel.channel_id, ()))
        bounds = policy.due_videos(state, now)
        due = len(reads.due_videos(session, channel.channel_id, **bounds))
        playlists = reads.playlist_states(session, channel.channel_id)
        has_new = reads.has_new_videos(session, channel.channel_id)
    title, counted = channel.title, channel.video_count or 0

    if policy.channel_is_due(state, now):
        yield _line(title, "the channel itself", "channels.list", 1)

    to_come = max(0, counted - stored)
    if state.listing_token is not None:
        what = "the rest of a listing that was cut off, and the newest uploads"
        calls = 2 + _calls(to_come if state.listing_is_full else 0)
    elif state.listing_is_full or policy.lists_all(state, now):
        what, calls = "all uploads", max(1, _calls(max(stored, counted)))
    else:
        what, calls, to_come = "the newest uploads", 1, 0
    yield _line(title, what, "playlistItems.list", calls, at_least=True)

    if asked := due + to_come:
        what = f"{due} videos that are due" + (f", {to_come} new ones" if to_come else "")
        yield _line(title, what, "videos.list", _calls(asked), at_least=to_come > 0)

    if policy.playlists_are_due(state, now, has_new_videos=has_new):
        yield _line(title, "its playlists", "playlists.list", max(1, _calls(len(playlists))))
    unread = [each.playlist for each in playlists.values() if policy.entries_are_due(each, now)]
    if calls := sum(_calls(each.item_count or 0) for each in unread):
        what = f"the entries of {len(unread)} playlists"
        yield _line(title, what, "playlistItems.list", calls)


def _calls(items: int) -> int:
    return -(-items // BATCH)
