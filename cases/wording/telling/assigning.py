"""Words about making units responsible."""

from typing import assert_never

from cases import events
from cases.asks import Asks
from cases.model import Case, Part
from cases.notices import Choice, Notice, Priority, Recipient, ToGroup, ToRole, ToUnit
from cases.people import Role
from cases.wording.reminders import head
from cases.wording.telling.context import Telling


def notices(case: Case, event: events.Assigning, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    name = head(case, telling.title)
    match event:
        case events.SignoffAsked():
            return _ask_leader(case, event, telling)
        case events.SignoffRefused(words=words):
            return _signoff_refused(case, words, telling)
        case events.SignoffGranted():  # the 交办 that comes with it is told
            return ()
        case events.Assigned():
            return _assigned(case, event, telling)
        case events.Moved(unit=unit, to=to, reason=reason):
            text = f"【已转出】{name}\n改由{telling.unit(to)}主办, 贵单位不用再办。理由: {reason}"
            return (Notice(ToUnit(unit), text, "moved", "已转办, 原单位解除"),)
        case events.Upheld():
            until = telling.when("办结")
            text = f"【裁定】{name}\n仍由贵单位办理: {event.reason}。" + (
                f"办结时限 {until}, 不能再次退回。" if until else "不能再次退回。"
            )
            return (Notice(ToUnit(event.unit), text, "upheld", "裁定不予退回"),)
        case _:
            assert_never(event)


def _ask_leader(case: Case, event: events.SignoffAsked, telling: Telling) -> tuple[Notice, ...]:
    coop = "、".join(telling.unit(u) for u in event.coop)
    until = telling.when("签批")
    lines = [
        f"【请签批】{head(case, telling.title)}",
        telling.source,
        *([telling.link] if telling.link else []),
        "依据: " + "; ".join(case.proposal.reasons[:3]) if case.proposal.reasons else "",
        f"拟交{telling.unit(event.lead)}主办" + (f", {coop}协办" if coop else ""),
        f"请{f'在 {until} 前' if until else ''}回复「同意」或「退回 + 理由」。",
    ]
    text = "\n".join(line for line in lines if line)
    agree = Choice("同意", (f"同意 {case.number}",))
    return tuple(
        Notice(
            ToRole(role), text, "signoff", "请领导签批", Priority.TOP_GRADE, (agree,), Asks.SIGNOFF
        )
        for role in telling.deciders
    )


def _signoff_refused(case: Case, words: str, telling: Telling) -> tuple[Notice, ...]:
    text = (
        f"【签批退回】{head(case, telling.title)}\n批示: {words}\n"
        f"请重新交办, 例如「{case.short_number} 交住建局」"
    )
    to = (ToRole(Role.OFFICE_DIRECTOR), ToRole(Role.DUTY_OFFICER))
    return tuple(Notice(one, text, "signoff-refused", "领导未同意签批") for one in to)


def _assigned(case: Case, event: events.Assigned, telling: Telling) -> tuple[Notice, ...]:
    part = Part(event.part)
    name = head(case, telling.title)
    limits = [f"{step} {telling.when(step)} 前" for step in telling.dues if telling.when(step)]
    lines = [
        f"【交办】{name}",
        f"{part.label}: {telling.unit(event.unit)}",
        telling.source,
        *([telling.link] if telling.link else []),
        f"要求: {event.demand or '核实情况, 依法处置, 按时反馈'}",
        "时限: " + ", ".join(limits) if limits else "",
        "回复「收到」即签收; 不属本单位职责请回复「退回 + 理由」。",
    ]
    text = "\n".join(line for line in lines if line)
    priority = Priority.TOP_GRADE if telling.top_grade else Priority.NOTICE
    sign = Choice("签收", (f"收到 {case.number}",))
    to = ToUnit(event.unit)
    card = Notice(to, text, "assign", "交办", priority, (sign,), Asks.SIGN)
    until = telling.when("签收")
    post = (
        f"【交办】{name}\n{part.label}: {telling.unit(event.unit)}"
        + (f", 请在 {until} 前签收" if until else "")
        + "。\n请私聊应用「督办」回复「收到」。"
    )
    group = Notice(ToGroup(event.unit), post, "assign-group", "交办通知到单位群", priority)
    return (card, group, *(_inform(name, event, telling) if part is Part.LEAD else ()))


def _inform(name: str, event: events.Assigned, telling: Telling) -> tuple[Notice, ...]:
    text = (
        f"【通报】{name}\n已交{telling.unit(event.unit)}主办。{telling.source}\n供知悉, 不用回复。"
    )
    told: list[Recipient] = [ToRole(role) for role in telling.informed]
    if telling.informs_unit_leader:
        told.append(ToUnit(event.unit, Role.UNIT_LEADER))
    return tuple(Notice(one, text, "inform", "按规则告知", asks=Asks.NOTHING) for one in told)
