"""From records to rows and back, by the names of their fields.

A field that a record shares with a table is kept without a line here: `records.py`
and `schema.py` name it, and that is enough.
"""

from collections.abc import Collection, Iterable, Iterator
from enum import Enum
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from harvester.records import Availability, LiveState, Outcome, Privacy, Reason, Role
from harvester.store.schema import Base

T = TypeVar("T")

CHUNK = 500
"""Rows a statement: far below SQLite's limit of 32,766 variables, and PostgreSQL's of 65,535."""

_FROM_COLUMN: dict[str, Any] = {
    "privacy": Privacy,
    "availability": Availability,
    "placeholder": Availability,
    "live_state": LiveState,
    "outcome": Outcome,
    "reason": Reason,
    "role": Role,
    "tags": tuple,
    "aliases": tuple,
    "speakers": tuple,
}


def table(model: type[Base]) -> Table:
    """Return the table of a model, for statements about many rows."""
    return cast("Table", model.__table__)


def values(record: Any, *, without: Collection[str] = ()) -> dict[str, Any]:
    """Return a record's fields as a row takes them."""
    return {name: plain(getattr(record, name)) for name in _names(record) if name not in without}


def _names(kind: Any) -> Iterable[str]:
    # dataclasses.fields() does the same and costs a tenth of a bulk write
    names: dict[str, Any] = kind.__dataclass_fields__
    return names


def plain(value: Any) -> Any:
    """Return a value as the drivers know it: a word for an enum, a list for a tuple."""
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, Enum) else value


def record(kind: type[T], row: RowMapping, **more: Any) -> T:
    """Return a row as a record of that kind; `more` gives the fields that the row lacks."""
    given = dict(more)
    for name in _names(kind):
        if name in given:
            continue
        value = row[name]
        convert = _FROM_COLUMN.get(name)
        given[name] = value if convert is None or value is None else convert(value)
    return kind(**given)


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Yield the items in lists of at most `size`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def insert(session: Session, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, in the dialect of the session's database."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table(model))
    return sqlite.insert(table(model))
