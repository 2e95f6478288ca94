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

from harvester.linkage import features, groups, parcels
from harvester.linkage.assignment import Case, Held, Option, Weighed, assign, keep
from harvester.linkage.columns import (
    WHOLE,
    Columns,
    Floats,
    Places,
    gathered,
    merged,
    spread,
    unpacked,
)
from harvester.linkage.comparer import Comparer
from harvester.linkage.decision import linking
from harvester.linkage.evidence import Compared, Found
from harvester.linkage.features import EventFeatures, TalkFeatures, VideoFeatures
from harvester.linkage.model import Model
from harvester.records import Event, Linking, LiveState, Outcome, Reason, Role, Talk, Video

_UNSURE = 0.3  # what all candidates of a video that is not sure of one count together
_NAMES_TALK = {("speaker", "full"), ("speaker", "full_often")} | {
    ("talk_title", level) for level in ("whole_rare", "whole", "whole_common", "most_rare")
}
_SURE = 0.5  # the probability from which a video counts as a neighbour of others
_NAMED = {("event_name", level) for level in ("own_rare", "own", "own_common", "shared", "most")}
_NOT_YET = (LiveState.UPCOMING, LiveState.LIVE)
_STRETCH = 1000  # videos that are compared at once

_Group = tuple[list[int], list[int]]
"""The places of videos that are decided on together, and of those that are wanted."""

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
class _Scale:
    """What all pairs weigh with one model."""

    own: Floats  # by pair, without the talk
    total: Floats  # by pair: with the best option, and the prior
    options: Floats  # by option


@dataclass(frozen=True, slots=True)
class _Rule:
    """What decides: a model, what other words hold, and what all pairs weigh by it."""

    model: Model
    shown: Mapping[str, str]
    held: Held
    scale: _Scale
    order: Places  # the pairs by video, the best first


@dataclass(frozen=True, slots=True)
class Comparisons:
    """All pairs worth comparing, with what was found."""

    comparer: Comparer
    columns: Columns
    signs: groups.Signs
    roles: Sequence[Role]
    waiting: Sequence[Linking]  # streams to come: nothing to compare yet
    neighbours: tuple[Places, Floats] | None = None  # by pair: the level, and the share

    @property
    def videos(self) -> Sequence[VideoFeatures]:
        """The videos that were compared, each made anew when it is asked for."""
        return _Videos(self.comparer)

    @property
    def pairs(self) -> Mapping[int, Sequence[Pair]]:
        """The pairs by the video's place."""
        return _Pairs(self)

    def compared(self, model: Model, mapper: Mapper = map) -> "Comparisons":
        """Return all pairs worth comparing, compared."""
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
        yield from self.with_neighbours(model)._each(model, shown or {}, held or {}, only, mapper)

    def _each(
        self,
        model: Model,
        shown: Mapping[str, str],
        held: Held,
        only: Collection[str] | None,
        mapper: Mapper,
    ) -> Iterator[Linking]:
        scale = self._scale(model)
        by = _Rule(model, shown, held, scale, self._order(scale))
        best = self._best(by.order)
        if held:
            self._group_kept(best, by)
        decider = _Decider(self, by)
        tasks = _gatherings(self._groups(best, only))
        if mapper is map:
            for task in tasks:
                yield from decider.linkings(task)
        else:
            for parcel in chain.from_iterable(mapper(decider.parcels, tasks)):
                yield parcels.unpacked(parcel)

    def _groups(self, best: Places, only: Collection[str] | None) -> Iterator[_Group]:
        """Yield the videos by the event of their best candidate: these share its talks."""
        by_event = np.argsort(best, kind="stable")
        for its in np.split(by_event, np.flatnonzero(np.diff(best[by_event])) + 1):
            places = its.tolist()
            wanted = [p for p in places if only is None or self.comparer.videos[p].video_id in only]
            if places and best[places[0]] < 0:  # without candidates there is nothing to share
                yield from (([place], [place]) for place in wanted)
            elif wanted:
                yield places, wanted

    def best(self, model: Model) -> Places:
        """Return the event of each video's best candidate, -1 if it has none."""
        return self._best(self._order(self._scale(model)))

    def _order(self, scale: _Scale) -> Places:
        """Return the pairs by video, the best first, by event between equals."""
        columns = self.columns
        return np.lexsort((columns.event, -np.round(scale.total, 9), columns.video))

    def _best(self, order: Places) -> Places:
        columns = self.columns
        best = np.full(len(self.comparer.videos), -1, dtype=np.int64)
        some = np.diff(columns.pair_at) > 0
        best[some] = columns.event[order[columns.pair_at[:-1][some]]]
        return best

    def _group_kept(self, best: Places, by: _Rule) -> None:
        """Let videos that keep another event than their best one stand with that event's."""
        for place, video in enumerate(self.comparer.videos):
            links = by.held.get(video.video_id)
            if not links or best[place] < 0:
                continue
            if self.comparer.events[best[place]].event.event_id != links[0].event_id:
                best[place] = self._case(place, by).weighed[0].event.index

    def _case(self, place: int, by: _Rule) -> Case:
        columns, video = self.columns, self.comparer.features(place)
        first, last = columns.pair_at[place : place + 2].tolist()
        pairs = by.order[first:last]
        weighed = [
            self._weighed(by.scale, *its)
            for its in zip(
                pairs.tolist(),
                columns.event[pairs].tolist(),
                columns.found[pairs].tolist(),
                columns.option_at[pairs].tolist(),
                columns.option_at[pairs + 1].tolist(),
                by.scale.total[pairs].tolist(),
                strict=True,
            )
        ]
        case = Case(video, weighed, role=self.roles[place], place=place)
        if links := by.held.get(video.video.video_id):
            keep(case, links, by.model, by.shown)
        return case

    def _weighed(
        self, scale: _Scale, pair: int, event: int, found: int, first: int, last: int, total: float
    ) -> Weighed:
        columns, findings = self.columns, self.columns.findings.compared
        its = self.comparer.events[event]
        options = [
            Option(
                its.talks[talk] if talk != WHOLE else None,
                self._option(option, findings[of_talk]),
                weight,
            )
            for option, talk, of_talk, weight in zip(
                range(first, last),
                columns.talk[first:last].tolist(),
                columns.option_found[first:last].tolist(),
                scale.options[first:last].tolist(),
                strict=True,
            )
        ]
        if len(options) > 1:
            options.sort(key=Option.rank)
        said, compared = self._said(pair), findings[found]
        return Weighed(its, compared.plus(said) if said else compared, options, total)

    def _option(self, option: int, found: Compared) -> Compared:
        explained = self.columns.explained.get(option)
        return Compared(found.found, set(explained), found.caps) if explained else found

    def _compared(self, pair: int) -> Compared:
        compared: Compared = self.columns.findings.compared[self.columns.found[pair]]
        said = self._said(pair)
        return compared.plus(said) if said else compared

    def _said(self, pair: int) -> Found | None:
        if self.neighbours is None or self.neighbours[0][pair] < 0:
            return None
        level, share = self.neighbours
        return groups.found(int(level[pair]), float(share[pair]))

    def _tell(self, case: Case, model: Model) -> None:
        """Put the evidence into words, of the candidates that are shown."""
        known = {t[:2]: t for t in unpacked(self.columns.told[case.place])} if case.weighed else {}
        for its in case.weighed[: model.shown]:
            talk = its.chosen.talk.place if its.chosen.talk else WHOLE
            told = known.get((its.event.index, talk))
            if told is None:
                told = self.comparer.told(case.place, its.event.index, talk)
            its.compared = its.compared.worded(told.of_event)
            its.chosen.compared = its.chosen.compared.worded(told.of_talk)

    def _scale(self, model: Model) -> _Scale:
        columns, of = self.columns, self.columns.findings.weights(model)
        if not len(columns.event):
            return _Scale(np.zeros(0), np.zeros(0), np.zeros(0))
        own, options = of[columns.found], of[columns.option_found]
        if self.neighbours is not None:
            said = [model.weight("neighbours", level) for level in groups.LEVELS]
            own = own + np.array([*said, 0.0])[self.neighbours[0]]
        best = np.maximum.reduceat(options, columns.option_at[:-1])
        return _Scale(own, model.prior + own + best, options)

    def _neighbourhood(self, model: Model) -> groups.Neighbourhood:
        columns = self.columns
        count, shape = len(self.comparer.videos), len(self.comparer.events)
        alone = replace(self, neighbours=None)._scale(model).total
        power = np.exp2(alone)
        chance = power / (1 + np.bincount(columns.video, power, minlength=count))[columns.video]
        vote = self._votes(power, chance)
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

    def _votes(self, power: Floats, chance: Floats) -> Floats:
        """Return, by pair, how much a video speaks for the event to its neighbours.

        Who is not sure himself hardly speaks, or the unsure would agree: only where talks or
        persons of several events are named, as the event that has all of them is the one.
        """
        columns, count = self.columns, len(self.comparer.videos)
        sure = chance >= _SURE
        vote = np.where(sure, chance, 0.0)
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


class _Decider:
    """Decides on groups of videos, here or in another process."""

    def __init__(self, its: Comparisons, by: _Rule) -> None:
        self._its, self._by = its, by

    def linkings(self, groups: Sequence[_Group]) -> Iterator[Linking]:
        """Yield what the rule makes of the videos wanted."""
        for places, wanted in groups:
            cases = [self._its._case(place, self._by) for place in places]
            assign(cases, self._by.model, self._by.shown)
            of = set(wanted)
            for case in cases:
                if case.place in of:
                    self._its._tell(case, self._by.model)
                    yield linking(case, self._by.model)

    def parcels(self, groups: Sequence[_Group]) -> list[parcels.Parcel]:
        """Return the same, ready to travel."""
        return [parcels.packed(each) for each in self.linkings(groups)]


def _gatherings(groups: Iterable[_Group]) -> Iterator[list[_Group]]:
    """Yield groups together, so many that a task is worth its way."""
    task: list[_Group] = []
    count = 0
    for group in groups:
        task.append(group)
        count += len(group[0])
        if count >= _STRETCH:
            yield task
            task, count = [], 0
    if task:
        yield task


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


def compare_all(
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
    """Return all pairs of video and event worth comparing, compared.

    `playlists` holds the titles of the playlists that a video is in, by its id.
    `rejected` are pairs of video and event that an editor ruled out: they are
    neither proposed nor weighed.  `held` is what the rule linked before: compared
    in any case.  Talks of unknown events are left out.  Of the model, only its words
    and the limits of blocking matter here.
    """
    ready = prepare(
        videos,
        events,
        talks,
        model=model,
        playlists=playlists,
        rejected=rejected,
        held=held,
        mapper=mapper,
    )
    return ready.compared(model, mapper)


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
    """Return what compare_all begins with: all titles looked at, and no pair compared yet."""
    by_id = sorted(videos, key=lambda v: v.video_id)
    waiting = [_waiting(v) for v in by_id if v.live_state in _NOT_YET]
    ready = [v for v in by_id if v.live_state not in _NOT_YET]
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


def _waiting(video: Video) -> Linking:
    return Linking(
        video_id=video.video_id,
        outcome=Outcome.NONE,
        reason=Reason.NOT_RECORDED_YET,
        probability=None,
    )
