"""Drills: what is played, since when, and by what time of its own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.columns import columns_for, insert, read_as
from storage.tables.cases import CASE
from storage.tables.learning import DRILL


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill, under way or over."""

    id: int
    name: str
    scenario: dict[str, object]
    began_at: datetime
    began_by: str
    story_at: datetime
    speed: int
    ended_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class NewDrill:
    """A drill about to begin."""

    name: str
    scenario: dict[str, object]
    began_at: datetime
    began_by: str
    story_at: datetime
    speed: int


_ALL = select(*columns_for(DRILL, Drill))


class DrillStore:
    """The drills in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[int, Drill] = {}

    def begin(self, new: NewDrill) -> Drill:
        """Keep a drill that begins."""
        values = {name: getattr(new, name) for name in NewDrill.__slots__}
        return self.drill(insert(self._connection, DRILL, values))

    def drill(self, drill_id: int) -> Drill:
        """The drill with this id.

        Raises:
            KeyError: there is none.
        """
        if drill_id not in self._known:
            row = self._connection.execute(_ALL.where(DRILL.c.id == drill_id)).one_or_none()
            if row is None:
                raise KeyError(drill_id)
            self._known[drill_id] = read_as(Drill, row)
        return self._known[drill_id]

    def under_way(self) -> Drill | None:
        """The drill that is played now; at most one is."""
        row = self._connection.execute(_ALL.where(DRILL.c.ended_at.is_(None))).first()
        return None if row is None else read_as(Drill, row)

    def latest(self, limit: int = 10) -> list[Drill]:
        """The drills that began last, the latest first."""
        rows = self._connection.execute(_ALL.order_by(DRILL.c.id.desc()).limit(limit))
        return [read_as(Drill, row) for row in rows]

    def end(self, drill_id: int, by: str, now: datetime) -> bool:
        """It is over; False when it was already."""
        self._known.clear()
        over = update(DRILL).where(DRILL.c.id == drill_id, DRILL.c.ended_at.is_(None))
        return self._connection.execute(over.values(ended_at=now, ended_by=by)).rowcount == 1

    def cases(self, drill_id: int) -> list[int]:
        """The ids of the cases registered in it, in order."""
        mine = select(CASE.c.id).where(CASE.c.drill == drill_id).order_by(CASE.c.id)
        return list(self._connection.execute(mine).scalars())
