"""Use case: a view of the database to a file that analysts can read.

One row of the view is one row of the file, in the view's order.  Instants are
ISO 8601 with Z, a missing value is an empty field (CSV) or null (JSON Lines),
numbers stay numbers.  One read transaction, rows in portions: the file is a
snapshot, and a view need not fit into memory.
"""

import datetime as dt
import json
import secrets
import sys
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

Portion = list[dict[str, Any]]


def _csv(portion: Portion, columns: tuple[str, ...], file: IO[str], *, first: bool) -> None:
    # as objects: pandas would make floats of whole numbers where one is missing
    frame = pd.DataFrame(portion, columns=list(columns), dtype=object)
    frame.to_csv(file, index=False, header=first, lineterminator="\n")


def _jsonl(portion: Portion, _columns: tuple[str, ...], file: IO[str], *, first: bool) -> None:
    # not pandas: it rounds to 10 digits
    file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in portion)


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
                write(portion, columns, file, first=count == 0)
            count += len(portion)
            if len(portion) < PORTION:
                return count


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[str]]:
    if output is None:
        if sys.stdout is None:
            raise CannotWrite("stdout is closed; name a file with -o")
        yield sys.stdout
        sys.stdout.flush()  # an error shows here, not when Python ends
        return
    try:
        with _whole_file(output) as file:
            yield file
    except OSError as error:
        raise CannotWrite(f"{output}: {error.strerror}") from None


@contextmanager
def _whole_file(output: Path) -> Iterator[IO[str]]:
    """Open a file that takes its name, and the place of an older one, when it is complete."""
    if output.exists() and not output.is_file():  # a device or a pipe must not be replaced
        with output.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    output = output.resolve()  # a link stays one
    partial = output.with_name(f".{output.name}.{secrets.token_hex(4)}")
    try:
        with partial.open("x", encoding="utf-8", newline="") as file:
            yield file
        partial.replace(output)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()
