"""All pairs of video and event worth comparing, compared: what was found, without weights.

In:   videos, events and talks as records; of the model its words and limits.
Out:  Comparisons, from which any model with the same words can decide.

Comparing and weighing are apart, so that other weights can be tried without
comparing again.  Pure: no network, no database, no clock.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from harvester.linkage import blocking, comparison, features, groups
from harvester.linkage.assignment import weigh
from harvester.linkage.decision import decide
from harvester.linkage.evidence import Compared, Context, View
from harvester.linkage.features import EventFeatures, TalkFeatures, VideoFeatures
from harvester.linkage.model import Model
from harvester.linkage.vocabulary import NameIndex, PersonIndex, Words
from harvester.records import Event, Linking, LiveState, Outcome, Reason, Talk, Video

_SURE = 0.5  # the probability from which a video counts as a neighbour of others
_NAMED = {("event_name", level) for level in ("own_rare", "own", "own_common", "shared", "most")}
_NOT_YET = (LiveState.UPCOMING, LiveState.LIVE)


@dataclass(frozen=True, slots=True)
class Pair:
    """A video and an event that were compared: what was found, without weights.

    `options` are the event as such (None) and the talks that something speaks for.
    """

    event: EventFeatures
    compared: Compared
    options: Sequence[tuple[TalkFeatures | None, Compared]]


_Pairs = Mapping[int, Sequence[Pair]]


@dataclass(frozen=True, slots=True)
class Comparisons:
    """All pairs worth comparing, with what was found."""

    videos: Sequence[VideoFeatures]
    pairs: _Pairs  # by the video's place
    events: int  # how many there are
    waiting: Sequence[Linking]  # streams to come: nothing to compare yet

    def with_neighbours(self, model: Model) -> "Comparisons":
        """Return the same with what neighbours say; they count by how likely each is alone."""
        said = self._neighbourhood(model)
        pairs = {}
        for place, its in self.pairs.items():
            pairs[place] = [
                replace(pair, compared=pair.compared.plus(found)) if found else pair
                for pair in its
                for found in [said.found(place, pair.event.index)]
            ]
        return replace(self, pairs=pairs)

    def proposals(self, model: Model) -> list[set[int]]:
        """Return, for each video, events of its neighbours that it was not compared with."""
        said = self._neighbourhood(model)
        return [
            said.events(place) - {p.event.index for p in self.pairs.get(place, ())}
            for place in range(len(self.videos))
        ]

    def _neighbourhood(self, model: Model) -> groups.Neighbourhood:
        likely, names_event = [], []
        for place in range(len(self.videos)):
            its = self.pairs.get(place, ())
            weights = {
                p.event.index: weigh(p.event, p.compared, p.options, model).weight for p in its
            }
            names_event.append(any(not _NAMED.isdisjoint(p.compared.fields()) for p in its))
            whole = 1 + sum(2**w for w in weights.values())
            chances = {event: 2**w / whole for event, w in weights.items()}
            # who is not sure himself does not speak for others, or the unsure would agree
            likely.append({event: p for event, p in chances.items() if p >= _SURE})
        return groups.neighbourhood(self.videos, likely, names_event, self.events)

    def decide(
        self,
        model: Model,
        *,
        shown: Mapping[str, str] | None = None,
        only: Collection[str] | None = None,
    ) -> list[Linking]:
        """Return what the rule makes of each video with this model's weights, sorted by id.

        All videos are weighed against each other; `only` says of which ones the
        linkings are wanted.
        """
        weighed = {
            place: [weigh(p.event, p.compared, p.options, model) for p in its]
            for place, its in self.with_neighbours(model).pairs.items()
        }
        decided = decide(self.videos, weighed, model, shown, only)
        waiting = [w for w in self.waiting if only is None or w.video_id in only]
        return sorted([*waiting, *decided], key=lambda linking: linking.video_id)


def compare_all(
    videos: Iterable[Video],
    events: Iterable[Event],
    talks: Iterable[Talk],
    *,
    model: Model,
    playlists: Mapping[str, tuple[str, ...]] | None = None,
    rejected: Collection[tuple[str, str]] = (),
) -> Comparisons:
    """Return all pairs of video and event worth comparing, compared.

    `playlists` holds the titles of the playlists that a video is in, by its id.
    `rejected` are pairs of video and event that an editor ruled out: they are
    neither proposed nor weighed.  Talks of unknown events are left out.  Of the
    model, only its words and the limits of blocking matter here.
    """
    by_id = sorted(videos, key=lambda v: v.video_id)
    waiting = [
        Linking(
            video_id=v.video_id,
            outcome=Outcome.NONE,
            reason=Reason.NOT_RECORDED_YET,
            probability=None,
        )
        for v in by_id
        if v.live_state in _NOT_YET
    ]
    lists = playlists or {}
    ready = [
        VideoFeatures(v, lists.get(v.video_id, ())) for v in by_id if v.live_state not in _NOT_YET
    ]
    known = features.of_events(events, talks, model)
    comparer = _Comparer(ready, known, model, frozenset(rejected))
    index = blocking.Index(known, model)
    alone = Comparisons(ready, comparer.compare(index.pairs(ready)), len(known), waiting)
    proposed = (
        pair
        for place, events in enumerate(alone.proposals(model))
        if events
        for pair in index.with_talks(place, ready[place], events)
    )
    more = comparer.compare(proposed, proposed=True)
    pairs = {
        place: sorted(
            [*alone.pairs.get(place, ()), *more.get(place, ())], key=lambda p: p.event.index
        )
        for place in sorted({*alone.pairs, *more})
    }
    return replace(alone, pairs=pairs)


class _Comparer:
    """Compares videos with events, with what is known of the whole installation."""

    def __init__(
        self,
        videos: Sequence[VideoFeatures],
        events: Sequence[EventFeatures],
        model: Model,
        rejected: Collection[tuple[str, str]],
    ) -> None:
        self._videos, self._events, self._rejected = videos, events, rejected
        rarity = Words(videos, events, model)
        names = NameIndex(events, rarity)
        rarity.explain(videos, names)
        self._context = Context(model, rarity, names, PersonIndex(events))

    def compare(self, near: Iterable[blocking.Pair], *, proposed: bool = False) -> _Pairs:
        """Return the pairs that something identifies, by video; or that neighbours proposed."""
        found: dict[int, list[Pair]] = {}
        view: View | None = None
        for each in near:
            video, event = self._videos[each.video], self._events[each.event]
            if (video.video.video_id, event.event.event_id) in self._rejected:
                continue
            if view is None or view.video is not video:
                view = self._context.view(video)
            compared = comparison.event(view, event, self._context)
            options = comparison.options(
                view, event, each.talks, compared, self._context, proposed=proposed
            )
            if options:
                found.setdefault(each.video, []).append(Pair(event, compared, options))
        return found
