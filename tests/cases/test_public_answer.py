"""What a draft of the public answer is told, and what it is not."""

import pytest

from cases.named_people import named_complainants, named_minors
from cases.public_answer import Earlier, check, self_check, unmet

GOOD = (
    "经核实, 青禾路积水属实, 系管网淤堵。根据《城镇排水与污水处理条例》, 我局已于20日上午疏通管网。"
    "下一步, 11月25日前完成沿线清淤。市城管局, 电话0000-8120101。"
)
NOTHING = Earlier()


def names(text: str, earlier: Earlier = NOTHING) -> list[str]:
    return [finding.name for finding in check(text, earlier)]


def test_a_text_with_all_its_parts_is_in_order() -> None:
    assert check(GOOD, NOTHING) == ()


@pytest.mark.parametrize(
    ("without", "name"),
    [
        (("经核实, ", "属实"), "缺核实情况"),
        (("根据《城镇排水与污水处理条例》, ",), "缺依据"),
        (("我局已于20日上午疏通管网。",), "缺已作处理"),
        (("下一步, 11月25日前完成沿线清淤。",), "缺下一步"),
        ((", 电话0000-8120101",), "缺联系电话"),
    ],
)
def test_each_missing_part_is_named_with_how_to_mend_it(
    without: tuple[str, ...], name: str
) -> None:
    text = GOOD
    for words in without:
        text = text.replace(words, "")
    found = check(text, NOTHING)
    assert [finding.name for finding in found] == [name]
    assert not found[0].must
    assert "写" in found[0].text


@pytest.mark.parametrize("vague", ["近期", "尽快", "即将", "早日", "择机"])
def test_a_time_that_is_none_is_to_be_a_date(vague: str) -> None:
    assert names(f"{GOOD}我局将{vague}回访。") == ["空泛时间"]


@pytest.mark.parametrize(
    ("leak", "name"),
    [
        ("反映人电话13800138000", "个人号码"),
        ("身份证110101199003078515", "个人号码"),
        ("位于锦绣花园3号楼2单元501室", "详细住址"),
        ("住3单元501", "详细住址"),
        ("车牌云A12345", "车牌"),
        ("受伤学生李小明已出院", "未成年人姓名"),
        ("三年级2班王小雨同学", "未成年人姓名"),
    ],
)
def test_personal_data_must_be_mended_by_everybody(leak: str, name: str) -> None:
    found = check(f"{GOOD}{leak}。", NOTHING)
    assert [(finding.name, finding.must) for finding in found] == [(name, True)]


def test_an_offices_own_phone_may_stand_in_it() -> None:
    earlier = Earlier(phones=("13900139000",))
    assert names(GOOD.replace("0000-8120101", "13900139000"), earlier) == []


def test_a_name_that_looks_like_a_complainants_may_be_overruled() -> None:
    found = check(f"{GOOD}感谢网友陈大勇反映。", NOTHING)
    assert [(finding.name, finding.must) for finding in found] == [("反映人信息", False)]


@pytest.mark.parametrize(
    "text",
    ["网友高度关注", "市民方便出行", "反映人张某", "网民反映积水", "家长时间安排", "业主方面反映"],
)
def test_words_that_only_begin_like_a_name_are_none(text: str) -> None:
    assert named_complainants(text) == ()


def test_pupils_are_no_complainants_too() -> None:
    assert named_minors("家长带学生周小宝来电") == ("周小宝",)
    assert names(f"{GOOD}学生周小宝来电。") == ["未成年人姓名"]


@pytest.mark.parametrize(
    ("verdict", "text", "agrees"),
    [
        ("属实", "情况属实", True),
        ("属实", "情况不属实", False),
        ("属实", "情况部分属实", False),
        ("部分属实", "停水属实, 收费不实", True),
        ("不属实", "网传内容不实", True),
        ("查无实据", "网传内容不属实", True),
        ("不属实", "情况属实", False),
        ("不属实", "没有写结论", True),
        ("", "情况属实", True),
    ],
)
def test_the_verdict_is_the_one_that_was_reported(verdict: str, text: str, agrees: bool) -> None:
    found = names(f"{GOOD.replace('属实', '清楚')}{text}。", Earlier(verdict=verdict))
    assert found == ([] if agrees else ["与核实结果不一致"])


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (("3人受伤",), "3人受伤", []),
        (("3人受伤",), "2人受伤", ["数字不一致"]),
        (("3人受伤", "4人受伤"), "4人受伤", []),
        (("三人受伤",), "3人受伤", []),
        (("两户居民断水",), "5户居民断水", ["数字不一致"]),
        (("3人受伤",), "12户居民受影响", []),
        (("3人受伤",), "无人员伤亡", ["伤亡不一致"]),
        (("无人员伤亡",), "1人轻伤", ["伤亡不一致"]),
        (("3人",), "2人", []),
    ],
)
def test_numbers_told_earlier_are_the_same(
    before: tuple[str, ...], now: str, found: list[str]
) -> None:
    assert names(f"{GOOD}{now}。", Earlier(statements=before)) == found


@pytest.mark.parametrize(
    ("condition", "text", "left"),
    [
        ("原则同意, 第二段‘个别’两字删掉再发", "个别路段", ("「个别」还没有删去",)),
        ("原则同意, 第二段‘个别’两字删掉再发", "路段", ()),
        ("同意, 加一句“深表歉意”后发", "没有", ("「深表歉意」还没有加上",)),
        ("同意, 加一句“深表歉意”后发", "深表歉意", ()),
        ("同意, 语气再缓和些", "没有", ()),
        ("同意, ‘个别’请斟酌", "个别", ()),
    ],
)
def test_quoted_words_of_a_condition_are_looked_for(
    condition: str, text: str, left: tuple[str, ...]
) -> None:
    assert unmet(condition, text) == left


def test_the_gravest_stands_first_and_all_are_numbered() -> None:
    found = check("电话13800138000, 尽快处理", NOTHING)
    assert found[0].must
    lines = self_check(found).splitlines()
    assert lines[0].startswith("1. ")
    assert len(lines) == len(found)
