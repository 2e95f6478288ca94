"""Run every measurement and write docs/benchmarks.md with what came out.

    python -m tests.bench [FOLDER] [--only TITLE,TITLE] [--million]

FOLDER holds videos, events, talks and truth as CSV.  With --only, the other parts of the
page stay as they are.  Each figure was printed by the command that stands above it.
"""

import argparse
import datetime as dt
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
SHARED = Path("../shared/bench/dev")

HEAD = """# Benchmarks

Written by `make bench`: {cores} cores, Python {python}, {system}.
Absolute seconds vary with the machine and its load; the ratios do not much.
"""


def sections(folder: Path, *, million: bool = False) -> list[tuple[str, str, list[str]]]:
    """Return title, what is measured, and the command of each part of the page."""
    parts = [
        (
            "Store",
            "100,000 videos written into SQLite, and the same again.",
            ["tests.bench_store"],
        ),
        (
            "Harvest",
            "5,000 videos from the stand-in, which takes 100 ms for each answer.",
            ["tests.bench_harvest"],
        ),
    ]
    parts.append(
        (
            "Killed at any moment",
            "`kill -9` at twenty moments spread over a harvest, each followed by a run to the end;"
            " the database is compared with that of a harvest nobody disturbed.",
            ["tests.soak_kill"],
        )
    )
    if folder.is_dir():
        parts += [
            (
                "A whole run",
                "`harvester run`, started twice like by cron, against the stand-in serving 3,506"
                " real videos of conferences as one channel, with 671 events and 4,623 talks. The"
                " first run brings everything in; the second finds nothing new.",
                ["tests.bench_run", str(folder)],
            ),
            (
                "Linkage",
                "The same videos against the truth, by its own scorer. T1: video to event, T2:"
                " video to talk. The weights were fitted on these videos; the next part has the"
                " figures out of fold.",
                ["tests.bench_linkage", str(folder)],
            ),
            (
                "Accuracy",
                "`harvester evaluate --ablation` on the same channel, harvested: as the model is,"
                " and out of fold by series and by language, with what each kind of evidence adds."
                " What is compared was chosen with these videos at hand, so expect a little less"
                " elsewhere.",
                ["tests.bench_evaluate", str(folder)],
            ),
        ]
    parts.append(
        (
            "Scale",
            "Linking invented worlds (tests/invented.py): series with yearly editions, and meetups,"
            " in five languages; 15 % of the videos show an event that is not on record, 5 % none."
            " The memory is that of all processes (sum of PSS), records included; `before` is what"
            " making the world took. T1: video to event, T2: video to talk. The weights were not"
            " fitted on such worlds.",
            ["tests.bench_scale", *(["--million"] if million else [])],
        )
    )
    parts.append(
        (
            "Linking again",
            "What a linking costs when little changed: real videos and invented ones, stored in"
            " SQLite. A new event, or another model, links all; new videos only what they can"
            " change. Linkings are those whose outcome or evidence was written.",
            ["tests.bench_link_again", str(folder)],
        )
    )
    parts.append(
        (
            "Review pages",
            "Each page of `harvester review` over HTTP, one editor going through the queue, in a"
            " database where 100,000 videos wait. A page is to stay under 100 ms, a decision under"
            " 50 ms, at the 95th percentile.",
            ["tests.bench_pages"],
        )
    )
    if folder.is_dir():
        parts.append(
            (
                "Side by side",
                "Our linkage and what else one might take, on the same data, each in a process of"
                " its own.",
                ["tests.bench_rivals", str(folder)],
            )
        )
    return parts


def measured(title: str, about: str, command: list[str]) -> str:
    """Return a part of the page, with what the command printed."""
    print(f"{title} …", file=sys.stderr)
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    day, shown = dt.datetime.now(dt.UTC).date(), " ".join(command)
    return (
        f"## {title}\n\n{about} Measured on {day}.\n\n"
        f"```\n$ python -m {shown}\n{done.stdout.rstrip()}\n```\n"
    )


def written(page: str) -> dict[str, str]:
    """Return the parts of a page by their titles."""
    return {
        part.partition("\n")[0]: f"## {part.rstrip()}\n"
        for part in re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    }


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--only", metavar="TITLE,TITLE", help="measure only these parts")
    parser.add_argument("--million", action="store_true", help="1,000,000 videos, too")
    given = parser.parse_args()
    only = given.only.split(",") if given.only else None
    path = DOCS / "benchmarks.md"
    parts = written(path.read_text("utf-8")) if only and path.is_file() else {}
    head = HEAD.format(
        cores=os.cpu_count(), python=platform.python_version(), system=platform.system()
    )
    wanted = sections(given.folder, million=given.million)
    for title, about, command in wanted:
        if only is None or title in only:
            parts[title] = measured(title, about, command)
    order = [title for title, _, _ in wanted if title in parts]
    path.write_text("\n".join([head, *(parts[title] for title in order)]), encoding="utf-8")


if __name__ == "__main__":
    main()
