"""Words about 督办, 会商, and who else works on a case."""

from typing import assert_never

from cases import events
from cases.model import Case
from cases.notices import Choice, Notice, Priority, Recipient, ToGroup, ToPerson, ToRole, ToUnit
from cases.people import Role
from cases.wording.moments import clock_time
from cases.wording.reminders import head
from cases.wording.telling.context import Telling

_OFFICE = (ToRole(Role.OFFICE_DIRECTOR), ToRole(Role.DUTY_OFFICER))


def notices(case: Case, event: events.Overseeing, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    match event:
        case events.Supervised(kind=kind):
            return _supervised(case, kind, telling)
        case events.SupervisionEnded():
            said = f"【解除督办】{head(case, telling.title)}\n不再按督办件每日报告。"
            return _to_units_and_office(case, said, "supervision-ended", "解除督办")
        case events.Restricted(on=on):
            what = "已限定知悉范围, 只在承办人员之间说, 不进群" if on else "已解除限定知悉"
            said = (
                f"【{'限定知悉' if on else '解除限定知悉'}】{head(case, telling.title)}\n{what}。"
            )
            return _to_units_and_office(case, said, "restricted", "知悉范围有变")
        case events.MeetingCalled():
            return _called(case, event, telling)
        case events.MeetingConcluded(text=text, units=units):
            said = f"【会商结论】{head(case, telling.title)}\n{text}"
            told = _of_meeting(case, units)
            return tuple(Notice(one, said, "meeting-concluded", "会商结论") for one in told)
        case _:
            return _inside(case, event, telling)


def _inside(
    case: Case,
    event: events.CoopRequested | events.HandedOff | events.SectionSigned,
    telling: Telling,
) -> tuple[Notice, ...]:
    match event:
        case events.CoopRequested():
            return _coop(case, event, telling)
        case events.HandedOff():
            return _handed(case, event, telling)
        case events.SectionSigned(unit=unit):
            # The liaison hears that it has arrived; the office sees it on the case.
            said = f"【科室已签收】{head(case, telling.title)}\n{telling.person(event.by)}已签收。"
            return (Notice(ToUnit(unit), said, "section-signed", "科室已签收"),)
        case _:
            assert_never(event)


def _to_units_and_office(case: Case, said: str, kind: str, why: str) -> tuple[Notice, ...]:
    units = tuple(ToUnit(held.unit_id) for held in case.assignments if held.is_live)
    told: tuple[Recipient, ...] = (*units, *_OFFICE)
    return tuple(Notice(one, said, kind, why) for one in told)


def _supervised(case: Case, kind: str, telling: Telling) -> tuple[Notice, ...]:
    said = (
        f"【{kind}】{head(case, telling.title)}\n"
        f"已列入督办清单, 每日 17:30 前报进展, 由{telling.approver.value}确认后才能办结。"
    )
    office = tuple(Notice(one, said, "supervised", kind) for one in _OFFICE)
    lead = case.lead
    if lead is None:
        return office
    urgent = Priority.TOP_GRADE
    return (
        Notice(ToUnit(lead.unit_id), said, "supervised", kind, urgent),
        Notice(ToUnit(lead.unit_id, Role.UNIT_LEADER), said, "supervised", kind, urgent),
        Notice(ToGroup(lead.unit_id), said, "supervised-group", f"{kind}通知到单位群", urgent),
        *office,
    )


def _called(case: Case, event: events.MeetingCalled, telling: Telling) -> tuple[Notice, ...]:
    names = "、".join((*(telling.unit(unit) for unit in event.units), *event.others))
    when = clock_time(event.at, telling.now) if event.at else "时间另行通知"
    said = (
        f"【会商】{head(case, telling.title)}\n时间: {when}"
        + (f"\n地点: {event.place}" if event.place else "")
        + f"\n参加: {names}\n会后请舆情办记录: {case.short_number} 会商结论: …"
    )
    return tuple(Notice(one, said, "meeting", "会商通知") for one in _of_meeting(case, event.units))


def _of_meeting(case: Case, invited: tuple[str, ...]) -> tuple[Recipient, ...]:
    """Who works on it, whoever was named: and those who were named from outside."""
    held = (part.unit_id for part in case.assignments if part.is_live)
    return (*(ToUnit(unit) for unit in dict.fromkeys((*held, *invited))), *_OFFICE)


def _coop(case: Case, event: events.CoopRequested, telling: Telling) -> tuple[Notice, ...]:
    names = "、".join(telling.unit(unit) for unit in event.units)
    why = f": {event.reason}" if event.reason else ""
    said = (
        f"【请求协办】{head(case, telling.title)}\n"
        f"{telling.unit(event.unit)}请{names}协办{why}。\n"
        f"同意请回复「{case.short_number} 加{names}协办」。"
    )
    add = Choice(f"加{names}协办", (f"{case.number} 加{names}协办",))
    to = ToRole(Role.OFFICE_DIRECTOR)
    ask = Notice(to, said, "coop-ask", "单位请求协办", choices=(add,))
    return (ask, Notice(ToRole(Role.DUTY_OFFICER), said, "coop-asked", "单位请求协办"))


def _handed(case: Case, event: events.HandedOff, telling: Telling) -> tuple[Notice, ...]:
    limits = [f"{step} {telling.when(step)} 前" for step in telling.dues if telling.when(step)]
    said = (
        f"【转办】{head(case, telling.title)}\n{telling.unit(event.unit)}转给您办理。"
        + (f"时限: {', '.join(limits)}。" if limits else "")
        + f"\n回复「收到 {case.short_number}」即签收。"
    )
    sign = Choice("签收", (f"收到 {case.number}",))
    to = ToPerson(event.to)
    return (Notice(to, said, "handed", "单位内转给科室", choices=(sign,)),)
