"""The database: opening it, its two transactions, its schema, and the lock of a run.

SQLite and PostgreSQL differ here; in the rest of the store only where `dialect` is
asked for.  What the harvester relies on, on both:

* `read()` is one snapshot, and the database itself refuses to write;
* `write()` is one transaction, all or nothing, also with the tables it makes;
* whoever waits for a lock longer than 30 seconds is told so;
* what the driver says of a database that is away or full becomes
  DatabaseUnavailable, and no password gets into its text.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import filelock
import stamina
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy import exc as sa
from sqlalchemy.orm import Session

from harvester.errors import BadConfiguration, DatabaseUnavailable, ExtraMissing, RunInProgress
from harvester.store import migrate, reads, views

PATIENCE_S = 30
"""How long to wait for somebody else's lock on the data."""

# Names of our advisory locks on PostgreSQL, where a lock is a number; any will do.
_RUN_LOCK = 0x5A574B01
_UPGRADE_LOCK = 0x5A574B02

_SECRETS = ("password", "sslpassword")


class Database:
    """A database of the harvester, opened when it is first needed.

    `url` is an SQLAlchemy URL: sqlite:///file.db or postgresql://user:password@host/name.
    Raises BadConfiguration for any other, ExtraMissing if the driver is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            parsed = make_url(url)
        except sa.ArgumentError:
            raise BadConfiguration(
                "the database must be a URL such as sqlite:///harvester.db"
                " or postgresql://user@host/name"
            ) from None
        self.safe_url = _safe(parsed)
        self._secrets = [parsed.password, *(parsed.query.get(name) for name in _SECRETS)]
        self._engine: _Engine
        if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
            self._engine = _Sqlite(parsed)
        elif parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
            self._engine = _Postgresql(parsed.set(drivername="postgresql+psycopg"))
        else:
            raise BadConfiguration(
                f"the database {self.safe_url} is neither sqlite:///… nor postgresql://…"
            )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that sees one snapshot, from its first question on, and cannot write."""
        with self._translated(reading=True), Session(self._engine.reader) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session whose work is committed at the end, or not at all if an error leaves."""
        with self._translated(), Session(self._engine.writer) as session, session.begin():
            yield session

    def upgrade(self) -> list[str]:
        """Bring the schema to the newest revision, all or nothing; return the revisions applied.

        Our views are made anew each time.  Raises BadConfiguration if the database is of a
        newer version, or a view of somebody else is built on one of ours.
        """
        with self.migrating() as connection:
            return migrate.upgrade(connection)

    def exists(self) -> bool:
        """Tell whether there is a database of ours, of whatever version."""
        if self._engine.is_absent():
            return False
        with self._translated(), self._engine.reader.connect() as connection:
            return migrate.revision(connection) is not None

    def ensure(self) -> None:
        """Upgrade an empty database; raise BadConfiguration for one that is not as we need it."""
        if self._engine.is_absent():
            self.upgrade()
            return
        with self._translated(), self._engine.reader.connect() as connection:
            here = migrate.revision(connection)
            stale = here is not None and (here != migrate.newest() or views.differing(connection))
        if here is None:
            self.upgrade()
        elif stale:
            raise BadConfiguration(
                f"the database {self.safe_url} is of another version (revision {here}):"
                f" {migrate.UPGRADE}"
            )

    def check(self) -> list[str]:
        """Return what differs from the models and the views, a sentence each; [] is in order."""
        with self._translated(), self._engine.reader.connect() as connection:
            return migrate.drift(connection)

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Yield a transaction that may alter tables, alone; committed at the end or not at all."""
        with self._translated(), self._engine.migrating() as connection:
            yield connection

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock of a run; raise RunInProgress, naming its holder, if another one does.

        The lock is no row: it goes with the process or connection that holds it, so that a
        dead holder stands in nobody's way.
        """
        with self._translated(), self._engine.lock() as held:
            if not held:
                raise RunInProgress(self._holder())
            yield

    def close(self) -> None:
        """Close all connections; the next use opens new ones."""
        self._engine.close()

    def _holder(self) -> str:
        # before the first upgrade there is no table, or no file
        with suppress(sa.DBAPIError, DatabaseUnavailable), self.read() as session:
            if holder := reads.running_holder(session):
                return holder
        return "a process that has not said its name yet"

    @contextmanager
    def _translated(self, *, reading: bool = False) -> Iterator[None]:
        try:
            yield
        except sa.DBAPIError as error:
            said = self._engine.complaint(error, reading=reading)
            if said is None:
                raise
            for secret in self._secrets:
                if secret:
                    said = said.replace(str(secret), "***")
            raise DatabaseUnavailable(f"the database {self.safe_url}: {said}") from None


def _safe(url: URL) -> str:
    hidden = {name: "***" for name in _SECRETS if name in url.query}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


# a list as it is kept: legible for who looks into the table
_json = json.JSONEncoder(ensure_ascii=False).encode


class _Engine:
    """What `Database` needs of an engine, one subclass each."""

    reader: Engine
    writer: Engine
    migrator: Engine

    def is_absent(self) -> bool:
        """Tell whether there is no database yet, so that it must not be opened for reading."""
        raise NotImplementedError

    def migrating(self) -> AbstractContextManager[Connection]:
        """Open a transaction that may alter tables."""
        raise NotImplementedError

    def lock(self) -> AbstractContextManager[bool]:
        """Try to take the lock of a run; yield whether it was free."""
        raise NotImplementedError

    def complaint(self, error: sa.DBAPIError, *, reading: bool) -> str | None:
        """Return what to tell of a database that is away, locked or full; None for a bug."""
        raise NotImplementedError

    def close(self) -> None:
        for engine in (self.reader, self.writer, self.migrator):
            engine.dispose()


class _Sqlite(_Engine):
    """A file.  sqlite3's own transactions are off: they would commit amid a migration."""

    # what is not a bug of ours: https://www.sqlite.org/rescode.html
    _REMEDIES = {  # noqa: RUF012
        sqlite3.SQLITE_BUSY: f" (another program has kept it for {PATIENCE_S} s)",
        sqlite3.SQLITE_LOCKED: "",
        sqlite3.SQLITE_NOMEM: "",
        sqlite3.SQLITE_IOERR: "",
        sqlite3.SQLITE_CORRUPT: " (restore it from a copy)",
        sqlite3.SQLITE_FULL: " (nothing of this step was kept; make room and run again)",
        sqlite3.SQLITE_CANTOPEN: " (is the folder there, and may this user write in it?)",
        sqlite3.SQLITE_READONLY: " (may this user write it and its folder?)",
        sqlite3.SQLITE_PERM: "",
        sqlite3.SQLITE_NOTADB: " (is this the right file?)",
    }

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:" or url.query:
            raise BadConfiguration(
                "an SQLite database is given as sqlite:///file.db, a file and no options"
            )
        self._file = Path(url.database).absolute()
        self.reader = self._open("rw", "BEGIN", foreign_keys=True, query_only=True)
        # IMMEDIATE: of two writers that read first, one would fail at once, whatever the timeout
        self.writer = self._open("rw", "BEGIN IMMEDIATE", foreign_keys=True)
        # without foreign keys: where Alembic copies a table, dropping the old one would delete
        # the rows that point to it
        self.migrator = self._open("rwc", "BEGIN IMMEDIATE", foreign_keys=False)

    def _open(
        self, mode: str, begin: str, *, foreign_keys: bool, query_only: bool = False
    ) -> Engine:
        def connect() -> sqlite3.Connection:
            connection = sqlite3.connect(
                f"file:{quote(str(self._file))}?mode={mode}",
                uri=True,
                timeout=PATIENCE_S,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                connection.execute(f"PRAGMA foreign_keys = {foreign_keys:d}")
                connection.execute(f"PRAGMA query_only = {query_only:d}")
                if mode == "rwc":
                    _prepare_migrating(connection)
            except sqlite3.Error:
                connection.close()
                raise
            return connection

        url = URL.create("sqlite", database=str(self._file))
        engine = create_engine(url, creator=connect, json_serializer=_json)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        return engine

    def is_absent(self) -> bool:
        return not self._file.exists()

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        with self.migrator.begin() as connection:
            yield connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                table, _, parent, _ = broken[0]
                raise RuntimeError(
                    f"a migration left {len(broken)} rows that point to nothing,"
                    f" the first in {table}, to {parent}"
                )
        self.migrator.dispose()

    @contextmanager
    def lock(self) -> Iterator[bool]:
        # no soft lock, which is a mere file: it would outlive a holder that was killed
        lock = filelock.FileLock(f"{self._file}.lock", fallback_to_soft=False)
        try:
            lock.acquire(blocking=False)
        except filelock.Timeout:
            yield False
            return
        except OSError as error:
            raise DatabaseUnavailable(f"cannot lock {lock.lock_file}: {error.strerror}") from None
        try:
            yield True
        finally:
            lock.release()

    def complaint(self, error: sa.DBAPIError, *, reading: bool) -> str | None:
        code = getattr(error.orig, "sqlite_errorcode", 0)
        if reading and code == sqlite3.SQLITE_READONLY:  # our own query_only: a bug
            return None
        code &= 0xFF  # without the extended part
        if code not in self._REMEDIES:
            return None
        return f"{error.orig}{self._REMEDIES[code]}"


def _prepare_migrating(connection: sqlite3.Connection) -> None:
    # views of others stay, also while a table that they name is being copied
    connection.execute("PRAGMA legacy_alter_table = ON")
    # readers and the writer do not wait for each other; the file remembers it.  Of two that
    # ask for it at once SQLite refuses one without waiting: its timeout is not for this
    for attempt in stamina.retry_context(
        on=_is_busy,
        attempts=None,
        timeout=PATIENCE_S,
        wait_initial=0.01,
        wait_max=0.5,
        wait_jitter=0.01,
    ):
        with attempt:
            connection.execute("PRAGMA journal_mode = WAL")


def _is_busy(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


class _Postgresql(_Engine):
    """A database on a server."""

    def __init__(self, url: URL) -> None:
        self.reader = self._open(
            url, isolation_level="REPEATABLE READ", execution_options={"postgresql_readonly": True}
        )
        self.writer = self._open(url)
        self.migrator = self._open(url, poolclass=NullPool)
        self._locker = self._open(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        for engine in (self.writer, self.migrator):
            event.listen(engine, "begin", _be_patient)

    @staticmethod
    def _open(url: URL, **options: object) -> Engine:
        defaults = {"connect_timeout": "10", "application_name": "zwk-harvester"}
        url = url.update_query_dict({**defaults, **url.query})
        try:
            # pre_ping: a server that was restarted meanwhile is no reason to fail
            return create_engine(url, pool_pre_ping=True, json_serializer=_json, **options)
        except ModuleNotFoundError:
            raise ExtraMissing("postgres", "a PostgreSQL database") from None

    def is_absent(self) -> bool:
        return False

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        with self.migrator.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
            yield connection

    @contextmanager
    def lock(self) -> Iterator[bool]:
        # of the session, not of a transaction: the server frees it when the connection ends,
        # and no transaction stays open for hours
        with self._locker.connect() as connection:
            connection.execute(text("SET idle_session_timeout = 0"))
            if not connection.scalar(select(func.pg_try_advisory_lock(_RUN_LOCK))):
                yield False
                return
            try:
                yield True
            finally:
                with suppress(sa.OperationalError):  # the connection broke: it is free already
                    connection.execute(select(func.pg_advisory_unlock(_RUN_LOCK)))

    def complaint(self, error: sa.DBAPIError, *, reading: bool) -> str | None:
        if isinstance(error, sa.OperationalError) or error.connection_invalidated:
            return "; ".join(" ".join(line.split()) for line in str(error.orig).splitlines())
        return None


def _be_patient(connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_S}s'")
