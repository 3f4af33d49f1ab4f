"""Clocks and the work of a unit."""

from typing import assert_never

from cases import events
from cases.case_clocks.effects import (
    FIRST_REPORT,
    FOLLOW_UP,
    GRADE_AND_ASSIGN,
    OFFICE,
    RESPOND,
    REVIEW,
    SIGN,
    Effects,
    HandOver,
    Settle,
    Start,
    ended_part,
    is_lead,
    of_part,
    whole,
)
from cases.model import Case

_LAST = "终报"


def effects(case: Case, event: events.UnitWork) -> Effects:
    """Return what the event does to the clocks."""
    part = of_part(event.assignment)
    match event:
        case events.Signed():
            return (Settle(part, SIGN),)
        case events.Reported() | events.Verified():
            done = (Settle(part, FIRST_REPORT), Settle(part, FOLLOW_UP))
            return (*done, *_next_report(case, event))
        case events.Declined():
            # The unit's clocks stop; now the office has to rule, and its own clock runs.
            stops = (*ended_part(event.assignment), Start(whole(case), GRADE_AND_ASSIGN, OFFICE))
            is_asked = is_lead(case, event.assignment)
            return (*stops, HandOver(whole(case), RESPOND, OFFICE)) if is_asked else stops
        case events.CloseRequested(assignment=which):
            asks = (Start(whole(case), REVIEW, OFFICE),) if is_lead(case, which) else ()
            return (*ended_part(which), *asks)
        case _:
            assert_never(event)


def _next_report(case: Case, event: events.Reported | events.Verified) -> Effects:
    # The lead answers for the series; after 终报 none is awaited.
    is_last = isinstance(event, events.Reported) and event.kind == _LAST
    if is_last or not is_lead(case, event.assignment):
        return ()
    return (Start(of_part(event.assignment), FOLLOW_UP, event.unit, nth=case.reports),)
