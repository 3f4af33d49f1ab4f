"""What happened about reminding."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Urged:
    """Somebody urged the unit by hand (催办)."""

    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class Reminded:
    """The clock reminded somebody; `skipped` counts rungs that an outage left unsent."""

    step: str
    holder: str
    slot: str
    audience: str
    due_at: datetime
    skipped: int = 0


Reminding = Urged | Reminded
