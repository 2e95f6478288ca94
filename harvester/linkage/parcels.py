"""Linkings as plain tuples, which travel between processes at a fraction of the cost.

Pure: no network, no database, no clock.
"""

from typing import Any

from harvester.records import Candidate, Link, Linking, Outcome, Reason, Role, Term

Parcel = tuple[Any, ...]


def packed(linking: Linking) -> Parcel:
    """Return a linking as plain tuples."""
    return (
        linking.video_id,
        linking.outcome.value,
        linking.reason.value if linking.reason else None,
        linking.probability,
        [(k.event_id, k.talk_id, k.role.value, k.start_s, k.end_s) for k in linking.links],
        [
            (
                c.rank,
                c.event_id,
                c.talk_id,
                c.match_weight,
                c.probability,
                [tuple(term) for term in c.terms],
            )
            for c in linking.candidates
        ],
    )


def unpacked(parcel: Parcel) -> Linking:
    """Return the linking that was packed."""
    video_id, outcome, reason, probability, links, candidates = parcel
    return Linking(
        video_id=video_id,
        outcome=Outcome(outcome),
        reason=Reason(reason) if reason else None,
        probability=probability,
        links=tuple(
            Link(event_id=event, talk_id=talk, role=Role(role), start_s=start, end_s=end)
            for event, talk, role, start, end in links
        ),
        candidates=tuple(
            Candidate(
                video_id=video_id,
                rank=rank,
                event_id=event,
                talk_id=talk,
                match_weight=weight,
                probability=likely,
                terms=tuple(map(Term._make, terms)),
            )
            for rank, event, talk, weight, likely, terms in candidates
        ),
    )
