"""Special periods (特殊时期): kept as written down, told at start and end, timers set anew.

Deadlines never move by one; who is on duty, the spacing of reminders and their nights do.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from cases.beijing import at_beijing, in_beijing
from cases.ladder import QuietHours
from cases.notices import Notice, Priority, ToPerson
from cases.people import Role
from cases.special_periods import PeriodKind, known_days, shifts_of, whole_days
from cases.wording.duty import stretch
from cases.wording.periods import end_words, start_words
from handlers import broadcasts
from handlers.clockwork import Clockwork
from handlers.desk import Desk
from handlers.post import Origin, Post
from storage.periods import KeptPeriod, NewPeriod
from storage.records import MISSED
from storage.states import ShiftSource, SubjectType
from storage.timers import DueTimer, NewTimer
from storage.work import Work

TIMER = "特殊时期"
FILE = "file"  # who has ended a period that is no longer written down
_START, _END = "start", "end"
_TOLD_BEFORE = time(20)  # one that begins in quiet hours is told the evening before
_A_LITTLE = timedelta(minutes=2)  # WeCom asks senders to avoid full and half hours
_HEARS = (
    Role.OFFICE_DIRECTOR,
    Role.DUTY_OFFICER,
    Role.DEPUTY_LEADER,
    Role.CHIEF_LEADER,
    Role.ADMINISTRATOR,
)

Known = dict[tuple[str, datetime], tuple[PeriodKind, datetime]]


def plan(work: Work, desk: Desk, now: datetime) -> None:
    """Bring the periods to come, and those that last, to what is written down."""
    known = _known(desk, now)
    changed = [_refresh(work, desk, kept, known, now) for kept in work.periods.all()]
    changed += [
        keep(work, kind, (starts_at, ends_at), by=FILE, now=now) is not None
        for (_, starts_at), (kind, ends_at) in known.items()
    ]
    set_timers(work, desk, now)
    if any(changed):
        follow(work, desk, now)


def _known(desk: Desk, now: datetime) -> Known:
    calendar = desk.rulebook(desk.rulebook_in_force).clocks.calendar(desk.days_off)
    today = in_beijing(now).date()
    return {
        (kind.name, starts_at): (kind, ends_at)
        for kind in desk.periods
        for first, last in known_days(kind, calendar, today)
        for starts_at, ends_at in [whole_days(first, last)]
    }


def _refresh(work: Work, desk: Desk, kept: KeptPeriod, known: Known, now: datetime) -> bool:
    """Whether a period that is not over is written down otherwise than it was kept."""
    if kept.ends_at <= now or kept.ended_by is not None:
        return False
    kind = next((one for one in desk.periods if one.name == kept.name), None)
    ends_at = kept.ends_at
    if kept.source is ShiftSource.ROSTER:
        kind, ends_at = known.get((kept.name, kept.starts_at), (None, now))
        if kind is None:
            cancel(work, kept, FILE, now)
            return True
    if kind is None or _is_same(kept, kind, ends_at):
        return False
    work.periods.change(kept.id, ends_at, kind.rules, turns_text(kind))
    put_shifts(work, kind, replace(kept, ends_at=ends_at), FILE, now)
    return True


def _is_same(kept: KeptPeriod, kind: PeriodKind, ends_at: datetime) -> bool:
    now_written = (ends_at, kind.rules, turns_text(kind))
    return (kept.ends_at, kept.rules, kept.turns) == now_written


def turns_text(kind: PeriodKind) -> str:
    """Return the rota of a kind as one text, to see whether it has been edited."""
    turns = [[*one.people, f"{one.start:%H:%M}", f"{one.end:%H:%M}"] for one in kind.turns]
    return json.dumps(turns, ensure_ascii=False)


def keep(  # noqa: PLR0913 - by whom, when and in which words are one record
    work: Work,
    kind: PeriodKind,
    lasts: tuple[datetime, datetime],
    *,
    by: str,
    now: datetime,
    words: str = "",
) -> KeptPeriod | None:
    """Keep a period with its shifts; None where it is known already."""
    source = ShiftSource.ROSTER if by == FILE else ShiftSource.CHAT
    new = NewPeriod(
        kind.name, *lasts, kind.rules, turns_text(kind), source=source, by=by, at=now, words=words
    )
    kept = work.periods.add(new)
    if kept is not None:
        put_shifts(work, kind, kept, by, now)
    return kept


def put_shifts(work: Work, kind: PeriodKind, period: KeptPeriod, by: str, now: datetime) -> None:
    """Write the period's own rota from now on; what has been stays."""
    work.roster.clear_period(period.id, now)
    to_come = [
        replace(one, starts_at=max(one.starts_at, now))
        for one in shifts_of(kind, period.starts_at, period.ends_at)
        if one.ends_at > now
    ]
    work.roster.add_for_period(period.id, to_come, by=by, at=now)


def cancel(work: Work, period: KeptPeriod, by: str, now: datetime) -> None:
    """End a period now; one that has not begun will not have been."""
    work.roster.clear_period(period.id, now)
    if period.starts_at > now:
        work.periods.drop(period.id)
    else:
        work.periods.end(period.id, by, now)


def follow(work: Work, desk: Desk, now: datetime) -> None:
    """Let reminders and monitoring rounds follow the periods as they now are."""
    clockwork = Clockwork(work, desk, now)
    for case in work.cases.find_open():
        clockwork.reset_timers(case)
    broadcasts.plan(work, desk, now)


def set_timers(work: Work, desk: Desk, now: datetime) -> None:
    """Set the moments at which start and end are told; those set already stay."""
    quiet = desk.rulebook(desk.rulebook_in_force).clocks.quiet
    for period in work.periods.all():
        if period.ends_at <= now:
            continue
        if period.source is ShiftSource.ROSTER or period.starts_at > period.known_at:
            told_at = _told_at(period.starts_at, quiet)
            told_at = told_at if told_at > now else quiet.ends_at(now) or now
            _set(work, period.id, _START, period.starts_at, told_at)
        ends = quiet.ends_at(period.ends_at) or period.ends_at
        _set(work, period.id, _end_slot(period), period.ends_at, ends + _A_LITTLE)


def _told_at(starts_at: datetime, quiet: QuietHours) -> datetime:
    ends = quiet.ends_at(starts_at)
    if ends is None:
        return starts_at + _A_LITTLE
    morning = in_beijing(ends).date()
    return at_beijing(morning - timedelta(days=1), _TOLD_BEFORE) + _A_LITTLE


def _end_slot(period: KeptPeriod) -> str:
    return f"{_END} {in_beijing(period.ends_at):%Y-%m-%d %H:%M}"


def _set(work: Work, period_id: int, slot: str, due_at: datetime, leaves_at: datetime) -> None:
    work.timers.set(
        NewTimer(
            subject_type=SubjectType.ROSTER,
            subject_id=period_id,
            kind=TIMER,
            slot=slot,
            addressee="",
            generation=1,
            due_at=due_at,
            leaves_at=leaves_at,
        )
    )


def ring(work: Work, timer: DueTimer, now: datetime, desk: Desk) -> None:
    """Tell the start or the end of a period once; set what comes next."""
    period = work.periods.get(timer.subject_id)
    if period is None:
        work.timers.skipped(timer.id, now, "这段特殊时期已取消")
        return
    if timer.slot == _START:
        if period.ends_at <= now:
            work.timers.skipped(timer.id, now, f"{MISSED}, 这段时期已经结束")
            return
        tell_start(work, desk, period, now)
    else:
        if timer.slot != _end_slot(period):
            work.timers.skipped(timer.id, now, "结束时间已改动")
            return
        tell_end(work, desk, period, now)
        plan(work, desk, now)  # the next holidays
    work.timers.fired(timer.id, now, f"{period.name} {timer.slot}")


def tell_start(
    work: Work, desk: Desk, period: KeptPeriod, now: datetime, *, doer: str = ""
) -> None:
    """Say once that it begins, and what is different."""
    begins = max(period.starts_at, now)  # one entered late has its rota from then on
    shifts = work.roster.shifts(begins, begins + timedelta(days=1))
    mine = [one for one in shifts if one.period == period.name]
    first = [one for one in mine if one.starts_at == mine[0].starts_at]
    said = "、".join(
        f"{work.people.name_of(one.userid)} {stretch(one.starts_at, one.ends_at, now)}"
        for one in first
    )
    _tell(work, desk, (period, _START), start_words(period, said, now), now=now, doer=doer)


def tell_end(work: Work, desk: Desk, period: KeptPeriod, now: datetime, *, doer: str = "") -> None:
    """Say once that it is over."""
    others = [one for one in work.periods.all() if one.covers(now) and one.id != period.id]
    _tell(work, desk, (period, _END), end_words(period, others, now), now=now, doer=doer)


def _tell(  # noqa: PLR0913 - what is told, to whom not, and where from
    work: Work, desk: Desk, what: tuple[KeptPeriod, str], text: str, *, now: datetime, doer: str
) -> None:
    period, slot = what
    told = [
        Notice(ToPerson(userid), text, "period", "特殊时期", Priority.NOTICE)
        for userid in sorted(_hearers(work, period))
    ]
    Post(work, desk, now).tell(told, Origin("period", str(period.id), slot), doer=doer)


def _hearers(work: Work, period: KeptPeriod) -> Iterable[str]:
    roles = (*_HEARS, Role.INFORMANT) if period.rules.rounds else _HEARS
    by_role = {person.userid for role in roles for person in work.people.with_role(role)}
    shifts = work.roster.shifts(period.starts_at, period.ends_at)
    return by_role | {one.userid for one in shifts if one.period == period.name}
