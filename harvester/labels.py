"""What evaluating and training begin with: labelled videos, compared once.

In:   a truth file, or the editors' own decisions; the database and a model.
Out:  Material; and what a model makes of it, as it is or fitted out of fold.

A label that cannot be measured is left out and told.  A label without a series
takes that of its event; without a language, that of its video.  Folds keep what
belongs together on one side, so that nothing is learnt from what is judged.
"""

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harvester.errors import BadInput, ExtraMissing, WrongUse
from harvester.events.read import Kind, read
from harvester.linkage import Comparisons, Model, fitting, prepare, truth
from harvester.records import Event, Label, Linking, Talk, Video
from harvester.store import reads_labels, reads_linking
from harvester.store.database import Database
from harvester.youtube import address

DECISIONS = "decisions"
"""The name that the editors' own decisions go by, instead of a truth file."""

FOLDS = 5  # at most; several small groups may share one

Linkings = Mapping[str, Linking]
"""What was made of each video, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Labelled videos, compared; with the records that they name, by id."""

    source: str  # the truth file without its path, or "decisions"
    sha256: str  # of the labels in it, measured or not; see `fingerprint`
    labels: tuple[Label, ...]
    left_out: tuple[str, ...]  # sentences on what cannot be measured
    comparisons: Comparisons
    videos: Mapping[str, Video]
    events: Mapping[str, Event]
    talks: Mapping[str, Talk]

    def decide(self, model: Model, *, only: Collection[str] | None = None) -> dict[str, Linking]:
        """Return what a model makes of videos, of all or of some, as if no editor had spoken."""
        return {each.video_id: each for each in self.comparisons.decide(model, only=only)}


def knows(model: Model, material: Material) -> bool:
    """Return whether a model was fitted to these labels, or to fewer of the same editors.

    Older files of models have no fingerprint: then name and number must do.
    """
    begun = model.begun_with
    if begun is None:
        return False
    if begun.truth == material.source == DECISIONS:
        return True
    if begun.truth_sha256:
        return begun.truth_sha256 == material.sha256
    return begun.truth == material.source and begun.labels == len(material.labels)


def fingerprint(given: Iterable[Label]) -> str:
    """Return what tells these labels from others, in whatever order and file they stand."""
    lines = sorted(
        f"{x.video_id},{'|'.join(sorted(x.event_ids))},{'|'.join(sorted(x.talk_ids))},"
        f"{x.counts_for_event:d},{x.counts_for_talk:d}\n"
        for x in given
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def beginning(model: Model, material: Material) -> Model:
    """Return what to fit to the labels: the model, or what it was if it knows them already.

    Weights that know the labels would carry them into the folds that are judged.
    """
    return model.before_fitting() if knows(model, material) else model


class Fitting:
    """Fits a model to the labels of a material, but for some videos.

    What neighbours say depends on the weights: here they speak by those that fitting begins
    with.  A second round, by the weights of the first, was no better out of fold.
    """

    def __init__(self, material: Material, model: Model) -> None:
        self._model = model
        labels = [label for label in material.labels if label.counts_for_event]
        self._examples = fitting.examples(material.comparisons.with_neighbours(model), labels)

    def fit(self, *, without: Collection[str] = ()) -> Model:
        """Return the model with weights moved towards the labels, but for some videos."""
        return fitting.fit(self._examples, self._model, without=without)


def gather(source: str, *, database: Database, model: Model) -> Material:
    """Return labelled videos, compared.  `source` is a truth file, or "decisions".

    One read.  Raises BadInput if the file is not in order, or nothing in it can be measured.
    """
    from_editors = source == DECISIONS and not Path(source).exists()
    given = () if from_editors else _read(source)
    with database.read() as session:
        videos = {video.video_id: video for video in reads_labels.videos_to_measure(session)}
        events = {event.event_id: event for event in reads_linking.events(session)}
        talks = {talk.talk_id: talk for talk in reads_linking.talks(session)}
        playlists = reads_linking.playlist_titles(session)
        if from_editors:
            given = tuple(reads_labels.editor_labels(session))
    labels, left_out = _known(given, videos, events, talks)
    if not labels:
        raise BadInput(_nothing(source, left_out, from_editors=from_editors))
    return Material(
        source=DECISIONS if from_editors else Path(source).name,
        sha256=fingerprint(given),
        labels=tuple(_completed(label, videos, events) for label in labels),
        left_out=left_out,
        comparisons=prepare(
            videos.values(), events.values(), talks.values(), model=model, playlists=playlists
        ).compared(model),
        videos=videos,
        events=events,
        talks=talks,
    )


def _read(source: str) -> tuple[Label, ...]:
    document = read(source)
    if document.kind is not Kind.CSV:
        raise BadInput(
            f"{source}: a truth file is CSV with the columns {' and '.join(truth.REQUIRED)};"
            f" `{DECISIONS}` instead of a file takes the editors' own decisions"
        )
    return truth.parse(document.text, document.name, as_id=_video_id)


def _video_id(text: str) -> str:
    """Return the id in an address of YouTube; anything else as it is: no video is called so."""
    try:
        return address.video_id(text)
    except WrongUse:
        return text


def _nothing(source: str, left_out: Sequence[str], *, from_editors: bool) -> str:
    if from_editors and not left_out:
        return (
            "no editor has decided anything yet: name a truth file, CSV with the columns"
            f" {' and '.join(truth.REQUIRED)}"
        )
    return f"{source}: nothing in it can be measured: {'; '.join(left_out)}"


def _known(
    given: Iterable[Label],
    videos: Mapping[str, Video],
    events: Mapping[str, Event],
    talks: Mapping[str, Talk],
) -> tuple[list[Label], tuple[str, ...]]:
    """Return the labels whose records are there, and sentences on those left out."""
    labels = []
    no_video, no_event, no_talk = [], [], []
    for label in given:
        known_events = label.event_ids & events.keys()
        known_talks = label.talk_ids & talks.keys()
        if label.video_id not in videos:
            no_video.append(label.video_id)
        elif label.event_ids and not known_events:
            no_event.append(min(label.event_ids))
        elif label.talk_ids and not known_talks:
            no_talk.append(min(label.talk_ids))
            labels.append(
                dataclasses.replace(
                    label, event_ids=known_events, talk_ids=frozenset(), counts_for_talk=False
                )
            )
        else:
            labels.append(dataclasses.replace(label, event_ids=known_events, talk_ids=known_talks))
    told = (
        _left_out(no_video, "left out: no such video on record, or it is gone"),
        _left_out(no_event, "left out: no such event on record"),
        _left_out(no_talk, "measured without its talk: no such talk on record"),
    )
    return labels, tuple(filter(None, told))


def _left_out(ids: Sequence[str], what: str) -> str:
    if not ids:
        return ""
    several = "videos" if len(ids) > 1 else "video"
    first = ", ".join(sorted(set(ids))[:3])
    return f"{len(ids):,} {several} {what} ({first}{', …' if len(set(ids)) > 3 else ''})"


def _completed(label: Label, videos: Mapping[str, Video], events: Mapping[str, Event]) -> Label:
    """Return a label with a series and, where the video tells it, a language."""
    video = videos[label.video_id]
    event = events[min(label.event_ids)] if label.event_ids else None
    series = (event.series or event.event_id) if event else f"video {label.video_id}"
    return dataclasses.replace(
        label,
        series=label.series or series,
        language=label.language or truth.primary(video.language or video.audio_language),
    )


# --- folds ----------------------------------------------------------------------


def has_extra() -> bool:
    """Return whether what folds need is installed."""
    try:
        import sklearn.model_selection  # noqa: F401
    except ModuleNotFoundError:
        return False
    return True


def groups(labels: Iterable[Label], by: str) -> list[str]:
    """Return the group of each label: its series, or its language."""
    return [getattr(label, by) for label in labels]


def folds(labels: Sequence[Label], by: str) -> list[frozenset[str]]:
    """Return the videos of each fold; a group, `series` or `language`, is in one fold only.

    Folds are about equally large where groups allow it, and those of series have about the
    same share of videos without their event.  None if there are fewer than two groups.
    Raises ExtraMissing.
    """
    if not has_extra():
        raise ExtraMissing("train", "a figure out of fold")
    from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

    names = groups(labels, by)
    number = min(len(set(names)), FOLDS)
    if number < 2:
        return []
    classes = [bool(label.event_ids) for label in labels]
    spread = by == "series" and min(Counter(classes).values()) >= number
    splitter = (StratifiedGroupKFold if spread else GroupKFold)(n_splits=number)
    return [
        frozenset(labels[place].video_id for place in held_out)
        for _, held_out in splitter.split(labels, classes, names)
    ]


def out_of_fold(
    material: Material,
    model: Model,
    held_out: Iterable[Collection[str]],
    *,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Linking]:
    """Return what is made of each fold's videos by the model fitted to all others."""
    to_others = Fitting(material, model)
    found: dict[str, Linking] = {}
    each = list(held_out)
    for number, videos in enumerate(each, start=1):
        say(f"fold {number} of {len(each)}")
        found |= material.decide(to_others.fit(without=videos), only=videos)
    return found
