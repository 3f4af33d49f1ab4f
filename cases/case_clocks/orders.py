"""Clocks of leaders' orders: their own deadline overrides the rulebook's, in natural hours."""

from typing import assert_never

from cases import events
from cases.case_clocks.effects import FIRST_REPORT, FOLLOW_UP, Effects, Settle, Start, of_part
from cases.model import Case


def effects(_case: Case, event: events.Ordering) -> Effects:
    """Return what the event does to the clocks."""
    match event:
        case events.OrderGiven(assignment=which, unit=unit, deadline=deadline):
            if deadline is None:
                return ()
            part, step = of_part(which), FOLLOW_UP if event.again else FIRST_REPORT
            return (Settle(part, step), Start(part, step, unit, deadline))
        case (
            events.InstructionProposed()  # nothing is asked of anybody before the tap
            | events.InstructionExecuted()
            | events.InstructionDropped()
            | events.OrderAnswered()  # the unit's report settles the clock
            | events.SeatGranted()
            | events.PassedUpward()  # the clock of what is asked goes on
        ):
            return ()
        case _:
            assert_never(event)
