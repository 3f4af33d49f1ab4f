"""What may be asked about making things better after a case (整改)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SetImprovement:
    """Ask something of a unit by a deadline; `task` is the next number of the case."""

    task: int
    unit: str
    text: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class FinishImprovement:
    """The unit has done what was asked."""

    task: int
    unit: str
    text: str


Improving = SetImprovement | FinishImprovement
