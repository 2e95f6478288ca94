"""Editors review: acts, marks, and what they saw when they decided.

What it does with the data that is there: nothing.  Decisions of before belong to no act.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("act_id", sa.Integer(), nullable=False, comment="order of the acts"),
        sa.Column("editor", sa.Text(), nullable=False, comment="who did it"),
        sa.Column("acted_at", sa.DateTime(), nullable=False, comment="when (UTC)"),
        sa.Column(
            "kind",
            sa.String(length=10),
            nullable=False,
            comment=(
                "decide, bulk, import, status, new_event, sample, or undo: took another act back"
            ),
        ),
        sa.Column("undoes", sa.Integer(), nullable=True, comment="the act that it took back"),
        sa.CheckConstraint(
            "kind IN ('decide', 'bulk', 'import', 'status', 'new_event', 'sample', 'undo')",
            name=op.f("ck_act_kind"),
        ),
        sa.ForeignKeyConstraint(["undoes"], ["act.act_id"], name=op.f("fk_act_undoes_act")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_act")),
        comment="What editors did, each to be taken back in one go; append-only",
    )
    with op.batch_alter_table("act") as batch:
        batch.create_index(batch.f("ix_act_editor"), ["editor"], unique=False)
        batch.create_index(batch.f("ix_act_undoes"), ["undoes"], unique=False)

    op.create_table(
        "editor_mark",
        sa.Column("mark_id", sa.Integer(), nullable=False, comment="order of the marks"),
        sa.Column("act_id", sa.Integer(), nullable=False, comment="the editor's act"),
        sa.Column(
            "mark",
            sa.String(length=15),
            nullable=False,
            comment=(
                "rejected: the video is not of this event; later: put off until its evidence"
                " changes; not_recorded, not_published: of an event or talk; right, unsure: a"
                " link by rule, judged blind"
            ),
        ),
        sa.Column("is_set", sa.Integer(), nullable=False, comment="1, or 0 if it was taken back"),
        sa.Column("video_id", sa.String(length=64), nullable=True, comment="the video"),
        sa.Column("event_id", sa.Text(), nullable=True, comment="the event"),
        sa.Column("talk_id", sa.Text(), nullable=True, comment="the talk"),
        sa.Column(
            "evidence_hash",
            sa.String(length=64),
            nullable=True,
            comment="SHA-256 of the candidates and terms that the editor saw",
        ),
        sa.CheckConstraint(
            "mark IN ('rejected', 'later', 'not_recorded', 'not_published', 'right', 'unsure')",
            name=op.f("ck_editor_mark_mark"),
        ),
        sa.CheckConstraint("is_set IN (0, 1)", name=op.f("ck_editor_mark_is_set")),
        sa.ForeignKeyConstraint(["act_id"], ["act.act_id"], name=op.f("fk_editor_mark_act_id_act")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.event_id"], name=op.f("fk_editor_mark_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talk.talk_id"], name=op.f("fk_editor_mark_talk_id_talk")
        ),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.video_id"], name=op.f("fk_editor_mark_video_id_video")
        ),
        sa.PrimaryKeyConstraint("mark_id", name=op.f("pk_editor_mark")),
        comment="What editors say beside decisions: not this pair, later, not recorded",
    )
    with op.batch_alter_table("editor_mark") as batch:
        batch.create_index(batch.f("ix_editor_mark_act_id"), ["act_id"], unique=False)
        batch.create_index(batch.f("ix_editor_mark_event_id"), ["event_id"], unique=False)
        batch.create_index(batch.f("ix_editor_mark_talk_id"), ["talk_id"], unique=False)
        batch.create_index(batch.f("ix_editor_mark_video_id"), ["video_id"], unique=False)

    with op.batch_alter_table("decision") as batch:
        batch.add_column(
            sa.Column(
                "act_id",
                sa.Integer(),
                nullable=True,
                comment="the editor's act; empty: a rule decided",
            )
        )
        batch.add_column(
            sa.Column("note", sa.Text(), nullable=True, comment="what the editor wished to add")
        )
        batch.add_column(
            sa.Column(
                "model",
                sa.Text(),
                nullable=True,
                comment="the model whose candidates the editor saw, as in `linking_state`",
            )
        )
        batch.add_column(
            sa.Column(
                "seen_title",
                sa.Text(),
                nullable=True,
                comment="title of the video as the editor saw it; for a rule empty",
            )
        )
        batch.add_column(
            sa.Column(
                "seen_duration_s",
                sa.Integer(),
                nullable=True,
                comment="length of the video as the editor saw it, in seconds; for a rule empty",
            )
        )
        batch.create_index(batch.f("ix_decision_act_id"), ["act_id"], unique=False)
        batch.create_foreign_key(batch.f("fk_decision_act_id_act"), "act", ["act_id"], ["act_id"])

    with op.batch_alter_table("decision_link") as batch:
        batch.add_column(
            sa.Column(
                "seen_event",
                sa.Text(),
                nullable=True,
                comment=(
                    "name and days of the event as the editor saw them: name · first day–last day;"
                    " for a rule empty"
                ),
            )
        )
        batch.add_column(
            sa.Column(
                "seen_talk",
                sa.Text(),
                nullable=True,
                comment="title of the talk as the editor saw it; for a rule empty",
            )
        )

    with op.batch_alter_table("event") as batch:
        batch.create_index(batch.f("ix_event_source"), ["source"], unique=False)
