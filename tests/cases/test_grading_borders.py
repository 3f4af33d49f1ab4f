"""Every number of the rulebooks, just before, exactly on and just after it."""

from collections.abc import Mapping

import pytest

from cases.grading import Proposal, ReportFacts, propose
from cases.grading.facts import Metric
from cases.grading.score import band
from config.rulebook_grading import load_shipped


def graded(book: str, ticks: Mapping[str, Metric]) -> Proposal:
    return propose(load_shipped(book), ReportFacts(title="一件", metrics=ticks))


@pytest.mark.parametrize("metric", ["reads", "replies", "total"])
@pytest.mark.parametrize(
    ("number", "level", "rule"),
    [
        (49, "一般", "few"),
        (50, "一般", "few"),
        (51, "一般", "undefined"),
        (98, "一般", "undefined"),
        (99, "一般", "undefined"),
        (100, "较大", "hundreds"),
        (101, "较大", "hundreds"),
        (499, "较大", "hundreds"),
        (500, "较大", "hundreds"),
        (501, "较大", "hundreds"),
    ],
)
def test_county_numbers(metric: str, number: int, level: str, rule: str) -> None:
    proposal = graded("county4", {metric: number})
    assert (proposal.level, proposal.reasons[0].rule) == (level, rule)


@pytest.mark.parametrize(("number", "asked"), [(50, False), (51, True), (99, True), (100, False)])
def test_the_gap_of_the_county_is_asked(*, number: int, asked: bool) -> None:
    no = dict.fromkeys(
        ["work_casualty", "emergency", "order_harm", "key", "special_period", "rapid", "press_tv"],
        False,
    )
    ticks = {"reads": number, "replies": 0, "total": 0, "major_impact": False, **no}
    proposal = graded("county4", ticks)
    assert bool(proposal.ask) == asked
    if asked:
        assert f"阅读量{number}" in proposal.ask[0].question
        assert "51–99" in proposal.ask[0].question


def test_the_largest_number_counts_and_they_are_not_added() -> None:
    assert graded("county4", {"reads": 40, "replies": 40, "total": 40}).level == "一般"
    assert graded("county4", {"reads": 3, "replies": 100, "total": 1}).level == "较大"


def points(ticks: Mapping[str, Metric], factor: str) -> str:
    reasons = graded("score5", ticks).reasons
    return next(reason.fact for reason in reasons if reason.rule == factor)


@pytest.mark.parametrize(
    ("number", "score"),
    [
        (9, 10),
        (10, 20),
        (11, 20),
        (999, 20),
        (1000, 30),
        (1001, 30),
        (9999, 30),
        (10_000, 50),
        (10_001, 50),
        (49_999, 50),
        (50_000, 50),
        (50_001, 100),
    ],
)
def test_attention_is_the_sum_of_reposts_comments_and_likes(number: int, score: int) -> None:
    ticks = {"reposts": number - 5, "comments": 3, "likes": 2}
    assert f"15%×{score}=" in points(ticks, "factor_attention")


@pytest.mark.parametrize(
    ("growth", "score"),
    [
        (49.9, 10),
        (50, 20),
        (50.1, 20),
        (99.9, 20),
        (100, 30),
        (100.1, 30),
        (499.9, 30),
        (500, 50),
        (500.1, 50),
        (999.9, 50),
        (1000, 50),
        (1000.1, 100),
    ],
)
def test_spread_is_the_growth_in_per_cent(growth: float, score: int) -> None:
    assert f"20%×{score}=" in points({"growth": growth}, "factor_spread")


@pytest.mark.parametrize(
    ("followers", "score"),
    [
        (999, 10),
        (1000, 30),
        (1001, 30),
        (2999, 30),
        (3000, 50),
        (3001, 50),
        (4999, 50),
        (5000, 100),
        (5001, 100),
    ],
)
def test_account_by_followers(followers: int, score: int) -> None:
    assert f"20%×{score}=" in points({"followers": followers}, "factor_account")


@pytest.mark.parametrize(
    ("hundredths", "level"),
    [
        (0, "轻微"),
        (2999, "轻微"),
        (3000, "一般"),
        (3001, "一般"),
        (4999, "一般"),
        (5000, "较大"),
        (5001, "较大"),
        (6999, "较大"),
        (7000, "重大"),
        (7001, "重大"),
        (8499, "重大"),
        (8500, "特别重大"),
        (8501, "特别重大"),
        (10_000, "特别重大"),
    ],
)
def test_the_bands_of_the_score(hundredths: int, level: str) -> None:
    score = load_shipped("score5").score
    assert score is not None
    assert band(score, hundredths).level == level


def test_a_number_that_two_steps_claim_is_asked_where_it_tips_the_level() -> None:
    # 500 % is claimed by 100–500 (30 points) and 500–1000 (50 points): the sum is 26 or 30
    ticks: dict[str, Metric] = {
        "reposts": 1001,
        "comments": 0,
        "likes": 0,
        "topic": "ordinary",
        "attitude": "slight",
        "growth": 500,
        "form": "video",
        "channel": "forum",
        "account": "verified",
        "followers": 0,
        "celebrity": False,
        "media_tier": "none",
    }
    proposal = graded("score5", ticks)
    assert proposal.level == "一般"
    border = [one for one in proposal.ask if "边界" in one.question]
    assert [one.fact for one in border] == ["factor_spread"]
    assert "轻微" in border[0].question


@pytest.mark.parametrize(
    ("metric", "border"),
    [("reads", 10_000), ("plays", 10_000), ("comments", 100), ("replies", 100)],
)
def test_hospital_numbers_are_exceeded_not_reached(metric: str, border: int) -> None:
    levels = [graded("hospital3", {metric: border + step}).level for step in (-1, 0, 1)]
    assert levels == ["一般", "一般", "较大"]
