"""What is learned from cases: drills, points of the scores, lessons, and words to find them by."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.states import ScoreEntryKind
from storage.tables.base import BIG, JSON_VALUE, one_of, table_of

_UNDER_WAY = text("ended_at IS NULL")


class DrillRow(SQLModel, table=True):
    """A drill (演练): its scenario as it was when it began, and its own time."""

    __tablename__ = "drill"
    __table_args__ = (
        Index(
            "ix_drill_under_way",
            "id",
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    name: str
    scenario: dict[str, object] = Field(sa_type=JSON_VALUE)
    began_at: datetime
    began_by: str
    story_at: datetime  # what time it is in the drill when it begins
    speed: int  # how many minutes of the drill pass in one
    ended_at: datetime | None = None
    ended_by: str | None = None


class ScoreEntryRow(SQLModel, table=True):
    """A point somebody gave, an appeal or a ruling: added, never changed or deleted."""

    __tablename__ = "score_entry"
    __table_args__ = (Index("ix_score_entry_month", "month", "unit_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    month: str  # 2026-11
    kind: ScoreEntryKind = Field(sa_type=one_of(ScoreEntryKind, "kind"))
    unit_id: str
    case_id: int | None = Field(default=None, foreign_key="case_file.id", sa_type=BIG)
    point: str  # which point it is about; "" of one that is given by hand
    fact: str  # the fact of the rules a point given by hand is for
    appeal_id: int | None = Field(default=None, sa_type=BIG)  # of a ruling
    upheld: bool = False
    reason: str
    by: str
    at: datetime


class ScoreNoticeRow(SQLModel, table=True):
    """The monthly notice (通报) of the scores: from then on its rules are settled."""

    __tablename__ = "score_notice"

    month: str = Field(primary_key=True)
    rulebook_id: int = Field(foreign_key="rulebook.id")
    text: str
    at: datetime
    by: str


class LessonRow(SQLModel, table=True):
    """What a closed case teaches (案例要点)."""

    __tablename__ = "lesson"

    case_id: int = Field(
        primary_key=True,
        foreign_key="case_file.id",
        sa_type=BIG,
        sa_column_kwargs={"autoincrement": False},
    )
    cause: str = ""
    worked: str = ""
    failed: str = ""
    wording: str = ""
    tags: list[str] = Field(sa_type=JSON_VALUE)
    skipped: list[str] = Field(sa_type=JSON_VALUE)
    asked: str = ""  # what is being asked
    asked_of: str = ""  # a userid
    asked_at: datetime | None = None
    by: str = ""
    at: datetime | None = None


class LibraryTermRow(SQLModel, table=True):
    """A word of a past case, and how much it says of it."""

    __tablename__ = "library_term"
    __table_args__ = (Index("ix_library_term_case", "case_id"),)

    term: str = Field(primary_key=True)
    case_id: int = Field(
        primary_key=True,
        foreign_key="case_file.id",
        sa_type=BIG,
        sa_column_kwargs={"autoincrement": False},
    )
    weight: int


DRILL = table_of(DrillRow)
SCORE_ENTRY = table_of(ScoreEntryRow)
SCORE_NOTICE = table_of(ScoreNoticeRow)
LESSON = table_of(LessonRow)
LIBRARY_TERM = table_of(LibraryTermRow)
