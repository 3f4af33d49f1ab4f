"""What reads and edits a rulebook's files; the handlers are given it by main."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cases.rulebook import Rulebook

CLOCKS = "clocks.toml"
Files = Mapping[str, str]  # file name to text
Value = str | int | bool | list[str]
Edit = tuple[tuple[str, ...], Value]  # where in the file, and what stands there from now on


class RulesFaultError(Exception):
    """A rulebook that cannot be so; one sentence for each fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Workbench:
    """Each raises RulesFaultError for what it cannot use."""

    read: Callable[[int, str, int, Files], Rulebook]  # id, name, number, files
    edit: Callable[[Files, str, Sequence[Edit]], Files]  # files, which of them, edits
    digest: Callable[[Files], str]  # tells two versions apart
