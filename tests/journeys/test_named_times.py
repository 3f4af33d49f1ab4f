"""An order may name the time of one step (首报, 回应, 办结): that step goes by it."""

from datetime import timedelta

import pytest

from storage.database import Database
from tests.support.office import MORNING, Office, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定三级")
    return office


def dues(office: Office) -> dict[str, timedelta]:
    with office.database.read() as work:
        running = work.clocks.running(office.case().id)
    return {clock.step: clock.due_at - MORNING for clock in running}


def test_without_a_time_every_step_goes_by_the_rules(office: Office) -> None:
    office.says("sunlei", "001 交城管局")
    by_rule = dues(office)
    assert {"签收", "首报", "办结", "回应"} <= set(by_rule)


@pytest.mark.parametrize(
    ("said", "step", "hours"),
    [
        ("001 交城管局, 今天14:00前首报", "首报", 4),
        ("001 交城管局, 今天16:00前回应网友", "回应", 6),
        ("001 交城管局, 今天17:00前办结", "办结", 7),
        ("001 交城管局, 今天17:00前", "办结", 7),
    ],
)
def test_the_step_named_goes_by_the_order_and_the_others_by_the_rules(
    office: Office, said: str, step: str, hours: int
) -> None:
    told = office.says("sunlei", said)
    named = dues(office)
    assert named[step] == timedelta(hours=hours)
    assert f"{10 + hours}:00" in to("liuyang", told)
    assert all(due != named[step] for other, due in named.items() if other != step)


def test_a_time_that_is_past_is_refused(office: Office) -> None:
    assert "已经过了" in to("sunlei", office.says("sunlei", "001 交城管局, 今天9:00前首报"))


def test_it_stands_through_the_leaders_signature_and_a_regrade(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", f"{TITLE} 央视记者到场采访", LINK)
    office.says("zhouguohua", "001 定一级")
    office.says("sunlei", "001 交城管局, 今天11:00前首报")
    if "首报" not in dues(office):
        office.says("wangjianping", "同意 001")
    assert dues(office)["首报"] == timedelta(hours=1)
