"""What may be asked about a leader's free order (批示) and a decision passed upward (阅示)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ProposeInstruction:
    """A leader's words read as tasks; nothing happens before somebody entitled taps."""

    words: str
    units: tuple[str, ...]
    lead: str = ""
    demand: str = ""
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExecuteInstruction:
    """Carry the proposed tasks out; the number tells which, so that an old tap means no new one."""

    number: int


@dataclass(frozen=True, slots=True)
class DropInstruction:
    """The proposed tasks were not meant so."""

    number: int


@dataclass(frozen=True, slots=True)
class PassUpward:
    """Ask a leader above to decide what is asked now (请XX阅示): no approval of one's own."""

    to: str  # a role's name
    words: str


Ordering = ProposeInstruction | ExecuteInstruction | DropInstruction | PassUpward
