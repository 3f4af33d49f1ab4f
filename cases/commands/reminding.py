"""What may be asked about reminding."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Urge:
    """Remind the unit now (催办)."""

    unit: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Remind:
    """A timer has rung: remind `audience` of `step`, and say how many earlier rungs are skipped."""

    step: str
    holder: str
    slot: str
    audience: str
    due_at: datetime
    skipped: int = 0


Reminding = Urge | Remind
