"""Whoever has thousands of choices open is asked the next one as soon as anybody else."""

from alembic import op

from storage.migrations.columns import index

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    index("ix_question_case", "question", "userid", "case_id")
    index("ix_question_expires", "question", "userid", "expires_at")


def downgrade() -> None:
    op.drop_index("ix_question_expires", "question")
    op.drop_index("ix_question_case", "question")
