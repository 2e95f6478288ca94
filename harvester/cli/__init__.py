"""The door for people and cron: options and the clock in, one use case, few lines out.

Output for people goes to stdout, log lines and errors to stderr.  Every error of
ours is one line and its exit code (errors.py); anything else is a bug, which
shows its traceback and ends with 70.

    program.py   what all commands share
    work.py      demo, run, harvest, link, plan
    events.py    events add, check, list
    look.py      unmatched, explain, export, status
    decide.py    decide
    review*.py   review: its pages, its terminal, its spreadsheets
    tune.py      evaluate, linkage train
    admin.py     db, config

What is slow to import is imported in the command that needs it.
"""

import io
import sys
from pathlib import Path

import click

from harvester import __version__, logs
from harvester.cli import admin, decide, events, look, review, tune, work
from harvester.cli.program import Group, Program


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    envvar="HARVESTER_CONFIG",
    metavar="FILE",
    help="Settings file; default: harvester.toml in the current directory, if there is one.",
)
@click.option("--database", metavar="URL", help="Database, instead of the one in the settings.")
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", help="Form of log lines."
)
@click.option("-v", "--verbose", count=True, help="Say what is done; -vv in every detail.")
@click.version_option(__version__, prog_name="harvester")
@click.pass_context
def cli(
    ctx: click.Context, file: Path | None, database: str | None, log_format: str, verbose: int
) -> None:
    """Harvest a YouTube channel, match its videos to events, keep both in a database.

    Begin with `harvester demo`: it needs no key and no network. Then `harvester
    config init` writes a settings file, and `harvester run` is what cron calls.
    """
    from harvester import settings as settings_module

    logs.forget(settings_module.secrets())
    logs.start(log_format=log_format, verbosity=verbose)
    ctx.obj = Program(file=file, database=database)


for command in (
    *(work.demo, work.run, work.harvest, work.link, work.plan),
    *(events.events, look.unmatched, look.explain, decide.decide, review.review),
    *(look.export, look.status),
    *(tune.evaluate, tune.linkage, admin.db, admin.config),
):
    cli.add_command(command)


def main() -> None:
    """Run the program: what the console script calls.

    What it prints is UTF-8 whatever the locale: cron's is C, and titles have umlauts.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # not if it is closed
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli(prog_name="harvester")
