"""Measure `harvester run` as a whole: a real channel's worth of videos, events and talks.

    python -m tests.bench_run ../shared/bench/dev [--latency-ms 0]

The stand-in serves all videos of the folder as one channel in a process of its
own; `harvester run` is started twice, as cron would.  Prints for each run the
time, the peak memory, the quota units and what was matched.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """One run from outside: seconds on the wall and on the processor, peak memory in MiB."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    summary: str


@contextmanager
def serving(videos: Path, *, latency_ms: float = 0) -> Iterator[tuple[str, str, str]]:
    """Yield address, channel id and key of a stand-in in a process of its own."""
    command = [sys.executable, "-m", "tests.standin", "--videos", str(videos)]
    process = subprocess.Popen(
        [*command, "--latency-ms", str(latency_ms)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        address, channel, key = process.stdout.readline().split()
        yield address, channel, key
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def harvester(*arguments: str, environment: dict[str, str]) -> Measured:
    """Run the program and measure it; raises CalledProcessError if it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "harvester", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as out:
        said = out.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "harvester")
    return Measured(
        wall_s=wall_s,
        cpu_s=usage.ru_utime + usage.ru_stime,
        peak_mib=usage.ru_maxrss / (1 if sys.platform == "darwin" else 1024),
        summary=said.strip(),
    )


def measure(folder: Path, *, latency_ms: float = 0) -> list[Measured]:
    """Return the first run and the second, with nothing changed in between."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving(folder / "videos.csv", latency_ms=latency_ms) as (address, channel, key),
    ):
        environment = {
            "YOUTUBE_API_KEY": key,
            "HARVESTER_YOUTUBE__API_ENDPOINT": address,
            "HARVESTER_CHANNELS": json.dumps([{"id": channel}]).replace('"id":', "id ="),
            "HARVESTER_EVENTS__SOURCES": json.dumps(
                [str((folder / name).resolve()) for name in ("events.csv", "talks.csv")]
            ),
            "HARVESTER_DATABASE__URL": f"sqlite:///{scratch}/bench.db",
        }
        return [harvester("run", environment=environment) for _ in range(2)]


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_run", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path)
    parser.add_argument("--latency-ms", type=float, default=0)
    given = parser.parse_args()
    for measured in measure(given.folder, latency_ms=given.latency_ms):
        print(
            f"{measured.wall_s:.1f} s, {measured.cpu_s:.1f} s of processor,"
            f" {measured.peak_mib:.0f} MiB at most: {measured.summary}"
        )


if __name__ == "__main__":
    main()
