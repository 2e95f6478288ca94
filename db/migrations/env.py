"""What Alembic runs: `Database.upgrade()` hands it an open transaction and ends it.

At a developer's terminal (`alembic revision --autogenerate`, db/README.md) there
is none: then the models are compared with a scratch database at the newest
revision.
"""

import tempfile
from pathlib import Path

from alembic import context
from sqlalchemy import Connection

from harvester.store.database import Database
from harvester.store.schema import Base


def run(connection: Connection) -> None:
    """Bring the database behind `connection` to the revision that was asked for."""
    # batch: SQLite cannot alter a column, so that Alembic copies the table
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Database(f"sqlite:///{Path(folder) / 'scratch.db'}")
        scratch.upgrade()
        with scratch.migrating() as connection:
            run(connection)
        scratch.close()
