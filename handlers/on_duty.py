"""Who is on duty now, as roster and directory have it; all who hold the role where nobody is."""

from datetime import datetime, timedelta

from cases.duty import OnDuty, on_duty
from cases.people import Person, Role
from storage.work import Work

_MOMENT = timedelta(microseconds=1)


def duty_now(work: Work, moment: datetime) -> tuple[OnDuty, ...]:
    """Return who is on duty at `moment` by the roster, and why; empty where nobody is."""
    shifts = work.roster.shifts(moment, moment + _MOMENT)
    if not shifts:
        return ()
    return on_duty(moment, shifts, work.roster.changes(moment, moment + _MOMENT))


def duty_officers(work: Work, moment: datetime) -> tuple[Person, ...]:
    """Return whom a message to 值班员 reaches: never nobody while somebody holds the role.

    Whoever has left the institution is not on duty, whatever the roster says.
    """
    listed = (work.people.person(one.userid) for one in duty_now(work, moment))
    here = tuple(person for person in listed if person is not None)
    return here or work.people.with_role(Role.DUTY_OFFICER)
