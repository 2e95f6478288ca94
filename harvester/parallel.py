"""Several processes for work that is worth it.

In:   a function and its tasks.
Out:  the results in the order of the tasks, the same as those of map.

The processes are forked when the work begins, so they share all that is in
memory by then, and only tasks and results travel.  Where there is no fork, or
one processor, or only one task, it is map.
"""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

_WORTH_IT = 5_000  # videos from which several processes are
_TOO_MANY = 400_000  # above, each process would need gigabytes: what it reads, it copies

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

_function: Callable[[Any], Any] | None = None  # what forked processes are to do


def suited(
    videos: int,
) -> Callable[[Callable[[_Task], _Result], Iterable[_Task]], Iterable[_Result]]:
    """Return what links so many videos soonest without taking more memory than there is."""
    return mapper() if _WORTH_IT < videos <= _TOO_MANY else map


def mapper(
    count: int | None = None,
) -> Callable[[Callable[[_Task], _Result], Iterable[_Task]], Iterable[_Result]]:
    """Return a map that shares the tasks among so many processes: one for each processor."""
    processes = count or _processors()

    def over(function: Callable[[_Task], _Result], tasks: Iterable[_Task], /) -> Iterable[_Result]:
        waiting = list(tasks)
        at_once = min(processes, len(waiting))
        if at_once < 2 or "fork" not in multiprocessing.get_all_start_methods():
            return map(function, waiting)
        return _forked(function, waiting, at_once)

    return over


@contextmanager
def collecting_later() -> Iterator[None]:
    """Collect no garbage until the end: of millions of new objects that stay, there is none."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _processors() -> int:
    """Return how many processors this process may use, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _forked(
    function: Callable[[_Task], _Result], tasks: list[_Task], processes: int
) -> Iterator[_Result]:
    global _function
    gc.freeze()  # or collecting garbage would touch, and so copy, all that is shared
    _function = function
    try:
        with ProcessPoolExecutor(
            processes, multiprocessing.get_context("fork"), initializer=gc.disable
        ) as pool:
            yield from pool.map(_call, tasks)
    finally:
        _function = None
        gc.unfreeze()


def _call(task: Any) -> Any:
    assert _function is not None
    return _function(task)
