"""Papers: what was written about a case or a period, its versions, and where their files lie."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.states import PaperState, VersionState
from storage.tables.base import BIG, JSON_VALUE, in_words, one_of, table_of

_WAITING = text(in_words("state", VersionState.WAITING))


class PaperRow(SQLModel, table=True):
    """A paper (文稿): one 特报 of a case, one 周报 of a week."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("kind", "subject", "period"), Index(None, "case_id"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: str
    subject: str  # the number of its case, "" where it is about a period
    period: str  # 2026-W47; of a case which of several: 续报2
    case_id: int | None = Field(default=None, foreign_key="case_file.id", sa_type=BIG)
    state: PaperState = Field(sa_type=one_of(PaperState, "state"))
    asked_by: str
    asked_at: datetime
    checker: str  # the role that checks it
    fills: dict[str, str] = Field(sa_type=JSON_VALUE)  # what people gave for its gaps
    opinion: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None
    sent_to: str = ""
    sent_by: str | None = None
    sent_at: datetime | None = None


class PaperVersionRow(SQLModel, table=True):
    """One version of a paper, printed once and never changed."""

    __tablename__ = "paper_version"
    __table_args__ = (
        UniqueConstraint("paper_id", "number"),
        Index(
            "ix_paper_version_waiting",
            "next_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    paper_id: int = Field(foreign_key="paper.id", sa_type=BIG)
    number: int
    state: VersionState = Field(sa_type=one_of(VersionState, "state"))
    origin: str  # 起草, 补充, 上传
    asked_by: str
    asked_at: datetime
    way: str = ""  # aibot: it was ordered in a single chat of the robot
    tries: int = 0
    next_at: datetime
    ready_at: datetime | None = None
    sources: list[str] = Field(sa_type=JSON_VALUE)  # the cases behind its numbers
    wanted: list[str] = Field(sa_type=JSON_VALUE)  # the fields that are 待补
    notes: str = ""  # what the font or a template could not do
    files: list[list[str]] = Field(sa_type=JSON_VALUE)  # form, path, SHA-256, bytes


PAPER = table_of(PaperRow)
PAPER_VERSION = table_of(PaperVersionRow)
