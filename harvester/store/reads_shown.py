"""What videos show by the decisions in force, what the rule linked, and what was judged of it.

Asked for all videos at once; what they show also for some.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from harvester.records import ActKind, Mark
from harvester.store import schema
from harvester.store.reads_linking import GONE, IN_FORCE
from harvester.store.reads_queue import marks_in_force
from harvester.store.rows import chunks, table


class Shown(NamedTuple):
    """What an available video shows, by the decision in force."""

    event_id: str
    talk_id: str | None
    role: str


def shown(
    session: Session, video_ids: Collection[str] | None = None
) -> dict[str, tuple[Shown, ...]]:
    """Return what available videos show, by video: of all, or of these."""
    link, video = table(schema.DecisionLink), table(schema.Video)
    query = (
        select(IN_FORCE.c.video_id, link.c.event_id, link.c.talk_id, link.c.role)
        .join(link, link.c.decision_id == IN_FORCE.c.decision_id)
        .join(video, video.c.video_id == IN_FORCE.c.video_id)
        .where(IN_FORCE.c.verdict == "match", video.c.availability.not_in(GONE))
        .order_by(link.c.decision_id, link.c.position)
    )
    found: dict[str, list[Shown]] = defaultdict(list)
    for chunk in [None] if video_ids is None else chunks(video_ids):
        some = query if chunk is None else query.where(IN_FORCE.c.video_id.in_(chunk))
        for video_id, *its in session.execute(some):
            found[video_id].append(Shown(*its))
    return {video_id: tuple(its) for video_id, its in found.items()}


def statuses(session: Session) -> dict[tuple[str | None, str | None], str]:
    """Return what editors say of recordings, not_recorded or not_published, by event or talk."""
    mark = table(schema.EditorMark)
    query = marks_in_force(mark.c.mark.in_([Mark.NOT_RECORDED.value, Mark.NOT_PUBLISHED.value]))
    # about a talk only the talk is asked for, whether or not its event is named beside it
    return {
        (None if row.talk_id else row.event_id, row.talk_id): row.mark
        for row in session.execute(query)
    }


# --- what the rule linked ---------------------------------------------------------------


def linked_by_rule(session: Session) -> list[str]:
    """Return the videos that show something by a rule's decision in force, by id."""
    query = select(IN_FORCE.c.video_id).where(
        IN_FORCE.c.is_rule == 1, IN_FORCE.c.verdict == "match"
    )
    return sorted(session.scalars(query))


def judged(session: Session) -> set[str]:
    """Return the videos of which somebody judged the rule's link."""
    return {video_id for _, video_id in _judgements(session)}


def sample_counts(session: Session) -> Counter[str]:
    """Return how many videos were judged how: right, unsure, or rejected."""
    return Counter(mark for mark, _ in _judgements(session))


def _judgements(session: Session) -> set[tuple[str, str]]:
    mark, act = table(schema.EditorMark), table(schema.Act)
    kinds = (Mark.RIGHT.value, Mark.UNSURE.value, Mark.REJECTED.value)
    held = marks_in_force(mark.c.mark.in_(kinds)).subquery()
    query = (
        select(held.c.mark, held.c.video_id)
        .join(act, act.c.act_id == held.c.act_id)
        .where(act.c.kind == ActKind.SAMPLE.value)
    )
    return {(row.mark, row.video_id) for row in session.execute(query)}
