"""From columns to linkings: group after group, here or in several processes.

In:   what was found and weighed, in columns; the model, and what others have decided.
Out:  a Linking for each video that is wanted.

Videos with the same best event share its talks, so they are decided on together.
Pure: no network, no database, no clock.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harvester.linkage import groups, parcels, weighing
from harvester.linkage.assignment import Case, Held, Option, Weighed, assign, keep
from harvester.linkage.columns import WHOLE, Columns, Floats, Places, unpacked
from harvester.linkage.comparer import Comparer
from harvester.linkage.decision import linking
from harvester.linkage.evidence import Compared
from harvester.linkage.model import Model
from harvester.linkage.weighing import Scale
from harvester.records import Linking, Role

_TASK = 1000  # videos that are decided on at once

Group = tuple[list[int], list[int]]
"""The places of videos that are decided on together, and of those that are wanted."""

Said = tuple[Places, Floats]
"""By pair, what neighbours say: the level, -1 for nothing, and the share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """Decides on groups of videos."""

    comparer: Comparer
    columns: Columns
    roles: Sequence[Role]
    said: Said | None
    model: Model
    shown: Mapping[str, str]  # talks that other videos show, by an editor's word
    held: Held  # what the rule linked before
    scale: Scale
    order: Places  # the pairs by video, the best first

    def tasks(self, only: Collection[str] | None) -> Iterator[list[Group]]:
        """Yield groups together, so many that a task is worth its way."""
        task: list[Group] = []
        count = 0
        for group in self._groups(only):
            task.append(group)
            count += len(group[0])
            if count >= _TASK:
                yield task
                task, count = [], 0
        if task:
            yield task

    def linkings(self, task: Iterable[Group]) -> Iterator[Linking]:
        """Yield what the rule makes of the videos wanted."""
        for places, wanted in task:
            cases = [self._case(place) for place in places]
            assign(cases, self.model, self.shown)
            of = set(wanted)
            for case in cases:
                if case.place in of:
                    self._tell(case)
                    yield linking(case, self.model)

    def parcels(self, task: Iterable[Group]) -> list[parcels.Parcel]:
        """Return the same, ready to travel between processes."""
        return [parcels.packed(each) for each in self.linkings(task)]

    def _groups(self, only: Collection[str] | None) -> Iterator[Group]:
        """Yield the videos by the event of their best candidate."""
        best = weighing.best(self.columns, self.order)
        if self.held:
            self._group_kept(best)
        by_event = np.argsort(best, kind="stable")
        videos = self.comparer.videos
        for its in np.split(by_event, np.flatnonzero(np.diff(best[by_event])) + 1):
            places = its.tolist()
            wanted = [p for p in places if only is None or videos[p].video_id in only]
            if places and best[places[0]] < 0:  # without candidates there is nothing to share
                yield from (([place], [place]) for place in wanted)
            elif wanted:
                yield places, wanted

    def _group_kept(self, best: Places) -> None:
        """Let videos that keep another event than their best one stand with that event's."""
        for place, video in enumerate(self.comparer.videos):
            links = self.held.get(video.video_id)
            if not links or best[place] < 0:
                continue
            if self.comparer.events[best[place]].event.event_id != links[0].event_id:
                best[place] = self._case(place).weighed[0].event.index

    def _case(self, place: int) -> Case:
        columns, video = self.columns, self.comparer.features(place)
        first, last = columns.pair_at[place : place + 2].tolist()
        pairs = self.order[first:last]
        weighed = [
            self._weighed(*its)
            for its in zip(
                pairs.tolist(),
                columns.event[pairs].tolist(),
                columns.found[pairs].tolist(),
                columns.option_at[pairs].tolist(),
                columns.option_at[pairs + 1].tolist(),
                self.scale.total[pairs].tolist(),
                strict=True,
            )
        ]
        case = Case(video, weighed, role=self.roles[place], place=place)
        if links := self.held.get(video.video.video_id):
            keep(case, links, self.model, self.shown)
        return case

    def _weighed(
        self, pair: int, event: int, found: int, first: int, last: int, total: float
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
                self.scale.options[first:last].tolist(),
                strict=True,
            )
        ]
        if len(options) > 1:
            options.sort(key=Option.rank)
        compared = findings[found]
        if self.said is not None and self.said[0][pair] >= 0:
            level, share = self.said
            compared = compared.plus(groups.found(int(level[pair]), float(share[pair])))
        return Weighed(its, compared, options, total)

    def _option(self, option: int, found: Compared) -> Compared:
        explained = self.columns.explained.get(option)
        return Compared(found.found, explained, found.caps) if explained else found

    def _tell(self, case: Case) -> None:
        """Put the evidence into words, of the candidates that are shown."""
        known = {t[:2]: t for t in unpacked(self.columns.told[case.place])} if case.weighed else {}
        for its in case.weighed[: self.model.shown]:
            talk = its.chosen.talk.place if its.chosen.talk else WHOLE
            told = known.get((its.event.index, talk))
            if told is None:
                told = self.comparer.told(case.place, its.event.index, talk)
            its.compared = its.compared.worded(told.of_event)
            its.chosen.compared = its.chosen.compared.worded(told.of_talk)
