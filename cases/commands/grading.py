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


@dataclass(frozen=True, slots=True)
class ApplyRules:
    """Let an open case follow another version of the rules (应用到在办), its clocks with it."""

    rulebook: int
    title: str  # as people call the version
    moved: tuple[str, ...] = ()  # the clocks that get another moment, one line each


Grading = SuggestGrade | ConfirmGrade | ApplyRules
