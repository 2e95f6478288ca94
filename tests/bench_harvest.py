"""How long harvests take with 100 ms between question and answer.

    python -m tests.bench_harvest [--videos 5000] [--latency-ms 100]

The stand-in runs in a process of its own.  Measured are:

1. the chain of listing pages alone, which is the floor of a first harvest;
2. a first harvest;
3. a refresh of all known videos, 25 days later, by 8 threads and by 1;
4. a full refresh (--full), which lists everything as well, by 8 threads and by 1.

Ends with 1 if a first harvest takes 1.25 times its floor, or 8 threads do not make a
refresh 4 times as fast.
"""

import argparse
import csv
import datetime as dt
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from harvester.harvest import Policy
from harvester.store.database import Database
from harvester.youtube.client import YouTube
from tests.build import NOW
from tests.harvesting import harvest_once

COLUMNS = ("video_id", "title", "description", "published_at", "duration_s", "language")
FIRST = dt.datetime(2012, 1, 1, tzinfo=dt.UTC)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_harvest", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--videos", type=int, default=5000)
    parser.add_argument("--latency-ms", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder / "videos.csv", given.videos)
        command = [sys.executable, "-m", "tests.standin", "--videos", str(folder / "videos.csv")]
        command += ["--latency-ms", str(given.latency_ms), "--quota", "1000000"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as standin:
            assert standin.stdout is not None
            address, channel_id, api_key = standin.stdout.readline().split()
            try:
                is_fast = _measure(folder, address, channel_id, api_key, given.videos)
            finally:
                standin.terminate()
    sys.exit(not is_fast)


def _write(file: Path, videos: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as target:
        rows = csv.writer(target)
        rows.writerow(COLUMNS)
        for number in range(videos):
            at = FIRST + dt.timedelta(hours=number)
            title, text = f"Vortrag Nummer {number}", f"Worum es geht. {number} " * 40
            rows.writerow([f"bench{number:06}", title, text, at.isoformat(), 600 + number, "de"])


def _measure(folder: Path, address: str, channel_id: str, api_key: str, videos: int) -> bool:
    known = folder / "known.db"

    def run(file: Path, days: float, **policy: bool | int) -> tuple[float, int]:
        """Return the seconds and quota units of a harvest so many days after the first."""
        with closing(Database(f"sqlite:///{file}")) as database:
            database.ensure()
            units = _Units()
            now = NOW + dt.timedelta(days=days)
            started = time.monotonic()
            harvest_once(
                database,
                channel_id,
                address=address,
                api_key=api_key,
                now=now,
                policy=Policy(**policy),  # type: ignore[arg-type]
                spent=units.add,
            )
            return time.monotonic() - started, units.sum

    def compare(name: str, days: float, **policy: bool) -> float:
        seconds = {}
        for workers in (8, 1):
            copy = folder / f"copy{workers}.db"
            shutil.copy(known, copy)
            seconds[workers], units = run(copy, days, workers=workers, **policy)
            print(f"{name}, {workers} threads: {seconds[workers]:6.1f} s, {units} units")
        print(f"{name}: {seconds[1] / seconds[8]:.1f} times as fast")
        return seconds[1] / seconds[8]

    floor = _floor(address, channel_id, api_key)
    print(f"{videos} videos; the chain of listing pages alone: {floor:.1f} s")
    first, units = run(known, 0)
    print(f"first harvest: {first:.1f} s ({first / floor:.2f} times the chain), {units} units")
    nothing, units = run(known, 1)
    print(f"nothing new: {nothing:.2f} s, {units} units")
    listed, units = run(known, 20)
    print(f"all uploads listed again after 20 days: {listed:.1f} s, {units} units")
    gain = compare("refresh after 25 days", 25.5)
    compare("full refresh (--full)", 2.0, full=True)
    return first < 1.25 * floor and gain >= 4


def _floor(address: str, channel_id: str, api_key: str) -> float:
    youtube = YouTube(
        api_key=api_key,
        endpoint=address,
        timeout_s=30,
        attempts=1,
        spend=lambda bucket, units: None,
    )
    with closing(youtube):
        started = time.monotonic()
        for _ in youtube.pages(
            "playlistItems.list",
            part="snippet,contentDetails,status",
            playlistId="UU" + channel_id[2:],
            maxResults=50,
        ):
            pass
        return time.monotonic() - started


class _Units:
    def __init__(self) -> None:
        self.sum = 0

    def add(self, units: int) -> None:
        self.sum += units


if __name__ == "__main__":
    main()
