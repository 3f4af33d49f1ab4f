"""What happened about closing."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """Somebody entitled confirmed that it is done (办结)."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SentBack:
    """It was not accepted as done."""

    reason: str


Closing = Closed | SentBack
