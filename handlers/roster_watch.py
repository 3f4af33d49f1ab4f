"""Looked over twice a day, broadcasts or not: gaps of the roster, a calendar without next year."""

from datetime import datetime, time, timedelta

from cases.beijing import at_beijing, in_beijing
from cases.broadcasts import BroadcastKind
from cases.notices import Notice, Priority, ToRole
from cases.people import Role
from handlers import summaries
from handlers.desk import Desk
from handlers.post import Origin, Post
from storage.states import SubjectType
from storage.timers import DueTimer, NewTimer
from storage.work import Work

TIMER = "值班空档"
_TIMES = (time(9, 4), time(17, 4))  # off the full hour, as WeCom asks
_LONG = timedelta(days=30)
_OFFICE = (Role.OFFICE_DIRECTOR, Role.DUTY_OFFICER)


def plan(work: Work, now: datetime) -> None:
    """Set the next look at the roster, where there is one."""
    if not work.roster.shifts(now - _LONG, now + _LONG):
        return
    today = in_beijing(now).date()
    days = (today, today + timedelta(days=1))
    looks = [at_beijing(day, clock) for day in days for clock in _TIMES]
    at = next(look for look in looks if look > now)
    work.timers.set(
        NewTimer(
            subject_type=SubjectType.ROSTER,
            subject_id=0,
            kind=TIMER,
            slot=f"{in_beijing(at):%Y-%m-%d %H:%M}",
            addressee="",
            generation=1,
            due_at=at,
            leaves_at=at,
        )
    )


def ring(work: Work, timer: DueTimer, now: datetime, desk: Desk) -> None:
    """Look, tell what is new, and set the next look."""
    told = tell_gaps(work, desk, now)
    _tell_calendar(work, desk, now)
    plan(work, now)
    work.timers.fired(timer.id, now, f"空档 {told} 处")


def tell_gaps(work: Work, desk: Desk, now: datetime) -> int:
    """Announce each gap of the roster once: its key is where it begins. Return how many are."""
    found = summaries.roster_gaps(work, now)
    for gap, text in found:
        told = [
            Notice(ToRole(role), text, "roster-gap", "值班空档", Priority.NOTICE)
            for role in _OFFICE
        ]
        Post(work, desk, now).tell(told, Origin("roster", "gap", gap.starts_at.isoformat()))
    return len(found)


def _tell_calendar(work: Work, desk: Desk, now: datetime) -> None:
    """Tell the administrators once a month that next year is missing, if no broadcast does."""
    if any(one.kind is BroadcastKind.CALENDAR for one in desk.broadcasts):
        return
    warning = summaries.calendar(work, desk, now)
    if warning:
        told = Notice(ToRole(Role.ADMINISTRATOR), warning, "calendar", "放假安排", Priority.NOTICE)
        month = f"{in_beijing(now):%Y-%m}"
        Post(work, desk, now).tell((told,), Origin("calendar", month, ""))
