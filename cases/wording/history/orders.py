"""Leaders' orders in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events


def in_words(event: events.Ordering, units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.InstructionProposed(words=words):
            return f"批示: {words}"
        case events.InstructionExecuted():
            return "照批示交办"
        case events.InstructionDropped():
            return "批示不按此办"
        case events.OrderGiven(unit=unit):
            return f"批示交{units.get(unit, unit)}"
        case events.OrderAnswered(unit=unit):
            return f"{units.get(unit, unit)}已报批示办理情况"
        case events.SeatGranted(role=role, words=words):
            return f"{role}同意: {words}"
        case events.PassedUpward(to=to, words=words):
            return f"报{to}阅示: {words}"
        case _:
            assert_never(event)
