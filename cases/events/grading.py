"""What happened about the grade."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GradeSuggested:
    """Somebody said what the grade should be."""

    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class GradeConfirmed:
    """A human fixed the grade (定级)."""

    level: str


@dataclass(frozen=True, slots=True)
class GradeChanged:
    """A human changed the grade (升级/降级)."""

    was: str
    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class RulesApplied:
    """The case follows another version of the rules (应用到在办); `moved`: a line per clock."""

    rulebook: int
    title: str
    moved: tuple[str, ...] = ()


Grading = GradeSuggested | GradeConfirmed | GradeChanged | RulesApplied
