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
        case events.Restored(state=state):
            closed_at = case.closed_at if state == State.CLOSED.value else None
            back = replace(case, state=State(state), closed_at=closed_at)
            return replace(back, ended_from=None, merged_into=None)
        case _:
            assert_never(event)


def _reopened(case: Case) -> Case:
    back = replace(case, closed_at=None, ended_from=None, extensions=0, reopened=case.reopened + 1)
    lead = back.lead
    if lead is None:
        return replace(back, state=State.GRADED if back.level else State.REPORTED)
    again = change(
        back, lead.id, AssignmentState.ASSIGNED, signed_by=None, signed_at=None, deadline=None
    )
    return replace(again, state=State.ASSIGNED)
