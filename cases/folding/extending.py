"""The case after what happened about more time (延期)."""

from dataclasses import replace
from typing import assert_never

from cases import events
from cases.folding.parts import part
from cases.model import Assignment, Case, Extension


def apply(case: Case, event: events.Extending) -> Case:
    """Return the case after the event."""
    match event:
        case events.ExtensionAsked():
            asked = Extension(event.assignment, event.unit, event.until, event.reason)
            return replace(case, extension=asked)
        case events.ExtensionGranted(assignment=which, until=until):
            given = replace(part(case, which), deadline=until)
            after = _with(case, given)
            return replace(after, extension=None, extensions=case.extensions + 1)
        case events.ExtensionDenied(assignment=which, until=until):
            held = part(case, which)
            after = _with(case, replace(held, deadline=until or held.deadline))
            return replace(after, extension=None)
        case _:
            assert_never(event)


def _with(case: Case, changed: Assignment) -> Case:
    held = tuple(changed if one.id == changed.id else one for one in case.assignments)
    return replace(case, assignments=held)
