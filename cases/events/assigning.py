"""What happened about making units responsible."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SignoffAsked:
    """The office decided on units; the leader's 签批 is awaited."""

    lead: str
    coop: tuple[str, ...] = ()
    demand: str = ""
    deadline: datetime | None = None
    report_by: datetime | None = None  # 首报, where the order names a time for it
    respond_by: datetime | None = None  # 回应, likewise


@dataclass(frozen=True, slots=True)
class SignoffGranted:
    """The leader signed it off; `words` verbatim."""

    words: str
    acting_for: str = ""  # the name of whoever a stand-in answered for (代)


@dataclass(frozen=True, slots=True)
class SignoffRefused:
    """The leader did not sign it off."""

    words: str
    acting_for: str = ""  # the name of whoever a stand-in answered for (代)


@dataclass(frozen=True, slots=True)
class Assigned:
    """A unit became responsible (交办)."""

    assignment: int
    unit: str
    part: str
    at: datetime
    by: str
    demand: str = ""
    deadline: datetime | None = None
    report_by: datetime | None = None  # 首报, where the order names a time for it
    respond_by: datetime | None = None  # 回应, likewise


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit was relieved of it (转办)."""

    assignment: int
    unit: str
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class Upheld:
    """The office ruled that the unit keeps it."""

    assignment: int
    unit: str
    reason: str


Assigning = SignoffAsked | SignoffGranted | SignoffRefused | Assigned | Moved | Upheld
