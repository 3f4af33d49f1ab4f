"""A rulebook's clocks: every level's steps with their time, and the ladders that remind of them."""

from dataclasses import dataclass

from cases.clocks import ClockRule, Step
from cases.holidays import NO_OVERRIDES, Overrides
from cases.ladder import NIGHT, Ladder, QuietHours
from cases.working_time import OFFICE_HOURS, Period, WorkingCalendar


class UnknownLevelError(LookupError):
    """The rulebook has no such level; the message names those it has."""


@dataclass(frozen=True, slots=True)
class LevelClocks:
    """One level: its name, its row of the default matrix (1-4, 0 = watched only), its rules."""

    level: str
    row: int
    rules: tuple[ClockRule, ...]


@dataclass(frozen=True, slots=True)
class ClockRules:
    """Everything a rulebook says about time. Frozen with the case when it is registered."""

    name: str
    levels: tuple[LevelClocks, ...]  # the gravest first
    ladders: tuple[Ladder, ...]
    periods: tuple[Period, ...] = OFFICE_HOURS
    quiet: QuietHours = NIGHT

    @property
    def level_names(self) -> tuple[str, ...]:
        """The levels, the gravest first."""
        return tuple(entry.level for entry in self.levels)

    def calendar(self, overrides: Overrides = NO_OVERRIDES) -> WorkingCalendar:
        """Return when this institution works."""
        return WorkingCalendar(self.periods, overrides)

    def for_level(self, level: str) -> tuple[ClockRule, ...]:
        """Return the rules of a level, one per step.

        Raises:
            UnknownLevelError: no such level.
        """
        return self._level(level).rules

    def row(self, level: str) -> int:
        """Return the row of the default matrix: 1 (gravest) to 4; 0 = registered and watched.

        Raises:
            UnknownLevelError: no such level.
        """
        return self._level(level).row

    def rule(self, level: str, step: Step) -> ClockRule:
        """Return the rule of one step; every level has one for every step.

        Raises:
            UnknownLevelError: no such level.
        """
        return next(rule for rule in self.for_level(level) if rule.step is step)

    def asked(self, level: str, step: Step) -> tuple[ClockRule, ...]:
        """Return the rules people mean by `step`: 回应 is the publication and the 发布会.

        Raises:
            UnknownLevelError: no such level.
        """
        if step is Step.RESPOND:
            return (self.rule(level, step), self.rule(level, Step.PRESS_CONFERENCE))
        return (self.rule(level, step),)

    def ladder_of(self, rule: ClockRule) -> Ladder | None:
        """Return the ladder that reminds of `rule`, None where no moment is awaited."""
        return next((ladder for ladder in self.ladders if ladder.name == rule.ladder), None)

    def ladder(self, step: Step, row: int) -> Ladder | None:
        """Return the ladder of `step` at the first level of `row`, None where there is none."""
        level = next((entry.level for entry in self.levels if entry.row == row), None)
        return None if level is None else self.ladder_of(self.rule(level, step))

    def _level(self, level: str) -> LevelClocks:
        for entry in self.levels:
            if entry.level == level:
                return entry
        raise UnknownLevelError(f"没有等级「{level}」, 可选: {' '.join(self.level_names)}")
