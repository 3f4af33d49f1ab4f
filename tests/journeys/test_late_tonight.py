"""今晚谁会超时, from the unit's own history; and the questions about time of other people."""

from datetime import timedelta

import pytest

from cases.people import Person, Role
from storage.clocks import NewClock
from storage.database import Database
from storage.states import SubjectType
from tests.support.office import MORNING, Office, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    return office


def took(office: Office, count: int, minutes: int) -> None:
    """The unit has signed so often, each time after so many minutes."""
    case = office.case()
    with office.database.work() as work:
        for nth in range(count):
            start = MORNING - timedelta(days=nth + 1)
            new = NewClock(
                case.id, SubjectType.TASK, nth, "签收", "chengguan", start, start, start, "natural"
            )
            clock = work.clocks.start(new)
            work.clocks.settle(clock.id, "liuyang", start + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("count", "minutes", "says"),
    [
        (7, 90, "样本不足不预测: 001 市城管局签收"),
        (8, 90, "市城管局签收 10:30 到期; 该单位以往一般用 1 小时 30 分钟"),
        (8, 10, "可能超时 0 项"),
    ],
)
def test_who_will_be_late_is_told_from_enough_history_only(
    office: Office, count: int, minutes: int, says: str
) -> None:
    took(office, count, minutes)
    assert says in to("sunlei", office.says("sunlei", "今晚谁会超时"))


def test_where_nothing_falls_due_there_is_nothing_to_forecast(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    assert "没有要到期" in to("sunlei", office.says("sunlei", "今晚谁会超时"))
    assert "今天没有到期的" in to("sunlei", office.says("sunlei", "今日到期"))


def test_a_leaders_own_deadline_is_explained_as_his(office: Office) -> None:
    office.forwards("wangxiaoyu", "双桥巷井盖松动", LINK.replace("59/", "60/"))
    office.says("sunlei", "002 定二级,交城管局,11月23日17:00前反馈")
    told = to("liuyang", office.says("liuyang", "002 办结什么时候到期"))
    assert "指定办结时限, 优先于规则" in told


def test_a_case_without_clocks_says_so(office: Office) -> None:
    office.says("sunlei", "002")
    with office.database.work() as work:
        work.clocks.cancel_all(office.case().id, "test", office.now)
    told = to("sunlei", office.says("sunlei", "001 什么时候到期"))
    assert "没有在走的时限" in told


def test_a_duty_officer_off_duty_is_told_who_has_the_desk(office: Office) -> None:
    with office.database.work() as work:
        work.people.upsert_person(Person("lina", "李娜", frozenset({Role.DUTY_OFFICER})))
    office.says("lina", "我值班, 9点到18点")
    told = to("zhaomin", office.says("zhaomin", "001 为什么没提醒我"))
    assert "现在值班的是李娜" in told


def test_the_office_can_be_called_about_its_own_clock(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.passes(hours=1)
    told = to("zhaomin", office.says("zhaomin", "001 已电话通知孙磊"))
    assert "已电话通知孙磊 (001 定级交办)" in told


def test_a_call_to_nobody_named_is_to_the_liaison(office: Office) -> None:
    office.passes(minutes=80)
    told = to("zhaomin", office.says("zhaomin", "001 已电话通知"))
    assert "已电话通知刘洋" in told


def test_what_is_late_already_and_what_the_office_owes_is_told(office: Office) -> None:
    office.forwards("wangxiaoyu", "双桥巷井盖松动", LINK.replace("59/", "60/"))
    office.passes(minutes=31)
    told = to("sunlei", office.says("sunlei", "今晚谁会超时"))
    assert "已经超时 2 项: 001 市城管局签收、002 舆情办定级交办" in told
