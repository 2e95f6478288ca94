"""Migrations: from nothing to the models, all of it or nothing, on both engines."""

import logging
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import stamina
from alembic import command
from sqlalchemy import CheckConstraint, inspect, text

from db.new_migration import write as write_migration
from harvester import resources
from harvester.errors import BadConfiguration, DatabaseUnavailable
from harvester.records import Outcome
from harvester.store import migrate, reads, writes
from harvester.store.database import Database
from harvester.store.schema import Base
from tests import build

Migration = Callable[[str], None]


@pytest.fixture
def db_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of db/ that the harvester takes its migrations and views from."""
    folder = tmp_path / "100% db"  # an odd name: Alembic reads it as a format
    shutil.copytree(resources.db(), folder)
    monkeypatch.setattr(resources, "db", lambda: folder)
    return folder


@pytest.fixture
def migration(db_folder: Path) -> Migration:
    """Add a migration of these statements after the newest one."""

    def add(statements: str) -> None:
        newest = migrate.newest() or ""
        following = f"{int(newest) + 1:04}"
        lines = "\n".join(f"    {line}" for line in statements.splitlines())
        (db_folder / "migrations" / "versions" / f"{following}_test.py").write_text(
            f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{following}"\n'
            f'down_revision = "{newest}"\n\n\ndef upgrade() -> None:\n{lines}\n'
        )

    return add


def content(database: Database) -> dict[str, object]:
    """All that a migration may change: tables with their columns and rows, views, revision."""
    with database.migrating() as connection:
        there = inspect(connection)
        return {
            "tables": {
                name: (
                    [(column["name"], str(column["type"])) for column in there.get_columns(name)],
                    connection.scalar(text(f"SELECT COUNT(*) FROM {name}")),
                )
                for name in there.get_table_names()
            },
            "views": set(there.get_view_names()),
        }


def fill(database: Database) -> None:
    with database.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 1", now=build.NOW)
        writes.save_channel(session, build.channel(), asked_for="@x", now=build.NOW)
        writes.save_videos(
            session, [build.video("v1"), build.video("v2")], now=build.NOW, run_id=run_id
        )


# --- to the newest revision ---------------------------------------------------


def test_empty_to_newest_gives_the_tables_of_the_models(empty_database: Database) -> None:
    applied = empty_database.upgrade()

    assert applied[0] == "0001"
    assert applied[-1] == migrate.newest()
    assert empty_database.check() == []


def test_every_view_runs(database: Database) -> None:
    with database.read() as session:
        assert {name: list(reads.view(session, name)) for name in reads.VIEWS} == {
            name: [] for name in reads.VIEWS
        }


def test_a_second_upgrade_applies_nothing(database: Database) -> None:
    fill(database)
    before = content(database)

    assert database.upgrade() == []
    assert content(database) == before


def test_an_upgrade_says_nothing_on_its_own(
    empty_database: Database,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    empty_database.upgrade()

    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_of_four_that_upgrade_at_once_all_find_it_done(empty_database: Database) -> None:
    start = threading.Barrier(4)

    def ensure(_: int) -> list[str]:
        with closing(Database(empty_database.url)) as database:
            start.wait()
            database.ensure()
            return database.check()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ensure, range(4))) == [[], [], [], []]


def test_a_new_file_that_another_process_is_busy_with_is_waited_for(
    empty_sqlite_url: str,
) -> None:
    with closing(Database(empty_sqlite_url)) as database, busy_file(empty_sqlite_url) as other:

        def let_go(details: stamina.instrumentation.RetryDetails) -> None:
            other.rollback()

        stamina.instrumentation.set_on_retry_hooks([let_go])
        try:
            database.upgrade()
        finally:
            stamina.instrumentation.set_on_retry_hooks(None)

        assert database.check() == []


def test_a_new_file_that_another_process_keeps_busy_is_unavailable(
    empty_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harvester.store.database.PATIENCE_S", 0.05)

    with (
        closing(Database(empty_sqlite_url)) as database,
        busy_file(empty_sqlite_url),
        pytest.raises(DatabaseUnavailable, match="another program has kept it"),
    ):
        database.upgrade()


@contextmanager
def busy_file(url: str) -> Iterator[sqlite3.Connection]:
    """A file at `url` that somebody else writes to just now, in the journal of a new file."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_a_database_behind_asks_for_an_upgrade(database: Database, migration: Migration) -> None:
    here = migrate.newest()
    migration('op.create_table("odd", sa.Column("odd_id", sa.Integer(), primary_key=True))')
    following = migrate.newest()

    with pytest.raises(BadConfiguration, match="run `harvester db upgrade`"):
        database.ensure()
    assert database.check() == [
        f"the database is at revision {here}, this version at {following}:"
        " run `harvester db upgrade`"
    ]
    assert database.upgrade() == [following]
    assert database.check() == ["the table odd is too many"]


def test_linkings_of_the_first_version_stay_and_are_due_once(empty_database: Database) -> None:
    with empty_database.migrating() as connection:
        settings = migrate.config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")
        for statement in (
            "INSERT INTO run (run_id, command, started_at, outcome, holder, message, new_videos,"
            " changed_videos, gone_videos)"
            " VALUES (1, 'run', '2026-11-01', 'done', '', '', 1, 0, 0)",
            "INSERT INTO channel (channel_id, title, uploads_playlist_id, refreshed_at,"
            " listing_is_full) VALUES ('c', 'C', 'u', '2026-11-01', FALSE)",
            "INSERT INTO video (video_id, channel_id, title, description, privacy, availability,"
            " live_state, tags, first_seen_at) VALUES ('v', 'c', 'T', '', 'public', 'public',"
            " 'none', '[]', '2026-11-01')",
            "INSERT INTO video_linking (video_id, outcome, evidence_hash, linked_at, run_id)"
            " VALUES ('v', 'none', '0', '2026-11-01', 1)",
        ):
            connection.execute(text(statement))

    assert empty_database.upgrade()[0] == "0002"

    assert empty_database.check() == []
    with empty_database.read() as session:
        known = reads.linking_input(session)
    assert known.linked == {"v": reads.Linked(None, Outcome.NONE)}
    assert known.state is None


# --- all or nothing -----------------------------------------------------------

HALF_DONE = """\
op.create_table("odd", sa.Column("odd_id", sa.Integer(), primary_key=True))
op.execute("UPDATE video SET title = NULL")
op.execute("DELETE FROM video_check")
with op.batch_alter_table("video") as batch:
    batch.add_column(sa.Column("licence", sa.Text()))
raise ZeroDivisionError
"""


def test_a_migration_that_fails_leaves_nothing_half_done(
    database: Database, migration: Migration
) -> None:
    fill(database)
    before = content(database)
    migration(HALF_DONE)

    with pytest.raises(ZeroDivisionError):
        database.upgrade()

    assert content(database) == before
    with database.read() as session:
        assert {row["title"] for row in reads.view(session, "videos")} == {"Video v1", "Video v2"}


def test_a_first_upgrade_that_fails_leaves_an_empty_database(
    empty_database: Database, migration: Migration
) -> None:
    migration(HALF_DONE)

    with pytest.raises(ZeroDivisionError):
        empty_database.upgrade()

    assert content(empty_database) == {"tables": {}, "views": set()}


def test_a_view_that_fails_leaves_nothing_half_done(database: Database, db_folder: Path) -> None:
    fill(database)
    before = content(database)
    (db_folder / "views" / "videos.sql").write_text("-- Odd.\n--\n-- odd: odd\nSELECT FROM FROM\n")

    with pytest.raises(Exception, match="syntax error"):
        database.upgrade()

    assert content(database) == before


def test_a_table_that_is_copied_keeps_the_rows_that_point_to_it(
    database: Database, migration: Migration
) -> None:
    fill(database)
    migration(
        'with op.batch_alter_table("video", recreate="auto") as batch:\n'
        '    batch.alter_column("title", type_=sa.String(500), existing_type=sa.Text())'
    )
    before = content(database)["tables"]

    database.upgrade()

    after = content(database)["tables"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert {name: rows for name, (_, rows) in after.items()} == {
        name: rows for name, (_, rows) in before.items()
    }
    assert ("title", "VARCHAR(500)") in after["video"][0]
    with database.read() as session:
        assert len(list(reads.view(session, "videos"))) == 2


def test_a_migration_that_leaves_rows_pointing_to_nothing_is_taken_back(
    database: Database, migration: Migration
) -> None:
    fill(database)
    before = content(database)
    migration("""op.execute("DELETE FROM video WHERE video_id = 'v1'")""")

    # SQLite by our own check: its foreign keys are off while it migrates
    with pytest.raises(Exception, match=r"point to nothing.* video_check|violates foreign key"):
        database.upgrade()

    assert content(database) == before


def test_an_upgrade_that_waits_too_long_for_others_changes_nothing(
    database: Database, migration: Migration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harvester.store.database.PATIENCE_S", 0.05)
    before = content(database)
    migration('op.create_table("odd", sa.Column("odd_id", sa.Integer(), primary_key=True))')

    with database.write() as session:
        list(reads.view(session, "videos"))  # somebody's long query
        with pytest.raises(DatabaseUnavailable, match="lock"):
            database.upgrade()

    assert content(database) == before


def test_foreign_keys_hold_again_after_an_upgrade(database: Database) -> None:
    database.upgrade()

    with pytest.raises(Exception, match=r"(?i)foreign key"), database.write() as session:
        session.execute(text("INSERT INTO video_check VALUES ('odd', '2026-11-22', NULL, NULL)"))


def test_views_of_others_on_our_tables_stay(
    sqlite_database: Database, migration: Migration
) -> None:
    with sqlite_database.migrating() as connection:
        connection.execute(
            text("CREATE VIEW mine AS SELECT title FROM videos JOIN video USING(title)")
        )
    migration(
        'with op.batch_alter_table("video", recreate="always") as batch:\n'
        '    batch.add_column(sa.Column("licence", sa.Text()))'
    )
    fill(sqlite_database)

    sqlite_database.upgrade()

    with sqlite_database.read() as session:
        assert len(session.execute(text("SELECT * FROM mine")).all()) == 2


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_views_of_others_on_our_views_are_named_before_anything_is_done(database: Database) -> None:
    with database.migrating() as connection:
        connection.execute(text("CREATE VIEW mine AS SELECT title FROM videos"))
    before = content(database)

    with pytest.raises(BadConfiguration, match=r"its view videos.* view mine"):
        database.upgrade()

    assert content(database) == before


# --- drift --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("ALTER TABLE video ADD COLUMN odd TEXT", "the column video.odd is too many"),
        ("CREATE TABLE odd (odd_id INTEGER)", "the table odd is too many"),
        ("DROP INDEX ix_video_published_at", "the index video.ix_video_published_at is missing"),
        ("DROP TABLE playlist_entry", "the table playlist_entry is missing"),
        ("DROP VIEW runs", "the view runs is missing or of another version"),
    ],
)
def test_what_differs_from_the_models_is_told(
    database: Database, statement: str, sentence: str
) -> None:
    with database.migrating() as connection:
        connection.execute(text(statement))

    assert any(sentence in found for found in database.check())


def test_a_word_more_in_a_closed_list_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    [check] = [
        constraint
        for constraint in Base.metadata.tables["video"].constraints
        if isinstance(constraint, CheckConstraint) and constraint.name == "ck_video_privacy"
    ]
    monkeypatch.setattr(check, "sqltext", text("privacy IN ('public', 'members')"))

    assert database.check() == [
        "the check ck_video_privacy allows ['private', 'public', 'unknown', 'unlisted'],"
        " expected ['members', 'public']"
    ]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_type_or_comment_of_another_kind_is_told(database: Database) -> None:
    with database.migrating() as connection:
        connection.execute(text("ALTER TABLE playlist ALTER COLUMN title TYPE VARCHAR(99)"))
        connection.execute(text("COMMENT ON COLUMN run.message IS 'odd'"))

    assert database.check() == [
        "playlist.title has another type: VARCHAR(length=99), expected Text()",
        "run.message has another comment: 'odd', expected"
        " 'the summary line, or the error that ended it; never a secret'",
    ]


# --- for developers -----------------------------------------------------------


def test_a_new_migration_of_unchanged_models_is_empty(db_folder: Path) -> None:
    here = migrate.newest() or ""

    file = write_migration("Nothing New")

    assert file.parent == db_folder / "migrations" / "versions"
    assert file.name == f"{int(here) + 1:04}_nothing_new.py"
    assert f'down_revision = "{here}"' in file.read_text()
    assert "op." not in file.read_text()
