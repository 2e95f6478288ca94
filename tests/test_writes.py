"""Runs, quota, channels and playlists in, on both engines."""

import datetime as dt

import pytest

from harvester import records
from harvester.records import Availability
from harvester.store import reads, schema, writes
from harvester.store.database import Database
from harvester.store.writes import Saved
from tests import build
from tests.tables import rows, watch, written

NOW = build.NOW
LATER = NOW + dt.timedelta(days=1)
LATER_STILL = NOW + dt.timedelta(days=2)


@pytest.fixture(autouse=True)
def a_channel(database: Database) -> None:
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)


# --- runs and quota -----------------------------------------------------------


def test_a_run_is_entered_at_its_start_and_completed_at_its_end(database: Database) -> None:
    with database.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 7 on host", now=NOW)
    with database.write() as session:
        writes.finish_run(
            session,
            run_id,
            outcome="done",
            exit_code=0,
            message="all is well",
            saved=Saved(new=1, changed=2, same=3, gone=4, back=5),
            matched=6,
            to_review=7,
            now=LATER,
        )

    with database.read() as session:
        [run] = reads.view(session, "runs")
    assert run == {
        "run_id": run_id,
        "started_at": NOW,
        "finished_at": LATER,
        "outcome": "done",
        "quota_units": 0,
        "new_videos": 1,
        "changed_videos": 7,
        "gone_videos": 4,
        "matched": 6,
        "to_review": 7,
        "message": "all is well",
        "command": "run",
        "exit_code": 0,
        "holder": "process 7 on host",
    }


def test_a_run_that_died_is_marked_by_the_next_one(database: Database, run_id: int) -> None:
    with database.write() as session:
        writes.start_run(session, command="run", holder="process 2", now=LATER)

    assert rows(database, schema.Run, "outcome", "finished_at") == [
        ("interrupted", LATER),
        ("running", None),
    ]


def test_a_refused_run_leaves_the_running_one_alone(database: Database, run_id: int) -> None:
    with database.write() as session:
        writes.refuse_run(
            session, command="run", holder="process 2", now=LATER, message="another run is at work"
        )

    assert rows(database, schema.Run, "outcome", "exit_code", "finished_at") == [
        ("running", None, None),
        ("refused", 75, LATER),
    ]


def test_tries_add_up_by_day_bucket_and_run(database: Database, run_id: int) -> None:
    with database.write() as session:
        for day, bucket, units in [
            ("2026-11-21", "main", 1),
            ("2026-11-22", "main", 1),
            ("2026-11-22", "main", 50),
            ("2026-11-22", "search", 1),
        ]:
            writes.count_try(session, day=day, bucket=bucket, units=units, run_id=run_id)

    assert rows(database, schema.QuotaUse, "day", "bucket", "calls", "units") == [
        ("2026-11-21", "main", 1, 1),
        ("2026-11-22", "main", 2, 51),
        ("2026-11-22", "search", 1, 1),
    ]


# --- channels and their listings ----------------------------------------------


def test_a_channel_is_updated_and_keeps_how_far_its_listing_came(database: Database) -> None:
    with database.write() as session:
        writes.listing_starts(session, build.CHANNEL_ID, full=True, now=NOW)
        writes.listing_reached(session, build.CHANNEL_ID, token="page-3")
        writes.save_channel(
            session, build.channel(title="Neuer Name"), asked_for="@test", now=LATER
        )

    with database.read() as session:
        [state] = reads.channels(session)
    assert state.channel.title == "Neuer Name"
    assert state.refreshed_at == LATER
    assert (state.listing_since, state.listing_is_full, state.listing_token) == (
        NOW,
        True,
        "page-3",
    )


def test_a_handle_that_went_to_another_channel_leads_there(database: Database) -> None:
    other = build.channel(channel_id="UCother")

    with database.write() as session:
        writes.save_channel(session, other, asked_for="@test", now=LATER)

    with database.read() as session:
        state = reads.channel_state(session, asked_for="@test")
    assert state is not None
    assert state.channel == other


def test_an_open_listing_is_gone_on_with(database: Database) -> None:
    with database.write() as session:
        writes.listing_starts(session, build.CHANNEL_ID, full=True, now=NOW)
        writes.listing_reached(session, build.CHANNEL_ID, token="page-3")
        writes.listing_starts(session, build.CHANNEL_ID, full=False, now=LATER)

    assert rows(database, schema.Channel, "listing_since", "listing_is_full", "listing_token") == [
        (NOW, True, "page-3")
    ]


def test_a_full_listing_does_not_go_on_with_a_short_one(database: Database) -> None:
    with database.write() as session:
        writes.listing_starts(session, build.CHANNEL_ID, full=False, now=NOW)
        writes.listing_reached(session, build.CHANNEL_ID, token="page-3")
        writes.listing_starts(session, build.CHANNEL_ID, full=True, now=LATER)

    assert rows(database, schema.Channel, "listing_since", "listing_is_full", "listing_token") == [
        (LATER, True, None)
    ]


@pytest.mark.parametrize(("complete", "listed_at"), [(True, LATER), (False, None)])
def test_a_listing_counts_as_complete_only_if_all_was_listed(
    database: Database, complete: bool, listed_at: dt.datetime | None
) -> None:
    with database.write() as session:
        writes.listing_starts(session, build.CHANNEL_ID, full=True, now=NOW)
        writes.listing_ends(session, build.CHANNEL_ID, complete=complete, now=LATER)

    assert rows(database, schema.Channel, "listing_since", "listing_is_full", "listed_at") == [
        (None, False, listed_at)
    ]


# --- playlists ----------------------------------------------------------------


def test_a_playlist_that_is_no_longer_listed_is_withdrawn_and_may_return(
    database: Database,
) -> None:
    first, second = build.playlist("PL1"), build.playlist("PL2")

    def withdrawn_after(now: dt.datetime, *listed: records.Playlist) -> list[object]:
        with database.write() as session:
            writes.save_playlists(session, build.CHANNEL_ID, listed, now=now)
        return rows(database, schema.Playlist, "withdrawn_at")

    assert withdrawn_after(NOW, first, second) == [None, None]
    assert withdrawn_after(LATER, first) == [None, LATER]
    assert withdrawn_after(LATER_STILL, first) == [None, LATER]
    assert withdrawn_after(LATER_STILL, first, second) == [None, None]
    assert rows(database, schema.Channel, "playlists_at") == [LATER_STILL]


def test_entries_of_a_playlist_are_replaced_where_they_differ(database: Database) -> None:
    playlist = build.playlist(item_count=3)

    def save_entries(*items: records.PlaylistItem) -> None:
        with database.write() as session:
            writes.save_playlist_entries(session, playlist, items, now=NOW)

    with database.write() as session:
        writes.save_playlists(session, build.CHANNEL_ID, [playlist], now=NOW)
    items = [build.playlist_item(name, added_at=NOW) for name in ("a", "b", "c")]
    save_entries(*items)
    watch(database, "playlist_entry")
    save_entries(*items)
    assert written(database) == {}

    private = build.playlist_item("b", title=None, added_at=NOW, placeholder=Availability.PRIVATE)
    save_entries(items[0], private, build.playlist_item("d"), build.playlist_item("d"))

    assert rows(database, schema.PlaylistEntry, "video_id", "placeholder") == [
        ("a", None),
        ("b", "private"),
        ("d", None),
    ]
    assert rows(database, schema.Playlist, "items_at", "items_counted") == [(NOW, 3)]


def test_a_playlist_that_cannot_be_read_keeps_its_entries(database: Database) -> None:
    before, after = build.playlist(item_count=1), build.playlist(item_count=2)
    with database.write() as session:
        writes.save_playlists(session, build.CHANNEL_ID, [before], now=NOW)
        writes.save_playlist_entries(session, before, [build.playlist_item("a")], now=NOW)
        writes.skip_playlist_entries(session, after, now=LATER)

    assert rows(database, schema.PlaylistEntry, "video_id") == ["a"]
    assert rows(database, schema.Playlist, "items_at", "items_counted") == [(LATER, 2)]


def test_of_entries_that_cannot_be_read_nobody_knows_any_more_which_are_private(
    database: Database,
) -> None:
    playlist = build.playlist()
    private = build.playlist_item("a", title=None, placeholder=Availability.PRIVATE)
    with database.write() as session:
        writes.save_playlists(session, build.CHANNEL_ID, [playlist], now=NOW)
        writes.save_playlist_entries(session, playlist, [private], now=NOW)
        writes.skip_playlist_entries(session, playlist, now=LATER)

    assert rows(database, schema.PlaylistEntry, "video_id", "placeholder") == [("a", None)]
