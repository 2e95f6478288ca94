"""The invented worlds of the benchmarks are always the same, whole, and plainly invented."""

from itertools import pairwise

from tests.invented import world

SMALL = world(600, 60, 600)


def test_a_world_is_made_the_same_again() -> None:
    assert world(600, 60, 600) == SMALL


def test_a_world_has_as_many_videos_events_and_talks_as_asked_for() -> None:
    sizes = [len(part) for part in SMALL]

    assert sizes == [600, 60, 600, 600]


def test_of_the_videos_15_percent_show_an_event_not_on_record_and_5_percent_none() -> None:
    withheld = sum(shown.withheld for shown in SMALL.truth)
    none = sum(shown.event_id is None for shown in SMALL.truth) - withheld

    assert (withheld, none) == (90, 30)


def test_what_a_video_shows_is_on_record() -> None:
    talks = {talk.talk_id: talk.event_id for talk in SMALL.talks}
    events = {event.event_id for event in SMALL.events}

    assert {s.event_id for s in SMALL.truth} - {None} <= events
    assert all(talks[t] == s.event_id for s in SMALL.truth for t in s.talk_ids)


def test_ids_cannot_be_mistaken_for_real_ones() -> None:
    ids = [video.video_id for video in SMALL.videos]

    assert len(set(ids)) == 600
    assert all(each.startswith("demo-") and len(each) > 11 for each in ids)
    assert all(".example/" in (event.url or "") for event in SMALL.events)


def test_ids_do_not_tell_which_videos_belong_together() -> None:
    ids = [video.video_id for video in SMALL.videos]
    rising = sum(one < other for one, other in pairwise(ids))

    assert 0.3 < rising / 600 < 0.7
