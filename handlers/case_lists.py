"""Storm day: new cases join a list, the office is shown it once, one clock runs for all of it."""

from datetime import datetime

from cases.case_clocks import GRADE_AND_ASSIGN
from cases.encoding import wecom_field
from cases.model import Case, State
from cases.notices import Notice, Priority, ToRole
from cases.people import Role
from cases.storm import (
    GOES_ON,
    MANY,
    SHOWN_AFTER,
    WAITING,
    WITHIN,
    ListedCase,
    list_in_words,
    numbers_in_words,
)
from cases.wording.moments import clock_time
from cases.wording.numbers import number_said
from handlers.clockwork import Clockwork
from handlers.desk import Desk
from handlers.post import Origin, Post
from storage.case_lists import CaseList, Line
from storage.clocks import Clock
from storage.states import SubjectType
from storage.timers import DueTimer, NewTimer
from storage.work import Work

TIMER = "清单"
_TITLE_BYTES = 48
_TOP = 1  # a case of the first row is asked about by itself, at once


def join(work: Work, desk: Desk, case: Case, now: datetime) -> bool:
    """Put a case just registered into the list if many come; whether it is in one."""
    if _row(desk, case) == _TOP:
        return False
    current = work.case_lists.latest_open()
    if current is None or now - current.opened_at > GOES_ON:
        recent = [
            one
            for one in work.cases.waiting_since(now - WITHIN)
            if _row(desk, one) != _TOP and work.case_lists.line_of(one.id) is None
        ]
        if len(recent) < MANY:
            return False
        current = work.case_lists.open(now)
        for earlier in recent:
            if earlier.id != case.id:
                work.case_lists.add(current.id, earlier.id)
    hint = f"{number_said(case.linked_to, now)} 近日办结, 可能反弹" if case.linked_to else None
    work.case_lists.add(current.id, case.id, hint)
    _show_later(work, current, now)
    return True


def _row(desk: Desk, case: Case) -> int:
    return desk.rulebook(case.rulebook_id).clocks.row(case.working_level)


def _show_later(work: Work, current: CaseList, now: datetime) -> None:
    work.timers.set(
        NewTimer(
            subject_type=SubjectType.TASK,
            subject_id=current.id,
            kind=TIMER,
            slot=f"show-{current.shown}",
            addressee="",
            generation=1,
            due_at=now + SHOWN_AFTER,
            leaves_at=now + SHOWN_AFTER,
        )
    )


def one_clock(work: Work, case: Case, now: datetime) -> None:
    """Let one clock run for the list of the case: the earliest; the others end."""
    line = work.case_lists.line_of(case.id)
    if line is None:
        return
    running = _clocks(work, work.case_lists.lines(line.list_id))
    for clock in sorted(running, key=lambda one: one.due_at)[1:]:
        work.clocks.hand_over(clock.id, "清单统一计时", now)


def _clocks(work: Work, lines: tuple[Line, ...]) -> list[Clock]:
    return [
        clock
        for line in lines
        for clock in work.clocks.running(line.case_id)
        if clock.step == GRADE_AND_ASSIGN.value
    ]


def settle(work: Work, desk: Desk, before: State, case: Case, now: datetime) -> None:
    """A case that has been given to somebody, or ended, leaves the list; its clock goes on."""
    if before not in WAITING or case.state in WAITING:
        return
    line = work.case_lists.line_of(case.id)
    if line is None:
        return
    work.case_lists.settle(case.id, now)
    left = work.case_lists.lines(line.list_id)
    if not left:
        work.case_lists.close(line.list_id, now)
    elif not _clocks(work, left):
        ended = [c for c in work.clocks.of_case(case.id) if c.step == GRADE_AND_ASSIGN.value]
        following = work.cases.load(left[0].case_id)
        if ended:
            Clockwork(work, desk, now).pass_on(following, ended[-1])


def show(work: Work, timer: DueTimer, now: datetime, desk: Desk) -> None:
    """Show the office the list, once for all that came meanwhile."""
    current = work.case_lists.get(timer.subject_id)
    left = work.case_lists.lines(current.id)
    if not left:
        work.timers.skipped(timer.id, now, "清单已全部处理")
        return
    work.timers.fired(timer.id, now, f"清单 {len(left)} 件")
    work.case_lists.show(current.id, left[-1].number)
    why = "集中上报, 请一次定级交办"
    notices = [
        Notice(ToRole(role), text, f"case-list-{nth}", why, Priority.TOP_GRADE)
        for nth, text in enumerate(said(work, left, now), start=1)
        for role in (Role.OFFICE_DIRECTOR, Role.DUTY_OFFICER)
    ]
    Post(work, desk, now).tell(notices, Origin("list", str(current.id), timer.slot))


def said(work: Work, lines: tuple[Line, ...], now: datetime) -> tuple[str, ...]:
    """Return the list in words."""
    units = {unit.id: unit.name for unit in work.people.units()}
    dues = [clock.due_at for clock in _clocks(work, lines)]
    listed = []
    for line in lines:
        case = work.cases.load(line.case_id)
        lead = case.proposal.lead
        listed.append(
            ListedCase(
                line.number,
                number_said(case.number, now),
                wecom_field(case.title, _TITLE_BYTES),
                case.working_level,
                units.get(lead, lead) if lead else "",
                line.hint or "",
            )
        )
    return list_in_words(listed, clock_time(min(dues), now) if dues else "")


def reminder(work: Work, case: Case) -> str:
    """Return of how many cases a reminder about one of a list speaks; "" where there is none."""
    line = work.case_lists.line_of(case.id)
    if line is None:
        return ""
    numbers = [one.number for one in work.case_lists.lines(line.list_id)]
    return f"\n待定级清单共 {len(numbers)} 件未处理: {numbers_in_words(numbers)}, 可一次答复。"
