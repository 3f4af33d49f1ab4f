"""What may be asked about cases that are one matter (合并/拆分)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merge:
    """This case goes on in the older one (合并); `into` is that one's number."""

    into: str


@dataclass(frozen=True, slots=True)
class Absorb:
    """Other cases go on in this one: their numbers, reporters, and what they know."""

    numbers: tuple[str, ...]
    reporters: tuple[str, ...]
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """A merged case goes its own way again (拆分), with the reporters only it had."""

    number: str
    reporters: tuple[str, ...]


Merging = Merge | Absorb | Release
