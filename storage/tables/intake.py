"""What comes in beside words: pictures and recordings, questions about gaps, other doors' ids."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.states import EvidenceState
from storage.tables.base import BIG, in_words, one_of, table_of

_WAITING = text(in_words("state", EvidenceState.WAITING))


class EvidenceRow(SQLModel, table=True):
    """A picture, recording or film somebody sent (材料); the file itself lies in the folder."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("message_key"),
        Index("ix_evidence_case", "case_id"),
        Index("ix_evidence_sender", "sender", "at"),
        Index("ix_evidence_waiting", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    case_id: int | None = Field(default=None, foreign_key="case_file.id", sa_type=BIG)
    message_key: str
    sender: str
    at: datetime
    kind: str
    media_id: str
    state: EvidenceState = Field(sa_type=one_of(EvidenceState, "state"))
    tries: int = 0
    next_at: datetime
    reason: str = ""
    sha256: str | None = None
    size: int | None = None
    media_type: str | None = None
    path: str | None = None
    kept_at: datetime | None = None
    name: str | None = None  # of a file that was uploaded, as its sender called it


class AskedRow(SQLModel, table=True):
    """An essential that a case lacks and somebody was asked for; at most twice."""

    __tablename__ = "asked"

    case_id: int = Field(primary_key=True, foreign_key="case_file.id", sa_type=BIG)
    essential: str = Field(primary_key=True)
    userid: str
    times: int
    at: datetime


class ImportedRow(SQLModel, table=True):
    """A report that came through another door, by that door's own id: taken once."""

    __tablename__ = "imported"

    source: str = Field(primary_key=True)
    vendor_id: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", sa_type=BIG)
    at: datetime


EVIDENCE = table_of(EvidenceRow)
ASKED = table_of(AskedRow)
IMPORTED = table_of(ImportedRow)
