"""What happened about making things better after a case (整改)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ImprovementSet:
    """A review asks something of a unit by a deadline; `task` counts from 1 in the case."""

    task: int
    unit: str
    text: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class ImprovementDone:
    """The unit says that it is done."""

    task: int
    unit: str
    text: str


Improving = ImprovementSet | ImprovementDone
