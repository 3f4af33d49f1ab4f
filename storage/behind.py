"""What stands behind one number of the statistics: found by the database, as ids.

A year has tens of thousands of cases; its list shows fifty. Only ids are read of all of them, and
facts of those that are shown.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, String, func, select, type_coerce

from cases.statistics.behind import Number, What
from cases.statistics.facts import How, StepFact
from cases.statistics.figures import DAY, OFFSET, THURSDAY, WEEKDAYS
from storage.columns import in_batches
from storage.statistics import Bounds, StatisticsStore, in_time, level_of, narrowed, whole_seconds
from storage.tables.cases import CASE
from storage.tables.clocks import CLOCK

_HOUR, _HOURS = 60 * 60, 24
_IS_LATE = func.coalesce(CLOCK.c.ended_at > CLOCK.c.due_at, False)
_DONE = frozenset({How.IN_TIME, How.LATE})


class BehindStore:
    """What stands behind numbers, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._facts = StatisticsStore(connection)

    def cases(self, bounds: Bounds, number: Number) -> list[int]:
        """The cases that are meant, the latest first."""
        is_closed = number.what is What.CLOSED
        moment = CASE.c.closed_at if is_closed else CASE.c.reported_at
        meant = select(CASE.c.id).where(in_time(bounds, moment), *narrowed(bounds))
        meant = meant.where(*_kinds(number), *self._then(number, moment))
        return list(self._connection.execute(meant.order_by(CASE.c.id.desc())).scalars())

    def done(self, bounds: Bounds, number: Number) -> list[tuple[int, int]]:
        """Case and clock of the steps that are done and meant, the latest case first."""
        if number.how is not None and number.how not in _DONE:
            return []
        meant = self._facts.settled_clocks(bounds).where(CLOCK.c.step == number.step)
        if number.how is not None:
            meant = meant.where(_IS_LATE.is_(number.how is How.LATE))
        if number.holder:
            meant = meant.where(CLOCK.c.holder == number.holder)
        latest = meant.order_by(CASE.c.id.desc(), CLOCK.c.id)
        return [(row[0], row[1]) for row in self._connection.execute(latest)]

    def steps(self, clocks: Collection[int]) -> dict[int, StepFact]:
        """The steps of these clocks."""
        return {
            clock: fact
            for some in in_batches(clocks)
            for clock, fact in self._facts.of_clocks(some)
        }

    def _then(self, number: Number, moment: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
        at = whole_seconds(self._connection, moment)
        found: list[ColumnElement[bool]] = []
        if number.since is not None:
            found.append(at >= number.since)
        if number.until is not None:
            found.append(at < number.until)
        if number.weekday is not None:
            found.append(((at + OFFSET) // DAY + THURSDAY) % WEEKDAYS == number.weekday)
        if number.hour is not None:
            found.append((at + OFFSET) // _HOUR % _HOURS == number.hour)
        return found


def _kinds(number: Number) -> list[ColumnElement[bool]]:
    asked = (
        (number.level, level_of()),
        (number.platform, CASE.c.platform),
        (number.lead, func.coalesce(CASE.c.lead_unit, "")),
        (number.state, type_coerce(CASE.c.state, String)),
    )
    return [column == value for value, column in asked if value is not None]
