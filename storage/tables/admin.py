"""What administrators change on the pages, and the keys they give to sources of reports."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import BIG, JSON_VALUE, table_of


class AdminChangeRow(SQLModel, table=True):
    """One change made on the pages: what something was before and after, so it can be undone."""

    __tablename__ = "admin_change"
    __table_args__ = (Index("ix_admin_change_subject", "kind", "subject"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    at: datetime
    by: str
    kind: str
    subject: str
    title: str
    before: dict[str, object] = Field(sa_type=JSON_VALUE)
    after: dict[str, object] = Field(sa_type=JSON_VALUE)
    undoes: int | None = Field(default=None, sa_type=BIG)
    undone_by: int | None = Field(default=None, sa_type=BIG)


class SourceKeyRow(SQLModel, table=True):
    """A key of the reports interface given on the pages; only its hash is kept."""

    __tablename__ = "source_key"
    __table_args__ = (UniqueConstraint("digest"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    name: str
    digest: str
    issued_at: datetime
    issued_by: str
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None


ADMIN_CHANGE = table_of(AdminChangeRow)
SOURCE_KEY = table_of(SourceKeyRow)
