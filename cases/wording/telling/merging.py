"""Words about cases that are one matter (合并/拆分)."""

from typing import assert_never

from cases import events
from cases.model import Case
from cases.notices import Notice, Recipient, ToPerson, ToRole, ToUnit
from cases.people import Role
from cases.wording.numbers import number_said
from cases.wording.reminders import head
from cases.wording.telling.context import Telling


def notices(case: Case, event: events.Merging, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    match event:
        case events.Merged(into=into):
            return _merged(case, into, telling)
        case events.Absorbed():
            return _absorbed(case, event, telling)
        case events.Released(number=number):
            part = number_said(number, telling.now)
            said = f"【已拆分】{head(case, telling.title)}\n{part} 已从本件拆出, 另行办理。"
            units: tuple[Recipient, ...] = (ToUnit(case.lead.unit_id),) if case.lead else ()
            told = (*units, ToRole(Role.DUTY_OFFICER))
            return tuple(Notice(one, said, "released", "合并的件已拆出") for one in told)
        case _:
            assert_never(event)


def _merged(case: Case, into: str, telling: Telling) -> tuple[Notice, ...]:
    name = f"{case.short_number}《{telling.title}》"
    older = number_said(into, telling.now)
    said = f"【已合并】{name}\n与 {older} 是同一件事, 已并入 {older}, 办结会告诉您。"
    told = tuple(
        Notice(ToPerson(userid), said, "merged", "合并告知报告人") for userid in case.reporters
    )
    done = f"【已合并】{name}\n已并入 {older}, 此件不用再办, 不再提醒。"
    units = tuple(
        Notice(ToUnit(a.unit_id), done, "merged", "合并告知承办单位")
        for a in case.assignments
        if a.is_live
    )
    return (*told, *units)


def _absorbed(case: Case, event: events.Absorbed, telling: Telling) -> tuple[Notice, ...]:
    if case.lead is None:
        return ()  # nobody works on it yet; the office has just said it
    numbers = "、".join(number_said(number, telling.now) for number in event.numbers)
    more = f", 又有 {len(event.reporters)} 位报告人" if event.reporters else ""
    said = f"【并入】{head(case, telling.title)}\n{numbers} 与本件是同一件事, 已并入本件{more}。"
    return (Notice(ToUnit(case.lead.unit_id), said, "absorbed", "别件并入"),)
