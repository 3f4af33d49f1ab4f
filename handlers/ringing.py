"""A timer has rung: what it belongs to decides who acts."""

from datetime import datetime

from handlers import (
    appeals,
    broadcasts,
    case_lists,
    drill_steps,
    drills,
    periods,
    reminders,
    roster_watch,
)
from handlers.desk import Desk
from storage.states import SubjectType
from storage.timers import DueTimer
from storage.work import Work


def ring(work: Work, timer: DueTimer, now: datetime, desk: Desk) -> None:
    """Act on a timer and settle it in the transaction of `work`."""
    if timer.subject_type is SubjectType.BROADCAST:
        broadcasts.ring(work, timer, now, desk)
        return
    if timer.subject_type is SubjectType.ROSTER:
        rings = roster_watch.ring if timer.kind == roster_watch.TIMER else periods.ring
        rings(work, timer, now, desk)
        return
    if timer.kind == drills.TIMER:
        drill_steps.ring(work, timer, now, desk)
        return
    if timer.kind == appeals.TIMER:
        appeals.ring(work, timer, now, desk)
        return
    if timer.kind == case_lists.TIMER:
        case_lists.show(work, timer, now, desk)
        return
    reminders.ring(work, timer, now, desk)


def plan(work: Work, desk: Desk, now: datetime) -> None:
    """Set what has to ring though nothing has happened: broadcasts, special periods."""
    periods.plan(work, desk, now)
    roster_watch.plan(work, now)
    broadcasts.plan(work, desk, now)
