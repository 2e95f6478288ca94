"""Days and numbers in the form of a locale: "23.11.2023", "1.234".

In:   values, and the name of a locale that Babel knows.
Out:  text.

Remembered, since pages show the same few again and again.  Pure.
"""

import datetime as dt
from functools import lru_cache

from babel.dates import format_date, format_interval
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from harvester.records import PartialDate


@lru_cache(maxsize=4096)
def date(day: PartialDate | dt.date, locale: str) -> str:
    """Return a day, a month or a year; what is none of these as it is."""
    text = str(day)
    try:
        if len(text) == 4:
            return text
        if len(text) == 7:
            return format_date(dt.date.fromisoformat(f"{text}-01"), "LLLL y", locale=locale)
        return format_date(dt.date.fromisoformat(text), "medium", locale=locale)
    except ValueError:
        return text


@lru_cache(maxsize=4096)
def span(first: str, last: str, locale: str) -> str:
    """Return a span of days, with what both ends share once; either may be partial."""
    if first == last:
        return date(first, locale)
    if len(first) == len(last) == 10:
        skeleton = "yMd" if locale.startswith("de") else "yMMMd"
        one, other = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        return format_interval(one, other, skeleton, locale=locale)
    return f"{date(first, locale)} – {date(last, locale)}"


@lru_cache(maxsize=4096)
def number(value: float, digits: int, locale: str) -> str:
    """Return a number with so many digits after its point."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, pattern, locale=locale)


@lru_cache(maxsize=4096)
def percent(share: float, digits: int, locale: str) -> str:
    """Return a share as a percentage with so many digits after its point."""
    decimals = "." + "0" * digits if digits else ""
    gap = "\N{NO-BREAK SPACE}" if locale.startswith("de") else ""
    return format_percent(share, f"#,##0{decimals}{gap}%", locale=locale)


@lru_cache(maxsize=1024)
def unit(count: int, name: str, locale: str) -> str:
    """Return so many hours, minutes or seconds as they are read aloud."""
    return format_unit(count, name, locale=locale)
