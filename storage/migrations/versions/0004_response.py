"""What a case says in public and upward."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    nothing_said = sa.text("'{}'")
    op.add_column(
        "case_file", sa.Column("response", sa.JSON(), nullable=False, server_default=nothing_said)
    )


def downgrade() -> None:
    op.drop_column("case_file", "response")
