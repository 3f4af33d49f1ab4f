"""What people report in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events


def in_words(event: events.Reporting, _units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.Registered(level=level):
            return f"登记, 建议{level}"
        case events.Joined(place=place):
            return f"并入第 {place} 位报告"
        case events.Supplemented(text=text):
            return f"补充: {text}"
        case events.Withdrawn(reason=reason):
            return f"撤回: {reason}"
        case _:
            assert_never(event)
