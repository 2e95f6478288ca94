"""Compares videos with events, a stretch of videos at a time.

In:   videos as records, events and talks as features, and the model.
Out:  what was found, in batches that travel between processes (columns.py).

A comparer is made once and asked for many stretches, in any order and by any
number of workers: what comes out is the same.  Features of videos are made for
a stretch and dropped with it.

Pure: no network, no database, no clock.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from harvester.linkage import blocking, comparison
from harvester.linkage.assignment import Held, main_talk, role_of
from harvester.linkage.columns import WHOLE, Batch, Gathering, Told, packed
from harvester.linkage.evidence import Compared, Context, View
from harvester.linkage.features import EventFeatures, TalkFeatures, VideoFeatures
from harvester.linkage.groups import sign
from harvester.linkage.model import Model
from harvester.linkage.vocabulary import Counts, Words
from harvester.records import Role, Video

_SPARE = 2  # candidates beyond those shown whose words are kept: neighbours may raise them
_OPEN = 4.0  # bits, without the prior, up to which a candidate leaves room for any other, and …
_CLEAR = 14.0  # … from which on only for one that is nearly as near by its words
_NEARLY = 0.75
_MANY = 200_000  # videos from which on there may be too little memory for all words
_SURE = {("talk_title", "whole_rare"), ("talk_title", "whole")}

Stretch = Sequence[int]
"""The places of some videos."""

Options = Sequence[tuple[TalkFeatures | None, Compared]]


class Counted(NamedTuple):
    """What is to be known of all titles before any are compared."""

    counts: Counts
    signs: NDArray[np.int64]
    roles: list[Role]


class _Taken(NamedTuple):
    """What was found for a video and an event, on its way into the columns."""

    event: int
    compared: Compared
    options: Options
    number: int  # of the finding
    numbers: list[int]  # of the options' findings
    best: int  # the place of the option that weighs most
    weight: float  # of it with the event, in bits


class Comparer:
    """Compares videos with events, with what is known of the whole installation."""

    def __init__(
        self,
        videos: Sequence[Video],
        playlists: Mapping[str, tuple[str, ...]],
        events: Sequence[EventFeatures],
        model: Model,
        rejected: Collection[tuple[str, str]],
        held: Held,
    ) -> None:
        self.videos, self.events = videos, events
        self._tightly = len(videos) > _MANY
        self._held = _places(held, events)
        self._playlists, self._model, self._rejected = playlists, model, rejected
        self.words = Words(events, model)
        self._context = Context(model, self.words, events)
        self._index = blocking.Index(events, model)

    def features(self, place: int) -> VideoFeatures:
        """Return what can be compared of a video."""
        video = self.videos[place]
        return VideoFeatures(video, self._playlists.get(video.video_id, ()))

    def counted(self, stretch: Stretch) -> Counted:
        """Return what the titles of some videos say of all."""
        videos = [self.features(place) for place in stretch]
        signs = np.array([sign(video) for video in videos], dtype=np.int64).reshape(-1, 3)
        roles = [role_of(video, self._model) for video in videos]
        return Counted(self.words.count(videos, self._context.names), signs, roles)

    def compared(self, stretch: Stretch) -> Batch:
        """Return what was found for the pairs of some videos."""
        videos = [self.features(place) for place in stretch]
        made = Gathering()
        for video, near in zip(videos, self._index.near(videos), strict=True):
            self._take(video, self._with_held(video, near), made, proposed=False)
        return made.batch()

    def proposed(self, proposals: Sequence[tuple[int, Sequence[int]]]) -> Batch:
        """Return what was found for videos and events that neighbours proposed."""
        made = Gathering()
        for place, events in proposals:
            video = self.features(place)
            self._take(video, self._index.with_talks(video, events), made, proposed=True)
        return made.batch()

    def told(self, place: int, event: int, talk: int) -> Told:
        """Return the words for a pair once more, as if neighbours had proposed it."""
        video = self.features(place)
        view = self._context.view(video)
        for near in self._with_held(video, self._index.with_talks(video, [event])):
            if near.event != event:
                continue
            compared, options = self._compare(view, near, proposed=True)
            for its, of_talk in options:
                if (its.place if its else WHOLE) == talk:
                    return _told(event, compared, its, of_talk)
        raise LookupError(f"video {place} and event {event} were never compared")

    def _with_held(self, video: VideoFeatures, near: list[blocking.Pair]) -> list[blocking.Pair]:
        """Return the pairs with that of what the rule linked before among them."""
        held = self._held.get(video.video.video_id)
        if held is None:
            return near
        event, talk = held
        pairs = {pair.event: pair for pair in near}
        if event not in pairs:
            [pairs[event]] = self._index.with_talks(video, [event])
        its = replace(pairs[event], share=1.0)  # never passed over
        if talk != WHOLE and talk not in its.talks:
            its = replace(its, talks=(*its.talks, talk))
        pairs[event] = its
        return list(pairs.values())

    def _lacks_held(self, video: VideoFeatures, event: int, options: Options) -> bool:
        held, talk = self._held.get(video.video.video_id, (None, WHOLE))
        return held == event and all((t.place if t else WHOLE) != talk for t, _ in options)

    def _compare(
        self, view: View, near: blocking.Pair, *, proposed: bool
    ) -> tuple[Compared, Options]:
        event = self.events[near.event]
        compared = comparison.event(view, event, self._context)
        return compared, comparison.options(
            view, event, near.talks, compared, self._context, proposed=proposed
        )

    def _take(
        self,
        video: VideoFeatures,
        near: Iterable[blocking.Pair],
        made: Gathering,
        *,
        proposed: bool,
    ) -> None:
        found = self._found(video, near, made, proposed=proposed)
        for its in sorted(found, key=lambda f: f.event):
            made.event.append(its.event)
            made.found.append(its.number)
            made.options.append(len(its.options))
            _explained(its.options, made)
            made.talk.extend(talk.place if talk else WHOLE for talk, _ in its.options)
            made.option_found.extend(its.numbers)
        made.pairs.append(len(found))
        found.sort(key=lambda f: (-f.weight, f.event))
        told = [
            _told(its.event, its.compared, *its.options[its.best])
            for its in found[: self._model.shown + _SPARE]
        ]
        made.told.append(packed(told, tightly=self._tightly))

    def _found(
        self,
        video: VideoFeatures,
        near: Iterable[blocking.Pair],
        made: Gathering,
        *,
        proposed: bool,
    ) -> list[_Taken]:
        """Return what was found, the nearest first; the clearer one is, the fewer others."""
        found: list[_Taken] = []
        view: View | None = None
        least = 0.0
        for each in near:
            if each.share < least or (self._rejected and self._is_rejected(video, each.event)):
                continue
            view = view or self._context.view(video)
            compared, options = self._compare(view, each, proposed=proposed)
            if self._held and self._lacks_held(video, each.event, options):
                compared, options = self._compare(view, each, proposed=True)
            if not options:
                continue
            number = made.findings.number(compared)
            numbers = [made.findings.number(its) for _, its in options]
            weights = [made.weight(n, self._model) for n in numbers]
            best = weights.index(max(weights))
            weight = made.weight(number, self._model) + weights[best]
            found.append(_Taken(each.event, compared, options, number, numbers, best, weight))
            least = max(least, _NEARLY * min(1.0, (weight - _OPEN) / (_CLEAR - _OPEN)))
        return found

    def _is_rejected(self, video: VideoFeatures, event: int) -> bool:
        return (video.video.video_id, self.events[event].event.event_id) in self._rejected


def _places(held: Held, events: Sequence[EventFeatures]) -> dict[str, tuple[int, int]]:
    """Return the places of the event and talk that each video holds; of what is gone, none."""
    known = {its.event.event_id: its for its in events}
    talks = {talk.talk.talk_id: talk.place for its in events for talk in its.talks} if held else {}
    return {
        video_id: (known[links[0].event_id].index, talks.get(main_talk(links) or "", WHOLE))
        for video_id, links in held.items()
        if links and links[0].event_id in known
    }


def _told(event: int, compared: Compared, talk: TalkFeatures | None, of_talk: Compared) -> Told:
    return Told(
        event,
        talk.place if talk else WHOLE,
        tuple([f.evidence for f in compared.found]),
        tuple([f.evidence for f in of_talk.found]),
    )


def _explained(options: Options, made: Gathering) -> None:
    """Keep which words of a title talks account for, where it may name several of them."""
    if len(options) < 2:
        return
    sure = [place for place, (_, its) in enumerate(options) if not _SURE.isdisjoint(its.fields())]
    if len(sure) > 1:
        for place in sure:
            made.explained[len(made.talk) + place] = options[place][1].explained
