"""The views for analysts, as the files of db/views/ define them.

A file is one SELECT under a head of comments: who asks and what one row is, an
empty comment line, then `-- column: meaning` for every column.  The head
becomes the data dictionary, and on PostgreSQL the comments of the view.
"""

import graphlib
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from harvester import resources
from harvester.errors import BadConfiguration

ORDER = {
    "videos": ("-published_at", "video_id"),
    "recordings": ("-published_at", "video_id", "start_s", "event_id", "talk_id"),
    "unmatched_videos": ("-published_at", "video_id"),
    "candidates": ("video_id", "rank"),
    "match_explanation": ("video_id", "rank", "position"),
    "events_without_video": ("-start_on", "event_id"),
    "talks_without_video": ("-start_on", "event_id", "held_on", "talk_id"),
    "caption_coverage": ("scope", "key"),
    "changes": ("-change_id",),
    "runs": ("-run_id",),
    "decisions_in_force": ("video_id",),
    "marks_in_force": ("mark_id",),
    "look_again": ("video_id", "what", "event_id", "talk_id"),
}
"""The order in which we read each view; "-": falling, and what is empty comes last.

It is not in the views themselves: PostgreSQL then computes and sorts the whole of a
view before it joins it to another.
"""

VIEWS = tuple(ORDER)
"""The public views, in the order in which the data dictionary tells of them."""

_COLUMN = re.compile(r"--\s+(\w+): (.+)")
_USES = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class View:
    """A view: its name and the text of its file."""

    name: str
    text: str

    @cached_property
    def about(self) -> str:
        """Who asks, and what one row is."""
        head = self.text.partition("\n--\n")[0]
        return " ".join(line.removeprefix("--").strip() for line in head.splitlines())

    @cached_property
    def columns(self) -> dict[str, str]:
        """The meaning of each column, in order."""
        columns: dict[str, str] = {}
        column = None
        for line in self.text.partition("\n--\n")[2].splitlines():
            if not line.startswith("--"):
                break
            if found := _COLUMN.fullmatch(line):
                column = found[1]
                columns[column] = found[2].strip()
            elif column:  # a line that goes on with the meaning of the column above
                columns[column] += " " + line.removeprefix("--").strip()
        return columns

    @cached_property
    def select(self) -> str:
        """The statement without its head."""
        lines = self.text.splitlines()
        first = next(n for n, line in enumerate(lines) if not line.startswith("--"))
        return "\n".join(lines[first:]).strip()

    @cached_property
    def definition(self) -> str:
        """The statement that makes it."""
        return f"CREATE VIEW {self.name} AS\n{self.text.strip()}"

    @cached_property
    def fingerprint(self) -> str:
        """What tells one definition from another."""
        return hashlib.sha256(self.definition.encode()).hexdigest()[:16]


def load() -> dict[str, View]:
    """Return the views by name, in an order in which they can be created."""
    files: list[Path] = sorted((resources.db() / "views").glob("*.sql"))
    found = {file.stem: View(file.stem, file.read_text(encoding="utf-8")) for file in files}
    uses = {name: set(_USES.findall(view.select)) & found.keys() for name, view in found.items()}
    return {name: found[name] for name in graphlib.TopologicalSorter(uses).static_order()}


def drop(connection: Connection) -> None:
    """Drop our views, the dependent ones first; views of others stay.

    Raises BadConfiguration if one of others is built on ours, which PostgreSQL then keeps.
    """
    there = set(inspect(connection).get_view_names())
    for name in reversed(load()):
        if name not in there:
            continue
        try:
            connection.execute(text(f"DROP VIEW {name}"))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != "2BP01":  # dependent_objects_still_exist
                raise
            raise BadConfiguration(
                f"something that is not the harvester's is built on its view {name}; drop it,"
                f" upgrade, and create it again ({' '.join(str(error.orig).split())})"
            ) from None


def create(connection: Connection) -> None:
    """Create our views, on PostgreSQL with comments on them and their columns."""
    for view in load().values():
        # no_parameters: the text goes to the driver as it is, with every % and :
        plain = {"no_parameters": True}
        connection.exec_driver_sql(view.definition, execution_options=plain)
        if connection.dialect.name != "postgresql":
            continue
        comments = {f"VIEW {view.name}": f"{view.about} [{view.fingerprint}]"} | {
            f"COLUMN {view.name}.{column}": meaning for column, meaning in view.columns.items()
        }
        for place, comment in comments.items():
            quoted = comment.replace("'", "''")
            connection.exec_driver_sql(f"COMMENT ON {place} IS '{quoted}'", execution_options=plain)


def differing(connection: Connection) -> list[str]:
    """Return the names of our views that the database lacks or has in another form."""
    if connection.dialect.name == "postgresql":
        query = (
            "SELECT relname,"
            " substring(obj_description(oid, 'pg_class') from '\\[(\\w+)\\]$') AS made"
            " FROM pg_class WHERE relkind = 'v' AND relnamespace = current_schema()::regnamespace"
        )
        there = {row.relname: row.made for row in connection.exec_driver_sql(query)}
    else:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'view'"
        there = {
            name: hashlib.sha256(sql.encode()).hexdigest()[:16]
            for name, sql in connection.exec_driver_sql(query)
        }
    return [name for name, view in load().items() if there.get(name) != view.fingerprint]
