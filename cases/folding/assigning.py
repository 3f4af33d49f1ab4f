"""The case after what happened about making units responsible."""

from dataclasses import asdict, replace
from typing import assert_never

from cases import events
from cases.folding.parts import change, part, without_extension
from cases.model import Assignment, AssignmentState, Case, Part, Plan, State


def apply(case: Case, event: events.Assigning) -> Case:
    """Return the case after the event."""
    match event:
        case events.SignoffAsked():
            plan = Plan(**asdict(event))
            return replace(case, plan=plan, state=State.APPROVED)
        case events.SignoffGranted():
            return replace(case, plan=None)
        case events.SignoffRefused():
            return replace(case, plan=None, state=State.GRADED)
        case events.Assigned():
            return _assigned(case, event)
        case events.Upheld(assignment=which):
            was = part(case, which)
            back = AssignmentState.SIGNED if was.signed_at else AssignmentState.ASSIGNED
            return replace(change(case, which, back), returns=case.returns + 1)
        case events.Moved(assignment=which):
            ruled = part(case, which).state is AssignmentState.DECLINED
            moved = change(without_extension(case, which), which, AssignmentState.MOVED)
            text = case.response.without_open_reply() if moved.lead is None else case.response
            return replace(moved, returns=case.returns + int(ruled), response=text)
        case _:
            assert_never(event)


def _assigned(case: Case, event: events.Assigned) -> Case:
    held = Part(event.part)
    new = Assignment(
        id=event.assignment,
        unit_id=event.unit,
        part=held,
        state=AssignmentState.ASSIGNED,
        assigned_by=event.by,
        assigned_at=event.at,
        demand=event.demand,
        deadline=event.deadline,
    )
    state = State.ASSIGNED if held is Part.LEAD else case.state
    return replace(case, assignments=(*case.assignments, new), state=state)
