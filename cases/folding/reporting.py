"""The case after what happened about what people report."""

from dataclasses import replace
from typing import assert_never

from cases import events
from cases.folding.parts import ended
from cases.model import Case, State


def apply(case: Case, event: events.Reporting) -> Case:
    """Return the case after the event."""
    match event:
        case events.Registered(reporter=reporter) | events.Joined(reporter=reporter):
            return replace(case, reporters=(*case.reporters, reporter))
        case events.Supplemented(known=known):
            return replace(case, missing=tuple(m for m in case.missing if m not in known))
        case events.Withdrawn():
            return ended(case, State.WITHDRAWN)
        case _:
            assert_never(event)
