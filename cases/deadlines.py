"""When a step is due: a rule, a start and a calendar become a moment, computation shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import assert_never

from cases.amounts import Amount, Basis, Unit
from cases.beijing import end_of_day, in_beijing, say_moment
from cases.clocks import ClockRule, Due, Step
from cases.working_time import Counted, WorkingCalendar

_ONE_DAY = timedelta(days=1)
_WEEK = 7
_ORDERED = "优先于规则"


def due(rule: ClockRule, start: datetime, calendar: WorkingCalendar) -> Due | None:
    """Return when the step of `rule` is due, None where the rule has no moment."""
    counted = _count(rule.amount, start, calendar)
    if counted is None:
        return None
    basis = "自然时间, 夜间和节假日照算" if rule.basis is Basis.NATURAL else "工作时间"
    marks = ("此数为暂定默认值, 可由本单位修改",) if rule.provisional else ()
    guess = ("涉及尚未公布放假安排的年份, 按周一至周五推算",) if counted.projected else ()
    steps = (
        f"自{rule.starts}起算: {say_moment(start)}",
        f"{rule.step}时限: {rule.amount.words} ({basis})",
        *counted.steps,
        f"截止: {_say_end(counted.at)}",
        *marks,
        *guess,
    )
    return Due(counted.at, rule.basis, rule.provisional, counted.projected, steps)


def leaders_deadline(step: Step, at: datetime, who: str) -> Due:
    """Return a leader's own deadline, which overrides the rulebook's."""
    steps = (f"{who}指定{step}时限, {_ORDERED}", f"截止: {say_moment(at)}")
    return Due(at.astimezone(UTC), Basis.NATURAL, provisional=False, projected=False, steps=steps)


def is_leaders(computation: Sequence[str]) -> bool:
    """Whether a deadline counted so was a leader's own: it stands, whatever the grade."""
    return bool(computation) and computation[0].endswith(_ORDERED)


def for_kind(rule: ClockRule, kind: str) -> ClockRule:
    """Return the rule for a demand stated to be of `kind` (咨询, 投诉): its own time if any."""
    amount = dict(rule.kinds).get(kind)
    return rule if amount is None else replace(rule, amount=amount)


def for_round(rule: ClockRule, nth: int) -> ClockRule:
    """Return the rule for the `nth` report of a series (from 1): later ones may be slower."""
    if rule.later is None or nth < rule.later_from:
        return rule
    return replace(rule, amount=rule.later)


def for_look(rule: ClockRule, nth: int) -> ClockRule | None:
    """Return the rule of the `nth` look after publication (from 1), None after the last one.

    Every look counts from the publication itself.
    """
    if nth == 1:
        return rule
    if rule.looks:
        later = rule.looks[nth - 2 : nth - 1]
        return replace(rule, amount=later[0]) if later else None
    if rule.later is None or nth != rule.later_from:
        return None
    return replace(rule, amount=rule.later)


def daily(rule: ClockRule) -> ClockRule:
    """Return the rule of a supervised case (挂牌督办): a report every day, whatever the level."""
    return replace(rule, amount=Amount(Unit.DAILY), later=None)


def next_day(start: datetime, calendar: WorkingCalendar) -> datetime:
    """Return from when the report of the day after `start` counts: that day's closing."""
    return max(start, calendar.closing(in_beijing(start).date()))


def _count(amount: Amount, start: datetime, calendar: WorkingCalendar) -> Counted | None:
    match amount.unit:
        case Unit.MINUTES:
            at = start.astimezone(UTC) + timedelta(minutes=amount.count)
            return Counted(at, projected=False, steps=(f"加 {amount.words}",))
        case Unit.WORKING_MINUTES:
            return calendar.count_minutes(start, amount.count)
        case Unit.WORKING_DAYS:
            return calendar.count_days(start, amount.count)
        case Unit.DAYS:
            return _calendar_days(amount.count, start, calendar)
        case Unit.SAME_DAY | Unit.DAILY | Unit.WEEKLY:
            return _slot(amount.unit, start, calendar)
        case Unit.NONE:
            return None
        case _:
            assert_never(amount.unit)


def _slot(unit: Unit, start: datetime, calendar: WorkingCalendar) -> Counted:
    today = in_beijing(start).date()
    closing = calendar.closing(today)
    said = f"{in_beijing(closing):%H:%M}"
    if unit is Unit.WEEKLY:
        monday = today + timedelta(days=_WEEK - today.weekday())
        return _plain(calendar.closing(monday), f"下一个周一 {said}")
    if start < closing:
        return _plain(closing, f"当日 {said} 前")
    if unit is Unit.SAME_DAY:
        return _plain(end_of_day(today), f"已过 {said}, 当日 24:00 前")
    return _plain(calendar.closing(today + _ONE_DAY), f"已过当日 {said}, 次日 {said} 前")


def _plain(at: datetime, step: str) -> Counted:
    return Counted(at, projected=False, steps=(step,))


def _calendar_days(count: int, start: datetime, calendar: WorkingCalendar) -> Counted:
    first = in_beijing(start).date()
    last = first + timedelta(days=count)
    steps = [f"起算日不计, 第 {count} 天为 {last.isoformat()}"]
    day = last
    while not calendar.is_workday(day):
        day += _ONE_DAY
    if day != last:
        steps.append(f"末日为休息日, 顺延至 {day.isoformat()}")
    known = all(calendar.is_known(year) for year in range(last.year, day.year + 1))
    return Counted(calendar.closing(day), projected=not known, steps=tuple(steps))


def _say_end(at: datetime) -> str:
    local = in_beijing(at)
    if local.hour == local.minute == local.second == 0:
        return f"{say_moment(at - timedelta(seconds=1)).rsplit(' ', 1)[0]} 24:00"
    return say_moment(at)
