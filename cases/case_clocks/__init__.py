"""Which clocks an event starts, settles or cancels. A clock is (case, unit or person, step).

签收, 首报 and 办结 start with the 交办; the office's own clocks (定级交办, 签批, 审核) when the
office or the leader is asked. One unit's act never touches another unit's clock.
"""

from cases import events
from cases.case_clocks import (
    answering,
    assigning,
    closing,
    ending,
    extending,
    grading,
    improving,
    merging,
    orders,
    overseeing,
    reporting,
    tracking,
    unit_work,
)
from cases.case_clocks.effects import (
    CLOSE,
    FIRST_REPORT,
    FOLLOW_UP,
    GRADE_AND_ASSIGN,
    ISSUE,
    OFFICE,
    REVIEW,
    SIGN,
    SIGNOFF,
    TRACK,
    CancelAll,
    Effect,
    Effects,
    Ensure,
    HandOver,
    Postpone,
    Recount,
    Settle,
    Start,
    Subject,
)
from cases.families import by_kind
from cases.model import Case

__all__ = [
    "CLOSE",
    "EFFECTS",
    "FIRST_REPORT",
    "FOLLOW_UP",
    "GRADE_AND_ASSIGN",
    "ISSUE",
    "OFFICE",
    "REVIEW",
    "SIGN",
    "SIGNOFF",
    "TRACK",
    "CancelAll",
    "Effect",
    "Effects",
    "Ensure",
    "HandOver",
    "Postpone",
    "Recount",
    "Settle",
    "Start",
    "Subject",
    "effects",
]


def _none(_case: Case, _event: events.Reminding) -> Effects:
    return ()


EFFECTS = by_kind(
    (
        (events.Reporting, reporting.effects),
        (events.Grading, grading.effects),
        (events.Assigning, assigning.effects),
        (events.UnitWork, unit_work.effects),
        (events.Closing, closing.effects),
        (events.Answering, answering.effects),
        (events.Ordering, orders.effects),
        (events.Extending, extending.effects),
        (events.Merging, merging.effects),
        (events.Ending, ending.effects),
        (events.Overseeing, overseeing.effects),
        (events.Tracking, tracking.effects),
        (events.Improving, improving.effects),
        (events.Reminding, _none),
    )
)


def effects(case: Case, event: events.Event) -> Effects:
    """Return what `event` does to the clocks of `case`, which is as it stands after the event."""
    return EFFECTS[type(event)](case, event)
