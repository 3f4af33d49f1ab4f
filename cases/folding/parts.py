"""Changing one unit's part of a case."""

from dataclasses import replace

from cases.model import Assignment, AssignmentState, Case, State


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


def ended(case: Case, state: State) -> Case:
    """Return the case ended in `state`: nothing is asked for any more, and it knows whence."""
    return replace(case, state=state, ended_from=case.state, extension=None, ending=None)


def without_extension(case: Case, which: int) -> Case:
    """Return the case without what this assignment had asked for: it is no longer awaited."""
    asked = case.extension is not None and case.extension.assignment == which
    return replace(case, extension=None) if asked else case
