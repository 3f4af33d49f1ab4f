"""The duty desk: shifts and their changes, held reminders, zero reports."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import big, index, moments, refers, texts, words

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shift",
        *big("id"),
        *texts("userid"),
        *moments("starts_at", "ends_at"),
        words("source", "roster chat"),
        *texts("by"),
        *moments("at"),
        sa.PrimaryKeyConstraint("id", name="pk_shift"),
        sa.UniqueConstraint(
            "userid", "starts_at", "ends_at", name="uq_shift_userid_starts_at_ends_at"
        ),
    )
    index("ix_shift_ends", "shift", "ends_at")
    op.create_table(
        "shift_change",
        *big("id"),
        *texts("kind", "leaves", "stands_in"),
        *moments("starts_at", "ends_at"),
        words("state", "proposed agreed refused"),
        *texts("by"),
        *moments("at"),
        *moments("agreed_at", optional=True),
        *texts("words"),
        sa.PrimaryKeyConstraint("id", name="pk_shift_change"),
    )
    index("ix_shift_change_ends", "shift_change", "ends_at")
    op.create_table(
        "hush",
        *big("id"),
        words("kind", "phoned mute"),
        *big("case_id"),
        *big("clock_id", optional=True),
        *texts("userid"),
        *moments("until"),
        *texts("by"),
        *moments("at"),
        *texts("words"),
        sa.PrimaryKeyConstraint("id", name="pk_hush"),
        *refers("hush", case_id="case_file.id", clock_id="clock.id"),
    )
    index("ix_hush_case", "hush", "case_id")
    op.create_table(
        "zero_report",
        *texts("slot", "userid"),
        *moments("at"),
        *texts("words"),
        sa.PrimaryKeyConstraint("slot", "userid", name="pk_zero_report"),
    )


def downgrade() -> None:
    for name in ("zero_report", "hush", "shift_change", "shift"):
        op.drop_table(name)
