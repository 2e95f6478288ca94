"""What pairs weigh with one model, by themselves and with what neighbours say.

In:   what was found, in columns, and a model.
Out:  the weights of all pairs and options in bits, the pairs in order, and how much
      each video speaks for an event to its neighbours.

Pure: no network, no database, no clock.
"""

from dataclasses import dataclass

import numpy as np

from harvester.linkage import groups
from harvester.linkage.columns import Columns, Floats, Places
from harvester.linkage.model import Model

_SURE = 0.5  # the probability from which a video speaks for an event to its neighbours
_UNSURE = 0.3  # what all candidates of a video that is not sure of one count together
_NAMES_TALK = {("speaker", "full"), ("speaker", "full_often")} | {
    ("talk_title", level) for level in ("whole_rare", "whole", "whole_common", "most_rare")
}


@dataclass(frozen=True, slots=True)
class Scale:
    """What all pairs weigh with one model, in bits."""

    total: Floats  # by pair: prior, event and best option
    options: Floats  # by option: the talk's own terms

    def order(self, columns: Columns) -> Places:
        """Return the pairs by video, the best first, by event between equals."""
        return np.lexsort((columns.event, -np.round(self.total, 9), columns.video))


def weigh(columns: Columns, model: Model, levels: Places | None = None) -> Scale:
    """Return what all pairs weigh; `levels` are those of their neighbours, -1 for none."""
    of = columns.findings.weights(model)
    if not len(columns.event):
        return Scale(np.zeros(0), np.zeros(0))
    own, options = of[columns.found], of[columns.option_found]
    if levels is not None:
        said = [model.weight("neighbours", level) for level in groups.LEVELS]
        own = own + np.array([*said, 0.0])[levels]
    best = np.maximum.reduceat(options, columns.option_at[:-1])
    return Scale(model.prior + own + best, options)


def best(columns: Columns, order: Places) -> Places:
    """Return the event of each video's best candidate, -1 if it has none."""
    found = np.full(len(columns.pair_at) - 1, -1, dtype=np.int64)
    some = np.diff(columns.pair_at) > 0
    found[some] = columns.event[order[columns.pair_at[:-1][some]]]
    return found


def votes(columns: Columns, total: Floats) -> Floats:
    """Return, by pair, how much a video speaks for the event to its neighbours.

    Who is not sure himself hardly speaks, or the unsure would agree: only where talks or
    persons of several events are named, as the event that has all of them is the one.
    """
    count = len(columns.pair_at) - 1
    power = np.exp2(total)
    chance = power / (1 + np.bincount(columns.video, power, minlength=count))[columns.video]
    sure = chance >= _SURE
    vote: Floats = np.where(sure, chance, 0.0)
    unsure = np.bincount(columns.video, sure, minlength=count)[columns.video] == 0
    naming = np.array(
        [not _NAMES_TALK.isdisjoint(c.fields()) for c in columns.findings.compared],
        dtype=np.bool_,
    )
    if not unsure.any() or not naming.any():
        return vote
    names = np.logical_or.reduceat(naming[columns.option_found], columns.option_at[:-1])
    worth = np.where(unsure & names, power, 0.0)
    whole = np.bincount(columns.video, worth, minlength=count)[columns.video]
    return vote + _UNSURE * np.divide(worth, whole, out=np.zeros_like(worth), where=whole > 0)
