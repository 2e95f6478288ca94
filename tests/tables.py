"""Looking at tables behind the store's back: their rows, and which of them are written."""

from typing import Any

from sqlalchemy import select, text

from harvester.store import schema
from harvester.store.database import Database
from harvester.store.rows import table

LINKING = (
    "video_linking",
    "candidate",
    "candidate_term",
    "decision",
    "decision_link",
    "linking_state",
)
"""The tables that a linking writes."""


def rows(database: Database, model: type[schema.Base], *columns: str) -> list[Any]:
    """The rows of a table, in the order of its key, as tuples of these columns."""
    there = table(model)
    query = select(*(there.c[name] for name in columns)).order_by(*there.primary_key)
    with database.read() as session:
        found = [tuple(row) for row in session.execute(query)]
    return [row[0] for row in found] if len(columns) == 1 else found


def watch(database: Database, *tables: str) -> None:
    """Note from now on every row of these tables that is written, changed or not."""
    with database.write() as session:
        session.execute(text("CREATE TABLE written (name TEXT)"))
        for name in tables:
            for verb in ("INSERT", "UPDATE", "DELETE"):
                trigger = f"CREATE TRIGGER watch_{name}_{verb} AFTER {verb} ON {name}"
                note = f"INSERT INTO written VALUES ('{name}');"
                if session.get_bind().dialect.name == "sqlite":
                    session.execute(text(f"{trigger} BEGIN {note} END"))
                    continue
                function = f"note_{name}_{verb}"
                session.execute(
                    text(
                        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS"
                        f" $$BEGIN {note} RETURN NULL; END$$"
                    )
                )
                session.execute(text(f"{trigger} FOR EACH ROW EXECUTE FUNCTION {function}()"))


def written(database: Database) -> dict[str, int]:
    with database.read() as session:
        found = session.execute(text("SELECT name, COUNT(*) AS many FROM written GROUP BY name"))
        return {row.name: row.many for row in found}
