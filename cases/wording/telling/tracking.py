"""Words about watching after the public answer."""

from typing import assert_never

from cases import events
from cases.model import Case
from cases.notices import Notice, Priority, Recipient, ToRole, ToUnit
from cases.people import Role
from cases.wording.reminders import head
from cases.wording.telling.context import Telling


def notices(case: Case, event: events.Tracking, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    match event:
        case events.TrackingChecked():  # whoever looked is answered, the office sees it on the case
            return ()
        case events.Rebounded(text=text):
            return _rebounded(case, text, telling)
        case events.CalledBack(result=result, solved=solved):
            return _called_back(case, result, telling, solved=solved)
        case _:
            assert_never(event)


def _rebounded(case: Case, text: str, telling: Telling) -> tuple[Notice, ...]:
    until = telling.when("续报")
    said = (
        f"【反弹】{head(case, telling.title)}\n答复后有新情况"
        + (f": {text}" if text else "")
        + "\n"
        f"已回到处置, 请责任单位{f'在 {until} 前' if until else ''}续报; "
        f"需要再回应请报「{case.short_number} 拟回复: …」"
    )
    units: tuple[Recipient, ...] = (ToUnit(case.lead.unit_id),) if case.lead else ()
    roles = dict.fromkeys((Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR, telling.approver))
    priority = Priority.TOP_GRADE if telling.top_grade else Priority.NOTICE
    return tuple(
        Notice(to, said, "rebound", "答复后有新情况", priority)
        for to in (*units, *(ToRole(role) for role in roles))
    )


def _called_back(case: Case, result: str, telling: Telling, *, solved: bool) -> tuple[Notice, ...]:
    """The office hears of a call-back that says it is not settled."""
    if solved and result != "不满意":
        return ()
    said = (
        f"【回访】{head(case, telling.title)}\n回访结果: {result}{'' if solved else ', 未解决'}。\n"
        f"要重新办理请回复「{case.short_number} 重新打开, 群众不满意」"
    )
    return (Notice(ToRole(Role.OFFICE_DIRECTOR), said, "call-back", "回访不满意或未解决"),)
