"""Pictures and recordings, questions about gaps, ids of other doors."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import big, index, ints, moments, refers, texts, words

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence",
        *big("id"),
        *big("case_id", optional=True),
        *texts("message_key", "sender"),
        *moments("at"),
        *texts("kind", "media_id"),
        words("state", "waiting kept refused"),
        *ints("tries"),
        *moments("next_at"),
        *texts("reason"),
        *texts("sha256", optional=True),
        *ints("size", optional=True),
        *texts("media_type", "path", optional=True),
        *moments("kept_at", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.UniqueConstraint("message_key", name="uq_evidence_message_key"),
        *refers("evidence", case_id="case_file.id"),
    )
    index("ix_evidence_case", "evidence", "case_id")
    index("ix_evidence_sender", "evidence", "sender", "at")
    index("ix_evidence_waiting", "evidence", "next_at", where="state = 'waiting'")
    op.create_table(
        "asked",
        *big("case_id", given=True),
        *texts("essential", "userid"),
        *ints("times"),
        *moments("at"),
        sa.PrimaryKeyConstraint("case_id", "essential", name="pk_asked"),
        *refers("asked", case_id="case_file.id"),
    )
    op.create_table(
        "imported",
        *texts("source", "vendor_id"),
        *big("case_id"),
        *moments("at"),
        sa.PrimaryKeyConstraint("source", "vendor_id", name="pk_imported"),
        *refers("imported", case_id="case_file.id"),
    )


def downgrade() -> None:
    for name in ("imported", "asked", "evidence"):
        op.drop_table(name)
