"""The statements that silence what a clock or a case wanted said (R13)."""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    bindparam,
    exists,
    or_,
    select,
    update,
)

from storage.states import Channel, OutboxState, Outcome
from storage.tables.base import word
from storage.tables.messages import ATTEMPT, GATHERING, OUTBOX, UNSENT


def _cancelling(which: ColumnElement[bool]) -> tuple[Update, Update]:
    """What ends the unsent ones, and what marks those that left lately to be called back."""
    unsent = update(OUTBOX).where(which, UNSENT)
    unsent = unsent.values(
        state=OutboxState.CANCELLED,
        ended_reason=bindparam("why"),
        recall=and_(OUTBOX.c.state == OutboxState.CLAIMED, OUTBOX.c.channel == Channel.APP),
        lease_until=None,
    )
    just_sent = update(OUTBOX).where(
        which,
        OUTBOX.c.state == OutboxState.SENT,
        OUTBOX.c.channel == Channel.APP,
        OUTBOX.c.sent_at > bindparam("lately"),
    )
    return unsent, just_sent.values(recall=True)


CANCEL_CLOCK = _cancelling(OUTBOX.c.clock_id == bindparam("which"))
CANCEL_CASE = _cancelling(
    and_(OUTBOX.c.case_id == bindparam("which"), OUTBOX.c.clock_id.is_not(None))
)

_CANCELLED = OUTBOX.c.state == word(OutboxState.CANCELLED)
_TOLD_IN = (
    select(OUTBOX.c.owner)
    .where(OUTBOX.c.clock_id == bindparam("which"), _CANCELLED, OUTBOX.c.owner.like("digest|%"))
    .distinct()
)
# An attempt without a clear answer may have been seen: what it said is not said another way.
_MAY_BE_SEEN = exists().where(
    ATTEMPT.c.outbox_id == OUTBOX.c.id,
    or_(ATTEMPT.c.outcome.is_(None), ATTEMPT.c.outcome != Outcome.REFUSED),
)
_UNDO = (
    update(OUTBOX)
    .where(
        UNSENT,
        ~_MAY_BE_SEEN,
        OUTBOX.c.key == bindparam("digest"),
        OUTBOX.c.state.in_([OutboxState.NEW, OutboxState.RETRY]),
    )
    .values(state=OutboxState.CANCELLED, ended_reason="其中有的已办, 重新汇总", lease_until=None)
)
_OTHERS = (
    update(OUTBOX)
    .where(
        OUTBOX.c.owner == bindparam("digest"),
        _CANCELLED,
        OUTBOX.c.first_at >= bindparam("since"),
        OUTBOX.c.clock_id != bindparam("which"),
    )
    .values(state=OutboxState.NEW, ended_reason=None, owner=GATHERING, next_at=bindparam("at_last"))
)


def take_out(connection: Connection, clock_id: int, at_last: datetime) -> None:
    """Undo the digests nobody can have seen that name this clock: the others gather anew.

    Args:
        connection: of the work that settles the clock.
        clock_id: whose reminder may stand in a digest.
        at_last: when the others leave by themselves if nothing gathers any more.
    """
    for key in connection.execute(_TOLD_IN, {"which": clock_id}).scalars().all():
        if connection.execute(_UNDO, {"digest": key}).rowcount:
            since = datetime.fromisoformat(key.split("|")[2])
            values = {"digest": key, "which": clock_id, "since": since, "at_last": at_last}
            connection.execute(_OTHERS, values)
