"""Special periods, and the shifts of their own rota."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import big, flags, ints, json_values, moments, texts, words

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "special_period",
        *big("id"),
        *texts("name"),
        *moments("starts_at", "ends_at"),
        words("source", "roster chat"),
        *flags("through_night"),
        *ints("spacing"),
        *json_values("rounds"),
        *texts("turns", "by"),
        *moments("at"),
        *texts("words"),
        *texts("ended_by", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_special_period"),
        sa.UniqueConstraint("name", "starts_at", name="uq_special_period_name_starts_at"),
    )
    for column in big("period_id", optional=True):
        op.add_column("shift", column)
