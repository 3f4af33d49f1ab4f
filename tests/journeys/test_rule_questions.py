"""The written rules of time, asked in chat: nothing happens to any case by asking."""

import pytest

from storage.database import Database
from tests.support.office import Office, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    made = Office(sqlite_database)
    made.forwards("wangxiaoyu", TITLE, LINK)
    made.says("sunlei", "定二级,交城管局")
    return made


def asks(office: Office, words: str) -> str:
    return to("liuyang", office.says("liuyang", words))


def test_a_ladder_is_one_plain_sentence(office: Office) -> None:
    told = asks(office, "二级签收怎么催")
    assert told.startswith("二级 签收 (暂定): 交办 20 分钟未签收提醒联络员; 30 分钟再提醒; 超时后")
    assert "1 小时提醒副职" in told
    every = asks(office, "签收多久提醒一次").splitlines()
    assert [line[:5] for line in every] == ["一级 签收", "二级 签收", "三级 签收"]
    assert "首报" in asks(office, "催办规则")
    assert "例如: 二级办结怎么催" in asks(office, "二级怎么催")
    assert "不提醒" in asks(office, "三级续报怎么提醒")


def test_asking_about_signing_signs_nothing(office: Office) -> None:
    asks(office, "签收多久提醒一次")
    lead = office.case().lead
    assert lead is not None
    assert lead.signed_at is None


def test_the_limits_of_a_level_fit_one_message(office: Office) -> None:
    told = asks(office, "二级的时限是多少")
    assert "签收: 交办后 30 分钟 (暂定)" in told
    assert "办结: 交办后 5 个工作日" in told
    assert len(told.encode()) < 2048
    assert asks(office, "二级首报时限").startswith("二级 首报: 交办 90 分钟")


def test_a_deadline_is_tried_out_step_by_step(office: Office) -> None:
    told = asks(office, "如果9月30日16:00交办, 二级什么时候首报")
    assert "试算 二级 首报:" in told
    assert "自交办起算" in told
    assert "3 天" not in told
    longer = asks(office, "试算三级投诉办结 11月20日16:00")
    assert "截止: 2026-12-01 周二 17:30" in longer
    both = asks(office, "如果现在登记, 一级什么时候回应")
    assert "回应时限 2026-11-20 周五 15:00" in both
    assert "发布会时限 2026-11-21 周六 10:00" in both


def test_what_cannot_be_tried_out_says_why(office: Office) -> None:
    assert "请写明等级 (一级、二级、三级)" in asks(office, "如果现在交办什么时候首报")
    assert "三级的续报没有固定时限" in asks(office, "如果现在交办, 三级什么时候续报")
