"""Migrations and views, within a transaction that `Database` opens and ends.

The migrations are Alembic's, in db/migrations/; nothing but a folder is needed
to run them, so that an installed wheel can.
"""

import io
import re
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import CheckConstraint, Connection, Table, inspect

from harvester import resources
from harvester.errors import BadConfiguration
from harvester.store import views
from harvester.store.schema import Base

UPGRADE = "run `harvester db upgrade`"


def config() -> Config:
    """Return what Alembic must know to find the migrations; it prints nothing."""
    settings = Config(stdout=io.StringIO())
    # Alembic takes the folder's name for a format string
    folder = str(resources.db() / "migrations").replace("%", "%%")
    settings.set_main_option("script_location", folder)
    settings.set_main_option("path_separator", "os")
    return settings


def revision(connection: Connection) -> str | None:
    """Return the revision that the database is at, None before the first migration.

    Raises BadConfiguration if the database holds tables of ours that no migration
    made, or was made by a newer version.
    """
    here = MigrationContext.configure(connection).get_current_revision()
    if here is None:
        foreign = set(inspect(connection).get_table_names()) & Base.metadata.tables.keys()
        if foreign:
            raise BadConfiguration(
                f"the database holds tables that the harvester did not make"
                f" ({', '.join(sorted(foreign))}): give it a database of its own"
            )
        return None
    try:
        ScriptDirectory.from_config(config()).get_revision(here)
    except CommandError:
        raise BadConfiguration(
            f"the database was made by a newer version of the harvester (revision {here} is"
            " unknown to this one): install that version"
        ) from None
    return here


def newest() -> str | None:
    """Return the newest revision that this version knows."""
    return ScriptDirectory.from_config(config()).get_current_head()


def upgrade(connection: Connection) -> list[str]:
    """Drop our views, migrate to the newest revision, create the views; return what was applied."""
    before = revision(connection)
    settings = config()
    settings.attributes["connection"] = connection
    steps = ScriptDirectory.from_config(settings).iterate_revisions("head", before or "base")
    applied = [step.revision for step in steps][::-1]
    views.drop(connection)
    command.upgrade(settings, "head")
    views.create(connection)
    return applied


def drift(connection: Connection) -> list[str]:
    """Return what differs from the models and the views, a sentence each; [] is in order."""
    here = revision(connection)
    if here is None:
        return [f"the database is empty: {UPGRADE}"]
    if here != newest():
        return [f"the database is at revision {here}, this version at {newest()}: {UPGRADE}"]
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found = [_sentence(change) for change in compare_metadata(context, Base.metadata)]
    found += _checks(connection)
    found += [
        f"the view {name} is missing or of another version: {UPGRADE}"
        for name in views.differing(connection)
    ]
    return found


def _sentence(change: Any) -> str:
    """Return one difference that Alembic found in words: ("add_table", …) is one we lack."""
    if isinstance(change, list):  # of one column
        return "; ".join(_sentence(part) for part in change)
    if change[0].startswith("modify_"):
        action, _, table, column, _, there, ours = change
        return f"{table}.{column} has another {action[7:]}: {there!r}, expected {ours!r}"
    verb, _, kind = change[0].partition("_")
    item = change[-1]
    table = getattr(item, "table", None)
    place = change[2] if kind == "column" else getattr(table, "name", None)
    name = f"{place}.{item.name}" if place else item.name
    state = {"add": "is missing", "remove": "is too many"}[verb]
    return f"the {kind} {name} {state}"


_WORD = re.compile(r"'([^']*)'")


def _checks(connection: Connection) -> list[str]:
    """Return checks that are missing, too many or of other words; Alembic does not compare them."""

    def words(rule: object) -> set[str]:
        return set(_WORD.findall(str(rule)))

    found = []
    there = inspect(connection)
    tables = set(there.get_table_names())
    for table in Base.metadata.sorted_tables:
        if table.name not in tables:
            continue
        ours = _check_rules(table)
        theirs = {str(c["name"]): c["sqltext"] for c in there.get_check_constraints(table.name)}
        found += [f"the check {name} is missing" for name in sorted(ours.keys() - theirs.keys())]
        found += [f"the check {name} is too many" for name in sorted(theirs.keys() - ours.keys())]
        found += [
            f"the check {name} allows {sorted(words(theirs[name]))}, expected {sorted(words(rule))}"
            for name, rule in ours.items()
            # the engines write a rule in their own way; the words of a closed list stay
            if name in theirs and words(theirs[name]) != words(rule)
        ]
    return found


def _check_rules(table: Table) -> dict[str, str]:
    return {
        str(check.name): str(check.sqltext)
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
