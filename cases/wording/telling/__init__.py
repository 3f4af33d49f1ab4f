"""An event becomes what is said, and to whom: its words are here, or the reason for none."""

from cases import events
from cases.families import by_kind
from cases.model import Case
from cases.notices import Notice
from cases.wording.telling import (
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
from cases.wording.telling.context import Telling

__all__ = ["TOLD", "Telling", "notices"]


TOLD = by_kind(
    (
        (events.Reporting, reporting.notices),
        (events.Grading, grading.notices),
        (events.Assigning, assigning.notices),
        (events.UnitWork, unit_work.notices),
        (events.Closing, closing.notices),
        (events.Answering, answering.notices),
        (events.Ordering, orders.notices),
        (events.Extending, extending.notices),
        (events.Merging, merging.notices),
        (events.Ending, ending.notices),
        (events.Overseeing, overseeing.notices),
        (events.Tracking, tracking.notices),
        (events.Improving, improving.notices),
        (events.Reminding, reminding.notices),
    )
)


def notices(case: Case, event: events.Event, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about `event`; `case` is as it stands after it."""
    return TOLD[type(event)](case, event, telling)
