"""Commands for whoever installs it: db upgrade, check, dictionary; config show, check, init."""

import shutil
from pathlib import Path

import click

from harvester import logs, resources
from harvester.cli.program import Program
from harvester.errors import CannotWrite, HarvesterError


@click.group()
def db() -> None:
    """The database: upgrade, check, dictionary."""


@db.command("upgrade")
@click.pass_obj
def db_upgrade(program: Program) -> None:
    """Create the database, or bring it to this version. All or nothing; safe to repeat."""
    with program.database() as database:
        applied = database.upgrade()
    done = f"upgraded: {', '.join(applied)}" if applied else "already up to date"
    click.echo(f"{database.safe_url}: {done}")


@db.command("check")
@click.pass_obj
def db_check(program: Program) -> None:
    """Say what in the database differs from what this version expects; exit 1 if anything does."""
    with program.database() as database:
        findings = database.check()
    for finding in findings or [f"{database.safe_url}: in order"]:
        click.echo(finding)
    if findings:
        raise click.exceptions.Exit(1)


@db.command("dictionary")
def db_dictionary() -> None:
    """Print the data dictionary (Markdown): views, closed lists, tables."""
    from harvester.store.dictionary import dictionary

    click.echo(dictionary(), nl=False)


@click.group()
def config() -> None:
    """The settings: show, check, init."""


@config.command("show")
@click.pass_obj
def config_show(program: Program) -> None:
    """Show every setting in force and where it comes from; never a secret."""
    from harvester import show

    show.settings(show.console(), program.loaded)


@config.command("check", short_help="Say what is missing for a run.")
@click.pass_obj
def config_check(program: Program) -> None:
    """Say what is missing for a run: channels, key, event sources, database; writes nothing.

    Exit 1 if anything is missing or wrong.
    """
    findings = []
    for name, look in (
        ("settings", lambda: program.loaded),
        ("channels", lambda: _check_channels(program)),
        ("key", lambda: _check_key(program)),
        ("event sources", lambda: _check_sources(program)),
        ("linkage", program.model),
        ("review", lambda: _check_review(program)),
        ("database", lambda: _check_database(program)),
    ):
        try:
            look()
        except HarvesterError as error:
            findings.append(f"{name}: {error}")
            if name == "settings":  # all else depends on them
                break
        else:
            click.echo(f"{name}: in order")
    for finding in findings:
        click.echo(logs.redact(finding))
    if findings:
        raise click.exceptions.Exit(1)


def _check_channels(program: Program) -> None:
    from harvester.settings import channel_references
    from harvester.youtube.address import channel_reference

    for reference in channel_references(program.settings):
        channel_reference(reference)


def _check_key(program: Program) -> None:
    from harvester.settings import api_key

    api_key(program.settings)


def _check_sources(program: Program) -> None:
    from harvester.intake import check

    check(program.settings.events.sources)


def _check_review(program: Program) -> None:
    try:
        from harvester.web.access import check_address
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("harvester"):
            raise
        return  # without the extra there are no pages, and nothing to be wrong
    check_address(program.settings.review)


def _check_database(program: Program) -> None:
    with program.database() as database:
        if database.exists():
            database.ensure()


@config.command("init", short_help="Write a settings file, every setting explained.")
@click.argument("file", type=click.Path(path_type=Path), default=Path("harvester.toml"))
def config_init(file: Path) -> None:
    """Write a settings file with every setting, its default and what it means."""
    if file.exists():
        raise CannotWrite(f"{file} is there already; it is left as it is")
    try:
        shutil.copyfile(resources.config() / "defaults.toml", file)
    except OSError as error:
        raise CannotWrite(f"{file}: {error.strerror}") from None
    click.echo(f"{file} written; set `channels` in it, and the key in YOUTUBE_API_KEY")
