"""Measures the linkage on a folder of the benchmark: python -m tests.bench_linkage [folder].

Reads videos.csv, events.csv, talks.csv and truth.csv there, and counts with the
scorer that lies beside the folder.  Not a test: nothing here passes or fails.
"""

import csv
import dataclasses
import datetime as dt
import importlib.util
import resource
import sys
import time
import zlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from harvester import resources
from harvester.linkage import Model, link, load
from harvester.records import Event, Linking, Talk, Video

DEV = Path(__file__).parents[2] / "shared" / "bench" / "dev"


def read(folder: Path) -> tuple[list[Video], list[Event], list[Talk]]:
    """Return the videos, events and talks of a benchmark folder."""
    videos = [
        Video(
            video_id=row["video_id"],
            channel_id="bench",
            title=row["title"],
            description=row["description"],
            published_at=dt.datetime.fromisoformat(row["published_at"])
            if row["published_at"]
            else None,
            duration_s=int(row["duration_s"]) if row["duration_s"] else None,
        )
        for row in _rows(folder / "videos.csv")
    ]
    events = [
        Event(
            event_id=row["event_id"],
            title=row["title"],
            series=row["series"] or None,
            aliases=tuple(filter(None, row["aliases"].split(";"))),
            kind=row["kind"] or None,
            city=row["city"] or None,
            country=row["country"] or None,
            start_on=row["start_date"] or None,
            end_on=row["end_date"] or None,
            url=row["url"] or None,
        )
        for row in _rows(folder / "events.csv")
    ]
    talks = [
        Talk(
            talk_id=row["talk_id"],
            event_id=row["event_id"],
            title=row["title"] or None,
            speakers=tuple(filter(None, row["speakers"].split(";"))),
            held_on=row["date"] or None,
            kind=row["kind"] or None,
        )
        for row in _rows(folder / "talks.csv")
    ]
    return videos, events, talks


def predictions(linkings: list[Linking]) -> pd.DataFrame:
    """Return linkings in the form that the scorer takes."""
    rows = [
        {
            "video_id": each.video_id,
            "event_id": each.candidates[0].event_id,
            "talk_id": each.candidates[0].talk_id or "",
            "score": str(each.probability),
            "status": str(each.outcome),
        }
        for each in linkings
        if each.candidates
    ]
    return pd.DataFrame(rows, dtype=str)


def proposals(linkings: list[Linking]) -> pd.DataFrame:
    """Return all candidates in the form that the scorer takes."""
    rows = [
        (c.video_id, str(c.rank), c.event_id, c.talk_id or "")
        for each in linkings
        for c in each.candidates
    ]
    return pd.DataFrame(rows, columns=["video_id", "rank", "event_id", "talk_id"], dtype=str)


def measure(
    folder: Path, linkings: list[Linking], truth: pd.DataFrame
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the scorer's figures for linkings held against a truth, by part and task."""
    scorer = _scorer(folder.parent / "score.py")
    figures: dict[str, dict[str, dict[str, Any]]] = scorer.score(
        truth, predictions(linkings), proposals(linkings)
    )
    return figures


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(arguments: list[str]) -> None:
    """Link a folder and print what the scorer says, time and peak memory."""
    folder = Path(arguments[0]) if arguments else DEV
    model = load((resources.config() / "linkage.toml").read_text("utf-8"))
    if len(arguments) > 1:
        model = dataclasses.replace(model, accept=float(arguments[1]))
    report(folder, model)


def report(folder: Path, model: Model) -> None:
    """Print what was found, what was linked by rule, what it took; and the same made harder."""
    videos, events, talks = read(folder)
    started = time.perf_counter()
    linkings = link(videos, events, talks, model=model)
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    truth = pd.read_csv(folder / "truth.csv", dtype=str, keep_default_na=False)
    show(measure(folder, linkings, truth))
    print(f"{len(videos)} videos, {len(events)} events, {len(talks)} talks:", end=" ")
    print(f"{seconds:.1f} s, peak {memory:.0f} MB")

    print("\nEach series as a channel of its own, with its own events only:")
    show(measure(folder, series_alone(videos, events, talks, truth, model), truth), "core")
    print("\nA third of the events taken off the record, too:")
    kept = [event for event in events if zlib.crc32(event.event_id.encode()) % 3]
    ids = {event.event_id for event in kept}
    linkings = link(videos, kept, [t for t in talks if t.event_id in ids], model=model)
    gone = ~truth.event_id.isin(ids)
    truth.loc[gone, ["event_id", "talk_id", "alt_talk_ids"]] = ""
    show(measure(folder, linkings, truth), "core")


def series_alone(
    videos: list[Video],
    events: list[Event],
    talks: list[Talk],
    truth: pd.DataFrame,
    model: Model,
) -> list[Linking]:
    """Return the linkings of each series for itself: small channels with few events."""
    by_id = {event.event_id: event for event in events}
    found: list[Linking] = []
    for _, rows in truth.groupby("series_id"):
        ours, names = set(rows.video_id), {by_id[e].series for e in rows.event_id if e}
        its_events = [event for event in events if event.series in names]
        ids = {event.event_id for event in its_events}
        its_videos = [video for video in videos if video.video_id in ours]
        its_talks = [talk for talk in talks if talk.event_id in ids]
        found += link(its_videos, its_events, its_talks, model=model)
    return found


def show(figures: dict[str, dict[str, dict[str, Any]]], *parts: str) -> None:
    """Print the scorer's figures of some parts, or of all."""
    for part, tasks in figures.items():
        for task, m in tasks.items() if not parts or part in parts else ():
            print(
                f"{part:20} {task}  precision {m['precision']:.4f}  recall {m['recall']:.4f}"
                f"  F1 {m['f1']:.4f}  auto {m['auto_n']}, precision {m['auto_precision']},"
                f" coverage {m['auto_coverage']}  negatives: answered"
                f" {m['false_match_rate_on_negatives']}, auto {m['false_auto_rate_on_negatives']}"
                f"  recall@5 {m.get('recall@5')}  ece {m.get('ece10')}"
                f"  cov@99.5 {m.get('cov@99.5%', {}).get('coverage')}"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
