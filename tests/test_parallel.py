"""Several processes: the same results as one, in the same order."""

import pytest

from harvester import linkage, parallel
from harvester.records import Linking
from tests import invented
from tests.zwk_linking import MODEL


def test_results_come_in_the_order_of_the_tasks() -> None:
    assert list(parallel.mapper(2)(str, range(7))) == list("0123456")


def test_the_number_of_processes_does_not_change_a_linking() -> None:
    world = invented.world(videos=2_100)

    def linked(processes: int) -> list[Linking]:
        return linkage.link(
            world.videos,
            world.events,
            world.talks,
            model=MODEL,
            mapper=parallel.mapper(processes),
        )

    assert linked(2) == linked(1)


def test_what_goes_wrong_in_a_process_goes_wrong_here() -> None:
    with pytest.raises(ZeroDivisionError):
        list(parallel.mapper(2)(_reciprocal, [2, 1, 0]))


@pytest.mark.parametrize(("videos", "at_once"), [(100, False), (50_000, True), (1_000_000, False)])
def test_few_videos_are_not_worth_it_and_too_many_do_not_fit(videos: int, at_once: bool) -> None:
    assert (parallel.suited(videos) is not map) == at_once


def _reciprocal(number: int) -> float:
    return 1 / number
