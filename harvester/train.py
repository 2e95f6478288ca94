"""Use case: weights fitted to labelled videos, and a new linkage.toml if they are better.

In:   a truth file or the editors' own decisions; the database, the model in force and its file.
Out:  Training: the fitted model, and how it compares with the one in force, video by
      video; and the text of the new file.

The model in force is judged as it is; but if it was itself fitted to these labels, which
would flatter it, then as it was before that.  Fitting begins with the same weights.  The
fitted ones are judged out of fold by series: each series by weights that were fitted to
the others.  Only what then goes into the file is fitted to all labels.  Whether it is
better is told by the checks of gate.py.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from harvester import labels
from harvester.errors import BadInput, ExtraMissing
from harvester.gate import Check, Standing, checks, standing
from harvester.labels import Linkings, Material
from harvester.linkage import Model
from harvester.linkage.judging import Grade, grade
from harvester.records import Label, Linking
from harvester.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A video of which the fitted weights make something else."""

    label: Label
    before: Linking | None
    after: Linking | None
    grade_before: Grade
    grade_after: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """Fitted weights, and how they compare with those in force."""

    material: Material
    in_force: Model
    beginning: Model  # the same, or what it was before it was fitted to these labels
    fitted: Model  # to all labels
    folds: int
    before: Standing  # of `beginning`, as it is
    after: Standing  # fitted, out of fold by series
    checks: tuple[Check, ...]  # of `after` against `before`
    improved: tuple[Change, ...]
    regressed: tuple[Change, ...]

    @property
    def is_better(self) -> bool:
        """Whether the fitted weights may replace those in force."""
        return all(check.passed for check in self.checks)

    @property
    def knows_namesake(self) -> bool:
        """Whether the model in force was fitted to other labels under the same name."""
        begun = self.in_force.begun_with
        is_known = labels.knows(self.in_force, self.material)
        return begun is not None and begun.truth == self.material.source and not is_known


def train(
    source: str,
    *,
    database: Database,
    model: Model,
    say: Callable[[str], None] = lambda _: None,
) -> Training:
    """Return weights fitted to labelled videos, and how they compare with those in force.

    `say` is told what is being done.  Raises BadInput, and ExtraMissing.
    """
    _needs_extra()
    say("comparing")
    material = labels.gather(source, database=database, model=model)
    held_out = labels.folds(material.labels, "series")
    if not held_out:
        raise BadInput(
            f"{source}: all of it is of one series; weights must be judged on other series than"
            " those they are fitted to, so label videos of a second one"
        )
    beginning = labels.beginning(model, material)
    linked_before = material.decide(beginning)
    linked_after = labels.out_of_fold(material, beginning, held_out, say=say)
    say("fitting to all labels")
    fitted = labels.Fitting(material, beginning).fit()
    before = standing(linked_before, material.labels)
    after = standing(linked_after, material.labels)
    changes = _changes(linked_before, linked_after, material.labels)
    return Training(
        material=material,
        in_force=model,
        beginning=beginning,
        fitted=fitted,
        folds=len(held_out),
        before=before,
        after=after,
        checks=checks(before, after, material.labels),
        improved=tuple(c for c in changes if c.grade_after > c.grade_before),
        regressed=tuple(c for c in changes if c.grade_after < c.grade_before),
    )


def _needs_extra() -> None:
    """Fail before the work, not after it."""
    try:
        import tomlkit  # noqa: F401
    except ModuleNotFoundError:
        raise ExtraMissing("train", "`harvester linkage train`") from None
    if not labels.has_extra():
        raise ExtraMissing("train", "`harvester linkage train`")


def _changes(before: Linkings, after: Linkings, given: Sequence[Label]) -> list[Change]:
    """Return the videos that come off better or worse, the greatest difference first."""
    changes = []
    for label in given:
        if label.counts_for_event:
            was, is_now = before.get(label.video_id), after.get(label.video_id)
            change = Change(
                label=label,
                before=was,
                after=is_now,
                grade_before=grade(was, label),
                grade_after=grade(is_now, label),
            )
            if change.grade_before != change.grade_after:
                changes.append(change)
    return sorted(changes, key=lambda c: (-abs(c.grade_after - c.grade_before), c.label.video_id))


# --- the file -------------------------------------------------------------------


def next_name(name: str, today: dt.date) -> str:
    """Return what to call a model that is fitted anew: "zwk-1" -> "zwk-2026-11-22"."""
    stem = re.sub(r"(-\d+)+$", "", name)
    found = f"{stem}-{today}"
    return f"{found}-2" if found == name else found


def written(text: str, training: Training, *, name: str, today: dt.date) -> str:
    """Return the text of the new linkage.toml; `text` is the one in force.

    Comments and order stay.  Only numbers of [weights], prior, name and [origin] change.
    """
    import tomlkit

    document: Any = tomlkit.parse(text)
    fitted = training.fitted
    document["name"] = name
    if document["prior"] != fitted.prior:
        document["prior"] = fitted.prior
    for field, levels in fitted.weights.items():
        for level, weight in levels.items():
            if document["weights"][field][level] != weight:
                document["weights"][field][level] = weight
    document["origin"] = _origin(training, today)
    return tomlkit.dumps(document)


def _origin(training: Training, today: dt.date) -> Any:
    import tomlkit

    material, begun = training.material, training.beginning
    origin = tomlkit.table()
    origin.comment("written by `harvester linkage train`: what the weights were fitted to")
    origin["truth"] = material.source
    origin["truth_sha256"] = material.sha256
    origin["fitted_on"] = today
    origin["labels"] = len(material.labels)
    origin["without_event"] = sum(not label.event_ids for label in material.labels)
    origin["series"] = len({label.series for label in material.labels})
    origin["languages"] = sorted({label.language for label in material.labels} - {""})
    origin["log_loss"] = round(training.after.log_loss, 4)
    origin["log_loss_before"] = round(training.before.log_loss, 4)
    origin["prior"] = begun.prior
    for task, measured in training.after.measured.items():
        figures = tomlkit.table()
        figures.comment(f"out of fold by series, {training.folds} folds")
        for key, figure in measured.figures.items():
            if figure.value is not None:
                figures[key] = round(figure.value, 4)
        origin[str(task)] = figures
    weights = tomlkit.table()
    weights.comment("what the fit began with, and will begin with again")
    for field, levels in begun.weights.items():
        weights[field] = tomlkit.inline_table()
        weights[field].update(levels)
    origin["weights"] = weights
    return origin
