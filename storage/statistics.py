"""The facts that statistics are made of: what came in, was due and was closed in some time.

All of it begins from the index of the time, so that it costs what that time holds, whatever else is
kept. Moments come as whole seconds, cut off below: see `cases.statistics.facts`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    cast,
    exists,
    extract,
    func,
    select,
    type_coerce,
)

from cases.model import AssignmentState
from cases.statistics.behind import Facts
from cases.statistics.facts import STEPS, CaseFact, Counts, StepFact
from storage.columns import in_batches, is_postgres
from storage.counted import counted
from storage.states import ClockState, OutboxState, ReportKind
from storage.tables.base import word
from storage.tables.cases import ASSIGNMENT, CASE, REPORT
from storage.tables.clocks import CLOCK
from storage.tables.messages import OUTBOX, REMINDER


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which cases: in the time from `start` to before `end`, narrowed by what is not empty."""

    start: datetime
    end: datetime
    unit: str = ""  # that has a part in it
    level: str = ""  # as it stands, or as it is proposed
    platform: str = ""


class StatisticsStore:
    """The facts in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def registered(self, bounds: Bounds) -> list[CaseFact]:
        """The cases registered in the time."""
        return self._cases(in_time(bounds, CASE.c.reported_at), *narrowed(bounds))

    def closed(self, bounds: Bounds) -> list[CaseFact]:
        """The cases closed (办结) in the time, whenever they were registered."""
        return self._cases(in_time(bounds, CASE.c.closed_at), *narrowed(bounds))

    def steps(self, bounds: Bounds) -> list[StepFact]:
        """The steps, done or awaited, that were due in the time; of `unit` only its own."""
        return [*self.settled(bounds), *self.running(bounds)]

    def settled(self, bounds: Bounds) -> list[StepFact]:
        """Those of the steps that are done."""
        is_settled = CLOCK.c.state == word(ClockState.SETTLED)
        due = in_time(bounds, CLOCK.c.due_at)
        facts = select(*self._step()).where(*_of_steps(bounds), due, is_settled)
        return [StepFact._make(row) for row in self._connection.execute(facts)]

    def running(self, bounds: Bounds) -> list[StepFact]:
        """Those of the steps that are awaited: found among all that runs, which is little."""
        start, end = int(bounds.start.timestamp()), int(bounds.end.timestamp())
        runs = CLOCK.c.state == word(ClockState.RUNNING), CLOCK.c.case_id.is_not(None)
        facts = select(*self._step()).where(*_of_steps(bounds), *runs)
        found = (StepFact._make(row) for row in self._connection.execute(facts))
        return [fact for fact in found if start <= fact.due < end]

    def settled_clocks(self, bounds: Bounds) -> Select[int, int]:
        """The question for case and clock of the steps that are done."""
        is_settled = CLOCK.c.state == word(ClockState.SETTLED)
        due = in_time(bounds, CLOCK.c.due_at)
        return select(CASE.c.id, CLOCK.c.id).where(*_of_steps(bounds), due, is_settled)

    def of_clocks(self, ids: Collection[int]) -> list[tuple[int, StepFact]]:
        """The steps of these clocks, with the clock."""
        facts = select(CLOCK.c.id, *self._step()).where(CLOCK.c.id.in_(ids))
        return [(row[0], StepFact._make(row[1:])) for row in self._connection.execute(facts)]

    def _step(self) -> tuple[ColumnElement[Any], ...]:
        return (
            CLOCK.c.case_id,
            CLOCK.c.step,
            CLOCK.c.holder,
            self._whole(CLOCK.c.started_at),
            self._whole(CLOCK.c.due_at),
            self._whole(CLOCK.c.ended_at),
            func.coalesce(CLOCK.c.ended_at > CLOCK.c.due_at, False),
        )

    def repeats(self, bounds: Bounds) -> dict[int, int]:
        """How often each case of the time was reported again (重复上报)."""
        again = select(REPORT.c.case_id, func.count()).group_by(REPORT.c.case_id)
        again = again.where(REPORT.c.case_id.in_(_ids(bounds)))
        return self._numbers(again.where(REPORT.c.kind == ReportKind.REPEAT))

    def reminders(self, bounds: Bounds) -> dict[int, int]:
        """How many reminders about each case of the time have left."""
        sent = select(OUTBOX.c.case_id, func.count()).group_by(OUTBOX.c.case_id)
        sent = sent.where(REMINDER, OUTBOX.c.case_id.in_(_ids(bounds)))
        return self._numbers(sent.where(OUTBOX.c.state == OutboxState.SENT))

    def facts(self, bounds: Bounds, *, settled: bool = False) -> Facts:
        """All that is counted in the time; `settled`: without the steps that are awaited."""
        return Facts(
            self.registered(bounds),
            self.closed(bounds),
            self.settled(bounds) if settled else self.steps(bounds),
            Counts(self.repeats(bounds), self.reminders(bounds)),
        )

    def of_ids(self, ids: Collection[int]) -> list[CaseFact]:
        """The cases with these ids."""
        return [case for some in in_batches(ids) for case in self._cases(CASE.c.id.in_(some))]

    def parts_of(self, ids: Collection[int]) -> dict[int, set[str]]:
        """The units that have a part in each of these cases."""
        found: dict[int, set[str]] = {}
        for some in in_batches(ids):
            parts = select(ASSIGNMENT.c.case_id, ASSIGNMENT.c.unit_id).where(
                ASSIGNMENT.c.case_id.in_(some), ASSIGNMENT.c.state != AssignmentState.MOVED
            )
            for case_id, unit in self._connection.execute(parts):
                found.setdefault(case_id, set()).add(unit)
        return found

    def _whole(self, moment: ColumnElement[datetime]) -> ColumnElement[int]:
        return whole_seconds(self._connection, moment)

    def _cases(self, *conditions: ColumnElement[bool]) -> list[CaseFact]:
        facts = select(
            CASE.c.id,
            level_of(),
            CASE.c.platform,
            func.coalesce(CASE.c.lead_unit, ""),
            type_coerce(CASE.c.state, String),
            self._whole(CASE.c.reported_at),
            self._whole(CASE.c.closed_at),
        )
        rows = self._connection.execute(facts.where(*conditions))
        return [CaseFact._make(row) for row in rows]

    def _numbers(self, asked: Select[int, int] | Select[int | None, int]) -> dict[int, int]:
        return {row[0]: row[1] for row in self._connection.execute(asked) if row[0] is not None}


def _of_steps(bounds: Bounds) -> list[ColumnElement[bool]]:
    own = [CLOCK.c.holder == bounds.unit] if bounds.unit else []
    return [CASE.c.id == CLOCK.c.case_id, CLOCK.c.step.in_(STEPS), *narrowed(bounds), *own]


def whole_seconds(connection: Connection, moment: ColumnElement[datetime]) -> ColumnElement[int]:
    """A moment as whole seconds since 1970."""
    whole = extract("epoch", moment)
    # PostgreSQL keeps the fraction, which a cast would round; SQLite has cut it off.
    return cast(func.floor(whole) if is_postgres(connection) else whole, BigInteger)


def _ids(bounds: Bounds) -> Select[int]:
    return select(CASE.c.id).where(in_time(bounds, CASE.c.reported_at), *narrowed(bounds))


def level_of() -> ColumnElement[str]:
    """The level as it stands, else as it is proposed."""
    return func.coalesce(CASE.c.level, CASE.c.proposed_level)


def in_time(bounds: Bounds, moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a moment lies in the time."""
    return and_(moment >= bounds.start, moment < bounds.end)


def narrowed(bounds: Bounds) -> list[ColumnElement[bool]]:
    """What a case must be to be counted here."""
    found = counted()
    if bounds.level:
        found.append(level_of() == bounds.level)
    if bounds.platform:
        found.append(CASE.c.platform == bounds.platform)
    if bounds.unit:
        found.append(
            exists().where(
                ASSIGNMENT.c.case_id == CASE.c.id,
                ASSIGNMENT.c.unit_id == bounds.unit,
                ASSIGNMENT.c.state != AssignmentState.MOVED,
            )
        )
    return found
