"""Event records as YAML, the form of config/events/zwk.yaml.

In:   the text of a file, as read.py gives it.
Out:  `Findings`: its events with their talks, and what is wrong in which line.

    events:
      - id: zwk-fachdiskurs-2022          # id and title are required
        title: ZWK-Fachdiskurs 2022
        series: ZWK-Fachdiskurs
        aliases: [Arbeiten im Krisenmodus]
        kind: conference
        city: Berlin
        country: Deutschland
        start: 2022-11-24                 # or 2022-11, or 2022
        end: 2022-11-25
        url: https://…
        talks:
          - id: zwk-fachdiskurs-2022-terlau
            title: Krisenbewältigung durch Nachhaltigkeit
            aliases: […]
            speakers: [Prof. Dr. Wiltrud Terlau]
            date: 2022-11-24
            kind: keynote

Every value is taken as it is written: `NO` is Norway and no "false", `2022` a year
and no number, a date the text of a date.  So nothing is ever constructed from
the file; tags, anchors and aliases (&, *), with which a small file can become a
huge one, are refused.

Pure: no network, no files, no clock.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from harvester.events.checks import EVENT_FIELDS, LISTS, TALK_FIELDS, Cell, Findings, did_you_mean

_KEYS = {
    "event_id": "id",
    "talk_id": "id",
    "start_on": "start",
    "end_on": "end",
    "held_on": "date",
}
_LABELS = {name: _KEYS.get(name, name) for name in (*EVENT_FIELDS, *TALK_FIELDS)}
_EVENT_KEYS = {_LABELS[name]: name for name in EVENT_FIELDS}
_TALK_KEYS = {_LABELS[name]: name for name in TALK_FIELDS if name != "event_id"}
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_DEPTH = 8  # ours is six deep; a bound, because reading is recursive


@dataclass(frozen=True, slots=True)
class _Node:
    """A text, a list or a mapping, and the line (from 1) that it begins in."""

    line: int
    kind: str  # "text", "list" or "mapping"
    text: str | None = None  # None: nothing is written there
    items: "tuple[_Node, ...]" = ()
    fields: "tuple[tuple[_Node, _Node], ...]" = ()

    @property
    def is_empty(self) -> bool:
        return self.kind == "text" and not (self.text and self.text.strip())


class _RefusalError(Exception):
    """The document holds something that we do not take."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line, self.text = line, text


def parse(text: str, name: str) -> Findings:
    """Return the events and talks of a document, and every problem found in it.

    `name` is what messages call the file.  Where the document is no YAML, that is
    the only problem told.
    """
    found = Findings(name, _LABELS)
    try:
        root = _document(text)
    except _RefusalError as refusal:
        found.problem(refusal.line, None, refusal.text)
        return found
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        found.problem(mark.line + 1 if mark else None, None, _reason(error))
        return found
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found.problem(line, None, f"is not YAML: {error.reason}")
        return found
    if root is None:
        found.problem(1, None, "holds nothing; events stand in a list under 'events:'")
        return found
    top = _fields(root, ("events",), found)
    if "events" in top:
        for event in _list(top["events"], "events", found):
            _event(event, found)
    elif not found.problems:
        found.problem(root.line, "events", "is missing; events stand in a list under 'events:'")
    return found


def _event(node: _Node, found: Findings) -> None:
    given = _fields(node, (*_EVENT_KEYS, "talks"), found)
    talks = given.pop("talks", None)
    if node.kind != "mapping":
        return
    event_id = found.event(node.line, _row(given, _EVENT_KEYS, found))
    for talk in _list(talks, "talks", found) if talks else ():
        row = _row(_fields(talk, tuple(_TALK_KEYS), found), _TALK_KEYS, found)
        if talk.kind == "mapping" and event_id:
            found.talk(talk.line, row | {"event_id": Cell(talk.line, event_id)})


def _row(given: Mapping[str, _Node], names: Mapping[str, str], found: Findings) -> dict[str, Cell]:
    """Return the fields that hold something, lists as lists and texts as texts."""
    row = {}
    for key, node in given.items():
        name = names[key]
        if node.is_empty:
            continue
        if name in LISTS:
            texts = [_text(item, key, found) for item in _list(node, key, found)]
            row[name] = Cell(node.line, tuple(texts))
        else:
            row[name] = Cell(node.line, _text(node, key, found))
    return row


def _text(node: _Node, key: str, found: Findings) -> str:
    if node.kind != "text":
        found.problem(node.line, key, f"must be a text, not a {node.kind}; put it in quotes")
    return node.text or ""


def _list(node: _Node, key: str, found: Findings) -> tuple[_Node, ...]:
    if node.kind != "list" and not node.is_empty:
        found.problem(node.line, key, f"must be a list, not a {node.kind}; write [one, another]")
    return node.items


def _fields(node: _Node, known: tuple[str, ...], found: Findings) -> dict[str, _Node]:
    """Return the values of a mapping by their keys; keys not known or given twice are problems."""
    if node.kind != "mapping":
        found.problem(
            node.line, None, f"here must stand fields ({', '.join(known)}), not a {node.kind}"
        )
    fields: dict[str, _Node] = {}
    for key, value in node.fields:
        label = key.text or ""
        if label not in known:
            found.problem(
                key.line,
                label or None,
                f"this field is not known{did_you_mean(label, known)};"
                f" known are {', '.join(known)}",
            )
        elif label in fields:
            found.problem(key.line, label, f"is already in line {fields[label].line}")
        else:
            fields[label] = value
    return fields


# --- from text to nodes -------------------------------------------------------


def _document(text: str) -> _Node | None:
    """Return the root of the only document in a text, or None if there is nothing in it."""
    parts = yaml.parse(text, Loader=yaml.SafeLoader)
    root = None
    for part in parts:
        if isinstance(part, yaml.DocumentStartEvent):
            if root is not None:
                raise _RefusalError(_line(part), "a second document begins here ('---')")
            root = _node(next(parts), parts, 0)
    return None if root is None or root.is_empty else root


def _node(part: yaml.Event, parts: Iterator[yaml.Event], depth: int) -> _Node:
    line = _line(part)
    if isinstance(part, yaml.AliasEvent) or getattr(part, "anchor", None):
        raise _RefusalError(
            line, "anchors and aliases (&, *) are not taken; a text is put in quotes"
        )
    tag = getattr(part, "tag", None)
    if tag not in (None, "!"):
        raise _RefusalError(line, f"tags are not taken ({tag}); a text is put in quotes")
    if depth > _DEPTH:
        raise _RefusalError(line, "is nested too deep")
    if isinstance(part, yaml.ScalarEvent):
        is_plain = not part.style  # quoted, "null" is a word
        return _Node(line, "text", None if is_plain and part.value in _NOTHING else part.value)
    children = []
    for child in parts:
        if isinstance(child, yaml.CollectionEndEvent):
            break
        children.append(_node(child, parts, depth + 1))
    if isinstance(part, yaml.SequenceStartEvent):
        return _Node(line, "list", items=tuple(children))
    return _Node(line, "mapping", fields=tuple(zip(children[::2], children[1::2], strict=True)))


def _line(part: yaml.Event) -> int:
    return part.start_mark.line + 1 if part.start_mark else 1


def _reason(error: yaml.MarkedYAMLError) -> str:
    return (
        f"is not YAML: {error.problem or error.context}; indent with blanks, not tabs, and put"
        " a text in quotes that holds ': ' or ' #' or begins with a quote or sign"
    )
