"""Finding cases by words of their titles: pairs of characters, which serve both databases alike.

Chinese has no spaces between words, and many words are two characters long: a table of pairs finds
any two characters on, where an index of words or of three characters would not.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, select

from storage.columns import insert_unless
from storage.stale import Kind, StaleStore
from storage.tables.cases import CASE
from storage.tables.kept import STALE, TITLE_PAIR

_FEW = 500  # cases that are asked for by their ids
_EVERY = 2**62
_RARE = 1000  # cases: among pairs more common than that none is looked for that is rarer


class TitleStore:
    """The titles in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._stale = StaleStore(connection)

    def having(self, words: str, limit: int) -> Sequence[int]:
        """The ids of cases whose title has these words, open or ended, the latest first.

        Args:
            words: two characters at least; small and capital letters are alike.
            limit: how many at most.
        """
        has = func.lower(CASE.c.title).contains(words.lower(), autoescape=True)
        found = set(self._not_indexed(has, limit))
        if sought := self._rarest_first(words):
            found |= set(self._holding(sought, has, limit))
        return sorted(found, reverse=True)[:limit]

    def index(self, ids: Sequence[int]) -> None:
        """Let cases be found by their titles as they are now.

        Raises:
            ConcurrentChange: somebody else does the same.
        """
        marks = self._stale.marks(Kind.TITLE, ids)
        self._connection.execute(TITLE_PAIR.delete().where(TITLE_PAIR.c.case_id.in_(ids)))
        titles = self._connection.execute(select(CASE.c.id, CASE.c.title).where(CASE.c.id.in_(ids)))
        rows = [
            {"pair": pair, "case_id": case_id}
            for case_id, title in titles
            for pair in pairs_of(title)
        ]
        if rows:
            put = insert_unless(self._connection, TITLE_PAIR, "pair", "case_id")
            self._connection.execute(put, rows)
        self._stale.take(marks)

    def pairs(self, case_id: int) -> list[str]:
        """By which pairs a case is found."""
        found = select(TITLE_PAIR.c.pair).where(TITLE_PAIR.c.case_id == case_id)
        return list(self._connection.execute(found.order_by(TITLE_PAIR.c.pair)).scalars())

    def _not_indexed(self, has: ColumnElement[bool], limit: int) -> Sequence[int]:
        """Look through the titles that changed since they were indexed: after an upgrade, all."""
        some = self._stale.first(Kind.TITLE, _FEW + 1, _EVERY)
        if not some:
            return []
        noted = select(STALE.c.which).where(STALE.c.kind == Kind.TITLE)
        which = CASE.c.id.in_(some if len(some) <= _FEW else noted)
        found = select(CASE.c.id).where(has, which).order_by(CASE.c.id.desc()).limit(limit)
        return self._connection.execute(found).scalars().all()

    def _holding(
        self, sought: Sequence[str], has: ColumnElement[bool], limit: int
    ) -> Sequence[int]:
        first = TITLE_PAIR.alias()
        rows = select(first.c.case_id).join(CASE, CASE.c.id == first.c.case_id)
        rows = rows.where(first.c.pair == sought[0], has)
        for value in sought[1:]:
            other = TITLE_PAIR.alias()
            rows = rows.where(
                select(other.c.case_id)
                .where(other.c.pair == value, other.c.case_id == first.c.case_id)
                .exists()
            )
        latest = rows.order_by(first.c.case_id.desc()).limit(limit)
        return self._connection.execute(latest).scalars().all()

    def _rarest_first(self, words: str) -> list[str]:
        """Return the pairs of the words, the rarest first; none where one is in no title."""
        held: list[tuple[int, str]] = []
        for pair in pairs_of(words):
            some = select(TITLE_PAIR.c.case_id).where(TITLE_PAIR.c.pair == pair).limit(_RARE)
            count = select(func.count()).select_from(some.subquery("chosen"))
            held.append((self._connection.execute(count).scalar_one(), pair))
        return [pair for _, pair in sorted(held)] if all(count for count, _ in held) else []


def pairs_of(words: str) -> list[str]:
    """Return the pairs of characters that stand together in some words, each once."""
    small = words.lower()
    return sorted({small[at : at + 2] for at in range(len(small) - 1)})
