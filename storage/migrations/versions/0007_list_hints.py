"""What the office should see beside a case of a list."""

from alembic import op

from storage.migrations.columns import texts

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in texts("hint", optional=True):
        op.add_column("case_list_line", column)
