"""Clock rules: every level speaks of every step, and every rule can be said in words."""

import pytest

from cases.answers_about_time import level_in_words, rule_sentence, why_this_time
from cases.clocks import RULED, ClockRules, Step, UnknownLevelError
from cases.deadlines import due
from cases.ladder import Audience
from config.rulebook_clocks import load_shipped_clocks, shipped_clock_names
from tests.cases.test_deadlines import beijing

BOOKS = [load_shipped_clocks(name) for name in shipped_clock_names()]
CITY = load_shipped_clocks("city3")


@pytest.mark.parametrize("rules", BOOKS, ids=lambda rules: rules.name)
def test_every_level_has_a_rule_for_every_step(rules: ClockRules) -> None:
    for level in rules.level_names:
        assert [rule.step for rule in rules.for_level(level)] == list(RULED)


def test_an_unknown_level_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownLevelError, match="没有等级「四级」, 可选: 一级 二级 三级"):
        CITY.rule("四级", Step.SIGN)


def test_a_response_at_the_top_is_two_clocks_and_every_other_step_one() -> None:
    asked = {step: [rule.step for rule in CITY.asked("一级", step)] for step in RULED}
    assert asked.pop(Step.RESPOND) == [Step.RESPOND, Step.PRESS_CONFERENCE]
    assert all(found == [step] for step, found in asked.items())


def test_a_ladder_is_found_by_step_and_row() -> None:
    ladder = CITY.ladder(Step.SIGN, 1)
    assert ladder is not None
    assert ladder.holder is Audience.LIAISON
    assert CITY.ladder(Step.FOLLOW_UP, 4) is None  # at milestones: nothing to remind of
    assert CITY.ladder(Step.SIGN, 2) is None  # three levels leave row 2 out


@pytest.mark.parametrize("rules", BOOKS, ids=lambda rules: rules.name)
def test_a_leaders_own_deadline_is_reminded_of_at_every_level_and_step(rules: ClockRules) -> None:
    for level in rules.level_names:
        for step in RULED:
            assert rules.ladder_for_deadline(level, step) is not None


def test_a_leaders_own_deadline_keeps_the_levels_ladder_where_it_has_one() -> None:
    own = CITY.ladder_for_deadline("一级", Step.CLOSE)
    borrowed = CITY.ladder_for_deadline("三级", Step.FOLLOW_UP)
    assert own == CITY.ladder(Step.CLOSE, 1)
    assert borrowed == CITY.ladder(Step.FOLLOW_UP, 3)


def test_a_rule_is_said_from_its_start_as_officers_say_it() -> None:
    rule = CITY.rule("一级", Step.SIGN)
    ladder = CITY.ladder_of(rule)
    assert ladder is not None
    assert rule_sentence(rule, ladder) == (
        "交办 10 分钟未签收提醒联络员; 15 分钟再提醒; 超时后每 5 分钟再催, 最多 2 次; "
        "30 分钟提醒副职; 35 分钟提醒单位分管领导; 40 分钟请值班员电话通知; "
        "45 分钟提醒办公室主任; 1 小时提醒分管领导; 75 分钟提醒主要领导。"
    )


def test_a_rule_in_days_is_said_from_its_deadline() -> None:
    rule = CITY.rule("三级", Step.CLOSE)
    ladder = CITY.ladder_of(rule)
    assert ladder is not None
    said = rule_sentence(rule, ladder)
    assert said.startswith("交办后办结时限 5 个工作日; 到期前 8 个工作小时提醒联络员; ")


def test_a_ladder_without_repeats_is_said_without_them() -> None:
    rule = CITY.rule("一级", Step.SIGN)
    ladder = CITY.ladder_of(rule)
    assert ladder is not None
    bare = type(ladder)("短", ladder.holder, ladder.basis)
    assert rule_sentence(rule, bare) == "交办 15 分钟未签收提醒联络员。"


def test_why_this_time_shows_the_count_the_source_and_the_reminders() -> None:
    rule = CITY.rule("三级", Step.SIGN)
    found = due(rule, beijing("2026-11-20T17:00"), CITY.calendar())
    assert found is not None
    answer = why_this_time(rule, found, CITY.ladder_of(rule)).split("\n")
    assert answer[:6] == [
        "签收时限 2026-11-23 周一 10:00, 这样算出:",
        "1. 自交办起算: 2026-11-20 周五 17:00",
        "2. 签收时限: 2 个工作小时 (工作时间)",
        "3. 2026-11-20 周五 17:00 至 17:30 计 30 分钟, 还剩 1 小时 30 分钟",
        "4. 2026-11-23 周一 08:30 起计 1 小时 30 分钟",
        "5. 截止: 2026-11-23 周一 10:00",
    ]
    assert answer[6].startswith("依据: ")
    assert answer[7].startswith("提醒: 交办 1.5 个工作小时未签收提醒联络员")


def test_why_this_time_leaves_out_what_there_is_not() -> None:
    rule = CITY.rule("三级", Step.PRESS_CONFERENCE)
    found = due(
        CITY.rule("一级", Step.PRESS_CONFERENCE), beijing("2026-11-20T17:00"), CITY.calendar()
    )
    assert found is not None
    assert why_this_time(rule, found, None).split("\n")[-1] == "4. 截止: 2026-11-21 周六 17:00"


@pytest.mark.parametrize("rules", BOOKS, ids=lambda rules: rules.name)
def test_a_whole_level_can_be_read_out(rules: ClockRules) -> None:
    for level in rules.level_names:
        lines = level_in_words(rules, level).split("\n")
        assert len(lines) == len(RULED)
        marked = [line for line in lines if "(暂定)" in line]
        assert len(marked) == sum(rule.provisional for rule in rules.for_level(level))


def test_a_press_conference_is_held_and_a_milestone_has_no_time() -> None:
    assert "未召开发布会提醒值班员" in level_in_words(CITY, "一级")
    assert "续报: 不定时。" in level_in_words(CITY, "三级").split("\n")
