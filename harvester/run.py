"""Use case: one run, from the lock to its row in `runs`.

A run takes the lock, writes its row, does its parts one after the other, and
completes the row whatever happened.  A part that fails does not keep the next
from working on what is there: after a used-up quota the videos that came in are
still linked.  The first error is raised at the end, so that its exit code is
the run's.
"""

import datetime as dt
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from harvester.errors import (
    HarvesterError,
    Interrupted,
    QuotaExhausted,
    RunInProgress,
    TryLater,
    Unavailable,
)
from harvester.harvest import Policy, Progress, harvest
from harvester.intake import load
from harvester.link import LinkCounts, link
from harvester.linkage import Model
from harvester.settings import Settings, channel_references
from harvester.store import reads, writes
from harvester.store.database import Database
from harvester.store.writes_videos import Saved
from harvester.youtube import quota
from harvester.youtube.client import YouTube

Clock = Callable[[], dt.datetime]
Spend = Callable[[str, int], None]

log = structlog.get_logger(__name__)


@dataclass
class Tally:
    """What a run did so far."""

    run_id: int
    saved: Saved = field(default_factory=Saved)
    linked: LinkCounts | None = None
    loaded: list[str] = field(default_factory=list)  # event sources with something new, in words
    units: int = 0

    def summary(self) -> str:
        """Return the run in one line."""
        parts = [
            f"run {self.run_id}: {self.saved.new} new, {self.saved.changed} changed,"
            f" {self.saved.gone} gone, {self.saved.back} back again",
            *self.loaded,
        ]
        if self.linked is not None:
            parts.append(
                f"{self.linked.matched} matched, {self.linked.to_review} to review,"
                f" {self.linked.unmatched} without event"
            )
        parts.append(f"{self.units} quota unit{'s' if self.units != 1 else ''}")
        return "; ".join(parts)


class Stop:
    """A wish that a run should end soon, taken up where nothing is half done.

    A signal must not raise where it comes: in the midst of a transaction the driver of the
    database would be left in the midst of a word with its server.
    """

    def __init__(self) -> None:
        self._reason = ""
        self._wishes: queue.SimpleQueue[bool] = queue.SimpleQueue()

    def ask(self, reason: str) -> None:
        """Wish it, for a reason that people will read.  A signal handler may call it."""
        self._reason = reason
        self._wishes.put(True)

    def check(self) -> None:
        """Raise Interrupted if somebody wished it."""
        if self._reason:
            raise Interrupted(self._reason)

    @contextmanager
    def closing(self, client: YouTube) -> Iterator[None]:
        """Close the client when somebody wishes it, so that no silence of YouTube is waited for."""

        def watch() -> None:
            if self._wishes.get():
                client.close()

        # not in the handler: it may have come between two steps that hold the client's own lock
        watcher = threading.Thread(target=watch, name="stop", daemon=True)
        watcher.start()
        try:
            yield
        except Interrupted:
            self.check()
            raise
        finally:
            self._wishes.put(False)
            watcher.join()
            client.close()


class QuotaLedger:
    """Counts every try in the database before it is sent, and refuses what the day cannot bear.

    Safe to be called by several threads.  The day is the Pacific one at the time of the try.
    """

    def __init__(
        self, database: Database, *, run_id: int, limits: dict[str, int], clock: Clock
    ) -> None:
        self._database, self._run_id, self._limits, self._clock = database, run_id, limits, clock
        self._lock = threading.Lock()
        self._day = ""
        self._used: dict[str, int] = {}
        self.units = 0

    def spend(self, bucket: str, units: int) -> None:
        """Count one try.  Raises QuotaExhausted if it would go beyond the day's limit."""
        now = self._clock()
        day = quota.pacific_day(now)
        with self._lock:
            if day != self._day:
                with self._database.read() as session:
                    self._day, self._used = day, reads.quota_used(session, day=day)
            used = self._used.get(bucket, 0)
            limit = self._limits.get(bucket)
            if limit is not None and used + units > limit:
                raise QuotaExhausted(
                    bucket=bucket,
                    resets_at=quota.resets_at(now),
                    said_by=f"our own ledger: {used} of {limit} units spent",
                )
            with self._database.write() as session:
                writes.count_try(session, day=day, bucket=bucket, units=units, run_id=self._run_id)
            self._used[bucket] = used + units
            self.units += units


@contextmanager
def recorded(database: Database, *, command: str, holder: str, clock: Clock) -> Iterator[Tally]:
    """Hold the lock and a row in `runs` while the body works.

    Raises RunInProgress, after noting the refusal, if another run is at work.
    """
    database.ensure()
    try:
        with database.exclusive():
            with database.write() as session:
                run_id = writes.start_run(session, command=command, holder=holder, now=clock())
            tally = Tally(run_id)
            try:
                yield tally
            except BaseException as error:
                _finish(database, tally, clock, error)
                raise
            _finish(database, tally, clock, None)
    except RunInProgress as refusal:
        with database.write() as session:
            writes.refuse_run(
                session, command=command, holder=holder, now=clock(), message=str(refusal)
            )
        raise


def _finish(database: Database, tally: Tally, clock: Clock, error: BaseException | None) -> None:
    outcome, exit_code = _outcome(error)
    message = tally.summary() if error is None else f"{tally.summary()}; {_named(error)}"
    try:
        with database.write() as session:
            writes.finish_run(
                session,
                tally.run_id,
                outcome=outcome,
                exit_code=exit_code,
                message=message,
                saved=tally.saved,
                matched=tally.linked.matched if tally.linked else None,
                to_review=tally.linked.to_review if tally.linked else None,
                now=clock(),
            )
    except Unavailable as trouble:
        # the database itself went away: the next run marks this one as interrupted
        log.error("cannot complete the row of the run", run_id=tally.run_id, cause=str(trouble))


def _outcome(error: BaseException | None) -> tuple[str, int]:
    match error:
        case None:
            return "done", 0
        case Interrupted():
            return "interrupted", error.exit_code
        case TryLater() | Unavailable():
            return "partial", error.exit_code
        case HarvesterError():
            return "failed", error.exit_code
        case KeyboardInterrupt():
            return "interrupted", Interrupted.exit_code
        case _:
            return "failed", HarvesterError.exit_code


def _named(error: BaseException) -> str:
    return str(error) if isinstance(error, HarvesterError) else f"bug: {type(error).__name__}"


def run(
    *,
    command: str,
    parts: Sequence[str] = ("harvest", "events", "link"),
    settings: Settings,
    database: Database,
    youtube: Callable[[Spend], YouTube],
    model: Model,
    clock: Clock,
    holder: str,
    full: bool = False,
    progress: Callable[[Progress], None] | None = None,
    stop: Stop | None = None,
) -> Tally:
    """Do the parts of a run and return what came of it.

    `youtube` makes the client, given what counts its tries; it is called only if
    the part "harvest" is wanted.  Raises the first error after all parts were tried,
    but Interrupted at once.
    """
    stop = stop or Stop()
    with recorded(database, command=command, holder=holder, clock=clock) as tally:
        now = clock()
        failed: list[HarvesterError] = []

        def harvest_channels() -> None:
            ledger = QuotaLedger(
                database, run_id=tally.run_id, limits=limits(settings), clock=clock
            )
            client = youtube(ledger.spend)
            try:
                with stop.closing(client):
                    harvest(
                        channel_references(settings),
                        youtube=client,
                        database=database,
                        run_id=tally.run_id,
                        now=now,
                        policy=policy(settings, full=full),
                        saved=tally.saved,
                        progress=progress,
                    )
            finally:
                tally.units = ledger.units

        def load_events() -> None:
            for source, loaded in load(settings.events.sources, database=database, now=now).items():
                if loaded.new or loaded.changed or loaded.withdrawn or loaded.back:
                    tally.loaded.append(f"{Path(source).name}: {loaded.summary()}")

        def link_videos() -> None:
            tally.linked = link(
                database=database,
                model=model,
                run_id=tally.run_id,
                now=now,
                full=full,
                decide=settings.linkage.decide == "rule",
            )

        work = {"harvest": harvest_channels, "events": load_events, "link": link_videos}
        for part in parts:
            stop.check()
            log.info("a part of the run begins", part=part, run_id=tally.run_id)
            try:
                work[part]()
            except Interrupted:
                raise
            except HarvesterError as error:
                log.info("a part of the run failed", part=part, cause=str(error))
                failed.append(error)
        if failed:
            for further in failed[1:]:
                log.error(str(further))
            raise failed[0]
    return tally


def policy(settings: Settings, *, full: bool = False) -> Policy:
    """Return how the settings want channels harvested."""
    youtube = settings.youtube
    return Policy(
        refresh_days=youtube.refresh_days,
        young_days=youtube.young_days,
        young_hours=youtube.young_hours,
        workers=youtube.workers,
        full=full,
    )


def limits(settings: Settings) -> dict[str, int]:
    """Return the units of a day by bucket."""
    return {"main": settings.youtube.daily_quota, "search": settings.youtube.daily_search_quota}
