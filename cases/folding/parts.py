"""Changing one unit's part of a case."""

from dataclasses import replace

from cases.model import Assignment, AssignmentState, Case


def part(case: Case, which: int) -> Assignment:
    """Return the assignment with this id, live or not."""
    return next(a for a in case.assignments if a.id == which)


def change(case: Case, which: int, state: AssignmentState, **fields: object) -> Case:
    """Return the case with one assignment in another state."""
    changed = tuple(
        replace(a, state=state, **fields) if a.id == which else a  # type: ignore[arg-type]
        for a in case.assignments
    )
    return replace(case, assignments=changed)


def is_lead(case: Case, which: int) -> bool:
    """Whether the assignment with this id is the 主办 one."""
    return case.lead is not None and case.lead.id == which
