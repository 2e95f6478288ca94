"""Measure our linkage beside others, on the same data: time, memory, accuracy.

    python -m tests.bench_rivals [FOLDER] [--only NAME,NAME] [--data real,invented]

The data are a folder of the benchmark and an invented world of 10,000 videos, 1,000 events
and 10,000 talks.  T1: video to event, T2: video to talk; each method answers from the
threshold on where its F1 is best on these very data.  Each runs in a process of its own.
"""

import argparse
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from harvester.records import Linking, Outcome
from tests import measuring, rival_splink, rivals
from tests.bench_linkage import DEV, read
from tests.bench_scale import link
from tests.invented import Shown, world
from tests.rivals import Answer, Answers, Rival

INVENTED = 10_000

RIVALS: dict[str, Rival] = {
    "rapidfuzz WRatio": rivals.rapidfuzz("WRatio"),
    "rapidfuzz token_set_ratio": rivals.rapidfuzz("token_set_ratio"),
    "TF-IDF": rivals.tfidf(),
    "splink": rival_splink.unsupervised,
}
NEEDS = {
    "TF-IDF": ["sklearn"],
    "splink": ["splink", "duckdb"],
}
OURS = "harvester"

TITLES = {
    "real": "The videos of the folder: conferences, with their events and talks",
    "invented": f"Invented: {INVENTED:,} videos, {INVENTED // 10:,} events, {INVENTED:,} talks",
}

_WAYS = len(rivals.TEXTS) * len(rivals.WINDOWS)
_FEW, _MANY = rivals.SAMPLE, rivals.LARGE_SAMPLE
_MOST = f"{rivals.MOST_PAIRS / 1e6:.0f} million"

EXPLAINED = f"""\
Ours has its shipped weights, fitted on the videos of the folder; the invented world it has never
seen. The others are tuned on the very data they are measured on: what the title is compared with,
and when the event may have been, the best of {_WAYS} ways on a sample of the videos ({_MANY}, with
rapidfuzz {_FEW}, and only ways that make at most {_MOST} pairs of all); splink, unsupervised,
finds its weights there by EM. Everyone answers from the threshold on that gives the best F1 there.

s, cpu s    seconds on the clock and of the processor, without reading, tuning and counting
MB          peak memory of all processes (PSS), with everything
T1, T2      video to event, video to talk
at 99.5 %   share of the true links that can be accepted at a precision of 99.5 % (T1)
negatives   share of the videos without their event on record that are answered all the same
first 5     the right event is among the first five"""


def one(name: str, data: str, folder: Path) -> None:
    """Run one method in this process, and tell its figures."""
    if data == "real":
        videos, events, talks = read(folder)
        truth = pd.read_csv(folder / "truth.csv", dtype=str, keep_default_na=False)
        truth = truth[truth.domain.isin(["ruby", "vox"])]
    else:
        videos, events, talks, shown = world(INVENTED)
        truth = frame(shown)
    scorer = load_scorer(folder)
    found: dict[str, Any] = {"tuned": "shipped weights"}
    if name == OURS:
        with measuring.spending() as spent:
            linkings = link(videos, events, talks)
        answers, linked = _answers(linkings), _linked(linkings)
    else:
        its = rivals.task(videos, events, talks)
        gold = _gold(truth, "event_id")
        found["tuned"], work = RIVALS[name](its, lambda some: best_threshold(some, gold, 0)[1])
        with measuring.spending() as spent:
            answers = work()
        linked = frozenset()
    found |= figures(scorer, truth, answers, linked)
    measuring.tell(found, spent)


def _answers(linkings: list[Linking]) -> Answers:
    return {
        each.video_id: [Answer(c.event_id, c.talk_id or "", c.probability) for c in each.candidates]
        for each in linkings
        if each.candidates
    }


def _linked(linkings: list[Linking]) -> frozenset[str]:
    return frozenset(each.video_id for each in linkings if each.outcome is Outcome.AUTO)


def frame(truth: list[Shown]) -> pd.DataFrame:
    """Return the truth of an invented world in the columns of the benchmark."""
    rows = [
        {
            "video_id": shown.video_id,
            "event_id": shown.event_id or "",
            "talk_id": shown.talk_ids[0] if shown.talk_ids else "",
            "alt_talk_ids": "|".join(shown.talk_ids[1:]),
            "t1_eval": "1",
            "t2_eval": "1" if shown.talk_ids or not shown.event_id else "0",
        }
        for shown in truth
    ]
    return pd.DataFrame(rows, dtype=str)


# --- figures ------------------------------------------------------------------


def load_scorer(folder: Path) -> ModuleType:
    """Return the benchmark's scorer, which lies beside its folders."""
    spec = importlib.util.spec_from_file_location("score", folder.parent / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def figures(
    scorer: ModuleType, truth: pd.DataFrame, answers: Answers, linked: frozenset[str]
) -> dict[str, Any]:
    """Return the scorer's figures for answers from the best threshold on, or linked by rule."""
    at = {
        task: best_threshold(answers, _gold(truth, key), place)[0]
        for task, key, place in (("t1", "event_id", 0), ("t2", "talk_id", 1))
    }
    rows, candidates = [], []
    for video_id, found in answers.items():
        if not found:
            continue
        best = found[0]
        row = {"video_id": video_id, "event_id": best.event_id, "talk_id": best.talk_id}
        status = {
            f"status_{task}": "none"
            if best.score < threshold
            else ("auto" if video_id in linked else "review")
            for task, threshold in at.items()
        }
        rows.append(row | {"score": repr(best.score)} | status)
        candidates += [
            (video_id, str(rank), answer.event_id, answer.talk_id)
            for rank, answer in enumerate(found, 1)
        ]
    predicted = pd.DataFrame(rows, dtype=str)
    columns = ["video_id", "rank", "event_id", "talk_id"]
    listed = pd.DataFrame(candidates, columns=columns, dtype=str)
    listed = listed.assign(_r=listed["rank"].astype(int))
    return {
        task: scorer.task(truth, predicted, listed, key)
        for task, key in (("T1", "event_id"), ("T2", "talk_id"))
    }


def _gold(truth: pd.DataFrame, key: str) -> dict[str, set[str]]:
    """Return what is right for each video that counts; nothing, if its event is not on record."""
    counts = truth[truth["t1_eval" if key == "event_id" else "t2_eval"] == "1"]
    others = counts.alt_talk_ids if key == "talk_id" else [""] * len(counts)
    return {
        video_id: {right, *more.split("|")} - {""}
        for video_id, right, more in zip(counts.video_id, counts[key], others, strict=True)
    }


def best_threshold(
    answers: Answers, gold: Mapping[str, set[str]], place: int
) -> tuple[float, float]:
    """Return the score from which on answering gives the best F1, and that F1.

    Counts only the videos that were answered at all, so it serves a sample as well.
    """
    asked = [(found, gold[video_id]) for video_id, found in answers.items() if video_id in gold]
    positives = sum(bool(right) for _, right in asked)
    rows = sorted(
        (
            (found[0].score, found[0][place] in right)
            for found, right in asked
            if found and found[0][place]
        ),
        reverse=True,
    )
    best, correct = (0.0, 0.0), 0
    for number, (score, right) in enumerate(rows, 1):
        correct += right
        if number == len(rows) or rows[number][0] < score:
            best = max(best, (2 * correct / (number + positives), score))
    return best[1], best[0]


# --- the table ----------------------------------------------------------------

HEAD = (
    f"{'':26} {'s':>7} {'cpu s':>7} {'MB':>6}   {'T1 F1':>6} {'T2 F1':>6} {'at 99.5 %':>9}"
    f" {'negatives':>9} {'first 5':>7}   tuned to"
)


def line(name: str, measured: measuring.Measured) -> str:
    """Return a line of the table."""
    t1, t2, spent = measured.found["T1"], measured.found["T2"], measured.spent
    return (
        f"{name:26} {spent.wall_s:7.1f} {spent.cpu_s:7.1f} {measured.peak_mb:6.0f}"
        f"   {t1['f1']:6.4f} {t2['f1']:6.4f} {t1['cov@99.5%']['coverage']:9.4f}"
        f" {t1['false_match_rate_on_negatives']:9.4f} {t1['recall@5']:7.4f}"
        f"   {measured.found['tuned']}"
    )


def by_rule(measured: measuring.Measured) -> str:
    """Return what our rule linked by its own threshold."""
    t1 = measured.found["T1"]
    return (
        f"    linked by rule at the shipped threshold: {t1['auto_n']},"
        f" precision {t1['auto_precision']}, {t1['auto_coverage']} of those on record,"
        f" {t1['false_auto_rate_on_negatives']} of those not on record"
    )


def missing(name: str) -> list[str]:
    """Return the packages that a method needs and that are not installed."""
    return [each for each in NEEDS.get(name, ()) if importlib.util.find_spec(each) is None]


def side_by_side(data: str, folder: Path, names: list[str]) -> None:
    """Print one table."""
    print(f"\n{TITLES[data]}\n{HEAD}", flush=True)
    for name in names:
        if lacking := missing(name):
            print(f"{name:26} left out: not installed: {', '.join(lacking)}")
            continue
        measured = measuring.measure("tests.bench_rivals", name, data, str(folder))
        print(line(name, measured), flush=True)
        if name == OURS:
            print(by_rule(measured))


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_rivals", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, nargs="?", default=DEV)
    parser.add_argument("--only", metavar="NAME,NAME", help=", ".join([OURS, *RIVALS]))
    parser.add_argument("--data", default=",".join(TITLES))
    parser.add_argument("--one", nargs=2, metavar=("NAME", "DATA"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if not (given.folder.parent / "score.py").is_file():
        parser.exit(2, f"left out: no benchmark with its scorer at {given.folder}\n")
    if given.one:
        name, data = given.one
        one(name, data, given.folder)
        return
    print(EXPLAINED)
    names = given.only.split(",") if given.only else [OURS, *RIVALS]
    for data in given.data.split(","):
        side_by_side(data, given.folder, names)


if __name__ == "__main__":
    main()
