"""All pairs of video and event worth comparing, compared: what was found, without weights.

In:   videos, events and talks as records; of the model its words and limits.
Out:  Comparisons, from which any model with the same words can decide.

Comparing and weighing are apart, so that other weights can be tried without
comparing again.  Pure: no network, no database, no clock.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harvester.linkage import blocking, comparison, features
from harvester.linkage.assignment import weigh
from harvester.linkage.decision import decide
from harvester.linkage.evidence import Compared, Context, View
from harvester.linkage.features import EventFeatures, TalkFeatures, VideoFeatures
from harvester.linkage.model import Model
from harvester.linkage.vocabulary import NameIndex, PersonIndex, Words
from harvester.records import Event, Linking, LiveState, Outcome, Reason, Talk, Video

_NOT_YET = (LiveState.UPCOMING, LiveState.LIVE)


@dataclass(frozen=True, slots=True)
class Pair:
    """A video and an event that were compared: what was found, without weights.

    `options` are the event as such (None) and the talks that something speaks for.
    """

    event: EventFeatures
    compared: Compared
    options: Sequence[tuple[TalkFeatures | None, Compared]]


@dataclass(frozen=True, slots=True)
class Comparisons:
    """All pairs worth comparing, with what was found."""

    videos: Sequence[VideoFeatures]
    pairs: Mapping[int, Sequence[Pair]]  # by the video's place
    waiting: Sequence[Linking]  # streams to come: nothing to compare yet

    def decide(self, model: Model, *, shown: Mapping[str, str] | None = None) -> list[Linking]:
        """Return what the rule makes of each video with this model's weights, sorted by id."""
        weighed = {
            place: [weigh(p.event, p.compared, p.options, model) for p in its]
            for place, its in self.pairs.items()
        }
        decided = decide(self.videos, weighed, model, shown)
        return sorted([*self.waiting, *decided], key=lambda linking: linking.video_id)


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
        features.of_video(v, lists.get(v.video_id, ()))
        for v in by_id
        if v.live_state not in _NOT_YET
    ]
    known = features.of_events(events, talks, model)
    found: dict[int, list[Pair]] = {}
    for place, pair in _compare(ready, known, model, frozenset(rejected)):
        found.setdefault(place, []).append(pair)
    return Comparisons(ready, found, waiting)


def _compare(
    videos: list[VideoFeatures],
    events: list[EventFeatures],
    model: Model,
    rejected: Collection[tuple[str, str]],
) -> Iterator[tuple[int, Pair]]:
    rarity = Words(videos, events, model)
    names = NameIndex(events, rarity)
    rarity.explain(videos, names)
    context = Context(model, rarity, names, PersonIndex(events))
    view: View | None = None
    for near in blocking.pairs(videos, events, model):
        event = events[near.event]
        if (videos[near.video].video.video_id, event.event.event_id) in rejected:
            continue
        if view is None or view.video is not videos[near.video]:
            view = context.view(videos[near.video])
        compared = comparison.event(view, event, context)
        options = comparison.options(view, event, near.talks, compared, context)
        if options:
            yield near.video, Pair(event, compared, options)
