"""Words about closing."""

from typing import assert_never

from cases import events
from cases.model import Assignment, Case
from cases.notices import Choice, Notice, Recipient, ToPerson, ToRole, ToUnit
from cases.people import Role
from cases.wording.reminders import head
from cases.wording.telling.context import Telling


def notices(case: Case, event: events.Closing, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    name = head(case, telling.title)
    lead = case.lead
    match event:
        case events.SentBack(reason=reason):
            until = telling.when("办结")
            said = f"【退回重办】{name}\n理由: {reason}。" + (
                f"请在 {until} 前办完再报。" if until else "请办完再报。"
            )
            told = (*(unit_and_signer(lead) if lead else ()), ToRole(Role.DUTY_OFFICER))
            return tuple(Notice(one, said, "sent-back", "办结未同意") for one in told)
        case events.Closed():
            said = f"【已办结】{name}\n感谢您的上报, 此件已办结。" + (
                f"批示: {event.words}" if event.words else ""
            )
            reporters = tuple(
                Notice(ToPerson(userid), said, "closed", "办结告知报告人")
                for userid in case.reporters
            )
            done = f"【已办结】{name}\n不再提醒。" + (f"批示: {event.words}" if event.words else "")
            lesson = (Choice("填案例要点", (f"{case.number} 案例要点",)),)
            units = tuple(
                Notice(
                    one,
                    done,
                    "closed",
                    "办结告知承办单位",
                    choices=lesson if a is lead and nth == 0 and not case.is_drill else (),
                )
                for a in case.assignments
                if a.is_live
                for nth, one in enumerate(unit_and_signer(a))
            )
            duty = Notice(ToRole(Role.DUTY_OFFICER), done, "closed", "办结告知值班员")
            return (*reporters, *units, duty)
        case _:
            assert_never(event)


def unit_and_signer(part: Assignment) -> tuple[Recipient, ...]:
    """Return the unit and who signed for it: the signer goes on hearing of it."""
    signer = (ToPerson(part.signed_by),) if part.signed_by else ()
    return (ToUnit(part.unit_id), *signer)
