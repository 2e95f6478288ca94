"""The database: opening, transactions, and the lock of a run, on both engines."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from harvester.errors import (
    BadConfiguration,
    DatabaseUnavailable,
    ExtraMissing,
    RunInProgress,
)
from harvester.store import database as module
from harvester.store import reads, schema, writes
from harvester.store.database import Database
from tests import build

# --- opening ------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "harvester.db",
        "mysql://host/harvester",
        "postgresql+asyncpg://host/harvester",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file.db?mode=ro",
    ],
)
def test_a_url_that_names_no_database_of_ours_is_refused(url: str) -> None:
    with pytest.raises(BadConfiguration, match="sqlite:///"):
        Database(url)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_may_be_named_without_its_driver(scheme: str) -> None:
    with closing(Database(f"{scheme}://host/harvester")) as database:
        assert database.safe_url == f"{scheme}://host/harvester"


def test_a_missing_driver_names_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(ExtraMissing, match=r"zwk-harvester\[postgres\]"):
        Database("postgresql://host/harvester")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:geheim@127.0.0.1:1/harvester",
        "postgresql://ana@127.0.0.1:1/harvester?password=geheim",
    ],
)
def test_a_server_that_does_not_answer_is_named_without_the_password(url: str) -> None:
    with (
        closing(Database(url)) as database,
        pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1.*[Rr]efused") as caught,
        database.read() as session,
    ):
        session.execute(select(1))

    assert "geheim" not in str(caught.value)
    assert "geheim" not in database.safe_url
    assert caught.value.__suppress_context__


def test_a_file_in_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with (
        closing(Database(f"sqlite:///{tmp_path}/missing/x.db")) as database,
        pytest.raises(DatabaseUnavailable, match="is the folder there"),
    ):
        database.ensure()


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("video_id,title\n" * 100)

    with (
        closing(Database(f"sqlite:///{tmp_path}/x.db")) as database,
        pytest.raises(DatabaseUnavailable, match="is this the right file"),
    ):
        database.ensure()


def test_reading_a_file_that_is_not_there_does_not_make_it(tmp_path: Path) -> None:
    with (
        closing(Database(f"sqlite:///{tmp_path}/x.db")) as database,
        pytest.raises(DatabaseUnavailable, match="unable to open"),
        database.read() as session,
    ):
        session.execute(select(1))

    assert list(tmp_path.iterdir()) == []


def test_a_file_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "100% Größe & #1"
    folder.mkdir()

    with closing(Database(f"sqlite:///{folder}/a b.db")) as database:
        database.ensure()
        assert database.check() == []

    assert (folder / "a b.db").exists()


def test_a_relative_file_stays_where_it_was_when_the_program_goes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()

    with closing(Database("sqlite:///x.db")) as database:
        monkeypatch.chdir(tmp_path / "elsewhere")
        database.ensure()

    assert (tmp_path / "x.db").exists()


# --- read and write -----------------------------------------------------------


def count_channels(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(schema.Channel)) or 0


def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), database.read() as session:
        writes.save_channel(session, build.channel(), asked_for="@x", now=build.NOW)

    assert count_channels(database) == 0


def test_a_read_sees_one_snapshot(database: Database) -> None:
    query = select(func.count()).select_from(schema.Channel)

    with database.read() as reading:
        before = reading.scalar(query)
        with database.write() as writing:
            writes.save_channel(writing, build.channel(), asked_for="@x", now=build.NOW)
        after = reading.scalar(query)

    assert (before, after) == (0, 0)
    assert count_channels(database) == 1


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            writes.save_channel(session, build.channel(), asked_for="@x", now=build.NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert count_channels(database) == 0


def test_rows_that_point_to_nothing_are_refused(database: Database, run_id: int) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        writes.save_videos(session, [build.video()], now=build.NOW, run_id=run_id)


def test_writers_that_read_first_wait_for_each_other(database: Database, run_id: int) -> None:
    start = threading.Barrier(4)

    def add() -> None:
        start.wait()
        for _ in range(10):
            with database.write() as session:
                reads.quota_used(session, day="2026-11-22")
                writes.count_try(session, day="2026-11-22", bucket="main", units=1, run_id=run_id)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as session:
        assert reads.quota_used(session, day="2026-11-22") == {"main": 40}


def test_data_that_another_keeps_locked_is_unavailable(
    database: Database, run_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    database.close()  # connections opened from now on have that little patience

    def finish() -> None:
        with database.write() as session:
            session.execute(select(schema.Run).with_for_update())

    with database.write() as session:
        session.execute(select(schema.Run).with_for_update())
        with pytest.raises(DatabaseUnavailable, match="lock"):
            finish()


def test_a_full_disk_is_told_and_keeps_nothing_of_the_step(sqlite_database: Database) -> None:
    large = build.channel(channel_id="UC2", title="x" * 200_000)

    def fill() -> None:
        with sqlite_database.write() as session:
            writes.save_channel(session, build.channel(), asked_for="@x", now=build.NOW)
            session.execute(text("PRAGMA max_page_count = 1"))
            writes.save_channel(session, large, asked_for="@y", now=build.NOW)

    with pytest.raises(DatabaseUnavailable, match=r"full.*make room"):
        fill()

    assert count_channels(sqlite_database) == 0


# --- the schema's state -------------------------------------------------------


def test_ensure_makes_the_tables_of_an_empty_database(empty_database: Database) -> None:
    empty_database.ensure()

    assert empty_database.check() == []


def test_ensure_leaves_a_current_database_alone(database: Database, run_id: int) -> None:
    database.ensure()

    with database.read() as session:
        assert reads.running_holder(session)


def set_revision(database: Database, revision: str) -> None:
    with database.migrating() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision}
        )


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    set_revision(database, "9999")

    with pytest.raises(BadConfiguration, match="newer version of the harvester"):
        database.ensure()
    with pytest.raises(BadConfiguration, match="newer version of the harvester"):
        database.upgrade()


def test_a_view_of_another_version_asks_for_an_upgrade(database: Database) -> None:
    with database.migrating() as connection:
        connection.execute(text("DROP VIEW runs"))
        connection.execute(text("CREATE VIEW runs AS SELECT run_id FROM run"))

    with pytest.raises(BadConfiguration, match="harvester db upgrade"):
        database.ensure()
    assert database.check() == [
        "the view runs is missing or of another version: run `harvester db upgrade`"
    ]
    assert database.upgrade() == []
    assert database.check() == []


def test_somebody_elses_tables_are_not_touched(empty_database: Database) -> None:
    with empty_database.migrating() as connection:
        connection.execute(text("CREATE TABLE video (id INTEGER PRIMARY KEY)"))

    with pytest.raises(BadConfiguration, match="a database of its own"):
        empty_database.ensure()


# --- the lock of a run --------------------------------------------------------


@contextmanager
def other_process(database: Database) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock, until it is killed."""
    program = (
        "import sys, time\n"
        "from harvester.store.database import Database\n"
        f"with Database({database.url!r}).exclusive():\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def try_lock(database: Database) -> None:
    with database.exclusive():
        pass


def test_a_second_taker_of_the_lock_learns_who_holds_it(database: Database) -> None:
    with database.write() as session:
        writes.start_run(
            session, command="run", holder="process 4711 on harvesthost", now=build.NOW
        )

    with other_process(database):
        expected = "process 4711 on harvesthost, `harvester run` since 2026-11-22 09:00 UTC"
        with pytest.raises(RunInProgress, match=expected):
            try_lock(database)


def test_a_lock_whose_holder_has_not_said_its_name_is_held_all_the_same(
    empty_database: Database,
) -> None:
    with (
        empty_database.exclusive(),
        closing(Database(empty_database.url)) as second,
        pytest.raises(RunInProgress, match="a process that has not said its name yet"),
    ):
        try_lock(second)


def is_free(database: Database) -> bool:
    try:
        try_lock(database)
    except RunInProgress:
        return False
    return True


def test_the_lock_of_a_killed_process_is_free(database: Database) -> None:
    with other_process(database) as process:
        assert not is_free(database)

        os.kill(process.pid, signal.SIGKILL)
        process.wait()

        # a file's lock is free at once; a server may take a moment to notice
        pause = threading.Event()
        assert any(is_free(database) or pause.wait(0.02) for _ in range(500))


def test_the_lock_is_free_after_its_holder_left_with_an_error(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.exclusive():
        raise ZeroDivisionError

    try_lock(database)


def test_the_lock_does_not_hinder_reading_and_writing(database: Database) -> None:
    with database.exclusive(), closing(Database(database.url)) as second:
        with second.write() as session:
            writes.save_channel(session, build.channel(), asked_for="@x", now=build.NOW)

        assert count_channels(second) == 1
