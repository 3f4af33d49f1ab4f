"""Facts from free text, platform and publisher: who reported, what was denied, what is in doubt."""

import csv
from pathlib import Path

import pytest

from cases.grading import ReportFacts, propose
from cases.grading.conditions import Fact, Origin
from cases.grading.reading import MEDIA_TIER, read_facts
from config.rulebook_grading import load_shipped

DATA = Path(__file__).parents[1] / "data" / "grading_texts.tsv"
with DATA.open(encoding="utf-8", newline="") as file:
    TEXTS = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
COUNTY, CITY, AGENCY = (load_shipped(name) for name in ("county4", "city3", "agency2"))


@pytest.mark.parametrize("row", TEXTS, ids=[f"{n}" for n, _ in enumerate(TEXTS, 2)])
def test_a_text_comes_to_its_level(row: dict[str, str]) -> None:
    report = ReportFacts(row["title"], row["abstract"], row["platform"], row["source_media"])
    assert propose(load_shipped(row["rulebook"]), report).level == row["level"]


def fact(text: str, name: str, platform: str = "", publisher: str = "") -> Fact | None:
    """Return a fact of a text; each rulebook reads only the facts its rules speak of."""
    report = ReportFacts(text, "", platform, publisher)
    for rules in (COUNTY, CITY, AGENCY):
        found = read_facts(rules, report).facts.get(name)
        if found:
            return found
    return None


def casualty(text: str) -> bool | None:
    found = fact(text, "work_casualty")
    assert found is not None
    return found.truth


@pytest.mark.parametrize(
    "text",
    [
        "工地坍塌，无人员伤亡",
        "工地坍塌，没有人员伤亡",
        "工地坍塌，未造成人员伤亡",
        "工地坍塌，暂无人员伤亡报告",
        "工地坍塌，未发现人员受伤",
        "工地坍塌，无财产损失及人员伤亡",
        "工地坍塌，0伤亡",
        "工地坍塌，零伤亡",
        "工地坍塌，人员伤亡情况：无",
        "工地坍塌，不存在人员伤亡",
        "网友称工地有人死亡。经核实，无人员死亡。",
    ],
)
def test_a_denial_is_a_no(text: str) -> None:
    assert casualty(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "是否有人员伤亡，工地情况不明",
        "工地是否有人员伤亡尚不清楚",
        "不排除工地有人员伤亡",
        "疑似工地有人员伤亡",
        "网传工地2人死亡",
        "一旦工地坍塌，将有人员伤亡",
        "担心工地有人员伤亡",
        "工地死亡2人的消息系谣言",
        "工地有人死亡吗？",
        "工地应急演练，3人受伤",
        "存在工地人员伤亡风险",
        "一老人摔倒受伤",
    ],
)
def test_what_is_doubtful_is_asked_not_decided(text: str) -> None:
    assert casualty(text) is None
    proposal = propose(COUNTY, ReportFacts(text))
    assert proposal.level == "一般"
    assert "work_casualty" in {one.fact for one in proposal.ask}


@pytest.mark.parametrize(
    "text",
    [
        "工地坍塌致2人死亡",
        "工地10人死亡",
        "无证施工致3人死亡",
        "未按规定作业，工地1人死亡",
        "工地2人受伤，无人死亡",
        "网友质疑工地2人死亡",
        "工地未戴安全帽，1人坠亡",
    ],
)
def test_a_statement_is_a_yes(text: str) -> None:
    assert casualty(text) is True


def tiers(text: str = "", platform: str = "", publisher: str = "") -> set[str]:
    found = fact(text, MEDIA_TIER, platform, publisher)
    return set(found.values) if found else set()


@pytest.mark.parametrize(
    ("publisher", "tier"),
    [
        ("人民日报", "central"),
        ("人民日报客户端", "central"),
        ("@央视新闻", "central"),
        ("央视新闻微博", "central"),
        ("新华网湖北频道", "central"),
        ("新华社记者", "central"),
        ("微博@人民日报", "central"),
        ("新浪新闻", "portal"),
        ("澎湃新闻", "portal"),
        ("湖北日报", "province"),
        ("湖北日报客户端", "province"),
        ("湖南卫视", "province"),
        ("江城都市报", "province"),
        ("湖北广播电视台", "province"),
        ("荆楚网", "province_site"),
        ("云南新闻网", "province_site"),
        ("云溪日报", "city_site"),
        ("云溪市电视台", "city_site"),
        ("云溪市融媒体中心", "city_site"),
        ("云溪县融媒体中心", "city_other"),
        ("临江区电视台", "city_other"),
        ("中央电视台", "central"),
        ("中央广播电台", "central"),
        ("网友小北", "none"),
        ("人民网领导留言板", "none"),
        ("央视网友", "none"),
        ("新华书店", "none"),
        ("前央视记者王某的个人微博", "none"),
        ("网易号云溪观察", "none"),
        ("知名大V老李", "none"),
    ],
)
def test_whose_post_it_is(publisher: str, tier: str) -> None:
    assert tiers(publisher=publisher, platform="微博") == {tier}


@pytest.mark.parametrize(
    "publisher", ["云溪身边事", "央视花园物业", "报", "湖北老乡", "湖北日报大厦"]
)
def test_an_unknown_publisher_is_no_medium(publisher: str) -> None:
    assert tiers(publisher=publisher, platform="抖音") == set()


@pytest.mark.parametrize(
    ("platform", "publisher", "tier"),
    [
        ("领导留言板", "人民网", "none"),
        ("人民网领导留言板", "", "none"),
        ("红网百姓呼声", "红网", "none"),
        ("人民日报客户端", "", "central"),
        ("新浪新闻", "", "portal"),
        ("荆楚网", "", "province_site"),
        ("抖音", "央视新闻", "central"),
        ("今日头条", "湖北日报", "province"),
        ("人民网", "网友李某", "none"),
    ],
)
def test_the_platform_counts_only_where_the_medium_speaks(
    platform: str, publisher: str, tier: str
) -> None:
    assert tiers("积水问题", platform, publisher) == {tier}


@pytest.mark.parametrize("platform", ["抖音", "微博", "今日头条", "本地论坛", "某平台", ""])
def test_a_platform_for_everybody_says_nothing_of_media(platform: str) -> None:
    assert tiers("积水问题", platform) <= {"none"}


def test_a_citizen_who_posts_on_a_mediums_site_is_no_medium() -> None:
    assert tiers("网友在此发帖反映积水", "人民网") == set()


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("央视已联系采访", "central"),
        ("接到人民日报采访函", "central"),
        ("被新华社点名", "central"),
        ("人民日报：云溪为何屡屡积水", "central"),
        ("湖北日报记者到场", "province"),
        ("省台要播", "province"),
        ("多家省级媒体转载", "province"),
        ("云溪日报刊发读者来信", "city_site"),
        ("《焦点访谈》播出", "central"),
        ("央媒关注此事", "central"),
        ("央视记者", "central"),
        ("央视报道，网友热议", "central"),
        ("人民日报刊文，评论区骂声一片", "central"),
    ],
)
def test_media_that_took_it_up(text: str, tier: str) -> None:
    assert tiers(text) == {tier}


@pytest.mark.parametrize(
    "text",
    [
        "已向央视爆料",
        "@央视新闻 求关注",
        "扬言找央视曝光",
        "希望人民日报报道",
        "如果央视曝光就麻烦了",
        "网传央视要来采访",
        "网友在人民网发布帖子",
        "冒充新华社记者采访",
        "人民日报客户端评论区有人发布质疑",
        "央视2019年报道过",
        "拨打央视热线投诉",
        "央视",
        "有媒体报道此事",
    ],
)
def test_media_only_spoken_of_are_asked(text: str) -> None:
    found = fact(text, MEDIA_TIER)
    assert found is not None
    assert not found.values
    assert not found.exact
    proposal = propose(CITY, ReportFacts(text))
    assert proposal.level == "三级"
    asked = {one.fact: one.question for one in proposal.ask}
    assert "提到" in asked[MEDIA_TIER]


@pytest.mark.parametrize(
    "text", ["近日报道积水", "昨日报警", "城市台阶破损", "及早报名", "健康报告", "日报", "心潮起伏"]
)
def test_words_that_only_look_like_media(text: str) -> None:
    assert tiers(text) == set()
    assert fact(text, MEDIA_TIER) is None


@pytest.mark.parametrize("text", ["没有媒体关注", "暂无媒体报道", "媒体均未介入", "未引起媒体关注"])
def test_no_media_is_known_and_not_asked(text: str) -> None:
    proposal = propose(CITY, ReportFacts(text))
    assert MEDIA_TIER not in {one.fact for one in proposal.ask}
    assert fact(text, "press_tv") == Fact("press_tv", Origin.TEXT, "没有媒体", truth=False)


def test_one_tier_denied_leaves_the_others_open() -> None:
    found = fact("央视没有报道", MEDIA_TIER)
    assert found is not None
    assert found.excluded == {"central"}
    assert not found.exact


def test_television_that_only_asks_has_not_reported() -> None:
    asked = fact("云溪市电视台联系采访", "press_tv")
    assert asked is not None
    assert asked.truth is None
    contact = fact("云溪市电视台联系采访", "contact_only")
    assert contact is not None
    assert contact.truth
    reported = fact("云溪市电视台播出此事", "press_tv")
    assert reported is not None
    assert reported.truth


def test_a_site_is_no_press() -> None:
    assert fact("荆楚网刊发此事", "press_tv") is None
    press = fact("积水", "press_tv", "微博", "云溪日报")
    assert press is not None
    assert press.origin is Origin.PUBLISHER


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("登上微博热搜第3", {"national"}),
        ("登上同城热榜第5", {"local"}),
        ("冲上抖音本地热榜", {"local"}),
        ("微博热搜、同城榜都有", {"national", "local"}),
        ("未登上热搜", set()),
        ("业主想买热搜", set()),
    ],
)
def test_hot_lists_and_their_scope(text: str, scopes: set[str]) -> None:
    found = fact(text, "hot")
    assert found is not None
    assert found.values == scopes


def test_a_platform_implies_what_goes_with_it() -> None:
    rules = load_shipped("score5")
    facts = read_facts(rules, ReportFacts("积水", "", "抖音")).facts
    assert facts["form"].values == {"video"}
    assert facts["channel"].origin is Origin.PLATFORM
    cold = read_facts(AGENCY, ReportFacts("吐槽", "", "微信公众号")).facts["forum_cold"]
    assert cold.truth


def test_the_name_of_a_publisher_shows_a_celebrity() -> None:
    assert propose(AGENCY, ReportFacts("质疑出警慢", "", "微博", "大V老李")).level == "重大"


def test_a_calm_that_is_denied_says_nothing() -> None:
    found = fact("并非态势平稳", "rapid")
    assert found is None


def test_a_form_that_is_denied_is_no_form() -> None:
    rules = load_shipped("score5")
    assert "form" not in read_facts(rules, ReportFacts("网友发帖，没有配图")).facts


def test_an_endless_text_is_read_only_so_far() -> None:
    text = "央视" * 1_000_000
    assert fact(text, MEDIA_TIER) is not None
    assert propose(CITY, ReportFacts("停水" * 2000 + "，人民日报报道")).level == "三级"


def test_both_forms_of_a_post_are_seen() -> None:
    rules = load_shipped("score5")
    reasons = propose(rules, ReportFacts("网友发布视频，并晒图若干")).reasons
    assert any("视频+实图" in reason.fact for reason in reasons)
