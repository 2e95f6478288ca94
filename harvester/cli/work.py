"""Commands that do the main job: demo, run, harvest, link, plan."""

import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harvester.cli.program import Program, clock, holder

if TYPE_CHECKING:  # slow to import, and --help does without
    from harvester.harvest import Progress
    from harvester.run import Stop


@click.command()
@click.pass_obj
def demo(program: Program) -> None:
    """Show the main job on recorded answers: no key, no network.

    Replays a recorded channel of 64 invented videos, loads the real events of the
    Zukunftswerkstatt Kommunen, links them, and prints what it found. The data are
    in zwk-demo.db in the current directory; each demo begins anew.
    """
    from harvester import resources, show
    from harvester import settings as settings_module
    from harvester.demo import CHANNEL, begin_anew
    from harvester.demo import demo as run_demo
    from harvester.store import reads_linking, reads_people

    # the user's own settings, right or wrong, have no part in it
    settings = settings_module.load(
        resources.config() / "defaults.toml",
        environment={},
        overrides={
            "channels": [{"handle": CHANNEL}],
            "events.sources": ["zwk"],
            "database.url": begin_anew(),
        },
    ).settings
    with program.database(settings.database.url) as database:
        tally = run_demo(
            database, settings=settings, model=program.model(settings), clock=clock, holder=holder()
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


@click.command(short_help="Refresh, load the event sources, link: what cron calls.")
@click.option(
    "--full", is_flag=True, help="Ask for every video again, not only what is due; link them all."
)
@click.pass_obj
def run(program: Program, full: bool) -> None:
    """Refresh the channels, load the event sources, link: what cron calls.

    One run at a time; prints one summary line. Safe to run as often as you like:
    what is known is updated, and a run that was cut off is continued. Exits with 75
    if today's quota is used up or another run is at work (the next run goes on from
    there), 69 if YouTube or the database is away, 77 if the key is refused.
    """
    _run(program, command="run", parts=("harvest", "events", "link"), full=full)


@click.command(short_help="Bring the channels' videos in from YouTube.")
@click.option("--full", is_flag=True, help="Ask for every video again, not only what is due.")
@click.pass_obj
def harvest(program: Program, full: bool) -> None:
    """Bring the channels' videos in from YouTube: the first half of `run`."""
    _run(program, command="harvest", parts=("harvest",), full=full)


@click.command(short_help="Propose events for the videos and decide by rule.")
@click.option("--full", is_flag=True, help="Link every video again, not only what changed.")
@click.pass_obj
def link(program: Program, full: bool) -> None:
    """Propose events for the videos and decide by rule: the second half of `run`.

    Needs no network. What an editor decided stays as it is. Looks at videos that are new
    or changed, and at those that they can change; at all of them after a change of events,
    talks, the model, or what editors say of talks.
    """
    _run(program, command="link", parts=("link",), full=full)


def _run(program: Program, *, command: str, parts: tuple[str, ...], full: bool = False) -> None:
    from harvester import run as runs
    from harvester import settings as settings_module

    if "harvest" in parts:
        settings_module.channel_references(program.settings)
    with program.database() as database, _progress() as progress, _stop() as stop:
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
            stop=stop,
        )
    click.echo(tally.summary())


@click.command(short_help="Say what the next run would cost.")
@click.option("--full", is_flag=True, help="Plan a run with --full.")
@click.pass_obj
def plan(program: Program, full: bool) -> None:
    """Say what the next run would ask of YouTube and cost, by bucket. Asks nothing itself."""
    from harvester import run as runs
    from harvester import settings as settings_module
    from harvester import show
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


@contextmanager
def _stop() -> Iterator["Stop"]:
    """Yield what wishes the run to end when the process is told to; a second signal ends it hard.

    That is no worse than `kill -9`: the next run goes on from there as well.
    """
    from harvester.run import Stop

    stop = Stop()

    def ask(number: int, _frame: Any) -> None:
        told = signal.Signals(number)
        signal.signal(told, before[told])
        stop.ask(
            f"asked to stop ({told.name}); what came in is kept, the next run goes on from there"
        )

    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    for each in before:
        signal.signal(each, ask)
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _progress() -> Iterator[Callable[["Progress"], None]]:
    """Show progress on a terminal; elsewhere, and with -v, in the log."""
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    from harvester import show

    log = logging.getLogger(__name__)
    terminal = show.console(stderr=True)
    if log.isEnabledFor(logging.INFO) or not terminal.is_terminal:
        yield lambda progress: log.info("%s", progress)
        return
    with Bar(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),  # it names the channel
        TimeElapsedColumn(),
        console=terminal,
        transient=True,
    ) as bar:
        task = bar.add_task("asking YouTube", total=None)
        yield lambda progress: bar.update(task, description=str(progress))
