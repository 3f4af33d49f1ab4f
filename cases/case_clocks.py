"""Which clocks an event starts, settles or cancels. A clock is (case, unit or person, step).

签收, 首报 and 办结 start with the 交办; the office's own clocks (定级交办, 签批, 审核) when the
office or the leader is asked. One unit's act never touches another unit's clock.
"""

from dataclasses import dataclass
from datetime import datetime

from cases import events
from cases.clocks import Step
from cases.model import Case, Part

GRADE_AND_ASSIGN = Step("定级交办")
SIGNOFF = Step("签批")
REVIEW = Step("审核")
SIGN = Step("签收")
FIRST_REPORT = Step("首报")
CLOSE = Step("办结")

OFFICE = "office"  # the holder of the office's own clocks


@dataclass(frozen=True, slots=True)
class Subject:
    """What a clock belongs to: the case itself, or one unit's assignment."""

    kind: str  # case, assignment
    id: int


@dataclass(frozen=True, slots=True)
class Start:
    """Start a clock; `deadline` is a leader's own and overrides the rulebook."""

    subject: Subject
    step: Step
    holder: str
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settle:
    """The step has been done: its clock ends, no reminder of it leaves any more."""

    subject: Subject
    step: Step


@dataclass(frozen=True, slots=True)
class CancelAll:
    """Nothing is awaited any more: of one subject, or of the whole case."""

    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class Recount:
    """The grade is another: every running clock is counted anew from its own start."""


Effect = Start | Settle | CancelAll | Recount


def effects(case: Case, event: events.Event) -> tuple[Effect, ...]:
    """Return what `event` does to the clocks of `case`, which is as it stands after the event."""
    whole = Subject("case", case.id)
    match event:
        case events.Registered():
            return (Start(whole, GRADE_AND_ASSIGN, OFFICE),)
        case events.GradeConfirmed(level=level):
            return () if level == case.proposal.level else (Recount(),)
        case events.GradeChanged():
            return (Recount(),)
        case events.SignoffAsked() | events.SignoffGranted() | events.SignoffRefused():
            return _signoff(whole, event)
        case events.CloseRequested() | events.SentBack():
            return _closing(case, whole, event)
        case events.Closed() | events.Withdrawn():
            return (CancelAll(),)
        case _:
            return _of_a_unit(whole, event)


def _signoff(
    whole: Subject, event: events.SignoffAsked | events.SignoffGranted | events.SignoffRefused
) -> tuple[Effect, ...]:
    match event:
        case events.SignoffAsked():
            return (
                Settle(whole, GRADE_AND_ASSIGN),
                Settle(whole, SIGNOFF),
                Start(whole, SIGNOFF, OFFICE),
            )
        case events.SignoffGranted():
            return (Settle(whole, SIGNOFF),)
        case _:
            return (Settle(whole, SIGNOFF), Start(whole, GRADE_AND_ASSIGN, OFFICE))


def _closing(
    case: Case, whole: Subject, event: events.CloseRequested | events.SentBack
) -> tuple[Effect, ...]:
    lead = case.lead
    if isinstance(event, events.CloseRequested):
        done = (CancelAll(Subject("assignment", event.assignment)),)
        is_lead = lead is not None and lead.id == event.assignment
        return (*done, Start(whole, REVIEW, OFFICE)) if is_lead else done
    again = (
        (Start(Subject("assignment", lead.id), CLOSE, lead.unit_id, lead.deadline),) if lead else ()
    )
    return (Settle(whole, REVIEW), *again)


def _of_a_unit(whole: Subject, event: events.Event) -> tuple[Effect, ...]:
    match event:
        case events.Assigned():
            part = Subject("assignment", event.assignment)
            helper = (Start(part, SIGN, event.unit),)
            if event.part == Part.COOP.value:
                return helper
            return (Settle(whole, GRADE_AND_ASSIGN), *helper, *_work(part, event))
        case events.Signed(assignment=which):
            return (Settle(Subject("assignment", which), SIGN),)
        case events.Reported(assignment=which) | events.Verified(assignment=which):
            return (Settle(Subject("assignment", which), FIRST_REPORT),)
        case events.Declined(assignment=which):
            # The unit's clocks stop; now the office has to rule, and its own clock runs.
            return (
                CancelAll(Subject("assignment", which)),
                Start(whole, GRADE_AND_ASSIGN, OFFICE),
            )
        case events.Upheld(assignment=which, unit=unit):
            part = Subject("assignment", which)
            again = (Start(part, SIGN, unit), Start(part, FIRST_REPORT, unit))
            return (Settle(whole, GRADE_AND_ASSIGN), *again, Start(part, CLOSE, unit))
        case events.Moved(assignment=which):
            return (CancelAll(Subject("assignment", which)),)
        case _:
            return ()


def _work(part: Subject, event: events.Assigned) -> tuple[Effect, ...]:
    return (
        Start(part, FIRST_REPORT, event.unit),
        Start(part, CLOSE, event.unit, event.deadline),
    )
