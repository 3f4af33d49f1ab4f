"""The case after what happened about ends other than 办结, and about coming back."""

from dataclasses import replace
from typing import assert_never

from cases import events
from cases.folding.parts import change, ended
from cases.model import AssignmentState, Case, State


def apply(case: Case, event: events.Ending) -> Case:
    """Return the case after the event."""
    match event:
        case events.CaseRefused():
            return ended(case, State.REFUSED)
        case events.EndAsked(reason=reason):
            return replace(case, ending=reason)
        case events.ResponseEnded(at=at):
            return replace(ended(case, State.CLOSED), closed_at=at)
        case events.EndDenied():
            return replace(case, ending=None)
        case events.Archived():
            return ended(case, State.ARCHIVED)
        case events.Reopened():
            return _reopened(case)
        case events.Restored():
            return _restored(case, event)
        case _:
            assert_never(event)


def _restored(case: Case, event: events.Restored) -> Case:
    closed_at = case.closed_at if event.state == State.CLOSED.value else None
    held = tuple(
        replace(one, deadline=None) if one.id in event.lapsed else one for one in case.assignments
    )
    back = replace(case, state=State(event.state), closed_at=closed_at, assignments=held)
    return replace(back, ended_from=None, merged_into=None)


def _reopened(case: Case) -> Case:
    back = replace(case, closed_at=None, ended_from=None, extensions=0, reopened=case.reopened + 1)
    lead = back.lead
    if lead is None:
        return replace(back, state=State.GRADED if back.level else State.REPORTED)
    again = change(
        back, lead.id, AssignmentState.ASSIGNED, signed_by=None, signed_at=None, deadline=None
    )
    return replace(again, state=State.ASSIGNED)
