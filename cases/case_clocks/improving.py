"""Clocks of what a review asks for (整改): each task has its own, by its own deadline."""

from typing import assert_never

from cases import events
from cases.case_clocks.effects import Effects, Settle, Start, of_task
from cases.clocks import Step
from cases.model import Case

IMPROVE = Step.IMPROVE


def effects(case: Case, event: events.Improving) -> Effects:
    """Return what the event does to the clocks."""
    match event:
        case events.ImprovementSet(task=task, unit=unit, deadline=deadline):
            return (Start(of_task(case, task), IMPROVE, unit, deadline),)
        case events.ImprovementDone(task=task):
            return (Settle(of_task(case, task), IMPROVE),)
        case _:
            assert_never(event)
