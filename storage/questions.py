"""Numbered choices people were offered: a bare number chooses what it stands for, and only once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Text, and_, bindparam, cast, func, select

from storage.columns import dump_json, lock_name
from storage.tables.talk import QUESTION

_WORDS = 0  # the number under which an answer in words is awaited; choices count from 1
_MINE = QUESTION.c.userid == bindparam("who")
_EXPIRED = QUESTION.delete().where(_MINE, QUESTION.c.expires_at <= bindparam("now"))
_LAST = select(func.max(QUESTION.c.number)).where(_MINE)
_STANDING = (
    select(func.min(QUESTION.c.number))
    # As text, as it was written: PostgreSQL compares no JSON. Of thousands open none else is read.
    .where(_MINE, QUESTION.c.number != _WORDS, cast(QUESTION.c.says, Text) == bindparam("words"))
)
_STANDING_OF_CASE = _STANDING.where(QUESTION.c.case_id == bindparam("case"))
_AWAITED = select(QUESTION.c.says).where(_MINE, QUESTION.c.number == _WORDS)


class QuestionStore:
    """The choices in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def offer(
        self,
        userid: str,
        choices: Sequence[Sequence[str]],
        *,
        case_id: int | None,
        now: datetime,
        expires_at: datetime,
    ) -> list[int]:
        """Offer choices together, each standing for some words; return their numbers.

        Numbers go on from the choices still open, so that an old "1" never means a new question.
        """
        lock_name(self._connection, f"question.{userid}")  # several cases may ask one person
        self._forget_expired(userid, now)
        last = self._connection.execute(_LAST, {"who": userid}).scalar_one()
        first: int = (last or 0) + 1
        numbers = list(range(first, first + len(choices)))
        common = {"userid": userid, "offer": first, "case_id": case_id, "asked_at": now}
        rows = [
            common | {"number": number, "says": list(says), "expires_at": expires_at}
            for number, says in zip(numbers, choices, strict=True)
        ]
        if rows:
            self._connection.execute(QUESTION.insert(), rows)
        return numbers

    def standing(
        self, userid: str, says: Sequence[str], *, now: datetime, case_id: int | None = None
    ) -> int | None:
        """The number under which these very words are open already, asked anew; None if not.

        `case_id` is what they were offered for: of whoever has many open, fewer are looked at.
        """
        self._forget_expired(userid, now)
        values = {"who": userid, "words": dump_json(list(says)), "case": case_id}
        statement = _STANDING if case_id is None else _STANDING_OF_CASE
        number: int | None = self._connection.execute(statement, values).scalar_one()
        return number

    def ask_words(
        self,
        userid: str,
        about: Sequence[str],
        *,
        case_id: int,
        now: datetime,
        expires_at: datetime,
    ) -> None:
        """Wait for words: what the person types next is the answer to `about`."""
        self.forget_words(userid)
        row = {"userid": userid, "number": _WORDS, "offer": _WORDS, "case_id": case_id}
        row |= {"says": list(about), "asked_at": now, "expires_at": expires_at}
        self._connection.execute(QUESTION.insert(), row)

    def words_asked(self, userid: str, *, now: datetime) -> tuple[str, ...] | None:
        """What the person is to answer in words, None where nothing is awaited."""
        self._forget_expired(userid, now)
        says = self._connection.execute(_AWAITED, {"who": userid}).scalar_one_or_none()
        return None if says is None else tuple(says)

    def forget_words(self, userid: str) -> None:
        """No words are awaited of the person any more."""
        mine = and_(QUESTION.c.userid == userid, QUESTION.c.number == _WORDS)
        self._connection.execute(QUESTION.delete().where(mine))

    def take(self, userid: str, number: int, *, now: datetime) -> tuple[str, ...] | None:
        """Choose: the words the number stands for. All that was offered with it is gone then.

        None: no such choice is open, or it has expired.
        """
        self._forget_expired(userid, now)
        chosen = select(QUESTION.c.says, QUESTION.c.offer).where(
            QUESTION.c.userid == userid, QUESTION.c.number == number, QUESTION.c.number != _WORDS
        )
        row = self._connection.execute(chosen.with_for_update()).one_or_none()
        if row is None:
            return None
        together = QUESTION.delete().where(
            QUESTION.c.userid == userid, QUESTION.c.offer == row.offer
        )
        self._connection.execute(together)
        return tuple(row.says)

    def _forget_expired(self, userid: str, now: datetime) -> None:
        self._connection.execute(_EXPIRED, {"who": userid, "now": now})
