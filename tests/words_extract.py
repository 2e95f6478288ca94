"""The texts of the pages, as the sources have them, and how de.po stands to them.

    python -m tests.words_extract           what is missing in de.po, or said no longer; 1 if
                                            anything is
    python -m tests.words_extract --write   brings de.po up to date: new texts come in without
                                            a translation, old ones go

A text counts where `_`, `gettext`, `ngettext`, `pgettext` or `msgid` is called with it.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from harvester.web.catalogue import LOCALE, PLACEHOLDER

ROOT = Path(__file__).parent.parent
WEB = ROOT / "harvester" / "web"
GERMAN = LOCALE / "de.po"
HEAD = r"""# What the pages say, in German; the English is in the sources.
# `python -m tests.words_extract` tells what is missing here, or said no longer.
msgid ""
msgstr ""
"Language: de\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""

_TEXTS = {"_": 1, "gettext": 1, "msgid": 1, "ngettext": 2, "pgettext": 2}
"""How many texts a call begins with; the first of pgettext is the context."""

Key = tuple[str | None, str]
"""What tells texts apart: context, and the text, or its singular."""


class Call(NamedTuple):
    """A text where it is said, with the names of the values that it is given."""

    place: str
    function: str
    texts: tuple[str, ...]  # empty, if it is not written there but worked out
    values: frozenset[str] | None  # None: nobody can tell

    @property
    def key(self) -> Key:
        """Return what tells it apart."""
        return (
            (self.texts[0], self.texts[1]) if self.function == "pgettext" else (None, self.texts[0])
        )

    @property
    def said(self) -> tuple[str, ...]:
        """Return the text, or its singular and plural."""
        return self.texts[1:] if self.function == "pgettext" else self.texts

    @property
    def lacking(self) -> set[str]:
        """Return the placeholders that get no value."""
        if self.values is None or self.function == "msgid":
            return set()
        given = self.values | ({"n"} if self.function == "ngettext" else set())
        return {name for text in self.said for name in PLACEHOLDER.findall(text)} - given


def templates() -> list[Path]:
    """Return the templates of the pages."""
    return sorted(path for path in (WEB / "templates").rglob("*.html") if path.is_file())


def calls() -> list[Call]:
    """Return every text of the sources, in their order."""
    found: list[Call] = []
    for path in sorted(WEB.rglob("*.py")):
        found += _python(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    for path in templates():
        found += _template(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    return [call for call in found if call.texts]


def _python(place: str, source: str) -> Iterator[Call]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        values = {keyword.arg for keyword in node.keywords}
        yield from _call(f"{place}:{node.lineno}", name, texts, values)


def _template(place: str, source: str) -> Iterator[Call]:
    for node in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(node.node, nodes.Name):
            texts = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
            values = {keyword.key for keyword in node.kwargs}
            open_end = {None} if node.dyn_kwargs else set()
            yield from _call(f"{place}:{node.lineno}", node.node.name, texts, values | open_end)


def _call(
    place: str, name: str, texts: Sequence[object], values: set[str | None]
) -> Iterator[Call]:
    if name in _TEXTS:
        said = tuple(text for text in texts[: _TEXTS[name]] if isinstance(text, str))
        known = frozenset(value for value in values if value)
        complete = said if len(said) == _TEXTS[name] else ()
        yield Call(place, name, complete, None if None in values else known)


def wanted() -> Catalog:
    """Return the catalogue that the sources call for, without translations."""
    found = Catalog(locale="de", charset="utf-8", fuzzy=False)
    for call in calls():
        context, _ = call.key
        where = [(call.place.rpartition(":")[0], 1)]
        if call.function == "ngettext":
            found.add(call.said, ("", ""), where, context=context)
        else:
            found.add(call.said[0], "", where, context=context)
    return found


def german() -> Catalog:
    """Return the catalogue as it lies there."""
    with GERMAN.open("rb") as file:
        return read_po(file, locale="de", abort_invalid=True)


def keys(catalog: Catalog) -> dict[Key, tuple[str, ...]]:
    """Return the texts of a catalogue with their translations."""
    return {
        (its.context, its.id if isinstance(its.id, str) else its.id[0]): (
            (its.string,) if isinstance(its.string, str) else tuple(its.string or ())
        )
        for its in catalog
        if its.id
    }


def update() -> None:
    """Write de.po anew: the texts of the sources, with the translations that there are."""
    known, catalog = keys(german()) if GERMAN.exists() else {}, wanted()
    for message in catalog:
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms = known.get((message.context, key), ())
        if isinstance(message.id, str):
            message.string = forms[0] if forms else ""
        else:
            message.string = forms if len(forms) == len(message.id) else ("", "")
    with GERMAN.open("wb") as file:
        file.write(HEAD.encode())
        write_po(file, catalog, width=96, omit_header=True, include_lineno=False)


def faults() -> list[str]:
    """Return what is wrong with de.po: missing, said no longer, or called without a value."""
    there, asked = keys(german()), keys(wanted())
    found = [f"missing: {text!r}" for text in asked if not all(there.get(text, ("",)))]
    found += [f"said no longer: {text!r}" for text in there if text not in asked]
    return found + [
        f"{call.place}: no value for {', '.join(sorted(call.lacking))}"
        for call in calls()
        if call.lacking
    ]


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        update()
    wrong = faults()
    click.echo("\n".join(wrong) or "de.po has every text of the pages, and no other")
    sys.exit(bool(wrong))
