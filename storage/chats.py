"""The group chats the app makes for cases: who is in them, and whether they are open."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.columns import columns_for, insert_or_replace, read_as
from storage.states import ChatState
from storage.tables.cards import CASE_CHAT


@dataclass(frozen=True, slots=True)
class CaseChat:
    """The group chat of one case."""

    case_id: int
    chat_id: str
    name: str
    owner: str
    members: tuple[str, ...]
    state: ChatState
    asked_by: str
    asked_at: datetime
    posts: int = 0


_OF_CASE = select(*columns_for(CASE_CHAT, CaseChat)).where(
    CASE_CHAT.c.case_id == bindparam("of_case")
)


class ChatStore:
    """The group chats in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, chat: CaseChat) -> None:
        """Write the chat of a case as it is now."""
        values = asdict(chat) | {"members": list(chat.members)}
        statement = insert_or_replace(self._connection, CASE_CHAT, "case_id")
        self._connection.execute(statement, values)

    def of_case(self, case_id: int) -> CaseChat | None:
        """The chat of a case, whatever its state."""
        row = self._connection.execute(_OF_CASE, {"of_case": case_id}).one_or_none()
        return read_as(CaseChat, row) if row is not None else None

    def stands(self, case_id: int, state: ChatState) -> None:
        """The chat is in this state from now on."""
        self._set(case_id, state=state)

    def changed(self, case_id: int, members: Sequence[str]) -> None:
        """These are in it from now on."""
        self._set(case_id, members=list(members))

    def next_post(self, chat: CaseChat) -> int:
        """Count one more post; return its number."""
        self._set(chat.case_id, posts=chat.posts + 1)
        return chat.posts + 1

    def _set(self, case_id: int, **values: object) -> None:
        changed = update(CASE_CHAT).where(CASE_CHAT.c.case_id == case_id)
        self._connection.execute(changed.values(**values))
