"""What happened about 督办, 会商, and who else works on a case."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Supervised:
    """A leader put it under supervision (挂牌督办)."""

    kind: str


@dataclass(frozen=True, slots=True)
class SupervisionEnded:
    """It was taken off the list."""

    kind: str = "督办"


@dataclass(frozen=True, slots=True)
class Restricted:
    """Who may know of it was narrowed to those who handle it, or opened again (限定知悉)."""

    on: bool


@dataclass(frozen=True, slots=True)
class MeetingCalled:
    """Those concerned were called together (会商)."""

    at: datetime | None
    place: str
    units: tuple[str, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingConcluded:
    """What the 会商 concluded, verbatim, and which units had been called to it."""

    text: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoopRequested:
    """A unit asked for the help of others."""

    assignment: int
    unit: str
    units: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class HandedOff:
    """The liaison gave it to a person of a section."""

    assignment: int
    unit: str
    to: str
    name: str


@dataclass(frozen=True, slots=True)
class SectionSigned:
    """That person has it."""

    assignment: int
    unit: str
    by: str
    at: datetime


Overseeing = (
    Supervised
    | SupervisionEnded
    | Restricted
    | MeetingCalled
    | MeetingConcluded
    | CoopRequested
    | HandedOff
    | SectionSigned
)
