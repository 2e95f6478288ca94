"""A run: its lock, its row whatever happens, and the ledger of the quota."""

import datetime as dt
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from harvester import settings as settings_module
from harvester.errors import (
    ApiUnavailable,
    BadInput,
    HarvesterError,
    Interrupted,
    KeyRefused,
    QuotaExhausted,
    RunInProgress,
)
from harvester.harvest import Progress
from harvester.run import QuotaLedger, Spend, Stop, Tally, run
from harvester.store import reads, schema, writes
from harvester.store.database import Database
from harvester.youtube.client import YouTube
from tests.build import CHANNEL_ID, NOW
from tests.processes import Program
from tests.standin.faults import Fault, Request
from tests.standin.server import StandIn
from tests.standin.world import Channel
from tests.tables import rows
from tests.zwk_linking import MODEL

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def channel(standin: StandIn) -> Channel:
    channel = standin.world.channel(id=CHANNEL_ID, handle="@test", title="Ein Kanal")
    channel.upload(
        "demo-forum-01",
        title="Zukunftsforum Musterhausen 2023",
        published_at="2023-09-20T08:00:00Z",
        duration="PT2H",
    )
    channel.upload_many(119)
    return channel


@pytest.fixture
def events(tmp_path: Path) -> Path:
    file = tmp_path / "events.csv"
    file.write_text(
        "event_id,title,start_date\nforum-2023,Zukunftsforum Musterhausen 2023,2023-09-14\n",
        encoding="utf-8",
    )
    return file


class Runs:
    """Runs the use case on the stand-in, an hour later each time."""

    def __init__(self, standin: StandIn, database: Database, events: Path) -> None:
        self.standin, self.database, self.events, self.count = standin, database, events, 0

    def __call__(
        self,
        *,
        parts: Sequence[str] = ("harvest", "events", "link"),
        key: str | None = None,
        youtube: Callable[[Spend], YouTube] | None = None,
        full: bool = False,
        attempts: int = 1,
        stop: Stop | None = None,
        progress: Callable[[Progress], None] | None = None,
        **settings: Any,
    ) -> Tally:
        self.count += 1
        now = NOW + self.count * HOUR
        self.standin.quota.set_time(now)
        given = settings_module.load(
            environment={},
            overrides={
                "channels": [{"id": CHANNEL_ID}],
                "events.sources": [str(self.events)],
                **{f"youtube.{name}": value for name, value in settings.items()},
            },
        ).settings

        def client(spend: Spend) -> YouTube:
            return YouTube(
                api_key=key or self.standin.api_key,
                endpoint=self.standin.address,
                timeout_s=10,
                attempts=attempts,
                spend=spend,
                backoff=False,
            )

        return run(
            command="run",
            parts=parts,
            settings=given,
            database=self.database,
            youtube=youtube or client,
            model=MODEL,
            clock=lambda: now,
            holder=f"process {self.count} on test",
            full=full,
            progress=progress,
            stop=stop,
        )

    @property
    def last(self) -> dict[str, Any]:
        """The newest row of the view `runs`."""
        with self.database.read() as session:
            newest, *_ = reads.view(session, "runs")
            return newest

    @property
    def outcomes(self) -> list[str]:
        """How the runs ended, in their order."""
        return rows(self.database, schema.Run, "outcome")

    @property
    def videos(self) -> int:
        return len(rows(self.database, schema.Video, "video_id"))


@pytest.fixture
def runs(standin: StandIn, database: Database, events: Path, channel: Channel) -> Runs:
    return Runs(standin, database, events)


# --- the row ------------------------------------------------------------------


def test_a_run_that_went_well_is_done_and_says_what_it_did(runs: Runs, standin: StandIn) -> None:
    tally = runs()

    row = runs.last
    assert (row["outcome"], row["exit_code"], row["command"]) == ("done", 0, "run")
    assert (row["new_videos"], row["changed_videos"], row["gone_videos"]) == (120, 0, 0)
    assert (row["matched"], row["to_review"]) == (1, 0)
    assert row["quota_units"] == standin.count() == tally.units
    assert row["holder"] == "process 1 on test"
    assert row["started_at"] == row["finished_at"] == NOW + HOUR
    assert row["message"] == tally.summary()
    assert "events.csv: 1 new" in row["message"]


def test_a_run_without_linking_leaves_its_numbers_empty(runs: Runs) -> None:
    runs(parts=("harvest",))

    assert (runs.last["matched"], runs.last["to_review"]) == (None, None)


@pytest.mark.parametrize(
    ("fault", "error", "outcome", "exit_code", "said"),
    [
        (Fault.QUOTA_EXCEEDED, QuotaExhausted, "partial", 75, "it resets at 2026-11-23 08:00 UTC"),
        (Fault.UNAVAILABLE, ApiUnavailable, "partial", 69, "try again later"),
        (Fault.CUT, ApiUnavailable, "partial", 69, "try again later"),
        (Fault.BAD_KEY, KeyRefused, "failed", 77, "YouTube does not take the API key"),
        (Fault.API_DISABLED, KeyRefused, "failed", 77, "YouTube does not take the API key"),
    ],
)
def test_trouble_in_the_middle_is_in_the_row_beside_what_was_done(
    runs: Runs,
    standin: StandIn,
    fault: Fault,
    error: type[HarvesterError],
    outcome: str,
    exit_code: int,
    said: str,
) -> None:
    standin.faults.add(fault, method="playlistItems.list", nth=2, times=100)

    with pytest.raises(error):
        runs()

    row = runs.last
    assert (row["outcome"], row["exit_code"]) == (outcome, exit_code)
    assert said in row["message"]
    assert row["message"].startswith("run 1: ")
    assert row["quota_units"] == standin.count()
    assert row["new_videos"] == runs.videos
    # what came in is linked to what is on record: the later parts do not wait for a better day
    assert row["matched"] is not None
    assert rows(runs.database, schema.Event, "event_id") == ["forum-2023"]


def test_a_refused_run_is_noted_with_who_held_the_lock(runs: Runs) -> None:
    runs()
    with runs.database.write() as session:
        writes.start_run(session, command="run", holder="process 7 on other", now=NOW + 2 * HOUR)

    with (
        runs.database.exclusive(),
        closing(Database(runs.database.url)) as other,
        pytest.raises(RunInProgress, match="process 7 on other, `harvester run` since"),
    ):
        Runs(runs.standin, other, runs.events)()

    row = runs.last
    assert (row["outcome"], row["exit_code"]) == ("refused", 75)
    assert "process 7 on other" in row["message"]
    assert runs.outcomes == ["done", "running", "refused"]


def test_a_bug_is_in_the_row_by_its_kind_and_frees_the_lock(runs: Runs) -> None:
    def broken(_spend: Spend) -> YouTube:
        raise ZeroDivisionError("with details that may be secret")

    with pytest.raises(ZeroDivisionError):
        runs(youtube=broken)

    row = runs.last
    assert (row["outcome"], row["exit_code"]) == ("failed", 70)
    assert row["message"].endswith("; bug: ZeroDivisionError")
    runs()
    assert runs.outcomes == ["failed", "done"]


def test_a_keyboard_interrupt_is_an_interrupted_run(runs: Runs) -> None:
    def impatient(_spend: Spend) -> YouTube:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runs(youtube=impatient)

    assert (runs.last["outcome"], runs.last["exit_code"]) == ("interrupted", 75)
    assert rows(runs.database, schema.Event, "event_id") == []  # no later part was begun


def test_the_first_error_decides_and_a_later_one_is_told(runs: Runs, standin: StandIn) -> None:
    standin.faults.add(Fault.UNAVAILABLE, times=100)
    runs.events.write_text("event_id,title\n,x\n", encoding="utf-8")

    with capture_logs() as lines, pytest.raises(ApiUnavailable):
        runs()

    [told] = [line["event"] for line in lines if line["log_level"] == "error"]
    assert "events.csv, line 2, event_id" in told
    assert runs.last["exit_code"] == 69
    assert runs.last["matched"] == 0  # linked all the same


def test_bad_event_records_do_not_keep_videos_out(runs: Runs) -> None:
    runs.events.write_text("event_id,title\n,x\n", encoding="utf-8")

    with pytest.raises(BadInput, match=r"events\.csv, line 2, event_id"):
        runs()

    row = runs.last
    assert (row["outcome"], row["exit_code"]) == ("failed", 65)
    assert (row["new_videos"], row["matched"]) == (120, 0)


# --- quota --------------------------------------------------------------------


def ledger(
    database: Database, *, limits: dict[str, int], clock: Callable[[], dt.datetime] = lambda: NOW
) -> QuotaLedger:
    with database.write() as session:
        run_id = writes.start_run(session, command="run", holder="a test", now=NOW)
    return QuotaLedger(database, run_id=run_id, limits=limits, clock=clock)


def used(database: Database) -> list[tuple[str, str, int, int]]:
    columns = ("day", "bucket", "calls", "units")
    return rows(database, schema.QuotaUse, *columns)


def test_many_threads_never_spend_more_than_the_day_bears(database: Database) -> None:
    ledger(database, limits={"main": 100}).spend("main", 20)  # an earlier run of this day
    this = ledger(database, limits={"main": 100})
    ready = threading.Barrier(8)

    def spend() -> int:
        ready.wait()
        spent = 0
        for _ in range(15):
            try:
                this.spend("main", 1)
            except QuotaExhausted:
                break
            spent += 1
        return spent

    with ThreadPoolExecutor(8) as pool:
        spent = sum(each.result() for each in [pool.submit(spend) for _ in range(8)])

    assert spent == this.units == 80
    assert used(database) == [("2026-11-22", "main", 1, 20), ("2026-11-22", "main", 80, 80)]


def test_a_call_that_would_go_beyond_the_limit_is_not_counted(database: Database) -> None:
    this = ledger(database, limits={"main": 60})
    this.spend("main", 50)

    with pytest.raises(QuotaExhausted, match=r"our own ledger: 50 of 60 units spent"):
        this.spend("main", 50)

    this.spend("main", 10)
    assert this.units == 60


def test_each_bucket_has_a_limit_of_its_own(database: Database) -> None:
    this = ledger(database, limits={"main": 1, "search": 1})

    this.spend("main", 1)
    this.spend("search", 1)

    with pytest.raises(QuotaExhausted, match="'search'"):
        this.spend("search", 1)


@pytest.mark.parametrize(
    ("before", "after", "days"),
    [
        ("2026-11-22T07:59:59+00:00", "2026-11-22T08:00:00+00:00", ("2026-11-21", "2026-11-22")),
        # in summer Pacific midnight is an hour earlier
        ("2026-07-01T06:59:59+00:00", "2026-07-01T07:00:00+00:00", ("2026-06-30", "2026-07-01")),
    ],
)
def test_a_new_day_begins_at_pacific_midnight_also_in_the_midst_of_a_run(
    database: Database, before: str, after: str, days: tuple[str, str]
) -> None:
    times = [before, before, after, after]
    this = ledger(
        database, limits={"main": 1}, clock=lambda: dt.datetime.fromisoformat(times.pop(0))
    )
    this.spend("main", 1)
    with pytest.raises(QuotaExhausted):
        this.spend("main", 1)

    this.spend("main", 1)

    with pytest.raises(QuotaExhausted):
        this.spend("main", 1)
    assert [row[:2] for row in used(database)] == [(days[0], "main"), (days[1], "main")]


def test_every_try_is_counted_also_those_that_fail(runs: Runs, standin: StandIn) -> None:
    standin.faults.add(Fault.UNAVAILABLE, method="playlistItems.list", nth=1, times=2)

    tally = runs(attempts=3)

    assert tally.units == standin.count() == runs.last["quota_units"]
    assert standin.count("playlistItems.list") >= 2 + 3


def test_a_lower_limit_holds_for_what_earlier_runs_of_the_day_spent(
    runs: Runs, standin: StandIn
) -> None:
    units = runs().units
    standin.forget()

    with pytest.raises(QuotaExhausted, match=f"{units} of {units} units spent"):
        runs(daily_quota=units, full=True)

    assert standin.count() == 0
    assert runs.last["quota_units"] == 0


def test_runs_with_little_quota_get_there_bit_by_bit(runs: Runs, standin: StandIn) -> None:
    with pytest.raises(QuotaExhausted):
        runs(daily_quota=3)
    assert standin.count() == 3
    first = runs.videos

    runs()

    assert first < 120
    assert runs.videos == 120
    assert runs.outcomes == ["partial", "done"]


# --- processes ----------------------------------------------------------------


@pytest.fixture
def program(tmp_path: Path, standin: StandIn, database: Database, channel: Channel) -> Program:
    return Program(tmp_path, standin, database=database.url, channel=CHANNEL_ID)


def silence(standin: StandIn, method: str) -> threading.Event:
    """Let the stand-in keep silent to a method; the event is set when it was asked."""
    asked = threading.Event()

    def when(request: Request) -> bool:
        if request.method == method:
            asked.set()
        return request.method == method

    standin.faults.add(Fault.SILENCE, when=when, times=1000)
    return asked


@pytest.mark.parametrize(
    ("database", "method", "told"),
    [
        ("sqlite", "channels.list", "SIGTERM"),
        ("sqlite", "playlistItems.list", "SIGINT"),
        ("postgresql", "playlistItems.list", "SIGTERM"),
        ("postgresql", "videos.list", "SIGTERM"),
    ],
    indirect=["database"],
)
def test_a_signal_ends_a_run_at_once_and_the_next_one_completes_it(
    program: Program, runs: Runs, standin: StandIn, method: str, told: str
) -> None:
    asked = silence(standin, method)
    with program.start("run") as process:
        assert asked.wait(30)

        process.send_signal(signal.Signals[told])

        # YouTube is silent and would be waited for half a minute
        _, stderr = process.communicate(timeout=15)
    assert process.returncode == 75, stderr
    assert stderr.startswith(f"harvester: asked to stop ({told})")
    assert len(stderr.splitlines()) == 1
    assert (runs.last["outcome"], runs.last["exit_code"]) == ("interrupted", 75)
    with runs.database.exclusive():
        pass
    standin.faults.clear()
    runs()
    assert runs.outcomes == ["interrupted", "done"]
    assert runs.videos == 120


def test_a_wish_to_stop_lets_a_transaction_end_and_begins_no_further_part(
    runs: Runs, standin: StandIn
) -> None:
    stop = Stop()
    standin.faults.add(Fault.SILENCE, method="videos.list", nth=2, times=1000)

    def progress(so_far: Progress) -> None:
        if so_far.saved.new:
            stop.ask("enough for today")

    with pytest.raises(Interrupted, match="enough for today"):
        runs(stop=stop, progress=progress)

    row = runs.last
    assert (row["outcome"], row["exit_code"]) == ("interrupted", 75)
    assert row["new_videos"] == runs.videos
    assert runs.videos in (20, 50)  # those of the one answer that came
    # counted before it is sent: what was cut off on its way may be counted, and is never missing
    assert 0 <= row["quota_units"] - standin.count() <= 8
    assert row["matched"] is None
    assert rows(runs.database, schema.Event, "event_id") == []


def test_a_killed_run_is_marked_by_the_next_one_which_completes_it(
    program: Program, runs: Runs, standin: StandIn
) -> None:
    asked = silence(standin, "videos.list")
    with program.start("run") as process:
        assert asked.wait(30)
        process.kill()
    assert runs.outcomes == ["running"]
    standin.faults.clear()

    result = program("run")

    assert result.returncode == 0, result.stderr
    assert runs.outcomes == ["interrupted", "done"]
    assert runs.videos == 120
    with runs.database.read() as session:
        _, killed = reads.view(session, "runs")
    assert killed["message"] == "the process ended without a word; the next run noticed"


def test_of_two_runs_at_once_one_works_and_the_other_names_it(
    program: Program, runs: Runs, standin: StandIn
) -> None:
    gate = threading.Event()
    standin.after("channels.list", lambda: gate.wait(30))

    with (
        program.start("run") as one,
        program.start("run") as two,
        ThreadPoolExecutor(2) as pool,
    ):
        waiting = {pool.submit(each.communicate, timeout=60): each for each in (one, two)}
        done, rest = wait(waiting, timeout=60, return_when=FIRST_COMPLETED)
        [first], [second] = done, rest
        gate.set()
        summary, _ = second.result()

    _, stderr = first.result()
    worker = waiting[second]
    assert (waiting[first].returncode, worker.returncode) == (75, 0)
    # started at the same moment, it may not have written its row yet
    names = (f"process {worker.pid} on", "a process that has not said its name yet")
    assert stderr.startswith(tuple(f"harvester: another run is at work: {name}" for name in names))
    assert "120 new" in summary
    assert sorted(runs.outcomes) == ["done", "refused"]
    assert standin.count("channels.list") == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_run_that_cannot_write_its_summary_has_done_its_work(
    program: Program, runs: Runs
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        result = program("run", stdout=full)

    assert result.returncode == 73
    assert result.stderr == "harvester: cannot write the output: No space left on device\n"
    assert runs.outcomes == ["done"]
