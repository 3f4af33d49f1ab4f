"""Administration on the pages: its changes, keys of sources, the rulebook in force by an index."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import big, index, json_values, moments, texts

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admin_change",
        *big("id"),
        *moments("at"),
        *texts("by", "kind", "subject", "title"),
        *json_values("before", "after"),
        *big("undoes", "undone_by", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_admin_change"),
    )
    index("ix_admin_change_subject", "admin_change", "kind", "subject")
    op.create_table(
        "source_key",
        *big("id"),
        *texts("name", "digest"),
        *moments("issued_at"),
        *texts("issued_by"),
        *moments("last_used_at", "revoked_at", optional=True),
        *texts("revoked_by", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_source_key"),
        sa.UniqueConstraint("digest", name="uq_source_key_digest"),
    )
    index("ix_rulebook_in_force", "rulebook", "in_force")


def downgrade() -> None:
    op.drop_index("ix_rulebook_in_force", "rulebook")
    for name in ("source_key", "admin_change"):
        op.drop_table(name)
