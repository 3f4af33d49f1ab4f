"""Drills, points of the scores, lessons of closed cases and the words to find them by."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import (
    big,
    flags,
    index,
    ints,
    json_values,
    moments,
    refers,
    texts,
    words,
)

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drill",
        *big("id"),
        *texts("name"),
        *json_values("scenario"),
        *moments("began_at"),
        *texts("began_by"),
        *moments("story_at"),
        *ints("speed"),
        *moments("ended_at", optional=True),
        *texts("ended_by", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_drill"),
    )
    index("ix_drill_under_way", "drill", "id", where="ended_at IS NULL")
    for column in big("drill", optional=True):
        op.add_column("case_file", column)
    index("ix_case_file_drill", "case_file", "drill", where="drill IS NOT NULL")
    op.create_table(
        "score_entry",
        *big("id"),
        *texts("month"),
        words("kind", "given appeal ruling"),
        *texts("unit_id"),
        *big("case_id", optional=True),
        *texts("point", "fact"),
        *big("appeal_id", optional=True),
        *flags("upheld"),
        *texts("reason", "by"),
        *moments("at"),
        sa.PrimaryKeyConstraint("id", name="pk_score_entry"),
        *refers("score_entry", case_id="case_file.id"),
    )
    index("ix_score_entry_month", "score_entry", "month", "unit_id")
    op.create_table(
        "score_notice",
        *texts("month"),
        *ints("rulebook_id"),
        *texts("text"),
        *moments("at"),
        *texts("by"),
        sa.PrimaryKeyConstraint("month", name="pk_score_notice"),
        *refers("score_notice", rulebook_id="rulebook.id"),
    )
    op.create_table(
        "lesson",
        *big("case_id", given=True),
        *texts("cause", "worked", "failed", "wording"),
        *json_values("tags", "skipped"),
        *texts("asked", "asked_of"),
        *moments("asked_at", optional=True),
        *texts("by"),
        *moments("at", optional=True),
        sa.PrimaryKeyConstraint("case_id", name="pk_lesson"),
        *refers("lesson", case_id="case_file.id"),
    )
    op.create_table(
        "library_term",
        *texts("term"),
        *big("case_id", given=True),
        *ints("weight"),
        sa.PrimaryKeyConstraint("term", "case_id", name="pk_library_term"),
        *refers("library_term", case_id="case_file.id"),
    )
    index("ix_library_term_case", "library_term", "case_id")


def downgrade() -> None:
    op.drop_table("library_term")
    op.drop_table("lesson")
    op.drop_table("score_notice")
    op.drop_table("score_entry")
    op.drop_index("ix_case_file_drill", "case_file")
    op.drop_column("case_file", "drill")
    op.drop_table("drill")
