"""What may be asked about making units responsible."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Assign:
    """Make units responsible (交办): the lead, then those who help."""

    lead: str
    coop: tuple[str, ...] = ()
    demand: str = ""
    deadline: datetime | None = None  # of 办结
    report_by: datetime | None = None  # 首报, where the order names a time for it
    respond_by: datetime | None = None  # 回应, likewise
    needs_signoff: bool = False  # the rulebook demands 签批 at this level


@dataclass(frozen=True, slots=True)
class GrantSignoff:
    """The leader signs the assignment off (签批); `words` verbatim."""

    words: str


@dataclass(frozen=True, slots=True)
class RefuseSignoff:
    """The leader does not sign it off; the office decides anew."""

    words: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Give the lead to another unit (转办)."""

    lead: str
    reason: str


@dataclass(frozen=True, slots=True)
class AddCoop:
    """Add helping units (加协办)."""

    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UpholdAssignment:
    """The office rules that the unit keeps it; it may not be returned again."""

    unit: str
    reason: str


Assigning = Assign | GrantSignoff | RefuseSignoff | Transfer | AddCoop | UpholdAssignment
