"""Sentences of the database in the reader's language: evidence that the linkage put into words.

In:   an English sentence as `harvester/linkage/` makes it and the database keeps it.
Out:  the same in the reader's language, its days and counts in the reader's form; what is
      not known stays as it is, marked as English.

Each sentence of the linkage stands here once more, with names for what varies.  Names say
what may stand there (`_FORMS`); the sentence with the most letters of its own is tried
first, so that `the description names "{name}"` is not taken for one that names a person.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from markupsafe import Markup, escape

from harvester.web.catalogue import PLACEHOLDER, SOURCE
from harvester.web.lists import LISTS
from harvester.web.refusals import A_RULE, REFUSALS
from harvester.web.sentences import KINDS, SENTENCES

_WHOLE = r"\d+"
_DAY = r"\d{4}(?:-\d\d(?:-\d\d)?)?"
_KIND = "|".join(KINDS)
_FORMS: Mapping[str, str] = {
    **dict.fromkeys(("count", "total", "number", "other", "part", "day", "days"), _WHOLE),
    **dict.fromkeys(("minutes", "seconds", "share"), _WHOLE),
    "characters": r"[\d,]+",
    "verdict": "|".join(LISTS["verdict"]),
    **dict.fromkeys(("date", "event_date"), rf"{_DAY}(?: to {_DAY})?"),
    **dict.fromkeys(("years", "event_years"), r"\d{4}(?:/\d{4})*"),
    "listed": r'"[^"]*"(?:, "[^"]*")*',
    "kinds": rf"(?:{_KIND})(?: and (?:{_KIND}))*",
    "kind": r"an? .*",
}
_ANYTHING = ".*"  # of names, titles, persons, places and addresses


class Sentence(str):
    """A sentence with its language; in a page it is marked where that is not the reader's."""

    __slots__ = ("is_foreign", "lang")
    lang: str
    is_foreign: bool

    def __new__(cls, text: str, lang: str, *, is_foreign: bool = False) -> "Sentence":
        """Make one."""
        made = super().__new__(cls, text)
        made.lang, made.is_foreign = lang, is_foreign
        return made

    def __html__(self) -> str:
        """Return it as markup."""
        text = escape(str(self))
        if not self.is_foreign:
            return text
        return Markup('<span lang="{}">{}</span>').format(self.lang, text)


Gettext = Callable[..., str]
Dates = Callable[[str, str], str]


def translated(text: str, language: str, gettext: Gettext, dates: Dates) -> Sentence:
    """Return a sentence of the linkage in a language; one not known as it is."""
    found = parsed(text)
    if found is None:
        return Sentence(text, SOURCE, is_foreign=language != SOURCE)
    message, values = found
    said = {name: _said(name, value, language, gettext, dates) for name, value in values.items()}
    return Sentence(gettext(message, **said), language)


@lru_cache(maxsize=16384)
def parsed(text: str) -> tuple[str, Mapping[str, str]] | None:
    """Return which sentence it is, with what varies in it as it stands there."""
    for message, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return message, found.groupdict()
    return None


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Return each sentence as a pattern; that with the most letters of its own first."""
    ordered = sorted([*SENTENCES, *REFUSALS], key=lambda s: (-len(PLACEHOLDER.sub("", s)), s))
    return [(message, re.compile(_pattern(message), re.DOTALL)) for message in ordered]


def _pattern(message: str) -> str:
    literals = PLACEHOLDER.split(message)
    parts = [re.escape(literals[0])]
    for name, literal in zip(literals[1::2], literals[2::2], strict=True):
        parts += [f"(?P<{name}>{_FORMS.get(name, _ANYTHING)})", re.escape(literal)]
    return "".join(parts)


def _said(name: str, value: str, language: str, gettext: Gettext, dates: Dates) -> str | int:
    """Return what varies in a sentence, for the reader."""
    form = _FORMS.get(name)
    if form == _WHOLE:
        return int(value)
    if name in ("date", "event_date"):
        first, _, last = value.partition(" to ")
        return dates(first, last or first)
    if name == "characters":
        return int(value.replace(",", ""))
    if name == "verdict":
        return gettext(LISTS["verdict"][value])
    if name == "by" and value == A_RULE:
        return gettext(A_RULE)
    if language == SOURCE:
        return value
    if name == "listed":
        return ", ".join(_quoted(word, gettext) for word in re.findall('"([^"]*)"', value))
    if name == "kinds":
        return _joined([_kind(kind, gettext) for kind in value.split(" and ")], gettext)
    if name == "kind":
        return _kind(value.partition(" ")[2], gettext)
    return value


def _quoted(word: str, gettext: Gettext) -> str:
    return gettext('"{word}"', word=word)


def _joined(kinds: list[str], gettext: Gettext) -> str:
    *some, last = kinds
    return gettext("{one} and {other}", one=", ".join(some), other=last) if some else last


def _kind(kind: str, gettext: Gettext) -> str:
    return gettext(KINDS[kind]) if kind in KINDS else kind
