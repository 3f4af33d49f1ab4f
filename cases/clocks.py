"""What a clock is: the step it waits for, its rule at one level, and the moment it is due."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    CLOSE = "办结"


class Origin(StrEnum):
    """The event from which a clock counts."""

    REGISTERED = "登记"  # or the event time, if it is stated
    ASKED = "报请"  # when the office or the leader is asked
    ASSIGNED = "交办"
    LAST_REPORT = "上次报告"
    ISSUED = "签发"


class Basis(StrEnum):
    """Whether nights and days off count."""

    NATURAL = "natural"
    WORKING = "working"


class Unit(StrEnum):
    """How an amount of time is counted."""

    MINUTES = "分钟"
    WORKING_MINUTES = "工作分钟"
    DAYS = "自然日"  # the first not counted; a last one off moves on (民法典 201, 203)
    WORKING_DAYS = "工作日"  # the first not counted; the last ends with the working day
    SAME_DAY = "当日"  # the end of the working day; once that is past, 24:00
    DAILY = "日报"  # the next end of the working day, days off included
    WEEKLY = "周报"  # the next Monday's end of the working day
    NONE = "不定时"  # at milestones: no moment


_WORKING = frozenset({Unit.WORKING_MINUTES, Unit.WORKING_DAYS})
_HOUR = 60


@dataclass(frozen=True, slots=True)
class Amount:
    """How long there is. `count` has a meaning for minutes and days only."""

    unit: Unit
    count: int = 0

    @property
    def basis(self) -> Basis:
        """Whether nights and days off count."""
        return Basis.WORKING if self.unit in _WORKING else Basis.NATURAL

    @property
    def words(self) -> str:
        """The amount as an officer says it: 15 分钟, 2 个工作小时, 5 个工作日, 当日."""
        hours, minutes = divmod(self.count, _HOUR)
        match self.unit:
            case Unit.MINUTES:
                return f"{hours} 小时" if hours and not minutes else f"{self.count} 分钟"
            case Unit.WORKING_MINUTES:
                whole = hours and not minutes
                return f"{hours} 个工作小时" if whole else f"{self.count} 个工作分钟"
            case Unit.DAYS:
                return f"{self.count} 天"
            case Unit.WORKING_DAYS:
                return f"{self.count} 个工作日"
            case _:
                return self.unit.value


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
    later: Amount | None = None  # 续报: the rhythm from report `later_from` on; 办结: once overdue
    later_from: int = 0

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
