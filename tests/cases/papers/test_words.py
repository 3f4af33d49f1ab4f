"""Sentences about papers: known in full, and nothing that means something else is taken."""

import pytest

from cases.papers.model import Kind
from cases.papers.words import PaperAct, PaperWords, find_paper_words

A = PaperAct


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("文稿12 同意", PaperWords(A.APPROVE, 12)),
        ("同意文稿12", PaperWords(A.APPROVE, 12)),
        ("同意 007 特报", PaperWords(A.APPROVE, case="007", kind=Kind.UPWARD)),
        ("007特报可以报", PaperWords(A.APPROVE, case="007", kind=Kind.UPWARD)),
        ("文稿12 修改意见: 写具体", PaperWords(A.RETURN, 12, text="写具体")),
        (
            "退回007专报，数字不对",
            PaperWords(A.RETURN, case="007", kind=Kind.SPECIAL, text="数字不对"),
        ),
        ("文稿3 补 影响范围：本市", PaperWords(A.FILL, 3, field="影响范围", text="本市")),
        ("文稿3 已报 市委办", PaperWords(A.SENT, 3, text="市委办")),
        ("文稿3已发。", PaperWords(A.SENT, 3)),
        ("文稿3", PaperWords(A.SHOW, 3)),
        ("我的文稿", PaperWords(A.LIST)),
        ("请出一份007的督办单", PaperWords(A.WRITE, case="007", kind=Kind.SUPERVISION)),
        ("重出文稿3", PaperWords(A.WRITE, 3)),
    ],
)
def test_what_is_said_about_a_paper(said: str, meant: PaperWords) -> None:
    assert find_paper_words(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "同意",
        "同意 007",
        "特报已报",
        "007 专报已报市政府办",
        "出一份本周周报",
        "退回007, 该路段由开发商管养",
        "退回特报",
        "快报:人民日报客户端刚发了我县的稿子",
        "同意周报",
        "催办007",
        "007 补充: 播放12万",
        "#004归档,写个复盘",
    ],
)
def test_what_is_about_something_else_is_left_alone(said: str) -> None:
    assert find_paper_words(said) is None
