"""The first tables.

An empty database gets all of them; there is no data to care for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel",
        sa.Column(
            "channel_id",
            sa.String(length=64),
            nullable=False,
            comment="YouTube's id of the channel (UC…)",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="name of the channel"),
        sa.Column(
            "handle", sa.Text(), nullable=True, comment="its handle, with @, where it has one"
        ),
        sa.Column(
            "uploads_playlist_id",
            sa.Text(),
            nullable=False,
            comment="the playlist of all its public uploads",
        ),
        sa.Column(
            "video_count",
            sa.Integer(),
            nullable=True,
            comment=("public videos as YouTube counts them; may differ from what it lists"),
        ),
        sa.Column(
            "asked_for",
            sa.Text(),
            nullable=True,
            comment=("the id, handle or address in the settings that led to this channel"),
        ),
        sa.Column(
            "refreshed_at",
            sa.DateTime(),
            nullable=False,
            comment="when YouTube last told us about the channel itself (UTC)",
        ),
        sa.Column(
            "listed_at",
            sa.DateTime(),
            nullable=True,
            comment="when a listing of all uploads last came to its end (UTC)",
        ),
        sa.Column(
            "listing_since",
            sa.DateTime(),
            nullable=True,
            comment=(
                "start of the listing that has not come to its end yet (UTC); empty"
                " when none is open"
            ),
        ),
        sa.Column(
            "listing_is_full",
            sa.Boolean(),
            nullable=False,
            comment="whether the open listing is one of all uploads",
        ),
        sa.Column(
            "listing_token",
            sa.Text(),
            nullable=True,
            comment=("token of the last page of the open listing whose videos are all stored"),
        ),
        sa.Column(
            "playlists_at",
            sa.DateTime(),
            nullable=True,
            comment=("when the channel's own playlists were last read to the end (UTC)"),
        ),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_channel")),
        comment="Channels that are or were harvested",
    )
    op.create_table(
        "event",
        sa.Column("event_id", sa.Text(), nullable=False, comment="id of the event at its source"),
        sa.Column("title", sa.Text(), nullable=False, comment="name of the event"),
        sa.Column("series", sa.Text(), nullable=True, comment="series that it belongs to"),
        sa.Column(
            "aliases",
            sa.JSON(),
            nullable=False,
            comment="names it also goes by (motto, title variants), a JSON list",
        ),
        sa.Column("kind", sa.Text(), nullable=True, comment="kind of event, in the source's words"),
        sa.Column("city", sa.Text(), nullable=True, comment="place"),
        sa.Column("country", sa.Text(), nullable=True, comment="country"),
        sa.Column(
            "start_on",
            sa.String(length=10),
            nullable=True,
            comment="first day (ISO); may be a year, or year and month, only",
        ),
        sa.Column(
            "end_on",
            sa.String(length=10),
            nullable=True,
            comment="last day (ISO), where it differs; may be partial",
        ),
        sa.Column("url", sa.Text(), nullable=True, comment="page of the event"),
        sa.Column(
            "source", sa.Text(), nullable=False, comment="file or address that it was read from"
        ),
        sa.Column(
            "first_seen_at", sa.DateTime(), nullable=False, comment="when it was first loaded (UTC)"
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(),
            nullable=False,
            comment="when its record last changed (UTC)",
        ),
        sa.Column(
            "withdrawn_at",
            sa.DateTime(),
            nullable=True,
            comment=("when its source no longer held it (UTC); such an event is no candidate"),
        ),
        sa.CheckConstraint("length(end_on) IN (4, 7, 10)", name=op.f("ck_event_end_on")),
        sa.CheckConstraint("length(start_on) IN (4, 7, 10)", name=op.f("ck_event_start_on")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event")),
        comment="Events as their sources record them",
    )
    op.create_table(
        "run",
        sa.Column("run_id", sa.Integer(), nullable=False, comment="number of the run"),
        sa.Column(
            "command",
            sa.Text(),
            nullable=False,
            comment="the command that was run: run, harvest, link, demo",
        ),
        sa.Column("started_at", sa.DateTime(), nullable=False, comment="when it began (UTC)"),
        sa.Column(
            "finished_at",
            sa.DateTime(),
            nullable=True,
            comment="when it ended (UTC); empty while it runs",
        ),
        sa.Column(
            "outcome",
            sa.String(length=12),
            nullable=False,
            comment=(
                "running; done; partial: stopped early, what came in is kept, the next"
                " run goes on (quota, YouTube away); refused: another run held the lock;"
                " failed: an error to mend; interrupted: killed or stopped"
            ),
        ),
        sa.Column(
            "exit_code",
            sa.Integer(),
            nullable=True,
            comment="what the command returned to the shell",
        ),
        sa.Column("holder", sa.Text(), nullable=False, comment="process and host that did it"),
        sa.Column(
            "message",
            sa.Text(),
            nullable=False,
            comment="the summary line, or the error that ended it; never a secret",
        ),
        sa.Column(
            "new_videos", sa.Integer(), nullable=False, comment="videos seen for the first time"
        ),
        sa.Column(
            "changed_videos",
            sa.Integer(),
            nullable=False,
            comment="videos with a changed field, those that are back among them",
        ),
        sa.Column(
            "gone_videos",
            sa.Integer(),
            nullable=False,
            comment="videos that were no longer returned",
        ),
        sa.Column(
            "matched",
            sa.Integer(),
            nullable=True,
            comment="videos with an event after this run; empty if it did not link",
        ),
        sa.Column(
            "to_review",
            sa.Integer(),
            nullable=True,
            comment=(
                "videos with a proposal that wait for an editor after this run; empty"
                " if it did not link"
            ),
        ),
        sa.CheckConstraint(
            ("outcome IN ('running', 'done', 'partial', 'refused', 'failed', 'interrupted')"),
            name=op.f("ck_run_outcome"),
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run")),
        comment="Runs of the harvester; one row each, whatever happened",
    )
    op.create_table(
        "playlist",
        sa.Column(
            "playlist_id",
            sa.String(length=64),
            nullable=False,
            comment="YouTube's id of the playlist",
        ),
        sa.Column(
            "channel_id", sa.String(length=64), nullable=False, comment="the channel that made it"
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="title of the playlist"),
        sa.Column("description", sa.Text(), nullable=False, comment="description of the playlist"),
        sa.Column("published_at", sa.DateTime(), nullable=True, comment="when it was made (UTC)"),
        sa.Column(
            "item_count", sa.Integer(), nullable=True, comment="entries, as YouTube counts them"
        ),
        sa.Column(
            "items_at",
            sa.DateTime(),
            nullable=True,
            comment="when its entries were last read to the end (UTC)",
        ),
        sa.Column(
            "items_counted",
            sa.Integer(),
            nullable=True,
            comment="what YouTube counted when its entries were last read",
        ),
        sa.Column(
            "withdrawn_at",
            sa.DateTime(),
            nullable=True,
            comment="when it was no longer listed (UTC); empty if it is",
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.channel_id"], name=op.f("fk_playlist_channel_id_channel")
        ),
        sa.PrimaryKeyConstraint("playlist_id", name=op.f("pk_playlist")),
        comment="The channels' own playlists (not the uploads playlist)",
    )
    op.create_index(op.f("ix_playlist_channel_id"), "playlist", ["channel_id"], unique=False)
    op.create_table(
        "quota_use",
        sa.Column(
            "day",
            sa.String(length=10),
            nullable=False,
            comment="day of the quota, ISO, in Pacific time",
        ),
        sa.Column(
            "bucket",
            sa.String(length=12),
            nullable=False,
            comment="main, search or batch_stats: each has its own limit",
        ),
        sa.Column("run_id", sa.Integer(), nullable=False, comment="the run that spent it"),
        sa.Column("calls", sa.Integer(), nullable=False, comment="requests sent, retries included"),
        sa.Column("units", sa.Integer(), nullable=False, comment="quota units of these requests"),
        sa.CheckConstraint(
            "bucket IN ('main', 'search', 'batch_stats')", name=op.f("ck_quota_use_bucket")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name=op.f("fk_quota_use_run_id_run")),
        sa.PrimaryKeyConstraint("day", "bucket", "run_id", name=op.f("pk_quota_use")),
        comment=("Ledger of the YouTube quota: every try, also a failed one, by bucket and day"),
    )
    op.create_table(
        "talk",
        sa.Column("talk_id", sa.Text(), nullable=False, comment="id of the talk at its source"),
        sa.Column("event_id", sa.Text(), nullable=False, comment="the event that it was given at"),
        sa.Column(
            "title", sa.Text(), nullable=True, comment="title of the talk, where one is on record"
        ),
        sa.Column(
            "aliases",
            sa.JSON(),
            nullable=False,
            comment="titles it was also announced or reported under, a JSON list",
        ),
        sa.Column("speakers", sa.JSON(), nullable=False, comment="who spoke, a JSON list"),
        sa.Column(
            "held_on",
            sa.String(length=10),
            nullable=True,
            comment="day (ISO), where told; may be partial",
        ),
        sa.Column("kind", sa.Text(), nullable=True, comment="kind of talk, in the source's words"),
        sa.Column(
            "source", sa.Text(), nullable=False, comment="file or address that it was read from"
        ),
        sa.Column(
            "first_seen_at", sa.DateTime(), nullable=False, comment="when it was first loaded (UTC)"
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(),
            nullable=False,
            comment="when its record last changed (UTC)",
        ),
        sa.Column(
            "withdrawn_at",
            sa.DateTime(),
            nullable=True,
            comment=("when its source no longer held it (UTC); such a talk is no candidate"),
        ),
        sa.CheckConstraint("length(held_on) IN (4, 7, 10)", name=op.f("ck_talk_held_on")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.event_id"], name=op.f("fk_talk_event_id_event")
        ),
        sa.PrimaryKeyConstraint("talk_id", name=op.f("pk_talk")),
        comment="Talks as their sources record them",
    )
    op.create_index(op.f("ix_talk_event_id"), "talk", ["event_id"], unique=False)
    op.create_table(
        "video",
        sa.Column(
            "video_id", sa.String(length=64), nullable=False, comment="YouTube's id of the video"
        ),
        sa.Column(
            "channel_id", sa.String(length=64), nullable=False, comment="the channel that shows it"
        ),
        sa.Column(
            "title",
            sa.Text(),
            nullable=True,
            comment=("title as on YouTube; empty if it was private or deleted whenever we asked"),
        ),
        sa.Column("description", sa.Text(), nullable=False, comment="description as on YouTube"),
        sa.Column(
            "published_at",
            sa.DateTime(),
            nullable=True,
            comment="publication (UTC); for a stream or premiere its start",
        ),
        sa.Column(
            "duration_s",
            sa.Integer(),
            nullable=True,
            comment=("length in whole seconds; empty while live, to come, or not told"),
        ),
        sa.Column(
            "caption_flag",
            sa.Boolean(),
            nullable=True,
            comment=(
                "YouTube's caption flag; false does not mean that there are no captions"
                " at all: automatic ones do not count for it"
            ),
        ),
        sa.Column(
            "privacy",
            sa.String(length=10),
            nullable=False,
            comment="public, unlisted, private or unknown, as YouTube last said",
        ),
        sa.Column(
            "availability",
            sa.String(length=10),
            nullable=False,
            comment=(
                "public, unlisted; private, deleted; or unknown: no longer returned,"
                " reason not told"
            ),
        ),
        sa.Column(
            "live_state",
            sa.String(length=10),
            nullable=False,
            comment=(
                "none: an ordinary upload; upcoming, live or ended for streams and"
                " premieres; unknown"
            ),
        ),
        sa.Column(
            "live_scheduled_at",
            sa.DateTime(),
            nullable=True,
            comment="scheduled start of a stream or premiere (UTC)",
        ),
        sa.Column(
            "live_started_at",
            sa.DateTime(),
            nullable=True,
            comment="actual start of a stream or premiere (UTC)",
        ),
        sa.Column(
            "live_ended_at",
            sa.DateTime(),
            nullable=True,
            comment="actual end of a stream or premiere (UTC)",
        ),
        sa.Column(
            "recorded_on",
            sa.String(length=10),
            nullable=True,
            comment=("day of the recording, where the channel's owner entered one (ISO)"),
        ),
        sa.Column(
            "language",
            sa.Text(),
            nullable=True,
            comment="language of title and description (BCP 47), where told",
        ),
        sa.Column(
            "audio_language",
            sa.Text(),
            nullable=True,
            comment="language spoken (BCP 47), where told",
        ),
        sa.Column(
            "thumbnail_url",
            sa.Text(),
            nullable=True,
            comment="address of the largest preview image",
        ),
        sa.Column("tags", sa.JSON(), nullable=False, comment="keywords of the owner, a JSON list"),
        sa.Column(
            "first_seen_at", sa.DateTime(), nullable=False, comment="when we first saw it (UTC)"
        ),
        sa.CheckConstraint(
            ("availability IN ('public', 'unlisted', 'private', 'deleted', 'unknown')"),
            name=op.f("ck_video_availability"),
        ),
        sa.CheckConstraint(
            "live_state IN ('none', 'upcoming', 'live', 'ended', 'unknown')",
            name=op.f("ck_video_live_state"),
        ),
        sa.CheckConstraint(
            "privacy IN ('public', 'unlisted', 'private', 'unknown')", name=op.f("ck_video_privacy")
        ),
        sa.CheckConstraint("duration_s >= 0", name=op.f("ck_video_duration_s")),
        sa.CheckConstraint("length(recorded_on) IN (4, 7, 10)", name=op.f("ck_video_recorded_on")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.channel_id"], name=op.f("fk_video_channel_id_channel")
        ),
        sa.PrimaryKeyConstraint("video_id", name=op.f("pk_video")),
        comment="Videos as YouTube last described them",
    )
    op.create_index(op.f("ix_video_channel_id"), "video", ["channel_id"], unique=False)
    op.create_index(op.f("ix_video_published_at"), "video", ["published_at"], unique=False)
    op.create_table(
        "decision",
        sa.Column("decision_id", sa.Integer(), nullable=False, comment="order of the decisions"),
        sa.Column("video_id", sa.String(length=64), nullable=False, comment="the video judged"),
        sa.Column(
            "verdict",
            sa.String(length=10),
            nullable=False,
            comment=(
                "match: shows what `decision_link` lists; no_event: belongs to no"
                " event; open: an earlier decision no longer holds, the video waits"
                " again"
            ),
        ),
        sa.Column(
            "decided_by", sa.Text(), nullable=False, comment="an editor's name, or rule:<model>"
        ),
        sa.Column("decided_at", sa.DateTime(), nullable=False, comment="when (UTC)"),
        sa.Column(
            "probability",
            sa.Double(),
            nullable=True,
            comment="for a rule: how likely the match was by its model",
        ),
        sa.Column(
            "reason", sa.Text(), nullable=True, comment="why, from the closed list of reasons"
        ),
        sa.Column(
            "evidence_hash",
            sa.String(length=64),
            nullable=False,
            comment=("SHA-256 of the candidates and terms that were before the decider"),
        ),
        sa.CheckConstraint(
            "verdict IN ('match', 'no_event', 'open')", name=op.f("ck_decision_verdict")
        ),
        sa.CheckConstraint("probability BETWEEN 0 AND 1", name=op.f("ck_decision_probability")),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.video_id"], name=op.f("fk_decision_video_id_video")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision")),
        comment="Judgements by rules and editors, oldest first; append-only",
    )
    op.create_index(op.f("ix_decision_video_id"), "decision", ["video_id"], unique=False)
    op.create_table(
        "playlist_entry",
        sa.Column("playlist_id", sa.String(length=64), nullable=False, comment="the playlist"),
        sa.Column(
            "video_id",
            sa.String(length=64),
            nullable=False,
            comment="the video; it may be of another channel",
        ),
        sa.Column("added_at", sa.DateTime(), nullable=True, comment="when it was added (UTC)"),
        sa.Column(
            "placeholder",
            sa.String(length=10),
            nullable=True,
            comment="private or deleted where YouTube shows only a placeholder",
        ),
        sa.CheckConstraint(
            "placeholder IS NULL OR placeholder IN ('private', 'deleted')",
            name=op.f("ck_playlist_entry_placeholder"),
        ),
        sa.ForeignKeyConstraint(
            ["playlist_id"],
            ["playlist.playlist_id"],
            name=op.f("fk_playlist_entry_playlist_id_playlist"),
        ),
        sa.PrimaryKeyConstraint("playlist_id", "video_id", name=op.f("pk_playlist_entry")),
        comment=("Which videos are in which playlist; also videos of other channels"),
    )
    op.create_index(
        op.f("ix_playlist_entry_video_id"), "playlist_entry", ["video_id"], unique=False
    )
    op.create_table(
        "video_change",
        sa.Column("change_id", sa.Integer(), nullable=False, comment="order of the changes"),
        sa.Column("video_id", sa.String(length=64), nullable=False, comment="the video"),
        sa.Column(
            "field",
            sa.String(length=20),
            nullable=False,
            comment="the column of `video` that changed",
        ),
        sa.Column(
            "old_value", sa.Text(), nullable=True, comment="before, as text; empty if not told"
        ),
        sa.Column(
            "new_value", sa.Text(), nullable=True, comment="after, as text; empty if not told"
        ),
        sa.Column(
            "evidence",
            sa.Text(),
            nullable=True,
            comment="for a change of availability: what speaks for it",
        ),
        sa.Column("changed_at", sa.DateTime(), nullable=False, comment="when we noticed (UTC)"),
        sa.Column("run_id", sa.Integer(), nullable=False, comment="the run that noticed"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.run_id"], name=op.f("fk_video_change_run_id_run")
        ),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.video_id"], name=op.f("fk_video_change_video_id_video")
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_video_change")),
        comment="History of the videos' fields, oldest first; append-only",
    )
    op.create_index(
        op.f("ix_video_change_changed_at"), "video_change", ["changed_at"], unique=False
    )
    op.create_index(op.f("ix_video_change_video_id"), "video_change", ["video_id"], unique=False)
    op.create_table(
        "video_check",
        sa.Column("video_id", sa.String(length=64), nullable=False, comment="the video"),
        sa.Column(
            "asked_at",
            sa.DateTime(),
            nullable=False,
            comment="when YouTube was last asked for it (UTC)",
        ),
        sa.Column(
            "refreshed_at",
            sa.DateTime(),
            nullable=True,
            comment="when YouTube last returned it (UTC): the age of what we know",
        ),
        sa.Column(
            "missing_since",
            sa.DateTime(),
            nullable=True,
            comment="when YouTube first failed to return it (UTC); empty if it does",
        ),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.video_id"], name=op.f("fk_video_check_video_id_video")
        ),
        sa.PrimaryKeyConstraint("video_id", name=op.f("pk_video_check")),
        comment="When each video was last asked for by its id",
    )
    op.create_table(
        "video_linking",
        sa.Column("video_id", sa.String(length=64), nullable=False, comment="the video"),
        sa.Column(
            "outcome",
            sa.String(length=10),
            nullable=False,
            comment=(
                "auto: linked by rule; review: there is a proposal; none: nothing on"
                " record is likely"
            ),
        ),
        sa.Column(
            "reason",
            sa.String(length=20),
            nullable=True,
            comment=(
                "why not linked by rule: no_candidate, weak, doubtful, tie,"
                " contradiction, taken, not_recorded_yet"
            ),
        ),
        sa.Column("probability", sa.Double(), nullable=True, comment="of the best candidate"),
        sa.Column(
            "evidence_hash",
            sa.String(length=64),
            nullable=False,
            comment=("SHA-256 of its candidates and terms: the same evidence, the same hash"),
        ),
        sa.Column(
            "linked_at",
            sa.DateTime(),
            nullable=False,
            comment="when the outcome last changed (UTC)",
        ),
        sa.Column("run_id", sa.Integer(), nullable=False, comment="the run that said so"),
        sa.CheckConstraint(
            "outcome IN ('auto', 'review', 'none')", name=op.f("ck_video_linking_outcome")
        ),
        sa.CheckConstraint(
            (
                "reason IS NULL OR reason IN ('no_candidate', 'weak', 'doubtful',"
                " 'tie', 'contradiction', 'taken', 'not_recorded_yet', 'not_linked_yet')"
            ),
            name=op.f("ck_video_linking_reason"),
        ),
        sa.CheckConstraint(
            "probability BETWEEN 0 AND 1", name=op.f("ck_video_linking_probability")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.run_id"], name=op.f("fk_video_linking_run_id_run")
        ),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.video_id"], name=op.f("fk_video_linking_video_id_video")
        ),
        sa.PrimaryKeyConstraint("video_id", name=op.f("pk_video_linking")),
        comment="Outcome of the last linking for each video",
    )
    op.create_table(
        "candidate",
        sa.Column("video_id", sa.String(length=64), nullable=False, comment="the video"),
        sa.Column("rank", sa.Integer(), nullable=False, comment="1 is the best candidate"),
        sa.Column("event_id", sa.Text(), nullable=False, comment="the event"),
        sa.Column(
            "talk_id",
            sa.Text(),
            nullable=True,
            comment="the talk that fits best, if one stands out",
        ),
        sa.Column(
            "match_weight",
            sa.Double(),
            nullable=False,
            comment="sum of the terms, in bits: +1 doubles the odds of a match",
        ),
        sa.Column(
            "probability", sa.Double(), nullable=False, comment="what the model makes of it, 0 to 1"
        ),
        sa.CheckConstraint("probability BETWEEN 0 AND 1", name=op.f("ck_candidate_probability")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.event_id"], name=op.f("fk_candidate_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talk.talk_id"], name=op.f("fk_candidate_talk_id_talk")
        ),
        sa.ForeignKeyConstraint(
            ["video_id"],
            ["video_linking.video_id"],
            name=op.f("fk_candidate_video_id_video_linking"),
        ),
        sa.PrimaryKeyConstraint("video_id", "rank", name=op.f("pk_candidate")),
        comment="Pairs of video and event that were compared, best first",
    )
    op.create_index(op.f("ix_candidate_event_id"), "candidate", ["event_id"], unique=False)
    op.create_index(op.f("ix_candidate_talk_id"), "candidate", ["talk_id"], unique=False)
    op.create_table(
        "decision_link",
        sa.Column("decision_id", sa.Integer(), nullable=False, comment="the decision"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order within the decision"),
        sa.Column("event_id", sa.Text(), nullable=False, comment="the event"),
        sa.Column(
            "talk_id", sa.Text(), nullable=True, comment="the talk; empty: the event as a whole"
        ),
        sa.Column(
            "role",
            sa.String(length=10),
            nullable=False,
            comment=(
                "full: the whole of it; part: one of several that together show it;"
                " excerpt: a cut of it; duplicate: a further upload"
            ),
        ),
        sa.Column(
            "start_s",
            sa.Integer(),
            nullable=True,
            comment="where it begins in the video, in seconds",
        ),
        sa.Column(
            "end_s", sa.Integer(), nullable=True, comment="where it ends in the video, in seconds"
        ),
        sa.CheckConstraint(
            "role IN ('full', 'part', 'excerpt', 'duplicate')", name=op.f("ck_decision_link_role")
        ),
        sa.CheckConstraint("end_s > COALESCE(start_s, 0)", name=op.f("ck_decision_link_end_s")),
        sa.CheckConstraint("start_s >= 0", name=op.f("ck_decision_link_start_s")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.decision_id"],
            name=op.f("fk_decision_link_decision_id_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.event_id"], name=op.f("fk_decision_link_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talk.talk_id"], name=op.f("fk_decision_link_talk_id_talk")
        ),
        sa.PrimaryKeyConstraint("decision_id", "position", name=op.f("pk_decision_link")),
        comment="What a decision says a video shows: an event, or talks of one",
    )
    op.create_index(op.f("ix_decision_link_event_id"), "decision_link", ["event_id"], unique=False)
    op.create_index(op.f("ix_decision_link_talk_id"), "decision_link", ["talk_id"], unique=False)
    op.create_table(
        "candidate_term",
        sa.Column("video_id", sa.Text(), nullable=False, comment="the video"),
        sa.Column("rank", sa.Integer(), nullable=False, comment="the candidate's rank"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order for the reader"),
        sa.Column(
            "term",
            sa.Text(),
            nullable=False,
            comment="name of the evidence, as in config/linkage.toml",
        ),
        sa.Column(
            "weight",
            sa.Double(),
            nullable=False,
            comment="match weight in bits; below zero speaks against",
        ),
        sa.Column("evidence", sa.Text(), nullable=False, comment="what was seen, in words"),
        sa.ForeignKeyConstraint(
            ["video_id", "rank"],
            ["candidate.video_id", "candidate.rank"],
            name=op.f("fk_candidate_term_video_id_rank_candidate"),
        ),
        sa.PrimaryKeyConstraint("video_id", "rank", "position", name=op.f("pk_candidate_term")),
        comment="The evidence for and against each candidate, term by term",
    )
