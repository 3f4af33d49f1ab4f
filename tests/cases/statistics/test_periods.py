"""Periods: whole days in Beijing, whatever the moment, and how they are cut."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from cases.statistics.periods import Grain, Period, Span, chosen, cut, fitting_grain, label

FRIDAY = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
D = date


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.WEEK, D(2026, 11, 16), D(2026, 11, 22)),
        (Span.LAST_WEEK, D(2026, 11, 9), D(2026, 11, 15)),
        (Span.MONTH, D(2026, 11, 1), D(2026, 11, 30)),
        (Span.LAST_MONTH, D(2026, 10, 1), D(2026, 10, 31)),
        (Span.YEAR, D(2026, 1, 1), D(2026, 12, 31)),
        (Span.OWN, D(2026, 11, 1), D(2026, 11, 30)),  # without dates: this month
    ],
)
def test_a_span_is_whole_days(span: Span, first: date, last: date) -> None:
    assert chosen(span, FRIDAY) == Period(first, last)


def test_the_day_is_that_of_beijing() -> None:
    new_year = datetime.fromisoformat("2027-01-01T00:00:00+08:00")
    assert chosen(Span.YEAR, new_year.astimezone(UTC)).first == D(2027, 1, 1)
    assert chosen(Span.LAST_MONTH, new_year).first == D(2026, 12, 1)
    period = chosen(Span.MONTH, new_year)
    assert period.start == new_year
    assert period.end == datetime.fromisoformat("2027-02-01T00:00:00+08:00")


def test_own_days_are_a_year_at_most_and_in_order() -> None:
    assert chosen(Span.OWN, FRIDAY, (D(2026, 3, 5), D(2026, 3, 5))).words == "2026年3月5日"
    long = chosen(Span.OWN, FRIDAY, (D(2020, 1, 1), D(2026, 3, 5)))
    assert (long.last - long.first).days == 365
    assert chosen(Span.OWN, FRIDAY, (D(2026, 3, 6), D(2026, 3, 5))) == chosen(Span.MONTH, FRIDAY)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (D(2026, 11, 1), D(2026, 11, 30), "2026年11月1日至30日"),
        (D(2026, 11, 1), D(2026, 12, 2), "2026年11月1日至12月2日"),
        (D(2026, 12, 28), D(2027, 1, 3), "2026年12月28日至2027年1月3日"),
        (D(2026, 12, 28), D(2027, 12, 3), "2026年12月28日至2027年12月3日"),
    ],
)
def test_a_period_in_words(first: date, last: date, words: str) -> None:
    assert Period(first, last).words == words


@pytest.mark.parametrize(
    ("days", "grain"),
    [(31, Grain.DAY), (32, Grain.WEEK), (182, Grain.WEEK), (183, Grain.MONTH)],
)
def test_a_trend_is_cut_so_that_it_can_be_read(days: int, grain: Grain) -> None:
    first = D(2026, 1, 1)
    assert fitting_grain(Period(first, date.fromordinal(first.toordinal() + days - 1))) is grain


def test_parts_join_and_fill_the_period() -> None:
    period = Period(D(2026, 10, 30), D(2027, 1, 1))
    for grain in Grain:
        parts = cut(period, grain)
        assert parts[0].first == period.first
        assert parts[-1].last == period.last
        for before, after in pairwise(parts):
            assert before.end == after.start
    assert [label(part, Grain.MONTH) for part in cut(period, Grain.MONTH)] == [
        "10月",
        "11月",
        "12月",
        "1月",
    ]
    weeks = cut(period, Grain.WEEK)
    assert [label(part, Grain.WEEK) for part in weeks[:3]] == ["10-30", "11-02", "11-09"]
    assert len(cut(period, Grain.DAY)) == 64


def test_each_choice_has_a_word() -> None:
    assert "".join(one.label for one in Span) == "本周上周本月上月今年自定义"
    assert [one.label for one in Grain] == ["按日", "按周", "按月"]
