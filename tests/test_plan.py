import datetime as dt
from typing import Any

import pytest

from harvester.errors import BadConfiguration, QuotaExhausted
from harvester.harvest import Plan, Policy, plan
from harvester.store.database import Database
from tests.build import CHANNEL_ID, NOW
from tests.harvesting import Harvester
from tests.standin.server import StandIn
from tests.standin.world import Channel


@pytest.fixture
def channel(standin: StandIn) -> Channel:
    return standin.world.channel(id=CHANNEL_ID, handle="@test", title="Ein Kanal")


@pytest.fixture
def harvest(standin: StandIn, sqlite_database: Database) -> Harvester:
    return Harvester(standin, sqlite_database)


def planned(harvest: Harvester, days: float, daily_quota: int = 10_000, **policy: Any) -> Plan:
    return plan(
        [CHANNEL_ID],
        database=harvest.database,
        now=NOW + dt.timedelta(days=days),
        policy=Policy(**policy),
        daily_quota=daily_quota,
    )


@pytest.mark.parametrize(
    ("days", "policy"),
    [
        (1, {}),  # nothing new
        (1, {"full": True}),
        (21, {}),  # all uploads are listed again
        (26, {}),
        (26, {"listing_days": 99}),
    ],
)
def test_a_plan_comes_to_what_the_harvest_then_costs(
    harvest: Harvester, channel: Channel, days: float, policy: dict[str, Any]
) -> None:
    ids = [video.id for video in channel.upload_many(120)]
    channel.playlist("Tagung", ids[:60])
    harvest()

    before = planned(harvest, days, **policy)
    harvest(days=days, **policy)

    assert before.units == {"main": harvest.units}
    for method in ("channels.list", "playlistItems.list", "videos.list", "playlists.list"):
        calls = sum(line.calls for line in before.lines if line.method == method)
        assert calls == harvest.standin.count(method), method


def test_a_plan_asks_nothing_and_writes_nothing(harvest: Harvester, channel: Channel) -> None:
    channel.upload_many(3)
    harvest()
    harvest.standin.forget()

    planned(harvest, 26)

    assert harvest.units == 0
    assert harvest.state.listing_since is None


def test_a_channel_that_was_never_harvested_costs_at_least_four_units(
    harvest: Harvester, channel: Channel
) -> None:
    found = planned(harvest, 0)

    assert found.units == {"main": 4}
    assert found.at_least
    assert {line.channel for line in found.lines} == {CHANNEL_ID}


def test_a_harvest_that_was_cut_off_is_planned_to_its_end(
    harvest: Harvester, channel: Channel, standin: StandIn
) -> None:
    channel.upload_many(500)
    standin.quota.limit["main"] = 10
    with pytest.raises(QuotaExhausted):
        harvest(workers=1)
    left = 500 - harvest.saved.new

    found = planned(harvest, 1)

    lines = {line.method: line for line in found.lines}
    assert lines["videos.list"].calls == -(-left // 50)
    assert "cut off" in lines["playlistItems.list"].what
    standin.quota.limit["main"] = 10_000
    harvest(days=1)
    assert abs(found.units["main"] - harvest.units) <= 2


def test_a_plan_says_whether_the_quota_of_today_covers_it(
    harvest: Harvester, channel: Channel
) -> None:
    channel.upload_many(120)
    harvest()  # 8 units

    enough = planned(harvest, 0.001, daily_quota=9)
    too_little = planned(harvest, 0.001, daily_quota=8)

    assert (enough.left, enough.is_covered) == ({"main": 1}, True)
    assert (too_little.left, too_little.is_covered) == ({"main": 0}, False)
    assert enough.resets_at == dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)


def test_a_plan_refuses_what_names_no_channel(harvest: Harvester) -> None:
    with pytest.raises(BadConfiguration, match="/c/"):
        plan(
            ["https://www.youtube.com/c/ZWK"],
            database=harvest.database,
            now=NOW,
            policy=Policy(),
            daily_quota=1,
        )
