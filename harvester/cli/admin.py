"""Commands for whoever installs it: db upgrade, check, dictionary; config show, check, init."""

import shutil
from pathlib import Path

import click

from harvester import logs, resources, show
from harvester import settings as settings_module
from harvester.cli.program import Program
from harvester.errors import CannotWrite, HarvesterError
from harvester.intake import check as check_sources
from harvester.store.dictionary import dictionary


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
    click.echo(dictionary(), nl=False)


@click.group()
def config() -> None:
    """The settings: show, check, init."""


@config.command("show")
@click.pass_obj
def config_show(program: Program) -> None:
    """Show every setting in force and where it comes from; never a secret."""
    loaded = program.loaded
    show.settings(show.console(), loaded)


@config.command("check")
@click.pass_obj
def config_check(program: Program) -> None:
    """Say what is missing for a run: channels, key, event sources, model. Exit 1 if anything is."""
    findings = []
    for name, look in (
        ("channels", lambda: settings_module.channel_references(program.settings)),
        ("key", lambda: settings_module.api_key(program.settings)),
        ("event sources", lambda: check_sources(program.settings.events.sources)),
        ("linkage", program.model),
    ):
        try:
            look()
        except HarvesterError as error:
            findings.append(f"{name}: {error}")
        else:
            click.echo(f"{name}: in order")
    for finding in findings:
        click.echo(logs.redact(finding))
    if findings:
        raise click.exceptions.Exit(1)


@config.command("init")
@click.argument("file", type=click.Path(path_type=Path), default=settings_module.FILE_NAME)
def config_init(file: Path) -> None:
    """Write a settings file with every setting, its default and what it means."""
    if file.exists():
        raise CannotWrite(f"{file} is there already; it is left as it is")
    try:
        shutil.copyfile(resources.config() / "defaults.toml", file)
    except OSError as error:
        raise CannotWrite(f"{file}: {error.strerror}") from None
    click.echo(f"{file} written; set `channels` in it, and the key in YOUTUBE_API_KEY")
