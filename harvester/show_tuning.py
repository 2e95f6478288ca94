"""What people read who tune the linkage: its figures, and its worst errors.

In:   an Evaluation.
Out:  things that rich can print; what they say of single videos is in show_cases.py.

Decides nothing and counts nothing.  Titles are strings of the outside: print with
`show.console()`.
"""

from collections.abc import Mapping
from typing import Literal

from rich.console import Console
from rich.text import Text

from harvester import show_cases
from harvester.evaluate import IN_FORCE, WORST, Evaluation, Way
from harvester.linkage.judging import Task
from harvester.linkage.measures import FIGURES, LINKS_FOR_TARGET, TARGET, Figure, Measured
from harvester.show_cases import TASKS, count, table_of

NAMES: Mapping[str, tuple[str, str]] = {
    "precision": ("precision", "of what is proposed or linked, so much is right"),
    "recall": ("recall", "of what is on record, so much is found: proposed or linked"),
    "f1": ("F1", "both in one: their harmonic mean"),
    "precision_by_rule": ("precision by rule", "of what the rule links, so much is right"),
    "coverage_by_rule": ("coverage by rule", "of what is on record, so much needs no person"),
    "coverage_at_995": (
        "coverage at 99.5 %",
        "so much would need none, were `accept` the best for a precision of 99.5 % here",
    ),
    "answered_without_event": (
        "no event: answered",
        "of the videos that nothing on record is right for, so many get an answer",
    ),
    "linked_without_event": ("no event: by rule", "… and so many are even linked by rule"),
    "recall_at_5": ("in the first five", "of what is on record, so much is among five candidates"),
    "brier": ("Brier score", "squared error of the probability: 0 is best"),
    "calibration_error": (
        "calibration error",
        "so far the probabilities are from what comes true (ECE, ten bins): 0 is best",
    ),
}
"""What a figure is called, and what it says."""

NO_SHARES = ("f1", "brier", "calibration_error")

_FEW = 10  # series shown


def evaluation(out: Console, found: Evaluation, *, show_all: bool) -> None:
    """Print what was measured."""
    show_cases.about(out, found.material)
    for task, head in TASKS.items():
        if found.ways[IN_FORCE].measured[task].videos:
            _figures(out, head, {way.name: way.measured[task] for way in found.ways.values()})
    folded = _OUT_OF_FOLD if len(found.ways) > 1 else ""
    out.print(_HOW_TO_READ.format(model=found.model, out_of_fold=folded), style="dim")
    if few := resting_on(found.best_way("series").measured[Task.EVENT]):
        out.print(few)
    for reason in found.not_measured:
        out.print(f"Not measured {reason}.")
    if found.ablation:
        _ablation(out, found.ways["series"].measured, found.ablation)
    _groups(out, "language", found, show_all=True)
    _groups(out, "series", found, show_all=show_all)
    errors = found.errors()
    shown = errors if show_all else errors[:WORST]
    show_cases.errors(out, shown, len(errors), found.material, how=_how(found.best_way("series")))


def resting_on(measured: Measured) -> str | None:
    """Return how little so few links show; None if they are many, or nothing is measured."""
    if not measured.videos or measured.by_rule >= LINKS_FOR_TARGET:
        return None
    if not measured.by_rule:
        return "The rule links none of these videos: nothing here tells how precise it is."
    low = value("precision_by_rule", Figure(measured.figures["precision_by_rule"].low))
    return (
        f"The figures rest on {count(measured.by_rule, 'link')} by rule: by these, its precision"
        f" may be as low as {low}. To show {100 * TARGET:.1f} %, some {LINKS_FOR_TARGET} links"
        " without an error are needed."
    )


_HOW_TO_READ = (
    "as it is: the model {model}, which may have been fitted to these very videos.{out_of_fold} In"
    " brackets: the 95 % interval."
)
_OUT_OF_FOLD = (
    " Out of fold: fitted anew, and each series (language) judged by weights that were fitted to"
    " the others only; that is what to expect of new ones."
)


def _figures(out: Console, head: str, measured: Mapping[str, Measured]) -> None:
    first = next(iter(measured.values()))
    out.print()
    out.print(
        Text(
            f"{head}: {count(first.videos, 'video')}, for {first.with_event:,} of which something"
            " on record is right",
            style="bold",
        )
    )
    names = [_WAYS[name] for name in measured]
    table = table_of("", *names, "What it says", right=names, name=True)
    for figure in FIGURES:
        name, meaning = NAMES[figure]
        values = [interval(figure, each.figures[figure]) for each in measured.values()]
        table.add_row(name, *values, Text(meaning, style="dim"))
    out.print(table)


_WAYS = {
    IN_FORCE: "as it is",
    "series": "out of fold by series",
    "language": "out of fold by language",
}


def value(name: str, figure: Figure) -> str:
    """Return a figure as people write it: "98.3 %", "0.983", or "–"."""
    if figure.value is None:
        return "–"
    return _number(name, figure.value)


def interval(name: str, figure: Figure) -> str:
    """Return a figure with its interval: "98.3 % (97.8–98.7)"."""
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    low, high = (_number(name, each).removesuffix(" %") for each in (figure.low, figure.high))
    return f"{_number(name, figure.value)} ({low}–{high})"


def _number(name: str, number: float) -> str:
    if name in NO_SHARES:
        return f"{number:.3f}"
    # nearly all is not all, and hardly any is not none
    nearly = 0 < number < 0.0005 or 0.9995 <= number < 1
    return f"{min(100 * number, 99.99) if nearly else 100 * number:.{2 if nearly else 1}f} %"


# --- ablation, languages, series --------------------------------------------------

_CHOSEN = (
    (Task.EVENT, "f1"),
    (Task.TALK, "f1"),
    (Task.EVENT, "precision_by_rule"),
    (Task.EVENT, "coverage_by_rule"),
    (Task.EVENT, "coverage_at_995"),
    (Task.EVENT, "answered_without_event"),
    (Task.EVENT, "linked_without_event"),
    (Task.EVENT, "recall_at_5"),
    (Task.EVENT, "calibration_error"),
)
"""The figures that small tables show."""

_CHOSEN_NAMES = (
    "F1\nevent",
    "F1\ntalk",
    "precision\nby rule",
    "coverage\nby rule",
    "coverage\nat 99.5 %",
    "no event:\nanswered",
    "no event:\nby rule",
    "in first\nfive",
    "calibr.\nerror",
)


def _ablation(
    out: Console,
    whole: Mapping[Task, Measured],
    without: Mapping[str, Mapping[Task, Measured]],
) -> None:
    out.print()
    out.print(Text("What each kind of evidence adds, out of fold by series", style="bold"))
    table = table_of("without", *_CHOSEN_NAMES, right=_CHOSEN_NAMES, name=True)
    table.add_row("(nothing)", *(value(n, whole[task].figures[n]) for task, n in _CHOSEN))
    for kind, measured in without.items():
        table.add_row(
            kind,
            *(
                _difference(n, whole[task].figures[n], measured[task].figures[n])
                for task, n in _CHOSEN
            ),
        )
    out.print(table)
    out.print(
        "Each line: how the figures change if that is not looked at, and all else is fitted anew to"
        " make up for it. Contradictions still keep the rule from linking.",
        style="dim",
    )


def _difference(name: str, whole: Figure, without: Figure) -> str:
    if whole.value is None or without.value is None:
        return "–"
    difference = without.value - whole.value
    text = f"{difference:+.3f}" if name in NO_SHARES else f"{100 * difference:+.1f}"
    return "0" if float(text) == 0 else text


def _groups(
    out: Console, group: Literal["series", "language"], found: Evaluation, *, show_all: bool
) -> None:
    way = found.best_way(group)
    groups = way.by(group)
    if len(groups) < 2:
        return
    ranked = sorted(groups, key=lambda name: (_share_right(way, group, name), name))
    shown = ranked if show_all else ranked[:_FEW]
    if group == "language":
        shown = sorted(ranked, key=lambda name: -groups[name][Task.EVENT].videos)
    what = "by language" if group == "language" else "by series, worst first"
    out.print()
    out.print(Text(f"The same {what}, {_how(way)}", style="bold"))
    table = table_of(
        group,
        "videos",
        "no event",
        *_CHOSEN_NAMES,
        right=("videos", "no\nevent", *_CHOSEN_NAMES),
        name=True,
    )
    for name in shown:
        measured = groups[name]
        table.add_row(
            name or "(not told)",
            f"{measured[Task.EVENT].videos:,}",
            f"{measured[Task.EVENT].without_event:,}",
            *(value(n, measured[task].figures[n]) for task, n in _CHOSEN),
        )
    out.print(table)
    if len(shown) < len(ranked):
        out.print(f"{len(shown)} of {len(ranked)} series; --all shows the others.", style="dim")


def _share_right(way: Way, group: str, name: str) -> float:
    """Return the share of a group's videos that come out as they should."""
    its = [a for a in way.answers[Task.EVENT] if getattr(a, group) == name]
    return sum(
        a.is_right if a.right and a.is_answered else not (a.right or a.is_answered) for a in its
    ) / max(1, len(its))


def _how(way: Way) -> str:
    return "the model as it is" if way.name == IN_FORCE else f"out of fold by {way.name}"
