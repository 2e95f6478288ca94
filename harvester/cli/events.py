"""Commands for event records: events add, check, list."""

import click

from harvester import show
from harvester.cli.program import Program, clock
from harvester.intake import check as check_sources
from harvester.intake import load as load_sources
from harvester.store import reads_linking


@click.group()
def events() -> None:
    """Event records: load, check, list."""


@events.command("add")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@click.pass_obj
def events_add(program: Program, sources: tuple[str, ...]) -> None:
    """Load event records from files (CSV or YAML), or "zwk" for the packaged list.

    Loading again changes nothing; a record that changed is updated; one that is no
    longer in its file is marked, and is no candidate any more. Exits with 65 if a
    file is not in order: its problems are listed, and nothing of it is loaded.
    """
    with program.known_database(create=True) as database:
        for source, loaded in load_sources(sources, database=database, now=clock()).items():
            click.echo(f"{source}: {loaded.summary()}")


@events.command("check")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
def events_check(sources: tuple[str, ...]) -> None:
    """Say file, line and field of what is wrong in SOURCE…, and write nothing.

    Exits with 65 if something is wrong.
    """
    for records in check_sources(sources):
        click.echo(
            f"{records.source}: in order, {len(records.events)} events, {len(records.talks)} talks"
        )


@events.command("list")
@click.pass_obj
def events_list(program: Program) -> None:
    """List the events on record."""
    with program.known_database() as database, database.read() as session:
        found, talks = reads_linking.events(session), reads_linking.talks(session)
    show.events(show.console(), found, talks)
