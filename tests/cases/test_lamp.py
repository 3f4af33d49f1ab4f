"""The lamp beside a deadline changes exactly at its borders, and says so in words and shape."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.lamp import Lamp, countdown

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "lamp", "words"),
    [
        (timedelta(hours=1, seconds=1), Lamp.GREEN, "还剩 1 小时"),
        (timedelta(hours=1), Lamp.YELLOW, "还剩 1 小时"),
        (timedelta(minutes=59), Lamp.YELLOW, "还剩 59 分钟"),
        (timedelta(minutes=1), Lamp.YELLOW, "还剩 1 分钟"),
        (timedelta(seconds=59), Lamp.YELLOW, "不到 1 分钟"),
        (timedelta(), Lamp.YELLOW, "不到 1 分钟"),
        (timedelta(seconds=-1), Lamp.RED, "刚刚"),
        (timedelta(seconds=-59), Lamp.RED, "刚刚"),
        (timedelta(minutes=-1), Lamp.RED, "1 分钟"),
        (timedelta(days=-2, hours=-3), Lamp.RED, "2 天 3 小时"),
    ],
)
def test_the_lamp_and_its_words(left: timedelta, lamp: Lamp, words: str) -> None:
    seen = countdown(NOW + left, NOW)
    assert (seen.lamp, seen.words) == (lamp, words)


def test_without_a_deadline_nothing_burns() -> None:
    assert countdown(None, NOW).lamp is Lamp.NONE
    assert countdown(None, NOW).words == ""


def test_lamps_differ_in_shape_and_word() -> None:
    assert len({lamp.shape for lamp in Lamp}) == len({lamp.label for lamp in Lamp}) == len(Lamp)
