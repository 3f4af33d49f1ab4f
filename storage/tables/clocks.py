"""Clocks that run for somebody, and the moments at which to look at them again."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.states import ClockState, SubjectType, TimerState
from storage.tables.base import BIG, JSON_VALUE, in_words, one_of, table_of

_RUNNING = text(in_words("state", ClockState.RUNNING))
_PENDING = text(in_words("state", TimerState.PENDING))


class ClockRow(SQLModel, table=True):
    """A clock: (case, unit or person, step), with a generation of its own (decision 2)."""

    __tablename__ = "clock"
    __table_args__ = (
        Index(
            "ix_clock_running",
            "case_id",
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        Index("ix_clock_case", "case_id"),
        Index("ix_clock_due", "due_at"),
        Index("ix_clock_subject", "subject_type", "subject_id", "step"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    case_id: int | None = Field(default=None, foreign_key="case_file.id", sa_type=BIG)
    subject_type: SubjectType = Field(sa_type=one_of(SubjectType, "subject_type"))
    subject_id: int = Field(sa_type=BIG)
    step: str
    holder: str
    started_at: datetime
    counted_at: datetime
    due_at: datetime
    basis: str
    provisional: bool = False
    projected: bool = False
    computation: list[str] = Field(sa_type=JSON_VALUE)
    generation: int = 1
    state: ClockState = Field(sa_type=one_of(ClockState, "state"))
    ended_at: datetime | None = None
    ended_by: str | None = None


class TimerRow(SQLModel, table=True):
    """A moment at which to look again. The case, not the timer, is the truth."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint(
            "subject_type",
            "subject_id",
            "kind",
            "slot",
            "addressee",
            "generation",
            name="uq_timer_identity",
        ),
        Index("ix_timer_due", "leaves_at", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_timer_clock", "clock_id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_timer_case", "case_id", sqlite_where=_PENDING, postgresql_where=_PENDING),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    subject_type: SubjectType = Field(sa_type=one_of(SubjectType, "subject_type"))
    subject_id: int = Field(sa_type=BIG)
    kind: str
    slot: str
    addressee: str
    generation: int
    clock_id: int | None = Field(default=None, foreign_key="clock.id", sa_type=BIG)
    case_id: int | None = Field(default=None, foreign_key="case_file.id", sa_type=BIG)
    due_at: datetime
    leaves_at: datetime
    state: TimerState = Field(sa_type=one_of(TimerState, "state"))
    reason: str = ""
    tries: int = 0
    fired_at: datetime | None = None


CLOCK = table_of(ClockRow)
TIMER = table_of(TimerRow)
