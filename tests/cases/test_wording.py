"""Words: moments and spans as people say them, every event told or kept silent for a reason."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.payload import TEXT_BYTES, cut
from cases.wording.moments import clock_time, span
from cases.wording.reminders import Awaited, skipped, to_holder, to_next, to_overseer

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 in Beijing


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-20T10:56:00+08:00", "10:56"),
        ("2026-11-20T00:00:00+08:00", "00:00"),
        ("2026-11-19T23:59:59+08:00", "11月19日 23:59"),
        ("2026-11-20T23:59:59+08:00", "23:59"),
        ("2026-11-21T00:00:00+08:00", "明天 00:00"),
        ("2026-11-21T23:59:59+08:00", "明天 23:59"),
        ("2026-11-22T00:00:00+08:00", "11月22日 00:00"),
        ("2027-01-04T17:30:00+08:00", "2027年1月4日 17:30"),
    ],
)
def test_a_moment_is_said_as_short_as_it_can_be(moment: str, said: str) -> None:
    assert clock_time(datetime.fromisoformat(moment), NOW) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "0 分钟"),
        (timedelta(minutes=1), "1 分钟"),
        (timedelta(minutes=59, seconds=59), "59 分钟"),
        (timedelta(hours=1), "1 小时"),
        (timedelta(hours=2, minutes=5), "2 小时 5 分钟"),
        (timedelta(hours=23, minutes=59), "23 小时 59 分钟"),
        (timedelta(days=1), "1 天"),
        (timedelta(days=3, hours=4, minutes=5), "3 天 4 小时"),
        (-timedelta(minutes=5), "0 分钟"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(length: timedelta, said: str) -> None:
    assert span(length) == said


AWAITED = Awaited("签收", "市城管局", NOW)
HEAD = "007《青禾路积水》二级"


@pytest.mark.parametrize(
    ("seconds", "word"), [(-1, "【提醒】"), (0, "【到期】"), (59, "【到期】"), (60, "【超时】")]
)
def test_a_reminder_says_on_which_side_of_the_deadline_it_is(seconds: int, word: str) -> None:
    said = to_holder(HEAD, "007", AWAITED, NOW + timedelta(seconds=seconds))
    assert said.startswith(word)
    assert "回复「收到 007」即签收" in said


def test_four_minutes_and_a_second_left_are_said_as_five() -> None:
    said = to_holder(HEAD, "007", AWAITED, NOW - timedelta(minutes=4, seconds=1))
    assert "还剩 5 分钟" in said


def test_the_next_person_is_told_who_is_late_and_what_to_answer() -> None:
    said = to_next(HEAD, "007", AWAITED, NOW + timedelta(minutes=30))
    assert "市城管局 签收时限 10:00, 已超 30 分钟" in said
    assert "收到 007" in said


def test_an_overseer_is_told_whom_to_call() -> None:
    late = NOW + timedelta(minutes=50)
    said = to_overseer(HEAD, AWAITED, late, "刘洋 0000-1", reminded=4)
    assert "请电话通知: 刘洋 0000-1" in said
    assert "已多次提醒" in said
    assert "电话" not in to_overseer(HEAD, AWAITED, late, "", reminded=1)


def test_an_overseer_is_not_told_of_reminders_that_nobody_got() -> None:
    late = NOW + timedelta(minutes=50)
    assert "还没有提醒到人" in to_overseer(HEAD, AWAITED, late, "刘洋", reminded=0)


def test_a_step_without_words_of_its_own_is_still_asked_for() -> None:
    unknown = Awaited("发布会", "市城管局", NOW)
    assert "发布会时限" in to_holder(HEAD, "007", unknown, NOW)


def test_what_an_outage_swallowed_is_said() -> None:
    assert skipped(0) == ""
    assert "3 次" in skipped(3)


@pytest.mark.parametrize("count", [TEXT_BYTES // 3, TEXT_BYTES // 3 + 1, 2000])
def test_a_long_text_is_cut_on_a_character_within_the_bytes(count: int) -> None:
    said = cut("督" * count, " 看全部")
    assert len(said.encode()) <= TEXT_BYTES
    assert said.startswith("督")
    if count > TEXT_BYTES // 3:
        assert said.endswith("… 看全部")
