"""What a case is after an event: pure and total, so that history folds to the present."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from cases import events
from cases.model import Assignment, AssignmentState, Case, Part, Plan, State


def fold(case: Case, happened: Iterable[events.Event]) -> Case:
    """Return `case` as it is after all that `happened`, in order."""
    for event in happened:
        case = apply(case, event)
    return case


def apply(case: Case, event: events.Event) -> Case:
    """Return `case` as it is after `event`."""
    match event:
        case (
            events.Registered()
            | events.Joined()
            | events.Supplemented()
            | events.GradeSuggested()
            | events.GradeConfirmed()
            | events.GradeChanged()
        ):
            return _apply_report(case, event)
        case events.SignoffAsked() | events.SignoffGranted() | events.SignoffRefused():
            return _apply_signoff(case, event)
        case (
            events.Assigned()
            | events.Signed()
            | events.Declined()
            | events.Upheld()
            | events.Moved()
        ):
            return _apply_assignment(case, event)
        case events.Reported() | events.Verified() | events.CloseRequested() | events.SentBack():
            return _apply_handling(case, event)
        case events.Withdrawn():
            return replace(case, state=State.WITHDRAWN)
        case events.Closed(at=at):
            return replace(case, state=State.CLOSED, closed_at=at)
        case events.Urged() | events.Reminded():
            return case
        case _:
            assert_never(event)


def _apply_report(
    case: Case,
    event: events.Registered
    | events.Joined
    | events.Supplemented
    | events.GradeSuggested
    | events.GradeConfirmed
    | events.GradeChanged,
) -> Case:
    match event:
        case events.Registered(reporter=reporter) | events.Joined(reporter=reporter):
            return replace(case, reporters=(*case.reporters, reporter))
        case events.Supplemented(known=known):
            return replace(case, missing=tuple(m for m in case.missing if m not in known))
        case events.GradeSuggested():
            return case
        case events.GradeConfirmed(level=level):
            return replace(case, level=level, state=State.GRADED)
        case events.GradeChanged(level=level):
            return replace(case, level=level)
        case _:
            assert_never(event)


def _apply_signoff(
    case: Case, event: events.SignoffAsked | events.SignoffGranted | events.SignoffRefused
) -> Case:
    match event:
        case events.SignoffAsked(lead=lead, coop=coop, demand=demand, deadline=deadline):
            plan = Plan(lead=lead, coop=coop, demand=demand, deadline=deadline)
            return replace(case, plan=plan, state=State.APPROVED)
        case events.SignoffGranted():
            return replace(case, plan=None)
        case events.SignoffRefused():
            return replace(case, plan=None, state=State.GRADED)
        case _:
            assert_never(event)


def _apply_assignment(
    case: Case,
    event: events.Assigned | events.Signed | events.Declined | events.Upheld | events.Moved,
) -> Case:
    match event:
        case events.Assigned():
            return _assigned(case, event)
        case events.Signed(assignment=which, by=by, at=at):
            after = _change(case, which, AssignmentState.SIGNED, signed_by=by, signed_at=at)
            is_lead = case.lead is not None and case.lead.id == which
            return replace(after, state=State.SIGNED) if is_lead else after
        case events.Declined(assignment=which):
            return _change(case, which, AssignmentState.DECLINED)
        case events.Upheld(assignment=which):
            was = next(a for a in case.assignments if a.id == which)
            back = AssignmentState.SIGNED if was.signed_at else AssignmentState.ASSIGNED
            return replace(_change(case, which, back), returns=case.returns + 1)
        case events.Moved(assignment=which):
            was = next(a for a in case.assignments if a.id == which)
            ruled = was.state is AssignmentState.DECLINED
            return replace(
                _change(case, which, AssignmentState.MOVED), returns=case.returns + int(ruled)
            )
        case _:
            assert_never(event)


def _assigned(case: Case, event: events.Assigned) -> Case:
    part = Part(event.part)
    new = Assignment(
        id=event.assignment,
        unit_id=event.unit,
        part=part,
        state=AssignmentState.ASSIGNED,
        assigned_by=event.by,
        assigned_at=event.at,
        demand=event.demand,
        deadline=event.deadline,
    )
    state = State.ASSIGNED if part is Part.LEAD else case.state
    return replace(case, assignments=(*case.assignments, new), state=state)


def _apply_handling(
    case: Case,
    event: events.Reported | events.Verified | events.CloseRequested | events.SentBack,
) -> Case:
    match event:
        case events.Reported():
            return replace(case, reports=case.reports + 1, state=_working(case))
        case events.Verified(verdict=verdict):
            return replace(
                case, verdict=verdict, reports=max(case.reports, 1), state=State.HANDLING
            )
        case events.CloseRequested(assignment=which):
            after = _change(case, which, AssignmentState.DONE)
            is_lead = case.lead is not None and case.lead.id == which
            return replace(after, state=State.CLOSE_REQUESTED) if is_lead else after
        case events.SentBack():
            lead = case.lead
            after = _change(case, lead.id, AssignmentState.SIGNED) if lead else case
            return replace(after, state=State.HANDLING)
        case _:
            assert_never(event)


def _working(case: Case) -> State:
    # 首报 before the verdict is still 核实; later reports leave the state alone.
    return State.VERIFYING if case.state in (State.ASSIGNED, State.SIGNED) else case.state


def _change(case: Case, which: int, state: AssignmentState, **fields: object) -> Case:
    changed = tuple(
        replace(a, state=state, **fields) if a.id == which else a  # type: ignore[arg-type]
        for a in case.assignments
    )
    return replace(case, assignments=changed)
