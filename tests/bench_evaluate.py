"""Measure the linkage as a user would: `harvester evaluate` on a harvested channel.

    python -m tests.bench_evaluate [FOLDER]

The stand-in serves the folder's videos as one channel; they are harvested into a
database with the folder's events and talks, and the truth is held against what
the linkage makes of them.  Prints the figures that the command prints, not the
errors, which name other people's videos; and how long it took.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench_linkage import DEV
from tests.bench_run import harvester, serving

_WIDTH = "132"  # columns of the page


def harvested(folder: Path, database: Path) -> dict[str, str]:
    """Fill a database with a folder's channel and records; return the environment for it."""
    with serving(folder / "videos.csv") as (address, channel, key):
        environment = {
            "YOUTUBE_API_KEY": key,
            "HARVESTER_YOUTUBE__API_ENDPOINT": address,
            "HARVESTER_CHANNELS": f"[{{id = {json.dumps(channel)}}}]",
            "HARVESTER_DATABASE__URL": f"sqlite:///{database}",
        }
        harvester("harvest", environment=environment)
    records = [str(folder / name) for name in ("events.csv", "talks.csv")]
    harvester("events", "add", *records, environment=environment)
    return environment


def main() -> None:
    """Harvest, evaluate, and print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEV
    with tempfile.TemporaryDirectory() as scratch:
        environment = harvested(folder, Path(scratch) / "channel.db")
        command = ["evaluate", str(folder / "truth.csv"), "--ablation"]
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "harvester", *command],
            env={**os.environ, **environment, "COLUMNS": _WIDTH},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        seconds = time.perf_counter() - start
    figures, _, _ = done.stdout.partition("\nThe worst ")
    print("\n".join(line.rstrip() for line in figures.splitlines()))
    print(f"\nharvester evaluate … --ablation took {seconds:.0f} s")


if __name__ == "__main__":
    main()
