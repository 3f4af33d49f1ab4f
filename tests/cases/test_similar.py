"""Near-repeats: the labelled pairs, and what is never compared."""

import csv
import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cases.similar import Described, alike

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)
TEXT = (
    "青禾路与建设街交叉口早高峰积水约30厘米，多辆电动车熄火，"
    "行人绕行，希望城管部门尽快排水并公布原因"
)
PAIRS = Path(__file__).parents[1] / "data" / "similar_pairs.tsv"


def about(title: str, *, unit: str | None = "cg", text: str = "", at: datetime = NOON) -> Described:
    return Described(title=title, text=text, unit=unit, at=at)


def pairs(same: str) -> list[tuple[str, str]]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [(row["one"], row["other"]) for row in rows if row["same"] == same]


def offered(same: str) -> int:
    return sum(alike(about(one), about(other)).is_alike for one, other in pairs(same))


def test_28_of_30_repeats_are_found_and_1_of_30_others_is_offered() -> None:
    assert (len(pairs("1")), len(pairs("0"))) == (30, 30)
    assert offered("1") >= 28
    assert offered("0") <= 1


def test_it_does_not_matter_which_comes_first() -> None:
    for one, other in pairs("1") + pairs("0"):
        assert alike(about(one), about(other)) == alike(about(other), about(one))


def test_an_author_is_nowhere_in_what_is_compared() -> None:
    assert {f.name for f in dataclasses.fields(Described)} == {"title", "text", "unit", "at"}


def test_the_same_words_about_another_units_matter_are_not_offered() -> None:
    likeness = alike(about("青禾路积水"), about("青禾路积水", unit="jj"))
    assert (likeness.is_alike, likeness.reason) == (False, "责任单位不同")


@pytest.mark.parametrize(
    ("apart", "found"), [(WEEK - SECOND, True), (WEEK, True), (WEEK + SECOND, False)]
)
def test_only_days_that_are_near_count(apart: timedelta, *, found: bool) -> None:
    for at in (NOON + apart, NOON - apart):
        assert alike(about("青禾路积水"), about("青禾路积水", at=at)).is_alike is found


def test_while_a_unit_is_unknown_the_words_must_say_more() -> None:
    one, other = "建设路施工未打围挡 老人摔伤", "建设路工地没围挡 老人夜间摔倒"
    assert alike(about(one), about(other)).is_alike
    assert not alike(about(one, unit=None), about(other)).is_alike
    assert alike(about(one, unit=None), about(one, unit=None)).is_alike


def test_a_text_forwarded_with_another_title_is_found_by_its_text() -> None:
    forwarded = "转发：" + TEXT + " https://v.douyin.com/iABc12d/"
    likeness = alike(about("早高峰见闻", text=TEXT), about("请关注此件", text=forwarded))
    assert (likeness.is_alike, likeness.reason) == (True, "内容相近")


def test_short_texts_are_not_compared() -> None:
    assert not alike(about("甲", text="积水严重"), about("乙", text="积水严重")).is_alike


def test_without_a_title_the_text_speaks() -> None:
    assert alike(about("", text="青禾路积水严重"), about("青禾路积水了")).is_alike


def test_nothing_is_like_nothing() -> None:
    assert not alike(about(""), about("")).is_alike
