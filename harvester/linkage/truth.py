"""A truth file: which event, and which talk, each of some videos is known to show.

In:   the text of a CSV file.
Out:  a Label for each video; or BadInput, with every line that is not in order.

    video_id,event_id,talk_id,alt_talk_ids,negative,t1_eval,t2_eval,multi,language,series_id

Only `video_id` and `event_id` are required.  An empty `event_id` says that the
video's event is not on record: any answer is wrong.  `alt_talk_ids`, separated by
"|", are right as well.  If several lines of one video name different events, or
talks, each of them is right.  `t1_eval` and
`t2_eval` (1 or 0) say whether the event and the talk are measured; without them
a talk is measured where one is named, or where no event is on record.  Columns of
other names are passed over, unless they look like a misspelt one of these.

Pure: no network, no files, no clock.
"""

import csv
import difflib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence

from harvester.errors import BadInput
from harvester.records import Label

REQUIRED = ("video_id", "event_id")
COLUMNS = (
    *REQUIRED,
    *("talk_id", "alt_talk_ids", "negative", "t1_eval", "t2_eval", "multi"),
    *("language", "series_id"),
)
_SEPARATORS = (",", ";", "\t")
_LIKE = 0.8  # likeness from which a column is taken for a misspelt one
_SHOWN = 20  # problems told at most

Row = Mapping[str, str]


def parse(
    text: str, name: str, *, as_id: Callable[[str], str] = lambda given: given
) -> tuple[Label, ...]:
    """Return a label for each video of a truth file, in its order.

    `name` is what messages call the file; `as_id` makes an id of what stands in `video_id`, such
    as the address of a video's page.  Raises BadInput.
    """
    rows = _lines(text, name)
    line, header = next(rows, (1, []))
    columns = [cell.strip().lower() for cell in header]
    if problems := _header_problems(columns):
        raise BadInput(*(f"{name}, line {line}: {problem}" for problem in problems))
    labels: dict[str, Label] = {}
    problems = []
    for line, cells in rows:
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        problem = _problem(row, cells, columns)
        if problem is None:
            label = _label({**row, "video_id": as_id(row["video_id"])})
            problem = _add(label, labels)
        if problem is not None:
            problems.append(f"{name}, line {line}{problem}")
    if problems:
        more = [f"{name}: and {len(problems) - _SHOWN} more lines"][: len(problems) > _SHOWN]
        raise BadInput(*problems[:_SHOWN], *more)
    if not labels:
        raise BadInput(f"{name}: holds no video; one line a video is expected under the columns")
    return tuple(labels.values())


def _lines(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something, each with the line that it begins in."""
    header = text.lstrip().partition("\n")[0].lower()
    separator = max(
        _SEPARATORS,
        key=lambda s: sum(cell.strip(' \r"') in COLUMNS for cell in header.split(s)),
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput(f"{name}, line {line}: the quotes are not in order ({error})") from None
        if any(cell.strip() for cell in cells):
            yield line, cells


def _header_problems(columns: Sequence[str]) -> list[str]:
    problems = [
        f"the column {column} is missing; required are {' and '.join(REQUIRED)}"
        for column in REQUIRED
        if column not in columns
    ]
    for column in dict.fromkeys(columns):
        if column in COLUMNS and columns.count(column) > 1:
            problems.append(f"the column {column} is there twice")
        close = difflib.get_close_matches(column, COLUMNS, n=1, cutoff=_LIKE)
        if column not in COLUMNS and not column.startswith("_") and close:
            problems.append(
                f"the column {column} is not known; is {close[0]} meant? Begin the name of a"
                " column of your own with '_'"
            )
    return problems


def _problem(row: Row, cells: Sequence[str], columns: Sequence[str]) -> str | None:
    """Return what is wrong with a row, to be said after its line."""
    if len(cells) != len(columns):
        more = len(cells) > len(columns)
        remedy = "put a cell that holds the separator in quotes" if more else "a cell is missing"
        return f": has {len(cells)} cells, and the first line has {len(columns)}; {remedy}"
    if not row["video_id"]:
        return ", video_id: is empty; it is the id that YouTube gives, 11 characters"
    for column in ("t1_eval", "t2_eval"):
        if row.get(column, "") not in ("", "0", "1"):
            return f", {column}: {row[column]!r} is neither 1 (is measured) nor 0"
    if row["event_id"] and row.get("negative", "") not in ("", "0"):
        return (
            f", negative: {row['negative']!r} says that the event is not on record, but event_id"
            f" names {row['event_id']}; empty one of them"
        )
    if not row["event_id"] and (row.get("talk_id") or row.get("alt_talk_ids")):
        return ", event_id: is empty, but a talk is named; name its event too"
    return None


def _label(row: Row) -> Label:
    alternatives = row.get("alt_talk_ids", "").split("|")
    talks = frozenset(filter(None, [row.get("talk_id", ""), *map(str.strip, alternatives)]))
    return Label(
        video_id=row["video_id"],
        event_ids=frozenset(filter(None, [row["event_id"]])),
        talk_ids=talks,
        counts_for_event=row.get("t1_eval") != "0",
        counts_for_talk=_talk_counts(row, talks),
        series=row.get("series_id", ""),
        language=primary(row.get("language", "")),
    )


def _talk_counts(row: Row, talks: frozenset[str]) -> bool:
    if row.get("t2_eval"):
        return row["t2_eval"] == "1"
    # without a word on it, an empty talk of an event on record may be one that nobody looked up
    return "talk_id" in row and (bool(talks) or not row["event_id"])


def primary(language: str | None) -> str:
    """Return the language of a BCP 47 tag without script and region: "de-AT" -> "de"."""
    return (language or "").replace("_", "-").partition("-")[0].lower()


def _add(label: Label, labels: dict[str, Label]) -> str | None:
    """Add a label, or what it says of a video that is there; return the problem, if any."""
    before = labels.get(label.video_id)
    if before is None:
        labels[label.video_id] = label
        return None
    if bool(before.event_ids) != bool(label.event_ids):
        return (
            f", video_id: {label.video_id} is there twice, once with an event and once without;"
            " take one of the lines out"
        )
    labels[label.video_id] = Label(
        video_id=label.video_id,
        event_ids=before.event_ids | label.event_ids,
        talk_ids=before.talk_ids | label.talk_ids,
        counts_for_event=before.counts_for_event and label.counts_for_event,
        counts_for_talk=before.counts_for_talk and label.counts_for_talk,
        series=before.series or label.series,
        language=before.language or label.language,
    )
    return None
