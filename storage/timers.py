"""Moments at which to look at something again. They are derived: the case is the truth (R6, R7)."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    Select,
    Update,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.columns import columns_for, is_new, passed, read_as, values_of
from storage.failpoints import Point
from storage.states import ClockState, SubjectType, TimerState
from storage.tables.base import word
from storage.tables.clocks import CLOCK, TIMER

_SLACK = timedelta(minutes=5)
_SWEEP_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class NewTimer:
    """A moment to wake at. The first six fields are its identity (decision 3)."""

    subject_type: SubjectType
    subject_id: int
    kind: str
    slot: str
    addressee: str
    generation: int
    due_at: datetime
    leaves_at: datetime  # due_at, unless quiet hours or a named slot hold it back
    clock_id: int | None = None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer whose moment has come."""

    id: int
    subject_type: SubjectType
    subject_id: int
    kind: str
    slot: str
    addressee: str
    generation: int
    clock_id: int | None
    case_id: int | None
    due_at: datetime
    leaves_at: datetime
    tries: int


class TimerFloor:
    """A bound below which no pending timer is expected, so that fired ones are not read past.

    PostgreSQL keeps index entries of fired timers until it vacuums, which an old snapshot prevents.
    Timers set further in the past are found by a search without the bound, once a minute.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._floor: datetime | None = None
        self._swept: datetime | None = None

    def start(self, now: datetime) -> datetime | None:
        """Where to search from at `now`; None: from the beginning."""
        with self._lock:
            swept, floor = self._swept, self._floor
            is_stale = swept is None or not timedelta(0) <= now - swept < _SWEEP_EVERY
            return None if is_stale or floor is None or floor > now else floor

    def all_found(self, now: datetime, found: Sequence[DueTimer], *, was_sweep: bool) -> None:
        """A search up to `now` has found everything due: `found`, which may yet fail to ring."""
        with self._lock:
            self._floor = min([now - _SLACK, *(timer.leaves_at for timer in found)])
            if was_sweep:
                self._swept = now

    def lower(self, leaves_at: datetime) -> None:
        """A timer was set at `leaves_at`."""
        with self._lock:
            if self._floor is not None and leaves_at < self._floor:
                self._floor = leaves_at


_IDENTITY = ("subject_type", "subject_id", "kind", "slot", "addressee", "generation")
_PENDING = TIMER.c.state == word(TimerState.PENDING)
_DUE = (
    select(*columns_for(TIMER, DueTimer))
    .where(_PENDING, TIMER.c.leaves_at <= bindparam("now"))
    .order_by(TIMER.c.leaves_at, TIMER.c.id)
    .limit(bindparam("most"))
)
_DUE_FROM = _DUE.where(TIMER.c.leaves_at >= bindparam("floor"))
_LOCK = (
    select(*columns_for(TIMER, DueTimer))
    .where(_PENDING, TIMER.c.id == bindparam("timer_id"))
    .with_for_update(skip_locked=True)
)
# Mostly nothing is due. With its limit written out and no upper bound PostgreSQL keeps one plan for
# these; a search for all that is due it plans anew each time once the table is large.
_NEXT = (
    select(TIMER.c.leaves_at).where(_PENDING).order_by(TIMER.c.leaves_at).limit(literal_column("1"))
)
_NEXT_FROM = _NEXT.where(TIMER.c.leaves_at >= bindparam("floor"))
_HOW_ENDED: dict[str, object] = {
    "state": bindparam("how"),
    "reason": bindparam("why"),
    "fired_at": bindparam("now"),
}
_END = update(TIMER).where(TIMER.c.id == bindparam("which"), _PENDING).values(_HOW_ENDED)
_END_OF_CLOCK = (
    update(TIMER).where(TIMER.c.clock_id == bindparam("which"), _PENDING).values(_HOW_ENDED)
)
_END_OF_CASE = (
    update(TIMER).where(TIMER.c.case_id == bindparam("which"), _PENDING).values(_HOW_ENDED)
)


class TimerStore:
    """The timers in one transaction."""

    def __init__(self, connection: Connection, floor: TimerFloor) -> None:
        self._connection = connection
        self._floor = floor
        self.has_set = False

    def set(self, timer: NewTimer) -> bool:
        """Set a timer; False when this very one was set before, whatever became of it."""
        return self.set_all([timer]) == 1

    def set_all(self, timers: Sequence[NewTimer]) -> int:
        """Set timers; return how many were not known before."""
        added = 0
        for timer in timers:
            values = values_of(timer) | {"state": TimerState.PENDING, "reason": "", "tries": 0}
            added += is_new(self._connection, TIMER, _IDENTITY, values)
            self._floor.lower(timer.leaves_at)
        self.has_set = self.has_set or added > 0
        passed(self._connection, Point.TIMERS_WRITTEN)
        return added

    def due(self, now: datetime, limit: int) -> list[DueTimer]:
        """The timers that leave at or before `now`, the longest due first; nothing is locked."""
        floor = self._floor.start(now)
        timers = self._due_from(floor, now, limit)
        if len(timers) < limit:
            self._floor.all_found(now, timers, was_sweep=floor is None)
        return timers

    def _due_from(self, floor: datetime | None, now: datetime, limit: int) -> list[DueTimer]:
        values = {"now": now, "most": limit} | ({} if floor is None else {"floor": floor})
        first = self._first(_NEXT, {}) if floor is None else self._first(_NEXT_FROM, values)
        if first is None or first > now:
            return []
        rows = self._connection.execute(_DUE if floor is None else _DUE_FROM, values)
        return [read_as(DueTimer, row) for row in rows]

    def _first(self, search: Select[datetime], values: Mapping[str, object]) -> datetime | None:
        moment: datetime | None = self._connection.execute(search, values).scalar_one_or_none()
        return moment

    def lock(self, timer_id: int) -> DueTimer | None:
        """Take the timer for this transaction; None when another has it, or it is not pending."""
        row = self._connection.execute(_LOCK, {"timer_id": timer_id}).one_or_none()
        return None if row is None else read_as(DueTimer, row)

    def fired(self, timer_id: int, now: datetime, reason: str) -> None:
        """It has rung, and what it led to is in this transaction."""
        self._end(timer_id, TimerState.FIRED, reason, now)

    def skipped(self, timer_id: int, now: datetime, reason: str) -> None:
        """It fell due in an outage; a later one of the same ladder was said instead (R7)."""
        self._end(timer_id, TimerState.SKIPPED, reason, now)

    def put_aside(self, timer_id: int, now: datetime, reason: str) -> None:
        """It cannot be rung by this program; an alarm must say so."""
        self._end(timer_id, TimerState.ASIDE, reason, now)

    def postpone(self, timer_id: int, until: datetime, reason: str) -> int:
        """Look again at `until`, so that one that raises cannot stop the rest; count the try."""
        later = (
            update(TIMER)
            .where(TIMER.c.id == timer_id, _PENDING)
            .values(leaves_at=until, reason=reason, tries=TIMER.c.tries + 1)
            .returning(TIMER.c.tries)
        )
        tries: int | None = self._connection.execute(later).scalar_one_or_none()
        return tries or 0

    def hold(self, timer_id: int, until: datetime, reason: str) -> None:
        """Look again at `until`: nothing went wrong, somebody has a reason to wait."""
        held = update(TIMER).where(TIMER.c.id == timer_id, _PENDING)
        self._connection.execute(held.values(leaves_at=until, reason=reason))

    def cancel_for_clock(self, clock_id: int, reason: str, now: datetime) -> int:
        """Cancel the pending timers of a clock; return how many."""
        return self._cancel(_END_OF_CLOCK, clock_id, reason, now)

    def cancel_for_case(self, case_id: int, reason: str, now: datetime) -> int:
        """Cancel all pending timers of a case; return how many."""
        return self._cancel(_END_OF_CASE, case_id, reason, now)

    def next_at(self) -> datetime | None:
        """When the next timer leaves."""
        return self._first(_NEXT, {})

    def pending_of_clock(self, clock_id: int) -> list[DueTimer]:
        """The timers of a clock that have not rung yet, in the order in which they leave."""
        mine = select(*columns_for(TIMER, DueTimer)).where(_PENDING, TIMER.c.clock_id == clock_id)
        rows = self._connection.execute(mine.order_by(TIMER.c.leaves_at, TIMER.c.id))
        return [read_as(DueTimer, row) for row in rows]

    def ended_slots(
        self, subject: tuple[SubjectType, int], kind: str, generation: int
    ) -> frozenset[str]:
        """The slots of one generation that have rung, or will not ring any more."""
        mine = select(TIMER.c.slot).where(
            TIMER.c.subject_type == subject[0],
            TIMER.c.subject_id == subject[1],
            TIMER.c.kind == kind,
            TIMER.c.generation == generation,
            TIMER.c.state != TimerState.PENDING,
        )
        return frozenset(self._connection.execute(mine).scalars())

    def ended_at(
        self, subject: tuple[SubjectType, int], kind: str, generation: int
    ) -> datetime | None:
        """When the last of one generation rang, or was found to be void."""
        last = select(func.max(TIMER.c.fired_at)).where(
            TIMER.c.subject_type == subject[0],
            TIMER.c.subject_id == subject[1],
            TIMER.c.kind == kind,
            TIMER.c.generation == generation,
        )
        moment: datetime | None = self._connection.execute(last).scalar_one_or_none()
        return moment

    def orphans(self) -> list[DueTimer]:
        """The pending timers whose clock has ended, or goes by a later generation."""
        is_other = or_(
            CLOCK.c.state != word(ClockState.RUNNING), CLOCK.c.generation != TIMER.c.generation
        )
        columns = select(*columns_for(TIMER, DueTimer))
        found = columns.join_from(TIMER, CLOCK, TIMER.c.clock_id == CLOCK.c.id)
        rows = self._connection.execute(found.where(_PENDING, is_other).order_by(TIMER.c.id))
        return [read_as(DueTimer, row) for row in rows]

    def pending_count(self) -> int:
        """How many are set."""
        pending = select(func.count()).select_from(TIMER).where(_PENDING)
        return self._connection.execute(pending).scalar_one()

    def _end(self, timer_id: int, state: TimerState, reason: str, now: datetime) -> None:
        values = {"which": timer_id, "how": state, "why": reason, "now": now}
        self._connection.execute(_END, values)
        passed(self._connection, Point.TIMERS_WRITTEN)

    def _cancel(self, gone: Update, which: int, reason: str, now: datetime) -> int:
        values = {"which": which, "how": TimerState.CANCELLED, "why": reason, "now": now}
        cancelled = self._connection.execute(gone, values).rowcount
        passed(self._connection, Point.TIMERS_CANCELLED)
        return cancelled
