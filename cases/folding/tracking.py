"""The case after what happened while it was watched."""

from dataclasses import replace
from typing import assert_never

from cases import events
from cases.model import Case, State


def apply(case: Case, event: events.Tracking) -> Case:
    """Return the case after the event."""
    said = case.response
    match event:
        case events.TrackingChecked(nth=nth):
            return replace(case, response=replace(said, looks=nth))
        case events.Rebounded():
            fresh = replace(said, looks=0, tracking_until=None)
            return replace(case, state=State.HANDLING, response=fresh)
        case events.CalledBack():
            return case
        case _:
            assert_never(event)
