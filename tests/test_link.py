"""Linking what is stored: one read, one write, nobody's word overrun."""

import datetime as dt

import pytest

from harvester.link import LinkCounts, link
from harvester.records import EventRecords, EventStatus, Link, PlaylistItem, Video
from harvester.review.acts import Say, say, set_status, undo
from harvester.store import reads, schema, writes
from harvester.store.database import Database
from tests import build
from tests.linkings import edit
from tests.tables import rows
from tests.zwk_linking import EVENTS, MODEL, TALKS, video

VIDEOS = (
    video("ZWK-Fachdiskurs 2022: Arbeiten im Krisenmodus", "2022-12-05", "whole"),
    video("Krisenbewältigung durch Nachhaltigkeit – Wiltrud Terlau", "2022-12-05", "talk"),
    video("Kornwestheim zieht Zwischenbilanz", "2023-06-10", "tie"),
    video("DAKS Schritt 4: Werkstattplan", "2022-12-05", "film"),
)


@pytest.fixture
def stored(database: Database, run_id: int) -> Database:
    fill(database, run_id, VIDEOS)
    return database


def fill(database: Database, run_id: int, videos: tuple[Video, ...]) -> None:
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=build.NOW)
        writes.save_videos(session, videos, now=build.NOW, run_id=run_id)
        writes.save_event_records(session, EventRecords("zwk", EVENTS, TALKS), now=build.NOW)


def recordings(database: Database) -> set[tuple[str, str, str | None]]:
    with database.read() as session:
        return {
            (row["video_id"], row["event_id"], row["talk_id"])
            for row in reads.view(session, "recordings")
        }


def unmatched(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {row["video_id"]: row["reason"] for row in reads.view(session, "unmatched_videos")}


def test_linking_stores_decisions_and_what_waits(stored: Database, run_id: int) -> None:
    counts = link(database=stored, model=MODEL, run_id=run_id, now=build.NOW)

    assert counts == LinkCounts(matched=2, to_review=1, unmatched=1)
    assert recordings(stored) == {
        ("whole", "fachdiskurs-2022", None),
        ("talk", "fachdiskurs-2022", "terlau"),
    }
    with stored.read() as session:
        waiting = {
            row["video_id"]: row["reason"] for row in reads.view(session, "unmatched_videos")
        }
    assert waiting["tie"] == "tie"
    assert "film" in waiting


def test_linking_again_writes_nothing(stored: Database, run_id: int) -> None:
    link(database=stored, model=MODEL, run_id=run_id, now=build.NOW)
    before = rows(stored, schema.Decision, "decision_id", "video_id")
    later = build.NOW + dt.timedelta(days=1)

    again = link(database=stored, model=MODEL, run_id=run_id, now=later)

    assert again == LinkCounts(matched=2, to_review=1, unmatched=1)
    assert rows(stored, schema.Decision, "decision_id", "video_id") == before
    assert set(rows(stored, schema.VideoLinking, "linked_at")) == {build.NOW}


def test_an_editors_word_stands_and_takes_the_talk(stored: Database, run_id: int) -> None:
    edit(stored, "film", "match", Link(event_id="fachdiskurs-2022", talk_id="terlau"))

    counts = link(database=stored, model=MODEL, run_id=run_id, now=build.NOW)

    assert counts == LinkCounts(matched=1, to_review=2, unmatched=0)
    assert ("film", "fachdiskurs-2022", "terlau") in recordings(stored)
    with stored.read() as session:
        waiting = {
            row["video_id"]: row["reason"] for row in reads.view(session, "unmatched_videos")
        }
    assert waiting["talk"] == "taken"


def test_playlists_are_evidence(database: Database, run_id: int) -> None:
    fill(database, run_id, (video("Grußwort", "2022-12-05", "greeting"),))
    playlist = build.playlist("PL1", title="ZWK-Fachdiskurs 2022")
    with database.write() as session:
        writes.save_playlists(session, build.CHANNEL_ID, [playlist], now=build.NOW)
        item = PlaylistItem(playlist_id="PL1", video_id="greeting")
        writes.save_playlist_entries(session, playlist, [item], now=build.NOW)

    link(database=database, model=MODEL, run_id=run_id, now=build.NOW)

    with database.read() as session:
        terms = {row["term"] for row in reads.view(session, "match_explanation")}
    assert "playlist" in terms


# --- what editors say ---------------------------------------------------------


def test_a_rule_that_only_proposes_decides_nothing(stored: Database, run_id: int) -> None:
    counts = link(database=stored, model=MODEL, run_id=run_id, now=build.NOW, decide=False)

    assert counts == LinkCounts(matched=0, to_review=3, unmatched=1)
    assert recordings(stored) == set()
    assert unmatched(stored)["whole"] == "proposed"
    with stored.read() as session:
        assert reads.linking_input(session).state
    again = link(database=stored, model=MODEL, run_id=run_id, now=build.NOW, decide=False)
    assert again == counts


def test_a_rule_that_only_proposes_leaves_what_it_decided_before(
    stored: Database, run_id: int
) -> None:
    link(database=stored, model=MODEL, run_id=run_id, now=build.NOW)
    before = recordings(stored)

    counts = link(
        database=stored, model=MODEL, run_id=run_id, now=build.NOW, full=True, decide=False
    )

    assert recordings(stored) == before
    assert counts == LinkCounts(matched=2, to_review=1, unmatched=1)


def test_a_rule_that_may_decide_again_decides_what_it_had_only_proposed(
    stored: Database, run_id: int
) -> None:
    link(database=stored, model=MODEL, run_id=run_id, now=build.NOW, decide=False)

    link(database=stored, model=MODEL, run_id=run_id, now=build.NOW)

    assert {video_id for video_id, _, _ in recordings(stored)} == {"whole", "talk"}


def test_a_rejected_pair_is_never_proposed_again(stored: Database, run_id: int) -> None:
    link(database=stored, model=MODEL, run_id=run_id, now=build.NOW)
    whole = Say(video_id="whole", what="reject", event_ids=("fachdiskurs-2022",))
    say(stored, [whole], editor="Ana", now=build.NOW)

    for full in (False, True):
        link(database=stored, model=MODEL, run_id=run_id, now=build.NOW, full=full)

        with stored.read() as session:
            found = reads.explanation(session, "whole")
        assert found
        assert found.linking
        assert "fachdiskurs-2022" not in {c.event_id for c in found.linking.candidates}
        assert found.decision is None


def test_a_pair_whose_rejection_is_taken_back_is_linked_again(
    stored: Database, run_id: int
) -> None:
    link(database=stored, model=MODEL, run_id=run_id, now=build.NOW)
    before = recordings(stored)
    whole = Say(video_id="whole", what="reject", event_ids=("fachdiskurs-2022",))
    say(stored, [whole], editor="Ana", now=build.NOW)
    link(database=stored, model=MODEL, run_id=run_id, now=build.NOW)

    undo(stored, editor="Ana", now=build.NOW)
    link(database=stored, model=MODEL, run_id=run_id, now=build.NOW)

    assert recordings(stored) == before


def test_an_event_that_was_not_recorded_is_proposed_no_more(stored: Database, run_id: int) -> None:
    link(database=stored, model=MODEL, run_id=run_id, now=build.NOW)
    event_id = "fachdiskurs-2022"
    set_status(
        stored, event_id=event_id, status=EventStatus.NOT_RECORDED, editor="Ana", now=build.NOW
    )

    link(database=stored, model=MODEL, run_id=run_id, now=build.NOW)

    with stored.read() as session:
        assert event_id not in {row["event_id"] for row in reads.view(session, "candidates")}
