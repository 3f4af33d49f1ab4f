"""What the office says about special periods is understood; what only sounds like it is not."""

import pytest

from cases.chat.period_words import PeriodDeed, PeriodWish, period_wish

START, END, LIST = PeriodDeed.START, PeriodDeed.END, PeriodDeed.LIST


@pytest.mark.parametrize(
    ("text", "deed", "name"),
    [
        ("启动汛期值守到8月31日", START, "汛期"),
        ("启动两会期间值班到3月15日18:00", START, "两会"),
        ("从7月1日启动汛期值守到8月31日", START, "汛期"),
        ("请启动高考特殊时期到6月10日", START, "高考"),
        ("进入国庆应急值守,到10月8日", START, "国庆"),
        ("启动汛期24小时值守到8月31日", START, "汛期"),
        ("结束两会值守", END, "两会"),
        ("提前结束汛期值守。", END, "汛期"),
        ("解除高考期间的值守", END, "高考"),
        ("特殊时期", LIST, ""),
        ("现在有哪些特殊时期?", LIST, ""),
        ("现在是什么时期", LIST, ""),
    ],
)
def test_it_is_understood(text: str, deed: PeriodDeed, name: str) -> None:
    assert period_wish(text) == PeriodWish(deed, name)


@pytest.mark.parametrize(
    "text",
    [
        "今晚我值班,18点到明早8点半",
        "今天值班结束,未结3件",
        "汛期值守什么时候结束?",
        "要不要启动汛期值守吗",
        "网传水务局启动汛期应急响应",
        "001 结束响应",
        "谁值班",
        "特殊时期网民关注度高",
        "启动" + "汛" * 5000,
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    assert period_wish(text) is None
