"""Clocks: what is awaited of whom until when. Each has a generation that outdates its messages."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from storage.columns import columns_for, insert, read_as, values_of
from storage.outbox import OutboxStore
from storage.states import ClockState, SubjectType
from storage.tables.base import word
from storage.tables.clocks import CLOCK
from storage.timers import NewTimer, TimerStore

_REASONS = {
    ClockState.SETTLED: "这一步已完成",
    ClockState.MOVED: "已移交",
    ClockState.CANCELLED: "不再需要",
    ClockState.RUNNING: "时限已改",
}


@dataclass(frozen=True, slots=True)
class NewClock:
    """A clock to be started: a step that `holder` has to take until `due_at`."""

    case_id: int | None
    subject_type: SubjectType
    subject_id: int
    step: str
    holder: str  # a unit's id, "office", or "person:" and the userid
    started_at: datetime
    counted_at: datetime  # when the deadline was last counted: a ladder never begins before it
    due_at: datetime
    basis: str  # natural or working time
    provisional: bool = False
    projected: bool = False
    computation: tuple[str, ...] = ()  # how due_at was found, line by line


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as it stands."""

    id: int
    case_id: int | None
    subject_type: SubjectType
    subject_id: int
    step: str
    holder: str
    started_at: datetime
    counted_at: datetime
    due_at: datetime
    basis: str
    provisional: bool
    projected: bool
    computation: tuple[str, ...]
    generation: int
    state: ClockState
    ended_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class NewDue:
    """Another deadline for a running clock: extended, or counted anew at another grade."""

    due_at: datetime
    basis: str
    provisional: bool = False
    projected: bool = False
    computation: tuple[str, ...] = ()


_RUNNING = CLOCK.c.state == word(ClockState.RUNNING)
_COLUMNS = columns_for(CLOCK, Clock)
_CLOCKS = select(*_COLUMNS).order_by(CLOCK.c.due_at, CLOCK.c.id)
_ONE = select(*_COLUMNS).where(CLOCK.c.id == bindparam("which"))
_OF_CASE = _CLOCKS.where(CLOCK.c.case_id == bindparam("of_case"))
_RUNNING_OF_CASE = _OF_CASE.where(_RUNNING)
# A step may be awaited of the same subject again (sent back, ruled on); its timers and
# messages must not be taken for those of the first time.
_LAST_GENERATION = select(func.max(CLOCK.c.generation)).where(
    CLOCK.c.subject_type == bindparam("of_type"),
    CLOCK.c.subject_id == bindparam("of_id"),
    CLOCK.c.step == bindparam("of_step"),
)
_END = (
    update(CLOCK)
    .where(CLOCK.c.id == bindparam("which"), _RUNNING)
    .values(
        state=bindparam("how"),
        generation=CLOCK.c.generation + 1,
        ended_at=bindparam("now"),
        ended_by=bindparam("who"),
    )
)


class ClockStore:
    """The clocks in one transaction.

    Whatever settles or moves a clock adds one to its generation, cancels its pending timers and
    its unsent messages, and touches no other clock (decision 2).
    """

    def __init__(self, connection: Connection, timers: TimerStore, outbox: OutboxStore) -> None:
        self._connection = connection
        self._timers = timers
        self._outbox = outbox

    def start(self, clock: NewClock) -> Clock:
        """Start a clock, one generation after any earlier one of the same subject and step."""
        generation = self._last_generation(clock) + 1
        values = values_of(clock) | {"generation": generation, "state": ClockState.RUNNING}
        clock_id = insert(self._connection, CLOCK, values)
        return Clock(
            **values_of(clock),
            id=clock_id,
            generation=generation,
            state=ClockState.RUNNING,
            ended_at=None,
            ended_by=None,
        )

    def get(self, clock_id: int) -> Clock | None:
        """The clock, running or ended."""
        row = self._connection.execute(_ONE, {"which": clock_id}).first()
        return None if row is None else read_as(Clock, row)

    def running(self, case_id: int) -> list[Clock]:
        """The running clocks of a case, the earliest deadline first."""
        rows = self._connection.execute(_RUNNING_OF_CASE, {"of_case": case_id})
        return [read_as(Clock, row) for row in rows]

    def running_among(self, case_ids: Collection[int]) -> dict[int, list[Clock]]:
        """The running clocks of these cases by case, the earliest deadline first; one query."""
        found: dict[int, list[Clock]] = {}
        for clock in self._where(_RUNNING, CLOCK.c.case_id.in_(case_ids)):
            if clock.case_id is not None:
                found.setdefault(clock.case_id, []).append(clock)
        return found

    def running_of(self, holder: str) -> list[Clock]:
        """The running clocks of a holder, the earliest deadline first."""
        return self._where(_RUNNING, CLOCK.c.holder == holder, CLOCK.c.case_id.is_not(None))

    def of_case(self, case_id: int) -> list[Clock]:
        """All clocks of a case, those that have ended too."""
        rows = self._connection.execute(_OF_CASE, {"of_case": case_id})
        return [read_as(Clock, row) for row in rows]

    def settle(self, clock_id: int, by: str, now: datetime) -> bool:
        """The step was done; False when the clock had ended before."""
        return self._end(clock_id, ClockState.SETTLED, by, now)

    def hand_over(self, clock_id: int, by: str, now: datetime) -> bool:
        """The duty went to another holder, whose clock is another; False as for `settle`."""
        return self._end(clock_id, ClockState.MOVED, by, now)

    def pass_on(self, clock: Clock, by: str, now: datetime) -> Clock:
        """End a clock as moved and let its like go on at once: the same deadline, another person.

        What of its ladder has not rung yet rings for the new one; what has, does not ring again.
        """
        ahead = self._timers.pending_of_clock(clock.id)
        self.hand_over(clock.id, by, now)
        kept = {field.name: getattr(clock, field.name) for field in fields(NewClock)}
        started = self.start(NewClock(**kept))
        for timer in ahead:
            identity = {field.name: getattr(timer, field.name) for field in fields(NewTimer)}
            following = {"clock_id": started.id, "generation": started.generation}
            self._timers.set(NewTimer(**(identity | following)))
        return started

    def cancel(self, clock_id: int, by: str, now: datetime) -> bool:
        """Nobody waits for it any more; False as for `settle`."""
        return self._end(clock_id, ClockState.CANCELLED, by, now)

    def cancel_all(self, case_id: int, by: str, now: datetime) -> int:
        """Cancel all clocks of a case (closed, merged, withdrawn); return how many."""
        return sum(self.cancel(clock.id, by, now) for clock in self.running(case_id))

    def move(self, clock_id: int, due: NewDue, now: datetime) -> Clock | None:
        """Give a running clock another deadline: a new generation, without timers yet.

        None when it does not run.
        """
        moved = update(CLOCK).where(CLOCK.c.id == clock_id, _RUNNING)
        moved = moved.values(**values_of(due), counted_at=now, generation=CLOCK.c.generation + 1)
        row = self._connection.execute(moved.returning(*_COLUMNS)).one_or_none()
        if row is None:
            return None
        self._silence(clock_id, _REASONS[ClockState.RUNNING], now)
        return read_as(Clock, row)

    def _last_generation(self, clock: NewClock) -> int:
        subject = {"of_type": clock.subject_type, "of_id": clock.subject_id}
        last = self._connection.execute(_LAST_GENERATION, subject | {"of_step": clock.step})
        return last.scalar_one() or 0

    def _end(self, clock_id: int, state: ClockState, by: str, now: datetime) -> bool:
        values = {"which": clock_id, "how": state, "now": now, "who": by}
        if self._connection.execute(_END, values).rowcount == 0:
            return False
        self._silence(clock_id, _REASONS[state], now)
        return True

    def _silence(self, clock_id: int, reason: str, now: datetime) -> None:
        self._timers.cancel_for_clock(clock_id, reason, now)
        self._outbox.cancel_for_clock(clock_id, reason, now)

    def _where(self, *conditions: ColumnElement[bool]) -> list[Clock]:
        rows = self._connection.execute(_CLOCKS.where(*conditions))
        return [read_as(Clock, row) for row in rows]
