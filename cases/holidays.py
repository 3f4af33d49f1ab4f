"""Which days are worked: the State Council's holidays and make-up days, the operator's first.

The one file that knows chinesecalendar. A year it has no data for, and that the operator has not
entered either, is counted Monday to Friday and marked 推算 (projected).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import chinese_calendar

_SATURDAY = 5
_WEEKEND = "周末"
_PUBLISHED_YEARS = frozenset(day.year for day in chinese_calendar.holidays)
_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


@dataclass(frozen=True, slots=True)
class Day:
    """One day: whether it is worked, whether that is certain, and why in one word."""

    works: bool
    known: bool
    why: str


@dataclass(frozen=True, slots=True)
class Overrides:
    """The operator's own days (a new year's notice, a local holiday); they win over everything."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def covers(self, year: int) -> bool:
        """Whether `year` has been entered as a whole.

        Every yearly notice gives 元旦 and 国庆节 off, so a table without both is a few
        single days, not the notice.
        """
        return {date(year, 1, 1), date(year, 10, 1)} <= self.off

    def under(self, later: Mapping[date, bool]) -> "Overrides":
        """Return these days under later ones, which say of a day whether it is worked."""
        if not later:
            return self
        worked = frozenset(day for day, is_worked in later.items() if is_worked)
        free = frozenset(later) - worked
        return Overrides((self.off - worked) | free, (self.work - free) | worked)


NO_OVERRIDES = Overrides()


def is_known(year: int, overrides: Overrides = NO_OVERRIDES) -> bool:
    """Whether the holidays of `year` are known, published or entered."""
    return year in _PUBLISHED_YEARS or overrides.covers(year)


def look_up(day: date, overrides: Overrides = NO_OVERRIDES) -> Day:
    """Return what `day` is: overrides, then the published calendar, then Monday to Friday."""
    if day in overrides.work:
        return Day(works=True, known=True, why="调休上班")
    if day in overrides.off:
        return Day(works=False, known=True, why="放假")
    if day.year in _PUBLISHED_YEARS:
        return _published(day)
    known = overrides.covers(day.year)
    if day.weekday() >= _SATURDAY:
        return Day(works=False, known=known, why=_WEEKEND)
    return Day(works=True, known=known, why="工作日")


def is_holiday(day: date, overrides: Overrides = NO_OVERRIDES) -> bool:
    """Whether `day` is off for another reason than being a Saturday or Sunday."""
    what = look_up(day, overrides)
    return not what.works and what.why != _WEEKEND


@lru_cache(maxsize=4096)  # the library takes 25 µs a day; a deadline looks at a dozen
def _published(day: date) -> Day:
    off, name = chinese_calendar.get_holiday_detail(day)
    weekend = day.weekday() >= _SATURDAY
    if off:
        return Day(works=False, known=True, why=_NAMES[name] if name else _WEEKEND)
    return Day(works=True, known=True, why="调休上班" if weekend else "工作日")
