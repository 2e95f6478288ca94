"""The packaged ZWK records, and the invented channel that the demo links to them."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from harvester import intake
from harvester.records import Event, Talk

STANDIN = Path(__file__).parent / "standin"
SHARED = Path(__file__).parents[2] / "shared" / "zwk" / "events.yaml"


@pytest.fixture(scope="module")
def events() -> dict[str, Event]:
    [records] = intake.check(["zwk"])
    return {event.event_id: event for event in records.events}


@pytest.fixture(scope="module")
def talks() -> dict[str, Talk]:
    [records] = intake.check(["zwk"])
    return {talk.talk_id: talk for talk in records.talks}


@pytest.fixture(scope="module")
def channel() -> dict[str, Any]:
    text = (STANDIN / "zwk_channel.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@pytest.fixture(scope="module")
def truth() -> list[dict[str, str]]:
    with (STANDIN / "zwk_truth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- config/events/zwk.yaml ---------------------------------------------------


def test_the_packaged_records_are_in_order_without_a_remark(
    events: dict[str, Event], talks: dict[str, Talk]
) -> None:
    remarks: list[str] = []

    intake.check(["zwk"], remark=remarks.append)

    assert remarks == []
    assert (len(events), len(talks)) == (91, 66)


def test_facts_are_as_the_pages_give_them(events: dict[str, Event], talks: dict[str, Talk]) -> None:
    diskurs = events["zwk-fachdiskurs-2022"]

    assert (diskurs.start_on, diskurs.end_on) == ("2022-11-24", "2022-11-25")
    assert "Arbeiten im Krisenmodus" in diskurs.aliases
    assert events["riesa-reift-1"].start_on == "2022-03"
    assert events["frankfurt-westhausen-werkstatt-2022"].start_on == "2022"
    assert events["pb-treffen-erfurt"].start_on is None  # no page says in which year
    assert events["zwk-demografiedialog-2024"].start_on == "2024-11-07"
    assert events["dessau-rosslau-planspiel-2022"].city == "Dessau-Roßlau"
    roebke = talks["zwk-fachdiskurs-2021-roebke"]
    assert roebke.speakers == ("Dr. Thomas Röbke",)
    assert roebke.title is not None
    assert roebke.title.endswith("gesellschaftlicher Innovationsmotor")
    assert roebke.aliases == ("Bürgerschaftliches Engagement als Innovationsmotor",)
    paetzold = talks["zwk-fachdiskurs-2022-paetzold"]
    assert (paetzold.title, paetzold.speakers) == (None, ("Rike Pätzold",))  # only its subject


def test_two_events_of_one_title_differ_in_their_days(events: dict[str, Event]) -> None:
    titles = Counter(event.title for event in events.values())

    twice = {title for title, count in titles.items() if count > 1}
    assert twice == {"Kornwestheim zieht Zwischenbilanz", "Alles rund um die Vereinssatzung"}


def test_no_alias_names_two_events(events: dict[str, Event]) -> None:
    names = Counter(alias for event in events.values() for alias in set(event.aliases))

    assert [name for name, count in names.items() if count > 1] == []


def test_a_talk_is_called_after_its_event(talks: dict[str, Talk]) -> None:
    assert [
        talk.talk_id for talk in talks.values() if not talk.talk_id.startswith(f"{talk.event_id}-")
    ] == []


def test_kinds_are_those_that_the_head_of_the_file_names(
    events: dict[str, Event], talks: dict[str, Talk]
) -> None:
    assert {talk.kind for talk in talks.values()} == {
        "keynote", "impulse", "greeting", "panel", "workshop", "other",
    }  # fmt: skip
    assert {event.kind for event in events.values()} == {
        "conference", "meeting", "workshop", "kickoff", "interim_review", "assembly", "webinar",
        "public_day", "visit", "opening",
    }  # fmt: skip


@pytest.mark.skipif(not SHARED.is_file(), reason="no shared data")
def test_every_event_of_the_collected_facts_is_there_on_its_day(events: dict[str, Event]) -> None:
    collected = yaml.safe_load(SHARED.read_text(encoding="utf-8"))["events"]

    assert {each["id"] for each in collected} == events.keys()
    for each in collected:
        ours = events[each["id"]]
        if "start_date" in each:
            days = (each["start_date"], each.get("end_date"))
            assert (ours.start_on, ours.end_on) == days, each["id"]


# --- the demo's channel -------------------------------------------------------


def test_no_invented_id_can_be_taken_for_one_of_youtube(channel: dict[str, Any]) -> None:
    ids = [video["id"] for video in channel["videos"]]

    assert len(set(ids)) == len(ids) == 64
    assert {len(video_id) for video_id in ids} == {12}  # YouTube's have 11
    assert "invented" in channel["channel"]["id"]
    assert "erfunden" in channel["channel"]["title"]


def test_playlists_and_placeholders_name_videos_of_the_channel(channel: dict[str, Any]) -> None:
    ids = {video["id"] for video in channel["videos"]}

    for playlist in channel["playlists"]:
        assert set(playlist["video_ids"]) <= ids
    assert set(channel["uploads_placeholders"]) <= ids


def test_the_truth_names_records_and_every_video_that_can_be_seen(
    channel: dict[str, Any],
    truth: list[dict[str, str]],
    events: dict[str, Event],
    talks: dict[str, Talk],
) -> None:
    seen = {video["id"] for video in channel["videos"] if "privacy" not in video}

    assert {row["video_id"] for row in truth} == seen
    for row in truth:
        if row["talk_id"]:
            assert talks[row["talk_id"]].event_id == row["event_id"]
        elif row["event_id"]:
            assert row["event_id"] in events
    without = {row["video_id"] for row in truth if not row["event_id"]}
    assert len(without) == 14
