"""Commands for event records: events add, check, list."""

import click

from harvester.cli.program import Program, clock


@click.group()
def events() -> None:
    """Event records: load, check, list."""


@events.command("add", short_help="Load event records from files.")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@click.pass_obj
def events_add(program: Program, sources: tuple[str, ...]) -> None:
    """Load event records from files (CSV or YAML), or "zwk" for the packaged list.

    Loading again changes nothing; a record that changed is updated; one that is no
    longer in its file is marked, and is no candidate any more. Exits with 65 if a
    file is not in order: its problems are listed, and nothing of it is loaded.
    """
    from harvester.intake import load

    with program.known_database(create=True) as database:
        for source, loaded in load(sources, database=database, now=clock()).items():
            click.echo(f"{source}: {loaded.summary()}")


@events.command("check", short_help="Say what is wrong in files, and write nothing.")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
def events_check(sources: tuple[str, ...]) -> None:
    """Say file, line and field of what is wrong in SOURCE…, and write nothing.

    Exits with 65 if something is wrong.
    """
    from harvester.intake import check

    for records in check(sources):
        click.echo(
            f"{records.source}: in order, {len(records.events)} events, {len(records.talks)} talks"
        )


@events.command("list")
@click.pass_obj
def events_list(program: Program) -> None:
    """List the events on record."""
    from harvester import show
    from harvester.store import reads_linking

    with program.known_database() as database, database.read() as session:
        found, talks = reads_linking.events(session), reads_linking.talks(session)
    show.events(show.console(), found, talks)
