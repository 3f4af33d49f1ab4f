"""Making units responsible in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events


def in_words(event: events.Assigning, units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.SignoffAsked(lead=lead):
            return f"报请签批, 拟交{units.get(lead, lead)}"
        case events.SignoffGranted(words=words):
            return f"签批: {words}"
        case events.SignoffRefused(words=words):
            return f"签批未同意: {words}"
        case events.Assigned(unit=unit, part=part):
            return f"交{units.get(unit, unit)}{'主办' if part == 'lead' else '协办'}"
        case events.Moved(unit=unit, to=to, reason=reason):
            return f"由{units.get(unit, unit)}转{units.get(to, to)}: {reason}"
        case events.Upheld(unit=unit, reason=reason):
            return f"裁定仍由{units.get(unit, unit)}办理: {reason}"
        case _:
            assert_never(event)
