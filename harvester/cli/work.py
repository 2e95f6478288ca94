"""Commands that do the main job: demo, run, harvest, link, plan."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from harvester import settings as settings_module
from harvester import show
from harvester.cli.program import Program, clock, holder
from harvester.errors import Interrupted
from harvester.store import reads_linking, reads_people

if TYPE_CHECKING:
    from harvester.harvest import Progress


@click.command()
@click.pass_obj
def demo(program: Program) -> None:
    """Show the main job on recorded answers: no key, no network.

    Replays a recorded channel of 60 invented videos, loads the real events of the
    Zukunftswerkstatt Kommunen, links them, and prints what it found. The data are
    in zwk-demo.db in the current directory; each demo begins anew.
    """
    from harvester.demo import CHANNEL, begin_anew
    from harvester.demo import demo as run_demo

    settings = settings_module.load(
        environment={},
        overrides={
            "channels": [{"handle": CHANNEL}],
            "events.sources": ["zwk"],
            "database.url": begin_anew(),
        },
    ).settings
    with program.database(settings.database.url) as database:
        tally = run_demo(
            database, settings=settings, model=program.model(), clock=clock, holder=holder()
        )
        with database.read() as session:
            tables = {
                name: list(reads_people.view(session, name))
                for name in ("recordings", "unmatched_videos", "videos")
            }
            events = {event.event_id: event.title for event in reads_linking.events(session)}
            talks = {talk.talk_id: talk for talk in reads_linking.talks(session)}
    show.demo(
        show.console(),
        tables,
        events=events,
        talks=talks,
        units=tally.units,
        place=settings.database.url,
        program=_program(),
    )


@click.command()
@click.option("--full", is_flag=True, help="Ask for every video again, not only what is due.")
@click.pass_obj
def run(program: Program, full: bool) -> None:
    """Refresh the channels, load the event sources, link: what cron calls.

    One run at a time; prints one summary line. Safe to run as often as you like:
    what is known is updated, and a run that was cut off is continued. Exits with 75
    if today's quota is used up or another run is at work (the next run goes on from
    there), 69 if YouTube or the database is away, 77 if the key is refused.
    """
    _run(program, command="run", parts=("harvest", "events", "link"), full=full)


@click.command()
@click.option("--full", is_flag=True, help="Ask for every video again, not only what is due.")
@click.pass_obj
def harvest(program: Program, full: bool) -> None:
    """Bring the channels' videos in from YouTube: the first half of `run`."""
    _run(program, command="harvest", parts=("harvest",), full=full)


@click.command()
@click.pass_obj
def link(program: Program) -> None:
    """Propose events for the videos and decide by rule: the second half of `run`.

    Needs no network. What an editor decided stays as it is.
    """
    _run(program, command="link", parts=("link",))


def _run(program: Program, *, command: str, parts: tuple[str, ...], full: bool = False) -> None:
    from harvester import run as runs

    if "harvest" in parts:
        settings_module.channel_references(program.settings)
    signal.signal(signal.SIGTERM, _stop)
    with program.database() as database, _progress() as progress:
        tally = runs.run(
            command=command,
            parts=parts,
            settings=program.settings,
            database=database,
            youtube=program.youtube,
            model=program.model(),
            clock=clock,
            holder=holder(),
            full=full,
            progress=progress,
        )
    click.echo(tally.summary())


@click.command()
@click.option("--full", is_flag=True, help="Plan a run with --full.")
@click.pass_obj
def plan(program: Program, full: bool) -> None:
    """Say what the next run would ask of YouTube and cost, by bucket. Asks nothing itself."""
    from harvester import run as runs
    from harvester.harvest import plan as plan_harvest

    with program.known_database(create=True) as database:
        found = plan_harvest(
            settings_module.channel_references(program.settings),
            database=database,
            now=clock(),
            policy=runs.policy(program.settings, full=full),
            daily_quota=program.settings.youtube.daily_quota,
        )
    show.plan(show.console(), found)


def _program() -> str:
    """Return how the user can call the program: it may be on no path."""
    if shutil.which("harvester"):
        return "harvester"
    called = Path(sys.argv[0])
    return "python -m harvester" if called.name == "__main__.py" else os.path.relpath(called)


def _stop(_number: int, _frame: Any) -> NoReturn:
    raise Interrupted(
        "asked to stop (SIGTERM); what came in is kept, the next run goes on from there"
    )


@contextmanager
def _progress() -> Iterator[Callable[["Progress"], None] | None]:
    """Show progress on a terminal; in cron nothing."""
    terminal = show.console(stderr=True)
    if not terminal.is_terminal:
        yield None
        return
    with Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=terminal,
        transient=True,
    ) as bar:
        task = bar.add_task("asking YouTube", total=None)
        yield lambda progress: bar.update(task, description=str(progress))
