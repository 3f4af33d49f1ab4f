"""The statements that silence what a clock or a case wanted said (R13)."""

from sqlalchemy import ColumnElement, Update, and_, bindparam, update

from storage.states import Channel, OutboxState
from storage.tables.messages import OUTBOX, UNSENT


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
