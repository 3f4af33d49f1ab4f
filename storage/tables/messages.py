"""What came in, what goes out, and each attempt to say it."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.states import Channel, InboxState, OutboxState, Outcome
from storage.tables.base import BIG, JSON_VALUE, in_words, one_of, table_of

_WAITING = text(in_words("state", InboxState.WAITING))
UNSENT = text(in_words("state", OutboxState.NEW, OutboxState.RETRY, OutboxState.CLAIMED))
_ASIDE = text(in_words("state", InboxState.ASIDE))
_DEAD = text(in_words("state", OutboxState.FAILED))
RECALL = text("recall")
GATHERING = "gathering"  # the owner of a reminder that waits for the others of its moment
REMINDER = text("substr(kind, 1, 7) = 'remind-'")  # word for word, else its index is not found


class InboxRow(SQLModel, table=True):
    """A callback that was answered 200. Its envelope is still encrypted, and erased when done."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_inbox_order", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_inbox_sender", "sender", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_inbox_aside", "sender", sqlite_where=_ASIDE, postgresql_where=_ASIDE),
        {"sqlite_autoincrement": True},  # the id is the order of arrival: never given out twice
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    key: str
    channel: Channel = Field(sa_type=one_of(Channel, "channel"))
    agent_id: str
    sender: str
    created_at: datetime
    received_at: datetime
    envelope: bytes | None = Field(default=None, sa_type=LargeBinary)
    query: dict[str, str] = Field(sa_type=JSON_VALUE)
    state: InboxState = Field(sa_type=one_of(InboxState, "state"))
    tries: int = 0
    outcome: str | None = None
    done_at: datetime | None = None


class OutboxRow(SQLModel, table=True):
    """A message that must leave, written in the same transaction as its cause."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(
            "ix_outbox_due",
            "priority",
            "next_at",
            "id",
            sqlite_where=UNSENT,
            postgresql_where=UNSENT,
        ),
        Index("ix_outbox_clock", "clock_id"),
        Index("ix_outbox_case", "case_id"),
        Index("ix_outbox_first", "first_at"),
        Index("ix_outbox_dead", "id", sqlite_where=_DEAD, postgresql_where=_DEAD),
        Index(
            "ix_outbox_reminders",
            "case_id",
            "state",
            sqlite_where=REMINDER,
            postgresql_where=REMINDER,
        ),
        Index("ix_outbox_recall", "id", sqlite_where=RECALL, postgresql_where=RECALL),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    key: str
    case_id: int | None = Field(default=None, foreign_key="case_file.id", sa_type=BIG)
    clock_id: int | None = Field(default=None, foreign_key="clock.id", sa_type=BIG)
    generation: int | None = None
    kind: str
    channel: Channel = Field(sa_type=one_of(Channel, "channel"))
    recipient: str
    priority: int
    payload: str
    payload_sha: str
    mentions: list[str] = Field(sa_type=JSON_VALUE)
    reason: str
    state: OutboxState = Field(sa_type=one_of(OutboxState, "state"))
    next_at: datetime
    lease_until: datetime | None = None
    owner: str | None = None
    epoch: int = 0
    attempts: int = 0
    msgid: str | None = None
    errcode: int | None = None
    error: str | None = None
    first_at: datetime  # next_at as first asked for
    sent_at: datetime | None = None
    ended_reason: str | None = None
    recall: bool = False


class AttemptRow(SQLModel, table=True):
    """One attempt to say a message. Without an outcome it is unknown: a kill leaves just that."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("outbox_id", "epoch"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    outbox_id: int = Field(foreign_key="outbox.id", sa_type=BIG)
    epoch: int
    started_at: datetime
    ended_at: datetime | None = None
    outcome: Outcome | None = Field(default=None, sa_type=one_of(Outcome, "outcome"))
    errcode: int | None = None


INBOX = table_of(InboxRow)
OUTBOX = table_of(OutboxRow)
ATTEMPT = table_of(AttemptRow)
