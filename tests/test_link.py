"""Linking what is stored: one read, one write, nobody's word overrun."""

import datetime as dt

import pytest

from harvester.link import LinkCounts, link
from harvester.records import EventRecords, Link, PlaylistItem, Video
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
