"""Measure how linking grows: time, memory and accuracy on invented worlds of several sizes.

    python -m tests.bench_scale [--sizes 1000,10000,100000] [--million]

A world has ten times as many videos and talks as events (tests/invented.py); each is
linked in a process of its own.  --million adds 1,000,000 videos against 100,000 events.
"""

import argparse
from collections.abc import Iterable, Sequence

from harvester import linkage, parallel, resources
from harvester.records import Event, Linking, Outcome, Talk, Video
from tests import measuring
from tests.invented import Shown, world

MILLION = 1_000_000
_PROPOSED = ("answered", "right", "talk_answered", "talk_right")  # or linked by rule
_LINKED = ("auto", "auto_right", "auto_negative")


def one(size: int) -> None:
    """Link a world of so many videos in this process, and tell what came of it."""
    videos, events, talks, truth = world(size)
    found: dict[str, float] = {"events": len(events), "talks": len(talks)}
    with measuring.spending() as spent:
        found |= counted(link(videos, events, talks), truth)
    measuring.tell(found, spent)


def link(videos: Sequence[Video], events: list[Event], talks: list[Talk]) -> list[Linking]:
    """Link as `harvester link` does, without a database."""
    model = linkage.load((resources.config() / "linkage.toml").read_text("utf-8"))
    mapper = parallel.suited(len(videos))
    with parallel.collecting_later():
        return linkage.link(videos, events, talks, model=model, mapper=mapper)


def counted(linkings: Iterable[Linking], truth: Sequence[Shown]) -> dict[str, float]:
    """Return how many linkings there are of each kind, looking at each once."""
    known = {shown.video_id: shown for shown in truth}
    counts = dict.fromkeys((*_PROPOSED, *_LINKED), 0)
    for each in linkings:
        if each.outcome is Outcome.NONE:
            continue
        shown, best = known[each.video_id], each.candidates[0]
        right = best.event_id == shown.event_id
        counts["answered"] += 1
        counts["right"] += right
        if best.talk_id and (shown.talk_ids or not shown.event_id):
            counts["talk_answered"] += 1
            counts["talk_right"] += best.talk_id in shown.talk_ids
        if each.outcome is Outcome.AUTO:
            counts["auto"] += 1
            counts["auto_right"] += right
            counts["auto_negative"] += shown.event_id is None
    return {
        "positives": sum(s.event_id is not None for s in truth),
        "talk_positives": sum(bool(s.talk_ids) for s in truth),
        "negatives": sum(s.event_id is None for s in truth),
        **counts,
    }


HEAD = (
    "   videos   events    talks |  seconds  processor  ms a video |  peak MB  before |"
    "  T1 prec.  recall  T2 prec.  recall |  by rule: prec.  coverage  on negatives"
)


def line(size: int, measured: measuring.Measured) -> str:
    """Return a line of the table."""
    n, spent = measured.found, measured.spent
    return (
        f"{size:9,} {n['events']:8,} {n['talks']:8,} |"
        f" {spent.wall_s:8.1f} {spent.cpu_s:10.1f} {1000 * spent.wall_s / size:11.2f} |"
        f" {measured.peak_mb:8,.0f} {spent.before_mb:7,.0f} |"
        f" {share(n['right'], n['answered']):>9} {share(n['right'], n['positives']):>7}"
        f" {share(n['talk_right'], n['talk_answered']):>9}"
        f" {share(n['talk_right'], n['talk_positives']):>7} |"
        f" {share(n['auto_right'], n['auto'], 5):>15}"
        f" {share(n['auto_right'], n['positives']):>9}"
        f" {share(n['auto_negative'], n['negatives'], 5):>13}"
    )


def share(part: float, whole: float, places: int = 4) -> str:
    """Return a share as it is printed."""
    return f"{part / whole:.{places}f}" if whole else "-"


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_scale", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sizes", default="1000,10000,100000", metavar="N,N")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--one", type=int, metavar="N", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one)
        return
    print(HEAD)
    sizes = [int(size) for size in given.sizes.split(",") if size]
    for size in sizes + [MILLION] * given.million:
        print(line(size, measuring.measure("tests.bench_scale", str(size))), flush=True)


if __name__ == "__main__":
    main()
