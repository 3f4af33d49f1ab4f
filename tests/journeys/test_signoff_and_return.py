"""签批 of the top grade, and a unit that says it is not its duty."""

import pytest

from cases.model import State
from storage.database import Database
from tests.support.office import Office, recipients, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


@pytest.fixture
def top(office: Office) -> Office:
    office.forwards("wangxiaoyu", "央视报道我市青禾路积水", LINK)
    return office


def test_the_top_grade_is_confirmed_by_a_leader_and_signed_off_by_the_chief(top: Office) -> None:
    told = top.says("sunlei", "001 定一级")
    assert "分管领导" in to("sunlei", told)
    assert top.case().level is None

    top.says("zhouguohua", "001 定一级")
    told = top.says("sunlei", "001 交城管局主办,住建局协办")
    assert recipients(told) == ["sunlei", "wangjianping"]
    assert top.case().state is State.APPROVED

    told = top.says("zhouguohua", "同意 001")
    assert "主要领导" in to("zhouguohua", told)
    assert top.case().state is State.APPROVED

    told = top.says("wangjianping", "同意,抓紧")
    people = ["chenjing", "liuyang", "tangbo", "wangjianping", "zhouguohua"]
    assert recipients(told) == [*people, "市住建局", "市城管局"]
    assert top.case().state is State.ASSIGNED


def test_a_signoff_nobody_gives_climbs_but_never_grants_itself(top: Office) -> None:
    top.says("zhouguohua", "001 定一级")
    top.says("sunlei", "001 交城管局")
    told = top.passes(hours=6)
    assert "zhaomin" in recipients(told)
    assert top.case().state is State.APPROVED


def test_a_refused_signoff_goes_back_to_the_office(top: Office) -> None:
    top.says("zhouguohua", "001 定一级")
    top.says("sunlei", "001 交城管局")
    told = top.says("wangjianping", "退回,先核实清楚")
    assert "先核实清楚" in to("sunlei", told)
    assert top.case().state is State.GRADED


def test_a_return_is_ruled_on_once(office: Office) -> None:
    office.forwards("wangxiaoyu", "青禾路积水 省电视台采访", LINK)
    office.says("sunlei", "定二级,交城管局")
    told = office.says("liuyang", "#001退回,该路段产权未移交,请转住建局")
    assert "产权未移交" in to("sunlei", told)
    assert not [one for one in office.passes(hours=2) if one.to == "liuyang"]

    told = office.says("sunlei", "001转给住建局处理,不归城管")
    assert "【交办】001" in to("chenjing", told)
    assert "不用再办" in to("liuyang", told)

    told = office.says("chenjing", "001退回,不属于我单位职责")
    assert "不能再退回" in to("chenjing", told)


def test_a_unit_name_nobody_knows_is_asked_about(office: Office) -> None:
    office.forwards("wangxiaoyu", "青禾路积水 省电视台采访", LINK)
    office.says("sunlei", "001 定二级")
    told = office.says("sunlei", "001 交火星局")
    assert "没有「火星局」" in to("sunlei", told)
    assert office.case().state is State.GRADED


def test_two_open_cases_are_asked_about_and_one_digit_answers(office: Office) -> None:
    office.forwards("wangxiaoyu", "青禾路积水 省电视台采访", LINK)
    office.forwards("lihang", "青禾路垃圾成堆", "https://weibo.com/1234567890/R8vcX9C87")
    office.says("sunlei", "001 定二级, 交城管局")
    office.says("sunlei", "002 定二级, 交城管局")
    told = office.says("liuyang", "首报: 已到现场")
    question = to("liuyang", told)
    assert "哪一件" in question
    number = question.split(" = 001")[0].split()[-1]
    office.says("liuyang", number)
    assert office.case("001").state is State.VERIFYING
    assert office.case("002").state is State.ASSIGNED
