"""What a clock is: the step it waits for, its rule at each level, and the moment it is due."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.amounts import Amount, Basis
from cases.holidays import NO_OVERRIDES, Overrides
from cases.ladder import NIGHT, Audience, Climb, Ladder, QuietHours
from cases.working_time import OFFICE_HOURS, Period, WorkingCalendar


class Step(StrEnum):
    """What somebody has to do by a deadline. The value is the term officers use."""

    GRADE_AND_ASSIGN = "定级交办"  # the office's own
    SIGNOFF = "签批"
    REVIEW = "审核"
    ISSUE = "签发"
    SIGN = "签收"
    FIRST_REPORT = "首报"
    REPORT_UP = "上报"  # 特报 at the top grades
    RESPOND = "回应"  # ends with publication
    PRESS_CONFERENCE = "发布会"  # ends with the record of the press conference
    FOLLOW_UP = "续报"
    PUBLISH = "发布"  # after the reply text is issued
    TRACK = "跟踪"  # after publication: is there anything new? as often as the rule has rounds
    CLOSE = "办结"
    IMPROVE = "整改"  # what a review asks of a unit; its deadline is always somebody's own


RULED = tuple(step for step in Step if step is not Step.IMPROVE)  # a rulebook has a time for these
IMPROVING = Ladder(
    name="整改",
    holder=Audience.LIAISON,
    basis=Basis.NATURAL,
    before=(24 * 60,),
    repeat_every=24 * 60,
    repeat_times=2,
    climbs=(
        Climb(Audience.UNIT_LEADER, 30 * 60),
        Climb(Audience.OFFICE, 54 * 60),
        Climb(Audience.LEADER, 78 * 60),
    ),
)


class Origin(StrEnum):
    """The event from which a clock counts."""

    REGISTERED = "登记"  # or the event time, if it is stated
    ASKED = "报请"  # when the office or the leader is asked
    ASSIGNED = "交办"
    LAST_REPORT = "上次报告"
    ISSUED = "签发"
    PUBLISHED = "公开发布"


@dataclass(frozen=True, slots=True)
class ClockRule:
    """The rule of one step at one level."""

    step: Step
    amount: Amount
    starts: Origin
    provisional: bool = False  # 暂定: no written rule behind the number, meant to be edited
    source: str = ""  # the document the number comes from
    ladder: str = ""  # the ladder's name; "" where no moment is awaited
    kinds: tuple[tuple[str, Amount], ...] = ()  # 咨询, 投诉: when the kind of demand is stated
    # 续报: the rhythm from report `later_from` on; 办结: once overdue; 跟踪 of older rulebooks:
    # the last look.
    later: Amount | None = None
    later_from: int = 0
    looks: tuple[Amount, ...] = ()  # 跟踪: the second look and those after it

    @property
    def basis(self) -> Basis:
        """Whether nights and days off count."""
        return self.amount.basis


@dataclass(frozen=True, slots=True)
class Due:
    """When a step is due, and how that was counted."""

    at: datetime  # aware UTC
    basis: Basis
    provisional: bool  # the number has no written rule behind it
    projected: bool  # 推算: it reaches into a year whose holidays are not known
    steps: tuple[str, ...]  # the computation line by line, in Chinese


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

    def ladder_for_deadline(self, level: str, step: Step) -> Ladder | None:
        """Return the ladder for a leader's own deadline, also where the rulebook awaits nothing.

        Such a step borrows the ladder of the lightest level that has one: a deadline somebody
        gave is never without a reminder. None only where no level has a ladder for the step.

        Raises:
            UnknownLevelError: no such level.
        """
        if step is Step.IMPROVE:
            return IMPROVING
        levels = (level, *reversed(self.level_names))
        ladders = (self.ladder_of(self.rule(name, step)) for name in levels)
        return next((ladder for ladder in ladders if ladder is not None), None)

    def ladder(self, step: Step, row: int) -> Ladder | None:
        """Return the ladder of `step` at the first level of `row`, None where there is none."""
        level = next((entry.level for entry in self.levels if entry.row == row), None)
        return None if level is None else self.ladder_of(self.rule(level, step))

    def _level(self, level: str) -> LevelClocks:
        for entry in self.levels:
            if entry.level == level:
                return entry
        raise UnknownLevelError(f"没有等级「{level}」, 可选: {' '.join(self.level_names)}")
