"""What happened about what people report."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Registered:
    """A link or a matter became a case (登记)."""

    number: str
    title: str
    reporter: str
    level: str
    lead: str | None = None
    rebound_of: str | None = None  # a case closed lately that had one of its links


@dataclass(frozen=True, slots=True)
class Joined:
    """A repeat joined it (并入); `place` counts the reporters from 1."""

    reporter: str
    place: int


@dataclass(frozen=True, slots=True)
class Supplemented:
    """More became known (补充)."""

    text: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The report was taken back (撤回)."""

    reason: str
    by_office: bool = False


Reporting = Registered | Joined | Supplemented | Withdrawn
