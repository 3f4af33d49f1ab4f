"""Words about people who leave: lists that stay short."""

from datetime import timedelta

from cases.wording.people import Item, Way, nobody_left, passed_on, taken_over
from tests.support.builders import NOW

ITEMS = [
    Item(f"{nth:03}", "积水", (("签收", NOW - timedelta(hours=1)), ("首报", NOW)))
    for nth in range(1, 13)
]


def test_ten_cases_are_listed_and_the_rest_counted() -> None:
    text = taken_over("市城管局", "刘洋", Way.NOT_SEEN, ITEMS, NOW)
    assert "以下 12 件由您接办" in text
    assert "· 010《积水》签收 09:00 已超时、首报 10:00" in text
    assert "011" not in text
    assert "… 另有 2 件" in text
    assert "等 12 件" in passed_on("市城管局", ITEMS, ["何青"])


def test_without_open_cases_nothing_is_said_of_reminders() -> None:
    text = nobody_left("市城管局", [], ["唐波"])
    assert "现在没有在办件。" in text
    assert "唐波" not in text
