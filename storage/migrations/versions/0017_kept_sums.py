"""Sums of days and pairs of titles, kept ready; all that is there is to be added up once."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import big, index, ints, json_values, texts

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_DAY = {
    "sqlite": "(CAST(strftime('%s', {0}) AS INTEGER) + 28800) / 86400",
    "postgresql": "CAST(floor((extract(epoch FROM {0}) + 28800) / 86400) AS BIGINT)",
}
_MOMENTS = (("case_file", "reported_at"), ("case_file", "closed_at"), ("clock", "due_at"))


def upgrade() -> None:
    op.create_table(
        "stale",
        *big("id"),
        *texts("kind"),
        *big("which"),
        sa.PrimaryKeyConstraint("id", name="pk_stale"),
        sqlite_autoincrement=True,
    )
    index("ix_stale_what", "stale", "kind", "which")
    op.create_table(
        "day_sum",
        *texts("unit"),
        *ints("day", given=True),
        *json_values("whole", "split"),
        sa.PrimaryKeyConstraint("unit", "day", name="pk_day_sum"),
    )
    index("ix_day_sum_day", "day_sum", "day")
    op.create_table(
        "title_pair",
        *texts("pair"),
        *big("case_id", given=True),
        sa.PrimaryKeyConstraint("pair", "case_id", name="pk_title_pair"),
    )
    index("ix_title_pair_case", "title_pair", "case_id")
    _mark_all()


def downgrade() -> None:
    for name in ("title_pair", "day_sum", "stale"):
        op.drop_table(name)


def _mark_all() -> None:
    day = _DAY[op.get_bind().dialect.name]
    days = " UNION ".join(
        f"SELECT {day.format(moment)} FROM {table} WHERE {moment} IS NOT NULL"  # noqa: S608 - ours
        for table, moment in _MOMENTS
    )
    marks = "INSERT INTO stale (kind, which) SELECT "
    op.execute(f"{marks}'day', d.* FROM ({days}) d")
    op.execute(f"{marks}'title', id FROM case_file")
