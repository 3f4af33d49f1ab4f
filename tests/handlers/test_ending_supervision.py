"""解除督办 in the running office: a leader's word, whenever it comes."""

import pytest

from storage.database import Database
from tests.support.office import Office, to


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    link = "https://www.toutiao.com/article/7249559687354974759/"
    office.forwards("wangxiaoyu", "青禾路积水多日无人管 省电视台记者到场采访", link)
    office.says("sunlei", "定二级,交城管局")
    office.says("zhouguohua", "001挂牌督办")
    return office


@pytest.mark.parametrize("words", ["001可以摘牌了", "解除督办", "撤销001挂牌督办", "取消001督办"])
def test_a_leader_ends_it_and_the_unit_hears(office: Office, words: str) -> None:
    office.passes(hours=2)
    told = office.says("wangjianping", words)
    assert "001 已解除督办" in to("wangjianping", told)
    assert "【解除督办】001" in to("liuyang", told)
    assert not office.case().supervised


def test_nobody_else_does_and_hears_who_may(office: Office) -> None:
    for who in ("sunlei", "liuyang"):
        assert "解除督办由分管领导、主要领导、上级督查来做" in to(who, office.says(who, "001 摘牌"))
    assert office.case().supervised


def test_what_is_not_supervised_cannot_be_ended(office: Office) -> None:
    office.says("zhouguohua", "001 解除督办")
    told = office.says("zhouguohua", "001 解除督办")
    assert "没有挂牌督办" in to("zhouguohua", told)
