"""What happened about cases that are one matter (合并/拆分)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merged:
    """It goes on in an older case (合并)."""

    into: str


@dataclass(frozen=True, slots=True)
class Absorbed:
    """Other cases go on in this one; `reporters` are those it did not have."""

    numbers: tuple[str, ...]
    reporters: tuple[str, ...]
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Released:
    """A merged case went its own way again (拆分)."""

    number: str
    reporters: tuple[str, ...]


Merging = Merged | Absorbed | Released
