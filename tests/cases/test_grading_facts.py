"""Ticked flags and numbers: what is accepted, and what is refused in words."""

import pytest

from cases.grading import FactError, ReportFacts, UnknownFactError, UnknownLevelError, propose
from cases.grading.conditions import Origin
from cases.grading.facts import Metric, shown_number, ticked
from cases.grading.numbers import counted, numbers_in, parse_number
from config.rulebook_grading import load_shipped, shipped_names

CITY, COUNTY = load_shipped("city3"), load_shipped("county4")
# The names an officer ticks, as the field uses them.
NAMES: dict[str, Metric] = {
    "media_tier": "central",
    "press_tv": True,
    "hot": "national",
    "key": True,
    "rapid": True,
    "major_impact": True,
    "emergency": True,
    "order_harm": True,
    "work_casualty": True,
    "city_coord": True,
    "sprout": True,
    "big_local": True,
    "easy_attention": True,
    "prev_level_mishandled": True,
    "wide": True,
    "severe": True,
    "loss": True,
    "price": True,
    "neg_rising": True,
    "contact_only": True,
    "reads": 1,
    "replies": 1,
    "comments": 1,
    "reposts": 1,
    "likes": 1,
    "plays": 1,
    "total": 1,
    "negative_ratio": 0.5,
    "hot_rank": 3,
}


@pytest.mark.parametrize("book", shipped_names())
def test_every_name_is_accepted_by_every_rulebook(book: str) -> None:
    rules = load_shipped(book)
    assert propose(rules, ReportFacts(metrics=NAMES)).level in {one.name for one in rules.levels}
    for other in shipped_names():
        for name in load_shipped(other).specs:
            propose(rules, ReportFacts(metrics={name: 0}))


def test_an_unknown_name_is_refused_by_name() -> None:
    with pytest.raises(UnknownFactError, match="reeds"):
        propose(CITY, ReportFacts(metrics={"reeds": 3}))


def test_a_fact_only_another_rulebook_has_is_accepted_and_ignored() -> None:
    assert "staff_hurt" in CITY.also_known
    assert propose(CITY, ReportFacts(metrics={"staff_hurt": True})).level == "三级"


@pytest.mark.parametrize("value", [True, 1, "true", "是", "有", "YES", 2.5])
def test_a_flag_that_is_yes(value: Metric) -> None:
    assert propose(CITY, ReportFacts(metrics={"sprout": value})).level == "一级"


@pytest.mark.parametrize("value", [False, 0, "false", "否", "无", "no", "没有"])
def test_a_flag_that_is_no_is_not_asked(value: Metric) -> None:
    proposal = propose(CITY, ReportFacts(metrics={"sprout": value}))
    assert proposal.level == "三级"
    assert "sprout" not in {one.fact for one in proposal.ask}


def test_an_empty_value_says_nothing() -> None:
    proposal = propose(CITY, ReportFacts(metrics={"sprout": "", "media_tier": ""}))
    assert {"sprout", "media_tier"} <= {one.fact for one in proposal.ask}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("sprout", "也许", "sprout 应为 true 或 false"),
        ("media_tier", "centrall", "central、portal"),
        ("reads", -1, "不小于 0"),
        ("reads", True, "不小于 0"),
        ("reads", float("nan"), "不小于 0"),
        ("reads", float("inf"), "不小于 0"),
        ("reads", "很多", "不小于 0"),
        ("prev_level_mishandled", "四等", "没有“四等”这一等级"),
    ],
)
def test_a_value_that_cannot_be_is_refused(name: str, value: Metric, words: str) -> None:
    with pytest.raises(FactError, match=words):
        propose(CITY, ReportFacts(metrics={name: value}))


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("二级", "一级"),
        ("三级", "二级"),
        ("严重", "一级"),
        ("一般", "二级"),
        ("2", "一级"),
        (3, "二级"),
        (True, "二级"),
        ("true", "二级"),
        (False, "三级"),
        ("无", "三级"),
        ("一级", "一级"),
    ],
)
def test_mishandling_moves_one_level_up(value: Metric, level: str) -> None:
    assert propose(CITY, ReportFacts(metrics={"prev_level_mishandled": value})).level == level


def test_mishandled_without_a_level_goes_up_from_where_the_case_is() -> None:
    ticks: dict[str, Metric] = {"prev_level_mishandled": True, "media_tier": "province"}
    proposal = propose(CITY, ReportFacts(metrics=ticks))
    assert proposal.level == "一级"
    assert "原为二级" in proposal.reasons[0].fact


def test_a_level_of_another_rulebook_does_no_harm_where_none_is_needed() -> None:
    assert propose(COUNTY, ReportFacts(metrics={"prev_level_mishandled": "三级"})).level == "一般"


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("中央级媒体", "一级"),
        ("省级", "二级"),
        ("CENTRAL", "一级"),
        ("无", "三级"),
        (False, "三级"),
    ],
)
def test_a_tier_may_be_written_in_words(value: Metric, level: str) -> None:
    assert propose(CITY, ReportFacts(metrics={"media_tier": value})).level == level


def test_a_hot_list_whose_scope_was_not_said_is_asked() -> None:
    proposal = propose(CITY, ReportFacts(metrics={"hot": True}))
    assert proposal.level == "三级"
    assert "hot" in {one.fact for one in proposal.ask}


def test_the_ticked_tier_wins_over_publisher_and_text() -> None:
    report = ReportFacts("人民日报报道", "", "微博", "人民日报", {"media_tier": "province"})
    proposal = propose(CITY, report)
    assert proposal.level == "二级"
    conflict = next(one for one in proposal.ask if one.fact == "media_tier")
    assert "不一致" in conflict.question
    assert "若属实则为一级" in conflict.question


def test_a_tick_that_says_more_than_the_text_is_no_conflict() -> None:
    report = ReportFacts("没有媒体关注", metrics={"media_tier": "central"})
    assert propose(CITY, report).ask == ()


def test_a_tick_that_the_text_repeats_is_no_conflict() -> None:
    report = ReportFacts("苗头性重大舆情，阅读75", metrics={"reads": 75, "sprout": True})
    assert all("不一致" not in one.question for one in propose(COUNTY, report).ask)


def test_ticked_facts_keep_where_they_come_from() -> None:
    facts = ticked(COUNTY, {"reads": "5万", "key": True})
    assert (facts["reads"].number, facts["reads"].origin) == (50_000, Origin.METRIC)
    assert facts["key"].origin is Origin.TICKED


def test_levels_go_by_name_and_alias_only() -> None:
    assert CITY.rank("重大") == 2
    assert CITY.rank("三级") == 0
    with pytest.raises(UnknownLevelError, match="可用：一级、二级、三级"):
        CITY.rank("较大")


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("5万", 50_000),
        ("3.2万", 32_000),
        ("1.5w", 15_000),
        ("10万+", 100_000),
        ("400多", 400),
        ("3k", 3000),
        ("1,234", 1234),
        ("三百余", 300),
        ("数十", 20),
        ("上百", 100),
        ("十万", 100_000),
        ("两千", 2000),
        ("百万", 1_000_000),
        ("1.2亿", 120_000_000),
        ("近100", 99),
        ("不足50", 49),
        ("超5万", 50_000),
        ("很多", None),
        ("数", None),
        ("", None),
    ],
)
def test_numbers_as_people_write_them(said: str, number: float | None) -> None:
    assert parse_number(said) == number


WORDS = {
    "阅读": "reads",
    "阅读量": "reads",
    "评论": "comments",
    "转发": "reposts",
    "跟帖": "replies",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("阅读5.6万 转发320 评论1100", {"reads": 56_000, "reposts": 320, "comments": 1100}),
        ("5万阅读,跟帖46条", {"reads": 50_000, "replies": 46}),
        ("阅读量已达10万+", {"reads": 100_000}),
        ("阅读量超过5万次", {"reads": 50_000}),
        ("数十条评论", {"comments": 20}),
        ("评论800多", {"comments": 800}),
        ("帖1阅读30,帖2阅读90,帖3阅读20", {"reads": 90}),
        ("11月20日8:12发布,1个小区", {}),
    ],
)
def test_numbers_of_a_text_go_to_the_word_beside_them(text: str, found: dict[str, float]) -> None:
    assert {name: one.value for name, one in counted(text, WORDS).items()} == found


def test_more_than_a_number_is_kept_as_more() -> None:
    open_ended = {one.at_least for one in numbers_in("10万+ 400多 数十 超5万")}
    assert open_ended == {True}
    assert [one.at_least for one in numbers_in("100条")] == [False]


def test_a_table_of_numbers_is_read_only_so_far() -> None:
    assert len(list(numbers_in("1 " * 500))) < 100


def test_a_number_in_the_text_counts_only_where_none_is_given() -> None:
    assert propose(COUNTY, ReportFacts("阅读5万")).level == "较大"
    assert propose(COUNTY, ReportFacts("阅读5万", metrics={"reads": 30})).level == "一般"


def test_more_than_fifty_in_words_leaves_the_level_open() -> None:
    proposal = propose(COUNTY, ReportFacts("阅读60多"))
    assert proposal.level == "一般"
    assert "reads" in {one.fact for one in proposal.ask}
    assert "阅读量60以上" in proposal.ask[0].question


@pytest.mark.parametrize(
    ("number", "shown"), [(50_000, "5万"), (56_000, "5.6万"), (999, "999"), (0.5, "0.5")]
)
def test_numbers_are_shown_as_officers_write_them(number: float, shown: str) -> None:
    assert shown_number(number) == shown
