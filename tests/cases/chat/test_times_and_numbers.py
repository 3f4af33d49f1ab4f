"""Times and numbers as people say them."""

from datetime import datetime

import pytest

from cases.chat.numbers import value_of
from cases.chat.times import find_moments
from cases.people import Role
from tests.support.said import NOW, said


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3.2万", 32000),
        ("1.5w", 15000),
        ("10万+", 100000),
        ("400多", 400),
        ("3k", 3000),
        ("两千", 2000),
        ("十几", 10),
        ("几百", 100),
        ("上千", 1000),
        ("过万", 10000),
        ("百万", 1000000),
        ("两千三", 2300),
        ("二十多万", 200000),
        ("一万五", 15000),
        ("三百零五", 305),
        ("3,200", 3200),
        ("1.2亿", 120000000),
        ("五百万", 5000000),
        ("86", 86),
        ("没有", None),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str, value: int | None) -> None:
    assert value_of(written) == value


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("下班前", "2026-11-20T17:30"),
        ("今天下班前", "2026-11-20T17:30"),
        ("明早8点半前", "2026-11-21T08:30"),
        ("明早前", "2026-11-21T08:30"),
        ("下周四前", "2026-11-26T17:30"),
        ("周三前", "2026-11-25T17:30"),
        ("周五前", "2026-11-20T17:30"),
        ("周四前", "2026-11-26T17:30"),
        ("周六前", "2026-11-21T17:30"),
        ("下下周一前", "2026-11-30T17:30"),
        ("星期天前", "2026-11-22T17:30"),
        ("半小时内", "2026-11-20T10:30"),
        ("一个半小时内", "2026-11-20T11:30"),
        ("两个小时内", "2026-11-20T12:00"),
        ("90分钟内", "2026-11-20T11:30"),
        ("3个工作日内", "2026-11-25T17:30"),
        ("5个工作日内", "2026-11-27T17:30"),
        ("3天内", "2026-11-23T17:30"),
        ("15号前", "2026-12-15T17:30"),
        ("25号前", "2026-11-25T17:30"),
        ("20号前", "2026-11-20T17:30"),
        ("月底前", "2026-11-30T17:30"),
        ("下月5号前", "2026-12-05T17:30"),
        ("年底前", "2026-12-31T17:30"),
        ("本周内", "2026-11-20T17:30"),
        ("今晚8点前", "2026-11-20T20:00"),
        ("今晚12点前", "2026-11-21T00:00"),
        ("11.23 17:00前", "2026-11-23T17:00"),
        ("11月23日17时30分前", "2026-11-23T17:30"),
        ("2026-11-23前", "2026-11-23T17:30"),
        ("11/23 9:00前", "2026-11-23T09:00"),
        ("1月5日前", "2027-01-05T17:30"),
        ("17:00前", "2026-11-20T17:00"),
        ("5点前", "2026-11-20T17:00"),
        ("下午三点一刻前", "2026-11-20T15:15"),
        ("中午12点前", "2026-11-20T12:00"),
        ("中午1点前", "2026-11-20T13:00"),
        ("晚上8点前", "2026-11-20T20:00"),
        ("晚上1点前", "2026-11-21T01:00"),
        ("夜里11点前", "2026-11-20T23:00"),
        ("明天中午前", "2026-11-21T12:00"),
        ("后天上午前", "2026-11-22T12:00"),
        ("24点前", "2026-11-21T00:00"),
        ("48小时内", "2026-11-22T10:00"),
        ("半天内", "2026-11-20T14:00"),
        ("9点前", "2026-11-20T21:00"),
        ("8:30前", "2026-11-21T08:30"),
        ("今天前", "2026-11-20T17:30"),
        ("明天下午前", "2026-11-21T17:30"),
        ("明天零点前", "2026-11-22T00:00"),
    ],
)
def test_deadlines_are_read_as_people_say_them(words: str, due: str) -> None:
    got = said(f"#007交城管局办理,{words}反馈", Role.OFFICE_DIRECTOR)
    assert got.slots["deadline"] == f"{due}:00+08:00"


@pytest.mark.parametrize("day", ["2月30日", "13月1日", "11月31号", "2027年2月29日"])
def test_a_day_that_does_not_exist_is_no_deadline(day: str) -> None:
    got = said(f"#007交城管局办理,{day}前反馈", Role.OFFICE_DIRECTOR)
    assert "deadline" not in got.slots


def test_today_without_fail_means_the_last_minute() -> None:
    got = said("不同意延期,今天必须办完", Role.DEPUTY_LEADER)
    assert got.slots["deadline"] == "2026-11-20T23:59:59+08:00"


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("11月19日21:40", "2026-11-19T21:40"),
        ("昨晚8点", "2026-11-19T20:00"),
        ("12月1日", "2025-12-01T17:30"),
        ("9:40", "2026-11-20T09:40"),
        ("23:10", "2026-11-19T23:10"),
        ("周三上午9点", "2026-11-18T09:00"),
        ("25号", "2026-10-25T17:30"),
        ("前天", "2026-11-18T17:30"),
        ("10:30", "2026-11-20T10:30"),
        ("10:31", "2026-11-19T10:31"),
    ],
)
def test_what_was_lies_in_the_past(words: str, at: str) -> None:
    moment = find_moments(words, NOW, past=True)[0]
    assert moment.at == datetime.fromisoformat(f"{at}:00+08:00")


def test_working_days_pass_over_the_holidays() -> None:
    before = datetime.fromisoformat("2026-09-30T10:00:00+08:00")
    got = said("#007交城管局办理,1个工作日反馈", Role.OFFICE_DIRECTOR, before)
    assert got.slots["deadline"] == "2026-10-08T17:30:00+08:00"
    assert got.slots["workdays"] == 1


def test_h04_the_leap_day_of_a_year_without_one_is_no_day() -> None:
    january = datetime.fromisoformat("2028-01-05T10:00:00+08:00")
    assert find_moments("2月29日", january, past=True) == []
