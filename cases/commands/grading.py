"""What may be asked about the grade."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SuggestGrade:
    """Say what the grade should be; only a human of the named role decides."""

    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmGrade:
    """Fix the grade (定级), or change it with a reason (升级/降级)."""

    level: str
    reason: str = ""
    lowers: bool = False  # the rulebook has it below the level that stands


Grading = SuggestGrade | ConfirmGrade
