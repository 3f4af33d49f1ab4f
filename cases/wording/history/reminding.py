"""Reminding in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events


def in_words(event: events.Reminding, units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.Urged(unit=unit):
            return f"催办{units.get(unit, unit)}"
        case events.Reminded():
            return ""
        case _:
            assert_never(event)
