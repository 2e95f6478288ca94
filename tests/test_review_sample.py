"""Trust, measured: links by rule, drawn at random and judged blind."""

import pytest

from harvester.errors import BadInput
from harvester.linkage.measures import Figure, share
from harvester.records import Link, NoEventReason
from harvester.review import acts, sample
from harvester.review.acts import Clash, Say
from harvester.review.desk import Desk
from harvester.review.sample import Figures, Judgement
from harvester.store import reads_review, writes
from harvester.store.database import Database
from tests import build, linkings
from tests.linkings import linking, store

NOW = build.NOW
VIDEOS = [f"w{n}" for n in range(8)]


@pytest.fixture
def desk(database: Database, run_id: int) -> Desk:
    """Eight videos that the rule linked, and one that waits."""
    linkings.fill(database, run_id)
    with database.write() as session:
        videos = [build.video(each) for each in VIDEOS]
        writes.save_videos(session, videos, now=NOW, run_id=run_id)
    links = Link(event_id="e2")
    store(database, run_id, *(linking(each, links) for each in VIDEOS), linking("v1"))
    return Desk(database)


def figures(desk: Desk) -> Figures:
    with desk.database.read() as session:
        return sample.figures(session)


def judge(desk: Desk, video_id: str, judgement: Judgement) -> None:
    sample.judge(desk.database, video_id, judgement, editor="ana", now=NOW)


def test_only_links_by_rule_are_drawn_and_each_once(desk: Desk) -> None:
    assert sorted(sample.draw(desk, 20, seed=1)) == VIDEOS


def test_the_same_seed_draws_the_same_videos_without_those_judged(desk: Desk) -> None:
    drawn = sample.draw(desk, 4, seed=7)
    assert sample.draw(desk, 4, seed=7) == drawn
    assert sample.draw(desk, 8, seed=8) != sample.draw(desk, 8, seed=7)
    judge(desk, drawn[0], "right")
    assert sample.draw(desk, 3, seed=7) == drawn[1:]
    assert sample.draw(Desk(desk.database), 3, seed=7) == drawn[1:]


def test_what_an_editor_decided_meanwhile_is_not_drawn(desk: Desk) -> None:
    sample.draw(desk, 1, seed=1)
    said = Say(video_id="w3", what="no_event", reason=NoEventReason.TRAILER)
    acts.say(desk.database, [said], editor="ana", now=NOW)
    assert "w3" not in sample.draw(desk, 20, seed=1)


def test_nothing_judged_is_no_precision(desk: Desk) -> None:
    assert figures(desk) == Figures(0, 0, 0, 0, Figure())


def test_the_precision_counts_right_and_wrong_and_not_the_unsure(desk: Desk) -> None:
    for video_id in VIDEOS[:5]:
        judge(desk, video_id, "right")
    judge(desk, "w5", "wrong")
    judge(desk, "w6", "unsure")
    assert figures(desk) == Figures(7, 5, 1, 1, share(5, 6))


def test_a_wrong_link_waits_again_without_that_candidate(desk: Desk) -> None:
    assert "w5" not in desk.queue()
    judge(desk, "w5", "wrong")
    row = desk.queue().row("w5")
    assert row is not None
    assert row.best_event_id == "e1"


def test_a_right_link_stays_as_it_is(desk: Desk) -> None:
    judge(desk, "w1", "right")
    assert "w1" not in desk.queue()


def test_a_judgement_can_be_taken_back(desk: Desk) -> None:
    judge(desk, "w5", "wrong")
    judge(desk, "w6", "right")
    acts.undo(desk.database, editor="ana", now=NOW)
    assert figures(desk).judged == 1
    acts.undo(desk.database, editor="ana", now=NOW)
    assert figures(desk).judged == 0
    assert "w5" not in desk.queue()
    assert sorted(sample.draw(desk, 20, seed=1)) == VIDEOS


def test_a_rejection_outside_the_sample_says_nothing_about_the_rule(desk: Desk) -> None:
    said = Say(video_id="v1", what="reject", event_ids=("e1",))
    acts.say(desk.database, [said], editor="ana", now=NOW)
    assert figures(desk).judged == 0


def test_what_is_no_rules_link_any_more_cannot_be_judged(desk: Desk) -> None:
    with pytest.raises(BadInput, match="no rule's link"):
        judge(desk, "v1", "right")
    with pytest.raises(BadInput, match="no rule's link"):
        judge(desk, "unknown", "right")


def test_who_judges_second_is_told(desk: Desk) -> None:
    with desk.database.read() as session:
        seen = reads_review.version(session, "w1")
    judge(desk, "w1", "right")
    with pytest.raises(Clash):
        sample.judge(desk.database, "w1", "wrong", editor="ben", now=NOW, seen=seen)
