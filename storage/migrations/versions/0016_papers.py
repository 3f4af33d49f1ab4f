"""Papers: ordered, printed in versions, checked and sent."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import (
    big,
    index,
    ints,
    json_values,
    moments,
    refers,
    texts,
    words,
)

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper",
        *big("id"),
        *texts("kind", "subject", "period"),
        *big("case_id", optional=True),
        words("state", "drafting checking returned approved sent"),
        *texts("asked_by"),
        *moments("asked_at"),
        *texts("checker"),
        *json_values("fills"),
        *texts("opinion"),
        *texts("decided_by", optional=True),
        *moments("decided_at", optional=True),
        *texts("sent_to"),
        *texts("sent_by", optional=True),
        *moments("sent_at", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
        sa.UniqueConstraint("kind", "subject", "period", name="uq_paper_kind_subject_period"),
        *refers("paper", case_id="case_file.id"),
    )
    index("ix_paper_case_id", "paper", "case_id")
    op.create_table(
        "paper_version",
        *big("id"),
        *big("paper_id"),
        *ints("number"),
        words("state", "waiting ready failed"),
        *texts("origin", "asked_by"),
        *moments("asked_at"),
        *texts("way"),
        *ints("tries"),
        *moments("next_at"),
        *moments("ready_at", optional=True),
        *json_values("sources", "wanted"),
        *texts("notes"),
        *json_values("files"),
        sa.PrimaryKeyConstraint("id", name="pk_paper_version"),
        sa.UniqueConstraint("paper_id", "number", name="uq_paper_version_paper_id_number"),
        *refers("paper_version", paper_id="paper.id"),
    )
    index("ix_paper_version_waiting", "paper_version", "next_at", where="state = 'waiting'")


def downgrade() -> None:
    for name in ("paper_version", "paper"):
        op.drop_table(name)
