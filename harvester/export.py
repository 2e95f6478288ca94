"""Use case: a view of the database to a file that analysts can read.

One row of the view is one row of the file, in the view's order.  Instants are
ISO 8601 with Z, a missing value is an empty field (CSV) or null (JSON Lines),
numbers stay numbers.  One read transaction, rows in portions: the file is a
snapshot, and a view need not fit into memory.
"""

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pandas as pd

from harvester.errors import CannotWrite
from harvester.store import reads_people
from harvester.store.database import Database

PORTION = 5_000  # rows


def _csv(frame: pd.DataFrame, file: IO[str], *, first: bool) -> None:
    frame.to_csv(file, index=False, header=first, lineterminator="\n")


def _jsonl(frame: pd.DataFrame, file: IO[str], *, first: bool) -> None:
    if len(frame):
        frame.to_json(file, orient="records", lines=True, force_ascii=False)


WRITERS: Mapping[str, Callable[..., None]] = {"csv": _csv, "jsonl": _jsonl}


def export_view(view: str, *, database: Database, file_format: str, output: Path | None) -> int:
    """Write a view, one of `VIEWS`, to `output` or to stdout; return the number of rows.

    The file appears when it is complete, or not at all.  Raises CannotWrite.
    """
    write, count = WRITERS[file_format], 0
    with database.read() as session, _opened(output) as file:
        columns = reads_people.view_columns(view)
        rows = reads_people.view(session, view)
        while True:
            portion = [
                {name: _plain(row[name]) for name in columns} for row in islice(rows, PORTION)
            ]
            if portion or count == 0:
                write(_frame(portion, columns), file, first=count == 0)
            count += len(portion)
            if len(portion) < PORTION:
                return count


def _frame(portion: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    # as objects: pandas would make floats of whole numbers where one is missing
    return pd.DataFrame(portion, columns=list(columns), dtype=object)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[str]]:
    if output is None:
        yield sys.stdout
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
    except OSError as error:
        raise CannotWrite(f"{output}: {error.strerror}") from None
    partial = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        partial.chmod(0o644)
        partial.replace(output)
    except OSError as error:
        raise CannotWrite(f"{output}: {error.strerror}") from None
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()
