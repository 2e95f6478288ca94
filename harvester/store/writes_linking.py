"""What linking made of the videos: its candidates, and the decisions of its rule."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from harvester.records import Link, Linking, Outcome
from harvester.store import schema
from harvester.store.reads_linked import LinkingState
from harvester.store.reads_linking import IN_FORCE, links_of
from harvester.store.rows import chunks, insert, plain, table, values
from harvester.store.schema import Base


def evidence_hash(linking: Linking) -> str:
    """Return the SHA-256 of a video's candidates and terms: the same evidence, the same hash.

    Numbers count to six places, so that another machine's last bit is no news.
    """
    seen = [
        (
            candidate.event_id,
            candidate.talk_id,
            round(candidate.match_weight, 6),
            round(candidate.probability, 6),
            [(term.name, round(term.weight, 6), term.evidence) for term in candidate.terms],
        )
        for candidate in linking.candidates
    ]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def save_linkings(
    session: Session,
    linkings: Sequence[Linking],
    *,
    model: str,
    run_id: int,
    now: dt.datetime,
    inputs: Mapping[str, str] | None = None,
    decide: bool = True,
) -> None:
    """Store what a linking made of videos, and decide by rule what it is sure of.

    Without `decide` the rule only proposes: what it decided before stays while it agrees.

    `inputs` names all videos that a rule may decide, with the hash of what linking looked
    at in each; `linkings` are of all of them, or of some.  Without it they are of all.

    A video about which an editor has decided is left alone, also if that was after the
    linking began.  Any other one that no rule may decide any more, because it is gone,
    loses its candidates.  A rule decision is appended where the links or the model differ
    from the one in force; where the rule is no longer sure, `open` is appended.  What is
    as it was is not written.
    """
    in_force = {row["video_id"]: row for row in session.execute(select(*IN_FORCE.c)).mappings()}
    judged = {video_id for video_id, row in in_force.items() if not row["is_rule"]}
    free = {
        linking.video_id: (linking, evidence_hash(linking))
        for linking in linkings
        if linking.video_id not in judged
    }
    known = inputs if inputs is not None else dict.fromkeys(free)
    written = _save_evidence(session, free, known, judged, run_id=run_id, now=now)

    by_rule = {
        row["decision_id"]: video_id
        for video_id, row in in_force.items()
        if video_id in free and row["verdict"] == "match"
    }
    linked = {
        by_rule[decision_id]: links for decision_id, links in links_of(session, by_rule).items()
    }
    decisions = []
    for video_id, (linking, evidence) in free.items():
        before = linked.get(video_id)
        decided_by = f"rule:{model}"
        if linking.outcome == Outcome.AUTO:
            same = before == linking.links and in_force[video_id]["decided_by"] == decided_by
            verdict = None if same else "match"
            if not decide and verdict:
                verdict = None if before in (None, linking.links) else "open"
        else:
            verdict = None if before is None else "open"
        if verdict:
            decision = {
                "video_id": video_id,
                "verdict": verdict,
                "decided_by": decided_by,
                "decided_at": now,
                "probability": linking.probability,
                "reason": plain(linking.reason),
                "evidence_hash": evidence,
            }
            decisions.append((decision, linking.links if verdict == "match" else ()))
    _append_decisions(session, decisions)
    if written or decisions:
        _gather_statistics(session)


def _save_evidence(
    session: Session,
    linkings: dict[str, tuple[Linking, str]],
    inputs: Mapping[str, str | None],
    judged: Collection[str],
    *,
    run_id: int,
    now: dt.datetime,
) -> int:
    """Write the linkings that differ from those that are there; return how many."""
    there, hashes = _stored(session)
    written = [
        {
            "video_id": linking.video_id,
            "outcome": linking.outcome.value,
            "reason": plain(linking.reason),
            "probability": linking.probability,
            "evidence_hash": evidence,
            "linked_at": now,
            "run_id": run_id,
            "input_hash": inputs.get(linking.video_id),
        }
        for linking, evidence in linkings.values()
        if there.get(linking.video_id)
        != (linking.outcome.value, plain(linking.reason), linking.probability, evidence)
    ]
    renewed = {row["video_id"] for row in written if row["video_id"] in there}
    dropped = [each for each in there if each not in inputs and each not in judged]
    # one that an editor judged is linked anew if he takes it back
    looked_at = {each: inputs.get(each) for each in linkings} | dict.fromkeys(judged)
    same = (each for each in looked_at if each in hashes and each not in renewed)
    _update_hashes(
        session, {each: looked_at[each] for each in same if looked_at[each] != hashes[each]}
    )
    for ids in chunks([*renewed, *dropped]):
        # those that point to others go first
        for model in (schema.CandidateTerm, schema.Candidate, schema.VideoLinking):
            session.execute(delete(table(model)).where(table(model).c.video_id.in_(ids)))

    _insert(session, schema.VideoLinking, written)
    candidates = [
        candidate for row in written for candidate in linkings[row["video_id"]][0].candidates
    ]
    _insert(session, schema.Candidate, (values(each, without=["terms"]) for each in candidates))
    _insert(
        session,
        schema.CandidateTerm,
        (
            {
                "video_id": candidate.video_id,
                "rank": candidate.rank,
                "position": position,
                "term": term.name,
                "weight": term.weight,
                "evidence": term.evidence,
            }
            for candidate in candidates
            for position, term in enumerate(candidate.terms, start=1)
        ),
    )
    return len(written)


def _stored(session: Session) -> tuple[dict[str, tuple[Any, ...]], dict[str, str | None]]:
    """Return what is stored of each video's linking: what came of it, and the hash of its input."""
    there = table(schema.VideoLinking)
    kept = ("video_id", "input_hash", "outcome", "reason", "probability", "evidence_hash")
    found = session.execute(select(*(there.c[name] for name in kept))).all()
    return {row[0]: tuple(row)[2:] for row in found}, {row[0]: row[1] for row in found}


def _update_hashes(session: Session, hashes: Mapping[str, str | None]) -> None:
    if not hashes:
        return
    there = table(schema.VideoLinking)
    session.execute(
        update(there)
        .where(there.c.video_id == bindparam("the_id"))
        .values(input_hash=bindparam("the_hash")),
        [{"the_id": video_id, "the_hash": found} for video_id, found in hashes.items()],
    )


def save_linking_state(session: Session, state: LinkingState) -> None:
    """Store what the linkings that are stored rest on."""
    session.execute(delete(table(schema.LinkingState)))
    row = {"state_id": 1, **values(state, without=["basis"]), **values(state.basis)}
    session.execute(insert(session, schema.LinkingState), [row])


def _append_decisions(
    session: Session, decisions: Sequence[tuple[dict[str, Any], tuple[Link, ...]]]
) -> None:
    decision = table(schema.Decision)
    for chunk in chunks(decisions):
        ids = session.scalars(
            insert(session, schema.Decision).returning(
                decision.c.decision_id, sort_by_parameter_order=True
            ),
            [row for row, _ in chunk],
        ).all()
        _insert(
            session,
            schema.DecisionLink,
            (
                {"decision_id": decision_id, "position": position, **values(link)}
                for decision_id, (_, links) in zip(ids, chunk, strict=True)
                for position, link in enumerate(links, start=1)
            ),
        )


def _gather_statistics(session: Session) -> None:
    """Let PostgreSQL count now what it would count within a minute.

    Without that it plans the views as for empty tables, and the summary of a first run
    takes minutes.  SQLite plans well without.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE video, event, talk, decision, decision_link, candidate"))


def _insert(session: Session, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    for chunk in chunks(rows, 5000):
        session.execute(insert(session, model), chunk)
