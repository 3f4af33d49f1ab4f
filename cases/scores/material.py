"""What scores are counted from: ended and running clocks, and events, of real cases only.

A drill, and a case merged, withdrawn or not accepted, never gets here.
"""

from dataclasses import dataclass
from datetime import datetime

from cases import events


@dataclass(frozen=True, slots=True)
class ScoredClock:
    """A clock of a unit that fell due."""

    id: int
    case_id: int
    step: str
    holder: str
    due_at: datetime
    ended_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether it was, or is, done too late."""
        return (self.ended_at or now) > self.due_at


@dataclass(frozen=True, slots=True)
class ScoredEvent:
    """An event that may count."""

    case_id: int
    seq: int
    at: datetime
    event: events.Event


@dataclass(frozen=True, slots=True)
class ScoredCase:
    """What is to be known of a case."""

    id: int
    number: str
    level: str
    lead_unit: str | None
    found_by: str | None  # the unit of whoever reported it first
    closed_at: datetime | None
    reopened: int
    helpers: tuple[str, ...] = ()  # 协办


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that happened in a span, of the cases it happened to."""

    cases: dict[int, ScoredCase]
    clocks: tuple[ScoredClock, ...]
    happened: tuple[ScoredEvent, ...]
    moments: dict[tuple[int, datetime], int]  # case and moment -> the first event of that moment
    last_seq: dict[int, int]  # case -> its latest event
