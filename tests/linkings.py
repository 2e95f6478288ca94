"""Linkings, and decisions of editors, with boring defaults; and three videos to link."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from harvester.records import (
    Candidate,
    EventRecords,
    Link,
    Linking,
    Outcome,
    Reason,
    Role,
    Term,
    Video,
)
from harvester.store import schema, writes
from harvester.store.database import Database
from tests import build

MATCH = Link(event_id="e1", talk_id="t1", role=Role.FULL)


def fill(database: Database, run_id: int) -> list[Video]:
    """Store the videos v1, v2, v3 and the events e1 and e2, of which each has a talk."""
    stored = [build.video(f"v{n}") for n in (1, 2, 3)]
    records = EventRecords(
        "zwk.yaml",
        events=(build.event("e1"), build.event("e2")),
        talks=(build.talk("t1", "e1"), build.talk("t2", "e2")),
    )
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=build.NOW)
        writes.save_videos(session, stored, now=build.NOW, run_id=run_id)
        writes.save_event_records(session, records, now=build.NOW)
    return stored


def linking(video_id: str, *links: Link, weight: float = 5.0, **given: Any) -> Linking:
    """A linking with two candidates of two terms each; auto if there are links, else review."""
    candidates = tuple(
        Candidate(
            video_id=video_id,
            rank=rank,
            event_id=f"e{rank}",
            talk_id=f"t{rank}" if rank == 1 else None,
            match_weight=weight / rank,
            probability=0.97 / rank,
            terms=(
                Term("title", weight / rank - 1, "„Zukunft“ in beiden"),
                Term("prior", 1.0, "one of 2"),
            ),
        )
        for rank in (1, 2)
    )
    fields: dict[str, Any] = {
        "outcome": Outcome.AUTO if links else Outcome.REVIEW,
        "reason": None if links else Reason.TIE,
        "probability": 0.97,
        "links": links,
        "candidates": candidates,
    }
    return Linking(video_id=video_id, **fields | given)


def store(
    database: Database,
    run_id: int,
    *linkings: Linking,
    model: str = "m1",
    now: dt.datetime = build.NOW,
    inputs: Mapping[str, str] | None = None,
) -> None:
    with database.write() as session:
        writes.save_linkings(session, linkings, model=model, run_id=run_id, now=now, inputs=inputs)


def edit(
    database: Database, video_id: str, verdict: str, *links: Link, editor: str = "ana"
) -> None:
    """Append an editor's decision."""
    with database.write() as session:
        decision = schema.Decision(
            video_id=video_id,
            verdict=verdict,
            decided_by=editor,
            decided_at=build.NOW,
            evidence_hash="0" * 64,
        )
        session.add(decision)
        session.flush()
        for position, link in enumerate(links, start=1):
            session.add(
                schema.DecisionLink(
                    decision_id=decision.decision_id,
                    position=position,
                    event_id=link.event_id,
                    talk_id=link.talk_id,
                    role=link.role,
                )
            )


def end_run(
    database: Database, run_id: int, *, matched: int | None = None, to_review: int | None = None
) -> None:
    """Complete a run that brought nothing in but linkings."""
    with database.write() as session:
        writes.finish_run(
            session,
            run_id,
            outcome="done",
            exit_code=0,
            message="",
            saved=writes.Saved(),
            matched=matched,
            to_review=to_review,
            now=build.NOW,
        )
