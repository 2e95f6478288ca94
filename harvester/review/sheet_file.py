"""The spreadsheet of the queue as a file: xlsx or CSV, by the name's ending.

Titles are strings of the outside: in xlsx they are stored as texts (sheet_xlsx.py); in CSV, which
knows no texts, a "'" stands before what a spreadsheet program would take for a formula, and goes
again on import.
"""

import csv
import datetime as dt
import io
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from harvester.errors import BadInput, CannotWrite, ExtraMissing, WrongUse
from harvester.review import sheet_words as words
from harvester.review.sheet_words import HEADS, Language, said
from harvester.review.sheets import Cell, Line, Sheet, columns

Cells = Mapping[str, Cell]
Texts = list[list[str]]

_HEADER_WITHIN = 20
"""The header is looked for in so many rows: somebody may have put a line above it."""


def write(file: Path, rows: Iterable[Cells], *, language: Language) -> int:
    """Write rows to a file, whole or not at all; return how many.

    Raises WrongUse for another ending, ExtraMissing, CannotWrite.
    """
    form = _form(file)
    try:
        with _whole(file) as partial:
            return form.write(partial, rows, language)
    except OSError as error:
        raise CannotWrite(f"{file}: {error.strerror}") from None


def read(file: Path) -> Sheet:
    """Return the sheet in a file.

    Raises WrongUse for another ending, ExtraMissing, BadInput if it is none of ours.
    """
    form = _form(file)
    try:
        for sheet in form.read(file):
            if (found := _sheet(sheet)) is not None:
                return found
    except OSError as error:
        raise BadInput(f"{file}: cannot be read: {error.strerror or error}") from None
    needed = ", ".join(f"“{HEADS[key][0]}”" for key in words.NEEDED)
    raise BadInput(
        f"{file}: not a sheet of `harvester review export`: no row has the columns {needed}"
    )


class _Form(NamedTuple):
    write: Callable[[Path, Iterable[Cells], Language], int]
    read: Callable[[Path], Iterator[Texts]]


def check_name(file: Path) -> None:
    """Raise WrongUse for a file of another ending, ExtraMissing for one that we cannot do."""
    _form(file)


def _form(file: Path) -> _Form:
    match file.suffix.lower():
        case ".csv":
            return _Form(_write_csv, _read_csv)
        case ".xlsx":
            try:
                from harvester.review import sheet_xlsx
            except ImportError:
                raise ExtraMissing("xlsx", "a spreadsheet in the form xlsx") from None
            return _Form(sheet_xlsx.write, sheet_xlsx.read)
    raise WrongUse(f"{file}: name a file that ends with .xlsx or .csv")


def _sheet(rows: Sequence[Sequence[str]]) -> Sheet | None:
    headers = enumerate(map(columns, islice(rows, _HEADER_WITHIN)), start=1)
    number, places = next((each for each in headers if each[1]), (0, None))
    if places is None:
        return None
    lines = [
        Line(at, {key: row[place] for key, place in places.items() if place < len(row)})
        for at, row in enumerate(rows[number:], start=number + 1)
        if any(row)
    ]
    return Sheet({key: _letter(place) for key, place in places.items()}, lines)


def _letter(place: int) -> str:
    """Return the letter of a column: 0 -> "A", 26 -> "AA"."""
    rest, last = divmod(place, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("A") + last)


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """Yield a name to write to; it takes the place of `file` when all went well."""
    file = file.resolve()
    partial = file.with_name(f".{secrets.token_hex(4)}{file.suffix.lower()}")
    try:
        yield partial
        partial.replace(file)
    finally:
        with suppress(OSError):
            partial.unlink()


# --- CSV ----------------------------------------------------------------------

_SEPARATORS: Mapping[Language, str] = {"en": ",", "de": ";"}
"""What spreadsheet programs of the language expect."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def _write_csv(file: Path, rows: Iterable[Cells], language: Language) -> int:
    count = 0
    # with the mark: Excel takes it for the sign of UTF-8
    with file.open("x", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened, delimiter=_SEPARATORS[language])
        writer.writerow(said(head, language) for head in HEADS.values())
        for row in rows:
            count += 1
            writer.writerow(_plain(row.get(key)) for key in HEADS)
    return count


def _plain(value: Cell) -> str:
    match value:
        case None:
            return ""
        case str():
            return f"'{value}" if _FORMULA.match(value) else value
        case dt.timedelta():
            return _length(value)
        case float():
            return f"{min(max(value, 0.01), 0.99):.0%}"
        case _:
            return str(value)


def _length(value: dt.timedelta) -> str:
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def _read_csv(file: Path) -> Iterator[Texts]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{file}: not in UTF-8; save it as “CSV UTF-8”, or as xlsx") from None
    for separator in ",;\t":  # what is right shows by the header
        try:
            # not strict: that would refuse what spreadsheet programs write
            yield [
                [_unguarded(cell.strip()) for cell in row]
                for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
            ]
        except csv.Error as error:
            raise BadInput(f"{file}: not CSV: {error}") from None


def _unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text
