"""Two who answer the same, and words that fit several cases: nobody is left guessing."""

import re

import pytest

from cases.model import State
from storage.database import Database
from tests.support.office import Office, to


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.says(
        "wangxiaoyu", "微博 青禾路积水, 有网友拍视频 https://weibo.com/1234567890/P0w7ex6A3"
    )
    office.says("wangxiaoyu", "微博 三中食堂饭菜有异物 https://weibo.com/1234567891/P0w7ex6A4")
    return office


def test_the_second_grade_and_the_second_order_hear_who_was_first(office: Office) -> None:
    office.says("zhouguohua", "001 定三级")
    office.passes(minutes=5)
    told = to("sunlei", office.says("sunlei", "001 定三级, 交城管局"))
    assert "001 已由周国华于 10:00 处理: 定三级。001 已经是三级, 不用再定。" in told
    assert "001 已交市城管局主办" in told
    told = to("sunlei", office.says("sunlei", "001 交城管局"))
    assert "001 已由孙磊于 10:05 处理: 交市城管局主办。001 本来就由该单位主办, 不用再交。" in told
    assert len(office.case().assignments) == 1


def test_a_second_wish_for_an_end_already_granted_hears_of_it(office: Office) -> None:
    office.says("wangjianping", "001 终止响应")
    told = office.says("zhouguohua", "001 终止响应")
    assert "001 已办结, 不能再终止响应" in to("zhouguohua", told)


def test_words_that_fit_several_are_asked_about_with_numbers(office: Office) -> None:
    for number, who in (("001", "liuyang"), ("002", "yanghui")):
        unit = "城管局" if number == "001" else "教体局"
        office.says("sunlei", f"{number} 定三级, 交{unit}")
        office.says(who, f"收到 {number}")
        office.says(who, f"{number} 申请延期至12月4日, 需做检测")
    told = to("sunlei", office.says("sunlei", "同意延期"))
    assert "要批延期哪一件?" in told
    number = re.findall(r"([0-9]+) = 002", told)[0]
    assert "002 已同意延期至" in to("sunlei", office.says("sunlei", number))
    assert office.case("001").extension is not None
    assert "没有等您选的事项" in to("sunlei", office.says("sunlei", number))


def test_a_command_that_fits_nothing_says_so(office: Office) -> None:
    told = office.says("sunlei", "同意延期")
    assert "没有可以批延期的件" in to("sunlei", told)
    assert office.case().state is State.REPORTED


def test_a_leader_grades_and_gives_in_one_breath(office: Office) -> None:
    told = office.says("zhouguohua", "001 定一级, 央视记者到场, 交城管局")
    assert "001 已定一级" in to("zhouguohua", told)
    assert "拟交市城管局主办" in to("wangjianping", told)
    told = office.says("zhouguohua", "002 定二级, 家长聚集, 交教体局")
    assert "已交市教体局主办" in to("zhouguohua", told)
    assert office.case("002").level == "二级"
