"""The case after what happened about closing."""

from dataclasses import replace
from typing import assert_never

from cases import events
from cases.folding.parts import change, ended
from cases.model import AssignmentState, Case, State


def apply(case: Case, event: events.Closing) -> Case:
    """Return the case after the event."""
    match event:
        case events.Closed(at=at):
            return replace(ended(case, State.CLOSED), closed_at=at)
        case events.SentBack():
            lead = case.lead
            after = change(case, lead.id, AssignmentState.SIGNED) if lead else case
            return replace(after, state=State.HANDLING)
        case _:
            assert_never(event)
