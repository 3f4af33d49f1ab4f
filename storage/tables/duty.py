"""People in time: shifts of the duty desk, changes to them, held reminders, zero reports."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.states import ChangeState, HushKind, ShiftSource
from storage.tables.base import BIG, JSON_VALUE, one_of, table_of


class ShiftRow(SQLModel, table=True):
    """Somebody is on duty from one moment to another."""

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("userid", "starts_at", "ends_at"),
        Index("ix_shift_ends", "ends_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    userid: str
    starts_at: datetime
    ends_at: datetime
    source: ShiftSource = Field(sa_type=one_of(ShiftSource, "source"))
    by: str
    at: datetime
    period_id: int | None = Field(default=None, sa_type=BIG)  # of the rota of a special period


class SpecialPeriodRow(SQLModel, table=True):
    """A special period (特殊时期), known beforehand from a file or started in chat."""

    __tablename__ = "special_period"
    __table_args__ = (UniqueConstraint("name", "starts_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    name: str
    starts_at: datetime
    ends_at: datetime
    source: ShiftSource = Field(sa_type=one_of(ShiftSource, "source"))
    through_night: bool
    spacing: int
    rounds: list[str] = Field(sa_type=JSON_VALUE)
    turns: str  # tells apart whether the rota has been edited
    by: str
    at: datetime
    words: str = ""
    ended_by: str | None = None


class ShiftChangeRow(SQLModel, table=True):
    """Somebody stands in for another: handed over, swapped, on leave. Both have to agree."""

    __tablename__ = "shift_change"
    __table_args__ = (Index("ix_shift_change_ends", "ends_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: str
    leaves: str
    stands_in: str
    starts_at: datetime
    ends_at: datetime
    state: ChangeState = Field(sa_type=one_of(ChangeState, "state"))
    by: str
    at: datetime
    agreed_at: datetime | None = None
    words: str = ""


class HushRow(SQLModel, table=True):
    """A reminder is held: somebody asked for quiet, or was called by telephone."""

    __tablename__ = "hush"
    __table_args__ = (Index("ix_hush_case", "case_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: HushKind = Field(sa_type=one_of(HushKind, "kind"))
    case_id: int = Field(foreign_key="case_file.id", sa_type=BIG)
    clock_id: int | None = Field(default=None, foreign_key="clock.id", sa_type=BIG)
    userid: str
    until: datetime
    by: str
    at: datetime
    words: str = ""


class RoundRow(SQLModel, table=True):
    """A zero report: somebody looked in a monitoring round and found nothing."""

    __tablename__ = "zero_report"

    slot: str = Field(primary_key=True)
    userid: str = Field(primary_key=True)
    at: datetime
    words: str = ""


SHIFT = table_of(ShiftRow)
SHIFT_CHANGE = table_of(ShiftChangeRow)
HUSH = table_of(HushRow)
ZERO_REPORT = table_of(RoundRow)
SPECIAL_PERIOD = table_of(SpecialPeriodRow)
