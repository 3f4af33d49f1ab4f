"""The case after what happened about the grade."""

from dataclasses import replace
from typing import assert_never

from cases import events
from cases.model import Case, State


def apply(case: Case, event: events.Grading) -> Case:
    """Return the case after the event."""
    match event:
        case events.GradeSuggested():
            return case
        case events.GradeConfirmed(level=level):
            return replace(case, level=level, state=State.GRADED)
        case events.GradeChanged(level=level):
            return replace(case, level=level)
        case events.RulesApplied(rulebook=rulebook):
            return replace(case, rulebook_id=rulebook)
        case _:
            assert_never(event)
