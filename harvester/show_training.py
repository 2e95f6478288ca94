"""What people read who train the linkage: how fitted weights compare with those in force.

In:   a Training.
Out:  things that rich can print, video by video and figure by figure.

Decides nothing and counts nothing.
"""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harvester.gate import Check, Standing
from harvester.labels import Material
from harvester.linkage.judging import Grade, Task
from harvester.linkage.measures import FIGURES
from harvester.records import Linking, Outcome
from harvester.show_cases import GRADES, TASKS, about, count, got, table_of, video
from harvester.show_tuning import NAMES, interval, resting_on
from harvester.train import Change, Training

_CHANGES = 25  # videos shown that come off better, or worse


def training(out: Console, found: Training, *, show_all: bool) -> None:
    """Print how fitted weights compare with those in force."""
    about(out, found.material)
    for head, changes in (("Improved", found.improved), ("Regressed", found.regressed)):
        out.print()
        out.print(Text(f"{head}: {count(len(changes), 'video')}", style="bold"))
        if changes:
            out.print(_changes(changes if show_all else changes[:_CHANGES], found.material))
        if not show_all and len(changes) > _CHANGES:
            out.print(f"{_CHANGES} of {len(changes):,}; --all shows the others.", style="dim")
    out.print()
    name, before = found.in_force.name, "in force, as it is"
    if found.beginning != found.in_force:
        before = "before fitting"
        out.print(
            f"{name} was itself fitted to these labels, which would flatter it: compared is what it"
            " was before that."
        )
    elif found.knows_namesake:
        out.print(
            f"{name} was fitted to other labels that are called {found.material.source} too: as far"
            " as they are among these, its figures flatter it."
        )
    head = f"{name} {before}, and fitted anew, out of fold by series ({found.folds} folds)"
    out.print(Text(head, style="bold"))
    out.print(_standings(before, found.before, found.after))
    if few := resting_on(found.after.measured[Task.EVENT]):
        out.print(few)
    out.print(_checks(found.checks))
    out.print(_why(found))


def _changes(changes: Sequence[Change], material: Material) -> Table:
    table = table_of("Video", "Before", "After")
    for change in changes:
        table.add_row(
            video(change.label, material),
            _made(change.before, change.grade_before, material),
            _made(change.after, change.grade_after, material),
        )
    return table


def _made(linking: Linking | None, its: Grade, material: Material) -> Text:
    text = Text(GRADES[its])
    if linking and linking.candidates and linking.outcome is not Outcome.NONE:
        text.append(": ").append(got(linking.candidates[0], material))
    return text


def _standings(name: str, before: Standing, after: Standing) -> Table:
    columns = (name, "fitted, out of fold")
    table = table_of("", *columns, "What it says", right=columns, name=True)
    for figure_name, was, is_now, meaning in (
        (
            "log loss",
            f"{before.log_loss:.4f}",
            f"{after.log_loss:.4f}",
            "bits of surprise at what is right, a video: 0 is best",
        ),
        ("errors", f"{before.errors:,}", f"{after.errors:,}", "videos that are wrong or lost"),
        (
            "linked wrongly",
            f"{before.linked_wrong:,}",
            f"{after.linked_wrong:,}",
            "errors of the rule, which nobody looks at",
        ),
    ):
        table.add_row(figure_name, was, is_now, Text(meaning, style="dim"))
    for task, head in TASKS.items():
        if not before.measured[task].videos:
            continue
        table.add_row(Text(head, style="italic"))
        for figure in FIGURES:
            called, meaning = NAMES[figure]
            table.add_row(
                f"  {called}",
                interval(figure, before.measured[task].figures[figure]),
                interval(figure, after.measured[task].figures[figure]),
                Text(meaning, style="dim"),
            )
    return table


def _checks(checks: Sequence[Check]) -> Table:
    table = table_of("May they replace it?", "", "What must hold", name=True)
    for check in checks:
        table.add_row(check.name, "yes" if check.passed else "no", check.figures)
    return table


def _why(found: Training) -> str:
    failed = [check for check in found.checks if not check.passed]
    if not failed:
        return "Better: likelier in most series, no more is wrong, and hardly less is linked."
    # several checks may have the same remedy
    return "\n".join(
        f"Not better ({'; '.join(c.name for c in failed if c.remedy == remedy)}): {remedy}."
        for remedy in dict.fromkeys(check.remedy for check in failed)
    )
