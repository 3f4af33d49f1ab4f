"""The life of a case: extensions, endings, second tier, and lists of many new cases."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import big, ints, json_values, moments, refers, texts

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        *json_values("extension", optional=True),
        *texts("ending", "ended_from", "linked_to", optional=True),
        sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("case_file", column)
    for column in (
        *texts("handed_to", optional=True),
        *moments("hand_signed_at", optional=True),
    ):
        op.add_column("assignment", column)
    op.create_table(
        "case_list",
        *big("id"),
        *moments("opened_at"),
        *ints("shown"),
        *moments("closed_at", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_case_list"),
    )
    op.create_table(
        "case_list_line",
        *big("list_id", given=True),
        *ints("number", given=True),
        *big("case_id"),
        *moments("settled_at", optional=True),
        sa.PrimaryKeyConstraint("list_id", "number", name="pk_case_list_line"),
        sa.UniqueConstraint("case_id", name="uq_case_list_line_case_id"),
        *refers("case_list_line", list_id="case_list.id", case_id="case_file.id"),
    )
