"""The data dictionary: every view, closed list and table with its meaning, as Markdown.

Written from the heads of db/views/*.sql and the comments of schema.py, so that it
says what the database says.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Boolean, Column, Float, Integer, Table
from sqlalchemy.types import JSON

from harvester.store import views
from harvester.store.schema import Base, UtcDateTime

CLOSED_LISTS: dict[str, dict[str, str]] = {
    "availability": {
        "public": "everybody finds it",
        "unlisted": "whoever has the address can see it",
        "private": "YouTube says that it is there, and shows it to nobody",
        "deleted": "YouTube says that it is deleted",
        "unknown": "YouTube does not return it any more and does not say why",
    },
    "caption_state": {
        "flag_only_yes": "YouTube's caption flag is set: captions that people made or corrected",
        "flag_only_no": "the flag is not set; there may still be automatic captions",
        "live_pending": "live or to come: captions can only be there afterwards",
        "unknown": "YouTube does not tell",
    },
    "live_state": {
        "none": "an ordinary upload",
        "upcoming": "a stream or premiere to come",
        "live": "a stream or premiere that is on",
        "ended": "a stream or premiere that is over",
        "unknown": "YouTube does not tell",
    },
    "privacy": {
        "public": "as YouTube last said, everybody may see it",
        "unlisted": "as YouTube last said, whoever has the address may see it",
        "private": "as YouTube last said, only its owner may see it",
        "unknown": "YouTube never told",
    },
    "role": {
        "full": "the video shows the whole of it",
        "part": "it is one of several videos that together show it",
        "excerpt": "it is a cut of it",
        "duplicate": "it is a further upload of what another video shows",
    },
    "verdict": {
        "match": "the video shows the events or talks that are linked to the decision",
        "no_event": "it belongs to no event",
        "open": "an earlier decision holds no longer; the video waits again",
    },
    "linking outcome": {
        "auto": "the rule was sure and decided",
        "review": "there is a proposal; an editor decides",
        "none": "nothing on record is likely",
    },
    "reason": {
        "no_candidate": "no event on record shares anything that tells",
        "weak": "the best candidate is unlikely",
        "doubtful": "the best candidate is likely, but below the threshold of the rule",
        "tie": "two candidates are too close to each other",
        "contradiction": "something speaks plainly against the best candidate",
        "taken": "another video already shows this talk or event: a second upload?",
        "not_recorded_yet": "a stream or premiere that has not ended",
        "not_linked_yet": "harvested after the last linking",
        "proposed": "the rule is sure, but only proposes, or an editor took its decision back",
    },
    "no-event reason": {
        "trailer": "it announces something",
        "statement": "somebody says something into the camera",
        "image_film": "it presents a project, a place or an organisation",
        "explainer": "it explains something",
        "third_party": "it is of an event of somebody else",
        "other": "something else",
    },
    "act": {
        "decide": "said one thing about one video",
        "bulk": "said something about all videos of a filter",
        "import": "brought a spreadsheet in",
        "status": "said whether an event or talk is recorded",
        "new_event": "made an event from a video",
        "sample": "judged a link by rule, blind",
        "undo": "took an act back",
    },
    "mark": {
        "rejected": "the video is not of this event: the pair is never proposed again",
        "later": "the video is put off until its evidence changes",
        "not_recorded": "there is no recording of the event or talk",
        "not_published": "there is a recording of it that will not be shown",
        "right": "a link by rule that was judged blind is right",
        "unsure": "a link by rule that was judged blind, and nobody knows",
    },
    "run outcome": {
        "running": "it is at work, or died and no later run has noticed yet",
        "done": "it came to its end",
        "partial": "it stopped early; what came in is kept, the next run goes on"
        " (quota used up, YouTube away)",
        "refused": "another run held the lock; it left without doing anything",
        "failed": "an error that somebody must mend ended it",
        "interrupted": "it was stopped or killed",
    },
    "bucket": {
        "main": "units of all calls that have no bucket of their own",
        "search": "calls of search.list",
        "batch_stats": "calls of videos.batchGetStats",
    },
}
"""The words of each closed list with their meanings; a test compares them with the checks."""


_HEAD = """\
# Data dictionary

Written by `harvester db dictionary`; do not edit by hand.  Build on the views: they keep
their names and columns.  The tables may change with any version.

Instants (`…_at`, `…_since`) are UTC.  Days (`…_on`) are ISO text and may be partial: a year, or a
year and a month.  Lengths (`…_s`) are whole seconds.  An empty value means that the source
does not tell, never zero or "no".
"""


def dictionary() -> str:
    """Return the data dictionary: views first, then closed lists, then tables."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "## Views"
    found = views.load()
    for name in views.VIEWS:
        view = found[name]
        yield from ("", f"### {name}", "", view.about, "")
        yield from _table(("column", "meaning"), view.columns.items())
    yield from ("", "## Closed lists")
    for name, words in CLOSED_LISTS.items():
        yield from ("", f"### {name}", "")
        yield from _table(("word", "meaning"), words.items())
    yield from ("", "## Tables")
    for name, table in sorted(Base.metadata.tables.items()):
        yield from ("", f"### {name}", "", f"{table.comment}.", "")
        yield from _table(
            ("column", "type", "meaning"),
            ((column.name, _type(column), _meaning(table, column)) for column in table.columns),
        )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for first, *rest in rows:
        cells = (f"`{first}`", *map(_escaped, rest))
        yield "| " + " | ".join(cells) + " |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _type(column: Column[object]) -> str:
    words = {
        UtcDateTime: "instant",
        Integer: "integer",
        Float: "float",
        Boolean: "boolean",
        JSON: "JSON",
    }
    name = next((word for kind, word in words.items() if isinstance(column.type, kind)), "text")
    return name if not column.nullable else f"{name}, may be empty"


def _meaning(table: Table, column: Column[object]) -> str:
    notes = [column.comment or ""]
    if column.primary_key:
        notes.append("part of the key" if len(table.primary_key) > 1 else "key")
    notes += [f"→ `{key.column.table.name}`" for key in column.foreign_keys]
    return "; ".join(notes)
