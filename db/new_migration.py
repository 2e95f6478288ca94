"""Write a migration from the models: `python db/new_migration.py "videos keep their licence"`.

Compares the models with a scratch database at the newest revision, and prints the
file that it wrote, which is to be read and mended before it is used.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import Script

from harvester.store import migrate
from harvester.store.database import Database


def write(message: str) -> Path:
    """Write the next migration and return its file."""
    newest = migrate.newest() or "0000"
    settings = migrate.config()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Database(f"sqlite:///{Path(folder) / 'scratch.db'}")
        scratch.upgrade()
        with scratch.migrating() as connection:
            settings.attributes["connection"] = connection
            written = command.revision(
                settings, message, autogenerate=True, rev_id=f"{int(newest) + 1:04}"
            )
        scratch.close()
    if not isinstance(written, Script):
        raise TypeError(f"one migration was expected, not {written!r}")
    return Path(written.path)


if __name__ == "__main__":
    print(write(sys.argv[1]))
