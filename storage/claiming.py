"""The statement that leases waiting messages to a sender, the most urgent first (R8)."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from storage.states import OutboxState
from storage.tables.messages import OUTBOX, UNSENT

_CLAIMED = [
    OUTBOX.c[name]
    for name in (
        *("id", "key", "kind", "channel", "recipient", "payload", "attempts", "epoch", "owner"),
        *("mentions", "case_id", "priority", "reason", "clock_id", "generation", "next_at"),
    )
]
_FREE = or_(OUTBOX.c.lease_until.is_(None), OUTBOX.c.lease_until < bindparam("clock"))


def claiming(*conditions: ColumnElement[bool]) -> ReturningUpdate[Any]:
    """Lease the most urgent waiting messages that fulfil the conditions, and return them."""
    chosen = (
        select(OUTBOX.c.id)
        .where(
            UNSENT,
            OUTBOX.c.next_at <= bindparam("now"),
            _FREE,
            or_(OUTBOX.c.channel != bindparam("theirs"), OUTBOX.c.next_at <= bindparam("overdue")),
            *conditions,
        )
        .order_by(OUTBOX.c.priority, OUTBOX.c.next_at, OUTBOX.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)  # without it losers see no row though work waits
        .cte("chosen")
    )
    return (
        update(OUTBOX)
        .where(OUTBOX.c.id == chosen.c.id)
        .values(
            state=OutboxState.CLAIMED,
            lease_until=bindparam("until"),
            epoch=OUTBOX.c.epoch + 1,
            owner=bindparam("by"),
            attempts=OUTBOX.c.attempts + 1,
        )
        .returning(*_CLAIMED)
    )


CLAIM = claiming()  # while no brake is pulled
