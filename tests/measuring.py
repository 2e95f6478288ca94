"""Seconds, processor time and memory of a measurement, in a process of its own.

A measurement is a module that is run with `--one …` and prints one line of JSON: what it
found, and its own `Spent`.  The memory is that of the process and of all that it started:
the sum of their PSS, in which a page that several share counts once, sampled while they
run, or the process's own high-water mark if that is more.  Where there is no /proc, it is
that mark alone.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_PROC = Path("/proc")
_PAUSE_S = 0.1


@dataclass(slots=True)
class Spent:
    """What a piece of work took, in the process that did it and those it waited for."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    before_mb: float = 0.0  # of memory, at the most, before the work began
    own_mb: float = 0.0  # and in the end


@contextmanager
def spending() -> Iterator[Spent]:
    """Measure what happens inside, in this process; to be told in the end by `tell`."""
    spent = Spent(before_mb=high_water_mb())
    wall, cpu = time.perf_counter(), _processor_s()
    yield spent
    spent.wall_s, spent.cpu_s = time.perf_counter() - wall, _processor_s() - cpu


def tell(found: dict[str, Any], spent: Spent) -> None:
    """Print what a measurement found and spent, for the process that started it."""
    spent.own_mb = high_water_mb()
    print(json.dumps({"found": found, "spent": asdict(spent)}), flush=True)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measurement told, and the memory of all its processes."""

    found: dict[str, Any]
    spent: Spent
    peak_mb: float


def measure(module: str, *arguments: str, timeout_s: float = 7200) -> Measured:
    """Run a module with `--one` and these arguments, and watch its memory."""
    command = [sys.executable, "-m", module, "--one", *arguments]
    ends = time.monotonic() + timeout_s
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        peak, pause = 0.0, _PAUSE_S
        while True:
            try:
                said, complaint = process.communicate(timeout=pause)
                break
            except subprocess.TimeoutExpired:
                if time.monotonic() > ends:
                    process.kill()
                    raise
                began = time.perf_counter()
                peak = max(peak, sum(map(_memory_mb, _family(process.pid))))
                pause = max(_PAUSE_S, 30 * (time.perf_counter() - began))  # watching costs little
    if process.returncode:
        last = complaint.strip().splitlines()[-1:] or [f"exit code {process.returncode}"]
        raise RuntimeError(f"{' '.join(arguments)}: {last[0]}")
    told = json.loads(said.splitlines()[-1])
    spent = Spent(**told["spent"])
    return Measured(told["found"], spent, max(peak, spent.own_mb))


def high_water_mb() -> float:
    """Return the most memory that this process ever had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def _processor_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for folder in _PROC.glob("[0-9]*") if _PROC.is_dir() else ():
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # ended meanwhile
            continue
        children.setdefault(parent, []).append(int(folder.name))
    family = [pid]
    for each in family:
        family += children.get(each, ())
    return family


def _memory_mb(pid: int) -> float:
    try:
        with (_PROC / str(pid) / "smaps_rollup").open() as file:
            sizes = [line.split()[1] for line in file if line.startswith("Pss:")]
    except OSError:
        return 0.0
    return sum(map(int, sizes)) / 1024
