"""Use case: how good the linkage is on labelled videos.

In:   a truth file or the editors' own decisions; the database and the model in force.
Out:  Evaluation: what the model makes of the videos as it is, and out of fold; what
      each kind of evidence adds; and the worst errors.

One read, and videos and events are compared once.  As it is, a model may have been
fitted on the very videos that it is measured on; out of fold, each group of videos
is judged by weights that were fitted on the other groups only.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from harvester import labels
from harvester.labels import Linkings, Material
from harvester.linkage import Model
from harvester.linkage.judging import Answer, Grade, Task, answers, grade, rank_of_right
from harvester.linkage.measures import Measured, measure
from harvester.linkage.model import FIELDS
from harvester.records import Candidate, Label, Linking
from harvester.store.database import Database

IN_FORCE = "in force"
FOLDS = ("series", "language")

KINDS: Mapping[str, tuple[str, ...]] = {
    "event names": ("event_name", "other_name"),
    "years and numbers": ("year", "number", "part"),
    "dates in title and text": ("title_date", "text_date", "recorded", "day"),
    "time of publication": ("published",),
    "talk titles": ("talk_title",),
    "persons": ("speaker", "speaker_description"),
    "description": ("event_description", "talk_description", "chapters"),
    "playlist and links": ("playlist", "link"),
    "neighbours": ("neighbours",),
    "place": ("place",),
    "length and kind": ("length", "kind_of_video", "talk_kind"),
    "rest of title": ("rest_of_title",),
}
"""The kinds of evidence, with the fields of the model; a field not named here is its own kind."""

WORST = 20  # errors shown unless all are asked for
_FEW_DRAWS = 300  # for the intervals of single series and languages, of which there are many


@dataclass(frozen=True, slots=True)
class Way:
    """What was made of the labelled videos in one way, and how good that is.

    `name` is "in force", or the groups that folds kept together: "series", "language".
    """

    name: str
    folds: int  # 0: nothing was fitted
    linkings: Linkings
    answers: Mapping[Task, tuple[Answer, ...]]
    measured: Mapping[Task, Measured]

    def by(self, group: str) -> dict[str, dict[Task, Measured]]:
        """Return the figures of each series, or each language."""
        found: dict[str, dict[Task, list[Answer]]] = defaultdict(lambda: {t: [] for t in Task})
        for task, its in self.answers.items():
            for answer in its:
                found[getattr(answer, group)][task].append(answer)
        return {
            name: {task: measure(each, draws=_FEW_DRAWS) for task, each in its.items()}
            for name, its in sorted(found.items())
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """A video that something is wrong with."""

    label: Label
    linking: Linking | None
    grade: Grade
    rank: int | None  # of the right event among the candidates; None: it is not there

    @property
    def proposed(self) -> Candidate | None:
        """The best candidate, if there is any."""
        return self.linking.candidates[0] if self.linking and self.linking.candidates else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All that was measured."""

    material: Material
    model: str
    ways: Mapping[str, Way]
    not_measured: tuple[str, ...]  # why there is no figure out of fold, where there is none
    ablation: Mapping[str, Mapping[Task, Measured]] = field(default_factory=dict)

    def best_way(self, group: str) -> Way:
        """Return the fairest figures for groups: out of fold by them, or at least by others."""
        names = (group, *FOLDS, IN_FORCE)
        return next(self.ways[name] for name in names if name in self.ways)

    def errors(self) -> list[Error]:
        """Return all errors, worst first: wrong ones, likeliest first; then what was lost."""
        way = self.best_way("series")
        return sorted(_errors(way.linkings, self.material.labels), key=_badness)


def evaluate(
    source: str,
    *,
    database: Database,
    model: Model,
    folds: Sequence[str] | None = None,
    ablation: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Return how good the linkage is on labelled videos.

    `folds` are some of FOLDS; None takes those that are possible, and tells which are not.
    `say` is told what is being done.  Raises BadInput, and ExtraMissing if folds are asked
    for that need an extra.
    """
    say("comparing")
    material = labels.gather(source, database=database, model=model)
    ways = {IN_FORCE: _way(IN_FORCE, 0, material.decide(model), material)}
    wanted, not_measured = _wanted(folds, material.labels, ablation=ablation)
    beginning = labels.beginning(model, material)
    for name in wanted:
        held_out = labels.folds(material.labels, name)
        linkings = labels.out_of_fold(
            material,
            beginning,
            held_out,
            say=partial(_say, say, f"out of fold by {name}"),
        )
        ways[name] = _way(name, len(held_out), linkings, material)
    may_ablate = ablation and "series" in ways
    return Evaluation(
        material=material,
        model=model.name,
        ways=ways,
        not_measured=not_measured,
        ablation=_ablation(material, beginning, say) if may_ablate else {},
    )


def _wanted(
    folds: Sequence[str] | None, given: Sequence[Label], *, ablation: bool
) -> tuple[list[str], tuple[str, ...]]:
    """Return the folds to measure by, and why others are not."""
    asked = list(FOLDS if folds is None else folds)
    if ablation and "series" not in asked:
        asked.append("series")
    wanted, reasons = [], []
    for name in asked:
        number = len(set(labels.groups(given, name)))
        if number < 2:
            reasons.append(f"out of fold by {name}: needs two groups, and all is of one {name}")
        elif folds is None and not ablation and not labels.has_extra():
            reasons.append(f"out of fold by {name}: needs pip install 'zwk-harvester[train]'")
        else:
            wanted.append(name)
    return wanted, tuple(reasons)


def _say(say: Callable[[str], None], about: str, what: str) -> None:
    say(f"{about}: {what}")


def _way(name: str, folds: int, linkings: Linkings, material: Material) -> Way:
    given = {task: answers(linkings, material.labels, task) for task in Task}
    return Way(
        name=name,
        folds=folds,
        linkings=linkings,
        answers=given,
        measured={task: measure(its) for task, its in given.items()},
    )


# --- ablation -------------------------------------------------------------------


def kinds() -> dict[str, tuple[str, ...]]:
    """Return the kinds of evidence that this version compares, with their fields."""
    named = {
        kind: tuple(name for name in fields if name in FIELDS) for kind, fields in KINDS.items()
    }
    known = {name for fields in named.values() for name in fields}
    others = {name.replace("_", " "): (name,) for name in FIELDS if name not in known}
    return {kind: fields for kind, fields in {**named, **others}.items() if fields}


def _ablation(
    material: Material, model: Model, say: Callable[[str], None]
) -> dict[str, dict[Task, Measured]]:
    """Return the figures out of fold by series without each kind of evidence.

    Its weights are 0 and stay so; the others are fitted anew, to make up for it if they can.
    """
    held_out = labels.folds(material.labels, "series")
    found = {}
    for kind, fields in kinds().items():
        linkings = labels.out_of_fold(
            material,
            silenced(model, fields),
            held_out,
            say=partial(_say, say, f"without {kind}"),
        )
        found[kind] = {task: measure(answers(linkings, material.labels, task)) for task in Task}
    return found


def silenced(model: Model, fields: Sequence[str]) -> Model:
    """Return the model with all weights of some fields set to 0."""
    return replace(
        model,
        weights={
            name: dict.fromkeys(levels, 0.0) if name in fields else levels
            for name, levels in model.weights.items()
        },
    )


# --- errors ---------------------------------------------------------------------


def _errors(linkings: Linkings, given: Sequence[Label]) -> list[Error]:
    found = []
    for label in given:
        linking = linkings.get(label.video_id)
        its = grade(linking, label)
        if its.is_error and label.counts_for_event:
            rank = rank_of_right(linking, label)
            found.append(Error(label=label, linking=linking, grade=its, rank=rank))
    return found


_WRONG = (Grade.LINKED_WRONG, Grade.PROPOSED_WRONG, Grade.OTHER_TALK)


def _badness(error: Error) -> tuple[Any, ...]:
    best = error.proposed
    if error.grade in _WRONG and best:
        return (0, -best.probability, error.label.video_id)
    return (1, -(error.rank or 99), error.label.video_id)


# --- for machines ---------------------------------------------------------------


def as_json(found: Evaluation) -> dict[str, Any]:
    """Return everything that was measured, for a program to read."""
    return {
        "truth": found.material.source,
        "truth_sha256": found.material.sha256,
        "model": found.model,
        "labels": len(found.material.labels),
        "left_out": list(found.material.left_out),
        "not_measured": list(found.not_measured),
        "measured": {
            name: {
                "folds": way.folds,
                **_tasks_as_json(way.measured),
                **{
                    f"by_{group}": {
                        key: _tasks_as_json(tasks) for key, tasks in way.by(group).items()
                    }
                    for group in FOLDS
                    if name in (IN_FORCE, group)
                },
            }
            for name, way in found.ways.items()
        },
        "without": {kind: _tasks_as_json(tasks) for kind, tasks in found.ablation.items()},
        "errors": [_error_as_json(each, found.material) for each in found.errors()],
    }


def _tasks_as_json(tasks: Mapping[Task, Measured]) -> dict[str, Any]:
    return {str(task): measured_as_json(measured) for task, measured in tasks.items()}


def measured_as_json(measured: Measured) -> dict[str, Any]:
    """Return the figures of one task, each with its interval; null where nothing was counted."""
    return {
        "videos": measured.videos,
        "with_event": measured.with_event,
        "links_by_rule": measured.by_rule,
        "threshold_at_995": measured.threshold,
        **{
            name: {"value": f.value, "low": f.low, "high": f.high}
            for name, f in measured.figures.items()
        },
    }


def _error_as_json(error: Error, material: Material) -> dict[str, Any]:
    best = error.proposed
    return {
        "video_id": error.label.video_id,
        "title": material.videos[error.label.video_id].title,
        "series": error.label.series,
        "error": error.grade.name.lower(),
        "right_events": sorted(error.label.event_ids),
        "right_talks": sorted(error.label.talk_ids),
        "rank_of_right": error.rank,
        "outcome": str(error.linking.outcome) if error.linking else "none",
        "event_id": best.event_id if best else None,
        "talk_id": best.talk_id if best else None,
        "probability": best.probability if best else None,
        "terms": {term.name: term.weight for term in best.terms} if best else {},
    }
