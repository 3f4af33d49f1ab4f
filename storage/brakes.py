"""The emergency brake: which waiting messages may not leave for now, and what becomes of them.

A held message stays waiting, so that whatever makes it unwanted still cancels it. Answers to
whoever types or presses are never held.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)

from storage.columns import columns_for, insert, read_as
from storage.states import BrakeScope, OutboxState
from storage.tables.messages import OUTBOX, UNSENT
from storage.tables.people import PERSON, UNIT
from storage.tables.system import BRAKE
from storage.trials import TRIAL, TrialStore

_ANSWER = 1  # the place of an answer in the order of leaving; before it comes that to a press
_TOP_GRADE = 2
_BY_THE_CLOCK = (3, 4, 6)  # escalations, reminders, digests and broadcasts
_UNTIL_RELEASED = ("scope", "what")


@dataclass(frozen=True, slots=True)
class Brake:
    """One brake that is pulled."""

    id: int
    scope: BrakeScope
    what: str
    since: datetime
    by: str  # a userid; "" where it was pulled by itself
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """How many messages of one place in the order of leaving are held, and since when."""

    priority: int
    count: int
    oldest: datetime


# In the order of the index of those that are pulled: the table is not read.
_PULLED = (
    select(*columns_for(BRAKE, Brake))
    .where(BRAKE.c.released_at.is_(None))
    .order_by(BRAKE.c.scope, BRAKE.c.what)
)
_HOLDS = select(
    exists().where(BRAKE.c.released_at.is_(None)).label("is_pulled"),
    TRIAL.scalar_subquery().label("trial"),
)


class BrakeStore:
    """The brakes in one transaction."""

    def __init__(self, connection: Connection, trials: TrialStore) -> None:
        self._connection = connection
        self.trials = trials
        self._pulled: tuple[Brake, ...] | None = None
        self.has_released = False

    def pulled(self) -> tuple[Brake, ...]:
        """The brakes that are pulled, the oldest first."""
        if self._pulled is None:
            rows = self._connection.execute(_PULLED)
            pulled = (read_as(Brake, row) for row in rows)
            self._pulled = tuple(sorted(pulled, key=lambda brake: brake.id))
        return self._pulled

    def pull(self, scope: BrakeScope, what: str, *, by: str, reason: str, now: datetime) -> bool:
        """Hold these messages from now on; False where they are held already."""
        if any((brake.scope, brake.what) == (scope, what) for brake in self.pulled()):
            return False
        values = {"scope": scope, "what": what, "since": now, "by": by, "reason": reason}
        self._pulled = None
        insert(self._connection, BRAKE, values)
        return True

    def release(self, by: str, now: datetime) -> tuple[Brake, ...]:
        """Let everything that is held leave; return the brakes that were pulled."""
        were = self.pulled()
        ended = update(BRAKE).where(BRAKE.c.released_at.is_(None))
        self._connection.execute(ended.values(released_at=now, released_by=by))
        self._pulled = ()
        self.has_released = self.has_released or bool(were)
        return were

    def condition(self) -> ColumnElement[bool] | None:
        """What is held, as a condition on the outbox; None while no brake is pulled.

        A trial holds too, but is no brake: releasing the brakes lets nothing of it leave.
        """
        if self._pulled is None and not self.trials.was_read:
            self._look()
        held = [_held_by(brake) for brake in self.pulled()]
        trial = self.trials.condition()
        held += [] if trial is None else [trial]
        return or_(*held) if held else None

    def _look(self) -> None:
        """Ask in one go whether anything holds: before each message, and mostly nothing does."""
        is_pulled, trial = self._connection.execute(_HOLDS).one()
        self.trials.found(trial)
        if not is_pulled:
            self._pulled = ()

    def _released(self) -> ColumnElement[bool] | None:
        """What would leave if the brakes were released; None while none is pulled."""
        held = [_held_by(brake) for brake in self.pulled()]
        if not held:
            return None
        trial = self.trials.condition()
        return or_(*held) if trial is None else and_(or_(*held), ~trial)

    def holds(self, outbox_id: int) -> bool:
        """Whether this message may not leave now."""
        held = self.condition()
        if held is None:
            return False
        this = select(OUTBOX.c.id).where(OUTBOX.c.id == outbox_id, held)
        return self._connection.execute(this).first() is not None

    def held(self, now: datetime) -> list[Held]:
        """What would leave at once if all brakes were released, the most urgent first."""
        held = self._released()
        if held is None:
            return []
        counted = (
            select(OUTBOX.c.priority, func.count(), func.min(OUTBOX.c.first_at))
            .where(UNSENT, OUTBOX.c.next_at <= now, held)
            .group_by(OUTBOX.c.priority)
            .order_by(OUTBOX.c.priority)
        )
        return [Held(*row) for row in self._connection.execute(counted)]

    def drop(self, reason: str, now: datetime, *, keep_latest: bool = False) -> int:
        """Cancel what is held and due; return how many.

        Args:
            reason: why, for the record of each.
            now: the moment that decides what is due.
            keep_latest: spare the newest of each kind of thing for each recipient: of a clock, of a
                case, of a broadcast.
        """
        held = self._released()
        if held is None:
            return 0
        due = and_(UNSENT, OUTBOX.c.next_at <= now, held)
        gone = update(OUTBOX).where(due)
        if keep_latest:
            gone = gone.where(OUTBOX.c.id.not_in(_latest(due)))
        gone = gone.values(
            state=OutboxState.CANCELLED, ended_reason=reason, lease_until=None, owner=None
        )
        return self._connection.execute(gone).rowcount


def _latest(due: ColumnElement[bool]) -> CompoundSelect[tuple[int]]:
    """The newest of each case, clock and recipient; what is of no case, of each kind."""
    matter = (OUTBOX.c.recipient, OUTBOX.c.channel, OUTBOX.c.case_id, OUTBOX.c.clock_id)
    of_no_case = func.coalesce(OUTBOX.c.case_id, 0) == 0
    kind = func.max(OUTBOX.c.id).label("id")
    with_case = select(kind).where(due, ~of_no_case).group_by(*matter)
    without = select(kind).where(due, of_no_case).group_by(*matter, OUTBOX.c.kind)
    return with_case.union_all(without)


def _held_by(brake: Brake) -> ColumnElement[bool]:
    match brake.scope:
        case BrakeScope.ALL:
            return OUTBOX.c.priority > _ANSWER
        case BrakeScope.VOLUME:
            return OUTBOX.c.priority > _TOP_GRADE
        case BrakeScope.KIND:
            return OUTBOX.c.priority == int(brake.what)
        case BrakeScope.RESTORED:
            # What rings by the clock may have been said since the backup was made, too.
            is_old = OUTBOX.c.first_at <= datetime.fromisoformat(brake.what)
            return or_(is_old, OUTBOX.c.priority.in_(_BY_THE_CLOCK))
        case BrakeScope.UNIT:
            people = select(PERSON.c.userid).where(PERSON.c.unit_id == brake.what)
            group = select(UNIT.c.robot).where(UNIT.c.id == brake.what, UNIT.c.robot.is_not(None))
            recipient = OUTBOX.c.recipient
            theirs = or_(recipient.in_(people), recipient.in_(group))
            return and_(OUTBOX.c.priority > _ANSWER, theirs)
