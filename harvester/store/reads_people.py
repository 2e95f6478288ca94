"""What people and monitoring ask of the database: why, how fresh, how many, and the views."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, case, column, func, or_, select
from sqlalchemy import table as named_table
from sqlalchemy.orm import Session

from harvester import records
from harvester.records import Availability, Link, Linking, Outcome
from harvester.store import schema, views
from harvester.store.reads_linking import GONE, IN_FORCE, links_of
from harvester.store.rows import record, table
from harvester.store.schema import UtcDateTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision in force: who says what, and when."""

    verdict: str
    decided_by: str
    decided_at: dt.datetime
    probability: float | None
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that is known about where a video belongs.

    `events` and `talks` hold the records that candidates and links name, by id.
    `linking` is None before the first linking, `decision` while the video waits.
    """

    video_id: str
    title: str | None
    published_at: dt.datetime | None
    duration_s: int | None
    availability: Availability
    live_state: records.LiveState
    linking: Linking | None
    decision: Decision | None
    events: dict[str, records.Event] = field(default_factory=dict)
    talks: dict[str, records.Talk] = field(default_factory=dict)


def explanation(session: Session, video_id: str) -> Explanation | None:
    """Return why a video was or was not matched; None if it is not stored."""
    video = table(schema.Video)
    row = session.execute(select(video).where(video.c.video_id == video_id)).mappings().first()
    if row is None:
        return None
    decision = decision_in_force(session, video_id)
    linking = _linking(session, video_id, decision)
    named = [(each.event_id, each.talk_id) for each in (decision.links if decision else ())]
    named += [(each.event_id, each.talk_id) for each in (linking.candidates if linking else ())]
    event, talk = table(schema.Event), table(schema.Talk)
    found_events = select(event).where(event.c.event_id.in_([event_id for event_id, _ in named]))
    found_talks = select(talk).where(talk.c.talk_id.in_([talk_id for _, talk_id in named]))
    return record(
        Explanation,
        row,
        linking=linking,
        decision=decision,
        events={
            each["event_id"]: record(records.Event, each)
            for each in session.execute(found_events).mappings()
        },
        talks={
            each["talk_id"]: record(records.Talk, each)
            for each in session.execute(found_talks).mappings()
        },
    )


def decision_in_force(session: Session, video_id: str) -> Decision | None:
    """Return the decision that holds for a video; None while it waits."""
    query = select(IN_FORCE).where(IN_FORCE.c.video_id == video_id)
    row = session.execute(query).mappings().first()
    if row is None:
        return None
    links = links_of(session, [row["decision_id"]])
    return record(Decision, row, links=links.get(row["decision_id"], ()))


def _linking(session: Session, video_id: str, decision: Decision | None) -> Linking | None:
    linking = table(schema.VideoLinking)
    row = session.execute(select(linking).where(linking.c.video_id == video_id)).mappings().first()
    if row is None:
        return None
    term, candidate = table(schema.CandidateTerm), table(schema.Candidate)
    terms: dict[int, list[records.Term]] = defaultdict(list)
    query = select(term).where(term.c.video_id == video_id).order_by(term.c.rank, term.c.position)
    for each in session.execute(query).mappings():
        terms[each["rank"]].append(
            records.Term(each["term"], each["weight"], evidence=each["evidence"])
        )
    ranked = select(candidate).where(candidate.c.video_id == video_id).order_by(candidate.c.rank)
    by_rule = decision is not None and decision.decided_by.startswith("rule:")
    linked = by_rule and row["outcome"] == Outcome.AUTO
    return record(
        Linking,
        row,
        links=decision.links if decision and linked else (),
        candidates=tuple(
            record(records.Candidate, each, terms=tuple(terms[each["rank"]]))
            for each in session.execute(ranked).mappings()
        ),
    )


HARVESTING = ("run", "harvest", "demo")
"""The commands that refresh the data; `link` alone makes nothing fresher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """A run, as the table `run` has it."""

    run_id: int
    command: str
    started_at: dt.datetime
    finished_at: dt.datetime | None
    outcome: str
    exit_code: int | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAge:
    """How old the data of a channel is.

    `oldest_refresh_at` is of the video that YouTube returned longest ago, among those
    that it still returns; None if there is none.
    """

    channel_id: str
    title: str
    videos: int
    oldest_refresh_at: dt.datetime | None
    listed_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """What monitoring asks: the last run that ended, the last harvest that ended well, the age."""

    last_run: RunState | None
    last_done: RunState | None
    running: str | None  # who holds the lock, as far as the table of runs knows
    channels: tuple[ChannelAge, ...]


def freshness(session: Session) -> Freshness:
    """Return how fresh the data is.  A refused run is no run: another one was at work."""
    run = table(schema.Run)
    ended = (
        select(run)
        .where(run.c.finished_at.is_not(None), run.c.outcome != "refused")
        .order_by(run.c.run_id.desc())
        .limit(1)
    )

    def newest(query: Select[Any]) -> RunState | None:
        row = session.execute(query).mappings().first()
        return None if row is None else record_of_run(row)

    channel, video, check = (
        table(schema.Channel),
        table(schema.Video),
        table(schema.VideoCheck),
    )
    ages = (
        select(
            channel.c.channel_id,
            channel.c.title,
            channel.c.listed_at,
            func.count(video.c.video_id).label("videos"),
            func.min(
                case((check.c.missing_since.is_(None), check.c.refreshed_at)), type_=UtcDateTime
            ).label("oldest_refresh_at"),
        )
        .outerjoin(video, video.c.channel_id == channel.c.channel_id)
        .outerjoin(check, check.c.video_id == video.c.video_id)
        .group_by(channel.c.channel_id, channel.c.title, channel.c.listed_at)
        .order_by(channel.c.channel_id)
    )
    return Freshness(
        last_run=newest(ended),
        last_done=newest(ended.where(run.c.outcome == "done", run.c.command.in_(HARVESTING))),
        running=running_holder(session),
        channels=tuple(record(ChannelAge, row) for row in session.execute(ages).mappings()),
    )


def record_of_run(row: Any) -> RunState:
    """Return a run's row as a record; its outcome is not linking's."""
    return record(RunState, row, outcome=row["outcome"])


def running_holder(session: Session) -> str | None:
    """Return who runs, with process, host and start, by the table of runs; None if nobody does."""
    run = table(schema.Run)
    query = select(run).where(run.c.outcome == "running").order_by(run.c.run_id.desc()).limit(1)
    row = session.execute(query).mappings().first()
    if row is None:
        return None
    since = f"{row['started_at']:%Y-%m-%d %H:%M}"
    return f"{row['holder']}, `harvester {row['command']}` since {since} UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many videos stand where: videos = matched + no_event + to_review + unmatched + gone."""

    videos: int = 0
    matched: int = 0  # with an event, by a decision in force
    no_event: int = 0  # an editor says that they belong to none
    to_review: int = 0  # with a proposal that waits for an editor
    unmatched: int = 0  # nothing on record is likely, or not linked yet
    gone: int = 0  # private, deleted, or never seen with a title; whatever was decided of them
    captioned: int = 0  # of those not gone: YouTube's caption flag is set
    captions_unknown: int = 0  # of those not gone: the flag is not told


def counts(session: Session) -> Counts:
    """Return how many videos stand where, for a summary."""
    video, linking = table(schema.Video), table(schema.VideoLinking)
    gone = or_(video.c.availability.in_(GONE), video.c.title.is_(None))
    state = case(
        (gone, "gone"),
        (IN_FORCE.c.verdict == "match", "matched"),
        (IN_FORCE.c.verdict == "no_event", "no_event"),
        (linking.c.outcome == "review", "to_review"),
        else_="unmatched",
    ).label("state")
    per_video = (
        select(state, video.c.caption_flag)
        .outerjoin(IN_FORCE, IN_FORCE.c.video_id == video.c.video_id)
        .outerjoin(linking, linking.c.video_id == video.c.video_id)
        .subquery()
    )
    query = select(per_video.c.state, per_video.c.caption_flag, func.count()).group_by(
        per_video.c.state, per_video.c.caption_flag
    )
    found: dict[str, int] = defaultdict(int)
    for place, flag, many in session.execute(query):
        found["videos"] += many
        found[place] += many
        if place != "gone" and flag is not False:
            found["captioned" if flag else "captions_unknown"] += many
    return Counts(**found)


def view_columns(name: str) -> tuple[str, ...]:
    """Return the columns of a view, in order."""
    return tuple(views.load()[name].columns)


def view(session: Session, name: str, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows of a view, one of VIEWS, in its order; instants are aware UTC.

    Rows come as they are asked for: a view need not fit into memory.
    """
    columns = {
        each: column(each, UtcDateTime) if each.endswith(("_at", "_since")) else column(each)
        for each in view_columns(name)
    }
    order = [
        (columns[each[1:]].desc() if each.startswith("-") else columns[each]).nulls_last()
        for each in views.ORDER[name]
    ]
    query = select(*columns.values()).select_from(named_table(name)).order_by(*order).limit(limit)
    for row in session.execute(query, execution_options={"yield_per": 1000}).mappings():
        yield dict(row)
