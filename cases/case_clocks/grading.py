"""Clocks and the grade."""

from typing import assert_never

from cases import events
from cases.case_clocks.effects import Effects, Recount
from cases.model import Case


def effects(case: Case, event: events.Grading) -> Effects:
    """Return what the event does to the clocks."""
    match event:
        case events.GradeSuggested():
            return ()
        case events.GradeConfirmed(level=level):
            return () if level == case.proposal.level else (Recount(),)
        case events.GradeChanged():
            return (Recount(),)
        case _:
            assert_never(event)
