"""Words about leaders' orders: what was read from them, to be tapped; what each unit is to do."""

from typing import assert_never

from cases import events
from cases.approvals import Kind
from cases.asks import Asks
from cases.encoding import wecom_lines
from cases.model import Case
from cases.notices import Choice, Notice, Priority, ToPerson, ToRole, ToUnit
from cases.people import Role
from cases.wording.moments import clock_time
from cases.wording.reminders import head
from cases.wording.telling.context import Telling


def notices(case: Case, event: events.Ordering, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    name = head(case, telling.title)
    match event:
        case events.InstructionProposed():
            return _proposed(case, event, telling)
        case events.OrderGiven(unit=unit, by=by, words=words, demand=demand):
            until = (
                f", {clock_time(event.deadline, telling.now)} 前报结果" if event.deadline else ""
            )
            said = (
                f"【批示】{name}\n{telling.person(by)}批示: {words}\n"
                f"请{telling.unit(unit)}{demand or '阅处'}{until}。"
                f"办理情况请回复「{case.short_number} 进展: …」, 会转{telling.person(by)}。"
            )
            return (Notice(ToUnit(unit), said, "order", "领导批示交办", Priority.TOP_GRADE),)
        case events.OrderAnswered(unit=unit, to=to, text=text):
            said = f"【批示办理情况】{name}\n{telling.unit(unit)}: {text}"
            return (
                Notice(ToPerson(to), said, "order-answered", "批示办理情况", Priority.TOP_GRADE),
            )
        case events.SeatGranted():
            return _next_seat(case, event, telling)
        case events.PassedUpward(to=to, words=words):
            return _passed_upward(case, to, words, telling)
        case events.InstructionDropped():
            said = f"【批示】{name}\n刚才的批示不按所列交办。"
            return (Notice(ToRole(Role.DUTY_OFFICER), said, "order-dropped", "批示不按此办"),)
        case events.InstructionExecuted():  # each unit hears its own order, who tapped is answered
            return ()
        case _:
            assert_never(event)


def tasks(event: events.InstructionProposed, telling: Telling) -> str:
    """Return the tasks that were read from a leader's words, in one sentence."""
    units = "、".join(telling.unit(unit) for unit in event.units)
    lead = f", {telling.unit(event.lead)}牵头" if event.lead and len(event.units) > 1 else ""
    until = f", {clock_time(event.deadline, telling.now)} 前报结果" if event.deadline else ""
    return f"请{units}{event.demand or '阅处'}{lead}{until}"


def tap(case: Case, number: int) -> tuple[Choice, ...]:
    """Return the choices that carry the tasks out, or not."""
    return (
        Choice("照此办", (f"照批示办 {case.number} 第{number}号",)),
        Choice("不是这个意思", (f"批示不按此办 {case.number} 第{number}号",)),
    )


def _proposed(
    case: Case, event: events.InstructionProposed, telling: Telling
) -> tuple[Notice, ...]:
    text = (
        f"【批示待办】{head(case, telling.title)}\n{telling.person(event.by)}批示: {event.words}\n"
        f"拟办: {tasks(event, telling)}。确认后通知单位。"
    )
    ask = ToRole(Role.OFFICE_DIRECTOR)
    why = "领导批示, 请确认拟办"
    return (Notice(ask, text, "order-ask", why, Priority.TOP_GRADE, tap(case, event.number)),)


_CARDS = {Kind.SIGNOFF: Asks.SIGNOFF, Kind.DRAFT: Asks.ISSUE, Kind.CLOSE: Asks.CLOSE}


def _next_seat(case: Case, event: events.SeatGranted, telling: Telling) -> tuple[Notice, ...]:
    if not event.asks:  # all were asked at once
        return ()
    kind = Kind(event.kind)
    reply = case.response.reply
    draft = f"\n稿件第 {reply.version} 稿: 「{wecom_lines(reply.text, 900)}」" if reply else ""
    text = (
        f"【请{kind.label}】{head(case, telling.title)}\n{event.role}已同意: {event.words}{draft}\n"
        "请回复「同意」「原则同意, …」或「退回 + 理由」。"
    )
    agree = Choice("同意", (f"同意 {case.number}",))
    to = ToRole(Role(event.left[0]))
    asks = _CARDS.get(kind)
    return (Notice(to, text, "next-seat", "请下一位审批", Priority.TOP_GRADE, (agree,), asks),)


def _passed_upward(case: Case, to: str, words: str, telling: Telling) -> tuple[Notice, ...]:
    reply = case.response.reply
    draft = f"\n稿件第 {reply.version} 稿: 「{wecom_lines(reply.text, 900)}」" if reply else ""
    text = (
        f"【请阅示】{head(case, telling.title)}\n{words}{draft}\n"
        "请回复「同意」「原则同意, …」或「退回 + 理由」。"
    )
    agree = Choice("同意", (f"同意 {case.number}",))
    ask = Notice(ToRole(Role(to)), text, "upward", "请上级领导阅示", Priority.TOP_GRADE, (agree,))
    return (ask,)
