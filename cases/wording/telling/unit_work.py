"""Words about the work of a unit."""

from typing import assert_never

from cases import events
from cases.model import Case
from cases.notices import Choice, Notice, Priority, Recipient, ToRole, ToUnit
from cases.people import Role
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
        case events.CloseRequested(unit=unit, text=text):
            return _close_requested(case, unit, text, telling)
        case events.Signed():  # a signature settles the clock; nobody waits for more words
            return ()
        case _:
            assert_never(event)


def _progress(said: str, why: str, telling: Telling) -> tuple[Notice, ...]:
    roles = [Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR]
    if telling.top_grade:
        roles.append(telling.approver)
    return tuple(Notice(ToRole(role), said, "progress", why) for role in roles)


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
