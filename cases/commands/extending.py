"""What may be asked about more time (延期)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AskExtension:
    """The unit asks for more time; `due_at` is when its 办结 is due now, None if nothing is."""

    unit: str
    until: datetime
    reason: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class GrantExtension:
    """More time is given: what was asked for, or up to `until`. `words` verbatim."""

    words: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DenyExtension:
    """No more time; `until` is a deadline of the leader's own. `words` verbatim."""

    words: str
    until: datetime | None = None


Extending = AskExtension | GrantExtension | DenyExtension
