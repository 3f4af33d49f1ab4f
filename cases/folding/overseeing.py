"""The case after what happened about 督办, 会商, and who else works on it."""

from dataclasses import replace
from typing import assert_never

from cases import events
from cases.folding.parts import change, part
from cases.model import Case


def apply(case: Case, event: events.Overseeing) -> Case:
    """Return the case after the event."""
    match event:
        case events.Supervised():
            return replace(case, supervised=True)
        case events.SupervisionEnded():
            return replace(case, supervised=False)
        case events.Restricted(on=on):
            return replace(case, restricted=on)
        case events.HandedOff(assignment=which, to=to):
            state = part(case, which).state
            return change(case, which, state, handed_to=to, hand_signed_at=None)
        case events.SectionSigned(assignment=which, at=at):
            return change(case, which, part(case, which).state, hand_signed_at=at)
        case events.MeetingCalled() | events.MeetingConcluded() | events.CoopRequested():
            return case
        case _:
            assert_never(event)
