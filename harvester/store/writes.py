"""Records in: runs, quota, channels, playlists.

Videos, event records and linkings have their own file, and are offered here as well.
Every function works in the transaction of its caller, takes `now`, and writes only
what differs from what is there: a second identical call writes no row of content,
only that we asked.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from harvester.records import Channel, Playlist, PlaylistItem
from harvester.store import schema
from harvester.store.rows import chunks, insert, plain, table, values
from harvester.store.writes_events import Loaded, save_event_records
from harvester.store.writes_linking import evidence_hash, save_linking_state, save_linkings
from harvester.store.writes_videos import Saved, save_gone, save_unseen, save_videos

__all__ = [
    "Loaded",
    "Saved",
    "count_try",
    "evidence_hash",
    "finish_run",
    "listing_ends",
    "listing_reached",
    "listing_starts",
    "refuse_run",
    "save_channel",
    "save_event_records",
    "save_gone",
    "save_linking_state",
    "save_linkings",
    "save_playlist_entries",
    "save_playlists",
    "save_unseen",
    "save_videos",
    "skip_playlist_entries",
    "start_run",
]


# --- runs and quota -----------------------------------------------------------


def start_run(session: Session, *, command: str, holder: str, now: dt.datetime) -> int:
    """Enter a run that begins, and return its number.

    Only for who holds the lock of a run: whatever else is said to be running has
    died, and is marked so.
    """
    run = table(schema.Run)
    session.execute(
        update(run)
        .where(run.c.outcome == "running")
        .values(
            outcome="interrupted",
            finished_at=now,
            message="the process ended without a word; the next run noticed",
        )
    )
    return _enter_run(session, command=command, holder=holder, started_at=now, outcome="running")


def refuse_run(
    session: Session, *, command: str, holder: str, now: dt.datetime, message: str
) -> int:
    """Enter a run that found the lock taken and left, and return its number."""
    return _enter_run(
        session,
        command=command,
        holder=holder,
        started_at=now,
        finished_at=now,
        outcome="refused",
        exit_code=75,
        message=message,
    )


def _enter_run(session: Session, **given: Any) -> int:
    run = schema.Run(**given)
    session.add(run)
    session.flush()
    return run.run_id


def finish_run(
    session: Session,
    run_id: int,
    *,
    outcome: str,
    exit_code: int,
    message: str,
    saved: Saved,
    matched: int | None,
    to_review: int | None,
    now: dt.datetime,
) -> None:
    """Enter how a run ended.  `matched` and `to_review` are None if it did not link."""
    run = table(schema.Run)
    session.execute(
        update(run)
        .where(run.c.run_id == run_id)
        .values(
            outcome=outcome,
            exit_code=exit_code,
            message=message,
            new_videos=saved.new,
            changed_videos=saved.changed + saved.back,
            gone_videos=saved.gone,
            matched=matched,
            to_review=to_review,
            finished_at=now,
        )
    )


def count_try(session: Session, *, day: str, bucket: str, units: int, run_id: int) -> None:
    """Enter one request in the ledger.  Threads may do so at the same time."""
    use = table(schema.QuotaUse)
    statement = insert(session, schema.QuotaUse).values(
        day=day, bucket=bucket, run_id=run_id, calls=1, units=units
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[use.c.day, use.c.bucket, use.c.run_id],
            set_={"calls": use.c.calls + 1, "units": use.c.units + units},
        )
    )


# --- channels and their listings ----------------------------------------------


def save_channel(session: Session, channel: Channel, *, asked_for: str, now: dt.datetime) -> None:
    """Store a channel, and by which word of the settings we came to it."""
    row = {**values(channel), "asked_for": asked_for, "refreshed_at": now}
    there = table(schema.Channel)
    session.execute(  # a handle that went to another channel leads there from now on
        update(there)
        .where(there.c.asked_for == asked_for, there.c.channel_id != channel.channel_id)
        .values(asked_for=None)
    )
    session.execute(
        insert(session, schema.Channel)
        .values(**row, listing_is_full=False)
        .on_conflict_do_update(index_elements=[there.c.channel_id], set_=row)
    )


def listing_starts(session: Session, channel_id: str, *, full: bool, now: dt.datetime) -> None:
    """Open a listing of the uploads, unless one is open to go on with.

    If all uploads are wanted and the open listing is not of all, it starts anew.
    """
    channel = _channel(session, channel_id)
    if channel.listing_since is None or (full and not channel.listing_is_full):
        channel.listing_since, channel.listing_is_full, channel.listing_token = now, full, None
    session.flush()


def listing_reached(session: Session, channel_id: str, *, token: str | None) -> None:
    """Enter the token of the last page whose videos are all stored."""
    _channel(session, channel_id).listing_token = token
    session.flush()


def listing_ends(session: Session, channel_id: str, *, complete: bool, now: dt.datetime) -> None:
    """Close the listing; `complete` says that all uploads were listed."""
    channel = _channel(session, channel_id)
    channel.listing_since, channel.listing_is_full, channel.listing_token = None, False, None
    if complete:
        channel.listed_at = now
    session.flush()


def _channel(session: Session, channel_id: str) -> schema.Channel:
    return session.get_one(schema.Channel, channel_id)


# --- playlists ----------------------------------------------------------------


def save_playlists(
    session: Session, channel_id: str, playlists: Sequence[Playlist], *, now: dt.datetime
) -> None:
    """Store all of a channel's own playlists; those no longer among them are withdrawn."""
    there = {
        row.playlist_id: row
        for row in session.scalars(
            select(schema.Playlist).where(schema.Playlist.channel_id == channel_id)
        )
    }
    for playlist in playlists:
        row = there.pop(playlist.playlist_id, None)
        if row is None:
            session.add(schema.Playlist(**values(playlist)))
            continue
        for name, value in values(playlist).items():
            setattr(row, name, value)
        row.withdrawn_at = None
    for row in there.values():
        row.withdrawn_at = row.withdrawn_at or now
    _channel(session, channel_id).playlists_at = now
    session.flush()


def save_playlist_entries(
    session: Session, playlist: Playlist, items: Sequence[PlaylistItem], *, now: dt.datetime
) -> None:
    """Store all entries of a playlist that is stored; what is not among them goes."""
    entry = table(schema.PlaylistEntry)
    here = entry.c.playlist_id == playlist.playlist_id
    fields = ("playlist_id", "video_id", "added_at", "placeholder")
    there = {row.video_id: dict(row._mapping) for row in session.execute(select(entry).where(here))}
    wanted = {
        item.video_id: {name: plain(getattr(item, name)) for name in fields} for item in items
    }
    # what differs goes and comes again: entries are few, and nothing points to them
    obsolete = [video_id for video_id, row in there.items() if wanted.get(video_id) != row]
    for chunk in chunks(obsolete):
        session.execute(delete(entry).where(here, entry.c.video_id.in_(chunk)))
    for rows in chunks(row for video_id, row in wanted.items() if there.get(video_id) != row):
        session.execute(insert(session, schema.PlaylistEntry), rows)
    state = session.get_one(schema.Playlist, playlist.playlist_id)
    state.items_at, state.items_counted = now, playlist.item_count
    session.flush()


def skip_playlist_entries(session: Session, playlist: Playlist, *, now: dt.datetime) -> None:
    """Enter that a playlist's entries cannot be read: not to be asked for again at once.

    The entries stay, but which of them were shown as private or deleted is not known any more.
    """
    entry = table(schema.PlaylistEntry)
    here = entry.c.playlist_id == playlist.playlist_id
    session.execute(update(entry).where(here).values(placeholder=None))
    state = session.get_one(schema.Playlist, playlist.playlist_id)
    state.items_at, state.items_counted = now, playlist.item_count
    session.flush()
