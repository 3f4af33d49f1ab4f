"""What is counted, as rows: a case, and a step of a case that had a deadline.

Moments are whole seconds since 1970 in UTC: a year of a town is 100 000 rows, and a `datetime`
costs ten times a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

STEPS = ("定级交办", "签收", "首报", "回应", "办结")  # in the order in which a case meets them


class How(StrEnum):
    """How a step stands to its deadline, extended ones as extended."""

    IN_TIME = "in_time"
    LATE = "late"
    OVERDUE = "overdue"  # not done, and the deadline is past
    RUNNING = "running"  # not done, the deadline is to come: neither in time nor late

    @property
    def label(self) -> str:
        """The word on the page."""
        return _LABELS[self]


_LABELS = {
    How.IN_TIME: "按时完成",
    How.LATE: "超时完成",
    How.OVERDUE: "超时未完成",
    How.RUNNING: "未到期",
}


class CaseFact(NamedTuple):
    """A case as it is counted."""

    id: int
    level: str  # as it stands, else as proposed
    platform: str
    lead: str  # the id of the unit that leads, "" before the 交办
    state: str
    reported: int
    closed: int | None


class StepFact(NamedTuple):
    """A step that is done or still awaited; what was handed on or fell away is no fact."""

    case_id: int
    step: str
    holder: str
    started: int
    due: int
    ended: int | None
    is_late: bool  # done after the deadline

    def how(self, now: int) -> How:
        """Return how it stands at a moment."""
        if self.ended is not None:
            return How.LATE if self.is_late else How.IN_TIME
        return How.OVERDUE if now > self.due else How.RUNNING


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of each case of a period beside the case itself, by its id."""

    repeats: Mapping[int, int]
    reminders: Mapping[int, int]
