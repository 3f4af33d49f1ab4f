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


@dataclass(frozen=True, slots=True)
class Phoned:
    """The office has called whoever is late (电话通知); until then nobody higher is told."""

    step: str
    holder: str
    whom: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Muted:
    """Somebody asked not to be reminded of this case before it is due (免打扰)."""

    userid: str
    until: datetime


Reminding = Urged | Reminded | Phoned | Muted
