"""Masking and the guard against classified matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.masking import classified_reason, mask

PHONE = "13800138000"


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "138.0013.8000",
        "1\u200b3800\u200d138000",
        "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10",
    ],
)
def test_a_mobile_number_keeps_its_ends_however_it_is_written(written: str) -> None:
    assert mask(f"电话{written}，请回") == "电话138****8000，请回"


@pytest.mark.parametrize("prefix", ["+86", "86", "0086", "+86 ", "+86-"])
def test_the_country_code_does_not_hide_a_number(prefix: str) -> None:
    assert mask(f"电话{prefix}{PHONE}").endswith("138****8000")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("330102199001011234", "330*************34"),
        ("33010219900101123X", "330*************3X"),
        ("33010219900101123x", "330*************3x"),
        ("330102 19900101 1234", "330*************34"),
        ("330102900101123", "330**********23"),
    ],
)
def test_an_id_number_is_masked_in_its_usual_forms(written: str, shown: str) -> None:
    assert mask(f"身份证:{written}。") == f"身份证:{shown}。"


@pytest.mark.parametrize(
    "text",
    [
        "转发5600 评论1380",
        "微博 5320265912291527",
        "抖音 7512756548356492544",
        "1380013800",
        "138001380001",
        "12800138000",
        "330102199013011234",
        "330102199001321234",
        "YQ-20261120-007",
        "https://weibo.com/u/13800138000?id=330102199001011234",
        "weibo.com/13800138000/R8vcX9C87",
        "www.a.example?tel=13800138000",
        "市城管局,电话0000-1234567",
        "请拨12345热线或110，400-800-1234",
        "排水公司值班电话 (0571)87654321",
        "",
    ],
)
def test_other_numbers_urls_and_offices_phones_stay(text: str) -> None:
    assert mask(text) == text


def test_words_after_a_url_are_masked_again() -> None:
    assert mask(f"https://a.example/{PHONE}，{PHONE}") == f"https://a.example/{PHONE}，138****8000"


def test_a_landline_of_nobody_in_office_is_masked() -> None:
    assert mask("家里电话0571-87654321") == "家里电话057*****4321"
    assert mask("市城管局已到场。我家0571-87654321").endswith("057*****4321")


def test_a_published_phone_stays() -> None:
    assert mask(f"值班{PHONE} 我13900139000", {"138-0013-8000"}) == f"值班{PHONE} 我139****9000"
    assert mask("我家0571-87654321", {"0571-87654321"}) == "我家0571-87654321"


@given(st.text(), st.text())
def test_no_mobile_number_survives_between_other_words(before: str, after: str) -> None:
    assert PHONE not in mask(f"{before}\n{PHONE}\n{after}")


@given(st.text(st.characters(codec="utf-8")))
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize(
    ("text", "marking"),
    [
        ("绝密★启用前", "绝密★"),
        ("机密★10年\n关于…的通知", "机密★"),
        ("秘 密 ★ 5年", "秘 密 ★"),
        ("标题\n【机密】\n正文", "【机密】"),
        ("秘密", "秘密"),
        ("转发一份机密文件", "机密文件"),
        ("这是秘密级材料", "秘密级"),
        ("网上流传有机密内容", "机密"),
        ("帖子附有涉密材料照片", "涉密"),
        ("疑似泄露国家秘密", "国家秘密"),
        ("保密期限:10年", "保密期限"),
        ("照片里有部队番号", "部队番号"),
        ("绝\u200b密", "绝密"),
        ("内部明电", "内部明电"),
    ],
)
def test_a_marking_stops_the_intake_and_is_all_the_reason_quotes(text: str, marking: str) -> None:
    assert classified_reason(text) == f"文中有“{marking}”字样"


@pytest.mark.parametrize(
    "text",
    [
        "网民反映青禾路积水严重",
        "手机密码被盗",
        "司机密切关注路况",
        "飞机密集起降扰民",
        "人群密集，危机密布",
        "网民称商业机密被窃",
        "涉及商业秘密的投诉",
        "经核实，内容不涉密",
        "是否涉密待核",
        "不涉及国家秘密",
        "宣传保守国家秘密法活动",
        "秘密拍摄视频举报食堂",
        "银行卡密码泄露",
        "",
    ],
)
def test_ordinary_words_do_not_stop_the_intake(text: str) -> None:
    assert classified_reason(text) is None
