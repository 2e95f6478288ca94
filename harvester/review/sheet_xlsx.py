"""The spreadsheet of the queue as xlsx: a sheet to work in, and one that explains it.

Every text is stored as a text, whatever it begins with, and stays one when somebody edits it.
Needs the extra `xlsx`.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from harvester.errors import BadInput
from harvester.review import sheet_words as words
from harvester.review.sheet_words import HEADS, Language, said
from harvester.review.sheets import Cell

_WIDTHS = {"video_id": 14, "url": 14, "title": 60, "published": 11, "length": 9, "captions": 14}
_WIDTHS |= {"reason": 34, "decision": 24, "role": 12, "note": 40}
_WIDTHS |= {
    f"{key}_{n}": width
    for n in range(1, words.CANDIDATES + 1)
    for key, width in (("event_id", 18), ("event", 44), ("date", 11), ("talk", 36), ("sure", 7))
}
_TO_WRITE = ("decision", "role", "note")

_TEXT = "@"
_DATES: Mapping[Language, str] = {"en": "yyyy-mm-dd", "de": "dd.mm.yyyy"}
_LENGTH = "[h]:mm:ss"
_PERCENT = '[>0.99]"> 99 %";[<0.01]"< 1 %";0 %'  # like show.percent: never promises certainty

_MOST_LINKS = 65_000
"""Excel repairs a sheet with more; the addresses of further rows are plain text."""

_MOST_CHARACTERS = 32_767
"""In a cell."""


def write(file: Path, rows: Iterable[Mapping[str, Cell]], language: Language) -> int:
    """Write a workbook; return how many rows it has."""
    book = openpyxl.Workbook(write_only=True)
    queue, guide = (book.create_sheet(said(name, language)) for name in words.SHEETS)
    lists = _fill_guide(guide, language)
    count = _Queue(queue, language).fill(rows)
    for key, cells in lists.items():
        letter = get_column_letter(list(HEADS).index(key) + 1)
        validation = DataValidation(
            type="list",
            formula1=f"'{guide.title}'!{cells}",
            allow_blank=True,
            showErrorMessage=key == "role",  # a decision may be any id, too
        )
        validation.add(f"{letter}2:{letter}{max(count + 1, 2)}")
        queue.data_validations.append(validation)
    book.save(file)
    return count


class _Queue:
    """The sheet to work in."""

    def __init__(self, sheet: Any, language: Language) -> None:
        self._sheet, self._language = sheet, language
        # made once: looking a style up for each cell takes most of the time
        formats = {str: _TEXT, dt.date: _DATES[language], dt.timedelta: _LENGTH, float: _PERCENT}
        self._styles = {kind: _styled(sheet, number) for kind, number in formats.items()}
        self._link = WriteOnlyCell(sheet)
        self._link.style = "Hyperlink"

    def fill(self, rows: Iterable[Mapping[str, Cell]]) -> int:
        """Write head and rows; return how many rows."""
        sheet = self._sheet
        sheet.freeze_panes = "A2"
        for place, key in enumerate(HEADS, start=1):
            dimension = sheet.column_dimensions[get_column_letter(place)]
            dimension.width, dimension.hidden = _WIDTHS.get(key, 10), key in words.HIDDEN
        sheet.append([self._head(key) for key in HEADS])
        count = 0
        for row in rows:
            count += 1
            sheet.append([self._cell(key, row, is_link=count <= _MOST_LINKS) for key in HEADS])
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(HEADS))}{max(count + 1, 2)}"
        return count

    def _head(self, key: str) -> Any:
        cell = _text(self._sheet, said(HEADS[key], self._language))
        cell.font = Font(bold=True)
        if key in _TO_WRITE:
            cell.fill = PatternFill("solid", fgColor="FFF2CC")
        return cell

    def _cell(self, key: str, row: Mapping[str, Cell], *, is_link: bool) -> Any:
        value = row.get(key)
        if key in _TO_WRITE:  # a text also where somebody will write "1" or "2023-11" into it
            value = value or ""
        if value is None:
            return None
        cell = _text(self._sheet, value) if isinstance(value, str) else self._plain(value)
        cell._style = copy(self._styles[type(value)]._style)
        if key == "url" and is_link:
            cell.hyperlink = value
            cell._style = copy(self._link._style)
        return cell

    def _plain(self, value: Cell) -> Any:
        return WriteOnlyCell(self._sheet, value)


def _styled(sheet: Any, number_format: str) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.number_format = number_format
    return cell


def _text(sheet: Any, text: str) -> Any:
    """Return a cell that is a text, also if it begins with "="."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:_MOST_CHARACTERS])
    cell.data_type = "s"
    return cell


# --- the sheet that explains ----------------------------------------------------


def _fill_guide(sheet: Any, language: Language) -> dict[str, str]:
    """Write the second sheet; return in which cells the values of a column are listed."""
    sheet.column_dimensions["A"].width = 34
    sheet.column_dimensions["B"].width = 90
    lines: list[tuple[str, str]] = [("", said(text, language)) for text in words.HELP]
    bold: set[int] = set()
    lists = {}
    for key, values in (("decision", words.decisions(language)), ("role", words.roles(language))):
        lines += [("", ""), (said(HEADS[key], language), said(words.MEANING, language))]
        bold.add(len(lines))
        lists[key] = f"$A${len(lines) + 1}:$A${len(lines) + len(values)}"
        lines += values
        if key == "decision":
            lines.append((said(words.ANY_ID, language), said(words.IS_ANY_ID, language)))
    for number, texts in enumerate(lines, start=1):
        made = [_text(sheet, text) for text in texts]
        for cell in made:
            cell.font = Font(bold=number in bold)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = _TEXT
        sheet.append(made)
    return lists


# --- reading ----------------------------------------------------------------------


def read(file: Path) -> Iterator[list[list[str]]]:
    """Yield the rows of each sheet, as texts.  Raises BadInput if it is no workbook."""
    with file.open("rb"):  # what cannot be read is told as such
        pass
    try:
        # what a damaged file makes of openpyxl is not to be foreseen
        # formulas as they are: what they gave when the file was saved may be missing, or old
        book = openpyxl.load_workbook(file, read_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some programs tell them wrong
            yield [[_said(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        book.close()
    except Exception as error:  # noqa: BLE001
        raise BadInput(f"{file}: not a spreadsheet that can be read ({error})") from None


def _said(value: object) -> str:
    match value:
        case None:
            return ""
        case ArrayFormula() | DataTableFormula():
            return "="
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case _:
            return str(value).strip()
