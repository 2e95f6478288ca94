"""What linking asks of the database: videos and event records, and what is decided of them."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, column, select
from sqlalchemy import table as named_table
from sqlalchemy.orm import Session

from harvester import records
from harvester.records import Availability, Link, Mark
from harvester.store import schema
from harvester.store.rows import chunks, record, table
from harvester.store.schema import UtcDateTime

MARKS = named_table(
    "marks_in_force",
    *(column(name) for name in ("mark", "video_id", "event_id", "talk_id", "editor")),
    column("acted_at", UtcDateTime),
    *(column(name) for name in ("evidence_hash", "act_id", "mark_id")),
)
"""The view that says which marks of editors hold.

`reads_queue.marks_in_force` asks the same of a few videos, faster; tests hold them together.
"""

NOT_EXPECTED = (Mark.NOT_RECORDED.value, Mark.NOT_PUBLISHED.value)
"""What says of an event or talk that no recording of it is to be expected."""

GONE = (Availability.PRIVATE.value, Availability.DELETED.value)
"""Where a video is known not to be there for others."""

IN_FORCE = named_table(
    "decisions_in_force",
    *(column(name) for name in ("video_id", "decision_id", "verdict", "decided_by", "reason")),
    column("decided_at", UtcDateTime),
    column("probability"),
    column("is_rule"),
)
"""The view that says which decision of a video holds; nothing else says so."""


def videos_to_link(session: Session) -> list[records.Video]:
    """Return the videos that a rule may decide: titled, not known to be gone, no editor's word.

    By id, so that linking the same data again meets them in the same order.
    """
    video = table(schema.Video)
    query = select(video).where(*may_be_linked()).order_by(video.c.video_id)
    return [record(records.Video, row) for row in session.execute(query).mappings()]


def may_be_linked() -> tuple[ColumnElement[bool], ...]:
    """Return what holds for the videos that a rule may decide."""
    video = table(schema.Video)
    decided = select(IN_FORCE.c.video_id).where(IN_FORCE.c.is_rule == 0)
    return (
        video.c.title.is_not(None),
        video.c.availability.not_in(GONE),
        video.c.video_id.not_in(decided),
    )


def editor_links(session: Session) -> dict[str, tuple[Link, ...]]:
    """Return what editors say that videos show, by video: such a talk is taken."""
    decided = select(IN_FORCE.c.video_id, IN_FORCE.c.decision_id).where(
        IN_FORCE.c.is_rule == 0, IN_FORCE.c.verdict == "match"
    )
    by_decision = {decision_id: video_id for video_id, decision_id in session.execute(decided)}
    links = links_of(session, by_decision)
    return {by_decision[decision_id]: found for decision_id, found in links.items()}


def rule_links(session: Session, model: str) -> dict[str, tuple[Link, ...]]:
    """Return what videos show by decisions in force of the rule of this model, by video."""
    decided = select(IN_FORCE.c.decision_id, IN_FORCE.c.video_id).where(
        IN_FORCE.c.decided_by == f"rule:{model}", IN_FORCE.c.verdict == "match"
    )
    by_decision = {row.decision_id: row.video_id for row in session.execute(decided)}
    link, decision = table(schema.DecisionLink), table(schema.Decision)
    # all of them at once: they may be as many as there are videos
    query = (
        select(link)
        .join(decision, decision.c.decision_id == link.c.decision_id)
        .where(decision.c.decided_by == f"rule:{model}")
        .order_by(link.c.decision_id, link.c.position)
    )
    found: dict[str, list[Link]] = defaultdict(list)
    for row in session.execute(query).mappings():
        if video_id := by_decision.get(row["decision_id"]):
            found[video_id].append(record(Link, row))
    return {video_id: tuple(links) for video_id, links in found.items()}


def links_of(session: Session, decision_ids: Collection[int]) -> dict[int, tuple[Link, ...]]:
    """Return the links of these decisions, in their order; a decision without any is left out."""
    link = table(schema.DecisionLink)
    found: dict[int, list[Link]] = defaultdict(list)
    for chunk in chunks(decision_ids):
        query = (
            select(link)
            .where(link.c.decision_id.in_(chunk))
            .order_by(link.c.decision_id, link.c.position)
        )
        for row in session.execute(query).mappings():
            found[row["decision_id"]].append(record(Link, row))
    return {decision_id: tuple(links) for decision_id, links in found.items()}


def playlist_titles(session: Session) -> dict[str, tuple[str, ...]]:
    """Return the titles of the playlists that each video is in, by video."""
    entry, playlist = table(schema.PlaylistEntry), table(schema.Playlist)
    query = (
        select(entry.c.video_id, playlist.c.title)
        .join(playlist, playlist.c.playlist_id == entry.c.playlist_id)
        .where(playlist.c.withdrawn_at.is_(None))
        .order_by(entry.c.video_id, playlist.c.playlist_id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for video_id, title in session.execute(query):
        found[video_id].append(title)
    return {video_id: tuple(titles) for video_id, titles in found.items()}


def events_to_link(session: Session) -> list[records.Event]:
    """Return the events that a video may show, by id: of which a recording is to be expected."""
    event = table(schema.Event)
    query = select(event).where(*may_be_shown()).order_by(event.c.event_id)
    return [record(records.Event, row) for row in session.execute(query).mappings()]


def talks_to_link(session: Session) -> list[records.Talk]:
    """Return the talks that a video may show, of such events, by id."""
    talk, event = table(schema.Talk), table(schema.Event)
    query = (
        select(talk)
        .join(event, event.c.event_id == talk.c.event_id)
        .where(*may_be_shown(), *talk_may_be_shown())
        .order_by(talk.c.talk_id)
    )
    return [record(records.Talk, row) for row in session.execute(query).mappings()]


def may_be_shown() -> tuple[ColumnElement[bool], ...]:
    """Return what holds for the events that a video may show."""
    event = table(schema.Event)
    return (event.c.withdrawn_at.is_(None), event.c.event_id.not_in(_not_expected("event_id")))


def talk_may_be_shown() -> tuple[ColumnElement[bool], ...]:
    """Return what holds for the talks that a video may show, of events that it may."""
    talk = table(schema.Talk)
    return (talk.c.withdrawn_at.is_(None), talk.c.talk_id.not_in(_not_expected("talk_id")))


def _not_expected(subject: str) -> Select[tuple[str]]:
    said = (MARKS.c.video_id.is_(None), MARKS.c.mark.in_(NOT_EXPECTED))
    return select(MARKS.c[subject]).where(MARKS.c[subject].is_not(None), *said)


def rejected_pairs(session: Session) -> frozenset[tuple[str, str]]:
    """Return the pairs of video and event that editors ruled out."""
    query = select(MARKS.c.video_id, MARKS.c.event_id).where(MARKS.c.mark == Mark.REJECTED.value)
    return frozenset((video_id, event_id) for video_id, event_id in session.execute(query))


def events(session: Session) -> list[records.Event]:
    """Return the events that their sources still hold, by id."""
    event = table(schema.Event)
    query = select(event).where(event.c.withdrawn_at.is_(None)).order_by(event.c.event_id)
    return [record(records.Event, row) for row in session.execute(query).mappings()]


def talks(session: Session) -> list[records.Talk]:
    """Return the talks that their sources still hold, of such events, by id."""
    talk, event = table(schema.Talk), table(schema.Event)
    query = (
        select(talk)
        .join(event, event.c.event_id == talk.c.event_id)
        .where(talk.c.withdrawn_at.is_(None), event.c.withdrawn_at.is_(None))
        .order_by(talk.c.talk_id)
    )
    return [record(records.Talk, row) for row in session.execute(query).mappings()]


def event_ids(session: Session) -> set[str]:
    """Return the ids of all events, also of withdrawn ones: a talk may name any of them."""
    return set(session.scalars(select(schema.Event.event_id)))
