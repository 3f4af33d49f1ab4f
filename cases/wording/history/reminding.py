"""Reminding in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events
from cases.beijing import BEIJING
from cases.events.reminding import Muted, Phoned


def in_words(event: events.Reminding, units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.Urged(unit=unit):
            return f"催办{units.get(unit, unit)}"
        case events.Reminded():
            return ""
        case Phoned(step=step, whom=whom):
            return f"已电话通知{whom} ({step})"
        case Muted(until=until):
            return f"免打扰到 {until.astimezone(BEIJING):%m-%d %H:%M}"
        case _:
            assert_never(event)
