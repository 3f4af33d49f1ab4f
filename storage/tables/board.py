"""The pages in a browser: who is signed in, what is good for one use, who has opened a case."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.states import OneTimeKind, SignInWay
from storage.tables.base import BIG, JSON_VALUE, one_of, table_of

_LIVE = text("ended_at IS NULL")


class SessionRow(SQLModel, table=True):
    """Somebody is signed in; of the token in the browser only the hash is kept."""

    __tablename__ = "board_session"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_board_session_live", "userid", sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    token_hash: str
    userid: str
    way: SignInWay = Field(sa_type=one_of(SignInWay, "way"))
    device: str
    created_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    ended_why: str | None = None
    said: dict[str, object] | None = Field(default=None, sa_type=JSON_VALUE)


class OneTimeRow(SQLModel, table=True):
    """Something that is good for one use: a link for signing in, a state, a code, a form."""

    __tablename__ = "one_time"
    __table_args__ = (Index("ix_one_time_expires", "expires_at"),)

    digest: str = Field(primary_key=True)
    kind: OneTimeKind = Field(sa_type=one_of(OneTimeKind, "kind"))
    userid: str | None = None
    by: str
    at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class OpeningRow(SQLModel, table=True):
    """Somebody has opened the page of a case: when first, and when last."""

    __tablename__ = "case_opening"

    case_id: int = Field(primary_key=True, foreign_key="case_file.id", sa_type=BIG)
    userid: str = Field(primary_key=True)
    first_at: datetime
    last_at: datetime


SESSION = table_of(SessionRow)
ONE_TIME = table_of(OneTimeRow)
OPENING = table_of(OpeningRow)
