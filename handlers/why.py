"""Questions about time and reminders, answered from what is recorded."""

from cases.amounts import Basis
from cases.answers_about_time import why_this_time
from cases.clocks import Due, Step
from cases.deadlines import is_leaders
from cases.encoding import wecom_field
from cases.errors import NotPermittedError, RefusalError
from cases.model import Case
from cases.people import Person, Role
from cases.permissions import Action
from cases.special_periods import spacing_at, tightened
from cases.wording.moments import clock_time
from cases.wording.records import Line, rung_in_words, section
from handlers.on_duty import duty_now
from handlers.period_talk import lines_now
from handlers.references import case_meant
from handlers.said import Slots
from handlers.talk import Talk
from storage.clocks import Clock
from storage.records import MessageRecord, TimerRecord
from storage.states import HushKind, OutboxState, TimerState

OFFICE = "office"
_MAY_ASK_FOR_OTHERS = (
    Role.DUTY_OFFICER,
    Role.OFFICE_DIRECTOR,
    Role.DEPUTY_LEADER,
    Role.CHIEF_LEADER,
    Role.ADMINISTRATOR,
)
_UNSENT = {
    TimerState.SKIPPED: "没发, 作废",
    TimerState.CANCELLED: "没发, 取消",
    TimerState.ASIDE: "没发, 出错搁置",
}
_MESSAGE = {
    OutboxState.SENT: "已提交",  # taken by the platform: nobody can know that it was read
    OutboxState.CANCELLED: "没发",
    OutboxState.FAILED: "发送失败",
}


def deadline(talk: Talk, slots: Slots) -> str:
    """为什么是这个时间: every clock the speaker is concerned with, counted line by line."""
    case = case_meant(talk, slots, lambda one: one.is_open, verb="查时限")
    talk.permit(Action.VIEW, case)
    clocks = _clocks(talk, case)
    named = [clock for clock in clocks if clock.step in talk.spoken]
    chosen = named or clocks
    if not chosen:
        raise RefusalError(f"{case.short_number} 现在没有在走的时限 ({case.state.label})。")
    names = {unit.id: unit.name for unit in talk.work.people.units()}
    lines = [f"{case.short_number}《{wecom_field(case.title, 90)}》"]
    first, *others = chosen
    holder = "舆情办" if first.holder == OFFICE else names.get(first.holder, first.holder)
    lines.append(f"等{holder}: {_counted(talk, case, first)}")
    lines += [
        f"另: {one.step} {clock_time(one.due_at, talk.now)}"
        f" (回复「{case.short_number} {one.step}什么时候到期」看算法)"
        for one in others
    ]
    return "\n".join([*lines, *lines_now(talk)])


def _clocks(talk: Talk, case: Case) -> list[Clock]:
    running = talk.work.clocks.running(case.id)
    unit = talk.person.unit_id
    mine = [clock for clock in running if unit is not None and clock.holder == unit]
    return mine or running


def _counted(talk: Talk, case: Case, clock: Clock) -> str:
    found = Due(
        clock.due_at,
        Basis(clock.basis),
        provisional=clock.provisional,
        projected=clock.projected,
        steps=clock.computation,
    )
    rules = talk.desk.rulebook(case.rulebook_id).clocks
    rule = rules.rule(case.working_level, Step(clock.step))
    if is_leaders(clock.computation):
        steps = "\n".join(f"{nth}. {one}" for nth, one in enumerate(clock.computation, start=1))
        return f"{clock.step}时限 {clock_time(clock.due_at, talk.now)}, 这样算出:\n{steps}"
    special = talk.work.periods.all()
    ladder = rules.ladder_of(rule)
    closer = ladder and tightened(ladder, spacing_at(special, clock.counted_at))
    return why_this_time(rule, found, closer)


def why(talk: Talk, slots: Slots) -> str:
    """为什么提醒/没提醒我: what was sent, held, skipped or cancelled, each with its reason."""
    case = case_meant(talk, slots, lambda one: one.is_open, verb="查提醒")
    talk.permit(Action.VIEW, case)
    person = _about(talk)
    whom = "您" if person is talk.person else person.name
    sent = talk.work.records.reminders_of_case(case.id, person.userid)
    timers = _timers(talk, case, person)
    lines = [f"{case.short_number}《{wecom_field(case.title, 90)}》给{whom}的提醒:"]
    lines += section(f"发给{whom}的:", [_of_message(one) for one in sent], talk.now)
    lines += section("没有发的:", _not_sent(timers), talk.now)
    lines += section("免打扰和电话:", _held(talk, case, person), talk.now)
    lines += section("下一次:", _coming(timers), talk.now)
    lines += _roster(talk, person)
    if len(lines) == 1:
        lines.append(f"没有给{whom}的提醒, 也没有等{whom}或{whom}所在单位办的时限。")
    lines += lines_now(talk)
    return "\n".join(lines)


def _about(talk: Talk) -> Person:
    """Whose reminders are asked about: the speaker's, or those of a colleague he names.

    Raises:
        NotPermittedError: a colleague's are asked for by who neither coordinates nor leads.
    """
    named = [
        person
        for person in talk.work.people.people()
        if person.name in talk.words and person.userid != talk.person.userid
    ]
    if not named:
        return talk.person
    if not talk.person.is_any(*_MAY_ASK_FOR_OTHERS):
        raise NotPermittedError("别人收到的提醒由舆情办和领导查; 您可以问「001 为什么提醒我」。")
    return named[0]


def _timers(talk: Talk, case: Case, person: Person) -> list[TimerRecord]:
    found = talk.work.records.timers_of_case(case.id)
    unit = person.unit_id
    if unit is None:
        return found
    holders = {clock.id: clock.holder for clock in talk.work.clocks.of_case(case.id)}
    return [one for one in found if holders.get(one.clock_id or 0) == unit]


def _of_message(one: MessageRecord) -> Line:
    became = _MESSAGE.get(one.state, "排队")
    rung = rung_in_words(one.kind.removeprefix("remind-"))
    why_not = f" ({one.ended_reason})" if one.ended_reason else ""
    return Line(one.sent_at or one.first_at, f"{became}: {one.reason}, {rung}{why_not}")


def _not_sent(timers: list[TimerRecord]) -> list[Line]:
    return [
        Line(one.leaves_at, f"{_UNSENT[one.state]}: {_named(one)} ({one.reason})")
        for one in timers
        if one.state in _UNSENT
    ] + [
        Line(one.fired_at or one.leaves_at, f"{one.kind}: {note}")
        for one in timers
        if one.state is TimerState.FIRED and (note := one.reason.partition(": ")[2])
    ]


def _coming(timers: list[TimerRecord]) -> list[Line]:
    return [
        Line(one.leaves_at, f"{_named(one)}{_delayed(one)}")
        for one in timers
        if one.state is TimerState.PENDING
    ]


def _delayed(one: TimerRecord) -> str:
    if one.reason:
        return f" ({one.reason})"
    return " (夜间不打扰, 顺延到此时)" if one.leaves_at > one.due_at else ""


def _named(one: TimerRecord) -> str:
    return f"{one.kind} {rung_in_words(one.slot)} → {one.addressee}"


def _held(talk: Talk, case: Case, person: Person) -> list[Line]:
    lines = []
    for hush in talk.work.hushes.of_case(case.id):
        until = clock_time(hush.until, talk.now)
        if hush.kind is HushKind.PHONED:
            lines.append(Line(hush.at, f"已电话通知{hush.words}, {until} 前不升级"))
        elif hush.userid == person.userid:
            whom = "您" if person is talk.person else person.name
            lines.append(Line(hush.at, f"{whom}要求免打扰到 {until}"))
    return lines


def _roster(talk: Talk, person: Person) -> list[str]:
    if Role.DUTY_OFFICER not in person.roles:
        return []
    on_duty = duty_now(talk.work, talk.now)
    if not on_duty or any(one.userid == person.userid for one in on_duty):
        return []
    people = (talk.work.people.person(one.userid) for one in on_duty)
    names = "、".join(person.name for person in people if person)
    return [f"现在值班的是{names}, 给值班员的提醒发给值班的人。"]
