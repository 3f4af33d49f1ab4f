"""How much may still be said: at most so many in any window, wherever the window begins (R12).

A window that begins anew every minute would let twice the limit through around its border, and the
platform drops what is too much without a word. So grants are counted in twelfths of the window, and
a twelfth counts until all of it has left the window.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from storage.columns import insert_unless
from storage.tables.system import BUDGET

_PARTS = 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCKED = (
    select(BUDGET.c.key, BUDGET.c.slots)
    .where(BUDGET.c.key.in_(bindparam("which", expanding=True)))
    .order_by(BUDGET.c.key)  # whoever draws on several waits for them in one order
    .with_for_update()
)
_CHANGED = update(BUDGET).where(BUDGET.c.key == bindparam("which")).values(slots=bindparam("now"))


class BudgetStore:
    """The budgets in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, key: str, limit: int, window_seconds: int, now: datetime) -> datetime | None:
        """Take one from the budget `key`; return None if granted, else when to ask again."""
        refused = self.take_all([(key, limit, window_seconds)], now)
        return None if refused is None else refused[1]

    def take_all(
        self, wanted: Sequence[tuple[str, int, int]], now: datetime
    ) -> tuple[str, datetime] | None:
        """Take one from each (key, limit, seconds); None if granted.

        If one of them is used up nothing is taken: return its key, and when to ask again.
        """
        kept = self._all_locked([key for key, _, _ in wanted])
        changes = []
        for key, limit, seconds in wanted:
            part = timedelta(seconds=seconds) / _PARTS
            current = (now - _EPOCH) // part
            counts = {slot: used for slot, used in kept[key] if slot >= current - _PARTS}
            if sum(counts.values()) >= limit:
                return key, _EPOCH + part * (_frees(counts, limit, current) + _PARTS + 1)
            # After a step back of the clock later slots stay counted: rather too few than too many.
            counts[current] = counts.get(current, 0) + 1
            changes.append({"which": key, "now": sorted(map(list, counts.items()))})
        self._connection.execute(_CHANGED, changes)
        return None

    def used(self, key: str, window_seconds: int, now: datetime) -> int:
        """How many were taken from `key` in the window up to now; the key is kept for this work."""
        current = (now - _EPOCH) // (timedelta(seconds=window_seconds) / _PARTS)
        return sum(used for slot, used in self._locked(key) if slot >= current - _PARTS)

    def _locked(self, key: str) -> list[list[int]]:
        return self._all_locked([key])[key]

    def _all_locked(self, keys: Sequence[str]) -> dict[str, list[list[int]]]:
        found = self._read(keys)
        missing = [key for key in keys if key not in found]
        if missing:
            first = insert_unless(self._connection, BUDGET, "key")
            self._connection.execute(first, [{"key": key, "slots": []} for key in missing])
            found |= self._read(missing)
        return found

    def _read(self, keys: Sequence[str]) -> dict[str, list[list[int]]]:
        rows = self._connection.execute(_LOCKED, {"which": list(keys)})
        return {row.key: row.slots for row in rows}


def _frees(counts: dict[int, int], limit: int, current: int) -> int:
    """The slot whose leaving brings the sum below `limit`; the current one if none does."""
    left = sum(counts.values())
    for slot, used in sorted(counts.items()):
        left -= used
        if left < limit:
            return slot
    return current
