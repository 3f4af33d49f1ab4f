"""Words about more time (延期)."""

from typing import assert_never

from cases import events
from cases.asks import Asks
from cases.model import Case
from cases.notices import Choice, Notice, Priority, Recipient, ToPerson, ToRole, ToUnit
from cases.people import Role
from cases.wording.moments import clock_time
from cases.wording.reminders import head
from cases.wording.telling.context import Telling


def notices(case: Case, event: events.Extending, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    match event:
        case events.ExtensionAsked():
            return _asked(case, event, telling)
        case events.ExtensionGranted():
            return _granted(case, event, telling)
        case events.ExtensionDenied():
            return _denied(case, event, telling)
        case _:
            assert_never(event)


def _asked(case: Case, event: events.ExtensionAsked, telling: Telling) -> tuple[Notice, ...]:
    wish = clock_time(event.until, telling.now)
    until = telling.when("审核")
    nth = f"第 {case.extensions + 1} 次"
    said = (
        f"【请批延期】{head(case, telling.title)}\n"
        f"{telling.unit(event.unit)}申请{nth}延期至 {wish}: {event.reason}\n"
        f"请{f'在 {until} 前' if until else ''}回复「同意延期」或「不同意延期, 理由」, "
        "也可另定时间, 例如「延期同意, 最多到周三」。"
    )
    choices = (
        Choice(f"同意延期至 {wish}", (f"同意延期 {case.number}",)),
        Choice("不同意延期", (f"不同意延期 {case.number}",)),
    )
    to, why = ToRole(telling.approver), "单位申请延期, 请批"
    ask = Notice(to, said, "extend-ask", why, Priority.NOTICE, choices, Asks.EXTEND)
    info = (
        f"【申请延期】{head(case, telling.title)}\n"
        f"{telling.unit(event.unit)}申请延期至 {wish}: {event.reason}\n"
        f"已请{telling.approver.value}批。"
    )
    return (ask, Notice(ToRole(Role.DUTY_OFFICER), info, "extend-asked", "单位申请延期"))


def _granted(case: Case, event: events.ExtensionGranted, telling: Telling) -> tuple[Notice, ...]:
    name, until = head(case, telling.title), clock_time(event.until, telling.now)
    said = f"【延期同意】{name}\n办结时限改为 {until}, 提醒按新时限。批示: {event.words}"
    told: tuple[Recipient, ...] = (ToUnit(event.unit), ToRole(Role.DUTY_OFFICER))
    reporters = tuple(
        Notice(
            ToPerson(userid),
            f"【延期告知】{case.short_number}《{telling.title}》\n办理时间延长至 {until}, "
            "办结会告诉您。",
            "extended",
            "延期告知报告人",
        )
        for userid in case.reporters
    )
    return (*(Notice(one, said, "extend-granted", "延期已批") for one in told), *reporters)


def _denied(case: Case, event: events.ExtensionDenied, telling: Telling) -> tuple[Notice, ...]:
    own = (
        f"办结时限 {clock_time(event.until, telling.now)}。"
        if event.until is not None
        else "仍按原时限办结。"
    )
    said = f"【延期未同意】{head(case, telling.title)}\n{own}批示: {event.words}"
    told: tuple[Recipient, ...] = (ToUnit(event.unit), ToRole(Role.DUTY_OFFICER))
    return tuple(Notice(one, said, "extend-denied", "延期未批") for one in told)
