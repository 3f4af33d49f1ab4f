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


Grading = GradeSuggested | GradeConfirmed | GradeChanged
