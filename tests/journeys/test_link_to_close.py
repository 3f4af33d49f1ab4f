"""One case from the forwarded link to its closing, on both engines, told as a chat."""

from datetime import datetime

import pytest

from cases.model import State
from storage.database import Database
from tests.support.office import Office, recipients, to

LINK = "https://www.toutiao.com/article/7249559687354974759/?log_from=abc"
SAME = "https://m.toutiao.com/a7249559687354974759/?share_token=xyz"
NO_ANSWER = "001 不需公开回应,已当面答复反映人"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def test_from_the_forwarded_link_to_the_answer(office: Office) -> None:
    told = office.forwards("wangxiaoyu", TITLE, LINK)
    assert recipients(told) == ["sunlei", "wangxiaoyu", "zhaomin"]
    assert "已登记 001" in to("wangxiaoyu", told)
    assert "建议二级" in to("sunlei", told)
    assert "建议交市城管局" in to("sunlei", told)

    told = office.says("lihang", SAME)
    assert recipients(told) == ["lihang"]
    assert "已并入 001" in to("lihang", told)
    assert "第 2 位" in to("lihang", told)

    told = office.says("sunlei", "定二级,交城管局")
    assert recipients(told) == ["liuyang", "sunlei", "tangbo", "zhouguohua", "市城管局"]
    assert "签收 10:30 前" in to("liuyang", told)

    told = office.says("liuyang", "收到")
    assert recipients(told) == ["liuyang"]
    assert "首报" in to("liuyang", told)

    told = office.says("liuyang", "首报:我局9:40到场,正在抽排")
    assert recipients(told) == ["liuyang", "sunlei", "zhaomin"]

    told = office.says("liuyang", "#001已办结,请审核销号")
    assert "【请定公开回应】001" in to("sunlei", told)
    told = office.says("sunlei", NO_ANSWER)
    assert "【请确认办结】001" in to("zhouguohua", told)
    assert office.case().state is State.CLOSE_REQUESTED

    told = office.says("zhouguohua", "同意")
    assert recipients(told) == ["lihang", "liuyang", "wangxiaoyu", "zhaomin", "zhouguohua"]
    assert office.case().state is State.CLOSED
    assert office.passes(days=30) == []


def test_the_history_tells_everything_and_folds_to_the_case(office: Office) -> None:
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    office.says("liuyang", "收到")
    with office.database.read() as work:
        history = work.cases.history(office.case().id)
        assert work.audit.verify() is None
    kinds = [type(entry.event).__name__ for entry in history]
    assert kinds == ["Registered", "GradeConfirmed", "Assigned", "Signed"]
    assert [entry.by for entry in history] == ["wangxiaoyu", "sunlei", "sunlei", "liuyang"]


def test_the_same_message_heard_twice_is_one_case(office: Office) -> None:
    office.forwards("wangxiaoyu", TITLE, LINK)
    told = office.forwards("wangxiaoyu", TITLE, LINK)
    assert "您已报过 001" in to("wangxiaoyu", told)
    assert office.case().reporters == ("wangxiaoyu",)


def test_a_link_of_a_closed_case_opens_a_new_one_or_offers_the_old(office: Office) -> None:
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("wangxiaoyu", "撤回刚才那条,核对了是外地的事")
    assert office.case().state is State.WITHDRAWN
    assert office.forwards("lihang", TITLE, SAME) != []
    assert office.case("002").reporters == ("lihang",)


def test_numbers_begin_anew_each_day(office: Office) -> None:
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.now = datetime.fromisoformat("2026-11-21T00:00:01+08:00")
    told = office.says("wangxiaoyu", "https://weibo.com/1234567890/R8vcX9C87 三中食堂吃出虫子")
    assert "已登记 001" in to("wangxiaoyu", told)
    with office.database.read() as work:
        assert work.cases.by_number("YQ-20261121-001") is not None


@pytest.mark.parametrize("said", ["001 到哪一步了", "查 1120-001", "YQ-20261120-001 进展如何"])
def test_a_case_is_found_by_every_way_of_saying_its_number(office: Office, said: str) -> None:
    office.forwards("wangxiaoyu", TITLE, LINK)
    assert "待定级" in to("wangxiaoyu", office.says("wangxiaoyu", said))


def test_a_leader_may_send_it_back_and_the_clock_starts_anew(office: Office) -> None:
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    office.says("liuyang", "#001已办结")
    office.says("sunlei", NO_ANSWER)
    told = office.says("zhouguohua", "退回,现场照片没有附上")
    assert "现场照片没有附上" in to("liuyang", told)
    assert office.case().state is State.HANDLING
    with office.database.read() as work:
        running = [clock.step for clock in work.clocks.running(office.case().id)]
    assert "办结" in running
    assert "审核" not in running
