"""Run many random examples of test_harvest_random.py, each time others.

    python -m tests.soak_random [N] [--steps 25] [--seed N]

Prints the seed, which brings the same examples again, though not the same order in which
threads meet.  Ends with 1 at the first example that goes wrong, and shows its steps.
"""

import argparse
import faulthandler
import logging
import random
import sys
import tempfile
import time
from pathlib import Path

import structlog

from tests.test_harvest_random import play

HANG_S = 120.0
"""A soak that is not done with an example for so long shows where it hangs, and ends."""


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak_random", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("examples", nargs="?", type=int, default=500, metavar="N")
    parser.add_argument("--steps", type=int, default=25, help="rules an example")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.ERROR)
    print(f"seed {given.seed}, {given.examples} examples of {given.steps} steps", flush=True)
    started, runs = time.monotonic(), 0

    def ran() -> None:
        nonlocal runs
        runs += 1
        if runs % 1000 == 0:
            print(f"{runs} runs", flush=True)
        faulthandler.dump_traceback_later(HANG_S, exit=True)

    try:
        with tempfile.TemporaryDirectory() as folder:
            play(
                Path(folder),
                ran=ran,
                seed=given.seed,
                max_examples=given.examples,
                stateful_step_count=given.steps,
            )
    except BaseException:
        print(f"not in order: seed {given.seed}", file=sys.stderr)
        raise
    finally:
        faulthandler.cancel_dump_traceback_later()
        print(f"{runs} runs in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
