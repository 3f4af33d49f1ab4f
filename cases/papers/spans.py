"""Which period a paper is about: its name, its words, where it begins and ends."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cases.beijing import at_beijing, in_beijing
from cases.papers.model import Kind

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_DECEMBER = 12
_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_CHINESE = {name: nth for nth, name in enumerate(_NUMERALS, start=1)}
_MONTH = re.compile(r"(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?")
_IN_WORDS = re.compile(
    r"(?<![0-9一二三四五六七八九十])(?:十[一二]?|[一二三四五六七八九])月份?(?![一二三四五六七八九十0-9])"
)
_NAMED_MONTH = re.compile(r"(20[0-9]{2})-([0-9]{2})")
_NAMED_WEEK = re.compile(r"(20[0-9]{2})-W([0-9]{2})")
_DRILL = re.compile(r"第([1-9][0-9]{0,6})次")
_PRESENT = frozenset({"", "今天", "本周", "本月"})
_BEFORE = frozenset({"上周", "昨天", "上月"})


@dataclass(frozen=True, slots=True)
class Span:
    """A period: what it is kept under (2026-W47), how it is said, from when to before when."""

    name: str
    words: str
    starts: datetime
    ends: datetime


def span_at(kind: Kind, moment: datetime) -> Span:
    """Return the period of this kind that a moment lies in (Beijing)."""
    return _of_day(kind, in_beijing(moment).date())


def span_said(kind: Kind, said: str, now: datetime) -> Span | None:
    """Return the period that somebody means: 本周, 上周, 昨天, 上月, 10月, 十月; "" = the present.

    None where it is another: 上季度, 去年.
    """
    if kind is Kind.DRILL:
        return None
    today = in_beijing(now).date()
    if said not in _PRESENT | _BEFORE and not _MONTH.fullmatch(said):
        return None
    if match := _MONTH.fullmatch(said):
        month = _CHINESE.get(match[1]) or int(match[1])
        year = today.year - (1 if month > today.month else 0)
        return _of_day(kind, date(year, month, 1))
    if said in _BEFORE:
        first = in_beijing(_of_day(kind, today).starts).date()
        return _of_day(kind, first - _DAY)
    return _of_day(kind, today)


def month_in(words: str) -> str:
    """Return the month that a sentence names in Chinese numerals, "" where it names none."""
    found = _IN_WORDS.search(words)
    return found[0] if found else ""


def drill_named(name: str) -> int:
    """Return which drill is kept under a name (第3次), 0 where it is none."""
    match = _DRILL.fullmatch(name)
    return int(match[1]) if match else 0


def drill_name(number: int) -> str:
    """Return what the paper about a drill is kept under."""
    return f"第{number}次"


def span_named(kind: Kind, name: str) -> Span | None:
    """Return the period that is kept under a name, None where there is none of that name."""
    if kind is Kind.DRILL:
        return None
    if match := _NAMED_WEEK.fullmatch(name):
        return _whole(name, kind, _first_of_week(int(match[1]), int(match[2])))
    if match := _NAMED_MONTH.fullmatch(name):
        month = int(match[2])
        return _whole(
            name, kind, date(int(match[1]), month, 1) if 1 <= month <= _DECEMBER else None
        )
    try:
        return _whole(name, kind, date.fromisoformat(name))
    except ValueError:
        return None


def _whole(name: str, kind: Kind, day: date | None) -> Span | None:
    span = _of_day(kind, day) if day is not None else None
    return span if span is not None and span.name == name else None


def _first_of_week(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def _of_day(kind: Kind, day: date) -> Span:
    if kind is Kind.DAILY:
        starts = at_beijing(day, time(0))
        return Span(day.isoformat(), f"{day.year}年{day.month}月{day.day}日", starts, starts + _DAY)
    if kind is Kind.WEEKLY:
        year, week, _ = day.isocalendar()
        starts = at_beijing(date.fromisocalendar(year, week, 1), time(0))
        return Span(f"{year}-W{week:02d}", f"{year}年第{week}周", starts, starts + _WEEK)
    first = day.replace(day=1)
    after = (first + 31 * _DAY).replace(day=1)
    starts, ends = at_beijing(first, time(0)), at_beijing(after, time(0))
    return Span(f"{day:%Y-%m}", f"{day.year}年{day.month}月", starts, ends)
