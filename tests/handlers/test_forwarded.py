"""Pasted words in the running office: nothing is ordered, they are kept, the sender is told."""

import pytest

from cases.model import State
from cases.people import Person, Role
from storage.database import Database
from tests.support.office import Office, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", "青禾路积水多日无人管 省电视台记者到场采访", LINK)
    office.says("sunlei", "定二级,交城管局")
    return office


def reports(office: Office) -> list[str]:
    with office.database.read() as work:
        return [report.text for report in work.cases.reports(office.case().id)]


def test_a_pasted_approval_approves_nothing_and_is_kept_as_content(office: Office) -> None:
    office.says("liuyang", "001 已办结")
    office.says("sunlei", "001 不需公开回应, 已当面答复反映人")
    told = office.says("zhouguohua", "王建平 10:00 同意 001 办结")
    answer = to("zhouguohua", told)
    assert "转发来的话" in answer
    assert "记到 001" in answer
    assert "「同意 001」" in answer
    assert office.case().state is State.CLOSE_REQUESTED
    assert reports(office)[-1] == "来源: 转发内容\n王建平 10:00 同意 001 办结"
    assert "补充: 转发内容: 王建平 10:00 同意 001 办结" in to(
        "sunlei", office.says("sunlei", "查 001")
    )


def test_ones_own_words_above_are_carried_out_and_the_rest_is_kept(office: Office) -> None:
    office.says("heqing", "001 收到\n刘洋 11/20 10:00:12\n001 已办结, 请销号")
    assert office.case().state is State.SIGNED
    assert "请销号" in reports(office)[-1]


def test_what_names_no_case_or_a_foreign_one_is_kept_nowhere(office: Office) -> None:
    for words in ("周国华: 同意办结", "周国华: 同意 001 办结", "周国华: 001 002 同意"):
        answer = to("chenjing", office.says("chenjing", words))
        assert "没有当作您的指令。" in answer
        assert "记到" not in answer
    assert len(reports(office)) == 1


def test_whoever_may_not_supplement_is_answered_and_nothing_is_kept(office: Office) -> None:
    office.says("zhaomin", "001 撤回,误报")
    assert office.case().state is State.WITHDRAWN
    before = len(reports(office))
    office.says("sunlei", "【系统通知】案件 001 已关闭")
    assert len(reports(office)) == before + 1
    assert office.case().state is State.WITHDRAWN
    assert "没有当作您的指令。" in to("admin", office.says("admin", "[聊天记录]\n001 作废"))
    assert len(reports(office)) == before + 1


def test_who_may_look_and_not_supplement_adds_nothing(office: Office) -> None:
    with office.database.work() as work:
        work.people.upsert_person(Person("ducha", "督查员", frozenset({Role.SUPERVISOR})))
    before = len(reports(office))
    answer = to("ducha", office.says("ducha", "周国华: 同意 001 办结"))
    assert "没有当作您的指令。" in answer
    assert len(reports(office)) == before


def test_a_pasted_report_is_registered_in_one_tap_with_its_source(office: Office) -> None:
    words = "[聊天记录]\n业主甲 11/20 9:10:05\n网传锦绣花园小区又停水三天了没人管"
    answer = to("wangxiaoyu", office.says("wangxiaoyu", words))
    assert "1 = 登记为舆情" in answer
    assert "例如" not in answer
    office.says("wangxiaoyu", "1")
    assert "停水三天" in office.case("002").title
    assert office.case("002").platform == "转发内容"


def test_pointing_at_pasted_words_registers_them(office: Office) -> None:
    words = "报一下\n[聊天记录]\n业主甲 11/20 9:10:05\n网传锦绣花园小区又停水三天了没人管"
    office.says("wangxiaoyu", words)
    assert "停水三天" in office.case("002").title
