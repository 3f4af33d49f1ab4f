"""The emergency brake: which messages are held, by whom and why."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import big, index, moments, texts, words

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brake",
        *big("id"),
        words("scope", "all unit kind volume restored"),
        *texts("what"),
        *moments("since"),
        *texts("by", "reason"),
        *moments("released_at", optional=True),
        *texts("released_by", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_brake"),
    )
    index("uq_brake_pulled", "brake", "scope", "what", unique=True, where="released_at IS NULL")
