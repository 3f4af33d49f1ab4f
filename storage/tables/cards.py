"""Cards that people hold, with what their buttons stand for; and the group chats of cases."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from cases.asks import Asks
from storage.states import CardState, ChatState
from storage.tables.base import BIG, JSON_VALUE, one_of, table_of


class CardRow(SQLModel, table=True):
    """A card somebody was sent. Its buttons say nothing by themselves: what they mean is here."""

    __tablename__ = "card"
    __table_args__ = (UniqueConstraint("key"), Index("ix_card_case", "case_id"))

    task_id: str = Field(primary_key=True)
    key: str  # of the message that brings it
    userid: str
    case_id: int = Field(foreign_key="case_file.id", sa_type=BIG)
    asks: Asks = Field(sa_type=one_of(Asks, "asks"))
    unit: str = ""  # whose signature is asked
    round: str = ""  # cards of one asking share it
    level: str = ""  # as the card shows it
    face: dict[str, object] = Field(sa_type=JSON_VALUE)
    buttons: list[list[str]] = Field(sa_type=JSON_VALUE)  # key, label, and the words it stands for
    text: str  # the same said without a card
    codes: list[list[str]] = Field(sa_type=JSON_VALUE)  # response_code, and until when it is good
    state: CardState = Field(sa_type=one_of(CardState, "state"))
    outcome: str = ""  # what is answered to whoever presses it once it is settled
    stale: bool = False  # what people see is not the face kept here
    updates: int = 0
    put_at: datetime
    settled_at: datetime | None = None


class ChatRow(SQLModel, table=True):
    """The group chat that the app has made for a case. Nothing typed there is heard."""

    __tablename__ = "case_chat"
    __table_args__ = (UniqueConstraint("chat_id"),)

    case_id: int = Field(primary_key=True, foreign_key="case_file.id", sa_type=BIG)
    chat_id: str
    name: str
    owner: str
    members: list[str] = Field(sa_type=JSON_VALUE)
    state: ChatState = Field(sa_type=one_of(ChatState, "state"))
    asked_by: str
    asked_at: datetime
    posts: int = 0


CARD = table_of(CardRow)
CASE_CHAT = table_of(ChatRow)
