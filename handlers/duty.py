"""The duty desk in chat: who is on duty and why, 我值班, 交班 and 接班 signed by both."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cases.beijing import at_beijing, in_beijing
from cases.duty import Change, Shift, Watch, gaps, on_duty, watches
from cases.errors import NotPermittedError, RefusalError
from cases.notices import Choice, Notice, Priority, ToPerson
from cases.people import Person, Role
from cases.wording.duty import HandoverCard, OpenCase, handover_card, stretch
from cases.wording.moments import clock_time
from handlers import said
from handlers.on_duty import duty_now
from handlers.period_talk import lines_now
from handlers.post import Origin, Post
from handlers.said import Slots
from handlers.talk import Talk
from storage.roster import HANDOVER, KeptChange, NewChange
from storage.states import ChangeState, ShiftSource

DESK = (Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR)
_ACCEPT = re.compile(r"^\s*(?:同意)?接班\s*(?P<id>[0-9]{1,9})\s*$")
_REFUSE = re.compile(r"^\s*不(?:同意)?接班\s*(?P<id>[0-9]{1,9})\s*$")
_SELF = re.compile("我|本人")
_MORNING, _EVENING = time(8, 30), time(18)
_LOOK = timedelta(hours=48)
_MOST_COMING = 3
_AT_MOST = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when somebody is on duty."""

    start: datetime
    end: datetime


def permit_desk(talk: Talk) -> None:
    """Let only those of the duty desk through.

    Raises:
        NotPermittedError: anybody else.
    """
    if not talk.person.is_any(*DESK):
        raise NotPermittedError("值班由值班员和舆情办主任安排, 您的身份不能改值班。")


def roster(talk: Talk, slots: Slots) -> str:
    """谁值班: who is on duty at a moment and why, who comes next, and where nobody is."""
    if re.search("我(?:来)?值班", talk.words) and not re.search("[?吗谁]", talk.words):
        return handover(talk, slots)
    day = said.text(slots, "date")
    if day and day != f"{in_beijing(talk.now):%Y-%m-%d}":
        return _of_day(talk, at_beijing(date.fromisoformat(day), time()))
    shifts, changes = _kept(talk, talk.now)
    lines = [
        f"{clock_time(talk.now, talk.now)} 值班: {name(talk, one.userid)} ({one.why})"
        for one in on_duty(talk.now, shifts, changes)
    ]
    if not lines:
        lines.append(_nobody(talk, clock_time(talk.now, talk.now)))
    lines += lines_now(talk)
    coming = watches(talk.now, talk.now + _LOOK, shifts, changes)
    lines += [f"接着: {_watch(talk, one)}" for one in coming if one.starts_at > talk.now][
        :_MOST_COMING
    ]
    return "\n".join([*lines, *_gaps(talk, shifts, talk.now)])


def _kept(talk: Talk, moment: datetime) -> tuple[list[Shift], list[Change]]:
    roster = talk.work.roster
    return roster.shifts(moment, moment + _LOOK), roster.changes(moment, moment + _LOOK)


def _nobody(talk: Talk, when: str) -> str:
    people = "、".join(p.name for p in talk.work.people.with_role(Role.DUTY_OFFICER))
    return f"{when} 值班表上没有人, 提醒发给全部值班员: {people}"


def _watch(talk: Talk, one: Watch) -> str:
    people = "、".join(name(talk, userid) for userid in one.userids)
    return f"{people} {stretch(one.starts_at, one.ends_at, talk.now)}"


def _gaps(talk: Talk, shifts: list[Shift], moment: datetime) -> list[str]:
    found = gaps(shifts, moment) if shifts else ()
    return [f"空档: {clock_time(gap.starts_at, talk.now)} 起没有人值班" for gap in found]


def _of_day(talk: Talk, start: datetime) -> str:
    """Who is on duty on another day, from its beginning to its end."""
    shifts, changes = _kept(talk, start)
    said_day = clock_time(start, talk.now).removesuffix(" 00:00")
    found = watches(start, start + timedelta(days=1), shifts, changes)
    if not found:
        return _nobody(talk, said_day)
    lines = [f"· {_watch(talk, one)}" for one in found]
    return "\n".join([f"{said_day} 值班:", *lines, *_gaps(talk, shifts, start)])


def name(talk: Talk, userid: str) -> str:
    """Return the name of a person, as the directory has it."""
    person = talk.work.people.person(userid)
    return person.name if person else userid


def handover(talk: Talk, slots: Slots) -> str:
    """我值班, 交班, 接班: three things said about the same desk."""
    permit_desk(talk)
    words = said.text(slots, "text") or talk.words  # of a tap: what its number stands for
    if match := _ACCEPT.match(words):
        return decide(talk, int(match["id"]), ChangeState.AGREED)
    if match := _REFUSE.match(words):
        return decide(talk, int(match["id"]), ChangeState.REFUSED)
    if "值班" in talk.words and _SELF.search(talk.words) and HANDOVER not in talk.words:
        return _on_duty_myself(talk, slots)
    if "接班" in talk.words and "交班" not in talk.words:
        waiting = talk.work.roster.proposed_to(talk.person.userid, HANDOVER, talk.now)
        if len(waiting) == 1:
            refuses = re.search("不|暂|有疑问", talk.words)
            state = ChangeState.REFUSED if refuses else ChangeState.AGREED
            return decide(talk, waiting[0], state)
        raise RefusalError(
            "接班请在收到交班卡后回复卡上的数字; 没有交班卡时可说「我值班, 18点到明早8点半」。"
        )
    return _hand_over(talk, slots)


def _on_duty_myself(talk: Talk, slots: Slots) -> str:
    shift = _told(talk, slots)
    if shift.end <= talk.now:
        raise RefusalError("这个班次已经过去了, 请写以后的时间, 例如: 我值班, 18点到明早8点半")
    if shift.end - shift.start > _AT_MOST:
        raise RefusalError("一个班最长 36 小时, 请分开报。")
    before = _replaced(talk, shift)
    mine = Shift(talk.person.userid, shift.start, shift.end)
    added = talk.work.roster.add(
        [mine], source=ShiftSource.CHAT, by=talk.person.userid, at=talk.now
    )
    when = stretch(shift.start, shift.end, talk.now)
    if not added:
        return f"已经记过: {talk.person.name} {when} 值班。"
    text = f"【值班】{when} 由{talk.person.name}值班, 原值班表上的您不用值这一班。"
    for person in before:
        tell(talk, person, text, ())
    others = f", 原来是{'、'.join(p.name for p in before)}, 已告知" if before else ""
    return f"已记: {talk.person.name} {when} 值班{others}。这段时间给值班员的提醒发给您。"


def _told(talk: Talk, slots: Slots) -> Stretch:
    start, end = said.moment(slots, "start"), said.moment(slots, "end")
    if start is None and re.search("今晚|晚上", talk.words):
        start = at_beijing(in_beijing(talk.now).date(), _EVENING)
    if end is None and start is not None and "到" in talk.words and "今晚" not in talk.words:
        start, end = talk.now, start
    start = start or talk.now
    return Stretch(start, end or _next_morning(start))


def _next_morning(moment: datetime) -> datetime:
    morning = at_beijing(in_beijing(moment).date(), _MORNING)
    return morning if morning > moment else morning + timedelta(days=1)


def _replaced(talk: Talk, shift: Stretch) -> tuple[Person, ...]:
    at = max(shift.start, talk.now)
    people = (talk.work.people.person(one.userid) for one in duty_now(talk.work, at))
    return tuple(p for p in people if p is not None and p.userid != talk.person.userid)


def _hand_over(talk: Talk, slots: Slots) -> str:
    next_one = _named(talk) or _next_on_roster(talk)
    if next_one is None:
        raise RefusalError("值班表上没有下一班, 请写明交给谁, 例如: 交班给李娜, 未结3件")
    until = _until(talk, next_one)
    change = NewChange(
        HANDOVER,
        talk.person.userid,
        next_one.userid,
        talk.now,
        until,
        ChangeState.PROPOSED,
        talk.person.userid,
        talk.now,
        talk.words,
    )
    number = talk.work.roster.propose(change)
    counted = slots.get("open_count")
    card = HandoverCard(
        talk.person.name,
        next_one.name,
        talk.now,
        _open_cases(talk),
        talk.words,
        counted if isinstance(counted, int) else None,
    )
    text = handover_card(card)
    tell(
        talk,
        next_one,
        text,
        (
            Choice("接班", (f"接班 {number}",)),
            Choice("有疑问, 暂不接班", (f"不接班 {number}",)),
        ),
    )
    return f"{text}\n已请{next_one.name}确认; 对方回复接班之前, 提醒仍发给您。"


def _named(talk: Talk) -> Person | None:
    others = [
        person
        for person in talk.work.people.people()
        if person.is_any(*DESK) and person.userid != talk.person.userid
    ]
    return next((person for person in others if person.name in talk.words), None)


def _next_on_roster(talk: Talk) -> Person | None:
    shifts = talk.work.roster.shifts(talk.now, talk.now + _LOOK)
    coming = sorted(shifts, key=lambda shift: shift.starts_at)
    people = (talk.work.people.person(s.userid) for s in coming if s.userid != talk.person.userid)
    return next((person for person in people if person is not None), None)


def _until(talk: Talk, next_one: Person) -> datetime:
    ahead = talk.work.roster.shifts(talk.now, talk.now + _LOOK)
    own = [shift.ends_at for shift in ahead if shift.userid == next_one.userid]
    return min(own, default=_next_morning(talk.now))


def _open_cases(talk: Talk) -> tuple[OpenCase, ...]:
    found = []
    for case in talk.work.cases.find_open():
        running = talk.work.clocks.running(case.id)
        first = running[0] if running else None
        found.append(
            OpenCase(
                case.short_number,
                case.title,
                case.state.label,
                first.step if first else "",
                first.due_at if first else None,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.due_at is None, one.due_at or talk.now)))


def decide(talk: Talk, change_id: int, state: ChangeState) -> str:
    """Agree to or refuse what somebody else proposed; both are told, both names are kept.

    Raises:
        RefusalError: no such proposal, not for the speaker, or decided before.
    """
    change = talk.work.roster.change(change_id)
    if change is None or change.stands_in != talk.person.userid:
        raise RefusalError("没有等您确认的交接班。")
    if not talk.work.roster.decide(change_id, state, talk.now):
        raise RefusalError("这次交接已经确认过, 不用再回复。")
    other = talk.work.people.person(change.leaves)
    if state is ChangeState.REFUSED:
        if other is not None:
            tell(
                talk, other, f"【未接班】{talk.person.name}暂不同意{change.kind}, 请电话商量。", ()
            )
        return f"已告诉{name(talk, change.leaves)}: 您暂不同意{change.kind}。"
    if change.kind == HANDOVER:
        shift = Shift(change.stands_in, talk.now, max(change.ends_at, _next_morning(talk.now)))
        talk.work.roster.add([shift], source=ShiftSource.CHAT, by=change.by, at=talk.now)
    text = _signed(talk, change)
    if other is not None:
        tell(talk, other, text, ())
    _keep_signatures(talk, change, change_id)
    return text


def _signed(talk: Talk, change: KeptChange) -> str:
    proposer = name(talk, change.by)
    until = stretch(change.starts_at, change.ends_at, talk.now)
    head = "已交接" if change.kind == HANDOVER else f"已{change.kind}"
    return (
        f"【{head}】{name(talk, change.leaves)} → {talk.person.name} ({until})\n"
        f"{change.kind}人: {proposer} {clock_time(change.at, talk.now)}\n"
        f"接班人: {talk.person.name} {clock_time(talk.now, talk.now)}"
    )


def _keep_signatures(talk: Talk, change: KeptChange, change_id: int) -> None:
    talk.work.audit.append(
        actor=talk.person.userid,
        role="、".join(sorted(talk.person.roles)),
        action="duty.changed",
        object_type="shift_change",
        object_id=str(change_id),
        result="done",
        details={"kind": change.kind, "leaves": change.leaves, "proposed_by": change.by},
        now=talk.now,
    )


def tell(talk: Talk, person: Person, text: str, choices: tuple[Choice, ...]) -> None:
    """Tell another member of the desk, apart from the answer."""
    notice = Notice(ToPerson(person.userid), text, "duty", "值班安排", Priority.ESCALATION, choices)
    Post(talk.work, talk.desk, talk.now).tell((notice,), Origin("inbox", talk.key, "duty"))
