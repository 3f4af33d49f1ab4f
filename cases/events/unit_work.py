"""What happened about the work of a unit."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """The unit signed (签收)."""

    assignment: int
    unit: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Declined:
    """The unit asked to return it (退回); the office rules."""

    assignment: int
    unit: str
    reason: str
    suggest: str | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """The unit reported; `seq` counts 首报 as 1."""

    assignment: int
    unit: str
    kind: str
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The unit said what is true (核实)."""

    assignment: int
    unit: str
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class CloseRequested:
    """The unit said it is done (申请办结)."""

    assignment: int
    unit: str
    text: str
    awaits_answer: bool = False  # no public answer yet: the office has to say why, or send it back


UnitWork = Signed | Declined | Reported | Verified | CloseRequested
