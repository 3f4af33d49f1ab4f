"""Clocks and closing."""

from typing import assert_never

from cases import events
from cases.case_clocks.effects import (
    CLOSE,
    REVIEW,
    CancelAll,
    Effects,
    Settle,
    Start,
    of_part,
    whole,
)
from cases.case_clocks.tracking import next_look
from cases.model import Case


def effects(case: Case, event: events.Closing) -> Effects:
    """Return what the event does to the clocks."""
    match event:
        case events.Closed():
            return (CancelAll(), *next_look(case))
        case events.SentBack():
            lead = case.lead
            again = (Start(of_part(lead.id), CLOSE, lead.unit_id, lead.deadline),) if lead else ()
            return (Settle(whole(case), REVIEW), *again)
        case _:
            assert_never(event)
