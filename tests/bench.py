"""Run every measurement and write docs/benchmarks.md with what came out.

    python -m tests.bench [FOLDER]      FOLDER: videos, events, talks and truth as CSV

Each figure on the page was printed by the command that stands above it.
"""

import datetime as dt
import os
import platform
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
SHARED = Path("../shared/bench/dev")

HEAD = """# Benchmarks

Written by `make bench` on {day}: {cores} cores, Python {python}, {system}.
Absolute seconds vary with the machine and its load; the ratios do not much.
"""


def sections(folder: Path) -> list[tuple[str, str, list[str]]]:
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
                "The same videos against the truth. T1: video to event, T2: video to talk. In"
                " sample: the weights were fitted on these videos; config/linkage.toml has the"
                " figures out of fold by series, and those flatter as well.",
                ["tests.bench_linkage", str(folder)],
            ),
        ]
    return parts


def main() -> None:
    """Measure and write."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    today = dt.datetime.now(dt.UTC)
    page = [
        HEAD.format(
            day=f"{today:%Y-%m-%d}",
            cores=os.cpu_count(),
            python=platform.python_version(),
            system=platform.system(),
        )
    ]
    for title, about, command in sections(folder):
        print(f"{title} …", file=sys.stderr)
        done = subprocess.run(
            [sys.executable, "-m", *command], capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
        shown = " ".join(command)
        page.append(
            f"## {title}\n\n{about}\n\n```\n$ python -m {shown}\n{done.stdout.rstrip()}\n```\n"
        )
    (DOCS / "benchmarks.md").write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main()
