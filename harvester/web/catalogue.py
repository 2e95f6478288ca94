"""What the program says, in another language: the catalogue, and values put into a text.

In:   English texts as they stand in the sources, and values by name.
Out:  the text of the reader's language.

English is the source; a translation lies in harvester/locale/<language>.po and is read
once, when it is first asked for.  What has no translation comes out in English.

A placeholder is a plain name in braces, as in "{n} videos".  Nothing else has a meaning,
and a value is put in as it is: a title that holds "{0.__class__}" is a title.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from markupsafe import Markup, escape

LOCALE = Path(__file__).parent.parent / "locale"
SOURCE = "en"

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def msgid(text: str) -> str:
    """Return a text as it is: marks it as one that is translated later."""
    return text


class Catalogue:
    """The translations of one language; German and English both have two plural forms."""

    def __init__(self, texts: Mapping[tuple[str | None, str], tuple[str, ...]]) -> None:
        self._texts = texts

    def text(self, message: str, context: str | None = None) -> str:
        """Return the translation of a text."""
        found = self._texts.get((context, message))
        return found[0] if found else message

    def plural(self, one: str, many: str, count: float) -> str:
        """Return the translation of the form that fits a count."""
        forms = self._texts.get((None, one), (one, many))
        return forms[0 if count == 1 else -1]


@cache
def catalogue(language: str) -> Catalogue:
    """Return the catalogue of a language."""
    if language == SOURCE:
        return Catalogue({})
    with (LOCALE / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language, abort_invalid=True)
    texts: dict[tuple[str | None, str], tuple[str, ...]] = {}
    for message in read:
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms = (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        )
        if key and not message.fuzzy and forms and all(forms):
            texts[message.context, key] = forms
    return Catalogue(texts)


def fill(text: str, values: Mapping[str, object], say: Callable[[object], str]) -> str:
    """Return a text with its placeholders replaced by values, each put into words by `say`.

    If a value is markup, so is the result, and all else in it is escaped.
    """
    if not values:
        return text
    if any(hasattr(value, "__html__") for value in values.values()):
        # `escape` takes what has `__html__` for markup already
        marked = PLACEHOLDER.sub(
            lambda found: str(escape(_value(values, found[1], say))), str(escape(text))
        )
        return Markup(marked)  # noqa: S704  (every part of it is escaped)
    return PLACEHOLDER.sub(lambda found: str(_value(values, found[1], say)), text)


def _value(values: Mapping[str, object], name: str, say: Callable[[object], str]) -> object:
    value = values[name]
    return value if hasattr(value, "__html__") else say(value)
