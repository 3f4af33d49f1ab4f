"""Each sentence of the shipped rulebooks, quoted, decides a case; without its rule it does not."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from cases.grading import GradingRules, Proposal, ReportFacts, propose
from cases.grading.facts import Metric
from config.rulebook_grading import load_shipped, shipped_names

# rulebook, rule, words of the sentence, level, ticks
SENTENCES: list[tuple[str, str, str, str, Mapping[str, Metric]]] = [
    ("city3", "l1_hotspot", "已经成为社会关注热点", "一级", {"hot": "national"}),
    ("city3", "l1_sprout", "有可能形成重大网络热点事件苗头性舆情", "一级", {"sprout": True}),
    (
        "city3",
        "l1_mishandled",
        "本属二级舆情, 因处置不妥, 造成发展态势进一步扩大",
        "一级",
        {"prev_level_mishandled": "二级"},
    ),
    ("city3", "l1_central", "中央级媒体关注或报道", "一级", {"media_tier": "central"}),
    (
        "city3",
        "l1_portal",
        "全国大型门户网站刊发后引发和可能引发广泛关注",
        "一级",
        {"media_tier": "portal", "easy_attention": True},
    ),
    ("city3", "l2_big", "网上影响较大、可能会引发网络热点事件", "二级", {"big_local": True}),
    (
        "city3",
        "l2_mishandled",
        "本属三级舆情因处置不妥扩大",
        "二级",
        {"prev_level_mishandled": "三级"},
    ),
    ("city3", "l2_province", "省内媒体关注或报道", "二级", {"media_tier": "province"}),
    (
        "city3",
        "l2_sites",
        "荆楚网及市内重点网站刊发容易引发关注",
        "二级",
        {"media_tier": "city_site", "easy_attention": True},
    ),
    (
        "city3",
        "l2_coordinate",
        "需要市委、市政府协调处置重大民生诉求",
        "二级",
        {"city_coord": True},
    ),
    ("city3", "l3_rest", "市内网站一般爆料、投诉、一般民生诉求", "三级", {"media_tier": "none"}),
    (
        "listed2",
        "major",
        "传播范围较广, 严重影响公众形象或正常经营活动, 使公司可能或已经遭受损失",
        "重大",
        {"wide": True, "severe": True, "loss": True},
    ),
    ("listed2", "rest", "重大舆情之外的其他舆情", "一般", {"wide": True, "severe": True}),
    (
        "county4",
        "emergency",
        "突发事件引起的、严重影响社会稳定、扰乱社会秩序",
        "特别重大",
        {"emergency": True, "order_harm": True},
    ),
    (
        "county4",
        "casualty",
        "安全生产过程中发生人员伤亡等",
        "特别重大",
        {"work_casualty": True},
    ),
    (
        "county4",
        "key_spread",
        "重点领域、重要节点、重要事件、重要人物的敏感信息迅速发酵",
        "重大",
        {"key": True, "rapid": True, "major_impact": True},
    ),
    (
        "county4",
        "press",
        "主流媒体介入报道, 可能造成重大影响",
        "重大",
        {"press_tv": True, "major_impact": True},
    ),
    ("county4", "hundreds", "均在100–500篇/条", "较大", {"reads": 100}),
    ("county4", "few", "均在50篇/条", "一般", {"reads": 50}),
    ("county4", "undefined", "条文没有规定 51–99", "一般", {"reads": 75}),
    (
        "agency2",
        "duty",
        "执勤活动(重大火灾、抢险救援、社会救助)引起社会高度关注、评论或可能负面报道",
        "重大",
        {"duty_action": True, "high_attention": True},
    ),
    (
        "agency2",
        "mainstream",
        "主流网站可能导致炒作或不利影响",
        "重大",
        {"mainstream_site": True, "hype_likely": True},
    ),
    (
        "agency2",
        "celebrity",
        "名人博客微博或热门论坛贴吧负面",
        "重大",
        {"celebrity": True, "negative": True},
    ),
    ("agency2", "secret", "其他敏感问题、涉密信息", "重大", {"secret": True}),
    (
        "agency2",
        "blogs",
        "一般博客微博、非热门论坛贴吧负面",
        "一般",
        {"forum_cold": True, "negative": True},
    ),
    (
        "agency2",
        "minor_site",
        "非主流网站可能引发炒作",
        "一般",
        {"minor_site": True, "hype_likely": True},
    ),
    (
        "agency2",
        "misread",
        "主流网站信息可能引起误解误读",
        "一般",
        {"mainstream_site": True, "misread": True},
    ),
    ("agency2", "other", "其他热点", "一般", {}),
    (
        "dept3",
        "major",
        "涉及重大政策重要工作、广泛关注、可能影响稳定或形象",
        "重大",
        {"major_policy": True, "wide": True, "image": True},
    ),
    ("dept3", "discussed", "引发一定范围讨论", "较大", {"discussion": True}),
    ("dept3", "quiet", "关注度低、影响小", "一般", {}),
    (
        "hospital3",
        "h_death",
        "患者死亡引发争议，且传播范围较广",
        "重大",
        {"patient_death": True, "wide": True},
    ),
    ("hospital3", "h_staff", "发生伤医事件的", "重大", {"staff_hurt": True}),
    ("hospital3", "h_media", "中央级媒体关注或报道的", "重大", {"media_tier": "central"}),
    (
        "hospital3",
        "h_mishandled",
        "较大舆情因处置不当进一步扩大",
        "重大",
        {"prev_level_mishandled": "较大"},
    ),
    ("hospital3", "h_fees", "涉及收费、红包、骗保", "较大", {"fees": True}),
    ("hospital3", "h_deathquiet", "患者死亡引发争议的", "较大", {"patient_death": True}),
    ("hospital3", "h_numbers", "单帖阅读或播放超过 1 万", "较大", {"plays": 10_001}),
    ("hospital3", "h_rest", "对服务、环境、流程等的意见", "一般", {"plays": 10_000}),
    (
        "school3",
        "h_death",
        "学生死亡引发争议，且传播范围较广",
        "重大",
        {"student_death": True, "wide": True},
    ),
    ("school3", "h_staff", "发生校园欺凌、殴打等暴力伤害", "重大", {"child_hurt": True}),
    ("school3", "h_media", "中央级媒体关注或报道的", "重大", {"media_tier": "central"}),
    (
        "school3",
        "h_mishandled",
        "较大舆情因处置不当进一步扩大",
        "重大",
        {"prev_level_mishandled": "较大"},
    ),
    ("school3", "h_fees", "乱收费、有偿补课、食堂食品安全", "较大", {"fees": True}),
    ("school3", "h_deathquiet", "学生死亡引发争议的", "较大", {"student_death": True}),
    ("school3", "h_numbers", "单帖阅读或播放超过 1 万", "较大", {"plays": 10_001}),
    ("school3", "h_rest", "对服务、环境、流程等的意见", "一般", {"plays": 10_000}),
]
# Ticks that come to each level of the score, and what each factor says at its highest step.
TOP: Mapping[str, Metric] = {
    "topic": "core",
    "reposts": 50_001,
    "attitude": "extreme",
    "growth": 1001,
    "form": "video_picture",
    "channel": "national",
    "followers": 5000,
}
BANDS: dict[str, Mapping[str, Metric]] = {
    "特别重大": TOP,
    "重大": {**TOP, "growth": 0},  # 20 % from 100 to 10 points: 82
    "较大": {**TOP, "growth": 0, "followers": 0},  # 64
    "一般": {"growth": 1001, "followers": 2000},  # 20 + 6 + 5.5
    "轻微": {},
}
FACTOR_QUOTES = {
    "factor_topic": "一般见解…核心领域",
    "factor_attention": "<10 / 10–1000 / 1000–1万 / 1万–5万 / >5万",
    "factor_attitude": "轻微…极端",
    "factor_spread": "<50% / 50–100 / 100–500 / 500–1000 / >1000%",
    "factor_form": "文字/图文/音频/视频/视频+实图",
    "factor_channel": "一般论坛公众号 / 网易搜狐百家 / 微博微信小红书及区县台",
    "factor_account": "一般 / 行业门户 / 加V或≥1000粉 / 大V或≥3000 / ≥5000",
}
BAND_QUOTES = {
    "特别重大": "≥85 特别重大",
    "重大": "≥70 重大",
    "较大": "≥50 较大",
    "一般": "≥30 一般",
    "轻微": "轻微",
}


def graded(rules: GradingRules, ticks: Mapping[str, Metric]) -> Proposal:
    return propose(rules, ReportFacts(title="一件", metrics=ticks))


def ids(proposal: Proposal) -> set[str]:
    return {reason.rule for reason in proposal.reasons}


@pytest.mark.parametrize(
    ("book", "rule", "quote", "level", "ticks"),
    SENTENCES,
    ids=[f"{s[0]}-{s[1]}" for s in SENTENCES],
)
def test_each_sentence_decides_a_case_and_is_quoted(
    book: str, rule: str, quote: str, level: str, ticks: Mapping[str, Metric]
) -> None:
    proposal = graded(load_shipped(book), ticks)
    reason = next(reason for reason in proposal.reasons if reason.rule == rule)
    assert quote in reason.clause
    assert proposal.level == level
    assert reason.source


@pytest.mark.parametrize(
    ("book", "rule", "quote", "level", "ticks"),
    SENTENCES,
    ids=[f"{s[0]}-{s[1]}" for s in SENTENCES],
)
def test_without_its_rule_a_sentence_decides_nothing(
    book: str, rule: str, quote: str, level: str, ticks: Mapping[str, Metric]
) -> None:
    rules = load_shipped(book)
    without = replace(rules, rules=tuple(one for one in rules.rules if one.id != rule))
    proposal = graded(without, ticks)
    assert quote not in "".join(reason.clause for reason in proposal.reasons)
    lowest = rules.levels[-1].name
    assert proposal.level != level or level == lowest


def test_every_rule_of_every_rulebook_has_its_sentence() -> None:
    have = {(book, rule) for book, rule, *_ in SENTENCES}
    want = {(name, rule.id) for name in shipped_names() for rule in load_shipped(name).rules}
    assert have == want


def test_every_factor_and_band_of_the_score_is_quoted() -> None:
    score = load_shipped("score5").score
    assert score is not None
    assert {one.id for one in score.factors} == set(FACTOR_QUOTES)
    assert all(FACTOR_QUOTES[one.id] in one.clause for one in score.factors)
    assert {one.level for one in score.bands} == set(BAND_QUOTES)
    assert all(BAND_QUOTES[band.level] in band.clause for band in score.bands)


@pytest.mark.parametrize("level", BANDS)
def test_each_band_is_reached_and_lost_without_its_line(level: str) -> None:
    rules = load_shipped("score5")
    assert rules.score is not None
    assert graded(rules, BANDS[level]).level == level
    bands = tuple(band for band in rules.score.bands if band.level != level)
    without = replace(rules, score=replace(rules.score, bands=bands))
    assert graded(without, BANDS[level]).level != level


@pytest.mark.parametrize("factor", FACTOR_QUOTES)
def test_each_factor_counts_and_is_missed_without_its_line(factor: str) -> None:
    rules = load_shipped("score5")
    assert rules.score is not None
    assert factor in ids(graded(rules, TOP))
    factors = tuple(one for one in rules.score.factors if one.id != factor)
    without = replace(rules, score=replace(rules.score, factors=factors))
    missed = graded(without, TOP)
    assert factor not in ids(missed)
    assert missed.reasons[0].fact != graded(rules, TOP).reasons[0].fact


def test_the_weights_of_the_score_total_a_hundred() -> None:
    score = load_shipped("score5").score
    assert score is not None
    assert [factor.weight for factor in score.factors] == [10, 15, 15, 20, 10, 10, 20]


@pytest.mark.parametrize("name", shipped_names())
def test_every_level_says_who_confirms_and_who_is_told(name: str) -> None:
    rules = load_shipped(name)
    ranks = [rules.rank(level.name) for level in rules.levels]
    assert ranks == sorted(range(len(rules.levels)), reverse=True)
    assert all(level.told and level.starter for level in rules.levels)
    sizes = [len(level.told) for level in rules.levels]
    assert sizes == sorted(sizes, reverse=True)
    assert rules.levels[0].needs_signoff
