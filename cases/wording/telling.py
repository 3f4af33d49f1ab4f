"""An event becomes what is said, and to whom: its words are here, or the reason for none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from cases import events
from cases.model import Assignment, Case, Part
from cases.notices import (
    Choice,
    Notice,
    Priority,
    Recipient,
    ToGroup,
    ToPerson,
    ToRole,
    ToUnit,
)
from cases.people import Role
from cases.wording.moments import clock_time
from cases.wording.reminders import head


@dataclass(frozen=True, slots=True)
class Telling:
    """What the words need beside the case: names, moments, and who decides at this level."""

    now: datetime
    title: str  # already encoded for chat
    source: str  # 抖音 · 王小雨 报
    link: str = ""
    units: Mapping[str, str] = field(default_factory=dict)  # unit id -> name
    people: Mapping[str, str] = field(default_factory=dict)  # userid -> name
    dues: Mapping[str, datetime] = field(default_factory=dict)  # step -> due, of this event
    confirmer: Role = Role.OFFICE_DIRECTOR  # who confirms the grade
    approver: Role = Role.DEPUTY_LEADER  # who signs off and closes
    top_grade: bool = False
    mentions: tuple[str, ...] = ()

    def unit(self, unit_id: str) -> str:
        """The unit's name as the directory has it."""
        return self.units.get(unit_id, unit_id)

    def person(self, userid: str) -> str:
        """The person's name as the directory has it."""
        return self.people.get(userid, userid)

    def when(self, step: str) -> str:
        """The moment by which `step` is due, in words; "" where no clock runs."""
        due = self.dues.get(step)
        return clock_time(due, self.now) if due else ""


def notices(case: Case, event: events.Event, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about `event`; `case` is as it stands after it."""
    match event:
        case events.Registered():
            return _ask_office(case, telling)
        case events.GradeSuggested() | events.GradeChanged() | events.Withdrawn():
            return _about_grade(case, event, telling)
        case events.SignoffAsked() | events.SignoffRefused():
            return _about_signoff(case, event, telling)
        case events.Assigned() | events.Moved() | events.Declined() | events.Upheld():
            return _about_units(case, event, telling)
        case events.Reported() | events.Verified() | events.Supplemented():
            return _about_progress(case, event, telling)
        case events.CloseRequested() | events.Closed() | events.SentBack() | events.Urged():
            return _about_closing(case, event, telling)
        case (
            events.Joined()  # the reporter is answered, the office sees it on the case
            | events.GradeConfirmed()  # whoever confirmed is answered, the 交办 tells the rest
            | events.SignoffGranted()  # the 交办 that comes with it is told
            | events.Signed()  # a signature settles the clock; nobody waits for more words
            | events.Reminded()  # worded where the clock rings
        ):
            return ()
        case _:
            assert_never(event)


def _ask_office(case: Case, telling: Telling) -> tuple[Notice, ...]:
    proposal = case.proposal
    lines = [f"【待定级】{case.short_number}《{telling.title}》", telling.source]
    if telling.link:
        lines.append(telling.link)
    lines.append(f"建议{proposal.level}" + _because(proposal.reasons))
    lines.extend(f"请核实: {ask}" for ask in proposal.asks[:2])
    lines.append(_unit_line(case, telling))
    choices = _proposal_choice(case, telling)
    example = f"{case.short_number} 定{proposal.level}, 交XX局"
    until = telling.when("定级交办")
    lines.append(
        (f"请在 {until} 前定级交办。" if until else "请定级交办。") + f"回复例如「{example}」"
    )
    text = "\n".join(lines)
    priority = Priority.TOP_GRADE if telling.top_grade else Priority.NOTICE
    ask = Notice(ToRole(telling.confirmer), text, "ask", "新登记, 请定级交办", priority, choices)
    watching = [Role.DUTY_OFFICER]
    if telling.confirmer is not Role.OFFICE_DIRECTOR:
        watching.append(Role.OFFICE_DIRECTOR)
        text += f"\n由{telling.confirmer.value}定级。"
    rest = [
        Notice(ToRole(role), text, "ask-watch", "新登记, 请舆情办跟进", priority)
        for role in watching
    ]
    return (ask, *rest)


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


def _about_grade(
    case: Case,
    event: events.GradeSuggested | events.GradeChanged | events.Withdrawn,
    telling: Telling,
) -> tuple[Notice, ...]:
    name = f"{case.short_number}《{telling.title}》"
    match event:
        case events.GradeSuggested(level=level, reason=reason):
            why = f", 理由: {reason}" if reason else ""
            text = (
                f"【建议等级】{name}\n建议{level}{why}。同意请回复「{case.short_number} 定{level}」"
            )
            choices = (Choice(f"定{level}", (f"{case.number} 升级为{level}, {reason}",)),)
            if case.level is None:
                choices = (Choice(f"定{level}", (f"{case.number} 定{level}",)),)
            to = ToRole(telling.confirmer)
            return (Notice(to, text, "suggest", "有人建议等级", choices=choices),)
        case events.GradeChanged(was=was, level=level, reason=reason):
            text = f"【等级变更】{name}\n由{was}改为{level}, 理由: {reason}。时限已按新等级重算。"
            units = tuple(a.unit_id for a in case.assignments if a.is_live)
            told: tuple[Recipient, ...] = tuple(ToUnit(unit) for unit in units)
            rest: tuple[Recipient, ...] = (ToRole(Role.DUTY_OFFICER), ToRole(telling.approver))
            return tuple(Notice(to, text, "regrade", "等级变更") for to in (*told, *rest))
        case _:
            text = f"【已撤回】{name}\n理由: {event.reason}。不再提醒。"
            roles = (telling.confirmer, Role.DUTY_OFFICER)
            return tuple(Notice(ToRole(r), text, "withdrawn", "报告已撤回") for r in roles)


def _about_signoff(
    case: Case, event: events.SignoffAsked | events.SignoffRefused, telling: Telling
) -> tuple[Notice, ...]:
    if isinstance(event, events.SignoffRefused):
        text = (
            f"【签批退回】{head(case, telling.title)}\n批示: {event.words}\n"
            f"请重新交办, 例如「{case.short_number} 交住建局」"
        )
        to = (ToRole(Role.OFFICE_DIRECTOR), ToRole(Role.DUTY_OFFICER))
        return tuple(Notice(one, text, "signoff-refused", "领导未同意签批") for one in to)
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
    ask = Notice(
        ToRole(telling.approver), text, "signoff", "请领导签批", Priority.TOP_GRADE, (agree,)
    )
    return (ask,)


def _about_units(
    case: Case,
    event: events.Assigned | events.Moved | events.Declined | events.Upheld,
    telling: Telling,
) -> tuple[Notice, ...]:
    name = head(case, telling.title)
    match event:
        case events.Assigned():
            return _assigned(case, event, telling)
        case events.Moved(unit=unit, to=to, reason=reason):
            text = f"【已转出】{name}\n改由{telling.unit(to)}主办, 贵单位不用再办。理由: {reason}"
            return (Notice(ToUnit(unit), text, "moved", "已转办, 原单位解除"),)
        case events.Declined(unit=unit, reason=reason, suggest=suggest):
            hint = f", 建议转{suggest}" if suggest else ""
            text = (
                f"【请裁定退回】{name}\n{telling.unit(unit)}申请退回: {reason}{hint}。\n"
                f"同意请回复「{case.short_number} 转给XX局, 理由」; "
                f"不同意请回复「{case.short_number} 不同意退回, 理由」"
            )
            told = (ToRole(Role.OFFICE_DIRECTOR), ToRole(Role.DUTY_OFFICER))
            return tuple(Notice(one, text, "declined", "单位申请退回, 请裁定") for one in told)
        case _:
            until = telling.when("办结")
            text = f"【裁定】{name}\n仍由贵单位办理: {event.reason}。" + (
                f"办结时限 {until}, 不能再次退回。" if until else "不能再次退回。"
            )
            return (Notice(ToUnit(event.unit), text, "upheld", "裁定不予退回"),)


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
    card = Notice(ToUnit(event.unit), text, "assign", "交办", priority, (sign,))
    until = telling.when("签收")
    post = (
        f"【交办】{name}\n{part.label}: {telling.unit(event.unit)}"
        + (f", 请在 {until} 前签收" if until else "")
        + "。\n请私聊应用「督办」回复「收到」。"
    )
    return (card, Notice(ToGroup(event.unit), post, "assign-group", "交办通知到单位群", priority))


def _about_progress(
    case: Case,
    event: events.Reported | events.Verified | events.Supplemented,
    telling: Telling,
) -> tuple[Notice, ...]:
    name = head(case, telling.title)
    match event:
        case events.Reported(unit=unit, kind=kind, text=text):
            said, why = f"【{kind}】{name}\n{telling.unit(unit)}: {text}", f"单位{kind}"
        case events.Verified(unit=unit, verdict=verdict, text=text):
            more = f": {text}" if text else ""
            said = f"【核实】{name}\n{telling.unit(unit)}: {verdict}{more}"
            why = "单位报核实结果"
        case _:
            said, why = f"【补充】{name}\n{event.text}", "情况有补充"
    roles = [Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR]
    if telling.top_grade and not isinstance(event, events.Supplemented):
        roles.append(telling.approver)
    told = tuple(Notice(ToRole(role), said, "progress", why) for role in roles)
    if isinstance(event, events.Supplemented) and case.lead is not None:
        return (*told, Notice(ToUnit(case.lead.unit_id), said, "progress", why))
    return told


def _about_closing(
    case: Case,
    event: events.CloseRequested | events.Closed | events.SentBack | events.Urged,
    telling: Telling,
) -> tuple[Notice, ...]:
    name = head(case, telling.title)
    lead = case.lead
    match event:
        case events.Urged(unit=unit, words=words):
            return _urged(case, unit, words, telling)
        case events.CloseRequested(unit=unit, text=text):
            return _close_requested(case, unit, text, telling)
        case events.SentBack(reason=reason):
            until = telling.when("办结")
            said = f"【退回重办】{name}\n理由: {reason}。" + (
                f"请在 {until} 前办完再报。" if until else "请办完再报。"
            )
            told = (*(_unit_and_signer(lead) if lead else ()), ToRole(Role.DUTY_OFFICER))
            return tuple(Notice(one, said, "sent-back", "办结未同意") for one in told)
        case _:
            said = f"【已办结】{name}\n感谢您的上报, 此件已办结。" + (
                f"批示: {event.words}" if event.words else ""
            )
            reporters = tuple(
                Notice(ToPerson(userid), said, "closed", "办结告知报告人")
                for userid in case.reporters
            )
            done = f"【已办结】{name}\n不再提醒。" + (f"批示: {event.words}" if event.words else "")
            units = tuple(
                Notice(one, done, "closed", "办结告知承办单位")
                for a in case.assignments
                if a.is_live
                for one in _unit_and_signer(a)
            )
            duty = Notice(ToRole(Role.DUTY_OFFICER), done, "closed", "办结告知值班员")
            return (*reporters, *units, duty)


def _unit_and_signer(part: Assignment) -> tuple[Recipient, ...]:
    # Whoever signed in the liaison's place goes on hearing of it.
    signer = (ToPerson(part.signed_by),) if part.signed_by else ()
    return (ToUnit(part.unit_id), *signer)


def _close_requested(case: Case, unit: str, text: str, telling: Telling) -> tuple[Notice, ...]:
    name = head(case, telling.title)
    lead = case.lead
    if lead is None or lead.unit_id != unit:
        said = f"【协办完成】{name}\n{telling.unit(unit)}: {text or '协办部分已办完'}"
        told: list[Recipient] = [ToRole(Role.DUTY_OFFICER)]
        if lead:
            told.append(ToUnit(lead.unit_id))
        return tuple(Notice(one, said, "coop-done", "协办单位已办完") for one in told)
    until = telling.when("审核")
    said = (
        f"【请确认办结】{name}\n{telling.unit(unit)}: {text or '已办结'}\n"
        f"请{f'在 {until} 前' if until else ''}回复「同意」办结, 或「退回 + 理由」。"
    )
    agree = Choice("同意办结", (f"同意 {case.number}",))
    ask = Notice(
        ToRole(telling.approver), said, "close-ask", "请确认办结", Priority.NOTICE, (agree,)
    )
    asked = f"已请{telling.approver.value}确认。"
    info = f"【申请办结】{name}\n{telling.unit(unit)}: {text or '已办结'}\n{asked}"
    return (ask, Notice(ToRole(Role.DUTY_OFFICER), info, "close-asked", "单位申请办结"))


def _urged(case: Case, unit: str, words: str, telling: Telling) -> tuple[Notice, ...]:
    more = f"\n{words}" if words else ""
    until = telling.when("办结")
    text = f"【催办】{head(case, telling.title)}{more}\n请尽快办理" + (
        f", 办结时限 {until}。" if until else "。"
    )
    post = f"{text}\n请私聊应用「督办」答复。"
    return (
        Notice(ToUnit(unit), text, "urge", "人工催办", Priority.REMINDER),
        Notice(ToGroup(unit), post, "urge-group", "人工催办通知到单位群", Priority.REMINDER),
    )
