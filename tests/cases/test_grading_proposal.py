"""What a proposal asks, to whom, and what would change it."""

from datetime import date

import pytest

from cases.grading import ReportFacts, propose
from cases.grading.facts import Metric
from cases.people import Role
from config.rulebook_grading import load_shipped

CITY, COUNTY, LISTED, DEPT, AGENCY = (
    load_shipped(name) for name in ("city3", "county4", "listed2", "dept3", "agency2")
)
ALL_NO: dict[str, Metric] = {
    "media_tier": "none",
    "hot": "none",
    **dict.fromkeys(
        ["sprout", "prev_level_mishandled", "big_local", "city_coord", "easy_attention"], False
    ),
}


def asked(proposal_ask: tuple[object, ...]) -> set[str]:
    return {getattr(one, "fact", "") for one in proposal_ask}


def test_a_certain_case_asks_nothing() -> None:
    assert propose(CITY, ReportFacts("停水", metrics=ALL_NO)).ask == ()


def test_the_highest_level_asks_nothing() -> None:
    assert propose(CITY, ReportFacts("停水", metrics={"hot": "national"})).ask == ()


@pytest.mark.parametrize("name", ALL_NO)
def test_each_fact_that_could_raise_the_level_is_asked_when_nobody_gave_it(name: str) -> None:
    ticks = {other: value for other, value in ALL_NO.items() if other != name}
    facts = asked(propose(CITY, ReportFacts("停水", metrics=ticks)).ask)
    assert facts == (set() if name == "easy_attention" else {name})


def test_a_fact_that_cannot_change_the_level_any_more_is_not_asked() -> None:
    ticks: dict[str, Metric] = {**ALL_NO, "media_tier": "province"}
    del ticks["city_coord"]
    assert propose(CITY, ReportFacts("停水", metrics=ticks)).ask == ()


def test_facts_that_only_together_raise_the_level_are_asked_together() -> None:
    assert asked(propose(LISTED, ReportFacts("投诉")).ask) == {"wide", "severe", "loss", "price"}


def test_an_elastic_loss_that_tips_the_level_is_asked() -> None:
    proposal = propose(LISTED, ReportFacts("投诉", metrics={"wide": True, "severe": True}))
    assert (proposal.level, asked(proposal.ask)) == ("一般", {"loss", "price"})
    sure = {"wide": True, "severe": True, "loss": False, "price": False}
    assert propose(LISTED, ReportFacts("投诉", metrics=sure)).ask == ()


def test_what_cannot_tip_the_level_is_not_asked() -> None:
    assert propose(LISTED, ReportFacts("投诉", metrics={"wide": False})).ask == ()


def test_television_without_major_impact_is_asked_where_the_text_is_silent() -> None:
    no = dict.fromkeys(["work_casualty", "emergency", "major_impact"], False)
    ticks = {**no, "press_tv": True, "reads": 3, "replies": 0, "total": 0}
    proposal = propose(COUNTY, ReportFacts("停水", metrics=ticks))
    assert proposal.level == "一般"
    assert [one.fact for one in proposal.ask] == ["press_tv"]


def test_plays_that_the_clause_does_not_name_are_asked() -> None:
    no = dict.fromkeys(["work_casualty", "emergency", "major_impact"], False)
    ticks = {**no, "reads": 3, "replies": 0, "total": 0, "plays": 120_000}
    proposal = propose(COUNTY, ReportFacts("停水", metrics=ticks))
    assert proposal.level == "一般"
    assert "播放量12万" in proposal.ask[0].question


def test_two_of_the_three_conditions_of_the_department_are_asked() -> None:
    ticks = {
        "major_policy": True,
        "wide": True,
        **dict.fromkeys(["stability", "image", "order_harm", "severe"], False),
    }
    proposal = propose(DEPT, ReportFacts("补贴", metrics=ticks))
    assert proposal.level == "较大"
    assert "三项" in proposal.ask[0].question


def test_every_question_says_whom_to_ask() -> None:
    by_fact = {one.fact: one for one in propose(COUNTY, ReportFacts("停水")).ask}
    assert by_fact["reads"].asked is Role.INFORMANT
    assert by_fact["work_casualty"].asked is Role.LIAISON
    assert by_fact["major_impact"].asked is Role.OFFICE_DIRECTOR


def test_no_fact_is_asked_twice() -> None:
    facts = [one.fact for one in propose(COUNTY, ReportFacts("停水")).ask]
    assert len(facts) == len(set(facts))


def test_what_the_text_hints_at_is_asked_first_with_its_words() -> None:
    first = propose(CITY, ReportFacts("网友@央视新闻 求关注")).ask[0]
    assert first.fact == "media_tier"
    assert "文字提到“央视新闻”" in first.question


def test_what_would_change_the_level_is_said_in_plain_words() -> None:
    changes = propose(CITY, ReportFacts("停水", metrics=ALL_NO)).would_change
    assert changes == (
        "再有省内媒体关注或报道即为二级",
        "再有中央级媒体关注或报道即为一级",
        "如登上全国热榜即为一级",
    )


def test_a_number_that_would_change_the_level_is_named() -> None:
    ticks: dict[str, Metric] = {"reads": 3, "work_casualty": False}
    changes = propose(COUNTY, ReportFacts("停水", metrics=ticks)).would_change
    assert "阅读量、跟帖量、舆情总量任一达到100即为较大" in changes


def test_a_mishandling_that_would_change_the_level_is_named() -> None:
    rules = load_shipped("hospital3")
    ticks: dict[str, Metric] = {"media_tier": "central", "fees": True}
    assert propose(rules, ReportFacts("收费", metrics=ticks)).would_change == ()
    no = dict.fromkeys(["staff_hurt", "patient_death", "wide"], False)
    calm = propose(rules, ReportFacts("收费", metrics={**no, "fees": True})).would_change
    assert "处置不妥致事态扩大即为重大" in calm


def test_at_the_top_nothing_would_change_it() -> None:
    assert propose(CITY, ReportFacts("停水", metrics={"sprout": True})).would_change == ()


def test_a_contact_counts_for_the_city_but_not_as_publication_for_the_agency() -> None:
    assert propose(CITY, ReportFacts("央视记者联系采访")).level == "一级"
    contact = ReportFacts("央视记者联系采访，可能引发炒作")
    assert propose(AGENCY, contact).level == "一般"
    assert propose(AGENCY, ReportFacts("央视报道，可能引发炒作")).level == "重大"


@pytest.mark.parametrize(
    ("day", "level"),
    [
        (date(2026, 6, 5), "一般"),
        (date(2026, 6, 6), "重大"),
        (date(2026, 6, 10), "重大"),
        (date(2026, 6, 11), "一般"),
        (date(2026, 12, 30), "一般"),
        (date(2026, 12, 31), "重大"),
        (date(2027, 1, 3), "重大"),
        (date(2027, 1, 4), "一般"),
    ],
)
def test_a_special_period_is_an_important_moment(day: date, level: str) -> None:
    report = ReportFacts("停水", metrics={"rapid": True, "major_impact": True}, day=day)
    assert propose(COUNTY, report).level == level


def test_reasons_name_the_fact_and_where_it_comes_from() -> None:
    (reason,) = propose(CITY, ReportFacts("省台要播")).reasons
    assert reason.fact == "省台关注（文字）"
    assert reason.source == "《仙桃市网络舆情处置工作细则》"
    assert reason.says == "省内媒体关注或报道"


def test_a_mishandled_level_is_read_from_the_text() -> None:
    text = "本属三级舆情，因处置不妥造成事态扩大"
    assert propose(CITY, ReportFacts(text)).level == "二级"


def test_two_tiers_in_one_text_count_both() -> None:
    proposal = propose(CITY, ReportFacts("湖北日报、荆楚网先后刊发，引发热议"))
    assert {one.rule for one in proposal.reasons} == {"l2_province", "l2_sites"}
