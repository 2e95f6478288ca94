"""Pages of every view are quick: indexes in the order in which the views are read.

What it does with the data that is there: nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_video_channel_id_published_at"), "video", ["channel_id", "published_at"]
    )
    op.create_index(op.f("ix_event_series"), "event", ["series"])
    op.create_index("ix_event_start_on_event_id", "event", [sa.text("start_on DESC"), "event_id"])
    op.create_index(
        op.f("ix_candidate_event_id_match_weight"), "candidate", ["event_id", "match_weight"]
    )
    op.create_index(
        op.f("ix_candidate_talk_id_match_weight"), "candidate", ["talk_id", "match_weight"]
    )
    # each begins one of the above
    op.drop_index(op.f("ix_video_channel_id"), "video")
    op.drop_index(op.f("ix_candidate_event_id"), "candidate")
    op.drop_index(op.f("ix_candidate_talk_id"), "candidate")
