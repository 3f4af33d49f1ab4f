"""What people were asked and have not answered yet: approvals and numbered choices."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.states import ApprovalKind, ApprovalState
from storage.tables.base import BIG, JSON_VALUE, in_words, one_of, table_of

_PENDING = text(in_words("state", ApprovalState.PENDING))


class ApprovalRow(SQLModel, table=True):
    """Somebody entitled is asked to decide; nobody's silence ever decides."""

    __tablename__ = "approval"
    __table_args__ = (
        Index("ix_approval_case", "case_id"),
        Index("ix_approval_pending", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    case_id: int = Field(foreign_key="case_file.id", sa_type=BIG)
    kind: ApprovalKind = Field(sa_type=one_of(ApprovalKind, "kind"))
    asked_role: str
    asked_userid: str | None = None
    state: ApprovalState = Field(sa_type=one_of(ApprovalState, "state"))
    proposal: dict[str, object] = Field(sa_type=JSON_VALUE)
    asked_at: datetime
    answered_by: str | None = None
    answered_at: datetime | None = None
    words: str = ""


class ChoiceRow(SQLModel, table=True):
    """A numbered choice somebody was offered: the number alone chooses what it stands for."""

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_case", "userid", "case_id"),
        Index("ix_question_expires", "userid", "expires_at"),
    )

    userid: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    offer: int  # the first number of those offered together: one is taken, all are gone
    says: list[str] = Field(sa_type=JSON_VALUE)
    case_id: int | None = Field(default=None, foreign_key="case_file.id", sa_type=BIG)
    asked_at: datetime
    expires_at: datetime


APPROVAL = table_of(ApprovalRow)
QUESTION = table_of(ChoiceRow)
