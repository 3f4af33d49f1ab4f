"""Clocks and ends other than 办结; what is awaited again of a case that comes back."""

from typing import assert_never

from cases import events
from cases.case_clocks.answering import awaited
from cases.case_clocks.effects import (
    CLOSE,
    FIRST_REPORT,
    GRADE_AND_ASSIGN,
    ISSUE,
    OFFICE,
    REVIEW,
    SIGN,
    SIGNOFF,
    CancelAll,
    Effects,
    Settle,
    Start,
    of_end,
    of_part,
    whole,
)
from cases.case_clocks.tracking import looked, next_look
from cases.model import AssignmentState, Case, Part, State

_OF_OFFICE = {
    State.REPORTED: GRADE_AND_ASSIGN,
    State.TRIAGE: GRADE_AND_ASSIGN,
    State.GRADED: GRADE_AND_ASSIGN,
    State.APPROVED: SIGNOFF,
    State.REPLY_DRAFT: REVIEW,
    State.REVIEWING: ISSUE,
    State.CLOSE_REQUESTED: REVIEW,
}


def effects(case: Case, event: events.Ending) -> Effects:
    """Return what the event does to the clocks."""
    match event:
        case events.EndAsked():
            return (Start(of_end(case), REVIEW, OFFICE),)
        case events.EndDenied():
            return (Settle(of_end(case), REVIEW),)
        case events.CaseRefused() | events.ResponseEnded():
            return (CancelAll(),)
        case events.Archived():
            return ()  # what is still looked after goes on: 跟踪 and 整改
        case events.Reopened() | events.Restored():
            return (*looked(case), *resumed(case))
        case _:
            assert_never(event)


def resumed(case: Case) -> Effects:
    """Return the clocks of a case that is open again, each counted from now."""
    own = whole(case)
    if not case.is_open:
        return ()
    step = _OF_OFFICE.get(case.state)
    office = (Start(own, step, OFFICE),) if step is not None else ()
    return (*office, *_of_units(case), *awaited(case), *next_look(case))


def _of_units(case: Case) -> Effects:
    again: list[Start] = []
    if any(held.state is AssignmentState.DECLINED for held in case.assignments):
        again.append(Start(whole(case), GRADE_AND_ASSIGN, OFFICE))
    for held in case.assignments:
        part = of_part(held.id)
        if held.state is AssignmentState.ASSIGNED:
            again.append(Start(part, SIGN, held.unit_id))
        is_busy = held.state in (AssignmentState.ASSIGNED, AssignmentState.SIGNED)
        if held.part is not Part.LEAD or not is_busy:
            continue
        if held.state is AssignmentState.ASSIGNED or not case.reports:
            again.append(Start(part, FIRST_REPORT, held.unit_id))
        again.append(Start(part, CLOSE, held.unit_id, held.deadline))
    return tuple(again)
