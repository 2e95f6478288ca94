"""All pairs of video and event worth comparing, compared: what was found, without weights.

In:   videos, events and talks as records; of the model its words and limits.
Out:  Comparisons, from which any model with the same words can decide.

Comparing and weighing are apart, so that other weights can be tried without
comparing again.  Comparing costs most, and is done by stretches of videos: with
a `mapper` other than map, by several processes at once.

Pure: no network, no database, no clock.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from harvester.linkage import features, footers, groups, parcels, weighing
from harvester.linkage.assignment import Held
from harvester.linkage.columns import (
    WHOLE,
    Columns,
    Places,
    gathered,
    merged,
    spread,
)
from harvester.linkage.comparer import Comparer
from harvester.linkage.deciding import Decider, Said
from harvester.linkage.evidence import Compared, Found
from harvester.linkage.features import EventFeatures, TalkFeatures, VideoFeatures
from harvester.linkage.model import Model
from harvester.linkage.weighing import Scale
from harvester.records import Event, Linking, LiveState, Outcome, Reason, Role, Talk, Video

_NAMED = {("event_name", level) for level in ("own_rare", "own", "own_common", "shared", "most")}
_NOT_YET = (LiveState.UPCOMING, LiveState.LIVE)
_STRETCH = 1000  # videos that are compared at once

_Task = TypeVar("_Task", contravariant=True)
_Result = TypeVar("_Result", covariant=True)


class Mapper(Protocol):
    """What applies a function to each of some tasks, in their order, as map does."""

    def __call__(
        self, function: Callable[[_Task], _Result], tasks: Iterable[_Task], /
    ) -> Iterable[_Result]:
        """Return the results in the order of the tasks."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A video and an event that were compared: what was found, without weights or words.

    `options` are the event as such (None) and the talks that something speaks for.
    """

    event: EventFeatures
    compared: Compared
    options: Sequence[tuple[TalkFeatures | None, Compared]]


@dataclass(frozen=True, slots=True)
class Comparisons:
    """All pairs worth comparing, with what was found."""

    comparer: Comparer
    columns: Columns
    signs: groups.Signs
    roles: Sequence[Role]
    waiting: Sequence[Linking]  # streams to come: nothing to compare yet
    neighbours: Said | None = None

    @property
    def videos(self) -> Sequence[VideoFeatures]:
        """The videos that were compared, each made anew when it is asked for."""
        return _Videos(self.comparer)

    @property
    def pairs(self) -> Mapping[int, Sequence[Pair]]:
        """The pairs by the video's place."""
        return _Pairs(self)

    def compared(self, model: Model, mapper: Mapper = map) -> "Comparisons":
        """Return all pairs worth comparing, compared.

        The model's weights matter only for which pairs: where one is clear, far ones are not.
        """
        return self.also(range(len(self.comparer.videos)), mapper).completed(model, mapper)

    def also(self, places: Sequence[int], mapper: Mapper = map) -> "Comparisons":
        """Return the same with the pairs of further videos; their places rise."""
        batches = mapper(self.comparer.compared, _stretches(places))
        more = spread(gathered(batches), places, len(self.comparer.videos))
        is_first = not len(self.columns.event)
        return replace(self, columns=more if is_first else merged(self.columns, more))

    def completed(self, model: Model, mapper: Mapper = map) -> "Comparisons":
        """Return the same with the pairs that neighbours propose."""
        proposals = self.proposals(model)
        batches = mapper(self.comparer.proposed, _stretches(proposals))
        places = [place for place, _ in proposals]
        more = spread(gathered(batches), places, len(self.comparer.videos))
        return replace(self, columns=merged(self.columns, more))

    def with_neighbours(self, model: Model) -> "Comparisons":
        """Return the same with what neighbours say; they count by how likely each is alone."""
        said = self._neighbourhood(model)
        return replace(self, neighbours=said.said(self.columns.video, self.columns.event))

    def proposals(self, model: Model) -> list[tuple[int, list[int]]]:
        """Return videos with events of their neighbours that they were not compared with."""
        videos, events = self._neighbourhood(model).proposals()
        stride = max(1, len(self.comparer.events))
        known = self.columns.video * stride + self.columns.event
        new = ~np.isin(videos * stride + events, known)
        each = zip(videos[new].tolist(), events[new].tolist(), strict=True)
        return [(v, [e for _, e in its]) for v, its in groupby(each, key=lambda pair: pair[0])]

    def decide(
        self,
        model: Model,
        *,
        shown: Mapping[str, str] | None = None,
        held: Held | None = None,
        only: Collection[str] | None = None,
        mapper: Mapper = map,
    ) -> list[Linking]:
        """Return what the rule makes of each video with this model's weights, sorted by id.

        `shown` are talks that other videos show, by an editor's word, with the video;
        `held` is what the rule linked before, and keeps if it can.  All videos are weighed
        against each other; `only` says of which ones the linkings are wanted.
        """
        decided = self.each(model, shown=shown, held=held, only=only, mapper=mapper)
        return sorted(decided, key=lambda each: each.video_id)

    def each(
        self,
        model: Model,
        *,
        shown: Mapping[str, str] | None = None,
        held: Held | None = None,
        only: Collection[str] | None = None,
        mapper: Mapper = map,
    ) -> Iterator[Linking]:
        """Yield what decide returns, in no order: of a million videos, one at a time."""
        yield from (w for w in self.waiting if only is None or w.video_id in only)
        said = self.with_neighbours(model)
        decider = said._decider(model, shown or {}, held or {})
        tasks = decider.tasks(only)
        if mapper is map:
            for task in tasks:
                yield from decider.linkings(task)
        else:
            for parcel in chain.from_iterable(mapper(decider.parcels, tasks)):
                yield parcels.unpacked(parcel)

    def _decider(self, model: Model, shown: Mapping[str, str], held: Held) -> Decider:
        scale = self._weighed(model)
        return Decider(
            comparer=self.comparer,
            columns=self.columns,
            roles=self.roles,
            said=self.neighbours,
            model=model,
            shown=shown,
            held=held,
            scale=scale,
            order=scale.order(self.columns),
        )

    def _weighed(self, model: Model) -> Scale:
        return weighing.weigh(
            self.columns, model, self.neighbours[0] if self.neighbours is not None else None
        )

    def best(self, model: Model) -> Places:
        """Return the event of each video's best candidate, -1 if it has none."""
        return weighing.best(self.columns, self._weighed(model).order(self.columns))

    def _compared(self, pair: int) -> Compared:
        compared: Compared = self.columns.findings.compared[self.columns.found[pair]]
        said = self._said(pair)
        return compared.plus(said) if said else compared

    def _said(self, pair: int) -> Found | None:
        if self.neighbours is None or self.neighbours[0][pair] < 0:
            return None
        level, share = self.neighbours
        return groups.found(int(level[pair]), float(share[pair]))

    def _neighbourhood(self, model: Model) -> groups.Neighbourhood:
        columns = self.columns
        count, shape = len(self.comparer.videos), len(self.comparer.events)
        vote = weighing.votes(columns, weighing.weigh(columns, model).total)
        said = vote > 0
        known = sparse.csr_array(
            (vote[said], (columns.video[said], columns.event[said])), shape=(count, shape)
        )
        named = np.array(
            [not _NAMED.isdisjoint(c.fields()) for c in columns.findings.compared], dtype=np.bool_
        )
        names_event = np.zeros(count, dtype=np.bool_)
        if len(named):
            names_event[columns.video[named[columns.found]]] = True
        return groups.neighbourhood(self.signs, known, names_event)


class _Videos(Sequence[VideoFeatures]):
    def __init__(self, comparer: Comparer) -> None:
        self._comparer = comparer

    def __len__(self) -> int:
        return len(self._comparer.videos)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        return self._comparer.features(range(len(self))[place])


class _Pairs(Mapping[int, Sequence[Pair]]):
    def __init__(self, its: Comparisons) -> None:
        self._its = its

    def __len__(self) -> int:
        return int(np.count_nonzero(np.diff(self._its.columns.pair_at)))

    def __iter__(self) -> Iterator[int]:
        return iter(np.flatnonzero(np.diff(self._its.columns.pair_at)).tolist())

    def __getitem__(self, place: int) -> Sequence[Pair]:
        columns = self._its.columns
        first, last = columns.pair_at[place : place + 2].tolist()
        if first == last:
            raise KeyError(place)
        return [self._pair(pair) for pair in range(first, last)]

    def _pair(self, pair: int) -> Pair:
        its, columns = self._its, self._its.columns
        event = its.comparer.events[columns.event[pair]]
        options = []
        for option in range(*columns.option_at[pair : pair + 2].tolist()):
            talk = int(columns.talk[option])
            found = columns.findings.compared[columns.option_found[option]]
            options.append((None if talk == WHOLE else event.talks[talk], found))
        return Pair(event, its._compared(pair), options)


def prepare(
    videos: Iterable[Video],
    events: Iterable[Event],
    talks: Iterable[Talk],
    *,
    model: Model,
    playlists: Mapping[str, tuple[str, ...]] | None = None,
    rejected: Collection[tuple[str, str]] = (),
    held: Held | None = None,
    mapper: Mapper = map,
) -> Comparisons:
    """Return all titles looked at, and no pair compared yet: `.compared(model)` does that.

    `playlists` holds the titles of the playlists that a video is in, by its id.
    `rejected` are pairs of video and event that an editor ruled out: they are
    neither proposed nor weighed.  `held` is what the rule linked before: compared
    in any case.  Talks of unknown events are left out.
    """
    by_id = sorted(videos, key=lambda v: v.video_id)
    waiting = [_waiting(v) for v in by_id if v.live_state in _NOT_YET]
    # one after the other, videos of an event find in the processor's caches what they need
    told = footers.without(v for v in by_id if v.live_state not in _NOT_YET)
    ready = sorted(told, key=_upload)
    known = features.of_events(events, talks, model)
    comparer = Comparer(ready, playlists or {}, known, model, frozenset(rejected), held or {})
    signs: list[NDArray[np.int64]] = [np.zeros((0, 3), dtype=np.int64)]
    roles: list[Role] = []
    for counted in mapper(comparer.counted, _stretches(range(len(ready)))):
        comparer.words.add(counted.counts)
        signs.append(counted.signs)
        roles += counted.roles
    nothing = spread(gathered([]), [], len(ready))
    signed = groups.Signs(ready, np.concatenate(signs))
    return Comparisons(comparer, nothing, signed, roles, waiting)


_Some = TypeVar("_Some")


def _stretches(items: Sequence[_Some]) -> list[Sequence[_Some]]:
    return [items[at : at + _STRETCH] for at in range(0, len(items), _STRETCH)]


def _upload(video: Video) -> tuple[str, float]:
    """Return by what videos are sorted, so that those of an event stand side by side."""
    return (video.channel_id, video.published_at.timestamp() if video.published_at else 0.0)


def _waiting(video: Video) -> Linking:
    return Linking(
        video_id=video.video_id,
        outcome=Outcome.NONE,
        reason=Reason.NOT_RECORDED_YET,
        probability=None,
    )
