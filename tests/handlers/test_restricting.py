"""限定知悉 in the running office: to whoever may not know, the case is as if it did not exist."""

import pytest

from storage.database import Database
from tests.support.office import Office, recipients, to


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", "https://weibo.com/1234567890/P0w7ex6A3")
    return office


def test_its_reporter_hears_what_a_number_that_does_not_exist_gets(office: Office) -> None:
    assert "001《" in to("wangxiaoyu", office.says("wangxiaoyu", "查 001"))
    told = office.says("sunlei", "001 限定知悉")
    assert "已限定知悉" in to("sunlei", told)
    assert "【限定知悉】001" in to("zhaomin", told)
    for said in ("查 {}", "{} 补充: 又有人发了", "{} 误报,作废"):
        hidden = to("wangxiaoyu", office.says("wangxiaoyu", said.format("001")))
        assert hidden == to("wangxiaoyu", office.says("wangxiaoyu", said.format("099")))
    assert "001" not in to("wangxiaoyu", office.says("wangxiaoyu", "在办清单"))
    office.says("zhouguohua", "001 解除限定知悉")
    assert "001《" in to("wangxiaoyu", office.says("wangxiaoyu", "查 001"))


def test_those_who_handle_it_go_on_and_no_group_hears_of_it(office: Office) -> None:
    office.says("sunlei", "001 限制知悉范围")
    told = office.says("sunlei", "001 定二级,交教体局")
    assert "yanghui" in recipients(told)
    assert "市教体局" not in recipients(told)
    assert "已签收" in to("yanghui", office.says("yanghui", "收到 001"))
    assert "市教体局" not in recipients(office.says("zhaomin", "催 001"))


def test_who_may_not_and_what_is_so_already_are_refused(office: Office) -> None:
    assert "限定知悉范围由" in to("zhaomin", office.says("zhaomin", "001 限定知悉"))
    assert "没有限定知悉" in to("sunlei", office.says("sunlei", "001 解除限定知悉"))
    office.says("sunlei", "限定知悉")
    assert "已经限定知悉" in to("sunlei", office.says("sunlei", "001 限定知悉"))
