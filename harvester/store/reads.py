"""Questions to the database; records out, nothing mapped.

What harvesting asks is here; what linking asks and what people ask have their own
file, and are offered here as well.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from harvester import records
from harvester.records import Availability
from harvester.store import schema
from harvester.store.reads_linked import (
    Basis,
    Linked,
    LinkingInput,
    LinkingState,
    best_events,
    changed_records,
    linking_input,
)
from harvester.store.reads_linking import (
    GONE,
    editor_links,
    event_ids,
    events,
    events_to_link,
    playlist_titles,
    rejected_pairs,
    rule_links,
    talks,
    talks_to_link,
    videos_to_link,
)
from harvester.store.reads_people import (
    ChannelAge,
    Counts,
    Decision,
    Explanation,
    Freshness,
    RunState,
    counts,
    explanation,
    freshness,
    running_holder,
    view,
    view_columns,
)
from harvester.store.rows import chunks, record, table
from harvester.store.views import VIEWS

__all__ = [
    "VIEWS",
    "Basis",
    "ChannelAge",
    "ChannelState",
    "Counts",
    "Decision",
    "Explanation",
    "Freshness",
    "Linked",
    "LinkingInput",
    "LinkingState",
    "PlaylistState",
    "RunState",
    "absent_videos",
    "best_events",
    "changed_records",
    "channel_state",
    "channel_state_by_id",
    "channels",
    "counts",
    "due_videos",
    "editor_links",
    "event_ids",
    "events",
    "events_to_link",
    "explanation",
    "freshness",
    "has_new_videos",
    "known_videos",
    "linking_input",
    "oldest_asked",
    "placeholders",
    "playlist_states",
    "playlist_titles",
    "quota_used",
    "refreshed_since",
    "rejected_pairs",
    "rule_links",
    "running_holder",
    "talks",
    "talks_to_link",
    "unexplained_videos",
    "unlisted_known",
    "videos_to_link",
    "view",
    "view_columns",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """A channel, and how far its listing has come; instants as in the table `channel`."""

    channel: records.Channel
    asked_for: str | None
    refreshed_at: dt.datetime
    listed_at: dt.datetime | None
    listing_since: dt.datetime | None
    listing_is_full: bool
    listing_token: str | None
    playlists_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistState:
    """A playlist, and what YouTube counted in it when its entries were last read, None if never."""

    playlist: records.Playlist
    items_at: dt.datetime | None
    items_counted: int | None


def channels(session: Session) -> list[ChannelState]:
    """Return the channels that are or were harvested, by id."""
    return _channel_states(session, select(table(schema.Channel)).order_by("channel_id"))


def channel_state(session: Session, *, asked_for: str) -> ChannelState | None:
    """Return the channel that this id, handle or address of the settings led to last time."""
    channel = table(schema.Channel)
    found = _channel_states(session, select(channel).where(channel.c.asked_for == asked_for))
    return found[0] if found else None


def channel_state_by_id(session: Session, channel_id: str) -> ChannelState:
    """Return a channel that is stored."""
    channel = table(schema.Channel)
    [state] = _channel_states(session, select(channel).where(channel.c.channel_id == channel_id))
    return state


def _channel_states(session: Session, query: Select[Any]) -> list[ChannelState]:
    return [
        record(ChannelState, row, channel=record(records.Channel, row))
        for row in session.execute(query).mappings()
    ]


def known_videos(
    session: Session, ids: Collection[str], *, before: dt.datetime | None = None
) -> set[str]:
    """Return which of these videos are stored, and were so already `before` an instant."""
    video = table(schema.Video)
    found: set[str] = set()
    for chunk in chunks(ids):
        query = select(video.c.video_id).where(video.c.video_id.in_(chunk))
        if before is not None:
            query = query.where(video.c.first_seen_at < before)
        found |= set(session.scalars(query))
    return found


def refreshed_since(session: Session, ids: Collection[str], since: dt.datetime) -> set[str]:
    """Return which of these videos YouTube was asked for at that instant or later."""
    check = table(schema.VideoCheck)
    found: set[str] = set()
    for chunk in chunks(ids):
        query = select(check.c.video_id).where(check.c.video_id.in_(chunk))
        found |= set(session.scalars(query.where(check.c.asked_at >= since)))
    return found


def due_videos(
    session: Session,
    channel_id: str,
    *,
    young_before: dt.datetime,
    old_before: dt.datetime,
    published_after: dt.datetime,
    limit: int | None = None,
) -> list[str]:
    """Return the ids of the channel's videos to ask for again, the one asked longest ago first.

    Any video is due if it was last asked for before `old_before`.  One that may change
    soon is due from `young_before` on: published after `published_after`, live or to
    come, or missing since then: of one that is away for longer there is rarely any news.
    """
    video, check = table(schema.Video), table(schema.VideoCheck)
    restless = or_(
        video.c.published_at > published_after,
        video.c.live_state.in_(("upcoming", "live")),
        check.c.missing_since > published_after,
    )
    query = (
        _asked(channel_id)
        .where(
            or_(
                check.c.asked_at < old_before,
                and_(check.c.asked_at < young_before, restless),
            )
        )
        .limit(limit)
    )
    return list(session.scalars(query))


def oldest_asked(
    session: Session, channel_id: str, *, limit: int, exclude: Collection[str]
) -> list[str]:
    """Return the ids of up to `limit` videos asked for longest ago, to fill up a batch."""
    # a few more than wanted instead of a long NOT IN
    found = session.scalars(_asked(channel_id).limit(limit + len(exclude)))
    left_out = set(exclude)
    return [video_id for video_id in found if video_id not in left_out][:limit]


def _asked(channel_id: str) -> Select[str]:
    video, check = table(schema.Video), table(schema.VideoCheck)
    return (
        select(video.c.video_id)
        .join(check, check.c.video_id == video.c.video_id)
        .where(video.c.channel_id == channel_id)
        .order_by(check.c.asked_at, video.c.video_id)
    )


def absent_videos(session: Session, ids: Collection[str]) -> set[str]:
    """Return which of these videos are stored as private, deleted or no longer returned."""
    video = table(schema.Video)
    absent = (*GONE, Availability.UNKNOWN.value)
    found: set[str] = set()
    for chunk in chunks(ids):
        query = select(video.c.video_id).where(video.c.video_id.in_(chunk))
        found |= set(session.scalars(query.where(video.c.availability.in_(absent))))
    return found


def has_new_videos(session: Session, channel_id: str) -> bool:
    """Tell whether a video of the channel was first seen after its playlists were last read."""
    video, channel = table(schema.Video), table(schema.Channel)
    query = (
        select(video.c.video_id)
        .join(channel, channel.c.channel_id == video.c.channel_id)
        .where(video.c.channel_id == channel_id, video.c.first_seen_at > channel.c.playlists_at)
    )
    return session.scalars(query.limit(1)).first() is not None


def unlisted_known(session: Session, channel_id: str, listed: Collection[str]) -> list[str]:
    """Return the channel's videos that should be in its uploads list and are not in `listed`.

    Private and deleted ones are no news; the others must be asked for by id.
    """
    video = table(schema.Video)
    query = (
        select(video.c.video_id)
        .where(video.c.channel_id == channel_id, video.c.availability.not_in(GONE))
        .order_by(video.c.video_id)
    )
    there = set(listed)
    return [video_id for video_id in session.scalars(query) if video_id not in there]


def unexplained_videos(session: Session, channel_id: str) -> list[str]:
    """Return the channel's videos that are no longer returned without a known reason."""
    video = table(schema.Video)
    query = select(video.c.video_id).where(
        video.c.channel_id == channel_id, video.c.availability == Availability.UNKNOWN.value
    )
    return list(session.scalars(query.order_by(video.c.video_id)))


def placeholders(session: Session, video_ids: Collection[str]) -> dict[str, Availability]:
    """Return which of these videos a playlist shows as private or deleted.

    A playlist that was read before YouTube last returned the video proves nothing.
    """
    entry, playlist = table(schema.PlaylistEntry), table(schema.Playlist)
    check = table(schema.VideoCheck)
    found: dict[str, Availability] = {}
    for chunk in chunks(video_ids):
        query = (
            select(entry.c.video_id, entry.c.placeholder)
            .join(playlist, playlist.c.playlist_id == entry.c.playlist_id)
            .outerjoin(check, check.c.video_id == entry.c.video_id)
            .where(entry.c.video_id.in_(chunk), entry.c.placeholder.is_not(None))
            .where(or_(check.c.refreshed_at.is_(None), playlist.c.items_at >= check.c.refreshed_at))
            .order_by(entry.c.placeholder)  # deleted before private, which came before it
        )
        for video_id, placeholder in session.execute(query):
            found.setdefault(video_id, Availability(placeholder))
    return found


def playlist_states(session: Session, channel_id: str) -> dict[str, PlaylistState]:
    """Return the channel's own playlists that it still lists, by id."""
    playlist = table(schema.Playlist)
    query = select(playlist).where(
        playlist.c.channel_id == channel_id, playlist.c.withdrawn_at.is_(None)
    )
    return {
        row["playlist_id"]: record(PlaylistState, row, playlist=record(records.Playlist, row))
        for row in session.execute(query).mappings()
    }


def quota_used(session: Session, *, day: str) -> dict[str, int]:
    """Return the units spent on a Pacific day, by bucket."""
    use = table(schema.QuotaUse)
    query = select(use.c.bucket, func.sum(use.c.units)).where(use.c.day == day)
    return {bucket: int(units) for bucket, units in session.execute(query.group_by(use.c.bucket))}
