"""Doubts about a rulebook, and past cases graded again."""

from dataclasses import replace

import pytest

from cases.grading import Audience, FactError, GradingRules, ReportFacts, Rule
from cases.grading.checking import MOST_WAYS, Finding, FindingKind, check, ways
from cases.grading.conditions import (
    AllOf,
    Amount,
    AnyOf,
    Condition,
    Fact,
    Flag,
    Not,
    OneOf,
    Origin,
    Truth,
    facts_of,
    judge,
    unsettled,
)
from cases.grading.replaying import PastCase, replay
from config.rulebook_grading import load_shipped, shipped_names

CITY, COUNTY = load_shipped("city3"), load_shipped("county4")


def rule(name: str, level: str, when: Condition) -> Rule:
    return Rule(name, level, f"试条{name}", "原文", "出处", when)


def kinds(findings: tuple[Finding, ...]) -> set[tuple[str, str, bool]]:
    return {(one.kind, one.rule, one.serious) for one in findings}


@pytest.mark.parametrize("name", shipped_names())
def test_no_shipped_rulebook_has_a_serious_doubt(name: str) -> None:
    assert [one for one in check(load_shipped(name)) if one.serious] == []


def test_the_gap_of_the_county_is_named_with_the_doubt_that_asks() -> None:
    gaps = [one for one in check(COUNTY) if one.kind is FindingKind.GAP]
    assert [one.words for one in gaps] == [
        "阅读量、跟帖量、舆情总量在 51–99 之间没有条款，由 between 询问"
    ]


def test_a_gap_nobody_asks_about_is_serious() -> None:
    (gap,) = check(replace(COUNTY, doubts=()))
    assert gap.serious
    assert "请补一条规则" in gap.words


def test_ranges_that_meet_leave_no_gap() -> None:
    more = rule(
        "more", "一般", Amount(("reads", "replies", "total"), low=50, low_open=True, high=99)
    )
    assert check(replace(COUNTY, rules=(*COUNTY.rules, more))) == ()


def test_a_range_within_another_opens_no_gap() -> None:
    ranges = [Amount(("reads",), low=1, high=100), Amount(("reads",), low=5, high=9)]
    inner = [
        rule(f"r{n}", level, one)
        for n, (level, one) in enumerate(zip(("二级", "一级"), ranges, strict=True))
    ]
    beyond = rule("r9", "一级", Amount(("reads",), low=101))
    assert check(replace(CITY, rules=(*inner, beyond, *CITY.rules))) == ()


def test_a_rule_that_a_higher_one_always_covers_is_never_reached() -> None:
    extra = rule("extra", "二级", OneOf("media_tier", frozenset({"central"})))
    findings = check(replace(CITY, rules=(*CITY.rules, extra)))
    assert kinds(findings) == {(FindingKind.UNREACHABLE, "extra", True)}
    assert "l1_central" in findings[0].words


def test_a_rule_that_contradicts_itself_never_holds() -> None:
    extra = rule("extra", "二级", AllOf((Flag("sprout"), Not(Flag("sprout")))))
    assert kinds(check(replace(CITY, rules=(*CITY.rules, extra)))) == {
        (FindingKind.NEVER, "extra", True)
    }


def test_a_rule_that_another_of_its_level_always_covers_is_named() -> None:
    extra = rule("extra", "一级", AllOf((Flag("sprout"), Flag("key"))))
    assert kinds(check(replace(CITY, rules=(*CITY.rules, extra)))) == {
        (FindingKind.ALWAYS_WITH, "extra", False)
    }


def test_numbers_two_steps_claim_are_named() -> None:
    findings = check(load_shipped("score5"))
    assert {one.kind for one in findings} == {FindingKind.SHARED_BORDER}
    assert [one.words.split(" ")[0] for one in findings] == ["1000", "1万", "100", "500"]


def test_a_border_that_belongs_to_one_range_is_not_named() -> None:
    rules = replace(
        CITY,
        rules=(
            rule("small", "二级", Amount(("reads",), low=1, high=10)),
            rule("big", "一级", Amount(("reads",), low=10, low_open=True)),
            *CITY.rules,
        ),
    )
    assert check(rules) == ()


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        (Flag("sprout"), 1),
        (Not(Flag("sprout")), 1),
        (OneOf("hot", frozenset({"national", "local"})), 2),
        (Amount(("reads", "plays"), low=5), 2),
        (Amount(("reads",), low=5, low_open=True), 1),
        (Amount(("reads",), low=5, low_open=True, high=6, high_open=True), 1),
        (AllOf((Flag("sprout"), AnyOf((Flag("key"), Flag("rapid"))))), 2),
    ],
)
def test_the_ways_to_fulfil_a_condition(condition: Condition, count: int) -> None:
    found = list(ways(condition))
    assert len(found) == count
    assert all(judge(condition, facts, closed=True) is Truth.YES for facts in found)


def test_a_condition_of_too_many_ways_is_tried_only_so_far() -> None:
    parts = tuple(AnyOf(tuple(Flag(f"f{n}-{m}") for m in range(9))) for n in range(6))
    assert len(list(ways(AllOf(parts)))) == MOST_WAYS


def fact(name: str, *, truth: bool | None) -> dict[str, Fact]:
    return {name: Fact(name, Origin.TICKED, "", truth=truth)}


def test_what_is_not_known_is_neither_yes_nor_no() -> None:
    assert judge(Flag("key"), {}) is Truth.MAYBE
    assert judge(Flag("key"), {}, closed=True) is Truth.NO
    assert judge(Not(Flag("key")), {}) is Truth.MAYBE
    assert judge(Flag("key"), fact("key", truth=None)) is Truth.MAYBE
    assert judge(Not(Flag("key")), fact("key", truth=False)) is Truth.YES
    both = AllOf((Flag("key"), Not(AnyOf((Flag("rapid"), Flag("sprout"))))))
    assert list(facts_of(both)) == ["key", "rapid", "sprout"]
    assert list(unsettled(both, fact("key", truth=True))) == ["rapid", "sprout"]
    assert list(unsettled(both, fact("key", truth=False))) == []


def past(number: str, text: str, level: str = "") -> PastCase:
    return PastCase(number, ReportFacts(text), level)


def test_a_replay_says_what_would_have_moved_and_who_would_have_been_told() -> None:
    cases = [
        past("1", "阅读120", "一般"),
        past("2", "阅读20", "一般"),
        past("3", "阅读20", "较大"),
        past("4", "车间爆炸致1人死亡", "一般"),
        past("5", "阅读300"),
        past("6", "阅读300", "二级"),
    ]
    result = replay(COUNTY, cases)
    assert result.total == 6
    assert dict(result.levels) == {"特别重大": 1, "重大": 0, "较大": 3, "一般": 2}
    assert [(one.number, one.before, one.after) for one in result.moved] == [
        ("1", "一般", "较大"),
        ("3", "较大", "一般"),
        ("4", "一般", "特别重大"),
    ]
    assert result.moved[0].because == "阅读、跟帖或总量达到 100"
    assert dict(result.told)[Audience.CHIEF_LEADER] == 1
    assert dict(result.told)[Audience.DEPUTY_LEADER] == 1
    assert Audience.OFFICE not in dict(result.told)
    assert result.signoffs == 1
    assert dict(result.weight)["hundreds"] == 3
    assert dict(result.weight)["casualty"] == 1
    assert result.asked == 5


def test_a_replay_of_scored_cases_names_the_points() -> None:
    rules: GradingRules = load_shipped("score5")
    (moved,) = replay(rules, [past("1", "停水", "一般")]).moved
    assert (moved.after, moved.because[:2]) == ("轻微", "得分")


def test_a_replay_stops_at_a_case_it_cannot_read() -> None:
    with pytest.raises(FactError):
        replay(COUNTY, [PastCase("1", ReportFacts(metrics={"x": 1}))])
