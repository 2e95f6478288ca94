"""Videos in: new, changed, as they were, gone and back, on both engines."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from harvester.records import Availability, Gone, LiveState, Privacy, Video
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


def save(database: Database, *videos: Video, run_id: int, now: dt.datetime = NOW) -> Saved:
    with database.write() as session:
        return writes.save_videos(session, videos, now=now, run_id=run_id)


FULL = build.video(
    description="Größe & „Anführung“ 🎥 % : \\ '",
    published_at=dt.datetime(2023, 11, 30, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=1))),
    duration_s=3600,
    caption_flag=True,
    privacy=Privacy.UNLISTED,
    live_state=LiveState.ENDED,
    live_scheduled_at=NOW,
    live_started_at=NOW,
    live_ended_at=LATER,
    recorded_on="2023-11",
    language="de",
    audio_language="de-DE",
    thumbnail_url="https://i.ytimg.com/x.jpg",
    tags=("Ä", 'mit "Zeichen"'),
)


def test_a_video_comes_back_as_it_was_given(database: Database, run_id: int) -> None:
    assert save(database, FULL, run_id=run_id) == Saved(new=1)

    with database.read() as session:
        assert reads.videos_to_link(session) == [FULL]


def test_a_second_identical_call_writes_no_video(database: Database, run_id: int) -> None:
    videos = [FULL, *(build.video(f"video-{n:05}", tags=("a", "b")) for n in range(2, 2001))]
    save(database, *videos, run_id=run_id)
    watch(database, "video", "video_change")

    saved = save(database, *videos, run_id=run_id, now=LATER)

    assert saved == Saved(same=2000)
    assert written(database) == {}
    assert set(rows(database, schema.VideoCheck, "asked_at", "refreshed_at")) == {(LATER, LATER)}


def test_only_what_changed_is_written(database: Database, run_id: int) -> None:
    videos = [build.video(f"v{n}") for n in range(1200)]
    save(database, *videos, run_id=run_id)
    watch(database, "video")

    videos[700] = replace(videos[700], title="Neuer Titel")
    saved = save(database, *videos, build.video("v1200"), run_id=run_id, now=LATER)

    assert saved == Saved(new=1, changed=1, same=1199)
    assert written(database) == {"video": 2}


def test_a_video_that_comes_twice_in_a_call_counts_once(database: Database, run_id: int) -> None:
    saved = save(database, build.video(), build.video(title="der spätere"), run_id=run_id)

    assert saved == Saved(new=1)
    assert rows(database, schema.Video, "title") == ["der spätere"]


def changes(database: Database) -> list[tuple[str, str | None, str | None, str | None]]:
    return rows(database, schema.VideoChange, "field", "old_value", "new_value", "evidence")


@pytest.mark.parametrize(
    ("given", "change"),
    [
        ({"title": "Neu"}, ("title", "Video video-00001", "Neu")),
        ({"duration_s": 1801}, ("duration_s", "1800", "1801")),
        ({"duration_s": None}, ("duration_s", "1800", None)),  # not told any more
        ({"caption_flag": True}, ("caption_flag", "false", "true")),
        ({"live_state": LiveState.LIVE}, ("live_state", "none", "live")),
        (
            {"published_at": NOW},
            ("published_at", "2023-11-30T08:00:00Z", "2026-11-22T09:00:00Z"),
        ),
    ],
)
def test_a_change_is_kept_as_history(
    database: Database, run_id: int, given: dict[str, Any], change: tuple[str, str, str]
) -> None:
    save(database, build.video(), run_id=run_id)

    saved = save(database, build.video(**given), run_id=run_id, now=LATER)

    assert saved == Saved(changed=1)
    assert changes(database) == [(*change, None)]
    assert rows(database, schema.VideoChange, "changed_at", "run_id") == [(LATER, run_id)]


def test_a_change_of_privacy_is_one_of_availability(database: Database, run_id: int) -> None:
    save(database, build.video(), run_id=run_id)

    save(database, build.video(privacy=Privacy.UNLISTED), run_id=run_id, now=LATER)

    assert changes(database) == [
        ("privacy", "public", "unlisted", None),
        ("availability", "public", "unlisted", None),
    ]


def test_a_new_description_is_a_change_without_history(database: Database, run_id: int) -> None:
    save(database, build.video(), run_id=run_id)

    saved = save(database, build.video(description="Neu"), run_id=run_id, now=LATER)

    assert saved == Saved(changed=1)
    assert rows(database, schema.Video, "description") == ["Neu"]
    assert changes(database) == []


def test_the_first_sight_of_a_video_stays(database: Database, run_id: int) -> None:
    save(database, build.video(), run_id=run_id)
    save(database, build.video(title="Neu"), run_id=run_id, now=LATER)

    assert rows(database, schema.Video, "first_seen_at") == [NOW]


# --- gone and back ------------------------------------------------------------


def missing(video_id: str, availability: Availability, evidence: str) -> Gone:
    return Gone(video_id=video_id, availability=availability, evidence=evidence)


def gone(database: Database, *given: Gone, run_id: int, now: dt.datetime = LATER) -> int:
    with database.write() as session:
        return writes.save_gone(session, given, now=now, run_id=run_id)


def test_a_video_that_went_keeps_what_we_know(database: Database, run_id: int) -> None:
    save(database, FULL, run_id=run_id)
    before = rows(database, schema.Video, "title", "description", "privacy", "duration_s")

    went = gone(
        database,
        missing(FULL.video_id, Availability.DELETED, "the playlist says so"),
        run_id=run_id,
    )

    assert went == 1
    assert rows(database, schema.Video, "title", "description", "privacy", "duration_s") == before
    assert changes(database) == [("availability", "unlisted", "deleted", "the playlist says so")]
    assert rows(database, schema.VideoCheck, "asked_at", "refreshed_at", "missing_since") == [
        (LATER, NOW, LATER)
    ]


def test_a_video_that_is_away_and_now_known_to_be_private_did_not_go_again(
    database: Database, run_id: int
) -> None:
    save(database, build.video(), run_id=run_id)
    away = missing("video-00001", Availability.UNKNOWN, "not returned")
    assert gone(database, away, run_id=run_id) == 1

    private = missing("video-00001", Availability.PRIVATE, "the playlist says so")
    assert gone(database, private, run_id=run_id) == 0

    assert changes(database)[-1] == (
        "availability",
        "unknown",
        "private",
        "the playlist says so",
    )


def test_a_video_that_stays_away_is_no_news(database: Database, run_id: int) -> None:
    save(database, build.video(), run_id=run_id)
    away = missing("video-00001", Availability.UNKNOWN, "not returned")
    gone(database, away, run_id=run_id)

    assert gone(database, away, run_id=run_id, now=LATER_STILL) == 0

    assert len(changes(database)) == 1
    assert rows(database, schema.VideoCheck, "asked_at", "missing_since") == [(LATER_STILL, LATER)]


@pytest.mark.parametrize(
    ("first", "then", "after"),
    [
        (Availability.UNKNOWN, Availability.PRIVATE, Availability.PRIVATE),
        (Availability.PRIVATE, Availability.DELETED, Availability.DELETED),
        (Availability.DELETED, Availability.UNKNOWN, Availability.DELETED),  # less is known
        (Availability.PRIVATE, Availability.UNKNOWN, Availability.PRIVATE),
    ],
)
def test_what_is_known_of_a_missing_video_only_grows(
    database: Database, run_id: int, first: Availability, then: Availability, after: Availability
) -> None:
    save(database, build.video(), run_id=run_id)

    gone(database, missing("video-00001", first, "first"), run_id=run_id)
    gone(database, missing("video-00001", then, "then"), run_id=run_id)

    assert rows(database, schema.Video, "availability") == [after]


def test_a_missing_video_that_is_not_stored_is_none_of_ours(
    database: Database, run_id: int
) -> None:
    assert gone(database, missing("odd", Availability.DELETED, "listed"), run_id=run_id) == 0

    assert rows(database, schema.Video, "video_id") == []


def test_a_video_that_is_returned_again_is_back(database: Database, run_id: int) -> None:
    save(database, build.video(), run_id=run_id)
    gone(database, missing("video-00001", Availability.PRIVATE, "placeholder"), run_id=run_id)

    saved = save(database, build.video(), run_id=run_id, now=LATER_STILL)

    assert saved == Saved(back=1)
    assert changes(database)[-1] == ("availability", "private", "public", "returned again")
    assert rows(database, schema.VideoCheck, "refreshed_at", "missing_since") == [
        (LATER_STILL, None)
    ]


def test_listed_videos_that_were_never_returned_are_kept(database: Database, run_id: int) -> None:
    save(database, build.video("known"), run_id=run_id)
    items = [
        build.playlist_item("known"),
        build.playlist_item("hidden", title=None, placeholder=Availability.PRIVATE),
        build.playlist_item("silent", title="Nur gelistet", video_published_at=NOW),
    ]
    absent = [
        missing("hidden", Availability.PRIVATE, "the listing shows “Private video”"),
        missing("silent", Availability.UNKNOWN, "not returned"),
    ]

    with database.write() as session:
        stored = writes.save_unseen(
            session, build.CHANNEL_ID, items, absent, now=LATER, run_id=run_id
        )

    assert stored == 2
    assert rows(
        database, schema.Video, "video_id", "title", "availability", "privacy", "published_at"
    ) == [
        ("hidden", None, "private", "private", None),
        ("known", "Video known", "public", "public", build.video().published_at),
        ("silent", "Nur gelistet", "unknown", "unknown", NOW),
    ]
    assert [change[3] for change in changes(database)] == [
        "the listing shows “Private video”",
        "not returned",
    ]
    with database.write() as session:
        assert not writes.save_unseen(
            session, build.CHANNEL_ID, items, absent, now=LATER, run_id=run_id
        )


def test_a_video_that_was_only_listed_is_back_with_its_title(
    database: Database, run_id: int
) -> None:
    item = build.playlist_item("hidden", title=None, placeholder=Availability.PRIVATE)
    with database.write() as session:
        writes.save_unseen(session, build.CHANNEL_ID, [item], [], now=NOW, run_id=run_id)

    saved = save(database, build.video("hidden"), run_id=run_id, now=LATER)

    assert saved == Saved(back=1)
    assert ("title", None, "Video hidden", None) in changes(database)
    assert rows(database, schema.VideoCheck, "refreshed_at", "missing_since") == [(LATER, None)]
