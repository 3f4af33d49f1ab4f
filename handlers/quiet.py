"""What holds reminders: 电话通知 recorded, 本单免打扰 within its limits."""

from datetime import datetime, timedelta

from cases.chat.times import find_moments
from cases.errors import RefusalError
from cases.events.reminding import Muted, Phoned
from cases.model import Case
from cases.people import Person, Role
from cases.permissions import Action
from cases.wording.moments import clock_time
from handlers import said
from handlers.carry_out import record
from handlers.post import people_of
from handlers.references import case_meant
from handlers.reminders import whom_awaited
from handlers.said import Slots
from handlers.talk import Talk
from storage.clocks import Clock
from storage.hushes import NewHush
from storage.states import HushKind

OFFICE = "office"
CALL_HOLDS = timedelta(minutes=30)  # provisional, as the minutes of decision 5
_TOP_ROWS = (1, 2)


def phoned(talk: Talk, slots: Slots) -> str:
    """电话通知: the call is recorded; nobody higher is told for half an hour, then as before."""
    case = case_meant(talk, slots, lambda one: _late(talk, one) is not None, verb="登记电话通知")
    talk.permit(Action.PHONED, case)
    clock = _late(talk, case, said.text(slots, "to"))
    if clock is None:
        raise RefusalError(f"{case.short_number} 没有超时未办的事项, 不用登记电话通知。")
    whom = said.text(slots, "to") or _who(talk, case, clock)
    _must_concern(talk, case, clock, whom)
    until = talk.now + CALL_HOLDS
    event = Phoned(clock.step, clock.holder, whom, until)
    hush = NewHush(
        HushKind.PHONED, case.id, whom, until, talk.person.userid, talk.now, whom, clock.id
    )
    talk.work.hushes.add(hush)
    talk.case = record(talk.work, talk.desk, case, (event,), talk.act, now=talk.now).case
    when = clock_time(until, talk.now)
    return (
        f"已记录: {clock_time(talk.now, talk.now)} 已电话通知{whom} "
        f"({case.short_number} {clock.step})。{when} 前不再向上升级; 到时仍未办, 照常升级。"
    )


def _late(talk: Talk, case: Case, name: str = "") -> Clock | None:
    """The clock somebody would be called about: of whoever was called, else the latest."""
    late = [clock for clock in talk.work.clocks.running(case.id) if clock.due_at <= talk.now]
    of_name = [clock for clock in late if name and name in _names(talk, clock)]
    return next(iter(of_name or late), None)


def _must_concern(talk: Talk, case: Case, clock: Clock, whom: str) -> None:
    """Refuse a call to a colleague for whom nobody waits: it would hold the climb over another.

    Whoever is not in the directory may be anybody of the unit, and is believed.
    """
    known = any(person.name == whom for person in talk.work.people.people())
    if not known or whom in _names(talk, clock):
        return
    awaited = _who(talk, case, clock)
    raise RefusalError(
        f"{case.short_number} 现在超时的是{clock.step}, 等的是{awaited}, 不是{whom}, 没有登记。"
        f"打给{awaited}后回复「{case.short_number} 已电话通知{awaited}」。"
    )


def _names(talk: Talk, clock: Clock) -> tuple[str, ...]:
    if clock.holder == OFFICE:
        roles = (Role.OFFICE_DIRECTOR, Role.DEPUTY_LEADER, Role.CHIEF_LEADER, Role.DUTY_OFFICER)
        return tuple(p.name for role in roles for p in talk.work.people.with_role(role))
    return tuple(person.name for person in talk.work.people.of_unit(clock.holder))


def _who(talk: Talk, case: Case, clock: Clock) -> str:
    awaited = whom_awaited(talk.work, talk.desk, case, clock)
    people = [person for to in awaited for person in people_of(talk.work, to, talk.now)]
    return people[0].name if people else clock.holder


def mute(talk: Talk, slots: Slots) -> str:
    """本单免打扰: no reminder of this case before it is due; never at rows 1 and 2."""
    case = case_meant(talk, slots, lambda one: one.is_open, verb="免打扰")
    talk.permit(Action.VIEW, case)
    clocks = talk.desk.rulebook(case.rulebook_id).clocks
    if clocks.row(case.working_level) in _TOP_ROWS:
        raise RefusalError(f"{case.short_number} 是{case.working_level}, 提醒不能关。")
    due = _next_due(talk, case, talk.person)
    if due is None:
        raise RefusalError(
            f"{case.short_number} 现在没有等您办、还没到期的事项, 没有可免的提醒。"
            "已超时的要办了才停: 回复「查 " + case.short_number + "」看等谁办。"
        )
    asked = _asked(talk)
    if asked is not None and asked <= talk.now:
        raise RefusalError("这个时间已经过了, 请写一个以后的时间, 例如: 007 免打扰到 17:00")
    until = min(asked or due, due)
    hush = NewHush(
        HushKind.MUTE, case.id, talk.person.userid, until, talk.person.userid, talk.now, talk.spoken
    )
    talk.work.hushes.add(hush)
    event = Muted(talk.person.userid, until)
    talk.case = record(talk.work, talk.desk, case, (event,), talk.act, now=talk.now).case
    if asked and asked > due:
        return (
            f"{case.short_number} 免打扰最多到时限 {clock_time(due, talk.now)}, 已记到那时。"
            "时限不变; 到期和超时照常提醒。"
        )
    return (
        f"{case.short_number} {clock_time(until, talk.now)} 前不提醒您。"
        f"时限不变: {clock_time(due, talk.now)}; 到期和超时照常提醒。"
    )


def _asked(talk: Talk) -> datetime | None:
    moments = [m for m in find_moments(talk.spoken, talk.now) if not m.is_span or m.at > talk.now]
    return moments[-1].at.astimezone(talk.now.tzinfo) if moments else None


def _next_due(talk: Talk, case: Case, person: Person) -> datetime | None:
    mine = (person.unit_id, *([] if person.unit_id else [OFFICE]))
    dues = [
        clock.due_at
        for clock in talk.work.clocks.running(case.id)
        if clock.holder in mine and clock.due_at > talk.now
    ]
    return min(dues, default=None)
