"""Words about making things better after a case."""

from typing import assert_never

from cases import events
from cases.model import Case
from cases.notices import Choice, Notice, ToRole, ToUnit
from cases.people import Role
from cases.wording.moments import clock_time
from cases.wording.reminders import head
from cases.wording.telling.context import Telling


def notices(case: Case, event: events.Improving, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    name = head(case, telling.title)
    match event:
        case events.ImprovementSet(unit=unit, text=text, deadline=deadline):
            until = clock_time(deadline, telling.now)
            said = f"【整改】{name}\n请{telling.unit(unit)}在 {until} 前: {text}"
            done = Choice("已完成", (f"{case.number} 整改{event.task}完成",))
            return (Notice(ToUnit(unit), said, "improve", "复盘布置整改", choices=(done,)),)
        case events.ImprovementDone(task=task, unit=unit, text=text):
            said = f"【整改完成】{name}\n{telling.unit(unit)} 整改{task}" + (
                f": {text}" if text else ""
            )
            to = ToRole(Role.OFFICE_DIRECTOR)
            return (Notice(to, said, "improved", "整改完成"),)
        case _:
            assert_never(event)
