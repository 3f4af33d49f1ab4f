"""Slots of broadcasts: on which days, at which times, under which name, how much later."""

from datetime import datetime, time, timedelta

import pytest

from cases.broadcasts import (
    Broadcast,
    BroadcastKind,
    Days,
    Timetable,
    is_slot,
    leaves_at,
    next_slot,
    round_meant,
    slot_name,
    slot_of,
    slots_around,
)
from cases.working_time import WorkingCalendar

CALENDAR = Timetable(WorkingCalendar())
ROUNDS = (time(10), time(16), time(21))
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+08:00")


def of(days: Days, *times: time) -> Broadcast:
    return Broadcast(BroadcastKind.ROUND, days, times or (time(9),))


def named(one: Broadcast, after: datetime) -> str:
    slot = next_slot(one, after, CALENDAR)
    assert slot is not None
    return slot_name(slot)


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(-SECOND, "2026-11-20 10:00"), (0 * SECOND, "2026-11-20 16:00"), (SECOND, "2026-11-20 16:00")],
)
def test_the_next_slot_is_later_than_now(offset: timedelta, expected: str) -> None:
    assert named(of(Days.DAILY, *ROUNDS), at("2026-11-20T10:00") + offset) == expected


@pytest.mark.parametrize(
    ("days", "after", "expected"),
    [
        (Days.DAILY, "2026-11-20T10:00", "2026-11-21 09:00"),
        (Days.WORKDAYS, "2026-11-20T10:00", "2026-11-23 09:00"),
        (Days.WORKDAYS, "2026-09-30T10:00", "2026-10-08 09:00"),  # 国庆
        (Days.MONDAY, "2026-11-20T10:00", "2026-11-23 09:00"),
        (Days.MONTH_END, "2026-11-20T10:00", "2026-11-30 09:00"),
        (Days.MONTH_END, "2026-11-30T10:00", "2026-12-31 09:00"),
        (Days.MONTH_END, "2026-10-01T10:00", "2026-10-30 09:00"),  # the 31st is a Saturday
    ],
)
def test_each_kind_of_day(days: Days, after: str, expected: str) -> None:
    assert named(of(days), at(after)) == expected


def test_a_name_and_its_moment_are_the_same() -> None:
    assert slot_of("2026-11-20 10:00") == at("2026-11-20T10:00")
    assert slot_name(at("2026-11-20T10:00")) == "2026-11-20 10:00"


def test_only_its_own_moments_are_slots() -> None:
    one = of(Days.DAILY, *ROUNDS)
    assert is_slot(one, at("2026-11-20T16:00"), CALENDAR)
    assert not is_slot(one, at("2026-11-20T16:01"), CALENDAR)


def test_a_year_of_slots_leaves_one_to_four_minutes_later_and_spreads() -> None:
    one = of(Days.DAILY, *ROUNDS)
    slot = at("2026-01-01T00:00")
    delays = set()
    for _ in range(365 * 3):
        found = next_slot(one, slot, CALENDAR)
        assert found is not None
        slot = found
        delays.add(leaves_at(one, slot) - slot)
    assert min(delays) >= timedelta(minutes=1)
    assert max(delays) <= timedelta(minutes=4)
    assert len(delays) > 150


def test_what_comes_after_a_slot_comes_so_much_later() -> None:
    early = of(Days.DAILY)
    late = Broadcast(BroadcastKind.ROUND, Days.DAILY, (time(9),), 15)
    slot = at("2026-11-20T09:00")
    assert leaves_at(late, slot) - leaves_at(early, slot) == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("now", "said", "expected"),
    [
        ("2026-11-20T09:29", "", "2026-11-19 21:00"),
        ("2026-11-20T09:30", "", "2026-11-20 10:00"),
        ("2026-11-20T09:31", "", "2026-11-20 10:00"),
        ("2026-11-20T17:00", "10:00", "2026-11-20 10:00"),
        ("2026-11-20T17:00", "早", "2026-11-20 10:00"),
        ("2026-11-20T17:00", "晚", "2026-11-19 21:00"),
        ("2026-11-20T17:00", "11:00", "2026-11-20 16:00"),  # no such round: the latest
        ("2026-11-20T17:00", "全天", "2026-11-20 16:00"),
    ],
)
def test_the_round_that_is_meant(now: str, said: str, expected: str) -> None:
    known = slots_around(of(Days.DAILY, *ROUNDS), at(now), CALENDAR)
    slot = round_meant(known, at(now), said)
    assert slot is not None
    assert slot_name(slot) == expected


def test_without_rounds_none_is_meant() -> None:
    assert round_meant((), at("2026-11-20T17:00"), "") is None
