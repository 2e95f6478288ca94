"""What harvesting asks of the database, on both engines."""

import datetime as dt

import pytest

from harvester.records import Availability, Gone, LiveState, Video
from harvester.store import reads, writes
from harvester.store.database import Database
from tests import build

NOW = build.NOW
DAY = dt.timedelta(days=1)
YOUNG = {"published_at": NOW - 2 * DAY}
OLD = {"published_at": NOW - 400 * DAY}


def save(database: Database, run_id: int, *videos: Video, asked: dt.datetime = NOW) -> None:
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_videos(session, videos, now=asked, run_id=run_id)


def gone(database: Database, run_id: int, video_id: str, *, asked: dt.datetime) -> None:
    missing = Gone(video_id=video_id, availability=Availability.UNKNOWN, evidence="not returned")
    with database.write() as session:
        writes.save_gone(session, [missing], now=asked, run_id=run_id)


def test_a_channel_is_found_by_what_led_to_it(database: Database) -> None:
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)

    with database.read() as session:
        found = reads.channel_state(session, asked_for="@test")
        assert reads.channel_state(session, asked_for="@odd") is None
        assert reads.channels(session) == [found]
        assert reads.channel_state_by_id(session, build.CHANNEL_ID) == found
    assert found == reads.ChannelState(
        channel=build.channel(),
        asked_for="@test",
        refreshed_at=NOW,
        listed_at=None,
        listing_since=None,
        listing_is_full=False,
        listing_token=None,
        playlists_at=None,
    )


def test_known_videos_are_told_from_unknown_and_later_ones(database: Database, run_id: int) -> None:
    save(database, run_id, *(build.video(f"v{n}") for n in range(1200)))
    save(database, run_id, build.video("late"), asked=NOW + DAY)
    asked = [*(f"v{n}" for n in range(1500)), "late"]

    with database.read() as session:
        assert len(reads.known_videos(session, asked)) == 1201
        assert "late" not in reads.known_videos(session, asked, before=NOW + DAY)
        assert reads.known_videos(session, ["v1"], before=NOW) == set()
        assert reads.known_videos(session, []) == set()


def test_videos_asked_for_since_an_instant_are_known(database: Database, run_id: int) -> None:
    save(database, run_id, build.video("v1"), build.video("v2"), build.video("v3"))
    save(database, run_id, build.video("v2"), asked=NOW + DAY)
    gone(database, run_id, "v3", asked=NOW + DAY)

    with database.read() as session:
        found = reads.refreshed_since(session, ["v1", "v2", "v3", "odd"], NOW + DAY)
    assert found == {"v2", "v3"}


@pytest.mark.parametrize(
    ("given", "asked_before", "due"),
    [
        (OLD, 24 * DAY, False),
        (OLD, 26 * DAY, True),  # the rule of 30 days holds for any video
        (YOUNG, 2 * DAY, True),
        (YOUNG, DAY / 2, False),
        (OLD | {"live_state": LiveState.LIVE}, 2 * DAY, True),
        (OLD | {"live_state": LiveState.UPCOMING, "published_at": None}, 2 * DAY, True),
        (OLD | {"live_state": LiveState.ENDED}, 2 * DAY, False),
        ({"published_at": None}, 2 * DAY, False),
    ],
)
def test_a_video_is_due_by_its_age_and_state(
    database: Database, run_id: int, given: dict[str, object], asked_before: dt.timedelta, due: bool
) -> None:
    save(database, run_id, build.video("v1", **given), asked=NOW - asked_before)

    assert due_ids(database) == (["v1"] if due else [])


def due_ids(database: Database, limit: int | None = None) -> list[str]:
    with database.read() as session:
        return reads.due_videos(
            session,
            build.CHANNEL_ID,
            young_before=NOW - DAY,
            old_before=NOW - 25 * DAY,
            published_after=NOW - 30 * DAY,
            limit=limit,
        )


def test_a_missing_video_is_due_like_a_young_one(database: Database, run_id: int) -> None:
    save(database, run_id, build.video("v1", **OLD), asked=NOW - 5 * DAY)
    gone(database, run_id, "v1", asked=NOW - 2 * DAY)

    assert due_ids(database) == ["v1"]


def test_what_was_asked_for_longest_ago_comes_first(database: Database, run_id: int) -> None:
    for days, name in [(30, "v2"), (50, "v3"), (40, "v1")]:
        save(database, run_id, build.video(name), asked=NOW - days * DAY)

    assert due_ids(database) == ["v3", "v1", "v2"]
    assert due_ids(database, limit=2) == ["v3", "v1"]
    with database.read() as session:
        found = reads.oldest_asked(session, build.CHANNEL_ID, limit=2, exclude={"v3", "odd"})
        assert found == ["v1", "v2"]
        assert reads.oldest_asked(session, build.CHANNEL_ID, limit=0, exclude=()) == []


def test_known_videos_that_are_not_listed_must_be_asked_for(
    database: Database, run_id: int
) -> None:
    save(database, run_id, *(build.video(name) for name in ("a", "b", "c", "d")))
    deleted = Gone(video_id="c", availability=Availability.DELETED, evidence="placeholder")
    with database.write() as session:
        writes.save_gone(session, [deleted], now=NOW, run_id=run_id)
    gone(database, run_id, "d", asked=NOW)

    with database.read() as session:
        assert reads.unlisted_known(session, build.CHANNEL_ID, {"a", "odd"}) == ["b", "d"]
        assert reads.unlisted_known(session, "UCother", set()) == []


def test_videos_that_are_away_are_told_from_those_that_are_there(
    database: Database, run_id: int
) -> None:
    names = {"there": None, "deleted": Availability.DELETED, "silent": Availability.UNKNOWN}
    save(database, run_id, *map(build.video, names))
    missing = [
        Gone(video_id=name, availability=state, evidence="…")
        for name, state in names.items()
        if state
    ]
    with database.write() as session:
        writes.save_gone(session, missing, now=NOW, run_id=run_id)

    with database.read() as session:
        assert reads.absent_videos(session, [*names, "odd"]) == {"deleted", "silent"}
        assert reads.unexplained_videos(session, build.CHANNEL_ID) == ["silent"]


def test_videos_are_new_to_the_playlists_that_were_read_before_them(
    database: Database, run_id: int
) -> None:
    def has_new() -> bool:
        with database.read() as session:
            return reads.has_new_videos(session, build.CHANNEL_ID)

    save(database, run_id, build.video("v1"))
    with database.write() as session:
        writes.save_playlists(session, build.CHANNEL_ID, [], now=NOW)
    assert not has_new()

    save(database, run_id, build.video("v2"), asked=NOW + DAY)
    assert has_new()


def test_a_placeholder_from_before_a_video_was_last_returned_proves_nothing(
    database: Database, run_id: int
) -> None:
    save(database, run_id, build.video("v1"), asked=NOW + DAY)
    playlist = build.playlist()
    entry = build.playlist_item("v1", placeholder=Availability.PRIVATE)

    def found(read_at: dt.datetime) -> dict[str, Availability]:
        with database.write() as session:
            writes.save_playlists(session, build.CHANNEL_ID, [playlist], now=NOW)
            writes.save_playlist_entries(session, playlist, [entry], now=read_at)
        with database.read() as session:
            return reads.placeholders(session, ["v1"])

    assert found(NOW) == {}
    assert found(NOW + 2 * DAY) == {"v1": Availability.PRIVATE}


def test_placeholders_of_any_playlist_tell_what_became_of_a_video(database: Database) -> None:
    items = {
        "PL1": [("x", Availability.PRIVATE), ("y", Availability.PRIVATE), ("z", None)],
        "PL2": [("x", Availability.DELETED), ("z", None)],  # the later state of x
    }
    playlists = [build.playlist(name) for name in items]
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_playlists(session, build.CHANNEL_ID, playlists, now=NOW)
        for playlist in playlists:
            entries = [
                build.playlist_item(video_id, playlist.playlist_id, placeholder=state)
                for video_id, state in items[playlist.playlist_id]
            ]
            writes.save_playlist_entries(session, playlist, entries, now=NOW)

    with database.read() as session:
        assert reads.placeholders(session, ["x", "y", "z", "odd"]) == {
            "x": Availability.DELETED,
            "y": Availability.PRIVATE,
        }


def test_playlists_tell_what_was_counted_when_they_were_read(database: Database) -> None:
    first, second = build.playlist("PL1", item_count=2), build.playlist("PL2", item_count=5)
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_playlists(
            session, build.CHANNEL_ID, [first, second, build.playlist("PL3")], now=NOW
        )
        writes.save_playlist_entries(session, first, [], now=NOW)
        writes.save_playlists(session, build.CHANNEL_ID, [first, second], now=NOW + DAY)

    with database.read() as session:
        assert reads.playlist_states(session, build.CHANNEL_ID) == {
            "PL1": reads.PlaylistState(playlist=first, items_at=NOW, items_counted=2),
            "PL2": reads.PlaylistState(playlist=second, items_at=None, items_counted=None),
        }


def test_quota_is_counted_by_day_and_bucket(database: Database, run_id: int) -> None:
    with database.write() as session:
        other = writes.start_run(session, command="run", holder="process 2", now=NOW)
        for run, day, bucket, units in [
            (run_id, "2026-11-22", "main", 3),
            (other, "2026-11-22", "main", 4),
            (other, "2026-11-22", "search", 100),
            (other, "2026-11-21", "main", 1),
        ]:
            writes.count_try(session, day=day, bucket=bucket, units=units, run_id=run)

    with database.read() as session:
        assert reads.quota_used(session, day="2026-11-22") == {"main": 7, "search": 100}
        assert reads.quota_used(session, day="2026-11-23") == {}
