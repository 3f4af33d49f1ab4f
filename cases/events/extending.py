"""What happened about more time (延期)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ExtensionAsked:
    """The unit asked for more time."""

    assignment: int
    unit: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ExtensionGranted:
    """Whoever confirms the end gave it; `words` verbatim."""

    assignment: int
    unit: str
    until: datetime
    words: str
    acting_for: str = ""  # the name of whoever a stand-in answered for (代)


@dataclass(frozen=True, slots=True)
class ExtensionDenied:
    """It was not given; `until` is a deadline of the leader's own."""

    assignment: int
    unit: str
    words: str
    until: datetime | None = None
    acting_for: str = ""  # the name of whoever a stand-in answered for (代)


Extending = ExtensionAsked | ExtensionGranted | ExtensionDenied
