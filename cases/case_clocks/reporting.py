"""Clocks and what people report."""

from typing import assert_never

from cases import events
from cases.case_clocks.answering import awaited
from cases.case_clocks.effects import GRADE_AND_ASSIGN, OFFICE, CancelAll, Effects, Start, whole
from cases.model import Case


def effects(case: Case, event: events.Reporting) -> Effects:
    """Return what the event does to the clocks."""
    match event:
        case events.Registered():
            return (Start(whole(case), GRADE_AND_ASSIGN, OFFICE), *awaited(case))
        case events.Withdrawn():
            return (CancelAll(),)
        case events.Joined() | events.Supplemented():
            return ()
        case _:
            assert_never(event)
