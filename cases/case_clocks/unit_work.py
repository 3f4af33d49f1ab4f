"""Clocks and the work of a unit."""

from typing import assert_never

from cases import events
from cases.case_clocks.effects import (
    FIRST_REPORT,
    GRADE_AND_ASSIGN,
    OFFICE,
    REVIEW,
    SIGN,
    CancelAll,
    Effects,
    Settle,
    Start,
    of_part,
    whole,
)
from cases.model import Case


def effects(case: Case, event: events.UnitWork) -> Effects:
    """Return what the event does to the clocks."""
    part = of_part(event.assignment)
    match event:
        case events.Signed():
            return (Settle(part, SIGN),)
        case events.Reported() | events.Verified():
            return (Settle(part, FIRST_REPORT),)
        case events.Declined():
            # The unit's clocks stop; now the office has to rule, and its own clock runs.
            return (CancelAll(part), Start(whole(case), GRADE_AND_ASSIGN, OFFICE))
        case events.CloseRequested(assignment=which):
            asks = (Start(whole(case), REVIEW, OFFICE),) if is_lead(case, which) else ()
            return (CancelAll(part), *asks)
        case _:
            assert_never(event)


def is_lead(case: Case, which: int) -> bool:
    """Whether the assignment with this id is the 主办 one."""
    return case.lead is not None and case.lead.id == which
