"""What evaluating and training ask of the database: all videos, and what editors decided."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from harvester import records
from harvester.records import Label
from harvester.store import schema
from harvester.store.reads_linking import GONE, IN_FORCE, links_of
from harvester.store.rows import record, table


def videos_to_measure(session: Session) -> list[records.Video]:
    """Return the titled videos that are not known to be gone, by id.

    Those that an editor judged are among them: what the rule would make of them
    is what is measured.
    """
    video = table(schema.Video)
    query = (
        select(video)
        .where(video.c.title.is_not(None), video.c.availability.not_in(GONE))
        .order_by(video.c.video_id)
    )
    return [record(records.Video, row) for row in session.execute(query).mappings()]


def editor_labels(session: Session) -> list[Label]:
    """Return what editors' decisions in force say of videos, by id; a rule's never count.

    "No event" says that the video's event is not on record.  A video of an event as a
    whole shows no single talk.  What an editor opened again is not known.
    """
    query = (
        select(IN_FORCE.c.video_id, IN_FORCE.c.decision_id, IN_FORCE.c.verdict)
        .where(IN_FORCE.c.is_rule == 0, IN_FORCE.c.verdict.in_(("match", "no_event")))
        .order_by(IN_FORCE.c.video_id)
    )
    decided = session.execute(query).all()
    links = defaultdict(tuple, links_of(session, [decision_id for _, decision_id, _ in decided]))
    return [
        Label(
            video_id=video_id,
            event_ids=frozenset(link.event_id for link in links[decision_id]),
            talk_ids=frozenset(link.talk_id for link in links[decision_id] if link.talk_id),
        )
        for video_id, decision_id, _ in decided
    ]
