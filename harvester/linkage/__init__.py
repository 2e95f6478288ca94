"""Record linkage in its steps: features, blocking, comparison, decision.

In:   videos, events and talks as records, and the model (config/linkage.toml).
Out:  a Linking for each video: linked by rule, left to an editor, or none; with
      candidates and named terms of evidence in bits (Fellegi & Sunter 1969).

Pure: no network, no database, no clock.  The order of the input does not matter.
"""

from collections.abc import Collection, Iterable, Mapping

from harvester.linkage import focus as focusing
from harvester.linkage.assignment import Held
from harvester.linkage.comparisons import Comparisons, Mapper, prepare
from harvester.linkage.focus import Focus
from harvester.linkage.model import Model, load
from harvester.records import Event, Linking, Talk, Video

__all__ = ["Comparisons", "Focus", "Held", "Mapper", "Model", "link", "load", "prepare"]


def link(
    videos: Iterable[Video],
    events: Iterable[Event],
    talks: Iterable[Talk],
    *,
    model: Model,
    playlists: Mapping[str, tuple[str, ...]] | None = None,
    rejected: Collection[tuple[str, str]] = (),
    shown: Mapping[str, str] | None = None,
    held: Held | None = None,
    focus: Focus | None = None,
    mapper: Mapper = map,
) -> list[Linking]:
    """Return what the rule makes of each video, sorted by id.

    `shown` are talks that another video shows by an editor's word, with its id:
    no rule links a second one.  `held` is what the rule linked before, where neither
    video nor event nor talk changed since: more candidates alone do not take it back.
    With a `focus`, only the linkings that it can have changed are computed and returned.
    For the other arguments see prepare.
    """
    found = prepare(
        videos,
        events,
        talks,
        model=model,
        playlists=playlists,
        rejected=rejected,
        held=held,
        mapper=mapper,
    )
    if focus:
        some, wanted = focusing.compare(found, focus, model, mapper)
        return some.decide(model, shown=shown, held=held, only=wanted)
    return found.compared(model, mapper).decide(model, shown=shown, held=held, mapper=mapper)
