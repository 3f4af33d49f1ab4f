"""What is said at fixed times: monitoring rounds, morning list, evening digest, weekly summary.

Each slot has a name of its own, so that it is queued once whatever the number of replicas, and
leaves 1-4 minutes later: WeCom asks senders to avoid full and half hours.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never

from cases.beijing import at_beijing, in_beijing
from cases.people import Unit
from cases.special_periods import SpecialPeriod, extra_slots
from cases.working_time import WorkingCalendar

_EARLIEST_JITTER, _JITTER_RANGE = 60, 181  # seconds: 60 to 240
_LOOK_DAYS = 70  # a month's last working day is never further away
_ROUND_AHEAD = timedelta(minutes=30)
_PARTS_OF_DAY = (("早", 0, 12), ("中", 11, 15), ("下午", 12, 18), ("晚", 17, 24), ("夜", 18, 24))


class BroadcastKind(StrEnum):
    """What is said; the value is the term officers use."""

    ROUND = "监测"
    ROUND_MISSING = "监测缺报"
    SCHOOL_ROUND = "校园监测"
    SCHOOL_MISSING = "校园缺报"
    MORNING = "早报"
    EVENING = "晚报"
    WEEKLY = "周报"
    MONTH_END = "月末提醒"
    CALENDAR = "放假安排"
    TONIGHT = "超时预测"
    DAILY_REPORT = "督办日报"


_OFFICE_ROUNDS = (BroadcastKind.ROUND, BroadcastKind.ROUND_MISSING)


class Days(StrEnum):
    """On which days."""

    DAILY = "每天"
    WORKDAYS = "工作日"
    MONDAY = "周一"
    MONTH_END = "每月最后一个工作日"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Something said at fixed times; `minutes_after`: how long after the named slot (缺报)."""

    kind: BroadcastKind
    days: Days
    times: tuple[time, ...]
    minutes_after: int = 0
    units: tuple[str, ...] = ()  # 校园: words in the names of the units that are asked, or ids
    robot: str = ""  # 周报: the robot of the group it is posted to as well

    def asks(self, unit: Unit) -> bool:
        """Whether the unit is asked in these rounds."""
        names = (unit.name, *unit.aliases)
        return any(word == unit.id or any(word in name for name in names) for word in self.units)


def slot_name(slot: datetime) -> str:
    """Return the identity of a slot: 2026-11-20 10:00, Beijing time."""
    return f"{in_beijing(slot):%Y-%m-%d %H:%M}"


def slot_of(name: str) -> datetime:
    """Return the moment that `slot_name` named."""
    local = datetime.fromisoformat(name)
    return at_beijing(local.date(), local.time())


@dataclass(frozen=True, slots=True)
class Timetable:
    """What slots follow beside the times written down: which days are worked, special periods."""

    calendar: WorkingCalendar
    special: tuple[SpecialPeriod, ...] = ()


def next_slot(one: Broadcast, after: datetime, table: Timetable) -> datetime | None:
    """Return the first slot later than `after`, None where there are no times."""
    return next((slot for slot in _slots(one, after, table) if slot > after), None)


def is_slot(one: Broadcast, slot: datetime, table: Timetable) -> bool:
    """Whether the slot is still one of the broadcast's own."""
    return next_slot(one, slot - timedelta(seconds=1), table) == slot


def slots_around(one: Broadcast, now: datetime, table: Timetable) -> tuple[datetime, ...]:
    """Return the slots of yesterday, today and tomorrow, in order."""
    today = in_beijing(now).date()
    days = (today + timedelta(days=nth) for nth in (-1, 0, 1))
    return tuple(slot for day in days for slot in _slots_of(one, day, table))


def _slots(one: Broadcast, after: datetime, table: Timetable) -> Iterator[datetime]:
    first = in_beijing(after).date()
    for nth in range(_LOOK_DAYS):
        yield from _slots_of(one, first + timedelta(days=nth), table)


def _slots_of(one: Broadcast, day: date, table: Timetable) -> list[datetime]:
    usual = one.times if _is_day(one.days, day, table.calendar) else ()
    added = extra_slots(table.special, day) if one.kind in _OFFICE_ROUNDS else set()
    return sorted({at_beijing(day, clock) for clock in usual} | added)


def _is_day(days: Days, day: date, calendar: WorkingCalendar) -> bool:
    match days:
        case Days.DAILY:
            return True
        case Days.WORKDAYS:
            return calendar.is_workday(day)
        case Days.MONDAY:
            return day.weekday() == 0
        case Days.MONTH_END:
            return calendar.is_workday(day) and not _worked_later(day, calendar)
        case _:
            assert_never(days)


def _worked_later(day: date, calendar: WorkingCalendar) -> bool:
    later = day + timedelta(days=1)
    while later.month == day.month:
        if calendar.is_workday(later):
            return True
        later += timedelta(days=1)
    return False


def leaves_at(one: Broadcast, slot: datetime) -> datetime:
    """Return when a slot leaves: always the same, 1-4 minutes after its name says."""
    key = f"{one.kind.value}|{slot_name(slot)}".encode()
    jitter = int.from_bytes(hashlib.sha256(key).digest()[:4]) % _JITTER_RANGE
    return slot + timedelta(minutes=one.minutes_after, seconds=_EARLIEST_JITTER + jitter)


def round_meant(slots: Iterable[datetime], now: datetime, said: str) -> datetime | None:
    """Return the monitoring round that somebody reports for, None where none fits.

    Args:
        slots: the rounds of yesterday, today and tomorrow.
        now: when it is said; a report half an hour early is for the coming round.
        said: what was named, if anything: 10:00, or 早, 晚.
    """
    today = in_beijing(now).date()
    known = [slot for slot in slots if in_beijing(slot).date() <= today]
    named = [slot for slot in known if said and _is_named(slot, said)]
    reached = sorted(slot for slot in named or known if slot <= now + _ROUND_AHEAD)
    return reached[-1] if reached else None


def _is_named(slot: datetime, said: str) -> bool:
    local = in_beijing(slot)
    if said[:1].isascii():
        return f"{local:%H:%M}" == said
    hours = next(((low, high) for word, low, high in _PARTS_OF_DAY if said.startswith(word)), None)
    return hours is not None and hours[0] <= local.hour < hours[1]
