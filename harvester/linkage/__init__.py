"""Record linkage in its steps: features, blocking, comparison, decision.

In:   videos, events and talks as records, and the model (config/linkage.toml).
Out:  a Linking for each video: linked by rule, left to an editor, or none; with
      candidates and named terms of evidence in bits (Fellegi & Sunter 1969).

Pure: no network, no database, no clock.  The order of the input does not matter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from harvester.linkage import blocking, comparison, features
from harvester.linkage.assignment import Weighed, weigh
from harvester.linkage.decision import decide
from harvester.linkage.evidence import Compared, Context, View
from harvester.linkage.features import EventFeatures, TalkFeatures, VideoFeatures
from harvester.linkage.model import Model, load
from harvester.linkage.vocabulary import NameIndex, PersonIndex, Words
from harvester.records import Event, Linking, LiveState, Outcome, Reason, Talk, Video

__all__ = ["Model", "compare", "link", "load"]

_NOT_YET = (LiveState.UPCOMING, LiveState.LIVE)


def link(
    videos: Iterable[Video],
    events: Iterable[Event],
    talks: Iterable[Talk],
    *,
    model: Model,
    playlists: Mapping[str, tuple[str, ...]] | None = None,
    rejected: Collection[tuple[str, str]] = (),
    shown: Mapping[str, str] | None = None,
) -> list[Linking]:
    """Return what the rule makes of each video, sorted by id.

    `playlists` holds the titles of the playlists that a video is in, by its id.
    `rejected` are pairs of video and event that an editor ruled out: they are
    neither proposed nor weighed.  `shown` are talks that another video shows by
    an editor's word, with its id: no rule links a second one.  Talks of unknown
    events are left out.
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
    weighed: dict[int, list[Weighed]] = {}
    for place, event, compared, options in compare(ready, known, model, frozenset(rejected)):
        weighed.setdefault(place, []).append(weigh(event, compared, options, model))
    return sorted(
        waiting + decide(ready, weighed, model, shown), key=lambda linking: linking.video_id
    )


def compare(
    videos: list[VideoFeatures],
    events: list[EventFeatures],
    model: Model,
    rejected: Collection[tuple[str, str]] = (),
) -> Iterator[tuple[int, EventFeatures, Compared, list[tuple[TalkFeatures | None, Compared]]]]:
    """Yield each pair worth comparing: the video's place, the event, and what was found.

    The last item holds an option for the event as such and for each talk that
    something speaks for.
    """
    rarity = Words(videos, events, model)
    names = NameIndex(events, rarity)
    rarity.explain(videos, names)
    context = Context(model, rarity, names, PersonIndex(events))
    view: View | None = None
    for pair in blocking.pairs(videos, events, model):
        event = events[pair.event]
        if (videos[pair.video].video.video_id, event.event.event_id) in rejected:
            continue
        if view is None or view.video is not videos[pair.video]:
            view = context.view(videos[pair.video])
        compared = comparison.event(view, event, context)
        options = comparison.options(view, event, pair.talks, compared, context)
        if options:
            yield pair.video, event, compared, options
