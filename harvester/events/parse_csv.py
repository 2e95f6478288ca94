"""Event records as CSV: a table of events, or a table of talks.

In:   the text of a file, as read.py gives it.
Out:  `Findings`: its events or its talks, and what is wrong in which line.

    events: event_id,title,series,aliases,kind,city,country,start_date,end_date,url
    talks:  talk_id,event_id,title,speakers,date,kind,aliases

A table is known by its columns; their order is free, and only the ids and an
event's title are required.  Several aliases or speakers are separated by ";".
The separator of columns is found out: a comma, a semicolon (German Excel) or a
tab.  A column that we do not know is a problem, because a misspelt one would be
lost without a word; a name that begins with "_" marks a column of one's own, and
a column without name is passed over if it is empty.

Pure: no network, no files, no clock.
"""

import csv
import io
from collections.abc import Iterator, Sequence

from harvester.events.checks import EVENT_FIELDS, LISTS, TALK_FIELDS, Cell, Findings, did_you_mean

_COLUMNS = {"start_on": "start_date", "end_on": "end_date", "held_on": "date"}
_LABELS = {name: _COLUMNS.get(name, name) for name in (*EVENT_FIELDS, *TALK_FIELDS)}
_NAMES = {label: name for name, label in _LABELS.items()}
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}


def parse(text: str, name: str) -> Findings:
    """Return the events or talks of a table, and every problem found in it.

    `name` is what messages call the file.  A table with problems still shows the
    records that are in order, so that talks can be told which file their event is in.
    """
    found = Findings(name, _LABELS)
    rows = _rows(text, found)
    line, header = next(rows, (1, []))
    columns = [cell.strip().lower() for cell in header]
    fields = TALK_FIELDS if "talk_id" in columns else EVENT_FIELDS
    if not _header_is_in_order(line, columns, fields, found):
        return found
    for line, cells in rows:
        if len(cells) != len(columns):
            found.problem(line, None, _uneven(len(cells), len(columns), text))
            continue
        given = {
            column: cell
            for column, cell in zip(columns, cells, strict=True)
            if cell.strip() and not column.startswith("_")
        }
        if "" in given:
            found.problem(line, None, f"{given.pop('')!r} stands in a column that has no name")
        row = {_NAMES[column]: _cell(column, line, cell) for column, cell in given.items()}
        if fields is TALK_FIELDS:
            found.talk(line, row)
        else:
            found.event(line, row)
    return found


def _cell(column: str, line: int, text: str) -> Cell:
    return Cell(line, tuple(text.split(";")) if column in LISTS else text)


def _rows(text: str, found: Findings) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something, each with the line that it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    while True:
        begins_in = reader.line_num + 1  # a quoted cell may go over several lines
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            found.problem(begins_in, None, _quotes(error))
            return
        if any(cell.strip() for cell in cells):
            yield begins_in, cells


def _quotes(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return "a quote that opens here is never closed"
    return (
        f"the quotes are not in order ({error}); a cell that holds a quote stands in"
        ' quotes, and the quote in it is doubled: "the ""new"" way"'
    )


def _separator(text: str) -> str:
    """Return the separator that makes the most known columns of the first line."""
    header = text.lstrip().partition("\n")[0]

    def known(separator: str) -> int:
        return sum(cell.strip(' \t\r"').lower() in _NAMES for cell in header.split(separator))

    return max(_SEPARATORS, key=known)


def _header_is_in_order(
    line: int, columns: Sequence[str], fields: Sequence[str], found: Findings
) -> bool:
    labels = [_LABELS[name] for name in fields]
    required = labels[:2]  # event_id and title, or talk_id and event_id
    if not {"event_id", "talk_id"} & set(columns):
        found.problem(
            line,
            None,
            "this is neither a table of events (with the columns event_id and title)"
            " nor one of talks (talk_id and event_id);"
            f" its first line is: {', '.join(columns)[:100]}",
        )
        return False
    before = len(found.problems)
    for column in required:
        if column not in columns:
            found.problem(line, column, "this column is missing")
    for column in dict.fromkeys(columns):
        if column and columns.count(column) > 1:
            found.problem(line, column, "this column is there twice")
        elif column and column not in labels and not column.startswith("_"):
            found.problem(
                line,
                column,
                f"this column is not known{did_you_mean(column, labels)}; known are"
                f" {', '.join(labels)}; begin the name of a column of your own with '_'",
            )
    return len(found.problems) == before


def _uneven(cells: int, columns: int, text: str) -> str:
    separator = _separator(text)
    remedy = (
        f"; put a cell that holds a {_SEPARATORS[separator]} in quotes"
        if cells > columns
        else "; the line is cut off, or a cell is missing"
    )
    return f"has {cells} cells, and the first line has {columns}{remedy}"
