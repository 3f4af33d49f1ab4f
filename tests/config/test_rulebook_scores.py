"""scores.toml read strictly: what ships is right, and every fault is named at once."""

from pathlib import Path

import pytest

from cases.scores.rules import Fact
from config.checking import SettingsError
from config.rulebook_clocks import SHIPPED, shipped_clock_names
from config.rulebook_scores import load_scores, read_scores

GOOD = """
[score]
by_rates = ["回访"]
[item]
"签收及时" = 15
"回访" = 10
[[rule]]
fact = "签收超时"
item = "签收及时"
points = -1
"""


@pytest.mark.parametrize("name", shipped_clock_names())
def test_every_shipped_rulebook_has_a_scorecard_of_a_hundred_points(name: str) -> None:
    rules = load_scores(SHIPPED / name)
    assert rules is not None
    assert rules.total == 100
    assert {rule.fact for rule in rules.rules} == set(Fact) - {Fact.LATE_FOLLOW_UP}
    assert not rules.ranking


def test_an_older_rulebook_without_scores_is_read_as_having_none(tmp_path: Path) -> None:
    assert load_scores(tmp_path) is None


def test_what_is_left_out_takes_its_default() -> None:
    rules = read_scores("own", GOOD)
    assert (rules.appeal_days, rules.publish_by, rules.bonus_most) == (3, 10, 0)
    assert [item.by_rates for item in rules.items] == [False, True]


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('fact = "签收超时"', 'fact = "签收太慢"', "「签收太慢」不认识"),
        ("points = -1", "points = 0", "不能是 0"),
        ("points = -1", "points = -1001", "不能超过 1000"),
        ("points = -1", "points = -1\nover = -1", "不能小于 0"),
        ('item = "签收及时"\npoints', "points", "扣分要写明 item"),
        ('item = "签收及时"', 'item = "签收"', "不在 [item] 里"),
        ('by_rates = ["回访"]', 'by_rates = ["满意"]', "没有这个项目: 满意"),
        ('by_rates = ["回访"]', "appeal_days = 0", "appeal_days 应在 1 到 30"),
        ('by_rates = ["回访"]', "appeal_days = 31", "appeal_days 应在 1 到 30"),
        ('by_rates = ["回访"]', "publish_by = 29", "publish_by 应在 1 到 28"),
        ('by_rates = ["回访"]', "bonus_most = -1", "bonus_most 不能小于 0"),
        ('by_rates = ["回访"]', "rank = true", "不认识 rank, 是否想写 ranking"),
        ('"签收及时" = 15', '"签收及时" = 0', "应大于 0"),
        ("[[rule]]", '[except]\nparts = ["协同"]\n[[rule]]', "不认识 协同"),
        ("[score]", "[score", "不是有效的 TOML"),
    ],
)
def test_each_fault_is_named(was: str, becomes: str, fault: str) -> None:
    assert was in GOOD
    with pytest.raises(SettingsError, match=r"own/scores\.toml") as caught:
        read_scores("own", GOOD.replace(was, becomes, 1))
    assert any(fault in one for one in caught.value.faults), caught.value.faults


def test_a_fact_twice_no_items_and_an_unreadable_file_are_faults(tmp_path: Path) -> None:
    twice = GOOD + GOOD[GOOD.index("[[rule]]") :]
    with pytest.raises(SettingsError, match="签收超时 写了两次"):
        read_scores("own", twice)
    with pytest.raises(SettingsError, match="至少要有一个项目"):
        read_scores("own", "[score]\n[item]\n")
    (tmp_path / "scores.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="读不了文件"):
        load_scores(tmp_path)
