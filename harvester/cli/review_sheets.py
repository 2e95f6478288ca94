"""Commands for editors who like spreadsheets: review export, review import."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harvester.cli.decide import editor_of
from harvester.cli.program import Program, clock
from harvester.errors import BadInput, CannotWrite, WrongUse

if TYPE_CHECKING:  # slow to import
    from harvester.review.sheet_words import Language


@click.command(short_help="Write the queue to a spreadsheet.")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--language",
    type=click.Choice(["en", "de"]),
    default="en",
    show_default=True,
    help="Of the headings and words in it; the import understands both.",
)
@click.option(
    "--filter",
    "query",
    default="",
    metavar="QUERY",
    help="Only these: what stands behind the ? in the address of the queue's page.",
)
@click.option("-n", "--limit", type=click.IntRange(min=1), help="At most so many videos.")
@click.option("--overwrite", is_flag=True, help="Also if FILE is there already.")
@click.pass_obj
def export(
    program: Program,
    file: Path,
    language: "Language",
    query: str,
    limit: int | None,
    overwrite: bool,
) -> None:
    """Write the videos that wait to FILE (.xlsx or .csv), to be decided there.

    Each row has the best candidates and an empty column for the decision; a second
    sheet explains what may be written. `harvester review import FILE` takes it back.
    xlsx needs the extra `xlsx`.
    """
    from harvester.review import sheet_file, sheet_rows, sheets

    sheet_file.check_name(file)
    if not file.absolute().parent.is_dir():
        raise WrongUse(f"{file}: there is no such folder")
    if file.exists() and not overwrite:
        raise CannotWrite(
            f"{file} is there already, perhaps with decisions in it; name another file, or say"
            " --overwrite"
        )
    with program.known_database() as database, _shown(f"writing {file}"):
        rows, total = sheet_rows.waiting(database, query=query, limit=limit)
        cells = (sheets.cells(row, language) for row in rows)
        count = sheet_file.write(file, cells, language=language)
    of = f" of {total:,}" if count < total else ""
    click.echo(f"{file}: {count:,}{of} videos. `harvester review import {file}` takes it back.")


@click.command("import", short_help="Take a spreadsheet's decisions in.")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before it is written.")
@click.option("--skip-bad", is_flag=True, help="Leave out rows that are not in order.")
@click.option("--pretend", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("--as", "name", metavar="NAME", help="Who says so; default: the system's user name.")
@click.pass_obj
def import_(
    program: Program, file: Path, yes: bool, skip_bad: bool, pretend: bool, name: str | None
) -> None:
    """Take in what was decided in FILE, as `harvester review export` wrote it.

    Every row is checked first; what is wrong is named by its cell, and then nothing is
    taken (exit 65), unless with --skip-bad. It is one act: one `harvester decide
    --undo` takes all of it back.
    """
    from harvester import show_review
    from harvester.records import ActKind
    from harvester.review import acts, sheet_file, sheet_rows

    editor = editor_of(name)
    with program.known_database() as database:
        with _shown(f"checking {file}"), database.read() as session:
            found = sheet_rows.prepare(session, sheet_file.read(file))
        for line in show_review.importing(str(file), found):
            click.echo(line)
        if found.troubles and not skip_bad:
            raise BadInput(
                *(str(trouble) for trouble in found.troubles),
                f"{file}: nothing was taken in; mend these cells, or leave their rows out"
                " with --skip-bad",
            )
        for trouble in found.troubles:
            click.echo(f"left out: {trouble}")
        if not found.says or pretend:
            click.echo("Nothing was written.")
            return
        if not yes and not _is_wanted():
            click.echo("Nothing was written.")
            return
        done = acts.say(database, found.says, editor=editor, now=clock(), kind=ActKind.IMPORT)
    click.echo(f"Done: {show_review.videos(len(done.videos))}. {show_review.how_to_undo(name)}")


@contextmanager
def _shown(what: str) -> Iterator[None]:
    """Say on a terminal what takes its time."""
    from harvester import show

    terminal = show.console(stderr=True)
    if not terminal.is_terminal:
        yield
        return
    with terminal.status(what):
        yield


def _is_wanted() -> bool:
    if not sys.stdin.isatty():
        raise WrongUse("there is nobody to ask: say --yes, or look first with --pretend")
    return click.confirm("Write this?", default=False)
