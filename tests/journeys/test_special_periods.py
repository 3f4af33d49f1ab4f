"""A special period told as chats: started, felt at night and on duty, ended; no deadline moves."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from cases.broadcasts import Broadcast, BroadcastKind, Days
from cases.people import Person, Role
from cases.special_periods import PeriodKind, PeriodRules, Turns
from handlers.ringing import plan
from storage.database import Database
from tests.support.office import MORNING, Office, Told, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"
FLOOD = PeriodKind(
    "汛期",
    ("防汛",),
    PeriodRules(through_night=True, spacing=50, rounds=(time(23),)),
    (
        Turns(("lina",), time(8, 30), time(20)),
        Turns(("wujing",), time(20), time(8, 30)),
    ),
)
ROUNDS = (
    Broadcast(BroadcastKind.ROUND, Days.DAILY, (time(10), time(21))),
    Broadcast(BroadcastKind.ROUND_MISSING, Days.DAILY, (time(10), time(21)), 15),
)


def office_with(database: Database, *kinds: PeriodKind, now: datetime = MORNING) -> Office:
    with database.work() as work:
        for userid, name in (("lina", "李娜"), ("wujing", "吴静")):
            work.people.upsert_person(Person(userid, name, frozenset({Role.DUTY_OFFICER})))
    office = Office(database, now=now, broadcasts=ROUNDS, periods=kinds)
    with database.work() as work:
        for userid, name in (("lina", "李娜"), ("wujing", "吴静")):
            work.people.upsert_person(Person(userid, name, frozenset({Role.DUTY_OFFICER})))
    return office


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return office_with(sqlite_database, FLOOD)


def said(told: list[Told], mark: str) -> list[Told]:
    return [one for one in told if mark in one.text]


def assigned(office: Office) -> None:
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定三级,交城管局")


def reminders(told: list[Told]) -> list[str]:
    return [one.kind for one in told if one.kind.startswith("remind-")]


def test_start_and_end_are_told_once_to_those_concerned(office: Office) -> None:
    told = office.says("sunlei", "启动防汛值守到11月22日")
    assert "已设: 汛期 (10:00 至 11月22日 24:00)" in to("sunlei", told)
    hearers = sorted(one.to for one in said(told, "【特殊时期】汛期 (10:00"))
    assert "lina" in hearers
    assert {"admin", "lihang", "zhouguohua", "wangjianping", "zhaomin"} <= set(hearers)
    assert "首班: 李娜 10:00 至 20:00" in to("lina", told)
    assert len(hearers) == len(set(hearers))
    rest = office.passes(minutes=5)
    office.now = MORNING + timedelta(days=2)
    rest += office.passes(hours=24)
    ends = said(rest, "【特殊时期】汛期已结束")
    assert sorted(one.to for one in ends) == sorted([*hearers, "sunlei"])
    assert said(rest, "【特殊时期】汛期 (") == []


def test_its_own_rota_is_on_duty_and_says_so(office: Office) -> None:
    office.says("sunlei", "启动汛期值守到11月22日")
    told = to("sunlei", office.says("sunlei", "现在谁值班"))
    assert "值班: 李娜 (汛期值班表" in told
    assert "特殊时期: 汛期 (10:00 至 11月22日 24:00), 值班: 按期间值班表; 提醒: 夜间照发" in told
    office.now = MORNING.replace(hour=20)
    assert "值班: 吴静 (汛期" in to("sunlei", office.says("sunlei", "现在谁值班"))
    office.says("sunlei", "结束汛期值守")
    assert "值班表上没有人" in to("sunlei", office.says("sunlei", "现在谁值班"))


def test_reminders_leave_at_night_and_closer_and_no_deadline_moves(
    sqlite_database: Database,
) -> None:
    office = office_with(sqlite_database, FLOOD)
    office.says("sunlei", "启动汛期值守到11月22日")
    assigned(office)
    with office.database.read() as work:
        dues = {clock.step: clock.due_at for clock in work.clocks.running(office.case().id)}
    assert dues["签收"] == MORNING.replace(hour=12)
    assert dues["回应"] == MORNING + timedelta(hours=48)
    asked = to("liuyang", office.says("liuyang", "001 为什么是这个时间"))
    assert "超时后每 30 个工作分钟再催" in asked
    assert "特殊时期: 汛期" in asked
    office.now = MORNING + timedelta(hours=43)
    office.rings()
    night = office.passes(hours=1.5)  # 06:00 of the second morning: 回应 is due at 10:00
    assert "remind-before-2" in reminders(night)
    assert "特殊时期: 汛期" in to("liuyang", office.says("liuyang", "001 为什么提醒我"))


def test_a_night_that_was_quiet_wakes_with_the_period_and_sleeps_again(office: Office) -> None:
    office.now = MORNING.replace(hour=21, minute=45)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")  # row 3: 签收 30 minutes, due 22:15
    assert "remind-due" not in reminders(office.passes(minutes=45))
    told = office.says("sunlei", "启动汛期值守到11月22日")
    told += office.rings()
    assert "remind-due" in reminders(told)
    office.passes(minutes=5)
    office.says("sunlei", "结束汛期值守")
    asleep = office.passes(hours=8)
    assert {one.to for one in asleep if one.kind.startswith("remind-")} <= {
        "lina",
        "wujing",
        "zhaomin",
    }
    later = [one for one in office.passes(hours=3) if one.to == "liuyang"]
    morning = reminders([one for one in later if "签收时限" in one.text])
    assert morning[:2] == ["remind-late-1", "remind-late-2"]


def test_it_adds_rounds_and_takes_them_away(office: Office) -> None:
    office.says("sunlei", "启动汛期值守到11月20日")
    office.now = MORNING.replace(hour=22, minute=30)
    night = office.passes(hours=1)
    assert len(said(night, "【监测 23:00】")) == 2
    assert "23:00 轮" in said(night, "【监测缺报】")[-1].text
    office.now += timedelta(hours=22, minutes=50)
    assert said(office.passes(hours=1), "【监测 23:00】") == []


def test_days_written_down_begin_by_themselves_and_are_told_the_evening_before(
    sqlite_database: Database,
) -> None:
    days = ((date(2026, 11, 22), date(2026, 11, 23)),)
    office = office_with(sqlite_database, replace(FLOOD, days=days))
    assert "以后: 汛期 (11月22日 00:00 至 11月23日 24:00)" in to(
        "sunlei", office.says("sunlei", "特殊时期")
    )
    told = office.passes(days=1, hours=11)
    office.now += timedelta(days=2)
    told += office.passes(hours=14)
    starts = said(told, "【特殊时期】汛期 (明天 00:00 至 11月23日 24:00)")
    assert len({one.to for one in starts}) == len(starts) > 5
    assert len(said(told, "【特殊时期】汛期已结束")) == len(starts)


def read_anew(office: Office, *kinds: PeriodKind) -> list[str]:
    """The service starts again with these kinds written down; when each period now ends."""
    desk = replace(office.desk, periods=kinds)
    office.database.run(lambda work: plan(work, desk, office.now))
    with office.database.read() as work:
        return [f"{p.ends_at.astimezone(MORNING.tzinfo):%m-%d %H}" for p in work.periods.all()]


def test_a_file_read_anew_moves_the_end_and_what_vanished_is_over(
    sqlite_database: Database,
) -> None:
    first, longer = ((date(2026, 11, 20), date(2026, 11, day)) for day in (23, 24))
    ahead = (date(2026, 12, 1), date(2026, 12, 2))
    kind = replace(FLOOD, days=(first, ahead))
    office = office_with(sqlite_database, kind)
    assert read_anew(office, kind) == ["11-24 00", "12-03 00"]
    assert read_anew(office, replace(kind, days=(longer, ahead))) == ["11-25 00", "12-03 00"]
    assert read_anew(office) == ["11-20 10"]
    assert said(office.passes(hours=1), "【特殊时期】汛期已结束") == []


def test_what_is_said_in_chat_wins_over_the_file(sqlite_database: Database) -> None:
    kind = replace(FLOOD, days=((date(2026, 11, 20), date(2026, 11, 23)),))
    office = office_with(sqlite_database, kind)
    told = to("sunlei", office.says("sunlei", "启动汛期值守到11月30日"))
    assert "结束时间已改为 11月30日 24:00" in told
    office.database.run(lambda work: plan(work, office.desk, office.now))
    assert "11月30日 24:00" in to("sunlei", office.says("sunlei", "特殊时期"))
    office.says("sunlei", "结束汛期值守")
    office.database.run(lambda work: plan(work, office.desk, office.now))
    assert "没有安排特殊时期" in to("sunlei", office.says("sunlei", "特殊时期"))


def test_one_ahead_is_cancelled_without_a_word_to_all(office: Office) -> None:
    office.says("sunlei", "从11月25日启动汛期值守到11月30日")
    told = office.says("sunlei", "结束汛期值守")
    assert "已取消: 汛期 (11月25日 00:00" in to("sunlei", told)
    assert len(told) == 1
    office.now += timedelta(days=5)
    assert said(office.rings(), "特殊时期") == []


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("zhaomin", "启动汛期值守到11月30日", "您的身份不能"),
        ("sunlei", "启动汛期值守", "请写明到哪天"),
        ("sunlei", "启动汛期值守到11月19日", "结束时间应在"),
        ("sunlei", "从11月25日启动汛期值守到11月22日", "结束时间应在"),
        ("sunlei", "启动冬奥值守到11月30日", "值守文件里没有「冬奥」, 有: 汛期"),
        ("sunlei", "结束汛期值守", "现在没有汛期值守"),
    ],
)
def test_what_cannot_be_is_answered_with_the_reason(
    office: Office, who: str, words: str, answer: str
) -> None:
    assert answer in to(who, office.says(who, words))


def test_started_twice_says_so(office: Office) -> None:
    office.says("sunlei", "启动汛期值守到11月22日18:00")
    told = to("sunlei", office.says("sunlei", "启动汛期值守到11月22日18:00"))
    assert "已经在安排中" in told


def test_without_a_file_the_answer_says_who_can_write_one(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    assert "请管理员" in to("sunlei", office.says("sunlei", "启动汛期值守到11月30日"))
    assert "没有安排特殊时期。" in to("sunlei", office.says("sunlei", "特殊时期"))


def test_an_outage_over_its_start_tells_it_late_and_over_all_of_it_never(
    sqlite_database: Database,
) -> None:
    days = ((date(2026, 11, 22), date(2026, 11, 23)),)
    office = office_with(sqlite_database, replace(FLOOD, days=days))
    office.now = MORNING + timedelta(days=5)
    told = office.rings()
    assert said(told, "【特殊时期】汛期 (") == []
    assert len(said(told, "【特殊时期】汛期已结束")) > 5


@pytest.mark.parametrize(("hour", "minutes"), [(10, 0), (23, 570)])
def test_one_written_down_after_it_began_is_told_by_day_with_its_rota(
    sqlite_database: Database, hour: int, minutes: int
) -> None:
    kind = replace(FLOOD, days=((date(2026, 11, 1), date(2026, 11, 30)),))
    office = office_with(sqlite_database, kind, now=MORNING.replace(hour=hour))
    before = office.passes(minutes=minutes - 1) if minutes else []
    assert said(before, "【特殊时期】") == []
    office.now += timedelta(minutes=1)
    told = said(office.rings(), "【特殊时期】汛期 (11月1日 00:00 至 11月30日 24:00)")
    assert "· 值班: 按期间值班表" in told[0].text
    assert "· 首班: " in told[0].text
