"""Two versions of a text: what is gone, what is new, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.draft_changes import Kind, Piece, changes

SAME, GONE, NEW = Kind.SAME, Kind.GONE, Kind.NEW


def shown(old: str, new: str) -> str:
    signs = {SAME: "{}", GONE: "[-{}-]", NEW: "{{+{}+}}"}
    return "".join(signs[one.kind].format(one.text) for one in changes(old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("", "已修复。", "{+已修复。+}"),
        ("已修复。", "", "[-已修复。-]"),
        ("已修复。", "已修复。", "已修复。"),
        (
            "积水已于今日排除，感谢监督。",
            "积水已于昨日排除，感谢监督。",
            "积水已于[-今-]{+昨+}日排除，感谢监督。",
        ),
        ("甲已办。乙已办。", "甲已办。丙另行处理。乙已办。", "甲已办。{+丙另行处理。+}乙已办。"),
        (
            "网民反映属实。",
            "我局已对责任人批评教育。",
            "[-网民反映属实。-]{+我局已对责任人批评教育。+}",
        ),
        ("第一行\n第二行", "第一行\n第三行", "第一行\n第[-二-]{+三+}行"),
        (f"{'长' * 301}。", f"{'长' * 300}短。", f"[-{'长' * 301}。-]{{+{'长' * 300}短。+}}"),
    ],
)
def test_what_changed_is_shown_and_the_rest_stays(old: str, new: str, said: str) -> None:
    assert shown(old, new) == said


@given(st.text("甲乙，。\n", max_size=40), st.text("甲乙丙，。\n", max_size=40))
def test_the_pieces_make_up_both_texts(old: str, new: str) -> None:
    pieces = changes(old, new)
    assert "".join(one.text for one in pieces if one.kind is not GONE) == new
    assert "".join(one.text for one in pieces if one.kind is not NEW) == old
    assert Piece(SAME, "") not in pieces
