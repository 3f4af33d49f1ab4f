"""The work of a unit in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events


def in_words(event: events.UnitWork, units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    name = units.get(event.unit, event.unit)
    match event:
        case events.Signed():
            return f"{name}签收"
        case events.Declined(reason=reason):
            return f"{name}申请退回: {reason}"
        case events.Reported(kind=kind, text=text):
            return f"{name}{kind}: {text}"
        case events.Verified(verdict=verdict, text=text):
            return f"{name}核实{verdict}" + (f": {text}" if text else "")
        case events.CloseRequested(text=text):
            return f"{name}申请办结" + (f": {text}" if text else "")
        case _:
            assert_never(event)
