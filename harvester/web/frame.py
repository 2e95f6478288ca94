"""The templates with the words of each language, and what templates ask of data.

Everything is escaped; a text of the outside never becomes markup, and an address of the
outside is a link only if it is one of the web.
"""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from harvester.web.words import Language, Words, words_of

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment(language: Language) -> Environment:
    """Return the templates with the words of a language; made once a process."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    words = words_of(language)
    made.globals.update(
        name_of_talk=name_of_talk,
        _=words.gettext,
        ngettext=words.ngettext,
        pgettext=words.pgettext,
        words=words,
    )
    made.filters["web_address"] = web_address
    return made


def name_of_talk(talk: Any, words: Words) -> str:
    """Return what a talk is called: its title or kind, and who speaks."""
    kind = getattr(talk, "kind", None)
    name = talk.title or (words.kind(kind) if kind and kind != "other" else "")
    if not name and not talk.speakers:
        name = words.gettext("talk without a title")
    return ", ".join([name, *talk.speakers] if name else talk.speakers)


def web_address(text: str | None) -> str | None:
    """Return an address of the web as it is, and None for anything else ("javascript:…")."""
    try:
        url = urlsplit((text or "").strip())
        is_web = url.scheme in ("http", "https") and bool(url.hostname)
    except ValueError:
        is_web = False
    return text.strip() if text and is_web else None
