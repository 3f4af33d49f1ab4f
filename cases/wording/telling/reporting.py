"""Words about what people report."""

from typing import assert_never

from cases import events
from cases.asks import Asks
from cases.model import Case
from cases.notices import Choice, Notice, Priority, Recipient, ToPerson, ToRole, ToUnit
from cases.people import Role
from cases.wording.numbers import number_said
from cases.wording.reminders import head
from cases.wording.telling.context import Telling


def notices(case: Case, event: events.Reporting, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    match event:
        case events.Registered(rebound_of=earlier):
            return () if telling.listed else _ask_office(case, earlier, telling)
        case events.Supplemented(text=text):
            return _supplemented(case, text, telling)
        case events.Withdrawn():
            return _withdrawn(case, event, telling)
        case events.Joined():  # the reporter is answered, the office sees it on the case
            return ()
        case _:
            assert_never(event)


def _withdrawn(case: Case, event: events.Withdrawn, telling: Telling) -> tuple[Notice, ...]:
    text = f"【已撤回】{case.short_number}《{telling.title}》\n理由: {event.reason}。不再提醒。"
    told: list[Recipient] = [ToRole(telling.confirmer), ToRole(Role.DUTY_OFFICER)]
    if event.by_office:  # whoever withdraws his own report knows
        told += [ToPerson(userid) for userid in case.reporters]
    units = tuple(
        Notice(ToUnit(held.unit_id), f"{text}不用再办。", "withdrawn", "撤回告知承办单位")
        for held in case.assignments
        if held.is_live
    )
    return (*(Notice(one, text, "withdrawn", "报告已撤回") for one in told), *units)


def _ask_office(case: Case, earlier: str | None, telling: Telling) -> tuple[Notice, ...]:
    proposal = case.proposal
    lines = [f"【待定级】{case.short_number}《{telling.title}》", telling.source]
    if telling.link:
        lines.append(telling.link)
    lines.append(f"建议{proposal.level}" + _because(proposal.reasons))
    lines.extend(f"请核实: {ask}" for ask in proposal.asks[:2])
    lines.extend(f"提示: {change}" for change in proposal.would_change[:1])
    lines.append(_unit_line(case, telling))
    lines.extend(f"类似旧案: {past}" for past in telling.past)
    choices = _proposal_choice(case, telling)
    if earlier is not None:
        lines.append(
            f"同一链接的 {number_said(earlier, telling.now)} 近 30 天内办结过, 可能是反弹。"
        )
        choices = (*choices, _reopen_choice(case, earlier, telling))
    example = f"{case.short_number} 定{proposal.level}, 交XX局"
    until = telling.when("定级交办")
    lines.append(
        (f"请在 {until} 前定级交办。" if until else "请定级交办。") + f"回复例如「{example}」"
    )
    text = "\n".join(lines)
    priority = Priority.TOP_GRADE if telling.top_grade else Priority.NOTICE
    to, why = ToRole(telling.confirmer), "新登记, 请定级交办"
    ask = Notice(to, text, "ask", why, priority, choices, Asks.GRADE)
    watching = [Role.DUTY_OFFICER]
    if telling.confirmer is not Role.OFFICE_DIRECTOR:
        watching.append(Role.OFFICE_DIRECTOR)
        text += f"\n由{telling.confirmer.value}定级。"
    rest = [
        Notice(ToRole(role), text, "ask-watch", "新登记, 请舆情办跟进", priority)
        for role in watching
    ]
    return (ask, *rest)


def _reopen_choice(case: Case, earlier: str, telling: Telling) -> Choice:
    again = f"{earlier} 重新打开, 同一链接再次上报"
    label = f"重新打开 {number_said(earlier, telling.now)} 并把本件并入"
    return Choice(label, (again, f"{case.number} 合并到 {earlier}"))


def _because(reasons: tuple[str, ...]) -> str:
    return ", 依据: " + "; ".join(reasons[:3]) if reasons else ""


def _unit_line(case: Case, telling: Telling) -> str:
    proposal = case.proposal
    if proposal.lead is None:
        return f"责任单位: {proposal.unit_question or '未能判断, 请指定'}"
    coop = "、".join(telling.unit(u) for u in proposal.coop)
    helpers = f", 协办 {coop}" if coop else ""
    why = f" ({proposal.unit_reason})" if proposal.unit_reason else ""
    return f"建议交{telling.unit(proposal.lead)}{helpers}{why}"


def _proposal_choice(case: Case, telling: Telling) -> tuple[Choice, ...]:
    proposal = case.proposal
    confirm = f"{case.number} 定{proposal.level}"
    if proposal.lead is None:
        return (Choice(f"定{proposal.level}", (confirm,)),)
    unit = telling.unit(proposal.lead)
    coop = "、".join(telling.unit(u) for u in proposal.coop)
    order = f"{case.number} 交{unit}" + (f", {coop}协办" if coop else "")
    label = f"定{proposal.level}, 交{unit}" + (f", {coop}协办" if coop else "")
    return (Choice(label, (confirm, order)),)


def _supplemented(case: Case, text: str, telling: Telling) -> tuple[Notice, ...]:
    said, why = f"【补充】{head(case, telling.title)}\n{text}", "情况有补充"
    told = [
        Notice(ToRole(r), said, "progress", why) for r in (Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR)
    ]
    if case.lead is not None:
        told.append(Notice(ToUnit(case.lead.unit_id), said, "progress", why))
    return tuple(told)
