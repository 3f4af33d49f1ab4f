"""The case after what happened about the work of a unit."""

from dataclasses import replace
from typing import assert_never

from cases import events
from cases.folding.parts import change, is_lead, without_extension
from cases.model import AssignmentState, Case, State

_ANSWERING = frozenset({State.REPLY_DRAFT, State.REVIEWING, State.TRACKING})


def apply(case: Case, event: events.UnitWork) -> Case:
    """Return the case after the event."""
    match event:
        case events.Signed(assignment=which, by=by, at=at):
            after = change(case, which, AssignmentState.SIGNED, signed_by=by, signed_at=at)
            return replace(after, state=State.SIGNED) if is_lead(case, which) else after
        case events.Declined(assignment=which):
            return change(without_extension(case, which), which, AssignmentState.DECLINED)
        case events.Reported():
            return replace(case, reports=case.reports + 1, state=_working(case))
        case events.Verified(verdict=verdict):
            state = case.state if case.state in _ANSWERING else State.HANDLING
            return replace(case, verdict=verdict, reports=max(case.reports, 1), state=state)
        case events.CloseRequested(assignment=which):
            after = change(without_extension(case, which), which, AssignmentState.DONE)
            if not is_lead(case, which):
                return after
            said = replace(case.response, awaits_answer=event.awaits_answer)
            return replace(after, state=State.CLOSE_REQUESTED, response=said)
        case _:
            assert_never(event)


def _working(case: Case) -> State:
    # 首报 before the verdict is still 核实; later reports leave the state alone.
    return State.VERIFYING if case.state in (State.ASSIGNED, State.SIGNED) else case.state
