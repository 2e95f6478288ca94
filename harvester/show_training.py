"""What people read who train the linkage: how fitted weights compare with those in force.

In:   a Training.
Out:  things that rich can print, video by video and figure by figure.

Decides nothing and counts nothing.
"""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harvester.labels import Material
from harvester.linkage.judging import Grade
from harvester.linkage.measures import FIGURES
from harvester.records import Linking, Outcome
from harvester.show_cases import GRADES, TASKS, about, count, got, table_of, video
from harvester.show_tuning import NAMES, interval
from harvester.train import Change, Standing, Training

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
    head = f"{name} {before}, and fitted anew, out of fold by series ({found.folds} folds)"
    out.print(Text(head, style="bold"))
    out.print(_standings(before, found.before, found.after))
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


def _why(found: Training) -> str:
    if found.is_better:
        return "Better: the right is likelier, and no more is wrong."
    before, after = found.before, found.after
    reasons = [
        f"{what}: {was} before, {is_now} fitted"
        for what, was, is_now, is_no_better in (
            (
                "log loss is not lower",
                f"{before.log_loss:.4f}",
                f"{after.log_loss:.4f}",
                after.log_loss >= before.log_loss,
            ),
            ("more errors", before.errors, after.errors, after.errors > before.errors),
            (
                "more is linked wrongly",
                before.linked_wrong,
                after.linked_wrong,
                after.linked_wrong > before.linked_wrong,
            ),
        )
        if is_no_better
    ]
    return f"Not better: {'; '.join(reasons)}."
