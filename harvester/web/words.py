"""Everything that pages put into words: texts, dates, numbers, lengths, closed lists, evidence.

In:   values as the use cases return them, and the reader's language.
Out:  text in that language; never markup, unless markup was put in.

English is the language of the sources, German that of most readers.  A page gets one
`Words` and asks nothing else for a text; templates see `gettext` as `_`.
"""

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, cast, get_args

from babel.lists import format_list

from harvester.records import PartialDate
from harvester.review.filters import percents
from harvester.review.new_event import BERLIN
from harvester.web import formats
from harvester.web.catalogue import catalogue, fill
from harvester.web.evidence import Sentence, translated
from harvester.web.lists import LISTS
from harvester.web.sentences import KINDS

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_LOCALES = {"de": "de_DE", "en": "en_GB"}  # en_GB: day before month, 24 hours
_UNKNOWN = "–"
_QUOTED = re.compile(r"[\"„“”«»]([^\"„“”«»]+)[\"“”«»]")
_HEADER = 500  # characters of Accept-Language that are looked at


def negotiate(accept_language: str | None, cookie: str | None, setting: str = "auto") -> Language:
    """Return the language to answer in: what the reader chose, what is set, what the browser asks.

    English, if it asks for neither.
    """
    for chosen in (cookie, setting):
        if chosen in LANGUAGES:
            return chosen
    asked: list[tuple[float, Language]] = []
    for part in (accept_language or "")[:_HEADER].split(","):
        tag, _, quality = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES and (worth := _quality(quality)) > 0:
            asked.append((worth, language))
    return max(asked, key=lambda a: a[0])[1] if asked else "en"  # of equals, the first


def _quality(text: str) -> float:
    name, _, value = text.replace(" ", "").partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name == "q" else 0.0
    except ValueError:
        return 0.0


@cache
def words_of(language: Language) -> "Words":
    """Return the words of a language; made once a process."""
    return Words(language)


class Words:
    """The texts and forms of one language; holds no state, so that requests may share it."""

    def __init__(self, language: Language = "en", zone: dt.tzinfo = BERLIN) -> None:
        self.language: Language = language
        self.zone = zone
        self._locale = _LOCALES[language]
        self._catalogue = catalogue(language)

    # --- texts ----------------------------------------------------------------

    def gettext(self, message: str, /, **values: object) -> str:
        """Return a text with its {placeholders} filled: whole numbers in the reader's form."""
        return fill(self._catalogue.text(message), values, self._said)

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Return the form that fits a count, which is {n} in it."""
        return fill(self._catalogue.plural(one, many, n), {"n": n, **values}, self._said)

    def pgettext(self, context: str, message: str, /, **values: object) -> str:
        """Return a text that needs another translation elsewhere."""
        return fill(self._catalogue.text(message, context), values, self._said)

    def evidence(self, text: str) -> Sentence:
        """Return an English sentence of the database, or of an error, in the reader's language."""
        return translated(text, self.language, self.gettext, self.dates)

    def listing(self, items: Sequence[str]) -> str:
        """Return several things as one text: "a, b and c"."""
        return format_list(list(items), locale=self._locale)

    def inner(self, text: str) -> str:
        """Return a text to be quoted: its own quotation marks become single ones."""
        return _QUOTED.sub(r"‚\1‘" if self.language == "de" else r"‘\1’", text)

    def _said(self, value: object) -> str:
        if value is None:
            return _UNKNOWN
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return self.number(cast("int", value)) if is_number else str(value)

    # --- days and moments -----------------------------------------------------

    def date(self, day: PartialDate | dt.date | dt.datetime | None) -> str:
        """Return a day, a month or a year; of an instant, its day where the reader is."""
        if isinstance(day, dt.datetime):
            day = day.astimezone(self.zone).date()
        return formats.date(day, self._locale) if day else _UNKNOWN

    def dates(
        self, first: PartialDate | dt.date | None, last: PartialDate | dt.date | None = None
    ) -> str:
        """Return a day or a span of days: "23.–24.11.2023"."""
        first, last = first or last, last or first
        if first is None or last is None:
            return _UNKNOWN
        return formats.span(str(first), str(last), self._locale)

    def moment(self, instant: dt.datetime | None) -> str:
        """Return an instant where the reader is: "23.11.2023, 15:05 Uhr"."""
        if instant is None:
            return _UNKNOWN
        local = instant.astimezone(self.zone)
        clock = f"{local:%H:%M}" + (" Uhr" if self.language == "de" else f" {local:%Z}")
        return f"{self.date(local)}, {clock}"

    def days_ago(self, count: int) -> str:
        """Return how long ago something was: "vor 34 Tagen"; of long ago, in months or years."""
        if count < 0:
            return self.ngettext("in {n} day", "in {n} days", -count)
        if count < 2:
            return self.gettext("yesterday") if count else self.gettext("today")
        if count < 100:
            return self.ngettext("{n} day ago", "{n} days ago", count)
        if count < 730:
            return self.ngettext("{n} month ago", "{n} months ago", round(count / 30.44))
        return self.ngettext("{n} year ago", "{n} years ago", int(count / 365.25))

    # --- numbers --------------------------------------------------------------

    def number(self, value: float | None, digits: int = 0) -> str:
        """Return a number: "1.234"."""
        return _UNKNOWN if value is None else formats.number(value, digits, self._locale)

    def percent(self, share: float | None, digits: int = 0) -> str:
        """Return a share that was counted: "94 %"."""
        return _UNKNOWN if share is None else formats.percent(share, digits, self._locale)

    def probability(self, probability: float | None) -> str:
        """Return what a model says, without promising more than it can: "> 99 %"."""
        if probability is None:
            return _UNKNOWN
        if probability > 0.99:
            return f"> {self.percent(0.99)}"
        if probability < 0.01:
            return f"< {self.percent(0.01)}"
        return self.percent(percents(probability) / 100)

    def bits(self, weight: float) -> str:
        """Return a match weight: "+3,1", "−0,2"."""
        rounded = round(weight, 1) or 0.0  # no "−0,0"
        sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
        return sign + formats.number(abs(rounded), 1, self._locale)

    def length(self, seconds: int | None) -> str:
        """Return a length as players show it: "1:28:03", "4:05"."""
        if seconds is None:
            return _UNKNOWN
        hours, minutes = divmod(seconds // 60, 60)
        return (
            f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
        )

    def length_spoken(self, seconds: int | None) -> str:
        """Return a length as it is read aloud: "1 Stunde 28 Minuten"."""
        if seconds is None:
            return self.gettext("unknown")
        hours, minutes = divmod(seconds // 60, 60)
        parts = {"hour": hours, "minute": minutes, "second": 0 if hours else seconds % 60}
        told = [formats.unit(its, name, self._locale) for name, its in parts.items() if its]
        return " ".join(told) or formats.unit(0, "second", self._locale)

    def kind(self, kind: str | None) -> str:
        """Return the kind of an event or talk; one that is not known as its record has it."""
        plain = (kind or "").replace("_", " ")
        text = KINDS.get(plain.casefold())
        return self.gettext(text) if text else plain

    # --- closed lists ---------------------------------------------------------

    def items(self, name: str) -> list[tuple[str, str]]:
        """Return a closed list, each value with its words, in its order."""
        return [(value, self.gettext(text)) for value, text in LISTS[name].items()]

    def item(self, name: str, value: str | None) -> str:
        """Return the words of a value of a closed list; a value not known comes out as it is."""
        if value is None:
            return _UNKNOWN
        text = LISTS[name].get(value)
        return self.gettext(text) if text else str(value)
