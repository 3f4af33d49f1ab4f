"""Every rulebook that ships stands on the page in full, and differences are said one by one."""

from dataclasses import replace
from datetime import time

import pytest

from cases.amounts import Amount, Unit
from cases.grading.rulebook import Rule
from cases.ladder import QuietHours
from cases.rulebook import Rulebook
from config.rulebook_clocks import load_shipped_clocks
from config.rulebook_grading import load_shipped, shipped_names
from handlers.admin.rules_view import view
from handlers.admin.rules_words import differences


def book(name: str) -> Rulebook:
    return Rulebook(1, name, 1, load_shipped(name), load_shipped_clocks(name))


@pytest.mark.parametrize("name", shipped_names())
def test_every_clause_limit_and_ladder_is_shown(name: str) -> None:
    shown, whole = view(book(name), is_current=True), book(name)
    clauses = [rule for level in shown.levels for rule in level.rules]
    assert sorted(rule.id for rule in clauses) == sorted(rule.id for rule in whole.grading.rules)
    assert [one.name for one in shown.limits] == list(whole.clocks.level_names)
    assert len(shown.ladders) == len(whole.clocks.ladders)
    assert len(shown.score) == (
        len(whole.grading.score.factors) + len(whole.grading.score.bands)
        if whole.grading.score
        else 0
    )
    assert differences(whole, whole) == ("没有不同",)


def test_each_difference_is_one_sentence() -> None:
    old = book("city3")
    clocks, grading = old.clocks, old.grading
    first = clocks.levels[0]
    sign = next(rule for rule in first.rules if rule.step == "签收")
    fewer = tuple(rule for rule in grading.rules if rule.id != "l1_sprout")
    more = Rule("l1_new", "一级", "新的", "新的条款", "《新细则》", None)
    ladder = replace(clocks.ladders[0], climbs=())
    changed = replace(
        sign, amount=Amount(Unit.MINUTES, 20), source="新细则", ladder=ladder.name, later=None
    )
    rules = tuple(changed if rule is sign else rule for rule in first.rules)
    new = replace(
        old,
        clocks=replace(
            clocks,
            levels=(replace(first, rules=rules), *clocks.levels[1:]),
            ladders=(ladder, replace(ladder, name="新阶梯"), *clocks.ladders[2:]),
            quiet=QuietHours(time(23), time(8)),
        ),
        grading=replace(grading, title="新标题", rules=(*fewer, more)),
    )
    found = "\n".join(differences(old, new))
    for says in (
        "免打扰: 22:00-08:30 → 23:00-08:00",
        "一级 签收: 15 分钟 (暂定) → 20 分钟 (暂定)",
        "一级 签收的催办: 签收15分钟 → 定级10分钟",
        "一级 签收的出处: 暂定, 无成文依据 → 新细则",
        "阶梯「定级10分钟」: 超 15 分钟仍未办",
        "新增阶梯「新阶梯」",
        "去掉阶梯「审签30分钟」",
        "新增条款 一级「新的条款」(l1_new)",
        "去掉条款 一级「有可能形成重大网络热点事件苗头性舆情」",
        "标题或说明有变: 新标题",
    ):
        assert says in found, says


def test_another_rulebook_differs_in_levels_and_points() -> None:
    found = "\n".join(differences(book("city3"), book("score5")))
    for says in ("新增等级", "去掉等级 一级 的时限", "评分: 因素、权重或分档有变"):
        assert says in found, says
