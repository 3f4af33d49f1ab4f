"""More time (延期) in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events


def in_words(event: events.Extending, units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    name = units.get(event.unit, event.unit)
    match event:
        case events.ExtensionAsked(reason=reason):
            return f"{name}申请延期: {reason}"
        case events.ExtensionGranted(words=words):
            return f"延期同意: {words}"
        case events.ExtensionDenied(words=words):
            return f"延期未同意: {words}"
        case _:
            assert_never(event)
