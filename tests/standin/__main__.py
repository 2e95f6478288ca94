"""Serve a world until told to stop: for long tests, measurements and trying things out.

    python -m tests.standin --videos videos.csv --port 8008 --latency-ms 100
    python -m tests.standin --world tests/standin/zwk_channel.yaml --events videos.list:3:503:2

Prints one line, "<address> <channel id> <key>", and ends with SIGTERM or SIGINT.
"""

import argparse
import datetime as dt
import signal
import threading
from pathlib import Path

import yaml

from tests.standin import bench
from tests.standin.faults import Fault
from tests.standin.quota import Quota
from tests.standin.server import StandIn
from tests.standin.world import World


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.standin", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--videos", type=Path, help="a CSV list of videos, all of one channel")
    source.add_argument("--world", type=Path, help="a world in YAML")
    parser.add_argument("--port", type=int, default=0, help="0 for any free one")
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--quota", type=int, help="units a day of the main bucket")
    parser.add_argument(
        "--events",
        nargs="*",
        default=[],
        metavar="METHOD:NTH:KIND[:TIMES]",
        help="faults to come; METHOD may be *, KIND is one of "
        + ", ".join(fault.value for fault in Fault),
    )
    return parser.parse_args()


def main() -> None:
    """Serve what the command line says."""
    given = _arguments()
    if given.videos:
        world = bench.load(given.videos)
    else:
        world = World.load(yaml.safe_load(given.world.read_text(encoding="utf-8")))
    quota = Quota(clock=lambda: dt.datetime.now(dt.UTC))
    if given.quota is not None:
        quota.limit["main"] = given.quota
    standin = StandIn(world, quota=quota, latency_s=given.latency_ms / 1000, port=given.port)
    for event in given.events:
        method, nth, kind, times = (event + ":1").split(":")[:4]
        standin.faults.add(
            Fault(kind), method=None if method == "*" else method, nth=int(nth), times=int(times)
        )
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    with standin:
        print(standin.address, next(iter(world.channels)), standin.api_key, flush=True)
        done.wait()


if __name__ == "__main__":
    main()
