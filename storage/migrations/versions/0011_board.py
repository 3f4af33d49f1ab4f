"""Pages in a browser: sessions, what is good for one use, who opened a case; names of files."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import big, index, json_values, moments, refers, texts, words

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_session",
        *big("id"),
        *texts("token_hash", "userid"),
        words("way", "wecom qr link"),
        *texts("device"),
        *moments("created_at", "seen_at"),
        *moments("ended_at", optional=True),
        *texts("ended_why", optional=True),
        *json_values("said", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_board_session"),
        sa.UniqueConstraint("token_hash", name="uq_board_session_token_hash"),
    )
    index("ix_board_session_live", "board_session", "userid", where="ended_at IS NULL")
    op.create_table(
        "one_time",
        *texts("digest"),
        words("kind", "link state code form"),
        *texts("userid", optional=True),
        *texts("by"),
        *moments("at", "expires_at"),
        *moments("used_at", optional=True),
        sa.PrimaryKeyConstraint("digest", name="pk_one_time"),
    )
    index("ix_one_time_expires", "one_time", "expires_at")
    op.create_table(
        "case_opening",
        *big("case_id", given=True),
        *texts("userid"),
        *moments("first_at", "last_at"),
        sa.PrimaryKeyConstraint("case_id", "userid", name="pk_case_opening"),
        *refers("case_opening", case_id="case_file.id"),
    )
    for column in texts("name", optional=True):
        op.add_column("evidence", column)


def downgrade() -> None:
    op.drop_column("evidence", "name")
    for name in ("case_opening", "one_time", "board_session"):
        op.drop_table(name)
