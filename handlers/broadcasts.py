"""Broadcasts: the timer of the next slot is always set; a slot that rings is said once."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cases.beijing import in_beijing
from cases.broadcasts import (
    Broadcast,
    BroadcastKind,
    is_slot,
    leaves_at,
    next_slot,
    slot_name,
    slot_of,
    slots_around,
)
from cases.errors import RefusalError
from cases.notices import Choice, Notice, Priority, Recipient, ToPerson, ToRole
from cases.people import Role
from cases.permissions import Action
from handlers import daily_report, notice_due, summaries, tonight
from handlers.desk import Desk
from handlers.drafting import after_broadcast
from handlers.post import Origin, Post
from handlers.roster_watch import tell_gaps
from handlers.rounds import (
    missing,
    office_watchers,
    round_of,
    schools,
    silent_schools,
    timetable,
)
from handlers.said import Slots
from handlers.talk import Talk
from storage.records import MISSED
from storage.states import SubjectType
from storage.timers import DueTimer, NewTimer
from storage.work import Work

_LATEST = timedelta(hours=3)  # after an outage: later than this a slot is not said any more
_OFFICE = (Role.OFFICE_DIRECTOR, Role.DUTY_OFFICER)
_LEADERS = (Role.CHIEF_LEADER, Role.DEPUTY_LEADER, Role.OFFICE_DIRECTOR)

Says = Callable[[Work, Desk, datetime], str]
_TEXTS: dict[BroadcastKind, tuple[Says, tuple[Role, ...]]] = {
    BroadcastKind.MORNING: (summaries.morning, _OFFICE),
    BroadcastKind.EVENING: (summaries.evening, (*_OFFICE, Role.ADMINISTRATOR)),
    BroadcastKind.WEEKLY: (summaries.weekly, _LEADERS),
    BroadcastKind.MONTH_END: (summaries.month_end, (Role.OFFICE_DIRECTOR,)),
    BroadcastKind.CALENDAR: (summaries.calendar, (Role.ADMINISTRATOR,)),
    BroadcastKind.TONIGHT: (tonight.forecast_said, _OFFICE),
}


def plan(work: Work, desk: Desk, now: datetime) -> None:
    """Set the timer of every broadcast's next slot; one that is set already stays as it is."""
    table = timetable(work, desk)
    for one in desk.broadcasts:
        slot = next_slot(one, now, table)
        if slot is not None:
            work.timers.set(
                NewTimer(
                    subject_type=SubjectType.BROADCAST,
                    subject_id=0,
                    kind=one.kind.value,
                    slot=slot_name(slot),
                    addressee="",
                    generation=1,
                    due_at=slot,
                    leaves_at=leaves_at(one, slot),
                )
            )


def ring(work: Work, timer: DueTimer, now: datetime, desk: Desk) -> None:
    """Say a slot once, or record why it is not said; set the next one."""
    slot = slot_of(timer.slot)
    one = next((b for b in desk.broadcasts if b.kind.value == timer.kind), None)
    plan(work, desk, now)
    table = timetable(work, desk)
    if one is None or not is_slot(one, slot, table):
        work.timers.skipped(timer.id, now, "播报时间已改动, 原定的不再发")
        return
    following = next_slot(one, slot, table)
    if now - leaves_at(one, slot) > _LATEST or (following is not None and following <= now):
        work.timers.skipped(timer.id, now, f"{MISSED} {timer.slot}, 不再补发")
        return
    told = notices(work, desk, one, slot, now=now)
    origin = Origin("broadcast", timer.kind, timer.slot, timer.generation)
    post = Post(work, desk, now)
    post.tell(told, origin)
    if one.robot and told:
        post.post(one.robot, told[0], origin)
    if told:
        after_broadcast(work, desk, one.kind, slot)
    notice_due.after_broadcast(work, desk, one.kind, slot, now)
    if one.kind in (BroadcastKind.MORNING, BroadcastKind.EVENING):
        tell_gaps(work, desk, now)
    work.timers.fired(timer.id, now, f"{timer.kind} {len(told)} 条" if told else "没有要说的")


def notices(
    work: Work, desk: Desk, one: Broadcast, slot: datetime, *, now: datetime
) -> tuple[Notice, ...]:
    """Return what a slot says, to whom; nothing where there is nothing to say."""
    found = _ROUNDS.get(one.kind)
    if found is not None:
        return found(work, desk, slot, now)
    if one.kind is BroadcastKind.DAILY_REPORT:
        return daily_report.notices(work, desk, now)
    says, roles = _TEXTS[one.kind]
    text = says(work, desk, now)
    if not text:
        return ()
    return tuple(_notice(one.kind, ToRole(role), text) for role in roles)


def _notice(kind: BroadcastKind, to: Recipient, text: str, *choices: Choice) -> Notice:
    return Notice(to, text, "broadcast", f"定时播报: {kind}", Priority.DIGEST, choices)


def _round(work: Work, desk: Desk, slot: datetime, _now: datetime) -> tuple[Notice, ...]:
    hour = f"{in_beijing(slot):%H:%M}"
    text = f"【监测 {hour}】请看一遍各平台。有情况请转发文章或粘贴链接; 没有请报零报告。"
    tap = Choice("零报告", (f"{hour}轮零报告",))
    watching = office_watchers(work, desk)
    return tuple(_notice(BroadcastKind.ROUND, ToPerson(p.userid), text, tap) for p in watching)


def _missing(work: Work, desk: Desk, slot: datetime, now: datetime) -> tuple[Notice, ...]:
    absent = missing(work, desk, slot, now)
    if not absent:
        return ()
    names = "、".join(person.name for person in absent)
    text = (
        f"【监测缺报】{in_beijing(slot):%H:%M} 轮, 到 {in_beijing(now):%H:%M} "
        f"还有 {len(absent)} 人没报: {names}"
    )
    return tuple(_notice(BroadcastKind.ROUND_MISSING, ToRole(role), text) for role in _OFFICE)


def _school_round(work: Work, desk: Desk, slot: datetime, _now: datetime) -> tuple[Notice, ...]:
    hour = f"{in_beijing(slot):%H:%M}"
    text = (
        f"【校园监测 {hour}】请看一遍涉及本单位的网帖和视频。"
        "有情况请转发文章或粘贴链接; 没有请报零报告。"
    )
    tap = Choice("零报告", (f"{hour}轮零报告",))
    watching = [person for one in schools(work, desk) for person in one.people]
    kind = BroadcastKind.SCHOOL_ROUND
    return tuple(_notice(kind, ToPerson(p.userid), text, tap) for p in watching)


def _school_missing(work: Work, desk: Desk, slot: datetime, now: datetime) -> tuple[Notice, ...]:
    silent = silent_schools(work, desk, slot, now)
    if not silent:
        return ()
    named = "、".join(
        f"{one.unit.name} ({'、'.join(p.name for p in one.people) or '名录里没有联络员'})"
        for one in silent
    )
    text = (
        f"【校园缺报】{in_beijing(slot):%H:%M} 轮, 到 {in_beijing(now):%H:%M} "
        f"还有 {len(silent)} 个单位没报: {named}"
    )
    return tuple(_notice(BroadcastKind.SCHOOL_MISSING, ToRole(role), text) for role in _OFFICE)


_ROUNDS: dict[BroadcastKind, Callable[[Work, Desk, datetime, datetime], tuple[Notice, ...]]] = {
    BroadcastKind.ROUND: _round,
    BroadcastKind.ROUND_MISSING: _missing,
    BroadcastKind.SCHOOL_ROUND: _school_round,
    BroadcastKind.SCHOOL_MISSING: _school_missing,
}


def who_is_missing(talk: Talk, _slots: Slots) -> str:
    """谁没报: who has said nothing yet in the latest rounds, asked before the list comes out.

    Raises:
        RefusalError: no round is set up, or none has been yet.
    """
    talk.permit(Action.URGE)
    table = timetable(talk.work, talk.desk)
    lines = []
    for kind, found in (
        (BroadcastKind.ROUND, _missing),
        (BroadcastKind.SCHOOL_ROUND, _school_missing),
    ):
        one = round_of(talk.desk, kind)
        past = (
            [slot for slot in slots_around(one, talk.now, table) if slot <= talk.now] if one else []
        )
        if not past:
            continue
        told = found(talk.work, talk.desk, past[-1], talk.now)
        lines.append(told[0].text if told else f"{kind} {in_beijing(past[-1]):%H:%M} 轮都报了。")
    if not lines:
        raise RefusalError("还没有到监测的时间, 或没有设定监测播报。")
    return "\n".join(lines)


def preview(talk: Talk, _slots: Slots) -> str:
    """预览晚报: what would be said now, to whom; nothing is sent to anybody else.

    Raises:
        RefusalError: no such broadcast is set up; the message names those that are.
    """
    talk.permit(Action.URGE)
    known = "、".join(one.kind.value for one in talk.desk.broadcasts) or "(没有设定)"
    # 监测缺报 before 监测: the longer name says what is meant.
    longest = sorted(talk.desk.broadcasts, key=lambda one: -len(one.kind.value))
    one = next((b for b in longest if b.kind.value in talk.spoken), None)
    if one is None:
        raise RefusalError(f"可以预览的播报: {known}; 例如: 预览晚报")
    slot = next_slot(one, talk.now, timetable(talk.work, talk.desk))
    if slot is None:
        raise RefusalError(f"{one.kind} 没有设定时间。")
    found = notices(talk.work, talk.desk, one, slot, now=talk.now)
    to = "、".join(dict.fromkeys(_named(talk, notice.to) for notice in found))
    text = found[0].text if found else "(现在没有要说的, 到时不发)"
    return f"下一次 {slot_name(slot)}, 发给: {to or '无'}\n{text}"


def _named(talk: Talk, to: Recipient) -> str:
    if isinstance(to, ToRole):
        return to.role.value
    return talk.work.people.name_of(to.userid) if isinstance(to, ToPerson) else to.unit
