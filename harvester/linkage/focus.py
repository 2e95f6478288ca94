"""Some videos came or changed: what these can change, compared, and nothing else.

In:   all videos, the events and talks, and what the last linking made of the videos.
Out:  Comparisons of some videos, and the videos whose linkings may be other ones now.

What a video can change: its own linking; those of its neighbours, for whom it
speaks; and those of videos of its event, which may show the same talk.  To decide
these as a linking of all would, the videos of their events and the neighbours of
all those are compared, too.  How rare words are is counted over all titles.

Pure: no network, no database, no clock.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from harvester.linkage.comparisons import Comparisons, Mapper
from harvester.linkage.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """What changed since the last linking, and what it had made of all videos, by id."""

    changed: Collection[str]  # videos that came or changed
    gone: Collection[str] = ()  # videos that are not linked any more
    best: Mapping[str, str]  # the event of each video's best candidate, by id


def compare(
    prepared: Comparisons, focus: Focus, model: Model, mapper: Mapper = map
) -> tuple[Comparisons, frozenset[str]]:
    """Return what is needed, compared, and the ids of the videos that are to be decided."""
    look = _Look(prepared, focus)
    changed = {place for place, id_ in enumerate(look.ids) if id_ in focus.changed}
    beside = prepared.signs.near(changed)
    alone = prepared.also(sorted(beside), mapper)
    now = alone.best(model).tolist()
    freed = {focus.best[id_] for id_ in focus.gone if id_ in focus.best}
    wanted = beside | look.of_events(look.events(changed, now) | freed)
    needed = wanted | look.of_events(look.events(beside, now))
    voting = prepared.signs.near(prepared.signs.near(needed))
    alone = alone.also(sorted(voting - beside), mapper)
    waiting = {each.video_id for each in prepared.waiting} & set(focus.changed)
    return alone.completed(model, mapper), frozenset(waiting | {look.ids[p] for p in wanted})


class _Look:
    """Looks up the videos of events."""

    def __init__(self, prepared: Comparisons, focus: Focus) -> None:
        self.ids = [video.video_id for video in prepared.comparer.videos]
        self._names = [its.event.event_id for its in prepared.comparer.events]
        self._before = focus.best
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, video_id in enumerate(self.ids):
            if event_id := focus.best.get(video_id):
                self._places[event_id].append(place)

    def events(self, places: Iterable[int], now: list[int]) -> set[str]:
        """Return the events that videos belong to, as last linked or by what they are now."""
        found = {self._before.get(self.ids[place], "") for place in places}
        found |= {self._names[now[place]] for place in places if now[place] >= 0}
        return found - {""}

    def of_events(self, events: Iterable[str]) -> set[int]:
        """Return the places of the videos of some events, as last linked."""
        return {place for event in events for place in self._places.get(event, ())}
