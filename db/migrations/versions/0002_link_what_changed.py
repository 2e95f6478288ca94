"""A linking touches only what changed since the last one.

What it does with the data that is there: nothing.  No hash is known of any video, and
no state, so the next linking takes all videos once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "linking_state",
        sa.Column(
            "state_id", sa.Integer(), autoincrement=False, nullable=False, comment="always 1"
        ),
        sa.Column(
            "model_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the model's weights, words and thresholds",
        ),
        sa.Column(
            "records_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the events and talks on record",
        ),
        sa.Column(
            "shown_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the talks that videos show by an editor's word",
        ),
        sa.Column(
            "linked_all_at",
            sa.DateTime(),
            nullable=False,
            comment="when all were last linked (UTC)",
        ),
        sa.Column(
            "linked_at",
            sa.DateTime(),
            nullable=False,
            comment="when videos were last linked, all or some (UTC)",
        ),
        sa.Column(
            "linked_since",
            sa.Integer(),
            nullable=False,
            comment=("videos that came or changed and were linked without the others since then"),
        ),
        sa.CheckConstraint("state_id = 1", name=op.f("ck_linking_state_state_id")),
        sa.PrimaryKeyConstraint("state_id", name=op.f("pk_linking_state")),
        comment="What the last linking of all videos rests on, and what came after; one row",
    )
    with op.batch_alter_table("video_linking") as batch:
        batch.add_column(
            sa.Column(
                "input_hash",
                sa.String(length=64),
                nullable=True,
                comment=(
                    "SHA-256 of what linking looks at in the video and its playlists, when it was"
                    " last linked; empty: it has to be linked anew"
                ),
            )
        )
