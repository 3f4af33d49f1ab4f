"""What became of reminders, read back: timers with their reasons, messages with theirs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select, update

from storage.clocks import Clock
from storage.columns import columns_for, read_as
from storage.counted import counted
from storage.states import Channel, ClockState, OutboxState, SubjectType, TimerState
from storage.tables.base import word
from storage.tables.cases import CASE, CASE_EVENT
from storage.tables.clocks import CLOCK, TIMER
from storage.tables.messages import OUTBOX, UNSENT

MISSED = "停机错过"  # how the reason of a slot begins that an outage has cost
_LATE = timedelta(minutes=1)
_REMINDERS = OUTBOX.c.kind.startswith("remind-", autoescape=True)


@dataclass(frozen=True, slots=True)
class TimerRecord:
    """A timer, whatever became of it."""

    kind: str  # the step
    slot: str
    addressee: str
    clock_id: int | None
    due_at: datetime
    leaves_at: datetime
    state: TimerState
    reason: str
    fired_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """A message, whatever became of it."""

    id: int
    kind: str
    recipient: str
    clock_id: int | None
    state: OutboxState
    reason: str
    payload: str
    priority: int
    first_at: datetime
    sent_at: datetime | None
    ended_reason: str | None


@dataclass(frozen=True, slots=True)
class CaseCount:
    """What is counted of a case."""

    id: int
    number: str
    level: str
    lead_unit: str | None


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """After an outage: how many timers rang late, how many reminders and slots were left out."""

    late: int
    left_out: int


_OF_CLOCK = and_(OUTBOX.c.clock_id == bindparam("of_clock"), _REMINDERS)
_TIMES = select(func.count()).select_from(OUTBOX).where(_OF_CLOCK)


@dataclass(frozen=True, slots=True)
class LastPost:
    """What became of the last message of a channel."""

    state: OutboxState
    first_at: datetime
    sent_at: datetime | None
    error: str | None


_LAST = columns_for(OUTBOX, LastPost)


class RecordStore:
    """What became of reminders, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def timers_of_case(self, case_id: int) -> list[TimerRecord]:
        """The timers of a case, in the order of leaving."""
        mine = select(*columns_for(TIMER, TimerRecord)).where(TIMER.c.case_id == case_id)
        rows = self._connection.execute(mine.order_by(TIMER.c.leaves_at, TIMER.c.id))
        return [read_as(TimerRecord, row) for row in rows]

    def reminders_of_case(self, case_id: int, userid: str) -> list[MessageRecord]:
        """The reminders about a case put for one person, in order."""
        return self._messages(OUTBOX.c.case_id == case_id, OUTBOX.c.recipient == userid)

    def reminders_since(self, moment: datetime) -> list[MessageRecord]:
        """The reminders first due at or after a moment, in order."""
        return self._messages(OUTBOX.c.first_at >= moment)

    def said_between(self, start: datetime, end: datetime, *, above: int) -> int:
        """How many messages fell due in that time whose place in the order is behind `above`."""
        wanted = select(func.count()).select_from(OUTBOX)
        wanted = wanted.where(OUTBOX.c.first_at > start, OUTBOX.c.first_at <= end)
        count: int = self._connection.execute(wanted.where(OUTBOX.c.priority > above)).scalar_one()
        return count

    def times_reminded(self, clock_id: int) -> int:
        """How many reminders of this clock have been put for somebody."""
        return self._connection.execute(_TIMES, {"of_clock": clock_id}).scalar_one()

    def unsent_posts(self, robot: str, since: datetime) -> list[MessageRecord]:
        """Notices for a group, put since a moment, that nobody has begun to post; of no clock."""
        wanted = select(*columns_for(OUTBOX, MessageRecord)).where(
            OUTBOX.c.recipient == robot,
            OUTBOX.c.channel == Channel.ROBOT,
            OUTBOX.c.state == word(OutboxState.NEW),
            OUTBOX.c.first_at >= since,
            OUTBOX.c.clock_id.is_(None),
        )
        rows = self._connection.execute(wanted.with_for_update())
        return sorted((read_as(MessageRecord, row) for row in rows), key=lambda one: one.id)

    def supersede(self, outbox_id: int, reason: str) -> bool:
        """End a message unsent because another says it too; False when it was begun."""
        ended = update(OUTBOX).where(
            OUTBOX.c.id == outbox_id, OUTBOX.c.state == word(OutboxState.NEW)
        )
        ended = ended.values(state=OutboxState.CANCELLED, ended_reason=reason)
        return self._connection.execute(ended).rowcount == 1

    def withdraw_from(self, recipient: str, reason: str) -> list[MessageRecord]:
        """End everything unsent to a person, with the reason; return what it was."""
        mine = select(*columns_for(OUTBOX, MessageRecord)).where(
            UNSENT, OUTBOX.c.recipient == recipient, OUTBOX.c.channel == Channel.APP
        )
        rows = self._connection.execute(mine.with_for_update())
        found = sorted((read_as(MessageRecord, row) for row in rows), key=lambda one: one.id)
        ended = update(OUTBOX).where(OUTBOX.c.id.in_([one.id for one in found]))
        ended = ended.values(state=OutboxState.CANCELLED, ended_reason=reason, lease_until=None)
        self._connection.execute(ended)
        return found

    def withdraw(self, key: str, reason: str) -> bool:
        """End one message that nobody has begun to say; False when it has left or is leaving."""
        waiting = OUTBOX.c.state.in_([OutboxState.NEW, OutboxState.RETRY])
        ended = update(OUTBOX).where(OUTBOX.c.key == key, waiting)
        ended = ended.values(state=OutboxState.CANCELLED, ended_reason=reason, lease_until=None)
        return self._connection.execute(ended).rowcount == 1

    def state_of(self, key: str) -> OutboxState | None:
        """Where a message stands; None where there is none."""
        wanted = select(OUTBOX.c.state).where(OUTBOX.c.key == key)
        state: OutboxState | None = self._connection.execute(wanted).scalar_one_or_none()
        return state

    def registered(self, start: datetime, end: datetime) -> list[CaseCount]:
        """The cases registered from `start` to before `end`, as all counts do."""
        return self._counted(CASE.c.reported_at >= start, CASE.c.reported_at < end, *counted())

    def closed(self, start: datetime, end: datetime) -> list[CaseCount]:
        """The cases closed from `start` to before `end`, as all counts do."""
        return self._counted(CASE.c.closed_at >= start, CASE.c.closed_at < end, *counted())

    def clocks_since(self, moment: datetime) -> list[Clock]:
        """The clocks of real cases that have run at some time since a moment."""
        drilled = select(CASE.c.id).where(CASE.c.drill.is_not(None))
        alive = select(*columns_for(CLOCK, Clock)).where(
            CLOCK.c.case_id.is_not(None),
            CLOCK.c.case_id.not_in(drilled),
            or_(CLOCK.c.state == word(ClockState.RUNNING), CLOCK.c.ended_at >= moment),
        )
        rows = self._connection.execute(alive.order_by(CLOCK.c.id))
        return [read_as(Clock, row) for row in rows]

    def ended_clocks(self, holder: str, step: str, limit: int) -> list[Clock]:
        """The latest clocks of a step that their holder has settled, the latest first."""
        mine = select(*columns_for(CLOCK, Clock)).where(
            CLOCK.c.holder == holder,
            CLOCK.c.step == step,
            CLOCK.c.state == ClockState.SETTLED,
        )
        rows = self._connection.execute(mine.order_by(CLOCK.c.id.desc()).limit(limit))
        return [read_as(Clock, row) for row in rows]

    def last_post(self, channel: Channel, since: datetime, recipient: str = "") -> LastPost | None:
        """The last message of a channel since a moment, of one group robot if it is named."""
        wanted = select(*_LAST).where(OUTBOX.c.channel == channel, OUTBOX.c.first_at >= since)
        if recipient:
            wanted = wanted.where(OUTBOX.c.recipient == recipient)
        found = self._connection.execute(wanted.order_by(OUTBOX.c.first_at.desc()).limit(1))
        row = found.one_or_none()
        return None if row is None else read_as(LastPost, row)

    def _counted(self, *conditions: ColumnElement[bool]) -> list[CaseCount]:
        level = func.coalesce(CASE.c.level, CASE.c.proposed_level)
        counted = select(CASE.c.id, CASE.c.number, level, CASE.c.lead_unit).where(*conditions)
        rows = self._connection.execute(counted.order_by(CASE.c.id))
        return [CaseCount(*row) for row in rows]

    def broadcasts_since(self, moment: datetime) -> list[TimerRecord]:
        """The timers of broadcasts that left, or were to leave, since a moment."""
        mine = select(*columns_for(TIMER, TimerRecord)).where(
            and_(TIMER.c.subject_type == SubjectType.BROADCAST, TIMER.c.leaves_at >= moment)
        )
        rows = self._connection.execute(mine.order_by(TIMER.c.leaves_at, TIMER.c.id))
        return [read_as(TimerRecord, row) for row in rows]

    def caught_up(self, since: datetime, now: datetime) -> CaughtUp:
        """What rang late, and what was left out, when everything due was rung at `now`.

        Asked once after an outage.
        """
        late = select(TIMER.c.state, func.count()).where(
            TIMER.c.fired_at == now,
            TIMER.c.leaves_at >= since,
            TIMER.c.leaves_at < now - _LATE,
            or_(TIMER.c.state == TimerState.FIRED, TIMER.c.reason.startswith(MISSED)),
        )
        rows = self._connection.execute(late.group_by(TIMER.c.state))
        counts = {row[0]: row[1] for row in rows}
        reminded = select(CASE_EVENT.c.data).where(
            CASE_EVENT.c.at == now, CASE_EVENT.c.kind == "Reminded"
        )
        left_out = sum(
            int(data["skipped"]) for data in self._connection.execute(reminded).scalars()
        )
        missed = counts.get(TimerState.SKIPPED, 0)
        return CaughtUp(counts.get(TimerState.FIRED, 0), missed + left_out)

    def _messages(self, *conditions: ColumnElement[bool]) -> list[MessageRecord]:
        chosen = select(*columns_for(OUTBOX, MessageRecord)).where(_REMINDERS, *conditions)
        rows = self._connection.execute(chosen)
        return sorted((read_as(MessageRecord, row) for row in rows), key=lambda one: one.id)
