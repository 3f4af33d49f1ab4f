"""Find what was merged into a case, and what closed lately, without reading the table."""

from storage.migrations.columns import index

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    index("ix_case_file_merged_into", "case_file", "merged_into", where="merged_into IS NOT NULL")
    index("ix_case_file_closed_at", "case_file", "closed_at")
    index("ix_case_event_at", "case_event", "at")
