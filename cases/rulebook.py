"""The rules in force for a case: how it is graded and which clocks run. Frozen at 登记."""

from dataclasses import dataclass

from cases.clocks import ClockRules
from cases.grading import GradingRules
from cases.scores.rules import ScoreRules


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One numbered version of an institution's written rules."""

    id: int
    name: str
    number: int
    grading: GradingRules
    clocks: ClockRules
    scores: ScoreRules | None = None  # an older version has none
