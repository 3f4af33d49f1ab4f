"""Outside text in our messages: nothing in it is live, and it fits (C13 to C16)."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.encoding import as_seen, cut_bytes, wecom_field, wecom_lines

LIVE = "<>&@[]`*_#|$~\\"
HOSTILE = '<@all> @所有人 [点我](http://evil) <font color="warning">已关闭</font> `x` '


def test_c13_a_hostile_title_is_readable_and_inert() -> None:
    shown = wecom_field(HOSTILE)
    assert not set(LIVE) & set(shown)
    assert "://" not in shown
    assert "已关闭" in shown


def test_c14_an_id_translation_is_shown_as_text() -> None:
    assert "$" not in wecom_field("$userName=zhangsan$ $departmentName=1$")


def test_c15_an_html_link_is_shown_as_text() -> None:
    assert wecom_field('<a href="http://evil.com">x</a>') == (
        '\uff1ca href="http：//evil\uff0ecom"\uff1ex\uff1c/a\uff1e'
    )


@pytest.mark.parametrize("domain", ["evil.com", "www.evil.com.cn", "a-b.example"])
def test_a_bare_domain_does_not_become_a_link(domain: str) -> None:
    assert re.search(r"[A-Za-z0-9]\.[A-Za-z]", wecom_field(f"看{domain}这里")) is None


def test_ordinary_words_stay_as_they_are() -> None:
    text = "青禾路积水30厘米（3.2万播放），已处置 50%!"
    assert wecom_field(text) == text


def test_a_line_break_cannot_imitate_a_line_of_ours() -> None:
    assert wecom_field("a\n【系统通知】已办结\r\nb\u2028c") == "a 【系统通知】已办结 b c"


def test_a_draft_keeps_its_lines_and_each_is_inert() -> None:
    assert wecom_lines("您好:\n# <b>\n\n结束", 100) == "您好:\n\uff03 \uff1cb\uff1e\n\n结束"
    assert wecom_lines("一\n二") == "一\n二"


def test_what_nobody_sees_is_removed() -> None:
    assert wecom_field("停\u202e水\u200b了\x00\ud800") == "停水了 \ufffd".replace(
        " \ufffd", " \ufffd"
    )


@given(st.text(), st.integers(0, 60))
def test_a_field_is_inert_visible_stable_and_fits(text: str, limit: int) -> None:
    shown = wecom_field(text, limit)
    assert len(shown.encode()) <= limit
    assert not set(LIVE) & set(shown)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs"}]
    assert wecom_field(shown) == shown.strip()


@pytest.mark.parametrize(
    ("limit", "shown"),
    [
        (13, "一二三四a"),
        (12, "一二三…"),
        (11, "一二…"),
        (5, "…"),
        (3, "…"),
        (2, ""),
        (0, ""),
        (-1, ""),
    ],
)
def test_text_is_cut_between_characters(limit: int, shown: str) -> None:
    assert cut_bytes("一二三四a", limit) == shown


def test_c16_a_title_of_700_characters_leaves_room_for_what_follows() -> None:
    title = wecom_field("积" * 700, 120)
    assert title == "积" * 39 + "…"


def test_an_accent_is_not_left_behind_by_its_letter() -> None:
    assert cut_bytes("ae\u0301bcdef", 5) == "a…"


def test_what_nobody_sees_is_left_out_of_what_is_shown() -> None:
    assert as_seen("停\u202e水\u200b了\x1b[31m\x9b\u2066\ufeff\ud800") == "停水了[31m"
    assert as_seen("一行\n二行\t三") == "一行\n二行\t三"
    assert as_seen("青禾路 积水") == "青禾路 积水"
