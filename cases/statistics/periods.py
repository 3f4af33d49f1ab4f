"""The time that is counted: whole days in Beijing, cut into days, weeks or months for a trend."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from cases.beijing import at_beijing, in_beijing

LONGEST = timedelta(days=366)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MOST_DAYS, _MOST_WEEKS = 31, 26


class Span(StrEnum):
    """What can be chosen; the value stands in addresses."""

    WEEK = "week"
    LAST_WEEK = "last-week"
    MONTH = "month"
    LAST_MONTH = "last-month"
    YEAR = "year"
    OWN = "own"

    @property
    def label(self) -> str:
        """The word on the page."""
        return _LABELS[self]


_LABELS = {
    Span.WEEK: "本周",
    Span.LAST_WEEK: "上周",
    Span.MONTH: "本月",
    Span.LAST_MONTH: "上月",
    Span.YEAR: "今年",
    Span.OWN: "自定义",
}


class Grain(StrEnum):
    """How finely a trend is cut."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def label(self) -> str:
        """The word on the page."""
        return {"day": "按日", "week": "按周", "month": "按月"}[self.value]


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both counted."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first moment in it."""
        return at_beijing(self.first, time(0))

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return at_beijing(self.last + _DAY, time(0))

    @property
    def words(self) -> str:
        """The days as people say them: 2026年11月1日至30日."""
        begins = f"{self.first.year}年{self.first.month}月{self.first.day}日"
        if self.first == self.last:
            return begins
        year = "" if self.first.year == self.last.year else f"{self.last.year}年"
        same = (self.first.year, self.first.month) == (self.last.year, self.last.month)
        month = "" if same else f"{self.last.month}月"
        return f"{begins}至{year}{month}{self.last.day}日"


def chosen(span: Span, now: datetime, own: tuple[date, date] | None = None) -> Period:
    """Return the days of a span as they are at `now`; one's own dates in order, a year at most.

    本周, 本月 and 今年 end with their last day, though it is to come. Without own dates, or with
    dates the wrong way round, it is this month.
    """
    today = in_beijing(now).date()
    if span is Span.OWN and own is not None and own[0] <= own[1]:
        return Period(max(own[0], own[1] - LONGEST + _DAY), own[1])
    if span in (Span.WEEK, Span.LAST_WEEK):
        monday = today - timedelta(days=today.weekday())
        monday -= _WEEK if span is Span.LAST_WEEK else timedelta()
        return Period(monday, monday + _WEEK - _DAY)
    if span is Span.YEAR:
        return Period(date(today.year, 1, 1), date(today.year, 12, 31))
    first = today.replace(day=1)
    if span is Span.LAST_MONTH:
        first = (first - _DAY).replace(day=1)
    return Period(first, _next_month(first) - _DAY)


def fitting_grain(period: Period) -> Grain:
    """Return the finest cut of a period that can be read on a telephone."""
    days = (period.last - period.first).days + 1
    if days <= _MOST_DAYS:
        return Grain.DAY
    return Grain.WEEK if days <= _MOST_WEEKS * 7 else Grain.MONTH


def cut(period: Period, grain: Grain) -> list[Period]:
    """Return the days, weeks (from Monday) or months of a period; the outer ones may be shorter."""
    parts, first = [], period.first
    while first <= period.last:
        after = _after(first, grain)
        parts.append(Period(first, min(after - _DAY, period.last)))
        first = after
    return parts


def label(part: Period, grain: Grain) -> str:
    """Return how a part is called under the axis: 11-20; 11-16 (a week, by its first day); 11月."""
    if grain is Grain.MONTH:
        return f"{part.first.month}月"
    return f"{part.first:%m-%d}"


def _after(first: date, grain: Grain) -> date:
    if grain is Grain.DAY:
        return first + _DAY
    if grain is Grain.WEEK:
        return first + timedelta(days=7 - first.weekday())
    return _next_month(first)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
