"""Dates and numbers as people write them into titles.

In:   folded text (text.py).
Out:  days and spans, days without a year, months, years, the number of a day
      ("Tag 2", "Day two"), and numbers with the word that they belong to.

Nothing is guessed: "24. November" has no year here; whoever compares it with an
event brings one.  Impossible dates are not dates.

Pure: no network, no database, no clock.
"""

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[dt.date, dt.date]
DayOfYear = tuple[int, int, int]  # month, first day, last day

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jan january jaenner janvier enero gennaio janeiro",
            "februar feb february fevrier febrero febbraio fevereiro",
            "maerz mrz march mar mars marzo marco",
            "april apr avril abril aprile",
            "mai may mayo maggio maio",
            "juni jun june juin junio giugno junho",
            "juli jul july juillet julio luglio julho",
            "august aug aout agosto",
            "september sep sept septembre septiembre settembre setembro",
            "oktober okt october oct octobre octubre ottobre outubro",
            "november nov novembre noviembre novembro",
            "dezember dez december dec decembre diciembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_NUMBER_WORDS = {
    word: number
    for number, line in enumerate(
        (
            "eins erster erste erstes ersten one first un premier uno primer",
            "zwei zweiter zweite zweites zweiten two second deux dos segundo",
            "drei dritter dritte drittes dritten three third trois tres tercer",
            "vier vierter vierte viertes vierten four fourth quatre cuatro",
        ),
        start=1,
    )
    for word in line.split()
}

_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = (
    r"(?P<d1>\d{1,2})(?:\.|st|nd|rd|th|er)?"
    r"(?:\s?(?:-|/|\+|&|und|and|et|y|bis|to)\s?(?P<d2>\d{1,2})(?:\.|st|nd|rd|th)?)?"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_JAPANESE = re.compile(r"((?:19|20)\d\d)年\s?(?:(\d{1,2})月\s?(?:(\d{1,2})日)?)?")
_GERMAN = re.compile(
    r"(?<![\d.])(\d{1,2})\.(?:(\d{1,2})\.)?(?:\s?(?:-|/|und|bis)\s?(\d{1,2})\.)?"
    r"(\d{1,2})\.\s?((?:19|20)\d\d|\d\d(?!\d))?(?!\d)"
)
_DAY_MONTH = re.compile(rf"(?<!\d){_DAY}\s?(?:de |of )?{_MONTH}(?:,? (?:de )?{_YEAR})?")
_MONTH_DAY = re.compile(rf"\b{_MONTH} {_DAY}(?!\d)(?:,? {_YEAR})?")
_MONTH_YEAR = re.compile(rf"\b{_MONTH},? (?:de )?{_YEAR}")
_BARE_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d\d)(?![\d]|[.,]\d)")
_SHORT_YEAR = re.compile(r"(?<!\w)['’‘´`](\d\d)(?!\w)")
_DAY_WORD = r"(?:tag|day|jour|jornada|dia)"
_DAY_NUMBER = re.compile(
    rf"\b{_DAY_WORD}\s?#?\s?(\d{{1,2}}|{'|'.join(_NUMBER_WORDS)})\b(?!\s?[.]\s?\d)"
    rf"|\b(\d{{1,2}}\.|{'|'.join(_NUMBER_WORDS)}) {_DAY_WORD}\b"
)
_NUMBERED = re.compile(
    r"([^\W\d_]+)[\s#:-]{1,3}(\d{1,4})(?![\d]|[.,:]\d)"
    r"|(?<![\d.,])(\d{1,4})(?:\.|st|nd|rd|th|er|eme|e)?[ -]([^\W\d_]+)"
)


@dataclass(frozen=True, slots=True)
class Dates:
    """What a text says about time; everything may be empty."""

    spans: tuple[Span, ...] = ()
    days: tuple[DayOfYear, ...] = ()  # days without a year
    months: tuple[tuple[int, int], ...] = ()  # year, month
    years: frozenset[int] = frozenset()  # those of spans and months too
    day_number: int | None = None  # of a day within an event
    numbered: frozenset[tuple[str, int]] = frozenset()  # other numbers, with the word beside them


def find(folded: str) -> Dates:
    """Return the dates in folded text: "am 24. und 25. november" -> days ((11, 24, 25),)."""
    spans: set[Span] = set()
    days: set[DayOfYear] = set()
    months: set[tuple[int, int]] = set()

    def keep(
        year: int | None, month: int, first: int, last: int, first_month: int | None = None
    ) -> str:
        begin = _date(year or 2000, first_month or month, first)  # 2000 has a 29 February
        end = _date(year or 2000, month, last)
        if not (begin and end and begin <= end):
            return " | "
        if year:
            spans.add((begin, end))
        elif first_month in (None, month):
            days.add((month, first, last))
        return " | "  # the words on its two sides are no neighbours

    def iso(m: re.Match[str]) -> str:
        return keep(int(m[1]), int(m[2]), int(m[3]), int(m[3]))

    def japanese(m: re.Match[str]) -> str:
        if m[2] and m[3]:
            return keep(int(m[1]), int(m[2]), int(m[3]), int(m[3]))
        if m[2] and 1 <= int(m[2]) <= 12:
            months.add((int(m[1]), int(m[2])))
        return f" {m[1]} "

    def german(m: re.Match[str]) -> str:
        # 24.11.2022 · 24./25.11.2022 · 28.10.-08.12.2020 · 09.11. (no year)
        first, its_month, last, month = int(m[1]), m[2], m[3], int(m[4])
        year = None if not m[5] else int(m[5]) + (2000 if len(m[5]) == 2 else 0)
        if its_month and not last:  # "1.2.3" is a version
            return m[0]
        return keep(year, month, first, int(last or first), int(its_month) if its_month else None)

    def named(m: re.Match[str]) -> str:
        year = int(m["year"]) if m["year"] else None
        return keep(year, _MONTHS[m["month"]], int(m["d1"]), int(m["d2"] or m["d1"]))

    def month_year(m: re.Match[str]) -> str:
        months.add((int(m["year"]), _MONTHS[m["month"]]))
        return " | "

    rest = _JAPANESE.sub(japanese, folded)
    rest = _ISO.sub(iso, rest)
    rest = _GERMAN.sub(german, rest)
    rest = _DAY_MONTH.sub(named, rest)
    rest = _MONTH_DAY.sub(named, rest)
    rest = _MONTH_YEAR.sub(month_year, rest)
    years = {int(y) for y in _BARE_YEAR.findall(rest)}
    years |= {2000 + int(y) for y in _SHORT_YEAR.findall(rest)}
    years |= {d.year for span in spans for d in span} | {year for year, _ in months}
    return Dates(
        spans=tuple(sorted(spans)),
        days=tuple(sorted(days)),
        months=tuple(sorted(months)),
        years=frozenset(years),
        day_number=day_number(folded),
        numbered=numbered(rest),
    )


def day_number(folded: str) -> int | None:
    """Return which day of an event a text names: "tag 2" or "zweiter tag" -> 2."""
    found = _DAY_NUMBER.search(folded)
    if not found:
        return None
    text = (found[1] or found[2]).rstrip(".")
    number = int(text) if text.isdigit() else _NUMBER_WORDS[text]
    return number if 1 <= number <= 14 else None


def numbered(folded: str) -> frozenset[tuple[str, int]]:
    """Return numbers with the word beside them: "5. kongress" -> ("kongress", 5).

    Years are left out; ordinals in words count: "dritte runde" -> ("runde", 3).
    """
    pairs: set[tuple[str, int]] = set()
    for before, n1, n2, after in _NUMBERED.findall(folded):
        number = int(n1 or n2)
        if number < 1900:
            pairs.add((before or after, number))
    sequence = re.findall(r"[^\W_]+", folded)
    for word, after in pairwise(sequence):
        if word in _NUMBER_WORDS and len(word) > 4 and not after.isdigit():
            pairs.add((after, _NUMBER_WORDS[word]))
    return frozenset(pairs)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
