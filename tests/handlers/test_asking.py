"""Questions, help, apologies and the people nobody can reach."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.apology import apologise, undeliverable
from storage.database import Database
from storage.inbox import InboxItem
from storage.outbox import Claimed
from storage.states import Channel
from storage.work import Work
from tests.support.office import MORNING, Office, recipients, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水 省电视台采访"
CLAIMED = Claimed(
    id=77,
    key="k",
    kind="assign",
    channel=Channel.APP,
    recipient="liuyang",
    payload="{}",
    attempt=1,
    epoch=1,
    owner="x",
    mentions=(),
    case_id=None,
    priority=5,
    reason="交办",
    clock_id=None,
    generation=None,
    next_at=MORNING,
)


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    return office


def test_a_list_names_the_most_urgent_first_and_what_is_due(office: Office) -> None:
    office.forwards("lihang", "三中食堂吃出虫子", "https://weibo.com/1234567890/R8vcX9C87")
    said = to("sunlei", office.says("sunlei", "今天有哪些没办完的"))
    assert said.splitlines()[0] == "在办 2 件:"
    assert said.index("001") < said.index("002")
    assert "签收 10:30" in said


def test_what_is_late_is_listed_as_late(office: Office) -> None:
    assert "没有超时未办" in to("zhaomin", office.says("zhaomin", "列一下超时的"))
    office.passes(minutes=31)
    assert "超时未办 1 件" in to("zhaomin", office.says("zhaomin", "列一下超时的"))


def test_a_unit_is_listed_by_name(office: Office) -> None:
    assert "市城管局在办 1 件" in to("sunlei", office.says("sunlei", "城管局还有哪些没办结的?"))
    assert "没有" in to("sunlei", office.says("sunlei", "住建局还有哪些没办结的?"))


def test_a_liaison_sees_the_cases_of_the_own_unit_only(office: Office) -> None:
    assert "001" in to("liuyang", office.says("liuyang", "我的待办"))
    assert "001" not in to("chenjing", office.says("chenjing", "我的待办"))


def test_a_long_list_fits_a_phone(office: Office) -> None:
    for nth in range(12):
        office.forwards("lihang", f"第{nth}条", f"https://weibo.com/1234567890/R8vcX9C{nth:02}")
    said = to("sunlei", office.says("sunlei", "今天有哪些没办完的"))
    assert "另有 3 件" in said
    assert len(said.splitlines()) <= 13


@pytest.mark.parametrize(
    ("who", "word"),
    [
        ("wangxiaoyu", "上报"),
        ("sunlei", "升级为"),
        ("liuyang", "收到"),
        ("zhouguohua", "阅处"),
        ("zhaomin", "催"),
    ],
)
def test_help_shows_what_this_person_can_do(office: Office, who: str, word: str) -> None:
    assert word in to(who, office.says(who, "帮助"))


def test_a_clock_that_is_late_is_said_to_be(office: Office) -> None:
    office.passes(minutes=31)
    assert "签收: 10:30 已超时" in to("sunlei", office.says("sunlei", "查 001"))


def test_whoever_wrote_when_something_broke_is_told_so(office: Office) -> None:
    item = InboxItem(
        id=1,
        key="app:broken",
        channel=Channel.APP,
        agent_id="1000002",
        sender="liuyang",
        tries=3,
        envelope=b"",
        created_at=office.now,
        received_at=office.now,
        query={},
    )
    office.database.run(lambda work: apologise(work, item, office.now, office.desk))
    told = office.leaving()
    assert recipients(told) == ["liuyang"]
    assert "已保存并告知管理员" in to("liuyang", told)


def test_when_somebody_cannot_be_reached_the_duty_officer_and_the_deputy_are_told(
    office: Office,
) -> None:
    def unreached(work: Work, kind: str = "assign", who: str = "liuyang") -> None:
        claim = replace(CLAIMED, recipient=who, kind=kind, case_id=office.case().id)
        undeliverable(work, claim, "不在可见范围", office.now, office.desk)

    office.database.run(unreached)
    told = office.leaving()
    assert recipients(told) == ["heqing", "zhaomin"]
    assert "刘洋 收不到消息" in to("zhaomin", told)
    office.database.run(lambda work: unreached(work, "undeliverable", "zhaomin"))
    assert recipients(office.leaving()) == ["sunlei"]


def test_a_unit_without_anybody_raises_an_alarm(office: Office) -> None:
    with office.database.work() as work:
        for userid in ("chenjing", "wupeng", "zhenghai"):
            work.people.leave(userid, office.now)
    office.says("sunlei", "001转给住建局")
    with office.database.read() as work:
        alarms = [alarm.kind for alarm in work.alarms.sounding()]
    assert "nobody.to.tell" in alarms


def test_a_unit_without_a_group_robot_is_told_directly_only(office: Office) -> None:
    with office.database.work() as work:
        unit = work.people.unit("zhujian")
        assert unit is not None
        work.people.upsert_unit(replace(unit, robot=None))
    told = office.says("sunlei", "001转给住建局")
    assert "市住建局" not in recipients(told)
    assert "chenjing" in recipients(told)


def test_a_deadline_that_has_passed_is_refused(office: Office) -> None:
    office.forwards("lihang", "三中食堂吃出虫子", "https://weibo.com/1234567890/R8vcX9C87")
    office.now += timedelta(hours=9)
    told = office.says("sunlei", "002 定三级, 交教体局办理,11月20日17:00前反馈")
    assert "已经过了" in to("sunlei", told)
