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
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from harvester.linkage.text import runs

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
            "eins erster erste erstes ersten one first un premier uno primer i",
            "zwei zweiter zweite zweites zweiten two second deux dos segundo ii",
            "drei dritter dritte drittes dritten three third trois tres tercer iii",
            "vier vierter vierte viertes vierten four fourth quatre cuatro iv",
        ),
        start=1,
    )
    for word in line.split()
}

_WEEKDAYS = {
    word: number
    for number, line in enumerate(
        (
            "montag monday lundi lunes lunedi",
            "dienstag tuesday mardi martes martedi",
            "mittwoch wednesday mercredi miercoles mercoledi",
            "donnerstag thursday jeudi jueves giovedi",
            "freitag friday vendredi viernes venerdi",
            "samstag sonnabend saturday samedi sabado sabato",
            "sonntag sunday dimanche domingo domenica",
        )
    )
    for word in line.split()
}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
# patterns begin with the few characters they look for, and look behind them only then:
# searching for these is quick
_DAY = (
    r"(?P<d1>\d(?<!\d\d)\d?)(?:\.|st|nd|rd|th|er)?"
    r"(?:\s?(?:-|/|\+|&|und|and|et|y|bis|to)\s?(?P<d2>\d{1,2})(?:\.|st|nd|rd|th)?)?"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_ISO = re.compile(r"((?:19|20)(?<!\d\d\d)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_JAPANESE = re.compile(r"((?:19|20)\d\d)年\s?(?:(\d{1,2})月\s?(?:(\d{1,2})日)?)?")
_GERMAN = re.compile(
    r"(\d(?<![\d.]\d)\d?)\.(?:(\d{1,2})\.)?(?:\s?(?:-|/|und|bis)\s?(\d{1,2})\.)?"
    r"(\d{1,2})\.\s?((?:19|20)\d\d|\d\d(?!\d))?(?!\d)"
)
_DAY_MONTH = re.compile(rf"{_DAY}\s?(?:de |of )?{_MONTH}(?:,? (?:de )?{_YEAR})?")
_MONTH_DAY = re.compile(rf"\b{_MONTH} {_DAY}(?!\d)(?:,? {_YEAR})?")
_MONTH_YEAR = re.compile(rf"\b{_MONTH},? (?:de )?{_YEAR}")
_TWO_MONTHS = re.compile(
    rf"(?<!\d)(\d{{1,2}})\.?\s?{_MONTH.replace('month', 'month1', 1)}\s?(?:-|/|bis|und|to|and)\s?"
    rf"(\d{{1,2}})\.?\s?{_MONTH},?\s{_YEAR}"
)
_SLASHED = re.compile(r"(?<![\d/-])(\d{1,2})([/-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_MONTH_NUMBER = re.compile(r"(?<![\d.,/])(0?[1-9]|1[0-2])[./]((?:19|20)\d\d)(?![\d.])")
_YEAR_MONTH = re.compile(r"(20(?<![\d.,/-]\d\d)\d\d)[-/](0[1-9]|1[0-2])(?![\d/-]|[.,]\d)")
_BARE_YEAR = re.compile(r"((?:19|20)(?<![\d.,]\d\d)\d\d)(?![\d]|[.,]\d)")
_SHORT_YEAR = re.compile(r"['’‘´`](?<!\w.)(\d\d)(?!\w)")
_DIGIT = re.compile(r"\d")
_DATED = re.compile(r"19\d\d|20\d\d|\.\s?\d\d(?!\d)")  # no day with its year is without this
_BEFORE, _AFTER = 45, 12  # letters of a date before and behind its year
_A_DAY = re.compile(r"tag|day|jour|dia|jornada")
_ORDINALS = frozenset(word for word in _NUMBER_WORDS if len(word) > 4)
_DAY_WORD = r"(?:tag|day|jour|jornada|dia)"
_DAY_NUMBER = re.compile(
    rf"\b{_DAY_WORD}\s?#?\s?(\d{{1,2}}|{'|'.join(_NUMBER_WORDS)})\b(?!\s?[.]\s?\d)"
    rf"|\b(\d{{1,2}}\.|{'|'.join(_NUMBER_WORDS)}) {_DAY_WORD}\b"
)
_NUMBERED = re.compile(
    # "2. Frauencafé" has the number of the word behind it, whatever stands before
    r"(?<![^\W\d_])([^\W\d_]++)(?: (?:nr|no)\.? ?| ?#|: ?#| |-)"
    r"(\d{1,4})(?!\d|[.,:]\d|\.\s?[^\W\d_])"
    r"|(?<![\d.,])(\d{1,4})(?:\.|st|nd|rd|th|er|eme|e)?[ -]([^\W\d_]++)"
    r"|(?<![^\W_])([^\W\d_]{4,}+)(\d\d)(?![^\W_])"  # "oedo04"
)
_APART = 6  # characters at most between a word and its number
_PARTS = ("teil", "part", "pt", "partie", "parte", "session", "round", "runde", "block", "set")
COUNTING = frozenset(_PARTS).union(_NUMBER_WORDS, _WEEKDAYS)
"""Words that count parts and days, and tell nothing else."""

_COUNTED = {  # no title without one of these, or "#", has a part
    *_PARTS,
    *("talk", "talks", "keynote", "keynotes", "panel", "panels", "workshop", "workshops"),
}
_PART = re.compile(
    rf"\b(?:{'|'.join(_PARTS)})\b\.?\s?#?\s?"
    rf"(\d{{1,2}}|{'|'.join(_NUMBER_WORDS)})\b(?![.:]\d)"
    r"|#(\d{1,2})\b(?![.:]\d)|\b(?:talks?|keynotes?|panels?|workshops?)\s(\d{1,2})\b(?![.:]\d)"
)


@dataclass(frozen=True, slots=True)
class Dates:
    """What a text says about time; everything may be empty."""

    spans: tuple[Span, ...] = ()
    days: tuple[DayOfYear, ...] = ()  # days without a year
    months: tuple[tuple[int, int], ...] = ()  # year, month
    years: frozenset[int] = frozenset()  # those of spans and months too
    day_number: int | None = None  # of a day within an event
    weekday: int | None = None  # 0 is Monday, as in datetime
    part: int | None = None  # which of several of a kind: "Part 2", "Lightning Talks #2"
    numbered: frozenset[tuple[str, int]] = frozenset()  # other numbers, with the word beside them


NO_DATES = Dates()
_IN_WORDS = _ORDINALS | _COUNTED | _WEEKDAYS.keys()


def find(folded: str) -> Dates:
    """Return the dates in folded text: "am 24. und 25. november" -> days ((11, 24, 25),)."""
    tokens = runs(folded)
    finder, rest, years = _Finder(), folded, set[int]()
    if not _DIGIT.search(folded):
        if _IN_WORDS.isdisjoint(tokens) and "#" not in folded and not _A_DAY.search(folded):
            return NO_DATES
    else:
        rest = finder.take(folded, tokens)
        years = {int(y) for y in _BARE_YEAR.findall(rest)}
        years |= {2000 + int(y) for y in _SHORT_YEAR.findall(rest)}
        years |= {d.year for span in finder.spans for d in span} | {y for y, _ in finder.months}
    return Dates(
        spans=tuple(sorted(finder.spans)),
        days=tuple(sorted(finder.days)),
        months=tuple(sorted(finder.months)),
        years=frozenset(years),
        day_number=day_number(folded),
        weekday=_weekday(tokens),
        part=None if _COUNTED.isdisjoint(tokens) and "#" not in rest else part(rest),
        numbered=numbered(rest),
    )


def spans(folded: str) -> tuple[Span, ...]:
    """Return only the days and spans with their years: for long texts, most of which have none."""
    if not _DATED.search(folded):
        return ()
    # the rules cost by the letter, so they see only what stands around a year
    ends: list[int] = []
    parts: list[str] = []
    for found in _DATED.finditer(folded):
        start = folded.rfind(" ", 0, max(0, found.start() - _BEFORE)) + 1
        if ends and start <= ends[-1]:
            start = ends[-1]
        stop = folded.find(" ", found.end() + _AFTER)
        ends.append(len(folded) if stop < 0 else stop)
        parts += ["" if ends[:-1] and start == ends[-2] else " | ", folded[start : ends[-1]]]
    near = "".join(parts)
    finder = _Finder()
    finder.take(near, runs(near))
    return tuple(sorted(finder.spans))


class _Finder:
    """Takes dates out of a text, one way of writing after the other."""

    def __init__(self) -> None:
        self.spans: set[Span] = set()
        self.days: set[DayOfYear] = set()
        self.months: set[tuple[int, int]] = set()

    def take(self, folded: str, tokens: Sequence[str]) -> str:
        """Keep what the text says, and return the text without it."""
        rest = _JAPANESE.sub(self._japanese, folded) if "年" in folded else folded
        rest = _ISO.sub(self._iso, rest)
        rest = _GERMAN.sub(self._german, rest)
        rest = _SLASHED.sub(self._slashed, rest)
        rest = _MONTH_NUMBER.sub(self._month_number, rest)
        rest = _YEAR_MONTH.sub(self._year_month, rest)
        is_named = not _MONTHS.keys().isdisjoint(tokens)
        if is_named:
            rest = _TWO_MONTHS.sub(self._two_months, rest)
        rest = _DAY_MONTH.sub(self._named, rest)
        if is_named:  # these begin with a month, and cost the most
            rest = _MONTH_DAY.sub(self._named, rest)
            rest = _MONTH_YEAR.sub(self._month_year, rest)
        return rest

    def _keep(
        self, year: int | None, month: int, first: int, last: int, first_month: int | None = None
    ) -> str:
        begin = _date(year or 2000, first_month or month, first)  # 2000 has a 29 February
        end = _date(year or 2000, month, last)
        if not (begin and end and begin <= end):
            return " | "
        if year:
            self.spans.add((begin, end))
        elif first_month in (None, month):
            self.days.add((month, first, last))
        return " | "  # the words on its two sides are no neighbours

    def _iso(self, m: re.Match[str]) -> str:
        return self._keep(int(m[1]), int(m[2]), int(m[3]), int(m[3]))

    def _japanese(self, m: re.Match[str]) -> str:
        if m[2] and m[3]:
            return self._keep(int(m[1]), int(m[2]), int(m[3]), int(m[3]))
        if m[2] and 1 <= int(m[2]) <= 12:
            self.months.add((int(m[1]), int(m[2])))
        return f" {m[1]} "

    def _german(self, m: re.Match[str]) -> str:
        # 24.11.2022 · 24./25.11.2022 · 28.10.-08.12.2020 · 09.11. (no year)
        first, its_month, last, month = int(m[1]), m[2], m[3], int(m[4])
        year = None if not m[5] else int(m[5]) + (2000 if len(m[5]) == 2 else 0)
        if its_month and not last:  # "1.2.3" is a version
            return m[0]
        return self._keep(
            year, month, first, int(last or first), int(its_month) if its_month else None
        )

    def _slashed(self, m: re.Match[str]) -> str:
        # 23/11/2023 or 11/23/2023; nobody knows what 06/07/2023 is
        one, two = int(m[1]), int(m[3])
        if one <= 12 and two <= 12 and one != two:
            return f" {m[4]} "
        return self._keep(int(m[4]), min(one, two), max(one, two), max(one, two))

    def _month_number(self, m: re.Match[str]) -> str:
        self.months.add((int(m[2]), int(m[1])))
        return " | "

    def _year_month(self, m: re.Match[str]) -> str:
        year, month = int(m[1]), int(m[2])
        if month > year % 100:  # 2010/11 may be a season, 2010-12 several years
            return m[0]
        self.months.add((year, month))
        return " | "

    def _two_months(self, m: re.Match[str]) -> str:
        # 30. November bis 1. Dezember 2022
        first_month, month = _MONTHS[m["month1"]], _MONTHS[m["month"]]
        return self._keep(int(m["year"]), month, int(m[1]), int(m[3]), first_month)

    def _named(self, m: re.Match[str]) -> str:
        year = int(m["year"]) if m["year"] else None
        return self._keep(year, _MONTHS[m["month"]], int(m["d1"]), int(m["d2"] or m["d1"]))

    def _month_year(self, m: re.Match[str]) -> str:
        self.months.add((int(m["year"]), _MONTHS[m["month"]]))
        return " | "


def day_number(folded: str) -> int | None:
    """Return which day of an event a text names: "tag 2" or "zweiter tag" -> 2."""
    found = _DAY_NUMBER.search(folded) if _A_DAY.search(folded) else None
    if not found:
        return None
    text = (found[1] or found[2]).rstrip(".")
    number = int(text) if text.isdigit() else _NUMBER_WORDS[text]
    return number if 1 <= number <= 14 else None


def _weekday(tokens: Sequence[str]) -> int | None:
    """Return the only day of the week that words name: "lightning talks, saturday" -> 5."""
    if _WEEKDAYS.keys().isdisjoint(tokens):
        return None
    found = {_WEEKDAYS[w] for w in tokens if w in _WEEKDAYS}
    return found.pop() if len(found) == 1 else None


def part(folded: str) -> int | None:
    """Return which of several of a kind a text names: "lightning talks pt. 2" -> 2."""
    found = _PART.search(folded)
    if not found:
        return None
    text = next(g for g in found.groups() if g)
    return int(text) if text.isdigit() else _NUMBER_WORDS[text]


def numbered(folded: str) -> frozenset[tuple[str, int]]:
    """Return numbers with the word beside them: "5. kongress" -> ("kongress", 5).

    Years are left out; ordinals in words count: "dritte runde" -> ("runde", 3).
    """
    pairs: set[tuple[str, int]] = set()
    first = _DIGIT.search(folded)
    # the rule costs by the letter, so it begins with the word before the first digit
    start = folded.rfind(" ", 0, max(0, first.start() - _APART)) + 1 if first else 0
    for before, n1, n2, after, joined, n3 in _NUMBERED.findall(folded, start) if first else ():
        number = int(n1 or n2 or n3)
        if number < 1900:
            pairs.add((before or after or joined, number))
    return _in_words(runs(folded)).union(pairs)


def _in_words(tokens: Sequence[str]) -> frozenset[tuple[str, int]]:
    """Return numbers in words with the word behind them."""
    if _ORDINALS.isdisjoint(tokens):
        return frozenset()
    return frozenset(
        (after, _NUMBER_WORDS[word])
        for word, after in pairwise(tokens)
        if word in _ORDINALS and not after.isdigit()
    )


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
