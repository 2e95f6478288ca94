import datetime as dt
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from harvester.errors import (
    ApiFormatError,
    ApiUnavailable,
    BadConfiguration,
    ChannelNotFound,
    HarvesterError,
    Interrupted,
    KeyRefused,
    QuotaExhausted,
)
from harvester.harvest import Progress
from harvester.store.database import Database
from harvester.store.writes import Saved
from tests.build import CHANNEL_ID, NOW
from tests.harvesting import Harvester
from tests.soak_kill import soak
from tests.standin.faults import Fault
from tests.standin.server import StandIn
from tests.standin.world import Channel, World


@pytest.fixture
def channel(standin: StandIn) -> Channel:
    return standin.world.channel(id=CHANNEL_ID, handle="@test", title="Ein Kanal")


@pytest.fixture
def world(standin: StandIn) -> World:
    return standin.world


@pytest.fixture
def harvest(standin: StandIn, sqlite_database: Database) -> Harvester:
    """What does not depend on the engine is tested on one."""
    return Harvester(standin, sqlite_database)


# --- all that there is, once ----------------------------------------------------


def test_a_first_harvest_stores_the_channel_and_all_its_videos(
    standin: StandIn, database: Database, channel: Channel
) -> None:
    harvest = Harvester(standin, database)
    channel.upload_many(118)
    channel.upload(
        "video-00119",
        title="„Großes“ Thema",
        duration="PT1H2M3S",
        caption=True,
        tags=["Krise"],
        recorded_on="2023-11-23",
        language="de",
    )
    channel.premiere("video-00120", live_scheduled_at="2026-12-01T18:00:00Z")

    saved = harvest("@test")

    assert saved == Saved(new=120)
    assert harvest.rows("SELECT count(*) FROM video") == [(120,)]
    assert harvest.rows(
        "SELECT title, duration_s, caption_flag, recorded_on, language, availability, live_state"
        " FROM video WHERE video_id = 'video-00119'"
    ) == [("„Großes“ Thema", 3723, True, "2023-11-23", "de", "public", "none")]
    assert harvest.rows(
        "SELECT duration_s, live_state FROM video WHERE video_id = 'video-00120'"
    ) == [(None, "upcoming")]
    assert harvest.state.asked_for == "@test"
    assert harvest.state.listed_at == NOW
    assert harvest.state.listing_since is None
    # the channel, three pages, three batches, its playlists
    assert harvest.units == 1 + 3 + 3 + 1
    assert harvest.rows("SELECT calls, units FROM quota_use") == [(8, 8)]


def test_a_second_harvest_costs_one_unit_and_changes_nothing(
    standin: StandIn, database: Database, channel: Channel
) -> None:
    harvest = Harvester(standin, database)
    channel.upload_many(120)
    harvest()
    before = harvest.rows("SELECT * FROM video ORDER BY video_id")

    saved = harvest(days=1)

    assert saved == Saved()
    assert harvest.units == 1
    assert harvest.rows("SELECT * FROM video ORDER BY video_id") == before


def test_new_uploads_are_found_at_the_price_of_the_pages_they_are_on(
    harvest: Harvester, channel: Channel
) -> None:
    channel.upload_many(120)
    harvest()
    channel.upload_many(3)

    saved = harvest(days=0.5)

    assert saved.new == 3
    # the page with the new ones, one more that is known, one batch
    assert harvest.units == 3


def test_the_last_batch_is_filled_up_with_those_asked_longest_ago(
    harvest: Harvester, channel: Channel
) -> None:
    channel.upload_many(120)
    harvest()
    channel.upload_many(3)

    saved = harvest(days=0.5)

    assert len(harvest.asked) == 50
    assert saved == Saved(new=3, same=47)


@pytest.mark.parametrize("videos", [1, 49, 50, 51, 120, 200])
def test_a_full_refresh_asks_for_everything_once_at_a_known_price(
    harvest: Harvester, channel: Channel, videos: int
) -> None:
    channel.upload_many(videos)
    harvest()

    saved = harvest(days=1, full=True)

    assert saved == Saved(same=videos)
    assert Counter(harvest.asked).most_common(1)[0][1] == 1
    batches = -(-videos // 50)
    assert harvest.units - harvest.standin.count("playlists.list") <= 2 + 2 * batches


def test_a_full_refresh_keeps_its_price_when_videos_have_vanished(
    harvest: Harvester, channel: Channel, world: World
) -> None:
    videos = channel.upload_many(199)
    harvest()
    for video in videos[::10]:
        world.hide(video.id)

    saved = harvest(days=1, full=True)

    assert saved == Saved(same=179, gone=20)
    assert harvest.units - harvest.standin.count("playlists.list") <= 2 + 2 * 4


def test_videos_are_refreshed_after_25_days(harvest: Harvester, channel: Channel) -> None:
    channel.upload_many(120)
    harvest()

    assert harvest(days=24, listing_days=99) == Saved()
    assert harvest(days=25.01, listing_days=99) == Saved(same=120)
    assert len(harvest.asked) == len(set(harvest.asked)) == 120
    assert harvest(days=26, listing_days=99) == Saved()


def test_what_waits_longest_is_refreshed_first(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    old = {video.id for video in channel.upload_many(50)}
    harvest()
    channel.upload_many(50)
    harvest(days=1)

    harvest(days=40, workers=1, listing_days=99)

    first = standin.calls("videos.list")[0].param("id").split(",")
    assert set(first) == old


def test_young_and_live_videos_are_asked_for_every_day(
    harvest: Harvester, channel: Channel, world: World
) -> None:
    channel.upload_many(60)
    young = channel.upload(published_at=NOW - dt.timedelta(days=2))
    stream = channel.upload(live="upcoming", published_at="2024-05-05")
    harvest()

    harvest(days=0.5)
    assert harvest.asked == []

    world.change(stream.id, live="ended", duration="PT2H", live_started_at=NOW, live_ended_at=NOW)
    saved = harvest(days=1)
    assert {young.id, stream.id} <= set(harvest.asked)
    assert saved.changed == 1

    harvest(days=40, listing_days=99, refresh_days=99)
    assert harvest.asked == []


def test_changes_are_kept_as_history(harvest: Harvester, channel: Channel, world: World) -> None:
    channel.upload("video-00001", title="Alt", duration="PT10M")
    harvest()
    world.change("video-00001", title="Neu", duration="PT11M", caption=True)

    assert harvest(days=1, full=True) == Saved(changed=1)

    assert harvest.changes == [
        ("video-00001", "caption_flag", "false", "true"),
        ("video-00001", "duration_s", "600", "660"),
        ("video-00001", "title", "Alt", "Neu"),
    ]


def test_pages_and_batches_are_asked_for_at_the_same_time(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(400)
    harvest()
    standin.latency_s = 0.1

    harvest(days=26, workers=4, listing_days=99)

    assert standin.max_concurrency > 2


# --- YouTube's ways -------------------------------------------------------------


def test_a_channel_without_videos_is_no_error(harvest: Harvester, channel: Channel) -> None:
    assert harvest() == Saved()  # its uploads list answers 404

    assert harvest.state.listed_at == NOW
    channel.upload()
    assert harvest(days=1).new == 1


def test_a_page_without_items_is_not_the_end(
    harvest: Harvester, channel: Channel, world: World
) -> None:
    videos = channel.upload_many(120)
    world.omitted = {video.id for video in videos[-60:]}  # the first page, and some of the second

    assert harvest().new == 60


def test_what_is_listed_twice_is_stored_once(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(120)
    # each upload moves the last item of a page to the next one
    standin.after("playlistItems.list", lambda: channel.upload("between-1"), nth=1)
    standin.after("playlistItems.list", lambda: channel.upload("between-2"), nth=2)

    assert harvest().new == 120
    assert len(harvest.asked) == len(set(harvest.asked))

    assert harvest(days=1).new == 2
    assert harvest(days=2).new == 0


def test_what_was_skipped_as_others_were_hidden_is_found_by_the_next_run(
    harvest: Harvester, channel: Channel, world: World, standin: StandIn
) -> None:
    videos = channel.upload_many(120)
    hidden, skipped = videos[-1], videos[-51]
    standin.after("playlistItems.list", lambda: world.hide(hidden.id))

    harvest()
    assert skipped.id not in harvest.availability
    assert harvest.state.listed_at is None

    harvest(days=1)
    assert harvest.availability[skipped.id] == "public"
    assert harvest.state.listed_at == NOW + dt.timedelta(days=1)
    assert harvest(days=1.1) == Saved()
    assert harvest.units == 1


@pytest.mark.parametrize("workers", [1, 4])
def test_what_was_skipped_is_found_by_the_next_run_even_if_the_quota_ended_this_one(
    harvest: Harvester, channel: Channel, world: World, standin: StandIn, workers: int
) -> None:
    videos = channel.upload_many(300)
    hidden, skipped = videos[-1], videos[-51]
    standin.after("playlistItems.list", lambda: world.hide(hidden.id))
    standin.quota.limit["main"] = 8

    with pytest.raises(QuotaExhausted):
        harvest(workers=workers)
    assert skipped.id not in harvest.availability
    assert harvest.state.listing_since == NOW

    standin.quota.limit["main"] = 10_000
    harvest(days=1)
    assert {video.id for video in videos} - harvest.availability.keys() <= {hidden.id}


def test_a_page_token_that_is_refused_starts_the_listing_anew(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(170)
    standin.faults.add(
        Fault.BAD_PAGE_TOKEN, when=lambda request: "pageToken" in request.params, nth=2
    )

    assert harvest().new == 170
    assert len(harvest.asked) == 170


def test_page_tokens_that_are_always_refused_end_in_an_error_and_lose_nothing(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(170)
    standin.faults.add(
        Fault.BAD_PAGE_TOKEN, when=lambda request: "pageToken" in request.params, times=99
    )

    with pytest.raises(ApiUnavailable) as caught:
        harvest()

    assert caught.value.exit_code == 69
    assert harvest.saved == Saved(new=50)
    standin.faults.clear()
    assert harvest(days=1).new == 120


def test_an_item_in_an_unknown_form_is_kept_as_it_is_listed(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(3)
    standin.faults.add(Fault.ITEM_WITHOUT_SNIPPET, method="videos.list")

    saved = harvest()

    assert saved == Saved(new=3)
    assert sorted(harvest.availability.values()) == ["public", "public", "unknown"]
    assert harvest.rows("SELECT count(*) FROM video WHERE title IS NULL") == [(0,)]

    assert harvest(days=1).back == 1
    assert set(harvest.availability.values()) == {"public"}


@pytest.mark.parametrize(
    "fault", [Fault.ITEM_WITHOUT_SNIPPET, Fault.TITLE_NOT_TEXT, Fault.ITEM_WITHOUT_ID]
)
def test_an_item_in_an_unknown_form_changes_nothing_of_what_is_known(
    harvest: Harvester, channel: Channel, standin: StandIn, fault: Fault
) -> None:
    channel.upload_many(3)
    harvest()
    before = harvest.rows("SELECT * FROM video ORDER BY video_id")
    standin.faults.add(fault, method="videos.list", times=9)

    assert harvest(days=26) == Saved(same=2)

    assert harvest.rows("SELECT * FROM video ORDER BY video_id") == before


def test_an_entry_of_the_listing_in_an_unknown_form_is_left_out(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(3)
    standin.faults.add(Fault.ITEM_WITHOUT_SNIPPET, method="playlistItems.list")

    assert harvest().new == 2


# --- gone is not deleted --------------------------------------------------------


def test_a_video_hidden_between_listing_and_asking_is_stored_as_it_was_listed(
    standin: StandIn, database: Database, channel: Channel, world: World
) -> None:
    harvest = Harvester(standin, database)
    channel.upload_many(3)
    channel.upload("hidden-0001", title="Kurz zu sehen")
    standin.after("playlistItems.list", lambda: world.hide("hidden-0001"))

    saved = harvest()

    assert saved.new == 4
    assert harvest.asked.count("hidden-0001") == 2
    assert harvest.rows("SELECT title, availability FROM video WHERE video_id = 'hidden-0001'") == [
        ("Kurz zu sehen", "unknown")
    ]

    world.restore("hidden-0001")
    assert harvest(days=1).back == 1
    assert harvest.availability["hidden-0001"] == "public"


def test_a_video_is_called_gone_only_after_it_was_asked_for_twice(
    standin: StandIn, database: Database, channel: Channel, world: World
) -> None:
    harvest = Harvester(standin, database)
    channel.upload_many(60)
    channel.upload("video-00001", title="Bleibt lesbar", duration="PT10M")
    harvest()
    world.delete("video-00001")

    saved = harvest(days=21)  # all uploads are listed again, and it is not among them

    assert saved.gone == 1
    assert harvest.asked.count("video-00001") == 2
    assert harvest.rows(
        "SELECT title, duration_s, availability, privacy FROM video WHERE video_id = 'video-00001'"
    ) == [("Bleibt lesbar", 600, "unknown", "public")]
    assert harvest.rows("SELECT field, old_value, new_value, evidence FROM video_change") == [
        ("availability", "public", "unknown", "not returned by videos.list, asked twice")
    ]


def test_what_is_still_away_is_asked_for_once_a_day_and_no_more(
    harvest: Harvester, channel: Channel, world: World
) -> None:
    channel.upload("video-00001")
    channel.upload_many(60)
    harvest()
    world.delete("video-00001")
    harvest(days=21)

    assert harvest(days=22) == Saved(same=49)
    assert harvest.asked.count("video-00001") == 1
    assert len(harvest.changes) == 1


@pytest.mark.parametrize("how", ["private", "deleted"])
def test_a_placeholder_tells_how_a_video_went_and_it_may_come_back(
    standin: StandIn, database: Database, channel: Channel, world: World, how: str
) -> None:
    harvest = Harvester(standin, database)
    channel.upload("video-00001")
    channel.upload_many(3)
    harvest()
    world.change("video-00001", privacy=how)
    world.placeholders = {"video-00001"}

    assert harvest(days=1).gone == 1
    assert harvest.availability["video-00001"] == how

    assert harvest(days=1.1) == Saved()  # it is shown as we know it
    assert harvest.units == 1

    world.restore("video-00001")
    world.placeholders = set()
    assert harvest(days=2).back == 1
    assert harvest.availability["video-00001"] == "public"
    assert harvest.rows(
        "SELECT new_value, evidence FROM video_change WHERE field = 'availability'"
        " ORDER BY change_id"
    ) == [
        (how, f"shown as {how} in a playlist; not returned by videos.list, asked twice"),
        ("public", "returned again"),
    ]


def test_a_placeholder_in_a_playlist_of_the_channel_tells_as_well(
    standin: StandIn, database: Database, channel: Channel, world: World
) -> None:
    harvest = Harvester(standin, database)
    channel.upload("video-00001")
    channel.upload_many(3)
    channel.playlist("Tagung", ["video-00001"])
    harvest()
    world.hide("video-00001")

    assert harvest(days=1, full=True).gone == 1

    assert harvest.rows(
        "SELECT old_value, new_value, evidence FROM video_change ORDER BY change_id"
    ) == [
        ("public", "unknown", "not returned by videos.list, asked twice"),
        (
            "unknown",
            "private",
            "shown as private in a playlist; not returned by videos.list, asked twice",
        ),
    ]


def test_a_placeholder_that_is_listed_after_the_video_was_missed_tells_as_well(
    harvest: Harvester, channel: Channel, world: World, standin: StandIn
) -> None:
    channel.upload("video-00001")
    channel.upload_many(120)
    harvest()
    world.hide("video-00001")
    harvest(days=21)
    assert harvest.availability["video-00001"] == "unknown"
    world.placeholders = {"video-00001"}
    # the answer about the video comes before the last page
    standin.faults.add(Fault.SLOW, method="playlistItems.list", nth=3, seconds=0.3)

    saved = harvest(days=22, full=True)

    assert harvest.availability["video-00001"] == "private"
    assert saved.gone == 0  # it went long ago


def test_a_placeholder_in_a_playlist_that_cannot_be_read_any_more_tells_nothing(
    harvest: Harvester, channel: Channel, world: World, standin: StandIn
) -> None:
    channel.upload("video-00001", privacy="private")
    channel.upload_many(3)
    channel.playlist("Tagung", ["video-00001"], playlist_id="PL1")
    harvest()
    world.restore("video-00001")
    harvest(days=0.1)
    world.delete("video-00001")
    standin.faults.add(
        Fault.PLAYLIST_NOT_FOUND, when=lambda request: request.param("playlistId") == "PL1"
    )

    harvest(days=26)

    assert harvest.availability["video-00001"] == "unknown"
    assert _entries(harvest) == {"PL1": ["video-00001"]}


def test_a_placeholder_that_is_older_than_the_video_s_return_tells_nothing(
    harvest: Harvester, channel: Channel, world: World
) -> None:
    channel.upload("video-00001", privacy="private")
    channel.upload_many(3)
    channel.playlist("Tagung", ["video-00001"])
    harvest()
    world.restore("video-00001")
    harvest(days=0.1)
    world.delete("video-00001")

    harvest(days=21)

    assert harvest.availability["video-00001"] == "unknown"


def test_an_unlisted_video_is_not_gone(harvest: Harvester, channel: Channel, world: World) -> None:
    channel.upload("video-00001")
    channel.upload_many(3)
    harvest()
    world.change("video-00001", privacy="unlisted")

    assert harvest(days=21) == Saved(same=3, changed=1)
    assert harvest.availability["video-00001"] == "unlisted"


@pytest.mark.parametrize("method", ["videos.list", "playlistItems.list"])
def test_an_empty_answer_wipes_nothing(
    harvest: Harvester, channel: Channel, standin: StandIn, method: str
) -> None:
    channel.upload_many(60)
    harvest()
    before = harvest.rows("SELECT * FROM video ORDER BY video_id")
    standin.faults.add(Fault.EMPTY, method=method)

    saved = harvest(days=26)

    assert saved == Saved(same=60)
    assert harvest.rows("SELECT * FROM video ORDER BY video_id") == before
    assert harvest.changes == []


def test_a_listing_that_is_not_there_for_once_wipes_nothing(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(60)
    harvest()
    standin.faults.add(Fault.PLAYLIST_NOT_FOUND, method="playlistItems.list")

    assert harvest(days=21) == Saved(same=60)
    assert set(harvest.availability.values()) == {"public"}


# --- trouble --------------------------------------------------------------------


@pytest.mark.parametrize("method", ["channels.list", "playlistItems.list", "videos.list"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault.UNAVAILABLE,
        Fault.TOO_FAST,
        Fault.CUT,
        Fault.CUT_IN_BODY,
        Fault.TRUNCATED,
        Fault.HTML_200,
        Fault.HTML_502,
        Fault.SILENCE,
    ],
)
def test_passing_trouble_leaves_no_trace(
    harvest: Harvester, channel: Channel, standin: StandIn, fault: Fault, method: str
) -> None:
    channel.upload_many(120)
    standin.faults.add(fault, method=method, times=2)

    saved = harvest(timeout_s=0.3 if fault is Fault.SILENCE else 10.0)

    assert saved == Saved(new=120)
    assert harvest.rows("SELECT count(*) FROM video") == [(120,)]
    # each try is in the ledger
    assert harvest.rows("SELECT calls FROM quota_use") == [(harvest.units,)]


@pytest.mark.parametrize("method", ["playlistItems.list", "videos.list"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_lasting_trouble_keeps_what_came_in_and_the_next_run_goes_on(
    harvest: Harvester, channel: Channel, standin: StandIn, method: str, nth: int
) -> None:
    channel.upload_many(190)
    standin.faults.add(Fault.UNAVAILABLE, method=method, nth=nth, times=99)

    with pytest.raises(ApiUnavailable) as caught:
        harvest(attempts=2)

    assert caught.value.exit_code == 69
    stored = len(harvest.availability)
    assert harvest.saved.new == stored
    standin.faults.clear()
    assert harvest(days=0.01).new == 190 - stored
    assert harvest.state.listed_at is not None


def test_a_refused_key_ends_the_run_at_once(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    standin.faults.add(Fault.BAD_KEY, times=99)

    with pytest.raises(KeyRefused):
        harvest(CHANNEL_ID, "@other")

    assert harvest.units == 1


def test_an_unknown_channel_does_not_stop_the_next(harvest: Harvester, channel: Channel) -> None:
    channel.upload_many(3)

    with pytest.raises(ChannelNotFound, match=r"channel '@nobody'.*settings"):
        harvest("@nobody", "@test")

    assert harvest.saved == Saved(new=3)


def test_a_name_that_can_be_no_channel_s_does_not_stop_the_next(
    harvest: Harvester, channel: Channel
) -> None:
    channel.upload_many(3)

    with pytest.raises(BadConfiguration, match="/c/"):
        harvest("https://www.youtube.com/c/ZWK", "@test")

    assert harvest.saved == Saved(new=3)


def test_a_channel_that_is_no_longer_found_keeps_its_videos(
    harvest: Harvester, channel: Channel, world: World
) -> None:
    channel.upload_many(3)
    harvest("@test")
    channel.handle = "@renamed"

    with pytest.raises(ChannelNotFound, match="what is stored of 'Ein Kanal' stays"):
        harvest("@test", days=26)

    assert set(harvest.availability.values()) == {"public"}


def test_two_names_of_one_channel_are_harvested_once(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(3)

    assert harvest("@test", CHANNEL_ID) == Saved(new=3)
    assert standin.count("playlistItems.list") == 1


def test_several_channels_are_kept_apart(
    harvest: Harvester, channel: Channel, world: World
) -> None:
    channel.upload_many(3)
    other = world.channel(id="UCother00000000000000000")
    other.upload_many(70)

    assert harvest(CHANNEL_ID, other.id) == Saved(new=73)
    assert harvest(CHANNEL_ID, other.id, days=1) == Saved()
    assert harvest.units == 2
    assert dict(harvest.rows("SELECT channel_id, count(*) FROM video GROUP BY channel_id")) == {
        CHANNEL_ID: 3,
        other.id: 70,
    }


# --- a small quota --------------------------------------------------------------


def _harvest_day_by_day(harvest: Harvester, limit: int, **policy: Any) -> list[int]:
    """Harvest with a small quota, one run a Pacific day; return how many were stored each day."""
    stored = []
    for day in range(40):
        harvest.standin.quota.limit["main"] = limit
        is_done = True
        try:
            harvest(days=day, **policy)
        except QuotaExhausted:
            is_done = False
        stored.append(harvest.saved.new)
        if is_done:
            return stored
    raise AssertionError(f"not done after {len(stored)} days: {stored}")


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("limit", [5, 7, 10])
def test_a_harvest_that_the_quota_cuts_off_goes_on_day_by_day_until_it_is_complete(
    harvest: Harvester, channel: Channel, limit: int, workers: int
) -> None:
    channel.upload_many(480)

    stored = _harvest_day_by_day(harvest, limit, workers=workers)

    assert sum(stored) == 480
    assert harvest.rows("SELECT count(*) FROM video") == [(480,)]
    assert harvest.state.listing_since is None
    assert harvest.state.listed_at is not None
    # each day comes further by at least a page, until the videos are there
    *days, _ = stored
    assert all(new >= 50 for new in days[: 480 // 50]) or sum(days) == 480
    assert len(stored) <= 2 + 480 // 50


def test_what_is_published_during_a_long_harvest_is_not_lost(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(300)
    standin.quota.limit["main"] = 8
    with pytest.raises(QuotaExhausted):
        harvest()
    for _ in range(2):
        channel.upload_many(60)  # more than the page of overlap

    _harvest_day_by_day(harvest, 8)
    standin.quota.limit["main"] = 10_000
    harvest(days=50)

    assert len(harvest.availability) == 420


def test_a_page_token_that_expired_overnight_costs_a_new_start_and_nothing_else(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(300)
    standin.quota.limit["main"] = 10  # however far the pages run ahead, two are stored whole
    with pytest.raises(QuotaExhausted):
        harvest()
    assert harvest.state.listing_token is not None
    stored = harvest.saved.new
    standin.quota.limit["main"] = 10_000
    standin.faults.add(Fault.BAD_PAGE_TOKEN, method="playlistItems.list")

    assert harvest(days=1).new == 300 - stored
    assert harvest.state.listed_at == NOW + dt.timedelta(days=1)


def test_a_full_refresh_that_the_quota_cuts_off_asks_for_nothing_twice(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    videos = channel.upload_many(300)
    harvest()
    asked: list[str] = []
    for day in range(1, 20):
        standin.quota.limit["main"] = 5
        try:
            harvest(days=day / 100, full=True, workers=1)
        except QuotaExhausted:
            asked += [
                each
                for call in standin.calls("videos.list")
                if call.status == 200
                for each in call.param("id").split(",")
            ]
            standin.quota = type(standin.quota)()  # a new day
        else:
            asked += harvest.asked
            break

    assert sorted(asked) == sorted(video.id for video in videos)


def test_a_full_refresh_that_goes_on_after_weeks_asks_for_what_is_due_by_then(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    videos = channel.upload_many(300)
    harvest()
    standin.quota.limit["main"] = 5
    with pytest.raises(QuotaExhausted):
        harvest(days=1, full=True, workers=1)
    standin.quota.limit["main"] = 10_000

    harvest(days=31, full=True)

    assert sorted(harvest.asked) == sorted(video.id for video in videos)


def test_a_video_never_leaves_the_ledger_behind(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(300)
    standin.quota.limit["main"] = 6

    with pytest.raises(QuotaExhausted):
        harvest(workers=4)

    assert harvest.rows("SELECT calls FROM quota_use") == [(harvest.units,)]


# --- being stopped --------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyboardInterrupt, Interrupted])
def test_who_stops_a_harvest_does_not_wait_for_youtube(
    harvest: Harvester, channel: Channel, standin: StandIn, error: type[BaseException]
) -> None:
    channel.upload_many(190)
    standin.faults.add(Fault.SILENCE, method="videos.list", nth=2, times=9, seconds=60)
    started = time.monotonic()

    def stop(progress: Progress) -> None:
        if progress.asked:
            raise error

    with pytest.raises(error):
        harvest(timeout_s=60.0, progress=stop)

    assert time.monotonic() - started < 30
    assert harvest.saved.new == 50
    standin.faults.clear()
    assert harvest(days=1).new == 140


def test_three_kills_leave_no_trace(tmp_path: Path) -> None:
    assert soak(kills=3, videos=400, seed=1, folder=tmp_path, say=lambda line: None) == 3


# --- playlists ------------------------------------------------------------------


def _entries(harvest: Harvester) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for playlist_id, video_id in harvest.rows(
        "SELECT playlist_id, video_id FROM playlist_entry ORDER BY playlist_id, video_id"
    ):
        found.setdefault(playlist_id, []).append(video_id)
    return found


def test_playlists_are_stored_with_their_entries(
    standin: StandIn, database: Database, channel: Channel, world: World
) -> None:
    harvest = Harvester(standin, database)
    channel.upload("video-00001")
    channel.upload("video-00002")
    world.channel(id="UCother00000000000000000").upload("of-another1")
    channel.upload("private-001", privacy="private")
    channel.playlist(
        "Tagung 2023",
        ["video-00001", "of-another1", "private-001", "video-00001"],
        playlist_id="PL1",
    )
    channel.playlist("Leer", [], playlist_id="PL2")

    harvest()

    assert _entries(harvest) == {"PL1": ["of-another1", "private-001", "video-00001"]}
    assert harvest.rows(
        "SELECT video_id, placeholder FROM playlist_entry WHERE placeholder IS NOT NULL"
    ) == [("private-001", "private")]
    assert harvest.rows("SELECT title FROM playlist ORDER BY title") == [
        ("Leer",),
        ("Tagung 2023",),
    ]
    assert set(harvest.availability) == {"video-00001", "video-00002"}


def test_only_playlists_whose_number_changed_are_read_again(
    harvest: Harvester, channel: Channel, world: World, standin: StandIn
) -> None:
    for number in range(1, 4):
        channel.upload(f"video-0000{number}")
        channel.playlist(f"Reihe {number}", [f"video-0000{number}"], playlist_id=f"PL{number}")
    harvest()
    channel.upload("video-00004")
    world.playlists["PL2"].video_ids.append("video-00004")

    harvest(days=2)

    read = [call.param("playlistId") for call in standin.calls("playlistItems.list")]
    assert read == [channel.uploads_id, "PL2"]
    assert _entries(harvest)["PL2"] == ["video-00002", "video-00004"]


def test_playlists_are_left_alone_while_there_is_nothing_new(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(3)
    harvest()

    harvest(days=2)
    assert standin.count("playlists.list") == 0

    channel.upload()
    harvest(days=2.1)
    assert standin.count("playlists.list") == 1

    channel.upload()
    harvest(days=2.5)
    assert standin.count("playlists.list") == 0  # they were read today
    harvest(days=3.2)
    assert standin.count("playlists.list") == 1  # that upload is still newer than they are


def test_a_playlist_that_cannot_be_read_is_passed_over(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload("video-00001")
    channel.playlist("Weg", ["video-00001"], playlist_id="PL1")
    channel.playlist("Da", ["video-00001"], playlist_id="PL2")
    standin.faults.add(
        Fault.PLAYLIST_NOT_FOUND, when=lambda request: request.param("playlistId") == "PL1"
    )

    harvest()
    assert _entries(harvest) == {"PL2": ["video-00001"]}

    harvest(days=0.1)
    assert harvest.units == 1


def test_playlists_that_were_not_read_are_read_by_the_next_run(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload("video-00001")
    for number in range(1, 6):
        channel.playlist(f"Reihe {number}", ["video-00001"], playlist_id=f"PL{number}")
    standin.quota.limit["main"] = 6  # enough for the videos, the list, and two of five

    with pytest.raises(QuotaExhausted):
        harvest(workers=1)
    assert len(_entries(harvest)) == 2

    standin.quota.limit["main"] = 10_000
    harvest(days=0.1)
    assert len(_entries(harvest)) == 5
    assert standin.count("playlists.list") == 0


def test_a_playlist_that_is_gone_is_marked_and_kept(
    harvest: Harvester, channel: Channel, world: World
) -> None:
    channel.upload("video-00001")
    channel.playlist("Tagung", ["video-00001"], playlist_id="PL1")
    harvest()
    del world.playlists["PL1"]

    harvest(days=1, full=True)

    [(withdrawn,)] = harvest.rows("SELECT withdrawn_at FROM playlist")
    assert withdrawn is not None
    assert _entries(harvest) == {"PL1": ["video-00001"]}


def _still_listed(harvest: Harvester) -> int:
    [(number,)] = harvest.rows("SELECT count(*) FROM playlist WHERE withdrawn_at IS NULL")
    return int(number)


def test_a_playlist_made_while_they_are_listed_shows_another_twice_which_is_stored_once(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload("video-00001")
    for _ in range(60):
        channel.playlist("Reihe", ["video-00001"])
    harvest()
    standin.after("playlists.list", lambda: channel.playlist("Neu", published_at="2026-11-23"))

    harvest(days=1, full=True)

    assert _still_listed(harvest) == 60
    harvest(days=2, full=True)
    assert _still_listed(harvest) == 61


def test_a_playlist_that_was_skipped_as_another_went_is_not_withdrawn(
    harvest: Harvester, channel: Channel, world: World, standin: StandIn
) -> None:
    channel.upload("video-00001")
    made = [channel.playlist("Reihe", ["video-00001"]) for _ in range(60)]
    harvest()
    standin.after("playlists.list", lambda: world.playlists.pop(made[0].id))

    harvest(days=1, full=True)

    # the first one was listed before it went; what followed moved up
    assert _still_listed(harvest) == 60
    harvest(days=2, full=True)
    assert _still_listed(harvest) == 59


def test_an_empty_list_of_playlists_withdraws_none(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload("video-00001")
    channel.playlist("Tagung", ["video-00001"])
    harvest()
    standin.faults.add(Fault.EMPTY, method="playlists.list")

    harvest(days=1, full=True)

    assert _still_listed(harvest) == 1


def test_a_list_of_playlists_in_an_unknown_form_is_an_error_after_the_videos_are_stored(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(3)
    standin.faults.add(Fault.ITEMS_NOT_A_LIST, method="playlists.list")

    with pytest.raises(ApiFormatError):
        harvest()

    assert harvest.saved == Saved(new=3)


# --- for who waits --------------------------------------------------------------


def test_progress_is_told_in_words(harvest: Harvester, channel: Channel) -> None:
    channel.upload_many(120)
    told: list[Progress] = []

    harvest(progress=told.append)

    assert str(told[-1]) == ("Ein Kanal: 120 of 120 listed, 120 asked for; 120 new, 0 changed")
    assert [each.saved.new for each in told] == sorted(each.saved.new for each in told)


def test_an_error_of_a_harvest_is_one_of_ours(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(3)
    standin.faults.add(Fault.PERMISSION_DENIED, method="videos.list", times=99)

    with pytest.raises(HarvesterError, match="The caller does not have permission"):
        harvest()
