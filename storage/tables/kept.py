"""What is kept ready, so that nobody waits for it: sums of days, pairs of a title's characters."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.base import BIG, JSON_VALUE, table_of


class StaleRow(SQLModel, table=True):
    """A day, or a case's title, that changed since it was kept; written by the database itself."""

    __tablename__ = "stale"
    # An id is never given out again: whoever has seen one may delete it later (`storage.kept`).
    __table_args__ = (Index("ix_stale_what", "kind", "which"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: str  # day or title
    which: int = Field(sa_type=BIG)  # days since 1970-01-01 in Beijing, or the case


class DaySumRow(SQLModel, table=True):
    """What one day adds to the statistics of one unit's cases; no row where it adds nothing."""

    __tablename__ = "day_sum"
    __table_args__ = (Index("ix_day_sum_day", "day"),)

    unit: str = Field(primary_key=True)  # "" for all cases
    day: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    whole: dict[str, object] = Field(sa_type=JSON_VALUE)
    split: list[object] = Field(sa_type=JSON_VALUE)  # by level and platform


class TitlePairRow(SQLModel, table=True):
    """Two characters that stand together in the title of a case."""

    __tablename__ = "title_pair"
    __table_args__ = (Index("ix_title_pair_case", "case_id"),)

    pair: str = Field(primary_key=True)
    case_id: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={"autoincrement": False})


STALE = table_of(StaleRow)
DAY_SUM = table_of(DaySumRow)
TITLE_PAIR = table_of(TitlePairRow)
