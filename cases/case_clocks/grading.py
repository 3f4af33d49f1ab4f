"""Clocks and the grade."""

from typing import assert_never

from cases import events
from cases.case_clocks.answering import awaited
from cases.case_clocks.effects import Effects, Recount
from cases.model import Case


def effects(case: Case, event: events.Grading) -> Effects:
    """Return what the event does to the clocks."""
    match event:
        case events.GradeSuggested():
            return ()
        case events.GradeConfirmed(level=level):
            return () if level == case.proposal.level else (Recount(), *awaited(case))
        case events.GradeChanged():
            return (Recount(), *awaited(case))
        case events.RulesApplied():
            return (Recount(),)  # steps the new rules add are awaited from the next time on
        case _:
            assert_never(event)
