"""Working time: golden tables 2024-2026, borders, and an oracle that walks by the minute."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.beijing import at_beijing, end_of_day, in_beijing, say_moment
from cases.holidays import Overrides, look_up
from cases.working_time import Period, WorkingCalendar
from tests.support.working_days import (
    BEIJING,
    MAKE_UP,
    after_working_days,
    after_working_minutes,
    is_worked,
)

CALENDAR = WorkingCalendar()
NEVER_PUBLISHED = 2099


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_is_worked_or_not_as_the_notice_says(year: int) -> None:
    wrong = [day for day in days_of(year) if CALENDAR.is_workday(day) != is_worked(day)]
    assert wrong == []


@pytest.mark.parametrize(("year", "worked"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_its_known_number_of_working_days(year: int, worked: int) -> None:
    assert sum(map(CALENDAR.is_workday, days_of(year))) == worked


@pytest.mark.parametrize("day", MAKE_UP)
def test_a_make_up_day_is_worked_and_says_so(day: str) -> None:
    assert look_up(date.fromisoformat(day)).why == "调休上班"


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-10-01", "国庆节"),
        ("2026-02-17", "春节"),
        ("2026-11-21", "周末"),
        ("2026-11-20", "工作日"),
    ],
)
def test_a_day_says_in_one_word_what_it_is(day: str, why: str) -> None:
    assert look_up(date.fromisoformat(day)).why == why


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        # inside a period; ending exactly with it; one minute over into the next
        ("2026-11-20T09:00", 120, "2026-11-20T11:00"),
        ("2026-11-20T09:59", 120, "2026-11-20T11:59"),
        ("2026-11-20T10:00", 120, "2026-11-20T12:00"),
        ("2026-11-20T10:01", 120, "2026-11-20T14:01"),
        # lunch
        ("2026-11-20T11:59", 120, "2026-11-20T15:59"),
        ("2026-11-20T12:00", 120, "2026-11-20T16:00"),
        ("2026-11-20T12:01", 120, "2026-11-20T16:00"),
        ("2026-11-20T13:59", 120, "2026-11-20T16:00"),
        ("2026-11-20T14:00", 120, "2026-11-20T16:00"),
        ("2026-11-20T14:01", 120, "2026-11-20T16:01"),
        # before opening
        ("2026-11-20T00:00", 120, "2026-11-20T10:30"),
        ("2026-11-20T08:29", 120, "2026-11-20T10:30"),
        ("2026-11-20T08:30", 120, "2026-11-20T10:30"),
        ("2026-11-20T08:31", 120, "2026-11-20T10:31"),
        # closing on a Friday
        ("2026-11-20T15:29", 120, "2026-11-20T17:29"),
        ("2026-11-20T15:30", 120, "2026-11-20T17:30"),
        ("2026-11-20T15:31", 120, "2026-11-23T08:31"),
        ("2026-11-20T17:29", 120, "2026-11-23T10:29"),
        ("2026-11-20T17:30", 120, "2026-11-23T10:30"),
        ("2026-11-20T17:31", 120, "2026-11-23T10:30"),
        ("2026-11-20T23:59:59", 120, "2026-11-23T10:30"),
        # weekend; the Saturday and the Sunday that are worked
        ("2026-11-21T10:00", 120, "2026-11-23T10:30"),
        ("2026-10-10T10:00", 120, "2026-10-10T12:00"),
        ("2026-09-20T16:30", 120, "2026-09-21T09:30"),
        ("2026-10-09T16:30", 120, "2026-10-10T09:30"),
        # into 春节 and 国庆
        ("2026-02-14T16:30", 120, "2026-02-24T09:30"),
        ("2026-09-30T17:30", 120, "2026-10-08T10:30"),
        ("2025-01-27T16:30", 60, "2025-01-27T17:30"),
        ("2025-01-27T16:31", 60, "2025-02-05T08:31"),
        ("2024-02-09T17:00", 60, "2024-02-18T09:00"),
        # seconds are kept
        ("2026-11-20T15:30:30", 120, "2026-11-23T08:30:30"),
        # a day and more
        ("2026-11-20T08:30", 420, "2026-11-20T17:30"),
        ("2026-11-20T08:30", 421, "2026-11-23T08:31"),
        ("2026-11-20T10:00", 600, "2026-11-23T15:00"),
    ],
)
def test_working_minutes_are_counted_in_working_time_only(
    start: str, minutes: int, end: str
) -> None:
    assert CALENDAR.add_working_minutes(beijing(start), minutes) == beijing(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-20T10:00", 3, "2026-11-25"),  # the worked example of the rules
        ("2026-11-20T00:00", 5, "2026-11-27"),
        ("2026-11-20T23:59", 5, "2026-11-27"),
        ("2026-11-21T00:00", 5, "2026-11-27"),  # Saturday: Monday is the first
        ("2026-11-22T12:00", 5, "2026-11-27"),
        ("2026-11-23T00:00", 5, "2026-11-30"),  # Monday itself is not counted
        ("2026-09-29T10:00", 5, "2026-10-12"),  # 国庆, with Saturday 10-10 worked
        ("2026-09-30T10:00", 1, "2026-10-08"),
        ("2026-10-01T10:00", 5, "2026-10-13"),
        ("2026-10-09T10:00", 1, "2026-10-10"),
        ("2026-10-10T10:00", 1, "2026-10-12"),
        ("2026-02-13T10:00", 5, "2026-02-27"),  # 春节: 14, 24, 25, 26, 27
        ("2026-02-13T10:00", 6, "2026-02-28"),
        ("2026-09-18T10:00", 1, "2026-09-20"),  # a worked Sunday
        ("2024-02-08T10:00", 2, "2024-02-18"),
        ("2024-09-30T10:00", 5, "2024-10-12"),
        ("2025-09-30T10:00", 2, "2025-10-10"),
        ("2025-01-24T10:00", 1, "2025-01-26"),
        ("2025-12-31T10:00", 1, "2026-01-04"),  # over the year's end, all known
    ],
)
def test_working_days_leave_out_the_first_and_end_with_business_hours(
    start: str, days: int, end: str
) -> None:
    assert CALENDAR.add_working_days(beijing(start), days) == beijing(f"{end}T17:30")


FROM = datetime(2024, 1, 1, tzinfo=BEIJING)
MINUTES = 3 * 365 * 24 * 60 - 30 * 24 * 60  # to the end of November 2026
whole_minutes = st.integers(0, MINUTES).map(lambda nth: FROM + timedelta(minutes=nth))


@given(start=whole_minutes, minutes=st.integers(1, 900))
@settings(deadline=None, max_examples=120)
def test_minutes_agree_with_walking_minute_by_minute(start: datetime, minutes: int) -> None:
    assert CALENDAR.add_working_minutes(start, minutes) == after_working_minutes(start, minutes)


@given(start=whole_minutes, days=st.integers(1, 15))
@settings(deadline=None)
def test_days_agree_with_walking_day_by_day(start: datetime, days: int) -> None:
    assert CALENDAR.add_working_days(start, days) == after_working_days(start, days)


@given(start=whole_minutes, first=st.integers(1, 900), second=st.integers(1, 900))
@settings(deadline=None)
def test_counting_on_is_counting_the_sum(start: datetime, first: int, second: int) -> None:
    there = CALENDAR.add_working_minutes(start, first)
    assert CALENDAR.add_working_minutes(there, second) == CALENDAR.add_working_minutes(
        start, first + second
    )


@given(start=whole_minutes, minutes=st.integers(1, 900))
@settings(deadline=None)
def test_counting_back_from_the_end_is_never_before_the_start(
    start: datetime, minutes: int
) -> None:
    end = CALENDAR.add_working_minutes(start, minutes)
    back = CALENDAR.before_working_minutes(end, minutes)
    assert start <= back < end
    assert CALENDAR.add_working_minutes(back, minutes) == end


@given(start=whole_minutes, later=st.integers(0, 5000), minutes=st.integers(1, 900))
@settings(deadline=None)
def test_who_starts_later_is_never_due_earlier(start: datetime, later: int, minutes: int) -> None:
    after = start + timedelta(minutes=later)
    assert CALENDAR.add_working_minutes(start, minutes) <= CALENDAR.add_working_minutes(
        after, minutes
    )
    assert CALENDAR.add_working_days(start, 3) <= CALENDAR.add_working_days(after, 3)


@given(start=whole_minutes)
@settings(deadline=None)
def test_h05_the_zone_a_moment_is_written_in_changes_nothing(start: datetime) -> None:
    elsewhere = start.astimezone(UTC)
    assert CALENDAR.count_minutes(start, 120) == CALENDAR.count_minutes(elsewhere, 120)
    assert CALENDAR.count_days(start, 5) == CALENDAR.count_days(elsewhere, 5)


def test_results_are_utc() -> None:
    start = beijing("2026-11-20T10:00")
    assert CALENDAR.add_working_minutes(start, 30).tzinfo is UTC
    assert CALENDAR.before_working_minutes(start, 30).tzinfo is UTC
    assert CALENDAR.add_working_days(start, 1).tzinfo is UTC


def test_counting_back_crosses_lunch_and_the_weekend() -> None:
    assert CALENDAR.before_working_minutes(beijing("2026-11-23T15:00"), 330) == beijing(
        "2026-11-20T16:30"
    )


def test_counting_back_from_a_holiday_starts_at_the_last_working_day() -> None:
    assert CALENDAR.before_working_minutes(beijing("2026-10-05T12:00"), 60) == beijing(
        "2026-09-30T16:30"
    )


def test_an_unknown_year_is_counted_monday_to_friday_and_marked() -> None:
    counted = CALENDAR.count_days(beijing(f"{NEVER_PUBLISHED}-09-30T10:00"), 1)
    assert counted.at == beijing(f"{NEVER_PUBLISHED}-10-01T17:30")  # a Thursday
    assert counted.projected
    assert "推算" in counted.steps[-1]


@pytest.mark.parametrize(
    ("start", "projected"),
    [
        ("2098-12-31T10:00", True),
        ("2026-11-20T10:00", False),
    ],
)
def test_minutes_are_projected_where_a_day_is_not_known(start: str, *, projected: bool) -> None:
    assert CALENDAR.count_minutes(beijing(start), 120).projected is projected


def test_reaching_into_an_unknown_year_is_projected_and_stopping_short_of_it_is_not() -> None:
    # A calendar that knows 2098, so that the border lies where no library will ever publish.
    known = Overrides(off=frozenset({date(2098, 1, 1), date(2098, 10, 1)}))
    calendar = WorkingCalendar(overrides=known)
    inside = calendar.count_minutes(beijing("2098-12-31T15:30"), 120)
    over = calendar.count_minutes(beijing("2098-12-31T15:31"), 120)
    asleep = calendar.count_minutes(beijing("2098-12-31T18:00"), 120)
    assert [inside.projected, over.projected, asleep.projected] == [False, True, True]
    assert calendar.count_days(beijing("2098-12-30T10:00"), 1).projected is False
    assert calendar.count_days(beijing("2098-12-31T10:00"), 1).projected is True


def test_the_operators_days_win_over_the_published_ones() -> None:
    overrides = Overrides(off=frozenset({date(2026, 11, 23)}), work=frozenset({date(2026, 11, 22)}))
    calendar = WorkingCalendar(overrides=overrides)
    assert calendar.is_workday(date(2026, 11, 22))
    assert not calendar.is_workday(date(2026, 11, 23))
    assert CALENDAR.is_workday(date(2026, 11, 23))


def test_a_year_entered_whole_is_known_and_a_few_days_of_it_are_not() -> None:
    whole = WorkingCalendar(
        overrides=Overrides(
            off=frozenset({date(2099, 1, 1), date(2099, 10, 1)}),
            work=frozenset({date(2099, 10, 10)}),
        )
    )
    few = WorkingCalendar(overrides=Overrides(off=frozenset({date(2099, 3, 2)})))
    assert whole.is_known(2099)
    assert not few.is_known(2099)
    assert look_up(date(2099, 3, 2), few.overrides).known  # that one day is certain all the same
    assert whole.add_working_days(beijing("2099-10-09T10:00"), 1) == beijing("2099-10-10T17:30")


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2098, 10, 31), None),
        (date(2098, 11, 1), "2099"),
        (date(2098, 11, 2), "2099"),
        (date(2098, 12, 31), "2099"),
    ],
)
def test_h06_from_november_a_missing_next_year_is_told(today: date, said: str | None) -> None:
    calendar = WorkingCalendar(
        overrides=Overrides(off=frozenset({date(2098, 1, 1), date(2098, 10, 1)}))
    )
    warning = calendar.missing_year_warning(today)
    assert warning is None if said is None else said in (warning or "")


def test_a_missing_current_year_is_told_in_any_month() -> None:
    assert "2099" in (CALENDAR.missing_year_warning(date(2099, 3, 1)) or "")


def test_no_warning_while_both_years_are_known() -> None:
    assert CALENDAR.missing_year_warning(date(2025, 11, 20)) is None


def test_other_working_hours_are_kept() -> None:
    calendar = WorkingCalendar(periods=(Period(time(9), time(18)),))
    assert calendar.add_working_minutes(beijing("2026-11-20T17:30"), 60) == beijing(
        "2026-11-23T09:30"
    )
    assert calendar.add_working_days(beijing("2026-11-20T17:30"), 1) == beijing("2026-11-23T18:00")
    assert str(calendar.periods[0]) == "09:00-18:00"


def test_the_steps_show_where_the_time_went() -> None:
    steps = CALENDAR.count_minutes(beijing("2026-11-20T17:00:30"), 120).steps
    assert steps == (
        "2026-11-20 周五 17:00:30 至 17:30 计 29 分钟 30 秒, 还剩 1 小时 30 分钟 30 秒",
        "2026-11-23 周一 08:30 起计 1 小时 30 分钟 30 秒",
    )


def test_a_start_outside_working_time_is_said() -> None:
    steps = CALENDAR.count_minutes(beijing("2026-11-21T10:00"), 60).steps
    assert steps[0] == "2026-11-21 周六 10:00 不在工作时间, 自 2026-11-23 周一 08:30 起算"


def test_a_start_at_the_end_of_a_period_is_outside_it() -> None:
    steps = CALENDAR.count_minutes(beijing("2026-11-20T12:00"), 60).steps
    assert steps == (
        "2026-11-20 周五 12:00 不在工作时间, 自 2026-11-20 周五 14:00 起算",
        "2026-11-20 周五 14:00 起计 1 小时",
    )


def test_a_day_on_the_way_says_why_it_counts_or_not() -> None:
    steps = CALENDAR.count_days(beijing("2026-10-09T10:00"), 2).steps
    assert steps == (
        "2026-10-09 周五 为起算日, 不计入",
        "2026-10-10 周六 第 1 个工作日 (调休上班)",
        "2026-10-11 周日 周末, 不计",
        "2026-10-12 周一 第 2 个工作日",
    )


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        in_beijing(datetime(2026, 11, 20, 10))  # noqa: DTZ001 - that is the point


def test_beijing_is_eight_hours_ahead_and_its_day_ends_at_midnight() -> None:
    assert at_beijing(date(2026, 11, 20), time(10)) == datetime(2026, 11, 20, 2, tzinfo=UTC)
    assert end_of_day(date(2026, 12, 31)) == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert say_moment(datetime(2026, 11, 20, 16, tzinfo=UTC)) == "2026-11-21 周六 00:00"
