"""Several reports in one message, and quotes in the old manner."""

import pytest

from cases.chat.several import quoted_and_own, separate_reports

ONE = "【舆情】食堂有虫\n链接：https://weibo.com/1234567890/P0w7ex6A3"
TWO = "【舆情提示】停水三天\n链接：https://tieba.baidu.com/p/9123456789"


def test_one_report_is_one() -> None:
    assert separate_reports(ONE) == (ONE,)
    assert separate_reports("锦绣花园停水") == ("锦绣花园停水",)
    assert separate_reports("") == ()


def test_blocks_begin_at_their_headings() -> None:
    assert separate_reports(f"{ONE}\n\n{TWO}") == (ONE, TWO)
    assert separate_reports(f"1、{ONE}\n\uff12\uff0e{TWO}") == (f"1、{ONE}", f"\uff12\uff0e{TWO}")
    assert separate_reports(f"今天两条\n{ONE}\n{TWO}") == (f"今天两条\n{ONE}", TWO)


def test_headings_below_their_labels_end_a_block() -> None:
    one, two = "链接：https://a.cn/1\n【舆情】食堂有虫", "链接：https://a.cn/2\n【舆情】停水"
    assert separate_reports(f"{one}\n{two}") == (one, two)


def test_without_headings_titles_begin_a_block() -> None:
    one, two = "标题：食堂有虫\n平台：微博", "标题：停水三天\n平台：贴吧"
    assert separate_reports(f"{one}\n{two}") == (one, two)


def test_more_than_ten_stay_together_at_the_end() -> None:
    assert len(separate_reports("\n".join([TWO] * 12))) == 10


@pytest.mark.parametrize(
    ("text", "quoted", "own"),
    [
        ("「李航：停水了」\n- - - - - - -\n报一下", "停水了", "报一下"),
        ("「停水了」\n------\n报一下", "停水了", "报一下"),
        ("「李航：https://a.cn/1」\n- - - - -\n报", "https://a.cn/1", "报"),
        ("「https://a.cn/1」\n- - - - -\n报", "https://a.cn/1", "报"),
        ("「督办：回复「收到」即签收」\n- - - - - -\n报", "回复「收到」即签收", "报"),
        ("「" + "」 " * 1500 + "报", "", "「" + "」 " * 1500 + "报"),
        ("报一下「停水」", "", "报一下「停水」"),
    ],
)
def test_a_quote_is_taken_from_ones_own_words(text: str, quoted: str, own: str) -> None:
    assert quoted_and_own(text) == (quoted, own)


def test_a_heading_without_a_line_end_is_the_last_line() -> None:
    text = "链接：https://a.cn/1\n【舆情】甲\n链接：https://a.cn/2\n【舆情】乙"
    assert separate_reports(text)[1].endswith("【舆情】乙")
