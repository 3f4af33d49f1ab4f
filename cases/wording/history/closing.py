"""Closing in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events


def in_words(event: events.Closing, _units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.Closed(words=words):
            return f"办结: {words}" if words else "办结"
        case events.SentBack(reason=reason):
            return f"退回重办: {reason}"
        case _:
            assert_never(event)
