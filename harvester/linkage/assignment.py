"""Which talk of an event each of its videos shows: weighed, and assigned as a whole.

In:   for each video its weighed candidates.
Out:  the same, with one talk for one video, so that the sum of all weights is
      highest; and which video has what another one wanted.

Parts and excerpts may share a talk.  Of two uploads that fit equally, the first
has it.  Pure: no network, no database, no clock.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

from harvester.linkage.evidence import Compared
from harvester.linkage.features import EventFeatures, TalkFeatures, VideoFeatures
from harvester.linkage.model import CONTRADICTIONS, Model
from harvester.records import Link, Role

_SAME_TITLE = 97  # ratio from which two titles without a talk are one recording twice
_AS_LONG = 0.9  # share of its length, from which a second upload is as long as the first
_NEVER = -1e6  # bits
_LIFTED = {  # the caps of too little ground that neighbours lift: they are ground, too
    ("neighbours", "nearly_all"): ("talk_only", "person_only", "common_only", "edition"),
    ("neighbours", "most"): ("talk_only", "person_only", "common_only"),
    ("neighbours", "many"): ("talk_only", "person_only"),
}
_APART = {("neighbours", level) for level in ("few", "elsewhere", "unmatched")}
_SURE = ("whole_rare", "whole")
_KEPT = 1e4  # bits: what nobody else's claim outweighs
_LASTING = frozenset(CONTRADICTIONS) - {"name"}  # "name": another event with such a name may come


Held = Mapping[str, Sequence[Link]]
"""What the rule linked before and nothing has changed of, by video."""


@dataclass(slots=True)
class Option:
    """What a video may show of an event: a talk, or None for the event as such."""

    talk: TalkFeatures | None
    compared: Compared
    weight: float  # bits of the talk's own terms

    def rank(self) -> tuple[float, bool, int]:
        """Return what options are sorted by: the best first, the event as such between equals."""
        return (-round(self.weight, 9), self.talk is not None, self.talk.index if self.talk else 0)


@dataclass(slots=True)
class Weighed:
    """A video and an event, with the options, best first, and the sum of the best."""

    event: EventFeatures
    compared: Compared
    options: list[Option]
    weight: float  # prior, event and best option, in bits
    chosen: Option = field(init=False)

    def __post_init__(self) -> None:
        self.chosen = self.options[0]

    def caps(self) -> frozenset[str]:
        """Return what caps the probability, but for what its neighbours lift."""
        caps = self.compared.caps | self.chosen.compared.caps
        return caps.difference(*(_LIFTED.get(field, ()) for field in self.compared.fields()))

    def contradicted(self) -> bool:
        """Return whether something speaks plainly against it."""
        return not self.caps().isdisjoint(CONTRADICTIONS)


@dataclass(slots=True)
class Case:
    """A video on its way to a decision, with its candidates, best first."""

    video: VideoFeatures
    weighed: list[Weighed]
    role: Role = Role.FULL
    taken_by: str | None = None
    also: list[Option] = field(default_factory=list)
    kept: bool = False  # the first candidate is what the rule linked before, and still stands
    holds: bool = False  # and no other video of the event may have its talk
    place: int = -1  # among all videos


def role_of(video: VideoFeatures, model: Model) -> Role:
    """Return whether a video calls itself a part or an excerpt."""
    if model.words("excerpt") & video.present:
        return Role.EXCERPT
    part = model.words("part")
    if not part.isdisjoint(video.present) and any(w in part for w, _ in video.dates.numbered):
        return Role.PART
    return Role.FULL


def main_talk(held: Sequence[Link]) -> str | None:
    """Return the talk that stood out when links were made; None where chapters named them."""
    return held[0].talk_id if held[0].start_s is None else None


def keep(case: Case, held: Sequence[Link], model: Model, shown: Mapping[str, str]) -> None:
    """Put first what the rule linked before, if it still stands.

    Others that came near do not take it back, nor words that became less rare: only what
    speaks plainly against it, an editor's word that another video shows the talk, or a
    candidate, or a talk of the event, that is ahead by the margin.
    """
    talk_id = main_talk(held)
    if talk_id in shown and held[0].role is not Role.DUPLICATE:
        return
    for its in case.weighed:
        for option in its.options:
            is_talk = (option.talk.talk.talk_id if option.talk else None) == talk_id
            if its.event.event.event_id == held[0].event_id and is_talk:
                _keep(case, its, option, model)
                case.holds = case.kept and held[0].role is not Role.DUPLICATE
                return


def _keep(case: Case, its: Weighed, option: Option, model: Model) -> None:
    weight = its.weight - its.chosen.weight + option.weight
    best = its.chosen
    if best is not option and best.weight - option.weight >= model.margin_talk:
        return
    ahead = (other for other in case.weighed if other.weight - weight >= model.margin)
    if any(other is not its and not other.contradicted() for other in ahead):
        return
    its.chosen = option
    if not its.caps().isdisjoint(_LASTING):
        its.chosen = best
        return
    its.weight = weight
    case.weighed.sort(key=lambda other: other is not its)
    case.kept = True


def assign(cases: Sequence[Case], model: Model, shown: Mapping[str, str]) -> None:
    """Give each talk to one video of its event, so that the sum of weights is highest."""
    of_event: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        likely = case.weighed and (case.weighed[0].weight > -4 or case.kept)
        if likely and case.role is Role.FULL:
            of_event[case.weighed[0].event.index].append(case)
    for its in of_event.values():
        wanted = defaultdict(list)
        for case in its:
            talk = case.weighed[0].chosen.talk
            if talk:
                wanted[talk.index].append(case)
        if any(len(rivals) > 1 for rivals in wanted.values()):
            _assign_event(its, model)
        _second_uploads([c for c in its if c.weighed[0].chosen.talk is None])
    for case in cases:
        talk = case.weighed[0].chosen.talk if case.weighed else None
        if talk and case.role is Role.FULL:
            case.taken_by = case.taken_by or shown.get(talk.talk.talk_id)
        if case.weighed:
            case.also = _further_talks(case.weighed[0])
        case.kept = case.kept and not case.taken_by


def _assign_event(cases: list[Case], model: Model) -> None:
    # between equals the first upload has the talk
    cases.sort(key=_upload)
    talks = sorted(
        {o.talk.index for c in cases for o in c.weighed[0].options if o.talk is not None}
    )
    column = {index: place for place, index in enumerate(talks)}
    gains = np.full((len(cases), len(talks) + len(cases)), _NEVER)
    for row, case in enumerate(cases):
        its = case.weighed[0]
        gains[row, len(talks) + row] = 0.0  # not of this event after all
        for option in its.options:
            place = column[option.talk.index] if option.talk else len(talks) + row
            weight = its.weight - its.chosen.weight + option.weight - 1e-6 * row
            if case.holds and option is its.chosen:
                weight += _KEPT
            gains[row, place] = max(weight, gains[row, place])
    rows, places = linear_sum_assignment(gains, maximize=True)
    holder = {place: cases[row] for row, place in zip(rows, places, strict=True)}
    for row, place in zip(rows, places, strict=True):
        its = cases[row].weighed[0]
        wanted = its.chosen
        given = next(
            (
                o
                for o in its.options
                if (column[o.talk.index] if o.talk else len(talks) + row) == place
            ),
            None,
        )
        if given is wanted or wanted.talk is None:
            continue
        if given and given.talk and wanted.weight - given.weight < model.margin_talk:
            its.weight += given.weight - wanted.weight
            its.chosen = given
        elif column[wanted.talk.index] in holder:
            first = holder[column[wanted.talk.index]]
            if _is_second_upload(cases[row], first):
                cases[row].role = Role.DUPLICATE
            else:
                cases[row].taken_by = first.video.video.video_id


def _upload(case: Case) -> tuple[bool, dt.date | None, str]:
    """Return what uploads are sorted by: the first one first."""
    video = case.video
    return (video.published is None, video.published, video.video.video_id)


def _is_second_upload(case: Case, first: Case) -> bool:
    """Return whether a video is another's again: the talk's whole title, word for word, as long.

    But the same talk is given at several events: among videos of others, it is one of those.
    """
    lengths = [c.video.video.duration_s for c in (case, first)]
    known = [length for length in lengths if length is not None]
    return (
        case.video.words == first.video.words
        and _APART.isdisjoint(case.weighed[0].compared.fields())
        and _is_sure(case.weighed[0].chosen)
        and (len(known) < 2 or min(known) >= _AS_LONG * max(known))
    )


def _second_uploads(cases: list[Case]) -> None:
    """Mark a video without a talk that has the same title as an earlier one of its event."""
    cases.sort(key=lambda c: (not c.kept, *_upload(c)))
    seen: dict[tuple[object, ...], list[Case]] = defaultdict(list)
    for case in cases:
        key = (case.video.dates, len(case.video.words) // 8)
        title = " ".join(case.video.words)
        for other in seen[key]:
            if fuzz.ratio(title, " ".join(other.video.words)) >= _SAME_TITLE:
                case.taken_by = other.video.video.video_id
                break
        else:
            seen[key].append(case)


def _further_talks(weighed: Weighed) -> list[Option]:
    """Return further talks of the event that the title names beside the chosen one."""
    if not weighed.chosen.talk or not _is_sure(weighed.chosen):
        return []
    used = weighed.chosen.compared.explained
    further = []
    for option in weighed.options:
        if option is weighed.chosen or not _is_sure(option):
            continue
        if not used & option.compared.explained:
            used |= option.compared.explained
            further.append(option)
    return further


def _is_sure(option: Option) -> bool:
    return any(f.field == "talk_title" and f.level in _SURE for f in option.compared.found)
