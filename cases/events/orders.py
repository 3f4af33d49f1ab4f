"""What has happened about leaders' free orders and decisions passed upward."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class InstructionProposed:
    """A leader's words were read as tasks; a tap is awaited."""

    number: int
    by: str
    words: str  # verbatim
    units: tuple[str, ...]
    lead: str = ""
    demand: str = ""
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class InstructionExecuted:
    """Somebody entitled tapped: the tasks are given."""

    number: int
    words: str


@dataclass(frozen=True, slots=True)
class InstructionDropped:
    """It was not meant so."""

    number: int


@dataclass(frozen=True, slots=True)
class OrderGiven:
    """One unit was given a leader's order; its next report answers it."""

    assignment: int
    unit: str
    by: str
    words: str
    demand: str = ""
    deadline: datetime | None = None
    again: bool = False  # the unit has reported before: what is awaited is its next report


@dataclass(frozen=True, slots=True)
class PassedUpward:
    """A leader asked the one above to decide."""

    to: str  # a role's name
    words: str


@dataclass(frozen=True, slots=True)
class OrderAnswered:
    """The unit reported what a leader had ordered; the leader is told."""

    unit: str
    to: str  # the leader's userid
    text: str


@dataclass(frozen=True, slots=True)
class SeatGranted:
    """One of several who are asked has agreed; `left` are still to answer."""

    kind: str
    role: str
    words: str
    left: tuple[str, ...]
    asks: bool = False  # 依次: now the next one is asked
    acting_for: str = ""


Ordering = (
    InstructionProposed
    | InstructionExecuted
    | InstructionDropped
    | OrderGiven
    | OrderAnswered
    | PassedUpward
    | SeatGranted
)
