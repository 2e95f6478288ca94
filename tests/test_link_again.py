"""Linking again: only what changed is looked at, and what was decided is kept if it can be."""

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester import linkage
from harvester.link import LinkCounts, link
from harvester.linkage import Focus, Model
from harvester.records import (
    Availability,
    Event,
    EventRecords,
    Gone,
    Link,
    Linking,
    LiveState,
    Outcome,
    PlaylistItem,
    Reason,
    Talk,
    Video,
)
from harvester.store import schema, writes
from harvester.store.database import Database
from harvester.store.reads_linked import LOOKED_AT
from tests import build
from tests.invented import world
from tests.linkings import edit
from tests.tables import LINKING, rows, watch, written
from tests.zwk_linking import EVENTS, MODEL, TALKS, linked, video

NOW = build.NOW
LATER = NOW + dt.timedelta(days=1)

WHOLE = video("ZWK-Fachdiskurs 2022: Arbeiten im Krisenmodus", "2022-12-05", "whole")
TALK = video("Krisenbewältigung durch Nachhaltigkeit – Wiltrud Terlau", "2022-12-05", "talk")
FILM = video("DAKS Schritt 4: Werkstattplan", "2023-06-05", "film")
TWIN = replace(
    next(event for event in EVENTS if event.event_id == "fachdiskurs-2022"),
    event_id="of-another-source",
    end_on="2022-11-26",
)


def fill(
    database: Database,
    run_id: int,
    videos: Sequence[Video],
    events: Sequence[Event] = EVENTS,
    talks: Sequence[Talk] = TALKS,
    *,
    now: dt.datetime = NOW,
) -> None:
    """Store what YouTube and the source of the events hold now."""
    with database.write() as session:
        for channel_id in sorted({each.channel_id for each in videos}):
            channel = build.channel(channel_id=channel_id)
            writes.save_channel(session, channel, asked_for=channel_id, now=now)
        writes.save_videos(session, videos, now=now, run_id=run_id)
        writes.save_event_records(session, EventRecords("zwk", (*events,), (*talks,)), now=now)


def link_again(
    database: Database, run_id: int, *, now: dt.datetime = LATER, model: Model = MODEL
) -> str:
    """Link, and return what was linked and why; nothing if nothing was."""
    with structlog.testing.capture_logs() as said:
        link(database=database, model=model, run_id=run_id, now=now)
    return "; ".join(f"{each['event']}: {each['because']}" for each in said)


def decisions(database: Database) -> dict[str, list[str]]:
    """The verdicts about each video, in their order."""
    found: dict[str, list[str]] = {}
    for video_id, verdict in rows(database, schema.Decision, "video_id", "verdict"):
        found.setdefault(video_id, []).append(verdict)
    return found


def linked_at(database: Database) -> dict[str, dt.datetime]:
    return dict(rows(database, schema.VideoLinking, "video_id", "linked_at"))


@pytest.fixture
def stored(database: Database, run_id: int) -> Database:
    """Three videos, two of them linked by rule."""
    fill(database, run_id, (WHOLE, TALK, FILM))
    link(database=database, model=MODEL, run_id=run_id, now=NOW)
    assert decisions(database) == {"whole": ["match"], "talk": ["match"]}
    return database


# --- what is looked at ----------------------------------------------------------


def test_nothing_new_computes_nothing_and_writes_nothing(stored: Database, run_id: int) -> None:
    watch(stored, *LINKING)

    counts = link(database=stored, model=MODEL, run_id=run_id, now=LATER)

    assert counts == LinkCounts(matched=2, to_review=0, unmatched=1)
    assert link_again(stored, run_id) == ""
    assert written(stored) == {}


def test_the_first_linking_takes_all_videos(database: Database, run_id: int) -> None:
    fill(database, run_id, (WHOLE,))

    assert link_again(database, run_id) == "linking all videos: it is the first time"


def test_a_new_video_is_linked_and_nothing_else_is_written(stored: Database, run_id: int) -> None:
    new = video("2. Austauschtreffen – Auftakt", "2018-03-20", "new")
    fill(stored, run_id, (new,), now=LATER)
    watch(stored, *LINKING)

    assert link_again(stored, run_id) == "linking what changed: 1 new or changed, 0 gone"

    assert linked_at(stored) == {"whole": NOW, "talk": NOW, "film": NOW, "new": LATER}
    assert written(stored)["video_linking"] == 1


def test_a_title_that_names_another_year_takes_the_decision_back(
    stored: Database, run_id: int
) -> None:
    fill(stored, run_id, (replace(WHOLE, title="ZWK-Fachdiskurs 2017: Rückblick"),), now=LATER)

    assert link_again(stored, run_id) == "linking what changed: 1 new or changed, 0 gone"

    assert decisions(stored) == {"whole": ["match", "open"], "talk": ["match"]}


def test_what_linking_does_not_look_at_is_no_change(stored: Database, run_id: int) -> None:
    fill(stored, run_id, (replace(WHOLE, caption_flag=True, tags=("Krise",)),), now=LATER)

    assert link_again(stored, run_id) == ""


def test_a_video_in_another_playlist_is_linked_anew(stored: Database, run_id: int) -> None:
    playlist = build.playlist("PL1", title="ZWK-Fachdiskurs 2022")
    item = PlaylistItem(playlist_id="PL1", video_id="film")
    with stored.write() as session:
        writes.save_playlists(session, build.CHANNEL_ID, [playlist], now=LATER)
        writes.save_playlist_entries(session, playlist, [item], now=LATER)

    assert link_again(stored, run_id) == "linking what changed: 1 new or changed, 0 gone"
    assert dict(rows(stored, schema.Candidate, "video_id", "event_id"))["film"]


@pytest.mark.parametrize(
    "events",
    [
        (*EVENTS, build.event("new", title="Dorfkonferenz", start_on="2023-05-05")),
        tuple(replace(each, city="Herford") for each in EVENTS),
        EVENTS[1:],
    ],
    ids=["one more", "changed", "one less"],
)
def test_other_events_link_all_videos(
    stored: Database, run_id: int, events: tuple[Event, ...]
) -> None:
    ids = {event.event_id for event in events}
    fill(stored, run_id, (), events, [t for t in TALKS if t.event_id in ids], now=LATER)

    assert link_again(stored, run_id) == "linking all videos: events or talks changed"


def test_an_event_that_is_withdrawn_takes_its_decisions_with_it(
    stored: Database, run_id: int
) -> None:
    events = [event for event in EVENTS if event.event_id != "fachdiskurs-2022"]
    talks = [talk for talk in TALKS if talk.event_id != "fachdiskurs-2022"]
    fill(stored, run_id, (), events, talks, now=LATER)

    link_again(stored, run_id)

    assert decisions(stored) == {"whole": ["match", "open"], "talk": ["match", "open"]}


@pytest.mark.parametrize(
    "model",
    [replace(MODEL, accept=0.999999), replace(MODEL, prior=MODEL.prior - 1)],
    ids=["another threshold", "other weights"],
)
def test_another_model_links_all_videos(stored: Database, run_id: int, model: Model) -> None:
    said = link_again(stored, run_id, model=model)

    assert said == "linking all videos: the model is another one"
    assert link_again(stored, run_id, model=model) == ""


def test_another_threshold_judges_what_was_decided_anew(stored: Database, run_id: int) -> None:
    link_again(stored, run_id, model=replace(MODEL, accept=0.999999999))

    assert decisions(stored) == {"whole": ["match", "open"], "talk": ["match", "open"]}


def test_a_talk_that_an_editor_gives_to_a_video_links_all(stored: Database, run_id: int) -> None:
    edit(stored, "film", "match", Link(event_id="fachdiskurs-2022", talk_id="terlau"))

    assert link_again(stored, run_id) == "linking all videos: an editor decided about talks"
    assert decisions(stored)["talk"] == ["match", "open"]


def test_no_event_by_an_editors_word_looks_only_at_what_it_frees(
    stored: Database, run_id: int
) -> None:
    edit(stored, "film", "no_event")
    assert link_again(stored, run_id) == "linking what changed: 0 new or changed, 1 gone"
    assert link_again(stored, run_id) == ""

    edit(stored, "film", "open")

    assert link_again(stored, run_id) == "linking what changed: 1 new or changed, 0 gone"


def test_a_word_that_an_editor_took_back_at_once_lets_the_rule_decide_again(
    stored: Database, run_id: int
) -> None:
    edit(stored, "whole", "no_event")
    edit(stored, "whole", "open")

    link_again(stored, run_id)

    assert decisions(stored)["whole"] == ["match", "no_event", "open", "match"]


def test_the_talk_of_a_video_that_is_gone_is_free_for_another(
    stored: Database, run_id: int
) -> None:
    other = replace(
        TALK, video_id="other", title=f"{TALK.title} (Mitschnitt)", duration_s=3600
    )  # not titled the same: no second upload
    fill(stored, run_id, (other,), now=LATER)
    link_again(stored, run_id)
    assert reasons(stored)["other"] == "taken"
    gone = Gone(video_id="talk", availability=Availability.PRIVATE, evidence="…")
    with stored.write() as session:
        writes.save_gone(session, [gone], now=LATER, run_id=run_id)

    assert link_again(stored, run_id) == "linking what changed: 0 new or changed, 1 gone"

    assert decisions(stored)["other"] == ["match"]
    assert "talk" not in linked_at(stored)


def reasons(database: Database) -> dict[str, str | None]:
    return dict(rows(database, schema.VideoLinking, "video_id", "reason"))


def test_many_new_videos_link_all(database: Database, run_id: int) -> None:
    made = world(300)
    fill(database, run_id, made.videos[:80], made.events, made.talks)
    link_again(database, run_id)
    fill(database, run_id, made.videos[80:270], made.events, made.talks, now=LATER)
    assert link_again(database, run_id).startswith("linking what changed: 190 new")
    fill(database, run_id, made.videos[270:], made.events, made.talks, now=LATER)

    assert link_again(database, run_id) == "linking all videos: many videos came or changed"
    assert link_again(database, run_id) == ""


def test_all_videos_can_be_asked_for(stored: Database, run_id: int) -> None:
    watch(stored, *LINKING)

    with structlog.testing.capture_logs() as said:
        link(database=stored, model=MODEL, run_id=run_id, now=LATER, full=True)

    assert [each["because"] for each in said] == ["asked for"]
    assert written(stored) == {"linking_state": 2}


def test_ten_new_videos_among_hundreds_write_them_and_those_beside_them(
    database: Database, run_id: int
) -> None:
    made = world(300)
    videos = sorted(made.videos, key=lambda each: (each.channel_id, str(each.published_at)))
    new = videos[150:160]
    fill(database, run_id, videos[:150] + videos[160:], made.events, made.talks)
    link_again(database, run_id, now=NOW)
    watch(database, *LINKING)
    fill(database, run_id, new, made.events, made.talks, now=LATER)

    assert link_again(database, run_id).startswith("linking what changed: 10 new")

    renewed = {video_id for video_id, at in linked_at(database).items() if at == LATER}
    assert {each.video_id for each in new} <= renewed
    assert len(renewed) < 50
    assert written(database)["video_linking"] <= 2 * len(renewed)


# --- what is looked at in a video -----------------------------------------------

OTHERS: dict[str, Any] = {
    "channel_id": "UCother00000000000000000",
    "title": "Alles rund um die Vereinssatzung",
    "description": "Am 29.09.2022 in Rodach",
    "published_at": dt.datetime(2022, 10, 5, tzinfo=dt.UTC),
    "duration_s": 300,
    "live_state": LiveState.UPCOMING,
    "live_started_at": dt.datetime(2022, 9, 29, 9, tzinfo=dt.UTC),
    "recorded_on": "2022-09-29",
}


@pytest.mark.parametrize("field", LOOKED_AT)
def test_every_field_that_linking_looks_at_is_noticed(
    stored: Database, run_id: int, field: str
) -> None:
    fill(stored, run_id, (replace(WHOLE, **{field: OTHERS[field]}),), now=LATER)

    assert link_again(stored, run_id) == "linking what changed: 1 new or changed, 0 gone"


def test_no_other_field_of_a_video_changes_a_linking() -> None:
    given: dict[str, Any] = {
        "caption_flag": True,
        "live_scheduled_at": NOW,
        "live_ended_at": NOW,
        "language": "fr",
        "audio_language": "fr",
        "thumbnail_url": "https://i.ytimg.com/vi/x/2022.jpg",
        "tags": ("ZWK-Fachdiskurs 2021",),
    }
    assert {*given, *LOOKED_AT, "video_id", "privacy"} == set(Video.__dataclass_fields__)

    changed = [replace(each, **given) for each in (WHOLE, TALK, FILM)]

    assert linked(*changed) == linked(WHOLE, TALK, FILM)


# --- what was decided is kept ---------------------------------------------------


def held(linkings: Iterable[Linking]) -> dict[str, tuple[Link, ...]]:
    return {each.video_id: each.links for each in linkings if each.links}


def test_a_candidate_that_comes_near_takes_no_decision_back() -> None:
    first = linked(WHOLE)
    [as_new] = linkage.link([WHOLE], [*EVENTS, TWIN], TALKS, model=MODEL)
    assert as_new.reason is Reason.TIE

    [again] = linkage.link([WHOLE], [*EVENTS, TWIN], TALKS, model=MODEL, held=held(first))

    assert (again.outcome, again.links) == (Outcome.AUTO, first[0].links)
    assert again.candidates[0].event_id == "fachdiskurs-2022"
    assert [term.name for term in again.candidates[0].terms][-1] == "kept"
    weight = sum(term.weight for term in again.candidates[0].terms)
    assert weight == pytest.approx(again.candidates[0].match_weight)


def test_a_decision_that_needs_no_keeping_has_no_term_for_it() -> None:
    first = linked(WHOLE, TALK, FILM)

    assert linked(WHOLE, TALK, FILM, held=held(first)) == first


def test_a_stored_decision_is_kept_when_an_event_like_it_comes(
    stored: Database, run_id: int
) -> None:
    fill(stored, run_id, (), (*EVENTS, TWIN), now=LATER)
    link_again(stored, run_id)
    assert decisions(stored) == {"whole": ["match"], "talk": ["match"]}
    watch(stored, "video_linking", "decision")

    link(database=stored, model=MODEL, run_id=run_id, now=LATER, full=True)

    assert written(stored) == {}


def test_an_event_of_another_date_takes_its_decision_back(stored: Database, run_id: int) -> None:
    events = [
        replace(each, start_on="2023-01-24", end_on=None)
        if each.event_id == "fachdiskurs-2022"
        else each
        for each in EVENTS
    ]
    fill(stored, run_id, (), events, now=LATER)

    link_again(stored, run_id)

    assert decisions(stored)["whole"] == ["match", "open"]


def test_a_talk_that_is_held_is_not_taken_by_a_better_title() -> None:
    first = linked(TALK)
    better = replace(TALK, video_id="better", title=f"ZWK-Fachdiskurs 2022: {TALK.title}")

    again = {each.video_id: each for each in linked(TALK, better, held=held(first))}

    assert again["talk"].links == first[0].links
    assert again["better"].reason is Reason.TAKEN


def test_what_is_held_yields_to_an_editors_word() -> None:
    first = linked(TALK)

    [again] = linked(TALK, held=held(first), shown={"terlau": "another video"})

    assert again.reason is Reason.TAKEN


def test_what_is_held_yields_to_a_candidate_that_is_ahead() -> None:
    [usual] = linked(WHOLE)

    for wrong in ("fachdiskurs-2021", "herford-2022"):
        [again] = linked(WHOLE, held={"whole": (Link(event_id=wrong),)})

        assert (again.outcome, again.links) == (Outcome.AUTO, usual.links)


def test_what_is_held_of_an_event_that_is_gone_is_judged_as_usual() -> None:
    gone = {"whole": (Link(event_id="gone", talk_id="gone"),), "talk": ()}

    assert linked(WHOLE, TALK, held=gone) == linked(WHOLE, TALK)


WORLD = world(150)


def alone(linking: Linking, event_id: str) -> float | None:
    """What a candidate weighs without what the others take away."""
    for candidate in linking.candidates:
        if candidate.event_id == event_id:
            off = ("competition", "cap")
            return sum(term.weight for term in candidate.terms if term.name not in off)
    return None


def stands(before: Linking, after: Linking) -> bool:
    """Whether a decision is kept, or another candidate is ahead by the margin."""
    [link, *_] = before.links
    if after.outcome is Outcome.AUTO and after.links[0].event_id == link.event_id:
        return True
    ours = alone(after, link.event_id)
    best = after.candidates[0]
    if ours is None or best.event_id == link.event_id:  # another talk of the event is ahead
        return ours is None or best.talk_id != link.talk_id
    theirs = alone(after, best.event_id)
    return theirs is not None and theirs - ours >= MODEL.margin - 1e-9


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([0.3, 0.6, 0.9]))
def test_a_candidate_more_never_lowers_a_stored_decision(
    chance: random.Random, share: float
) -> None:
    videos = [each for each in WORLD.videos if chance.random() < share]
    events = [each for each in WORLD.events if chance.random() < share]
    ids = {each.event_id for each in events}
    talks = [t for t in WORLD.talks if t.event_id in ids and chance.random() < share]
    before = linkage.link(videos, events, talks, model=MODEL)

    again = linkage.link(*WORLD[:3], model=MODEL, held=held(before))

    after = {each.video_id: each for each in again}
    fallen = [each for each in before if each.links and not stands(each, after[each.video_id])]
    assert fallen == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(-400, 400)), max_size=6))
def test_events_of_the_same_names_never_lower_a_stored_decision(
    like: list[tuple[Event, int]],
) -> None:
    newcomers = []
    for number, (event, days) in enumerate(like):
        day = dt.date.fromisoformat((event.start_on or "2022-06-15")[:10])
        on = (day + dt.timedelta(days=days)).isoformat()
        newcomers.append(replace(event, event_id=f"new-{number}", start_on=on, end_on=None))
    before = linked(WHOLE, TALK, FILM)

    again = linkage.link(
        [WHOLE, TALK, FILM], [*EVENTS, *newcomers], TALKS, model=MODEL, held=held(before)
    )

    after = {each.video_id: each for each in again}
    assert all(stands(each, after[each.video_id]) for each in before if each.links)


# --- some give what all would ---------------------------------------------------


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 12), st.booleans())
def test_linking_some_gives_what_linking_all_would(
    chance: random.Random, many: int, together: bool
) -> None:
    at = chance.randrange(len(WORLD.videos) - many)
    new = WORLD.videos[at : at + many] if together else chance.sample(WORLD.videos, many)
    names = {each.video_id for each in new}
    old = [each for each in WORLD.videos if each.video_id not in names]
    before = linkage.link(old, WORLD.events, WORLD.talks, model=MODEL)
    best = {each.video_id: each.candidates[0].event_id for each in before if each.candidates}
    focus = Focus(changed=names, best=best)

    kept = held(before)

    some = linkage.link(*WORLD[:3], model=MODEL, held=kept, focus=focus)

    everything = linkage.link(*WORLD[:3], model=MODEL, held=kept)
    wanted = {each.video_id for each in some}
    assert names <= wanted
    assert some == [each for each in everything if each.video_id in wanted]
    # to the others at most words became less rare
    others = [each for each in everything if each.video_id not in wanted]
    assert [each for each in others if each.links != kept.get(each.video_id, ())] == []
