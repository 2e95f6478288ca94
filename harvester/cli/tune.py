"""Commands for whoever tunes the linkage: evaluate, linkage train."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from harvester.cli.program import Program, clock
from harvester.errors import CannotWrite, WrongUse


@click.command(short_help="Measure the linkage on labelled videos.")
@click.argument("truth", metavar="TRUTH")
@click.option(
    "--folds",
    type=click.Choice(["series", "language", "none"]),
    multiple=True,
    help="Fit to the other series, or languages, and judge each by that; default: both.",
)
@click.option("--ablation", is_flag=True, help="Say what each kind of evidence adds; takes long.")
@click.option("--all", "show_all", is_flag=True, help="Show all series and errors.")
@click.option(
    "--json", "output", type=click.Path(path_type=Path), metavar="FILE", help="Write all of it."
)
@click.pass_obj
def evaluate(
    program: Program,
    truth: str,
    folds: tuple[str, ...],
    ablation: bool,
    show_all: bool,
    output: Path | None,
) -> None:
    """Measure the linkage on labelled videos: how much is right, and what goes wrong.

    TRUTH is a CSV file with the columns video_id and event_id, and if you like
    talk_id, series_id, language and more; an empty event_id says that the event is
    not on record. video_id may be the address of a video's page. If several lines name
    different events for one video, each of them counts as right. `decisions` instead of
    a file takes what the editors decided.

    The model in force is measured as it is. Since it may know the very videos, it is
    also fitted anew to some series (languages) and judged on the others; that needs
    the extra `train`. Changes nothing in the database.
    """
    from harvester import evaluate as evaluation
    from harvester import show, show_tuning

    if "none" in folds and len(folds) > 1:
        raise WrongUse("--folds none goes with no other --folds")
    if "none" in folds and ablation:
        raise WrongUse("--ablation is measured out of fold by series: leave --folds none away")
    if output is not None:
        _check_folder(output)
    wanted = [name for name in folds if name != "none"] if folds else None
    with program.known_database() as database, _progress() as say:
        found = evaluation.evaluate(
            truth,
            database=database,
            model=program.model(),
            folds=wanted,
            ablation=ablation,
            say=say,
        )
    if output is not None:
        text = json.dumps(evaluation.as_json(found), indent=2, ensure_ascii=False)
        _write(output, text + "\n")
    show_tuning.evaluation(show.console(), found, show_all=show_all)
    if output is not None:
        click.echo(f"{output}: all figures, and all errors")


@click.group()
def linkage() -> None:
    """The linkage model: train."""


@linkage.command("train", short_help="Fit the weights to labelled videos.")
@click.argument("truth", metavar="TRUTH")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The new model; default: linkage.toml in the current directory.",
)
@click.option("--name", help="Stands as rule:NAME with decisions; default: old name and date.")
@click.option("--dry-run", is_flag=True, help="Compare, and write nothing.")
@click.option("--all", "show_all", is_flag=True, help="Show all videos that change.")
@click.pass_obj
def linkage_train(
    program: Program,
    truth: str,
    output: Path | None,
    name: str | None,
    dry_run: bool,
    show_all: bool,
) -> None:
    """Fit the weights to labelled videos; write a new linkage.toml if they are better.

    TRUTH is a file or `decisions`, as for `harvester evaluate`. The fitted weights
    are judged out of fold by series, and compared with the model in force video by
    video. They are better if their gain is clear of chance, nothing more is wrong, and
    the rule links no less; that takes 20 videos with, 20 without their event on record,
    and 5 series. Else exits with 1, says why, and writes nothing. Needs the extra `train`.
    A written file is used once `linkage.model` of the settings names it.
    """
    from harvester import show, show_training
    from harvester import train as training

    place = output or Path("linkage.toml")
    in_force = program.model_file()
    if not dry_run:
        _check_place(place, in_force, is_asked_for=output is not None)
    today = clock().date()
    model = program.model()
    with program.known_database() as database, _progress() as say:
        found = training.train(truth, database=database, model=model, say=say)
    show_training.training(show.console(), found, show_all=show_all)
    if not found.is_better:
        click.echo(f"The model in force, {model.name}, stays: nothing is written.")
        raise click.exceptions.Exit(1)
    if dry_run:
        click.echo("They are better; nothing is written (--dry-run).")
        return
    text = training.written(
        program.model_text(in_force),
        found,
        name=name or training.next_name(model.name, today),
        today=today,
    )
    _write(place, text)
    is_used = place.resolve() == in_force.resolve()
    use = "is in force" if is_used else f'set `model = "{place}"` under [linkage] to use it'
    click.echo(f"They are better: {place} is written; {use}.")


def _check_place(place: Path, in_force: Path, *, is_asked_for: bool) -> None:
    """Fail before the work, not after it."""
    _check_folder(place)
    if place.exists() and not is_asked_for and place.resolve() != in_force.resolve():
        raise CannotWrite(
            f"{place} is there already, and is not the model in force; name a file with -o"
        )


def _check_folder(file: Path) -> None:
    if not file.absolute().parent.is_dir():
        raise CannotWrite(f"{file}: there is no such folder")


def _write(path: Path, text: str) -> None:
    """Write a whole file, or none."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        if path.exists() and not path.is_file():  # a device or a pipe must not be replaced
            path.write_text(text, encoding="utf-8")
            return
        partial.write_text(text, encoding="utf-8")
        partial.replace(path.resolve())
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CannotWrite(f"{path}: {error.strerror}") from None


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Say on a terminal what is being done; elsewhere, and with -v, in the log."""
    from harvester import show

    log = logging.getLogger(__name__)
    terminal = show.console(stderr=True)
    if log.isEnabledFor(logging.INFO) or not terminal.is_terminal:
        yield lambda what: log.info("%s", what)
        return
    with terminal.status("reading") as status:
        yield status.update
