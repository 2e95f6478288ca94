"""What linking made of the videos: evidence kept, decisions appended, editors left alone."""

import datetime as dt
from dataclasses import replace

import pytest

from harvester.records import (
    Link,
    Outcome,
    Reason,
    Role,
    Video,
)
from harvester.store import reads, schema, writes
from harvester.store.database import Database
from tests import build, linkings
from tests.linkings import MATCH, edit, linking, store
from tests.tables import rows, watch, written

NOW = build.NOW
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def videos(database: Database, run_id: int) -> list[Video]:
    return linkings.fill(database, run_id)


def decisions(database: Database) -> list[tuple[str, str, str]]:
    return rows(database, schema.Decision, "video_id", "verdict", "decided_by")


def in_force(database: Database) -> dict[str, tuple[str, str]]:
    with database.read() as session:
        return {
            row["video_id"]: (row["verdict"], row["decided_by"])
            for row in reads.view(session, "decisions_in_force")
        }


@pytest.mark.usefixtures("videos")
def test_a_linking_comes_back_as_it_was_given(database: Database, run_id: int) -> None:
    stretch = replace(MATCH, start_s=60, end_s=120)
    given = linking("v1", stretch, Link(event_id="e2", role=Role.PART))

    store(database, run_id, given, linking("v2"))

    with database.read() as session:
        first = reads.explanation(session, "v1")
        second = reads.explanation(session, "v2")
    assert first is not None
    assert first.linking == given
    assert first.decision is not None
    assert first.decision.links == given.links
    assert second is not None
    assert second.linking == linking("v2")
    assert second.decision is None


@pytest.mark.usefixtures("videos")
def test_a_second_identical_linking_writes_nothing(database: Database, run_id: int) -> None:
    given = [linking("v1", MATCH), linking("v2"), linking("v3", outcome=Outcome.NONE)]
    store(database, run_id, *given)
    watch(database, "video_linking", "candidate", "candidate_term", "decision", "decision_link")

    store(database, run_id, *given, now=LATER)

    assert written(database) == {}


@pytest.mark.usefixtures("videos")
def test_only_a_linking_with_other_evidence_is_written(database: Database, run_id: int) -> None:
    store(database, run_id, linking("v1", MATCH), linking("v2"))

    store(database, run_id, linking("v1", MATCH), linking("v2", weight=6.0), now=LATER)

    assert rows(database, schema.VideoLinking, "video_id", "linked_at") == [
        ("v1", NOW),
        ("v2", LATER),
    ]
    assert rows(database, schema.Candidate, "video_id", "match_weight")[2:] == [
        ("v2", 6.0),
        ("v2", 3.0),
    ]
    assert decisions(database) == [("v1", "match", "rule:m1")]


@pytest.mark.usefixtures("videos")
def test_another_reason_alone_is_written(database: Database, run_id: int) -> None:
    store(database, run_id, linking("v1"))

    store(database, run_id, linking("v1", reason=Reason.TAKEN))

    assert rows(database, schema.VideoLinking, "reason") == ["taken"]


@pytest.mark.usefixtures("videos")
def test_a_video_that_is_not_linked_any_more_loses_its_candidates(
    database: Database, run_id: int
) -> None:
    store(database, run_id, linking("v1"), linking("v2"))

    store(database, run_id, linking("v2"))

    assert rows(database, schema.VideoLinking, "video_id") == ["v2"]
    assert set(rows(database, schema.CandidateTerm, "video_id")) == {"v2"}


@pytest.mark.usefixtures("videos")
def test_a_linking_of_some_leaves_the_others_as_they_are(database: Database, run_id: int) -> None:
    everything = {"v1": "hash 1", "v2": "hash 2"}
    store(database, run_id, linking("v1", MATCH), linking("v2", MATCH), inputs=everything)
    watch(database, "candidate_term", "decision")

    store(database, run_id, linking("v1", MATCH), inputs=everything | {"v1": "other"}, now=LATER)

    assert rows(database, schema.VideoLinking, "video_id", "input_hash", "linked_at") == [
        ("v1", "other", NOW),
        ("v2", "hash 2", NOW),
    ]
    assert written(database) == {}


@pytest.mark.usefixtures("videos")
def test_a_linking_of_some_drops_what_no_rule_may_decide_any_more(
    database: Database, run_id: int
) -> None:
    store(database, run_id, linking("v1"), linking("v2"), inputs={"v1": "1", "v2": "2"})

    store(database, run_id, inputs={"v1": "1"})

    assert rows(database, schema.VideoLinking, "video_id", "input_hash") == [("v1", "1")]


@pytest.mark.usefixtures("videos")
def test_a_video_that_an_editor_judged_is_to_be_linked_anew_if_he_takes_it_back(
    database: Database, run_id: int
) -> None:
    store(database, run_id, linking("v1"), linking("v2"), inputs={"v1": "1", "v2": "2"})
    edit(database, "v1", "no_event")

    store(database, run_id, inputs={"v2": "2"})

    assert rows(database, schema.VideoLinking, "video_id", "input_hash") == [
        ("v1", None),
        ("v2", "2"),
    ]


@pytest.mark.usefixtures("videos")
def test_a_rule_decides_anew_only_where_links_or_model_differ(
    database: Database, run_id: int
) -> None:
    other = Link(event_id="e2")

    store(database, run_id, linking("v1", MATCH))
    store(database, run_id, linking("v1", MATCH, weight=5.5))
    assert len(decisions(database)) == 1

    store(database, run_id, linking("v1", MATCH), model="m2")
    store(database, run_id, linking("v1", other), model="m2")

    assert decisions(database) == [
        ("v1", "match", "rule:m1"),
        ("v1", "match", "rule:m2"),
        ("v1", "match", "rule:m2"),
    ]
    assert rows(database, schema.DecisionLink, "event_id") == ["e1", "e1", "e2"]


@pytest.mark.usefixtures("videos")
def test_a_rule_that_is_no_longer_sure_opens_its_decision(database: Database, run_id: int) -> None:
    store(database, run_id, linking("v1", MATCH))

    store(database, run_id, linking("v1"), model="m2")
    store(database, run_id, linking("v1"), model="m2")

    assert decisions(database) == [("v1", "match", "rule:m1"), ("v1", "open", "rule:m2")]
    assert rows(database, schema.Decision, "reason") == [None, "tie"]
    assert in_force(database) == {}


@pytest.mark.usefixtures("videos")
@pytest.mark.parametrize("verdict", ["match", "no_event"])
def test_a_rule_leaves_alone_what_an_editor_decided(
    database: Database, run_id: int, verdict: str
) -> None:
    store(database, run_id, linking("v1", MATCH), linking("v2"))
    edit(database, "v1", verdict, *([Link(event_id="e2")] if verdict == "match" else []))
    watch(database, "video_linking", "candidate", "decision")

    store(database, run_id, linking("v1", MATCH, weight=9), linking("v2"))
    store(database, run_id, linking("v2"))

    assert written(database) == {}
    assert in_force(database) == {"v1": (verdict, "ana")}


@pytest.mark.usefixtures("videos")
def test_after_an_editor_took_back_a_decision_the_rule_may_decide(
    database: Database, run_id: int
) -> None:
    store(database, run_id, linking("v1", MATCH))
    edit(database, "v1", "no_event")
    edit(database, "v1", "open")
    assert in_force(database) == {}

    store(database, run_id, linking("v1", MATCH))

    assert in_force(database) == {"v1": ("match", "rule:m1")}
    assert [verdict for _, verdict, _ in decisions(database)] == [
        "match",
        "no_event",
        "open",
        "match",
    ]


@pytest.mark.usefixtures("videos")
def test_an_editor_outranks_a_rule_that_came_later(database: Database, run_id: int) -> None:
    edit(database, "v1", "no_event")
    with database.write() as session:  # as if the rule had overlooked it
        session.add(
            schema.Decision(
                video_id="v1",
                verdict="match",
                decided_by="rule:odd",
                decided_at=LATER,
                evidence_hash="0" * 64,
            )
        )

    assert in_force(database) == {"v1": ("no_event", "ana")}


@pytest.mark.usefixtures("videos")
def test_the_newest_word_of_an_editor_counts(database: Database) -> None:
    edit(database, "v1", "no_event")
    edit(database, "v1", "match", MATCH, editor="ben")

    assert in_force(database) == {"v1": ("match", "ben")}


def test_the_same_evidence_has_the_same_hash() -> None:
    first = linking("v1", MATCH)

    assert writes.evidence_hash(first) == writes.evidence_hash(linking("v1"))
    assert writes.evidence_hash(first) == writes.evidence_hash(linking("v1", weight=5 + 1e-12))
    assert writes.evidence_hash(first) != writes.evidence_hash(linking("v1", weight=5.1))
    assert len(writes.evidence_hash(first)) == 64
