"""Clocks and making units responsible."""

from typing import assert_never

from cases import events
from cases.case_clocks.effects import (
    CLOSE,
    FIRST_REPORT,
    GRADE_AND_ASSIGN,
    ISSUE,
    OFFICE,
    RESPOND,
    REVIEW,
    SIGN,
    SIGNOFF,
    Effects,
    HandOver,
    Settle,
    Start,
    ended_part,
    is_lead,
    of_part,
    whole,
)
from cases.model import Case, Part


def effects(case: Case, event: events.Assigning) -> Effects:
    """Return what the event does to the clocks."""
    own = whole(case)
    match event:
        case events.SignoffAsked():
            return (
                Settle(own, GRADE_AND_ASSIGN),
                Settle(own, SIGNOFF),
                Start(own, SIGNOFF, OFFICE),
            )
        case events.SignoffGranted():
            return (Settle(own, SIGNOFF),)
        case events.SignoffRefused():
            return (Settle(own, SIGNOFF), Start(own, GRADE_AND_ASSIGN, OFFICE))
        case events.Assigned():
            return _assigned(case, event)
        case events.Upheld():
            return (Settle(own, GRADE_AND_ASSIGN), *_again(case, event))
        case events.Moved(assignment=which):
            # A text that was with the office or a leader goes with the unit that wrote it.
            text = (Settle(own, REVIEW), Settle(own, ISSUE)) if case.lead is None else ()
            return (*ended_part(which), *text)
        case _:
            assert_never(event)


def _again(case: Case, event: events.Upheld) -> Effects:
    # Who has signed before need not sign again: nothing he could do would end that clock.
    part, unit = of_part(event.assignment), event.unit
    held = case.of_unit(unit)
    sign = () if held is not None and held.signed_at else (Start(part, SIGN, unit),)
    if not is_lead(case, event.assignment):
        return sign
    report, close = Start(part, FIRST_REPORT, unit), Start(part, CLOSE, unit)
    return (*sign, report, close, HandOver(whole(case), RESPOND, unit))


def _assigned(case: Case, event: events.Assigned) -> Effects:
    part = of_part(event.assignment)
    sign = Start(part, SIGN, event.unit)
    if event.part == Part.COOP.value:
        return (sign,)
    return (
        Settle(whole(case), GRADE_AND_ASSIGN),
        sign,
        Start(part, FIRST_REPORT, event.unit, event.report_by),
        Start(part, CLOSE, event.unit, event.deadline),
        *_respond(case, event),
    )


def _respond(case: Case, event: events.Assigned) -> Effects:
    """The clock of the public answer runs since 登记; a time the order names takes its place."""
    if event.respond_by is None:
        return (HandOver(whole(case), RESPOND, event.unit),)
    mine = Start(whole(case), RESPOND, event.unit, event.respond_by)
    return (Settle(whole(case), RESPOND), mine)
