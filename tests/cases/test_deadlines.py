"""Deadlines of every preset, level and step: moments worked out by hand from the matrix."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.amounts import Amount, Basis, Unit
from cases.clocks import RULED, ClockRule, ClockRules, Origin, Step
from cases.deadlines import due, for_kind, for_look, for_round, leaders_deadline
from cases.holidays import Overrides
from cases.working_time import WorkingCalendar
from config.rulebook_clocks import load_shipped_clocks, shipped_clock_names
from tests.support.working_days import BEIJING

CALENDAR = WorkingCalendar()
BOOKS = {name: load_shipped_clocks(name) for name in shipped_clock_names()}
ROWS = {  # which row of the default matrix a level uses
    "city3": {"一级": 1, "二级": 3, "三级": 4},
    "listed2": {"重大": 2, "一般": 4},
    "county4": {"特别重大": 1, "重大": 2, "较大": 3, "一般": 4},
    "agency2": {"重大": 2, "一般": 4},
    "dept3": {"重大": 2, "较大": 3, "一般": 4},
    "score5": {"特别重大": 1, "重大": 2, "较大": 3, "一般": 4, "轻微": 0},
}
# Start -> for each row 1-4 the moments of 签收 首报 上报 回应 续报 办结, "-" for none.
GOLDEN = {
    # Friday, in working time
    "2026-11-20T10:00": {
        1: "11-20 10:15|11-20 11:00|11-20 14:00|11-20 15:00,11-21 10:00|11-20 14:00|11-27 17:30",
        2: "11-20 10:30|11-20 11:00|11-20 14:00|11-20 15:00,11-21 10:00|11-20 18:00|11-27 17:30",
        3: "11-20 10:30|11-20 12:00|11-20 17:30|11-21 10:00|11-20 17:30|11-27 17:30",
        4: "11-20 12:00|11-23 17:30|11-23 17:30|11-22 10:00|-|11-27 17:30",
    },
    # lunch
    "2026-11-20T12:30": {
        1: "11-20 12:45|11-20 13:30|11-20 16:30|11-20 17:30,11-21 12:30|11-20 16:30|11-27 17:30",
        2: "11-20 13:00|11-20 13:30|11-20 16:30|11-20 17:30,11-21 12:30|11-20 20:30|11-27 17:30",
        3: "11-20 13:00|11-20 14:30|11-20 17:30|11-21 12:30|11-20 17:30|11-27 17:30",
        4: "11-20 16:00|11-23 17:30|11-23 17:30|11-22 12:30|-|11-27 17:30",
    },
    # one minute before, at, and after the end of business hours
    "2026-11-20T17:29": {
        1: "11-20 17:44|11-20 18:29|11-20 21:29|11-20 22:29,11-21 17:29|11-20 21:29|11-27 17:30",
        2: "11-20 17:59|11-20 18:29|11-20 21:29|11-20 22:29,11-21 17:29|11-21 01:29|11-27 17:30",
        3: "11-20 17:59|11-20 19:29|11-20 17:30|11-21 17:29|11-20 17:30|11-27 17:30",
        4: "11-23 10:29|11-23 17:30|11-23 17:30|11-22 17:29|-|11-27 17:30",
    },
    "2026-11-20T17:30": {
        1: "11-20 17:45|11-20 18:30|11-20 21:30|11-20 22:30,11-21 17:30|11-20 21:30|11-27 17:30",
        2: "11-20 18:00|11-20 18:30|11-20 21:30|11-20 22:30,11-21 17:30|11-21 01:30|11-27 17:30",
        3: "11-20 18:00|11-20 19:30|11-21 00:00|11-21 17:30|11-21 17:30|11-27 17:30",
        4: "11-23 10:30|11-23 17:30|11-23 17:30|11-22 17:30|-|11-27 17:30",
    },
    "2026-11-20T17:31": {
        1: "11-20 17:46|11-20 18:31|11-20 21:31|11-20 22:31,11-21 17:31|11-20 21:31|11-27 17:30",
        2: "11-20 18:01|11-20 18:31|11-20 21:31|11-20 22:31,11-21 17:31|11-21 01:31|11-27 17:30",
        3: "11-20 18:01|11-20 19:31|11-21 00:00|11-21 17:31|11-21 17:30|11-27 17:30",
        4: "11-23 10:30|11-23 17:30|11-23 17:30|11-22 17:31|-|11-27 17:30",
    },
    # Sunday night
    "2026-11-22T23:50": {
        1: "11-23 00:05|11-23 00:50|11-23 03:50|11-23 04:50,11-23 23:50|11-23 03:50|11-27 17:30",
        2: "11-23 00:20|11-23 00:50|11-23 03:50|11-23 04:50,11-23 23:50|11-23 07:50|11-27 17:30",
        3: "11-23 00:20|11-23 01:50|11-23 00:00|11-23 23:50|11-23 17:30|11-27 17:30",
        4: "11-23 10:30|11-23 17:30|11-23 17:30|11-24 23:50|-|11-27 17:30",
    },
    # Monday: the weekly slot is next week's
    "2026-11-23T08:00": {
        1: "11-23 08:15|11-23 09:00|11-23 12:00|11-23 13:00,11-24 08:00|11-23 12:00|11-30 17:30",
        2: "11-23 08:30|11-23 09:00|11-23 12:00|11-23 13:00,11-24 08:00|11-23 16:00|11-30 17:30",
        3: "11-23 08:30|11-23 10:00|11-23 17:30|11-24 08:00|11-23 17:30|11-30 17:30",
        4: "11-23 10:30|11-24 17:30|11-30 17:30|11-25 08:00|-|11-30 17:30",
    },
    # a Saturday worked in place of 国庆 (2026-10-10), and the Friday before it
    "2026-10-10T16:00": {
        1: "10-10 16:15|10-10 17:00|10-10 20:00|10-10 21:00,10-11 16:00|10-10 20:00|10-16 17:30",
        2: "10-10 16:30|10-10 17:00|10-10 20:00|10-10 21:00,10-11 16:00|10-11 00:00|10-16 17:30",
        3: "10-10 16:30|10-10 18:00|10-10 17:30|10-11 16:00|10-10 17:30|10-16 17:30",
        4: "10-12 09:00|10-12 17:30|10-12 17:30|10-12 16:00|-|10-16 17:30",
    },
    "2026-10-09T16:00": {
        4: "10-10 09:00|10-10 17:30|10-12 17:30|10-11 16:00|-|10-15 17:30",
    },
    # the eve of 国庆: seven days off, then Thursday
    "2026-09-30T18:00": {
        1: "09-30 18:15|09-30 19:00|09-30 22:00|09-30 23:00,10-01 18:00|09-30 22:00|10-13 17:30",
        3: "09-30 18:30|09-30 20:00|10-01 00:00|10-01 18:00|10-01 17:30|10-13 17:30",
        4: "10-08 10:30|10-08 17:30|10-05 17:30|10-02 18:00|-|10-13 17:30",
    },
    # within 春节 2026 (15-23 February), which begins after a worked Saturday
    "2026-02-17T09:00": {
        1: "02-17 09:15|02-17 10:00|02-17 13:00|02-17 14:00,02-18 09:00|02-17 13:00|02-28 17:30",
        3: "02-17 09:30|02-17 11:00|02-17 17:30|02-18 09:00|02-17 17:30|02-28 17:30",
        4: "02-24 10:30|02-24 17:30|02-23 17:30|02-19 09:00|-|02-28 17:30",
    },
    "2026-02-14T17:00": {
        4: "02-24 10:00|02-24 17:30|02-16 17:30|02-16 17:00|-|02-28 17:30",
    },
    # 春节 2025 (28 January - 4 February), Saturday 8 February worked
    "2025-01-27T17:00": {
        4: "02-05 10:00|02-05 17:30|02-03 17:30|01-29 17:00|-|02-10 17:30",
    },
    # 国庆 2024 (1-7 October), Saturday 12 October worked
    "2024-09-30T15:00": {
        4: "09-30 17:00|10-08 17:30|10-07 17:30|10-02 15:00|-|10-12 17:30",
    },
}
ASKED = (
    Step.SIGN,
    Step.FIRST_REPORT,
    Step.REPORT_UP,
    Step.RESPOND,
    Step.FOLLOW_UP,
    Step.CLOSE,
)


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def moments(rules: ClockRules, level: str, step: Step, start: datetime) -> list[str]:
    found = [due(rule, start, CALENDAR) for rule in rules.asked(level, step)]
    return [f"{one.at.astimezone(BEIJING):%m-%d %H:%M}" for one in found if one]


GOLDEN_CASES = [
    (book, level, start)
    for start, table in GOLDEN.items()
    for book, levels in ROWS.items()
    for level, row in levels.items()
    if row in table
]


@pytest.mark.parametrize(("book", "level", "start"), GOLDEN_CASES)
def test_every_preset_is_due_when_the_matrix_says(book: str, level: str, start: str) -> None:
    expected = GOLDEN[start][ROWS[book][level]].split("|")
    got = [",".join(moments(BOOKS[book], level, step, beijing(start))) or "-" for step in ASKED]
    assert got == expected


def test_a_watched_only_case_has_no_clock_but_the_offices() -> None:
    start = beijing("2026-11-20T10:00")
    awaited = [r.step for r in BOOKS["score5"].for_level("轻微") if due(r, start, CALENDAR)]
    assert awaited == [Step.GRADE_AND_ASSIGN, Step.SIGNOFF, Step.REVIEW, Step.ISSUE]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_levels_use_the_rows_that_were_decided(name: str) -> None:
    rules = BOOKS[name]
    assert {level: rules.row(level) for level in rules.level_names} == ROWS[name]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_only_numbers_without_a_rule_behind_them_are_provisional(name: str) -> None:
    rules = BOOKS[name]
    office = {Step.GRADE_AND_ASSIGN, Step.SIGNOFF, Step.REVIEW, Step.ISSUE}
    for level, row in ROWS[name].items():
        marked = {rule.step for rule in rules.for_level(level) if rule.provisional}
        ours = {0: office, 4: office | {Step.TRACK}}.get(row, office | {Step.SIGN, Step.TRACK})
        assert marked == ours


@pytest.mark.parametrize(
    ("row", "minutes", "basis"),
    [
        (1, 10, Basis.NATURAL),
        (2, 10, Basis.NATURAL),
        (3, 15, Basis.NATURAL),
        (4, 30, Basis.WORKING),
        (0, 30, Basis.WORKING),
    ],
)
def test_the_office_has_its_own_minutes(row: int, minutes: int, basis: Basis) -> None:
    level = next(level for level, number in ROWS["score5"].items() if number == row)
    rule = BOOKS["score5"].rule(level, Step.GRADE_AND_ASSIGN)
    assert (rule.amount.count, rule.basis) == (minutes, basis)


@pytest.mark.parametrize("step", [Step.SIGNOFF, Step.REVIEW, Step.ISSUE])
def test_asking_a_leader_gives_half_an_hour_at_every_level(step: Step) -> None:
    counts = {
        rules.rule(level, step).amount.count
        for rules in BOOKS.values()
        for level in rules.level_names
    }
    assert counts == {30}


def test_publication_is_due_an_hour_after_issue() -> None:
    start = beijing("2026-11-20T23:40")
    for name, levels in ROWS.items():
        for level in [level for level, row in levels.items() if row]:
            assert moments(BOOKS[name], level, Step.PUBLISH, start) == ["11-21 00:40"]


STARTS = {
    Step.GRADE_AND_ASSIGN: Origin.REGISTERED,
    Step.SIGNOFF: Origin.ASKED,
    Step.REVIEW: Origin.ASKED,
    Step.ISSUE: Origin.ASKED,
    Step.SIGN: Origin.ASSIGNED,
    Step.FIRST_REPORT: Origin.ASSIGNED,
    Step.REPORT_UP: Origin.REGISTERED,
    Step.RESPOND: Origin.REGISTERED,
    Step.PRESS_CONFERENCE: Origin.REGISTERED,
    Step.FOLLOW_UP: Origin.LAST_REPORT,
    Step.PUBLISH: Origin.ISSUED,
    Step.TRACK: Origin.PUBLISHED,
    Step.CLOSE: Origin.ASSIGNED,
}


def test_clocks_start_where_it_was_decided() -> None:
    assert set(STARTS) == set(RULED)
    for rules in BOOKS.values():
        for level in rules.level_names:
            assert {r.step: r.starts for r in rules.for_level(level)} == STARTS


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("咨询", "11-24 17:30"),
        ("投诉", "12-01 17:30"),
        ("", "11-27 17:30"),
        ("表扬", "11-27 17:30"),
    ],
)
def test_a_stated_kind_of_demand_has_its_own_time(kind: str, end: str) -> None:
    rule = BOOKS["city3"].rule("三级", Step.CLOSE)
    found = due(for_kind(rule, kind), beijing("2026-11-20T10:00"), CALENDAR)
    assert found is not None
    assert f"{found.at.astimezone(BEIJING):%m-%d %H:%M}" == end


def test_follow_ups_slow_down_to_a_daily_report_after_the_first_day() -> None:
    rule = BOOKS["city3"].rule("一级", Step.FOLLOW_UP)
    start = beijing("2026-11-20T10:00")
    units = [for_round(rule, nth).amount.unit for nth in (1, 6, 7, 8)]
    assert units == [Unit.MINUTES, Unit.MINUTES, Unit.DAILY, Unit.DAILY]
    daily = due(for_round(rule, 7), start, CALENDAR)
    assert daily is not None
    assert daily.at == beijing("2026-11-20T17:30")
    assert for_round(BOOKS["city3"].rule("二级", Step.FOLLOW_UP), 99).later is None


def test_a_leaders_own_deadline_is_taken_as_said() -> None:
    found = leaders_deadline(Step.FIRST_REPORT, beijing("2026-11-20T11:00"), "张书记")
    assert found.at == datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert (found.basis, found.provisional, found.projected) == (Basis.NATURAL, False, False)
    assert found.steps[0] == "张书记指定首报时限, 优先于规则"


def rule_of(unit: Unit, count: int = 0) -> ClockRule:
    return ClockRule(Step.CLOSE, Amount(unit, count), Origin.ASSIGNED)


@pytest.mark.parametrize(
    ("start", "days", "end", "shown"),
    [
        ("2026-11-20T10:00", 3, "2026-11-23T17:30", False),
        ("2026-11-20T10:00", 1, "2026-11-23T17:30", True),  # Saturday moves to Monday
        ("2026-09-25T10:00", 15, "2026-10-10T17:30", False),  # ends on a worked Saturday
        ("2026-09-20T10:00", 15, "2026-10-08T17:30", True),  # ends within 国庆
    ],
)
def test_calendar_days_end_on_the_first_day_after_a_holiday(
    start: str, days: int, end: str, *, shown: bool
) -> None:
    found = due(rule_of(Unit.DAYS, days), beijing(start), CALENDAR)
    assert found is not None
    assert found.at == beijing(end)
    assert any("顺延" in step for step in found.steps) is shown
    assert not found.projected


def test_calendar_days_into_an_unknown_year_are_projected() -> None:
    found = due(rule_of(Unit.DAYS, 3), beijing("2099-03-02T10:00"), CALENDAR)
    assert found is not None
    assert found.projected


def test_h06_working_time_into_an_unknown_year_is_projected_and_natural_time_is_not() -> None:
    known = Overrides(off=frozenset({date(2098, 1, 1), date(2098, 10, 1)}))
    calendar = WorkingCalendar(overrides=known)
    start = beijing("2098-12-31T16:30")
    working = due(rule_of(Unit.WORKING_MINUTES, 120), start, calendar)
    days = due(rule_of(Unit.WORKING_DAYS, 5), start, calendar)
    natural = due(rule_of(Unit.MINUTES, 48 * 60), start, calendar)
    assert working is not None
    assert days is not None
    assert natural is not None
    assert (working.projected, days.projected, natural.projected) == (True, True, False)
    assert "推算" in days.steps[-1]


def test_the_steps_tell_the_whole_computation() -> None:
    rule = BOOKS["county4"].rule("一般", Step.FIRST_REPORT)
    found = due(rule, beijing("2026-11-20T10:00"), CALENDAR)
    assert found is not None
    assert found.steps == (
        "自交办起算: 2026-11-20 周五 10:00",
        "首报时限: 1 个工作日 (工作时间)",
        "2026-11-20 周五 为起算日, 不计入",
        "2026-11-21 周六 周末, 不计",
        "2026-11-22 周日 周末, 不计",
        "2026-11-23 周一 第 1 个工作日",
        "截止: 2026-11-23 周一 17:30",
    )


def test_midnight_is_said_as_24_o_clock_and_provisional_numbers_are_marked() -> None:
    late = due(rule_of(Unit.SAME_DAY), beijing("2026-11-20T18:00"), CALENDAR)
    marked = due(
        replace(rule_of(Unit.MINUTES, 15), provisional=True),
        beijing("2026-11-20T18:00"),
        CALENDAR,
    )
    assert late is not None
    assert marked is not None
    assert late.steps[-1] == "截止: 2026-11-20 周五 24:00"
    assert "暂定" in marked.steps[-1]


EVERY_RULE = [
    (name, level, rule)
    for name, rules in BOOKS.items()
    for level in rules.level_names
    for rule in rules.for_level(level)
]
seconds = st.integers(0, 3 * 365 * 24 * 3600).map(
    lambda nth: datetime(2024, 1, 1, tzinfo=BEIJING) + timedelta(seconds=nth)
)


@given(start=seconds, later=st.integers(0, 10**6), chosen=st.sampled_from(EVERY_RULE))
@settings(deadline=None, max_examples=300)
def test_no_deadline_is_before_its_start_or_before_an_earlier_starts(
    start: datetime, later: int, chosen: tuple[str, str, ClockRule]
) -> None:
    rule = chosen[2]
    first = due(rule, start, CALENDAR)
    second = due(rule, start + timedelta(seconds=later), CALENDAR)
    if first is None or second is None:
        assert first is second is None
        assert rule.amount.unit is Unit.NONE
        return
    assert start < first.at <= second.at
    assert first.at.tzinfo is UTC
    assert first.basis is rule.basis


def test_amounts_are_said_as_officers_say_them() -> None:
    said = {
        Amount(Unit.MINUTES, 15): "15 分钟",
        Amount(Unit.MINUTES, 60): "1 小时",
        Amount(Unit.MINUTES, 90): "90 分钟",
        Amount(Unit.MINUTES, 91): "1 小时 31 分钟",
        Amount(Unit.MINUTES, 2880): "48 小时",
        Amount(Unit.WORKING_MINUTES, 30): "30 个工作分钟",
        Amount(Unit.WORKING_MINUTES, 75): "75 个工作分钟",
        Amount(Unit.WORKING_MINUTES, 90): "1.5 个工作小时",
        Amount(Unit.WORKING_MINUTES, 120): "2 个工作小时",
        Amount(Unit.WORKING_DAYS, 5): "5 个工作日",
        Amount(Unit.DAYS, 15): "15 天",
        Amount(Unit.DAILY): "日报",
        Amount(Unit.NONE): "不定时",
    }
    assert {amount: amount.words for amount in said} == said


def test_the_looks_of_the_watch_end_with_the_last_one() -> None:
    rule = BOOKS["city3"].rule("二级", Step.TRACK)
    assert rule is not None
    shown = [for_look(rule, nth) for nth in range(1, len(rule.looks) + 3)]
    assert [one.amount if one else None for one in shown] == [rule.amount, *rule.looks, None]


def test_an_older_rulebook_knows_one_look_more_and_no_other() -> None:
    last = Amount(Unit.DAYS, 3)
    kept = BOOKS["city3"].rule("二级", Step.TRACK)
    assert kept is not None
    rule = replace(kept, looks=(), later=last, later_from=3)
    shown = [for_look(rule, nth) for nth in (1, 2, 3, 4)]
    assert [one.amount if one else None for one in shown] == [rule.amount, None, last, None]
    assert for_look(replace(rule, later=None), 3) is None
