"""What periodicals and the ledger count: cases and clocks of a period, none of a drill."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, TextClause, and_, or_, select

from cases.model import Part, State
from storage.columns import columns_for, read_as
from storage.counted import counted
from storage.states import ClockState
from storage.tables.base import word
from storage.tables.cases import ASSIGNMENT, CASE, CASE_LINK, OPEN
from storage.tables.clocks import CLOCK


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A case as it is counted."""

    id: int
    number: str
    title: str
    level: str | None
    proposed_level: str
    rulebook_id: int
    state: State
    lead_unit: str | None
    platform: str
    source_media: str
    reported_at: datetime
    closed_at: datetime | None
    verdict: str | None
    extensions: int
    supervised: bool
    restricted: bool

    @property
    def working_level(self) -> str:
        """The confirmed level, or the proposed one."""
        return self.level or self.proposed_level


@dataclass(frozen=True, slots=True)
class CountedClock:
    """A clock as it is counted."""

    case_id: int
    step: str
    holder: str
    due_at: datetime
    ended_at: datetime | None
    state: ClockState


@dataclass(frozen=True, slots=True)
class CountedPart:
    """A unit's part in a case."""

    case_id: int
    unit_id: str
    part: Part
    assigned_at: datetime
    signed_at: datetime | None


_COUNTS = frozenset({ClockState.RUNNING, ClockState.SETTLED})
_AT_ONCE = 500  # ids of one statement


class PaperCounts:
    """The counts in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def registered(self, start: datetime, end: datetime) -> list[CountedCase]:
        """The cases registered from `start` to before `end`; merged and withdrawn ones left out."""
        inside = and_(CASE.c.reported_at >= start, CASE.c.reported_at < end)
        return self._cases(inside)

    def closed(self, start: datetime, end: datetime) -> list[CountedCase]:
        """The cases closed from `start` to before `end`."""
        return self._cases(CASE.c.closed_at >= start, CASE.c.closed_at < end)

    def open(self) -> list[CountedCase]:
        """The cases that are open now."""
        return self._cases(OPEN)

    def due(self, start: datetime, end: datetime) -> list[CountedClock]:
        """The clocks of cases that were due from `start` to before `end`."""
        return self._clocks(and_(CLOCK.c.due_at >= start, CLOCK.c.due_at < end))

    def waiting(self) -> list[CountedClock]:
        """The clocks that run now."""
        return self._clocks(CLOCK.c.state == word(ClockState.RUNNING))

    def of_cases(self, ids: Iterable[int]) -> dict[int, CountedCase]:
        """The cases with these ids, by id."""
        found: dict[int, CountedCase] = {}
        for some in _batches(ids):
            found |= {case.id: case for case in self._cases(CASE.c.id.in_(some))}
        return found

    def clocks_of(self, ids: Iterable[int]) -> list[CountedClock]:
        """The clocks of these cases."""
        return [one for some in _batches(ids) for one in self._clocks(CLOCK.c.case_id.in_(some))]

    def parts_of(self, ids: Iterable[int]) -> list[CountedPart]:
        """The parts of units in these cases, as they are now."""
        wanted = select(*columns_for(ASSIGNMENT, CountedPart))
        found: list[CountedPart] = []
        for some in _batches(ids):
            mine = wanted.where(ASSIGNMENT.c.case_id.in_(some), ASSIGNMENT.c.state != "moved")
            rows = self._connection.execute(mine.order_by(ASSIGNMENT.c.id))
            found += [read_as(CountedPart, row) for row in rows]
        return found

    def links_of(self, ids: Iterable[int]) -> dict[int, str]:
        """The first link of each of these cases."""
        found: dict[int, str] = {}
        for some in _batches(ids):
            mine = select(CASE_LINK.c.case_id, CASE_LINK.c.url).where(CASE_LINK.c.case_id.in_(some))
            for case_id, url in self._connection.execute(mine.order_by(CASE_LINK.c.id)):
                found.setdefault(case_id, url)
        return found

    def _cases(self, *conditions: ColumnElement[bool] | TextClause) -> list[CountedCase]:
        chosen = select(*columns_for(CASE, CountedCase)).where(*counted(), *conditions)
        rows = self._connection.execute(chosen.order_by(CASE.c.id))
        return [read_as(CountedCase, row) for row in rows]

    def _clocks(self, condition: ColumnElement[bool]) -> list[CountedClock]:
        alive = or_(*(CLOCK.c.state == word(state) for state in sorted(_COUNTS)))
        chosen = select(*columns_for(CLOCK, CountedClock)).where(
            CLOCK.c.case_id.is_not(None), alive, condition
        )
        rows = self._connection.execute(chosen.order_by(CLOCK.c.due_at, CLOCK.c.id))
        return [read_as(CountedClock, row) for row in rows]


def _batches(ids: Iterable[int]) -> list[list[int]]:
    wanted = list(ids)
    return [wanted[at : at + _AT_ONCE] for at in range(0, len(wanted), _AT_ONCE)]
