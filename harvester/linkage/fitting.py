"""Weights from labelled videos: how the numbers of a linkage model are found.

In:   comparisons, labels (which event and talk are right), and a model to begin with.
Out:  the same model with weights moved towards the labels.

The candidates of a video exclude each other and all may be wrong, as in
`decision.py`: maximised is the conditional likelihood (McFadden 1974) of the
right event among the candidates and "none of them", and of the right talk among
the options of its event.  A normal prior around the weights to begin with keeps
them where few labels speak, and no weight changes its sign: evidence for a pair
never becomes evidence against it, and what is switched off by a 0 stays so.

Pure: no network, no database, no clock.
"""

import dataclasses
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from harvester.linkage.comparisons import Comparisons
from harvester.linkage.model import FIELDS, Model
from harvester.records import Label

_SPREAD = 0.3  # bits: how far labels of no great number may move a weight; found out of fold
_LARGEST = 9.0  # bits: what one level may tell at most
_TERMS = [("prior", "")] + [(field, level) for field, levels in FIELDS.items() for level in levels]
_COLUMN = {term: place for place, term in enumerate(_TERMS)}

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled videos as numbers; rows are the options of all pairs, video after video.

    `terms` has a row for each option and a column for each level; the others say
    where each pair's rows and each video's pairs begin, and what is right.
    """

    terms: sparse.csr_array
    pair_at: Places  # the first row of each pair
    video_at: Places  # the first pair of each video that has one
    right_pair: Places  # of these videos: the pair of the right event, -1 for none of them
    right_row: Places  # of these videos: the row of the right talk, -1 if it is not told
    video_ids: tuple[str, ...]  # of these videos


def examples(comparisons: Comparisons, labels: Iterable[Label]) -> Examples:
    """Return labelled videos as numbers; videos without any pair teach nothing."""
    known = {label.video_id: label for label in labels}
    columns: list[int] = []
    row_at: list[int] = [0]
    pair_at: list[int] = []
    video_at: list[int] = []
    right_pair: list[int] = []
    right_row: list[int] = []
    ids: list[str] = []
    videos = comparisons.comparer.videos
    for place in sorted(range(len(videos)), key=lambda place: videos[place].video_id):
        label = known.get(videos[place].video_id)
        pairs = comparisons.pairs.get(place, ())
        if label is None or not pairs:
            continue
        video_at.append(len(pair_at))
        right_pair.append(-1)
        right_row.append(-1)
        ids.append(label.video_id)
        for pair in pairs:
            if pair.event.event.event_id in label.event_ids:
                right_pair[-1] = len(pair_at)
            pair_at.append(len(row_at) - 1)
            for talk, compared in pair.options:
                is_right = right_pair[-1] == len(pair_at) - 1
                if is_right and talk and talk.talk.talk_id in label.talk_ids:
                    right_row[-1] = len(row_at) - 1
                columns.append(0)
                columns += [_COLUMN[f.field, f.level] for f in pair.compared.found]
                columns += [_COLUMN[f.field, f.level] for f in compared.found]
                row_at.append(len(columns))
    terms = sparse.csr_array(
        (np.ones(len(columns)), np.array(columns, dtype=np.int32), np.array(row_at)),
        shape=(len(row_at) - 1, len(_TERMS)),
    )
    return Examples(
        terms,
        np.array(pair_at, dtype=np.int64),
        np.array(video_at, dtype=np.int64),
        np.array(right_pair, dtype=np.int64),
        np.array(right_row, dtype=np.int64),
        tuple(ids),
    )


def fit(given: Examples, model: Model, *, without: Collection[str] = ()) -> Model:
    """Return the model with weights moved towards the examples, but for some videos.

    The result is the same for the same examples: nothing is drawn by chance.
    """
    start = _weights(model)
    counts = np.array([v not in without for v in given.video_ids], dtype=np.float64)
    limits = [(-_LARGEST, _LARGEST)] + [
        (0.0, _LARGEST if w else 0.0) if w >= 0 else (-_LARGEST, 0.0) for w in start[1:]
    ]
    found = optimize.minimize(
        _loss,
        np.clip(start, *np.array(limits).T),
        args=(given, counts, start),
        jac=True,
        method="L-BFGS-B",
        bounds=limits,
        options={"maxiter": 300},
    )
    return _with_weights(model, found.x)


def _weights(model: Model) -> Floats:
    return np.array([model.prior, *(model.weight(*term) for term in _TERMS[1:])])


def _with_weights(model: Model, weights: Floats) -> Model:
    rounded = {term: round(float(w), 2) for term, w in zip(_TERMS, weights, strict=True)}
    return dataclasses.replace(
        model,
        prior=rounded["prior", ""],
        weights={
            field: {level: rounded[field, level] for level in levels}
            for field, levels in FIELDS.items()
        },
    )


def _loss(weights: Floats, given: Examples, counts: Floats, start: Floats) -> tuple[float, Floats]:
    """Return the negative log posterior in nats, and its gradient."""
    rows = given.terms @ weights * log(2)
    best = _best_rows(rows, given.pair_at)
    # a pair weighs what its best option weighs, the right one what its right talk weighs
    is_told = given.right_row >= 0
    best[given.right_pair[is_told]] = given.right_row[is_told]
    event_loss, event_pull = _choice(rows[best], given.video_at, given.right_pair, counts)
    pull = np.zeros(len(rows))
    np.add.at(pull, best, event_pull)
    talk_loss, talk_pull = _talks(rows, given, counts)
    away = (weights - start) / _SPREAD
    gradient = given.terms.T @ (pull + talk_pull) * log(2) + away / _SPREAD
    return event_loss + talk_loss + float(away @ away) / 2, gradient


def _best_rows(rows: Floats, at: Places) -> Places:
    """Return the place of the highest row of each stretch that begins at `at`."""
    highest = np.repeat(np.maximum.reduceat(rows, at), np.diff(at, append=len(rows)))
    places = np.where(rows == highest, np.arange(len(rows)), len(rows))
    return np.asarray(np.minimum.reduceat(places, at), dtype=np.int64)


def _choice(weights: Floats, at: Places, right: Places, counts: Floats) -> tuple[float, Floats]:
    """Return the loss of choosing among stretches of weights and "none", and its pull on each."""
    sizes = np.diff(at, append=len(weights))
    top = np.maximum(np.maximum.reduceat(weights, at), 0.0)
    powers = np.exp(weights - np.repeat(top, sizes))
    total = np.add.reduceat(powers, at) + np.exp(-top)
    chosen = np.where(right >= 0, weights[right], 0.0)
    loss = float(counts @ (np.log(total) + top - chosen))
    pull = powers / np.repeat(total, sizes)
    pull[right[right >= 0]] -= 1.0
    return loss, pull * np.repeat(counts, sizes)


def _talks(rows: Floats, given: Examples, counts: Floats) -> tuple[float, Floats]:
    """Return the loss of choosing the right talk among the options of the right event."""
    pull = np.zeros(len(rows))
    is_told = (given.right_row >= 0) & (counts > 0)
    pairs, right = given.right_pair[is_told], given.right_row[is_told]
    if not len(pairs):
        return 0.0, pull
    ends = np.append(given.pair_at, len(rows))
    first, sizes = ends[pairs], ends[pairs + 1] - ends[pairs]
    at = np.cumsum(sizes) - sizes
    places = np.repeat(first - at, sizes) + np.arange(sizes.sum())
    its = rows[places]
    top = np.maximum.reduceat(its, at)
    powers = np.exp(its - np.repeat(top, sizes))
    total = np.add.reduceat(powers, at)
    pull[places] = powers / np.repeat(total, sizes)
    pull[right] -= 1.0
    return float((np.log(total) + top - rows[right]).sum()), pull
