"""What a case is after an event: pure and total, so that history folds to the present."""

from collections.abc import Iterable

from cases import events
from cases.families import by_kind
from cases.folding import (
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
    reminding,
    reporting,
    tracking,
    unit_work,
)
from cases.model import Case

APPLY = by_kind(
    (
        (events.Reporting, reporting.apply),
        (events.Grading, grading.apply),
        (events.Assigning, assigning.apply),
        (events.UnitWork, unit_work.apply),
        (events.Closing, closing.apply),
        (events.Answering, answering.apply),
        (events.Ordering, orders.apply),
        (events.Extending, extending.apply),
        (events.Merging, merging.apply),
        (events.Ending, ending.apply),
        (events.Overseeing, overseeing.apply),
        (events.Tracking, tracking.apply),
        (events.Improving, improving.apply),
        (events.Reminding, reminding.apply),
    )
)


def fold(case: Case, happened: Iterable[events.Event]) -> Case:
    """Return `case` as it is after all that `happened`, in order."""
    for event in happened:
        case = apply(case, event)
    return case


def apply(case: Case, event: events.Event) -> Case:
    """Return `case` as it is after `event`."""
    return APPLY[type(event)](case, event)
