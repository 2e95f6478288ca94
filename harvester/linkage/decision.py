"""From weighed candidates to a decision: linked by rule, left to an editor, or none.

In:   for each video its candidates, each with an option for the event as a whole
      and for the talks that come near.
Out:  a Linking for each video.

The candidates of one video exclude each other, and all may be wrong: the
probability of one is 2**w over 1 plus the sum of 2**w of all.  The term
`competition` is what the others take away, so that the terms still sum to the
weight; the term `cap` is what a plain contradiction takes away.  Within an
event each talk goes to one video, so that the sum of all weights is highest.

Pure: no network, no database, no clock.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import log2

from harvester.linkage import chapters
from harvester.linkage.assignment import Case, Weighed
from harvester.linkage.model import Model
from harvester.records import Candidate, Link, Linking, Outcome, Reason, Role, Term

_FAR = -1e6  # bits: of a candidate that is not there


def linking(case: Case, model: Model) -> Linking:
    """Return what the rule makes of a video; the talks of its event are assigned."""
    return _linking(case, _candidates(case, model), model)


# --- candidates -----------------------------------------------------------------


def _candidates(case: Case, model: Model) -> list[Candidate]:
    """Return the best candidates of a video, with their terms."""
    weights = [w.weight for w in case.weighed]
    ranked = []
    for place, its in enumerate(case.weighed[: model.shown]):
        found = [*its.compared.found, *its.chosen.compared.found]
        terms = [Term("prior", model.prior, "what is known before anything is compared")]
        terms += [Term(f.field, model.weight(f.field, f.level), f.evidence) for f in found]
        others = weights[:place] + weights[place + 1 :]
        lost = -_log2_sum([0.0, *others])
        if lost < -0.005:
            rival = case.weighed[1 if place == 0 else 0].event.event
            on = f" ({rival.start_on})" if rival.start_on else ""
            evidence = f'there are other candidates, first of all "{rival.title}"{on}'
            terms.append(Term("competition", lost, evidence))
        weight = sum(t.weight for t in terms)
        caps = its.caps()
        if case.taken_by and place == 0:
            caps = caps | {"taken"}
        if caps:
            name = min(caps, key=lambda c: (model.caps[c], c))
            limit = log2(model.caps[name] / (1 - model.caps[name]))
            if weight > limit:
                what = _CAP_TEXT[name]
                terms.append(Term("cap", limit - weight, f"{what}: an editor has to look at it"))
                weight = sum(t.weight for t in terms)
        ranked.append((its, weight, tuple(terms)))
    return [
        Candidate(
            video_id=case.video.video.video_id,
            rank=rank,
            event_id=its.event.event.event_id,
            talk_id=its.chosen.talk.talk.talk_id if its.chosen.talk else None,
            match_weight=weight,
            probability=probability(weight),
            terms=terms,
        )
        for rank, (its, weight, terms) in enumerate(
            # sorting leaves what weighs the same in the order that it had without caps
            sorted(ranked, key=lambda r: _rank(case, r[0], r[1])),
            start=1,
        )
    ]


def _rank(case: Case, its: Weighed, weight: float) -> tuple[bool, float]:
    """Return what candidates are sorted by: what was linked before, then by weight."""
    is_kept = case.kept and its is case.weighed[0]
    return (not is_kept, -round(weight, 9))


_CAP_TEXT = {
    "year": "another year in the title",
    "number": "another number in the title",
    "title_date": "another date in the title",
    "recorded": "recorded on another day",
    "published": "published before the event began",
    "day": "another day of the event",
    "part": "another part in the title",
    "place": "another place in the title",
    "name": "the name of another event in the title",
    "words": "the title says that it is no recording",
    "talk_only": "nothing but a talk speaks for it, and talks are given again",
    "person_only": "nothing but a person speaks for it",
    "common_only": "nothing but common words speaks for it",
    "part_only": "nothing but a part of the event's name speaks for it",
    "date_only": "nothing but the date speaks for it",
    "edition": "nothing says which event of the series it is",
    "taken": "another video shows it already",
    "neighbours_only": "nothing but its neighbours speaks for it",
}


def probability(weight: float) -> float:
    """Return 2**w / (1 + 2**w) of a match weight in bits."""
    return 1 / (1 + 2 ** -max(-60.0, min(60.0, weight)))


def _log2_sum(weights: Sequence[float]) -> float:
    top = max(weights)
    return top + log2(sum(2 ** (w - top) for w in weights))


# --- the decision ---------------------------------------------------------------


def _linking(case: Case, candidates: list[Candidate], model: Model) -> Linking:
    video_id = case.video.video.video_id
    if not candidates:
        return Linking(
            video_id=video_id, outcome=Outcome.NONE, reason=Reason.NO_CANDIDATE, probability=None
        )
    reason = _reason(case, candidates, model)
    if case.kept and reason is not None:
        kept = Term("kept", 0.0, f"linked by rule before, and stays so: {_STAYS[reason]}")
        candidates[0] = replace(candidates[0], terms=(*candidates[0].terms, kept))
        reason = None
    best = candidates[0]
    outcome = Outcome.AUTO if reason is None else Outcome.REVIEW
    if reason is Reason.WEAK:
        outcome = Outcome.NONE
    return Linking(
        video_id=video_id,
        outcome=outcome,
        reason=reason,
        probability=best.probability,
        links=_links(case, best) if reason is None else (),
        candidates=tuple(candidates),
    )


_NEAR = "another came near since, but not ahead"
_STAYS = dict.fromkeys(Reason, _NEAR) | {
    Reason.WEAK: "what speaks for it became less telling, but nothing speaks plainly against it",
    Reason.DOUBTFUL: "what speaks for it became less telling, but is still likely",
}


def _reason(case: Case, candidates: list[Candidate], model: Model) -> Reason | None:
    """Return why a video is not linked by rule, or None if it is."""
    best = candidates[0]
    its = next(w for w in case.weighed if w.event.event.event_id == best.event_id)
    second = candidates[1].match_weight if len(candidates) > 1 else _FAR
    if best.probability < model.review:
        if "common_only" in its.caps():
            return Reason.WEAK
        near = [c for c in candidates if best.match_weight - c.match_weight < model.margin]
        likely = sum(c.probability for c in near) >= model.review
        return Reason.TIE if len(near) > 1 and likely else Reason.WEAK
    if its.contradicted():
        return Reason.CONTRADICTION
    if case.taken_by and its is case.weighed[0]:
        return Reason.TAKEN
    if best.match_weight - second < model.margin or _talks_tie(its, case, model):
        return Reason.TIE
    if any(_only_time_tells(its, other, model) for other in case.weighed if other is not its):
        return Reason.TIE
    return None if best.probability >= model.accept else Reason.DOUBTFUL


def _only_time_tells(best: Weighed, other: Weighed, model: Model) -> bool:
    """Return whether nothing but the time of publication sets two candidates apart.

    Two events of the same name are told apart by their dates, not by how soon
    somebody published: but what had not begun yet is no rival.
    """
    if other.contradicted():
        return False
    weights = []
    for its in (best, other):
        published = sum(
            model.weight(f.field, f.level) for f in its.compared.found if f.field == "published"
        )
        weights.append(its.weight - published)
    return weights[0] - weights[1] < model.margin


def _talks_tie(its: Weighed, case: Case, model: Model) -> bool:
    """Return whether another talk of the event fits about as well."""
    if not its.chosen.talk:
        return False
    return any(
        o is not its.chosen
        and o not in case.also
        and o.talk is not None
        and its.chosen.weight - o.weight < model.margin_talk
        and o.talk.talk.talk_id != its.chosen.talk.talk.talk_id
        for o in its.options
    )


def _links(case: Case, best: Candidate) -> tuple[Link, ...]:
    video = case.video.video
    found = chapters.chapters(video.description) if best.talk_id is None else []
    event = next(w.event for w in case.weighed if w.event.event.event_id == best.event_id)
    stretches = chapters.talks(found, video.duration_s, event.talks)
    if len(stretches) > 1:
        return tuple(
            Link(
                event_id=best.event_id,
                talk_id=each.talk.talk.talk_id,
                role=case.role,
                start_s=each.start_s,
                end_s=each.end_s,
            )
            for each in stretches
        )
    role = case.role
    if role is Role.FULL and best.talk_id is None and case.video.dates.day_number:
        role = Role.PART
    also = [o.talk.talk.talk_id for o in case.also if o.talk]
    return tuple(
        Link(event_id=best.event_id, talk_id=talk_id, role=role)
        for talk_id in (best.talk_id, *sorted(also))
    )
