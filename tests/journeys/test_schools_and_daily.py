"""Three rounds for schools, the daily report of top grades and 挂牌督办, the leaders' group."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.broadcasts import BroadcastKind
from cases.people import Person, Role, Unit
from config.broadcasts import SHIPPED, load_broadcasts
from handlers import daily_report
from storage.database import Database
from tests.support.office import MORNING, Office, Told, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"
KINDS = (
    BroadcastKind.SCHOOL_ROUND,
    BroadcastKind.SCHOOL_MISSING,
    BroadcastKind.ROUND,
    BroadcastKind.DAILY_REPORT,
    BroadcastKind.WEEKLY,
)
ALL = tuple(one for one in load_broadcasts(SHIPPED) if one.kind in KINDS)
DAWN = MORNING.replace(hour=7)


def office_with_schools(database: Database) -> Office:
    """市教体局 (杨慧) of the demo, 三中 with its own informant, a kindergarten with nobody."""
    office = Office(database, now=DAWN, broadcasts=ALL)
    with database.work() as work:
        work.people.upsert_unit(Unit("sanzhong", "市第三中学", ("三中",)))
        work.people.upsert_unit(Unit("youeryuan", "实验幼儿园"))
        teacher = Person("qinlan", "秦岚", frozenset({Role.INFORMANT}), unit_id="sanzhong")
        work.people.upsert_person(teacher)
    return office


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return office_with_schools(sqlite_database)


def said(told: list[Told], mark: str) -> list[Told]:
    return [one for one in told if mark in one.text]


def test_schools_have_three_rounds_of_their_own(office: Office) -> None:
    told = office.passes(hours=15)
    for hour in ("08:00", "12:30", "20:00"):
        assert sorted(one.to for one in said(told, f"【校园监测 {hour}】")) == ["qinlan", "yanghui"]
    assert sorted({one.to for one in said(told, "【监测 10:00】")}) == ["lihang", "wangxiaoyu"]


def test_one_tap_reports_that_there_is_nothing_and_the_rest_is_named(office: Office) -> None:
    office.passes(hours=1, minutes=5)
    assert "已记08:00 轮零报告" in to("yanghui", office.says("yanghui", "1"))
    missing = said(office.passes(minutes=20), "【校园缺报】")
    assert sorted(one.to for one in missing) == ["sunlei", "zhaomin"]
    assert "08:00 轮" in missing[0].text
    assert "还有 2 个单位没报: 市第三中学 (秦岚)、实验幼儿园 (名录里没有联络员)" in missing[0].text


def test_a_report_counts_and_when_all_have_spoken_nobody_is_named(office: Office) -> None:
    with office.database.work() as work:
        work.people.retire_unit("youeryuan")
    office.passes(hours=1, minutes=5)
    office.forwards("qinlan", TITLE, LINK)
    office.says("yanghui", "零报告")
    assert said(office.passes(minutes=30), "【校园缺报】") == []
    later = said(office.passes(hours=5), "【校园缺报】")
    assert "还有 1 个单位没报: 市教体局" in later[0].text  # 三中 has reported since 08:00


def test_a_school_may_be_reached_by_its_deputy(office: Office) -> None:
    with office.database.work() as work:
        deputy = Person("gaoyu", "高宇", frozenset({Role.LIAISON}), "youeryuan", is_deputy=True)
        work.people.upsert_person(deputy)
    assert "gaoyu" in [one.to for one in said(office.passes(hours=2), "【校园监测 08:00】")]


def evening(office: Office, day: int = 0) -> list[Told]:
    """What the 督办日报 of that day says; what falls due meanwhile rings late."""
    office.now = (MORNING + timedelta(days=day)).replace(hour=17, minute=30)
    return said(office.passes(minutes=12), "【督办日报】")


def top_grade(office: Office) -> None:
    office.now = MORNING
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("zhouguohua", "001 定一级, 央视记者到场")
    office.says("sunlei", "001 交城管局")
    office.says("wangjianping", "同意 001")
    office.says("liuyang", "收到 001")


def test_the_daily_report_of_a_top_grade_goes_to_office_and_leaders(office: Office) -> None:
    top_grade(office)
    office.says("liuyang", "001 首报: 已到现场, 正在抽排")
    told = evening(office)
    assert sorted(one.to for one in told) == ["sunlei", "wangjianping", "zhaomin", "zhouguohua"]
    text = to("sunlei", told)
    assert "【督办日报】11月20日 云溪市\n一级和挂牌督办 1 件: 今日新增 1 件, 今日未报 0 件" in text
    assert "一级 市城管局: 10:00 已到现场, 正在抽排" in text
    assert "明日到期: 001 发布会 10:00" in text


def test_who_has_not_reported_today_is_told_of_with_its_limit(office: Office) -> None:
    top_grade(office)
    office.says("liuyang", "001 首报: 已到现场, 正在抽排")
    told = evening(office, day=1)
    assert "今日未报 1 件" in told[0].text
    assert "今日未报 (续报" in told[0].text


def test_a_supervised_case_is_in_it_whatever_its_level(office: Office) -> None:
    office.now = MORNING
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定三级,交城管局")
    office.says("zhouguohua", "001 挂牌督办")
    told = evening(office)
    assert sorted(one.to for one in told) == ["sunlei", "zhaomin", "zhouguohua"]
    assert "三级 挂牌督办 市城管局: 今日未报 (续报" in told[0].text


def test_a_supervised_case_owes_a_report_every_day_at_half_past_five(office: Office) -> None:
    office.now = MORNING
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定三级,交城管局")
    office.says("liuyang", "收到 001")
    office.says("zhouguohua", "001 挂牌督办")
    office.says("liuyang", "001 首报: 已到现场")
    for day in range(1, 4):
        with office.database.read() as work:
            due = [c.due_at for c in work.clocks.running(office.case().id) if c.step == "续报"]
        assert due == [(MORNING + timedelta(days=day)).replace(hour=17, minute=30)]
        office.now = (MORNING + timedelta(days=day)).replace(hour=16)
        office.says("liuyang", f"1120-001 续报: 第 {day} 天, 已清淤")


def test_a_case_nobody_has_been_given_is_told_as_it_stands(office: Office) -> None:
    office.now = MORNING
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("zhouguohua", "001 定一级, 央视记者到场")
    told = evening(office)
    assert "一级 还没交办: 已定级待交办" in told[0].text


def test_without_such_a_case_nothing_is_said(office: Office) -> None:
    office.now = MORNING
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定三级,交城管局")
    assert evening(office) == []


def test_more_cases_than_fit_are_counted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily_report, "_MOST", 1)
    office.now = MORNING.replace(hour=17)
    for nth, title in enumerate((TITLE, "城东小学食堂被曝使用过期食材")):
        office.forwards("wangxiaoyu", title, f"{LINK[:-1]}{nth}/")
        office.says("zhouguohua", f"00{nth + 1} 定一级, 央视记者到场")
    told = evening(office)
    assert "… 另有 1 件" in told[0].text


def test_the_weekly_summary_is_posted_to_the_leaders_group_too(sqlite_database: Database) -> None:
    weekly = next(one for one in ALL if one.kind is BroadcastKind.WEEKLY)
    office = Office(sqlite_database, now=MORNING, broadcasts=(replace(weekly, robot="领导群"),))
    told = said(office.passes(days=4), "【周报】")
    assert sorted(one.to for one in told) == [
        "sunlei",
        "wangjianping",
        "zhouguohua",
        "领导群",
    ]


def test_what_is_asked_of_schools_can_be_read_before(office: Office) -> None:
    text = to("sunlei", office.says("sunlei", "预览校园监测"))
    assert "下一次 2026-11-20 08:00, 发给: 杨慧、秦岚" in text
    assert "发给: 无" in to("sunlei", office.says("sunlei", "预览督办日报"))
