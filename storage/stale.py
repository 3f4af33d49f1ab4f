"""What has changed since it was kept: days and titles, as the database itself noted it.

Whoever makes something anew reads the marks first, then the facts, and later deletes just the marks
that he has read. What changes meanwhile leaves a mark of its own; whose
marks another has deleted, his transaction is given up.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select

from cases.statistics.figures import day_of
from storage.errors import ConcurrentChange
from storage.tables.kept import STALE

_AT_ONCE = 500


class Kind(StrEnum):
    """What can be stale."""

    DAY = "day"
    TITLE = "title"


class StaleStore:
    """The marks in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def which(self, kind: Kind, least: int, most: int) -> list[int]:
        """What is stale, from `least` to `most`, in order."""
        found = select(STALE.c.which).where(
            STALE.c.kind == kind, STALE.c.which >= least, STALE.c.which <= most
        )
        return list(self._connection.execute(found.distinct().order_by(STALE.c.which)).scalars())

    def first(self, kind: Kind, limit: int, before: int) -> list[int]:
        """The first stale ones before `before`, in order."""
        found = select(STALE.c.which).where(STALE.c.kind == kind, STALE.c.which < before)
        distinct = found.distinct().order_by(STALE.c.which)
        return list(self._connection.execute(distinct.limit(limit)).scalars())

    def count(self, kind: Kind, before: int) -> int:
        """How many different ones before `before` are stale."""
        found = select(func.count(STALE.c.which.distinct())).where(
            STALE.c.kind == kind, STALE.c.which < before
        )
        return self._connection.execute(found).scalar_one()

    def marks(self, kind: Kind, which: Collection[int]) -> list[int]:
        """The marks of these."""
        found = select(STALE.c.id).where(STALE.c.kind == kind, STALE.c.which.in_(which))
        return list(self._connection.execute(found).scalars())

    def mark(self, kind: Kind, which: Collection[int]) -> None:
        """Mark these as stale."""
        if which:
            rows = [{"kind": kind.value, "which": one} for one in which]
            self._connection.execute(STALE.insert(), rows)

    def note_case(self, case_id: int, reported_at: datetime) -> None:
        """Mark what a new case adds to."""
        self.note_day(reported_at)
        self.mark(Kind.TITLE, [case_id])

    def note_day(self, moment: datetime) -> None:
        """Mark the day of a moment."""
        self.mark(Kind.DAY, [day_of(int(moment.timestamp()))])

    def take(self, marks: Sequence[int]) -> None:
        """Delete marks.

        Raises:
            ConcurrentChange: somebody else has deleted one, and made the same anew.
        """
        gone = 0
        for begin in range(0, len(marks), _AT_ONCE):
            some = STALE.c.id.in_(marks[begin : begin + _AT_ONCE])
            gone += self._connection.execute(STALE.delete().where(some)).rowcount
        if gone != len(marks):
            raise ConcurrentChange("别处正在整理同一份存底")
