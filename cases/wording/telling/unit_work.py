"""Words about the work of a unit."""

from typing import assert_never

from cases import events
from cases.asks import Asks
from cases.model import Case
from cases.notices import Choice, Notice, Priority, Recipient, ToRole, ToUnit
from cases.people import Role
from cases.wording.moments import clock_time
from cases.wording.reminders import head
from cases.wording.telling.context import Telling


def notices(case: Case, event: events.UnitWork, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    name = head(case, telling.title)
    match event:
        case events.Reported(unit=unit, kind=kind, text=text):
            said = f"【{kind}】{name}\n{telling.unit(unit)}: {text}"
            return _progress(said, f"单位{kind}", telling)
        case events.Verified(unit=unit, verdict=verdict, text=text):
            more = f": {text}" if text else ""
            said = f"【核实】{name}\n{telling.unit(unit)}: {verdict}{more}"
            return _progress(said, "单位报核实结果", telling)
        case events.Declined(unit=unit, reason=reason, suggest=suggest):
            hint = f", 建议转{suggest}" if suggest else ""
            text = (
                f"【请裁定退回】{name}\n{telling.unit(unit)}申请退回: {reason}{hint}。\n"
                f"同意请回复「{case.short_number} 转给XX局, 理由」; "
                f"不同意请回复「{case.short_number} 不同意退回, 理由」"
            )
            told = (ToRole(Role.OFFICE_DIRECTOR), ToRole(Role.DUTY_OFFICER))
            return tuple(Notice(one, text, "declined", "单位申请退回, 请裁定") for one in told)
        case events.CloseRequested():
            return _close_requested(case, event, telling)
        case events.Signed():  # a signature settles the clock; nobody waits for more words
            return ()
        case _:
            assert_never(event)


def _progress(said: str, why: str, telling: Telling) -> tuple[Notice, ...]:
    roles = [Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR]
    if telling.top_grade:
        roles.append(telling.approver)
    return tuple(Notice(ToRole(role), said, "progress", why) for role in roles)


def _close_requested(
    case: Case, event: events.CloseRequested, telling: Telling
) -> tuple[Notice, ...]:
    unit, text, awaits = event.unit, event.text, event.awaits_answer
    name = head(case, telling.title)
    lead = case.lead
    if lead is None or lead.unit_id != unit:
        said = f"【协办完成】{name}\n{telling.unit(unit)}: {text or '协办部分已办完'}"
        told: list[Recipient] = [ToRole(Role.DUTY_OFFICER)]
        if lead:
            told.append(ToUnit(lead.unit_id))
        return tuple(Notice(one, said, "coop-done", "协办单位已办完") for one in told)
    if case.response.is_answered or not awaits:
        asks = ask_to_close(case, f"{telling.unit(unit)}: {text or '已办结'}", telling)
        asked = f"已请{'、'.join(role.value for role in telling.deciders)}确认。"
    else:
        asks, asked = (
            _ask_about_answer(case, telling.unit(unit), name),
            "还没有公开回应, 已请舆情办定。",
        )
    info = f"【申请办结】{name}\n{telling.unit(unit)}: {text or '已办结'}\n{asked}"
    return (*asks, Notice(ToRole(Role.DUTY_OFFICER), info, "close-asked", "单位申请办结"))


def ask_to_close(case: Case, said: str, telling: Telling) -> tuple[Notice, ...]:
    """Ask whoever decides to confirm that it is done."""
    until = telling.when("审核")
    watched = case.response.tracking_until
    still = watched is not None and watched > telling.now
    watching = (
        f"跟踪到 {clock_time(watched, telling.now)}, 尚未期满。\n" if watched and still else ""
    )
    text = (
        f"【请确认办结】{head(case, telling.title)}\n{said}\n{watching}"
        f"请{f'在 {until} 前' if until else ''}回复「同意」办结, 或「退回 + 理由」。"
    )
    agree = Choice("同意办结", (f"同意 {case.number}",))
    return tuple(
        Notice(ToRole(role), text, "close-ask", "请确认办结", Priority.NOTICE, (agree,), Asks.CLOSE)
        for role in telling.deciders
    )


def _ask_about_answer(case: Case, unit: str, name: str) -> tuple[Notice, ...]:
    number = case.short_number
    text = (
        f"【请定公开回应】{name}\n{unit}报已办结, 还没有公开回应。\n"
        f"不需要请回复「{number} 不需公开回应, 理由」, 即请领导确认办结; "
        f"要回应请回复「退回 {number}, 请先报回应稿」。"
    )
    to = ToRole(Role.OFFICE_DIRECTOR)
    return (Notice(to, text, "answer-ask", "办结前请定公开回应", Priority.NOTICE),)
