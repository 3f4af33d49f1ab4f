"""What may be asked about 督办, 会商, and who else works on a case."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Supervise:
    """Put the case under a leader's supervision (挂牌督办)."""

    kind: str


@dataclass(frozen=True, slots=True)
class EndSupervision:
    """Take it off the list again."""


@dataclass(frozen=True, slots=True)
class Restrict:
    """Only those who handle the case may know of it (限定知悉), or everybody concerned again."""

    on: bool


@dataclass(frozen=True, slots=True)
class CallMeeting:
    """Call those concerned together (会商)."""

    at: datetime | None
    place: str
    units: tuple[str, ...]  # ids of units of the directory
    others: tuple[str, ...] = ()  # names as said: not in the directory


@dataclass(frozen=True, slots=True)
class ConcludeMeeting:
    """Record what the 会商 concluded, verbatim, for the units called to it."""

    text: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestCoop:
    """A unit asks the office for the help of others (协办请求)."""

    unit: str
    units: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class HandOff:
    """The liaison gives it to a person of a section of the unit, who signs too."""

    unit: str
    to: str
    name: str


Overseeing = (
    Supervise | EndSupervision | Restrict | CallMeeting | ConcludeMeeting | RequestCoop | HandOff
)
