"""Clocks and 督办, 会商, a second tier: who is handed a case signs too, and is reminded."""

from typing import assert_never

from cases import events
from cases.case_clocks.effects import (
    FOLLOW_UP,
    SIGN,
    Effects,
    Settle,
    Start,
    of_part,
)
from cases.model import Case


def effects(case: Case, event: events.Overseeing) -> Effects:
    """Return what the event does to the clocks."""
    match event:
        case events.Supervised():
            lead = case.lead
            if lead is None:
                return ()
            part = of_part(lead.id)  # a supervised case is reported on every day
            return (Settle(part, FOLLOW_UP), Start(part, FOLLOW_UP, lead.unit_id))
        case events.HandedOff(assignment=which, unit=unit):
            part = of_part(which)
            return (Settle(part, SIGN), Start(part, SIGN, unit))
        case events.SectionSigned(assignment=which):
            return (Settle(of_part(which), SIGN),)
        case (
            events.SupervisionEnded()
            | events.Restricted()
            | events.MeetingCalled()
            | events.MeetingConcluded()
            | events.CoopRequested()
        ):
            return ()
        case _:
            assert_never(event)
