"""Find cases by when they came in, clocks by case and by when they are due, reminders by case."""

from storage.migrations.columns import index

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_REMINDER = "substr(kind, 1, 7) = 'remind-'"


def upgrade() -> None:
    index("ix_case_file_reported_at", "case_file", "reported_at")
    index("ix_clock_case", "clock", "case_id")
    index("ix_clock_due", "clock", "due_at")
    index("ix_outbox_reminders", "outbox", "case_id", "state", where=_REMINDER)
