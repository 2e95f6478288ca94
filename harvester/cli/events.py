"""Commands for event records: events add, check, list, status."""

import click

from harvester.cli.decide import editor_of
from harvester.cli.program import Program, clock
from harvester.records import EventStatus


@click.group()
def events() -> None:
    """Event records: load, check, list; say of which no recording will come."""


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


@events.command("status", short_help="Say whether a recording is to be expected.")
@click.argument("record", metavar="ID")
@click.argument("status", type=click.Choice([status.value for status in EventStatus]))
@click.option("--as", "name", metavar="NAME", help="Who says so; default: the system's user name.")
@click.pass_obj
def events_status(program: Program, record: str, status: str, name: str | None) -> None:
    """Say that an event, or a talk (its ID), was not recorded, or that it will not be published.

    It is proposed for no video from the next linking on, and no report asks for its
    recording; "expected" says that one is to come after all.
    """
    from harvester import show_review
    from harvester.errors import BadInput
    from harvester.review import acts
    from harvester.store import reads_review

    editor = editor_of(name)
    with program.known_database() as database:
        with database.read() as session:
            is_talk = bool(reads_review.events_of_talks(session, [record]))
            if not is_talk and not reads_review.known_events(session, [record]):
                raise BadInput(
                    f"{record}: no such event or talk on record; `harvester events list` names"
                    " events, `harvester export talks_without_video` talks"
                )
        acts.set_status(
            database,
            event_id=None if is_talk else record,
            talk_id=record if is_talk else None,
            status=EventStatus(status),
            editor=editor,
            now=clock(),
        )
        with database.read() as session:
            [said] = reads_review.acts(session, editor, limit=1)
    click.echo(f"{show_review.told(said)}.")
    click.echo(show_review.how_to_undo(name))
