"""Clocks and more time (延期): the leader is asked, then 办结 moves."""

from typing import assert_never

from cases import events
from cases.case_clocks.effects import (
    CLOSE,
    OFFICE,
    REVIEW,
    Effects,
    Postpone,
    Settle,
    Start,
    of_approval,
    of_part,
)
from cases.model import Case


def effects(_case: Case, event: events.Extending) -> Effects:
    """Return what the event does to the clocks."""
    asked, part = of_approval(event.assignment), of_part(event.assignment)
    match event:
        case events.ExtensionAsked():
            return (Start(asked, REVIEW, OFFICE),)
        case events.ExtensionGranted(until=until):
            return (Settle(asked, REVIEW), Postpone(part, CLOSE, until))
        case events.ExtensionDenied(until=until):
            own = (Postpone(part, CLOSE, until),) if until is not None else ()
            return (Settle(asked, REVIEW), *own)
        case _:
            assert_never(event)
