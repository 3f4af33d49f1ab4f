"""How much may still be said: at most so many in any window, wherever the window begins (R12).

A window that begins anew every minute would let twice the limit through around its border, and the
platform drops what is too much without a word. So grants are counted in twelfths of the window, and
a twelfth counts until all of it has left the window.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from storage.columns import insert_unless
from storage.tables.system import BUDGET

_PARTS = 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCKED = select(BUDGET.c.slots).where(BUDGET.c.key == bindparam("which")).with_for_update()
_CHANGED = update(BUDGET).where(BUDGET.c.key == bindparam("which")).values(slots=bindparam("now"))


class BudgetStore:
    """The budgets in one transaction. To draw on several, take them in the order of their keys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, key: str, limit: int, window_seconds: int, now: datetime) -> datetime | None:
        """Take one from the budget `key`; return None if granted, else when to ask again."""
        part = timedelta(seconds=window_seconds) / _PARTS
        current = (now - _EPOCH) // part
        counts = {slot: used for slot, used in self._locked(key) if slot >= current - _PARTS}
        if sum(counts.values()) >= limit:
            return _EPOCH + part * (_frees(counts, limit, current) + _PARTS + 1)
        # After a step back of the clock later slots stay counted: too few is better than too many.
        counts[current] = counts.get(current, 0) + 1
        slots = sorted(map(list, counts.items()))
        self._connection.execute(_CHANGED, {"which": key, "now": slots})
        return None

    def used(self, key: str, window_seconds: int, now: datetime) -> int:
        """How many were taken from `key` in the window up to now; the key is kept for this work."""
        current = (now - _EPOCH) // (timedelta(seconds=window_seconds) / _PARTS)
        return sum(used for slot, used in self._locked(key) if slot >= current - _PARTS)

    def _locked(self, key: str) -> list[list[int]]:
        found = self._connection.execute(_LOCKED, {"which": key}).first()
        if found is None:
            first = insert_unless(self._connection, BUDGET, "key")
            self._connection.execute(first, {"key": key, "slots": []})
            found = self._connection.execute(_LOCKED, {"which": key}).one()
        slots: list[list[int]] = found[0]
        return slots


def _frees(counts: dict[int, int], limit: int, current: int) -> int:
    """The slot whose leaving brings the sum below `limit`; the current one if none does."""
    left = sum(counts.values())
    for slot, used in sorted(counts.items()):
        left -= used
        if left < limit:
            return slot
    return current
