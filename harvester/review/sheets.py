"""The spreadsheet of the queue: one row a waiting video, and what an editor wrote into it.

In:   rows to export; the header of a sheet that came back.
Out:  cells; which column is where.

A row carries what the editor saw: the ids of its candidates, the version of its video, and a
checksum of these.  "2" therefore means the second candidate of the sheet, whatever was linked
since, and a sheet of which only some columns were sorted is noticed.

Pure.  sheet_wishes.py reads what came back, sheet_file.py reads and writes files, sheet_rows.py
asks the database.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from harvester.records import PartialDate, Reason
from harvester.review import sheet_words as words
from harvester.review.filters import RULED_OUT, percents
from harvester.review.sheet_words import CANDIDATES, HEADS, Language, folded, lookup, said

Cell = str | int | float | dt.date | dt.timedelta | None
"""What a cell holds; a partial date is a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A candidate, as an editor reads it."""

    event_id: str
    event: str
    date: PartialDate | None
    talk_id: str | None
    talk: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A video that waits, with its best candidates."""

    video_id: str
    url: str
    title: str
    published_at: dt.datetime | None
    duration_s: int | None
    captions: str
    reason: str
    choices: tuple[Choice, ...]
    version: int
    act_id: int = 0  # the last act of any editor


def cells(row: Row, language: Language) -> dict[str, Cell]:
    """Return what stands in the row, by column."""
    found: dict[str, Cell] = {
        "video_id": row.video_id,
        "url": row.url,
        "title": row.title,
        "published": row.published_at.date() if row.published_at else None,
        "length": None if row.duration_s is None else dt.timedelta(seconds=row.duration_s),
        "captions": said(words.CAPTIONS[row.captions], language),
        "reason": said(_reason(row.reason), language),
    }
    for n, choice in enumerate(row.choices[:CANDIDATES], start=1):
        found |= {
            f"event_id_{n}": choice.event_id,
            f"event_{n}": choice.event,
            f"date_{n}": _date(choice.date),
            f"talk_{n}": choice.talk,
            f"sure_{n}": _sure(choice.probability),
            f"talk_id_{n}": choice.talk_id,
        }
    return found | {"version": f"v{row.version}.a{row.act_id}.{checksum(found)}"}


def _reason(reason: str) -> words.Both:
    if reason == RULED_OUT:
        return words.RULED_OUT
    return words.REASONS[Reason(reason)] if reason else words.NO_REASON


def _sure(probability: float) -> float:
    """Return what a spreadsheet program shows as the pages do; above 0.99 and below 0.01 as is."""
    return percents(probability) / 100 if 0.01 <= probability <= 0.99 else probability


def _date(day: PartialDate | None) -> Cell:
    return dt.date.fromisoformat(day) if day and len(day) == 10 else day


def checksum(row: Mapping[str, Any]) -> str:
    """Return a checksum of the ids in a row."""
    keys = ["video_id"]
    keys += [f"{key}_{n}" for n in range(1, CANDIDATES + 1) for key in ("event_id", "talk_id")]
    text = "\x1f".join(str(row.get(key) or "").strip() for key in keys)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


# --- what came back -----------------------------------------------------------


class Line(NamedTuple):
    """A row of a sheet that came back: its number there, and its texts by column."""

    number: int
    cells: Mapping[str, str]


class Sheet(NamedTuple):
    """A sheet that came back; `letters` are the places of its columns: decision -> "W"."""

    letters: Mapping[str, str]
    lines: Sequence[Line]

    def cell(self, line: Line, key: str) -> str:
        """Return the name of a cell."""
        return f"{self.letters.get(key, self.letters['decision'])}{line.number}"


_HEADS = lookup(HEADS)


def columns(header: Iterable[str]) -> dict[str, int] | None:
    """Return the places of our columns in a header of either language; None if it is no header."""
    found: dict[str, int] = {}
    for place, text in enumerate(header):
        key = _HEADS.get(folded(text))
        if key is not None:
            found.setdefault(key, place)
    return found if all(key in found for key in words.NEEDED) else None
