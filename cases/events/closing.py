"""What happened about closing."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """Somebody entitled confirmed that it is done (办结)."""

    words: str
    at: datetime
    acting_for: str = ""  # the name of whoever a stand-in answered for (代)


@dataclass(frozen=True, slots=True)
class SentBack:
    """It was not accepted as done."""

    reason: str
    acting_for: str = ""  # the name of whoever a stand-in answered for (代)


Closing = Closed | SentBack
