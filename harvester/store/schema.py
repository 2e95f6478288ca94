"""The tables, each with what one row is, each column with its meaning.

The comments are the data dictionary (`harvester db dictionary`) and, on
PostgreSQL, the comments of the tables themselves.  Views for analysts lie in
db/views/; nobody should need these tables for a question about the data.

Closed lists are text with a check, so that both engines, every view and every
analyst read the same word.  Instants are stored as UTC.
"""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from harvester.records import (
    ActKind,
    Availability,
    LiveState,
    Mark,
    Outcome,
    Privacy,
    Reason,
    Role,
)


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware instant, kept as UTC without a zone: both engines compare it the same way."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Refuse a naive instant: a bug, not bad data."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without a time zone: {value!r}")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


class Base(DeclarativeBase):
    """The base of our tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dt.datetime: UtcDateTime, str: Text}  # noqa: RUF012


def _one_of(
    column: str, words: type[StrEnum] | tuple[str, ...], *, optional: bool = False
) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    rule = f"{column} IN ({listed})"
    return CheckConstraint(f"{column} IS NULL OR {rule}" if optional else rule, name=column)


def _partial_date(column: str) -> CheckConstraint:
    return CheckConstraint(f"length({column}) IN (4, 7, 10)", name=column)


def _probability() -> CheckConstraint:
    return CheckConstraint("probability BETWEEN 0 AND 1", name="probability")


RUN_OUTCOMES = ("running", "done", "partial", "refused", "failed", "interrupted")
LINKING_REASONS = tuple(reason.value for reason in Reason if reason is not Reason.PROPOSED)
VERDICTS = ("match", "no_event", "open")
BUCKETS = ("main", "search", "batch_stats")


# --- runs and quota -----------------------------------------------------------


class Run(Base):
    """One start of a command that works on the data.  Written at its start, completed later."""

    __tablename__ = "run"
    __table_args__ = (
        _one_of("outcome", RUN_OUTCOMES),
        {"comment": "Runs of the harvester; one row each, whatever happened"},
    )

    run_id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="number of the run")
    command: Mapped[str] = mapped_column(
        comment="the command that was run: run, harvest, link, demo"
    )
    started_at: Mapped[dt.datetime] = mapped_column(comment="when it began (UTC)")
    finished_at: Mapped[dt.datetime | None] = mapped_column(
        comment="when it ended (UTC); empty while it runs"
    )
    outcome: Mapped[str] = mapped_column(
        String(12),
        comment="running; done; partial: stopped early, what came in is kept, the next run goes on"
        " (quota, YouTube away); refused: another run held the lock; failed: an error to mend;"
        " interrupted: killed or stopped",
    )
    exit_code: Mapped[int | None] = mapped_column(comment="what the command returned to the shell")
    holder: Mapped[str] = mapped_column(comment="process and host that did it")
    message: Mapped[str] = mapped_column(
        default="", comment="the summary line, or the error that ended it; never a secret"
    )
    new_videos: Mapped[int] = mapped_column(default=0, comment="videos seen for the first time")
    changed_videos: Mapped[int] = mapped_column(
        default=0, comment="videos with a changed field, those that are back among them"
    )
    gone_videos: Mapped[int] = mapped_column(
        default=0, comment="videos that were no longer returned"
    )
    matched: Mapped[int | None] = mapped_column(
        comment="videos with an event after this run; empty if it did not link"
    )
    to_review: Mapped[int | None] = mapped_column(
        comment="videos with a proposal that wait for an editor after this run;"
        " empty if it did not link"
    )


class QuotaUse(Base):
    """What one run spent of one bucket on one Pacific day.  Counted before each try is sent."""

    __tablename__ = "quota_use"
    __table_args__ = (
        _one_of("bucket", BUCKETS),
        {"comment": "Ledger of the YouTube quota: every try, also a failed one, by bucket and day"},
    )

    day: Mapped[str] = mapped_column(
        String(10), primary_key=True, comment="day of the quota, ISO, in Pacific time"
    )
    bucket: Mapped[str] = mapped_column(
        String(12), primary_key=True, comment="main, search or batch_stats: each has its own limit"
    )
    run_id: Mapped[int] = mapped_column(
        ForeignKey("run.run_id"), primary_key=True, comment="the run that spent it"
    )
    calls: Mapped[int] = mapped_column(default=0, comment="requests sent, retries included")
    units: Mapped[int] = mapped_column(default=0, comment="quota units of these requests")


# --- YouTube ------------------------------------------------------------------


class Channel(Base):
    """A channel, and how far its listing has come."""

    __tablename__ = "channel"
    __table_args__ = ({"comment": "Channels that are or were harvested"},)

    channel_id: Mapped[str] = mapped_column(
        String(64), primary_key=True, comment="YouTube's id of the channel (UC…)"
    )
    title: Mapped[str] = mapped_column(comment="name of the channel")
    handle: Mapped[str | None] = mapped_column(comment="its handle, with @, where it has one")
    uploads_playlist_id: Mapped[str] = mapped_column(
        comment="the playlist of all its public uploads"
    )
    video_count: Mapped[int | None] = mapped_column(
        comment="public videos as YouTube counts them; may differ from what it lists"
    )
    asked_for: Mapped[str | None] = mapped_column(
        comment="the id, handle or address in the settings that led to this channel"
    )
    refreshed_at: Mapped[dt.datetime] = mapped_column(
        comment="when YouTube last told us about the channel itself (UTC)"
    )
    listed_at: Mapped[dt.datetime | None] = mapped_column(
        comment="when a listing of all uploads last came to its end (UTC)"
    )
    listing_since: Mapped[dt.datetime | None] = mapped_column(
        comment="start of the listing that has not come to its end yet (UTC);"
        " empty when none is open"
    )
    listing_is_full: Mapped[bool] = mapped_column(
        default=False, comment="whether the open listing is one of all uploads"
    )
    listing_token: Mapped[str | None] = mapped_column(
        comment="token of the last page of the open listing whose videos are all stored"
    )
    playlists_at: Mapped[dt.datetime | None] = mapped_column(
        comment="when the channel's own playlists were last read to the end (UTC)"
    )


class Video(Base):
    """A video as last seen.  A row is never deleted because YouTube stops returning the video."""

    __tablename__ = "video"
    __table_args__ = (
        _one_of("privacy", Privacy),
        _one_of("availability", Availability),
        _one_of("live_state", LiveState),
        CheckConstraint("duration_s >= 0", name="duration_s"),
        _partial_date("recorded_on"),
        Index(None, "channel_id", "published_at"),
        {"comment": "Videos as YouTube last described them"},
    )

    video_id: Mapped[str] = mapped_column(
        String(64), primary_key=True, comment="YouTube's id of the video"
    )
    channel_id: Mapped[str] = mapped_column(
        ForeignKey("channel.channel_id"), comment="the channel that shows it"
    )
    title: Mapped[str | None] = mapped_column(
        comment="title as on YouTube; empty if it was private or deleted whenever we asked"
    )
    description: Mapped[str] = mapped_column(default="", comment="description as on YouTube")
    published_at: Mapped[dt.datetime | None] = mapped_column(
        index=True, comment="publication (UTC); for a stream or premiere its start"
    )
    duration_s: Mapped[int | None] = mapped_column(
        comment="length in whole seconds; empty while live, to come, or not told"
    )
    caption_flag: Mapped[bool | None] = mapped_column(
        comment="YouTube's caption flag; false does not mean that there are no captions at all:"
        " automatic ones do not count for it"
    )
    privacy: Mapped[str] = mapped_column(
        String(10), comment="public, unlisted, private or unknown, as YouTube last said"
    )
    availability: Mapped[str] = mapped_column(
        String(10),
        comment="public, unlisted; private, deleted;"
        " or unknown: no longer returned, reason not told",
    )
    live_state: Mapped[str] = mapped_column(
        String(10),
        comment="none: an ordinary upload; upcoming, live or ended for streams and premieres;"
        " unknown",
    )
    live_scheduled_at: Mapped[dt.datetime | None] = mapped_column(
        comment="scheduled start of a stream or premiere (UTC)"
    )
    live_started_at: Mapped[dt.datetime | None] = mapped_column(
        comment="actual start of a stream or premiere (UTC)"
    )
    live_ended_at: Mapped[dt.datetime | None] = mapped_column(
        comment="actual end of a stream or premiere (UTC)"
    )
    recorded_on: Mapped[str | None] = mapped_column(
        String(10), comment="day of the recording, where the channel's owner entered one (ISO)"
    )
    language: Mapped[str | None] = mapped_column(
        comment="language of title and description (BCP 47), where told"
    )
    audio_language: Mapped[str | None] = mapped_column(
        comment="language spoken (BCP 47), where told"
    )
    thumbnail_url: Mapped[str | None] = mapped_column(
        comment="address of the largest preview image"
    )
    tags: Mapped[list[str]] = mapped_column(JSON, comment="keywords of the owner, a JSON list")
    first_seen_at: Mapped[dt.datetime] = mapped_column(comment="when we first saw it (UTC)")


class VideoCheck(Base):
    """When a video was last asked for.  Apart from `video`: asking alone rewrites no video."""

    __tablename__ = "video_check"
    __table_args__ = ({"comment": "When each video was last asked for by its id"},)

    video_id: Mapped[str] = mapped_column(
        ForeignKey("video.video_id"), primary_key=True, comment="the video"
    )
    asked_at: Mapped[dt.datetime] = mapped_column(
        comment="when YouTube was last asked for it (UTC)"
    )
    refreshed_at: Mapped[dt.datetime | None] = mapped_column(
        comment="when YouTube last returned it (UTC): the age of what we know"
    )
    missing_since: Mapped[dt.datetime | None] = mapped_column(
        comment="when YouTube first failed to return it (UTC); empty if it does"
    )


class VideoChange(Base):
    """One field of one video that changed, or a video that went or came back.  Append-only."""

    __tablename__ = "video_change"
    __table_args__ = ({"comment": "History of the videos' fields, oldest first; append-only"},)

    change_id: Mapped[int] = mapped_column(
        Integer, primary_key=True, comment="order of the changes"
    )
    video_id: Mapped[str] = mapped_column(
        ForeignKey("video.video_id"), index=True, comment="the video"
    )
    field: Mapped[str] = mapped_column(String(20), comment="the column of `video` that changed")
    old_value: Mapped[str | None] = mapped_column(comment="before, as text; empty if not told")
    new_value: Mapped[str | None] = mapped_column(comment="after, as text; empty if not told")
    evidence: Mapped[str | None] = mapped_column(
        comment="for a change of availability: what speaks for it"
    )
    changed_at: Mapped[dt.datetime] = mapped_column(index=True, comment="when we noticed (UTC)")
    run_id: Mapped[int] = mapped_column(ForeignKey("run.run_id"), comment="the run that noticed")


class Playlist(Base):
    """A playlist that a channel made itself."""

    __tablename__ = "playlist"
    __table_args__ = ({"comment": "The channels' own playlists (not the uploads playlist)"},)

    playlist_id: Mapped[str] = mapped_column(
        String(64), primary_key=True, comment="YouTube's id of the playlist"
    )
    channel_id: Mapped[str] = mapped_column(
        ForeignKey("channel.channel_id"), index=True, comment="the channel that made it"
    )
    title: Mapped[str] = mapped_column(comment="title of the playlist")
    description: Mapped[str] = mapped_column(default="", comment="description of the playlist")
    published_at: Mapped[dt.datetime | None] = mapped_column(comment="when it was made (UTC)")
    item_count: Mapped[int | None] = mapped_column(comment="entries, as YouTube counts them")
    items_at: Mapped[dt.datetime | None] = mapped_column(
        comment="when its entries were last read to the end (UTC)"
    )
    items_counted: Mapped[int | None] = mapped_column(
        comment="what YouTube counted when its entries were last read"
    )
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(
        comment="when it was no longer listed (UTC); empty if it is"
    )


class PlaylistEntry(Base):
    """A video in a playlist.  Replaced as a whole when the playlist was read to its end."""

    __tablename__ = "playlist_entry"
    __table_args__ = (
        _one_of("placeholder", ("private", "deleted"), optional=True),
        {"comment": "Which videos are in which playlist; also videos of other channels"},
    )

    playlist_id: Mapped[str] = mapped_column(
        ForeignKey("playlist.playlist_id"), primary_key=True, comment="the playlist"
    )
    video_id: Mapped[str] = mapped_column(
        String(64), primary_key=True, index=True, comment="the video; it may be of another channel"
    )
    added_at: Mapped[dt.datetime | None] = mapped_column(comment="when it was added (UTC)")
    placeholder: Mapped[str | None] = mapped_column(
        String(10), comment="private or deleted where YouTube shows only a placeholder"
    )


# --- event records ------------------------------------------------------------


class Event(Base):
    """An event as its source records it.  One that disappeared there is marked, not deleted."""

    __tablename__ = "event"
    __table_args__ = (
        _partial_date("start_on"),
        _partial_date("end_on"),
        {"comment": "Events as their sources record them"},
    )

    event_id: Mapped[str] = mapped_column(primary_key=True, comment="id of the event at its source")
    title: Mapped[str] = mapped_column(comment="name of the event")
    series: Mapped[str | None] = mapped_column(index=True, comment="series that it belongs to")
    aliases: Mapped[list[str]] = mapped_column(
        JSON, comment="names it also goes by (motto, title variants), a JSON list"
    )
    kind: Mapped[str | None] = mapped_column(comment="kind of event, in the source's words")
    city: Mapped[str | None] = mapped_column(comment="place")
    country: Mapped[str | None] = mapped_column(comment="country")
    start_on: Mapped[str | None] = mapped_column(
        String(10), comment="first day (ISO); may be a year, or year and month, only"
    )
    end_on: Mapped[str | None] = mapped_column(
        String(10), comment="last day (ISO), where it differs; may be partial"
    )
    url: Mapped[str | None] = mapped_column(comment="page of the event")
    source: Mapped[str] = mapped_column(index=True, comment="file or address that it was read from")
    first_seen_at: Mapped[dt.datetime] = mapped_column(comment="when it was first loaded (UTC)")
    changed_at: Mapped[dt.datetime] = mapped_column(comment="when its record last changed (UTC)")
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(
        comment="when its source no longer held it (UTC); such an event is no candidate"
    )


# as the views of what has no video are read: page by page, the newest first
Index("ix_event_start_on_event_id", Event.start_on.desc(), Event.event_id)


class Talk(Base):
    """A talk within an event, as its source records it."""

    __tablename__ = "talk"
    __table_args__ = (
        _partial_date("held_on"),
        {"comment": "Talks as their sources record them"},
    )

    talk_id: Mapped[str] = mapped_column(primary_key=True, comment="id of the talk at its source")
    event_id: Mapped[str] = mapped_column(
        ForeignKey("event.event_id"), index=True, comment="the event that it was given at"
    )
    title: Mapped[str | None] = mapped_column(comment="title of the talk, where one is on record")
    aliases: Mapped[list[str]] = mapped_column(
        JSON, comment="titles it was also announced or reported under, a JSON list"
    )
    speakers: Mapped[list[str]] = mapped_column(JSON, comment="who spoke, a JSON list")
    held_on: Mapped[str | None] = mapped_column(
        String(10), comment="day (ISO), where told; may be partial"
    )
    kind: Mapped[str | None] = mapped_column(comment="kind of talk, in the source's words")
    source: Mapped[str] = mapped_column(comment="file or address that it was read from")
    first_seen_at: Mapped[dt.datetime] = mapped_column(comment="when it was first loaded (UTC)")
    changed_at: Mapped[dt.datetime] = mapped_column(comment="when its record last changed (UTC)")
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(
        comment="when its source no longer held it (UTC); such a talk is no candidate"
    )


# --- linking ------------------------------------------------------------------


class Act(Base):
    """What an editor did in one go: decided, judged many, took something back.  Append-only."""

    __tablename__ = "act"
    __table_args__ = (
        _one_of("kind", ActKind),
        {"comment": "What editors did, each to be taken back in one go; append-only"},
    )

    act_id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="order of the acts")
    editor: Mapped[str] = mapped_column(index=True, comment="who did it")
    acted_at: Mapped[dt.datetime] = mapped_column(comment="when (UTC)")
    kind: Mapped[str] = mapped_column(
        String(10),
        comment="decide, bulk, import, status, new_event, sample, or undo: took another act back",
    )
    undoes: Mapped[int | None] = mapped_column(
        ForeignKey("act.act_id"), index=True, comment="the act that it took back"
    )


class Decision(Base):
    """One judgement about one video.  Rows are added, never changed.

    The newest row of a video counts, except that a rule never outranks an
    editor: the view `decisions_in_force` says which one holds.
    """

    __tablename__ = "decision"
    __table_args__ = (
        _one_of("verdict", VERDICTS),
        _probability(),
        {"comment": "Judgements by rules and editors, oldest first; append-only"},
    )

    decision_id: Mapped[int] = mapped_column(
        Integer, primary_key=True, comment="order of the decisions"
    )
    video_id: Mapped[str] = mapped_column(
        ForeignKey("video.video_id"), index=True, comment="the video judged"
    )
    verdict: Mapped[str] = mapped_column(
        String(10),
        comment="match: shows what `decision_link` lists; no_event: belongs to no event;"
        " open: an earlier decision no longer holds, the video waits again",
    )
    decided_by: Mapped[str] = mapped_column(comment="an editor's name, or rule:<model>")
    decided_at: Mapped[dt.datetime] = mapped_column(comment="when (UTC)")
    probability: Mapped[float | None] = mapped_column(
        comment="for a rule: how likely the match was by its model"
    )
    reason: Mapped[str | None] = mapped_column(comment="why, from the closed list of reasons")
    evidence_hash: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of the candidates and terms that were before the decider"
    )
    act_id: Mapped[int | None] = mapped_column(
        ForeignKey("act.act_id"), index=True, comment="the editor's act; empty: a rule decided"
    )
    note: Mapped[str | None] = mapped_column(comment="what the editor wished to add")
    model: Mapped[str | None] = mapped_column(
        comment="the model whose candidates the editor saw, as in `linking_state`"
    )
    seen_title: Mapped[str | None] = mapped_column(
        comment="title of the video as the editor saw it; for a rule empty"
    )
    seen_duration_s: Mapped[int | None] = mapped_column(
        comment="length of the video as the editor saw it, in seconds; for a rule empty"
    )


class DecisionLink(Base):
    """One event or talk that a decided video shows."""

    __tablename__ = "decision_link"
    __table_args__ = (
        _one_of("role", Role),
        CheckConstraint("start_s >= 0", name="start_s"),
        CheckConstraint("end_s > COALESCE(start_s, 0)", name="end_s"),
        {"comment": "What a decision says a video shows: an event, or talks of one"},
    )

    decision_id: Mapped[int] = mapped_column(
        ForeignKey("decision.decision_id"), primary_key=True, comment="the decision"
    )
    position: Mapped[int] = mapped_column(primary_key=True, comment="order within the decision")
    event_id: Mapped[str] = mapped_column(
        ForeignKey("event.event_id"), index=True, comment="the event"
    )
    talk_id: Mapped[str | None] = mapped_column(
        ForeignKey("talk.talk_id"), index=True, comment="the talk; empty: the event as a whole"
    )
    role: Mapped[str] = mapped_column(
        String(10),
        comment="full: the whole of it; part: one of several that together show it;"
        " excerpt: a cut of it; duplicate: a further upload",
    )
    start_s: Mapped[int | None] = mapped_column(comment="where it begins in the video, in seconds")
    end_s: Mapped[int | None] = mapped_column(comment="where it ends in the video, in seconds")
    seen_event: Mapped[str | None] = mapped_column(
        comment="name and days of the event as the editor saw them: name · first day–last day;"
        " for a rule empty"
    )
    seen_talk: Mapped[str | None] = mapped_column(
        comment="title of the talk as the editor saw it; for a rule empty"
    )


class EditorMark(Base):
    """What an editor said of a video, a pair, an event or a talk.  Append-only.

    Of several rows about the same the newest counts: the view `marks_in_force`.
    """

    __tablename__ = "editor_mark"
    __table_args__ = (
        _one_of("mark", Mark),
        CheckConstraint("is_set IN (0, 1)", name="is_set"),
        {"comment": "What editors say beside decisions: not this pair, later, not recorded"},
    )

    mark_id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="order of the marks")
    act_id: Mapped[int] = mapped_column(
        ForeignKey("act.act_id"), index=True, comment="the editor's act"
    )
    mark: Mapped[str] = mapped_column(
        String(15),
        comment="rejected: the video is not of this event; later: put off until its evidence"
        " changes; not_recorded, not_published: of an event or talk; right, unsure: a link by"
        " rule, judged blind",
    )
    is_set: Mapped[int] = mapped_column(comment="1, or 0 if it was taken back")
    video_id: Mapped[str | None] = mapped_column(
        ForeignKey("video.video_id"), index=True, comment="the video"
    )
    event_id: Mapped[str | None] = mapped_column(
        ForeignKey("event.event_id"), index=True, comment="the event"
    )
    talk_id: Mapped[str | None] = mapped_column(
        ForeignKey("talk.talk_id"), index=True, comment="the talk"
    )
    evidence_hash: Mapped[str | None] = mapped_column(
        String(64), comment="SHA-256 of the candidates and terms that the editor saw"
    )


class VideoLinking(Base):
    """What the last linking made of a video.  Replaced by the next one."""

    __tablename__ = "video_linking"
    __table_args__ = (
        _one_of("outcome", Outcome),
        _one_of("reason", LINKING_REASONS, optional=True),
        _probability(),
        {"comment": "Outcome of the last linking for each video"},
    )

    video_id: Mapped[str] = mapped_column(
        ForeignKey("video.video_id"), primary_key=True, comment="the video"
    )
    outcome: Mapped[str] = mapped_column(
        String(10),
        comment="auto: linked by rule; review: there is a proposal;"
        " none: nothing on record is likely",
    )
    reason: Mapped[str | None] = mapped_column(
        String(20),
        comment="why not linked by rule: no_candidate, weak, doubtful, tie, contradiction, taken,"
        " not_recorded_yet",
    )
    probability: Mapped[float | None] = mapped_column(comment="of the best candidate")
    evidence_hash: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of its candidates and terms: the same evidence, the same hash"
    )
    linked_at: Mapped[dt.datetime] = mapped_column(comment="when the outcome last changed (UTC)")
    run_id: Mapped[int] = mapped_column(ForeignKey("run.run_id"), comment="the run that said so")
    input_hash: Mapped[str | None] = mapped_column(
        String(64),
        comment="SHA-256 of what linking looks at in the video and its playlists, when it was last"
        " linked; empty: it has to be linked anew",
    )


class LinkingState(Base):
    """What all videos were last linked by: as long as it is the same, only some are linked anew."""

    __tablename__ = "linking_state"
    __table_args__ = (
        CheckConstraint("state_id = 1", name="state_id"),
        {"comment": "What the last linking of all videos rests on, and what came after; one row"},
    )

    state_id: Mapped[int] = mapped_column(
        Integer, primary_key=True, autoincrement=False, comment="always 1"
    )
    model_hash: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of the model's weights, words and thresholds"
    )
    records_hash: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of the events and talks on record"
    )
    shown_hash: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of the talks that videos show by an editor's word"
    )
    linked_all_at: Mapped[dt.datetime] = mapped_column(comment="when all were last linked (UTC)")
    linked_at: Mapped[dt.datetime] = mapped_column(
        comment="when videos were last linked, all or some (UTC)"
    )
    linked_since: Mapped[int] = mapped_column(
        comment="videos that came or changed and were linked without the others since then"
    )


class Candidate(Base):
    """A video and an event that it may belong to, of the last linking."""

    __tablename__ = "candidate"
    __table_args__ = (
        _probability(),
        # the likeliest video of an event, or of a talk, comes first
        Index(None, "event_id", "match_weight"),
        Index(None, "talk_id", "match_weight"),
        {"comment": "Pairs of video and event that were compared, best first"},
    )

    video_id: Mapped[str] = mapped_column(
        ForeignKey("video_linking.video_id"), primary_key=True, comment="the video"
    )
    rank: Mapped[int] = mapped_column(primary_key=True, comment="1 is the best candidate")
    event_id: Mapped[str] = mapped_column(ForeignKey("event.event_id"), comment="the event")
    talk_id: Mapped[str | None] = mapped_column(
        ForeignKey("talk.talk_id"), comment="the talk that fits best, if one stands out"
    )
    match_weight: Mapped[float] = mapped_column(
        comment="sum of the terms, in bits: +1 doubles the odds of a match"
    )
    probability: Mapped[float] = mapped_column(comment="what the model makes of it, 0 to 1")


class CandidateTerm(Base):
    """One term of one candidate's match weight."""

    __tablename__ = "candidate_term"
    __table_args__ = (
        ForeignKeyConstraint(
            ["video_id", "rank"],
            ["candidate.video_id", "candidate.rank"],
        ),
        {"comment": "The evidence for and against each candidate, term by term"},
    )

    video_id: Mapped[str] = mapped_column(primary_key=True, comment="the video")
    rank: Mapped[int] = mapped_column(primary_key=True, comment="the candidate's rank")
    position: Mapped[int] = mapped_column(primary_key=True, comment="order for the reader")
    term: Mapped[str] = mapped_column(comment="name of the evidence, as in config/linkage.toml")
    weight: Mapped[float] = mapped_column(comment="match weight in bits; below zero speaks against")
    evidence: Mapped[str] = mapped_column(comment="what was seen, in words")
