"""Commands that show what is in the database: unmatched, explain, export, status."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

from harvester.cli.program import Program, clock
from harvester.errors import BadInput


@click.command(short_help="List the videos that wait for an editor.")
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="At most so many videos.",
)
@click.pass_obj
def unmatched(program: Program, limit: int) -> None:
    """List the videos that wait for an editor, likeliest proposals first."""
    from harvester import show
    from harvester.store import reads_linking, reads_people

    with program.known_database() as database, database.read() as session:
        rows = list(reads_people.view(session, "unmatched_videos"))
        titles = {event.event_id: event.title for event in reads_linking.events(session)}
    show.unmatched(show.console(), rows, events=titles, limit=limit)


@click.command(short_help="Say why a video was linked or not.")
@click.argument("video", metavar="VIDEO")
@click.pass_obj
def explain(program: Program, video: str) -> None:
    """Say term by term why VIDEO (an id or any YouTube address) was linked or not."""
    from harvester import show
    from harvester.store import reads_people
    from harvester.youtube.address import video_id

    found_id = video_id(video)
    with program.known_database() as database, database.read() as session:
        found = reads_people.explanation(session, found_id)
    if found is None:
        raise BadInput(f"{found_id}: no such video on record; `harvester harvest` brings videos in")
    show.console().print(show.explanation(found))


class _View(click.ParamType[str]):
    """The name of a view: a click.Choice that imports the store only when it is asked."""

    name = "view"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from harvester.store.views import VIEWS

        if value not in VIEWS:
            self.fail(f"there is no view '{value}'; there are {', '.join(VIEWS)}", param, ctx)
        return str(value)


@click.command(short_help="Write a view to a file or to stdout.")
@click.argument("view", type=_View(), metavar="VIEW")
@click.option(
    "--format", "file_format", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File; default: stdout.")
@click.pass_obj
def export(program: Program, view: str, file_format: str, output: Path | None) -> None:
    """Write a view to a file or to stdout, as a snapshot, in UTF-8.

    A file appears when it is complete, or not at all: exit 73 if it cannot be written.

    \b
    Views: videos, recordings, unmatched_videos, candidates, match_explanation,
    events_without_video, talks_without_video, caption_coverage, changes, runs,
    decisions_in_force, marks_in_force, look_again
    """  # noqa: D301 - \b is a character that click looks for
    from harvester.export import export_view

    with program.known_database() as database:
        count = export_view(view, database=database, file_format=file_format, output=output)
    if output is not None:
        click.echo(f"{output}: {count} rows of {view}")


@click.command(short_help="Tell whether the data are fresh.")
@click.option("--max-age", type=float, metavar="HOURS", help="Stale from this age on.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing unless the data are stale.")
@click.pass_obj
def status(program: Program, max_age: float | None, as_json: bool, quiet: bool) -> None:
    """Tell whether the data are fresh: exit 0 if so, 1 if stale."""
    from harvester import show, upkeep

    hours = program.settings.status.max_age_hours if max_age is None else max_age
    if not 0 <= hours <= 87_600:  # not a number, too
        raise click.BadParameter(f"{hours} is not a number of hours", param_hint="--max-age")
    with program.known_database() as database:
        found = upkeep.status(
            database,
            now=clock(),
            max_age=dt.timedelta(hours=hours),
            daily_quota=program.settings.youtube.daily_quota,
        )
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    elif not (quiet and found.fresh):
        show.status(show.console(), found)
    if not found.fresh:
        raise click.exceptions.Exit(1)
