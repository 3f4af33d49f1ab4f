"""How long there is: minutes, working hours, working days, or a named slot such as 日报."""

from dataclasses import dataclass
from enum import StrEnum


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
_SAID_IN_MINUTES = 90


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
        match self.unit:
            case Unit.MINUTES:
                return _hours(self.count)
            case Unit.WORKING_MINUTES:
                halves = self.count >= _HOUR and self.count % (_HOUR // 2) == 0
                many = f"{self.count / _HOUR:g} 个工作小时"
                return many if halves else f"{self.count} 个工作分钟"
            case Unit.DAYS:
                return f"{self.count} 天"
            case Unit.WORKING_DAYS:
                return f"{self.count} 个工作日"
            case _:
                return self.unit.value


def _hours(count: int) -> str:
    hours, minutes = divmod(count, _HOUR)
    if hours and not minutes:
        return f"{hours} 小时"
    return f"{count} 分钟" if count <= _SAID_IN_MINUTES else f"{hours} 小时 {minutes} 分钟"
