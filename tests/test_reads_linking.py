"""What linking asks of the database, on both engines."""

import datetime as dt
from dataclasses import replace

import pytest

from harvester.records import Availability, EventRecords, Gone, Link, Outcome, PlaylistItem, Video
from harvester.store import reads, writes
from harvester.store.database import Database
from tests import build, linkings
from tests.linkings import MATCH, edit, linking, store

NOW = build.NOW


@pytest.fixture
def videos(database: Database, run_id: int) -> list[Video]:
    return linkings.fill(database, run_id)


def test_videos_that_a_rule_may_decide(database: Database, run_id: int) -> None:
    names = ("v1", "private", "unknown", "decided", "opened", "by-rule")
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_videos(session, [build.video(name) for name in names], now=NOW, run_id=run_id)
        writes.save_event_records(
            session,
            EventRecords(
                "zwk.yaml",
                (build.event("e1"), build.event("e2")),
                (build.talk("t1", "e1"),),
            ),
            now=NOW,
        )
        writes.save_gone(
            session,
            [
                Gone(video_id=name, availability=Availability(name), evidence="…")
                for name in ("private", "unknown")
            ],
            now=NOW,
            run_id=run_id,
        )
        untitled = PlaylistItem(playlist_id="UU", video_id="untitled")
        writes.save_unseen(session, build.CHANNEL_ID, [untitled], [], now=NOW, run_id=run_id)
    store(database, run_id, linking("by-rule", MATCH))
    edit(database, "decided", "no_event")
    edit(database, "opened", "no_event")
    edit(database, "opened", "open")

    with database.read() as session:
        found = [video.video_id for video in reads.videos_to_link(session)]
    assert found == ["by-rule", "opened", "unknown", "v1"]


@pytest.mark.usefixtures("videos")
def test_what_editors_linked_is_told(database: Database, run_id: int) -> None:
    whole = Link(event_id="e2")
    edit(database, "v1", "match", MATCH, whole)
    edit(database, "v2", "no_event")
    store(database, run_id, linking("v3", MATCH))

    with database.read() as session:
        assert reads.editor_links(session) == {"v1": (MATCH, whole)}


@pytest.mark.usefixtures("videos")
def test_what_a_rule_linked_is_told_by_its_model(database: Database, run_id: int) -> None:
    whole = Link(event_id="e2")
    store(database, run_id, linking("v1", MATCH, whole), linking("v2", MATCH), linking("v3"))
    edit(database, "v2", "no_event")
    store(database, run_id, linking("v3", whole), model="m2", inputs={"v1": "1", "v3": "3"})

    with database.read() as session:
        assert reads.rule_links(session, "m1") == {"v1": (MATCH, whole)}
        assert reads.rule_links(session, "m2") == {"v3": (whole,)}
        assert reads.best_events(session) == {"v1": "e1", "v2": "e1", "v3": "e1"}


@pytest.mark.usefixtures("videos")
def test_the_state_of_linking_comes_back_as_it_was_given(database: Database) -> None:
    state = reads.LinkingState(
        basis=reads.Basis(model_hash="m", records_hash="r", shown_hash="s"),
        linked_all_at=NOW,
        linked_at=NOW,
        linked_since=3,
    )
    for linked_since in (0, 3):
        with database.write() as session:
            writes.save_linking_state(session, replace(state, linked_since=linked_since))

    with database.read() as session:
        assert reads.linking_input(session).state == state


@pytest.mark.usefixtures("videos")
def test_records_that_came_or_changed_after_an_instant(database: Database) -> None:
    later = NOW + dt.timedelta(days=1)
    records = EventRecords(
        "zwk.yaml",
        events=(build.event("e1", city="Herford"), build.event("e2"), build.event("e3")),
        talks=(build.talk("t1", "e1"), build.talk("t2", "e2", title="Anders")),
    )
    with database.read() as session:
        before = reads.linking_input(session).records_hash
    with database.write() as session:
        writes.save_event_records(session, records, now=later)

    with database.read() as session:
        assert reads.changed_records(session, NOW) == (frozenset(["e1", "e3"]), frozenset(["t2"]))
        assert reads.changed_records(session, later) == (frozenset(), frozenset())
        assert reads.linking_input(session).records_hash != before


def test_a_video_is_known_by_the_playlists_that_it_is_in(database: Database) -> None:
    playlists = [build.playlist("PL1", title="Eins"), build.playlist("PL2", title="Zwei")]
    withdrawn = build.playlist("PL3", title="Drei")
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_playlists(session, build.CHANNEL_ID, [*playlists, withdrawn], now=NOW)
        for playlist in (*playlists, withdrawn):
            items = [build.playlist_item("v1", playlist.playlist_id)]
            writes.save_playlist_entries(session, playlist, items, now=NOW)
        writes.save_playlists(session, build.CHANNEL_ID, playlists, now=NOW)

    with database.read() as session:
        assert reads.playlist_titles(session) == {"v1": ("Eins", "Zwei")}


@pytest.mark.usefixtures("videos")
def test_event_records_come_in_the_order_of_their_ids(database: Database, run_id: int) -> None:
    with database.read() as session:
        assert [event.event_id for event in reads.events(session)] == ["e1", "e2"]
        assert [talk.talk_id for talk in reads.talks(session)] == ["t1", "t2"]
        assert reads.event_ids(session) == {"e1", "e2"}


@pytest.mark.usefixtures("videos")
def test_outcome_none_is_kept_with_its_candidates(database: Database, run_id: int) -> None:
    given = linking("v1", outcome=Outcome.NONE)

    store(database, run_id, given)

    with database.read() as session:
        found = reads.explanation(session, "v1")
    assert found is not None
    assert found.linking == given
