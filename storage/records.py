"""What became of reminders, read back: timers with their reasons, messages with theirs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select, update

from storage.columns import columns_for, read_as
from storage.states import OutboxState, SubjectType, TimerState
from storage.tables.base import word
from storage.tables.clocks import TIMER
from storage.tables.messages import OUTBOX

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

    def times_reminded(self, clock_id: int) -> int:
        """How many reminders of this clock have been put for somebody."""
        wanted = select(func.count()).select_from(OUTBOX)
        wanted = wanted.where(OUTBOX.c.clock_id == clock_id, _REMINDERS)
        return self._connection.execute(wanted).scalar_one()

    def unsent_of(self, recipient: str, since: datetime, priority: int) -> list[MessageRecord]:
        """Messages of at most this urgency, put since a moment, that nobody has begun to send."""
        mine = select(*columns_for(OUTBOX, MessageRecord)).where(
            OUTBOX.c.recipient == recipient,
            OUTBOX.c.state == word(OutboxState.NEW),
            OUTBOX.c.first_at >= since,
            OUTBOX.c.priority >= priority,
            or_(_REMINDERS, OUTBOX.c.kind == "digest"),
        )
        rows = self._connection.execute(mine.order_by(OUTBOX.c.id).with_for_update())
        return [read_as(MessageRecord, row) for row in rows]

    def supersede(self, outbox_id: int, reason: str) -> bool:
        """End a message unsent because another says it too; False when it was begun."""
        ended = update(OUTBOX).where(
            OUTBOX.c.id == outbox_id, OUTBOX.c.state == word(OutboxState.NEW)
        )
        ended = ended.values(state=OutboxState.CANCELLED, ended_reason=reason)
        return self._connection.execute(ended).rowcount == 1

    def broadcasts_since(self, moment: datetime) -> list[TimerRecord]:
        """The timers of broadcasts that left, or were to leave, since a moment."""
        mine = select(*columns_for(TIMER, TimerRecord)).where(
            and_(TIMER.c.subject_type == SubjectType.BROADCAST, TIMER.c.leaves_at >= moment)
        )
        rows = self._connection.execute(mine.order_by(TIMER.c.leaves_at, TIMER.c.id))
        return [read_as(TimerRecord, row) for row in rows]

    def _messages(self, *conditions: object) -> list[MessageRecord]:
        chosen = select(*columns_for(OUTBOX, MessageRecord)).where(_REMINDERS, *conditions)  # type: ignore[arg-type]
        rows = self._connection.execute(chosen.order_by(OUTBOX.c.id))
        return [read_as(MessageRecord, row) for row in rows]
