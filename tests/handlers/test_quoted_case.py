"""什么情况 below a quoted message about a case asks how that case stands."""

import pytest

from handlers.quoted_case import asks_about_quoted
from storage.database import Database
from tests.support.office import Office, to

REMINDER = "【提醒】001《青禾路积水》二级\n签收时限 10:30。回复「收到 001」即签收。"


@pytest.mark.parametrize(
    "own",
    ["什么情况", "啥情况?", "到哪了", "到哪一步了？", "这个怎么样了", "有进展吗", "@督办 什么进展"],
)
def test_a_bare_question_below_a_quote_is_about_the_quoted_case(own: str) -> None:
    assert asks_about_quoted(own, REMINDER)


@pytest.mark.parametrize(
    ("own", "quoted"),
    [
        ("收到", REMINDER),
        ("什么情况下可以延期", REMINDER),
        ("什么情况", ""),
        ("什么情况", "青禾路又积水了"),
        ("什么情况", "001 并入 002"),
    ],
)
def test_anything_else_is_not(own: str, quoted: str) -> None:
    assert not asks_about_quoted(own, quoted)


def test_the_quoted_title_tells_which_days_number_is_meant(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", "https://weibo.com/1234567890/P0w7ex6A3")
    office.passes(days=1)
    office.forwards("wangxiaoyu", "青禾路积水", "https://weibo.com/1234567890/P0w7ex6A4")
    for title in ("三中食堂吃出虫子", "青禾路积水"):
        told = office.says("sunlei", f"「督办: 【提醒】001《{title}》拟三级」\n- - - - -\n什么情况")
        assert to("sunlei", told).startswith(f"001《{title}》")
    hidden = office.says("chenjing", "「001《青禾路积水》」\n- - - - -\n什么情况")
    assert "没有找到这个编号" in to("chenjing", hidden)
