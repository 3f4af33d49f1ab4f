"""Words about ends other than 办结, and about coming back from an end."""

from typing import assert_never

from cases import events
from cases.asks import Asks
from cases.model import Case, State
from cases.notices import Choice, Notice, Priority, Recipient, ToPerson, ToRole, ToUnit
from cases.people import Role
from cases.wording.reminders import head
from cases.wording.telling.context import Telling

_OFFICE = (ToRole(Role.OFFICE_DIRECTOR), ToRole(Role.DUTY_OFFICER))


def notices(case: Case, event: events.Ending, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    name = f"{case.short_number}《{telling.title}》"
    match event:
        case events.CaseRefused(reason=reason, path=path):
            said = f"【不予受理】{name}\n理由: {reason}。途径: {path}。"
            return _to_all(case, said, "refused", "不予受理告知")
        case events.EndAsked(reason=reason):
            return _ask_leader(case, reason, telling)
        case events.ResponseEnded(words=words):
            said = f"【响应终止】{name}\n处置到此为止, 不用再报, 不再提醒。批示: {words}"
            return _to_all(case, said, "response-ended", "终止响应告知")
        case events.EndDenied(words=words):
            said = f"【终止响应未同意】{name}\n请继续处置。批示: {words}"
            return tuple(Notice(one, said, "end-denied", "终止响应未批") for one in _OFFICE)
        case events.Archived(review=review):
            return _review(name) if review else ()  # who filed it is answered
        case events.Reopened() | events.Restored():
            return _back(case, event, telling)
        case _:
            assert_never(event)


def _to_all(case: Case, said: str, kind: str, why: str) -> tuple[Notice, ...]:
    told: tuple[Recipient, ...] = (
        *(ToPerson(userid) for userid in case.reporters),
        *(ToUnit(held.unit_id) for held in case.assignments if held.is_live),
        ToRole(Role.DUTY_OFFICER),
    )
    return tuple(Notice(one, said, kind, why) for one in told)


def _ask_leader(case: Case, reason: str, telling: Telling) -> tuple[Notice, ...]:
    until = telling.when("审核")
    said = (
        f"【请批终止响应】{head(case, telling.title)}\n舆情办报: {reason}\n"
        f"请{f'在 {until} 前' if until else ''}回复「同意」或「退回 + 理由」。"
    )
    agree = Choice("同意终止响应", (f"同意 {case.number}",))
    to = ToRole(telling.approver)
    why = "请批终止响应"
    return (Notice(to, said, "end-ask", why, Priority.NOTICE, (agree,), Asks.END),)


def _review(name: str) -> tuple[Notice, ...]:
    said = f"【已归档】{name}\n请写复盘: 起因、时间线、亮点、问题、整改、可复用口径。"
    return tuple(Notice(one, said, "archived", "归档, 请写复盘") for one in _OFFICE)


_LAPSED = "领导定的办结时限在此期间已过, 按规定从现在重新计时。"


def _back(
    case: Case, event: events.Reopened | events.Restored, telling: Telling
) -> tuple[Notice, ...]:
    name = head(case, telling.title)
    if isinstance(event, events.Reopened):
        why = f"【重新打开】{name}\n第 {event.nth} 次反弹: {event.reason}。"
        kind, reason = "reopened", "反弹重开"
    else:
        if case.state is State.CLOSED:
            return ()  # only the filing was taken back: nobody had been told
        why = (
            f"【恢复】{name}\n刚才的「{State(event.was).label}」已撤销, "
            f"现在是「{case.state.label}」。"
        )
        why += _LAPSED if event.lapsed else ""
        kind, reason = "restored", "撤销误操作"
    units = tuple(
        Notice(ToUnit(held.unit_id), why + _what_now(case, telling), kind, reason)
        for held in case.assignments
        if held.is_live
    )
    rest: tuple[Recipient, ...] = (
        *(ToPerson(userid) for userid in case.reporters),
        ToRole(Role.DUTY_OFFICER),
        # Whoever looked after a closed case may have reopened it.
        *((ToRole(Role.OFFICE_DIRECTOR),) if kind == "reopened" else ()),
    )
    return (*units, *(Notice(one, why, kind, reason) for one in rest))


def _what_now(case: Case, telling: Telling) -> str:
    until = telling.when("办结")
    limit = f"办结时限 {until}。" if until else ""
    sign = f"请回复「收到 {case.short_number}」签收。" if case.state is State.ASSIGNED else ""
    return f"\n{sign}{limit}" if sign or limit else ""
