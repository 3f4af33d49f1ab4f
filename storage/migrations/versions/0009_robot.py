"""The intelligent robot: people by their encrypted ids, and who holds the long connection."""

from alembic import op
from sqlalchemy import PrimaryKeyConstraint

from storage.migrations.columns import index, ints, moments, texts

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lease",
        *texts("name", "owner"),
        *ints("epoch"),
        *moments("until"),
        PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "robot_user",
        *texts("open_id"),
        *texts("userid", optional=True),
        *moments("asked_at", "wanted_at", optional=True),
        *ints("tries"),
        PrimaryKeyConstraint("open_id", name="pk_robot_user"),
    )
    index("ix_robot_user_wanted_at", "robot_user", "wanted_at")
    index("ix_inbox_aside", "inbox", "sender", where="state = 'aside'")
