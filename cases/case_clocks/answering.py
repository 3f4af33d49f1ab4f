"""Clocks of what is said in public and upward: 审核, 签发, 发布, 回应, 上报, 发布会.

回应 ends with publication, or with the office's reason for none, and nowhere else; 发布会 ends with
its record.
"""

from typing import assert_never

from cases import events
from cases.case_clocks.effects import (
    CLOSE,
    ISSUE,
    OFFICE,
    PRESS_CONFERENCE,
    PUBLISH,
    REPORT_UP,
    RESPOND,
    REVIEW,
    Effects,
    Ensure,
    Settle,
    Start,
    of_part,
    whole,
)
from cases.case_clocks.tracking import looked, next_look
from cases.clocks import Step
from cases.model import Case
from cases.response import PRESS


def effects(case: Case, event: events.Answering) -> Effects:
    """Return what the event does to the clocks."""
    own = whole(case)
    match event:
        case events.ReplyDrafted():
            again = _again(case) if event.instead_of_closing else ()
            asked = (Settle(own, REVIEW), Settle(own, ISSUE), Start(own, REVIEW, OFFICE))
            return (*asked, *looked(case), *again)
        case events.ReplyPassed():
            return (Settle(own, REVIEW), Start(own, ISSUE, OFFICE))
        case events.ReplyIssued():
            return (Settle(own, REVIEW), Settle(own, ISSUE), *_publish(case))
        case events.ReplyReturned() | events.ReplyIssuedWithEdit():
            return (Settle(own, REVIEW), Settle(own, ISSUE), *_publishing_ends(case))
        case events.Published():
            ended = (Settle(own, RESPOND), *_publishing_ends(case), *looked(case))
            return (*ended, *next_look(case))
        case _:
            return _besides(case, event)


def _besides(
    case: Case,
    event: events.StepWaived | events.ReportedUp | events.PressPlanned | events.PressHeld,
) -> Effects:
    own = whole(case)
    match event:
        case events.StepWaived(step=step):
            return (Settle(own, Step(step)),)
        case events.ReportedUp():
            return (Settle(own, REPORT_UP),)
        case events.PressHeld():
            return (Settle(own, PRESS_CONFERENCE),)
        case events.PressPlanned():
            return ()
        case _:
            assert_never(event)


def _again(case: Case) -> Effects:
    lead = case.lead
    return (Start(of_part(lead.id), CLOSE, lead.unit_id, lead.deadline),) if lead else ()


def _publish(case: Case) -> Effects:
    lead = case.lead
    return (Start(of_part(lead.id), PUBLISH, lead.unit_id),) if lead else ()


def _publishing_ends(case: Case) -> Effects:
    return (Settle(of_part(case.lead.id), PUBLISH),) if case.lead else ()


def awaited(case: Case) -> Effects:
    """Return the clocks of the whole case that run from 登记, or the event, until they are met."""
    own, said = whole(case), case.response
    since = case.event_at or case.reported_at
    holder = case.lead.unit_id if case.lead else OFFICE
    steps = []
    if not said.reported_up:
        steps.append(Ensure(own, REPORT_UP, OFFICE, since))
    if not said.is_answered:
        steps.append(Ensure(own, RESPOND, holder, since))
    if not said.press_held and PRESS not in said.waived:
        steps.append(Ensure(own, PRESS_CONFERENCE, OFFICE, since))
    return tuple(steps)
