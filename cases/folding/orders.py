"""The case after what happened about leaders' free orders and decisions passed upward."""

from dataclasses import replace
from typing import assert_never

from cases import events
from cases.model import Case
from cases.response import Instruction, Order


def apply(case: Case, event: events.Ordering) -> Case:
    """Return the case after the event."""
    said = case.response
    match event:
        case events.InstructionProposed(number=number):
            instruction = Instruction(
                number=number,
                by=event.by,
                words=event.words,
                units=event.units,
                lead=event.lead,
                demand=event.demand,
                deadline=event.deadline,
            )
            said = replace(said, instructions=number, instruction=instruction)
        case events.InstructionExecuted() | events.InstructionDropped():
            said = replace(said, instruction=None)
        case events.OrderGiven(unit=unit, by=by, words=words):
            said = replace(said, orders=(*said.orders, Order(unit, by, words)))
        case events.OrderAnswered(unit=unit, to=to):
            left = tuple(o for o in said.orders if (o.unit, o.by) != (unit, to))
            said = replace(said, orders=left)
        case events.SeatGranted():
            pass  # the other seats decide
        case events.PassedUpward(to=to):
            said = replace(said, decider=to)
        case _:
            assert_never(event)
    return replace(case, response=said)
