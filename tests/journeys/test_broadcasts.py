"""What is said at fixed times: once per slot, a little after it, and what each of them says."""

from datetime import datetime, time, timedelta

import pytest

from cases.broadcasts import BroadcastKind, Timetable, leaves_at, next_slot
from cases.duty import Shift
from config.broadcasts import SHIPPED, load_broadcasts
from handlers.ringing import plan, ring
from storage.clocks import NewClock
from storage.database import Database
from storage.states import ShiftSource, SubjectType
from storage.work import Work
from tests.support.office import MORNING, Office, Told, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"
ALL = load_broadcasts(SHIPPED)
DAWN = MORNING.replace(hour=7)


def office_at(database: Database, moment: datetime) -> Office:
    return Office(database, now=moment, broadcasts=ALL)


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return office_at(sqlite_database, DAWN)


def said(told: list[Told], mark: str) -> list[Told]:
    return [one for one in told if mark in one.text]


def test_a_day_says_each_slot_once_to_each_who_has_to_hear_it(database: Database) -> None:
    told = office_at(database, DAWN).passes(hours=17)
    marks = (
        "【监测 10:00】",
        "【监测 16:00】",
        "【监测 21:00】",
        "【监测缺报】",
        "【早报】",
        "【晚报】",
    )
    heard = {mark: sorted(one.to for one in said(told, mark)) for mark in marks}
    assert heard == {
        "【监测 10:00】": ["lihang", "wangxiaoyu"],
        "【监测 16:00】": ["lihang", "wangxiaoyu"],
        "【监测 21:00】": ["lihang", "wangxiaoyu"],
        "【监测缺报】": ["sunlei", "sunlei", "sunlei", "zhaomin", "zhaomin", "zhaomin"],
        "【早报】": ["sunlei", "zhaomin"],
        "【晚报】": ["admin", "sunlei", "zhaomin"],
    }


def test_a_round_leaves_one_to_four_minutes_after_its_slot_and_always_the_same(
    office: Office,
) -> None:
    one = next(b for b in ALL if b.kind is BroadcastKind.ROUND)
    ten = MORNING
    moment = leaves_at(one, ten)
    assert timedelta(minutes=1) <= moment - ten <= timedelta(minutes=4)
    before = office.passes(seconds=(moment - office.now).total_seconds() - 1)
    assert said(before, "【监测 10:00】") == []
    assert len(said(office.passes(seconds=1), "【监测 10:00】")) == 2
    assert said(office.passes(hours=1), "【监测 10:00】") == []


def test_one_tap_is_a_zero_report_and_one_word_is_too(office: Office) -> None:
    office.passes(hours=3, minutes=5)
    assert "已记10:00 轮零报告" in to("wangxiaoyu", office.says("wangxiaoyu", "1"))
    assert "已记10:00 轮零报告" in to("lihang", office.says("lihang", "零报告"))
    assert "已经记过" in to("lihang", office.says("lihang", "零报告"))
    assert said(office.passes(minutes=30), "【监测缺报】") == []


def test_who_is_missing_is_named_and_who_reported_is_not(office: Office) -> None:
    office.passes(hours=3, minutes=5)
    office.forwards("wangxiaoyu", TITLE, LINK)
    missing = said(office.passes(minutes=30), "【监测缺报】")
    assert "还有 1 人没报: 李航" in to("zhaomin", missing)


def test_an_earlier_round_can_be_named(office: Office) -> None:
    office.passes(hours=9, minutes=30)
    assert "已记10:00 轮" in to("lihang", office.says("lihang", "10:00轮零报告"))
    assert "已记16:00 轮" in to("lihang", office.says("lihang", "零报告"))


def test_without_rounds_a_zero_report_is_still_kept(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    assert "已记今天零报告" in to("lihang", office.says("lihang", "今日零报告"))


def test_two_replicas_say_a_slot_once(database: Database) -> None:
    office = office_at(database, DAWN)
    other = Database(database.url, audit_key=b"the audit key of the tests")
    office.now = leaves_at(
        next(b for b in ALL if b.kind is BroadcastKind.MORNING), DAWN.replace(hour=8, minute=35)
    )
    with database.read() as work:
        due = work.timers.due(office.now, 10)
    for replica in (database, other):
        replica.run(lambda work: plan(work, office.desk, office.now))
        for timer in due:

            def act(work: Work, timer_id: int = timer.id) -> None:
                locked = work.timers.lock(timer_id)
                if locked is not None:
                    ring(work, locked, office.now, office.desk)

            replica.run(act)
    other.close()
    assert sorted(one.to for one in said(office.leaving(), "【早报】")) == ["sunlei", "zhaomin"]


def test_after_a_short_outage_a_slot_is_said_late(office: Office) -> None:
    office.now = MORNING + timedelta(minutes=50)
    assert len(said(office.rings(), "【监测 10:00】")) == 2


@pytest.mark.parametrize(("seconds", "count"), [(-1, 2), (0, 2), (1, 0)])
def test_three_hours_late_a_slot_is_not_said_any_more(
    office: Office, seconds: int, count: int
) -> None:
    one = next(b for b in ALL if b.kind is BroadcastKind.ROUND)
    office.now = leaves_at(one, MORNING) + timedelta(hours=3, seconds=seconds)
    assert len(said(office.rings(), "【监测 10:00】")) == count


def test_a_slot_missed_is_recorded_with_its_reason_and_the_next_is_set(office: Office) -> None:
    office.now = MORNING + timedelta(hours=8)
    office.rings()
    with office.database.read() as work:
        reasons = {one.reason for one in work.records.broadcasts_since(DAWN)}
    assert "停机错过 2026-11-20 10:00, 不再补发" in reasons
    assert len(said(office.passes(hours=4), "【监测 21:00】")) == 2


def test_the_evening_digest_ends_with_the_daily_line(office: Office) -> None:
    office.now = MORNING
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    evening = to("sunlei", said(office.passes(hours=9), "【晚报】"))
    assert "新登记 1 件 (二级 1)" in evening
    line = evening.splitlines()[-1]
    numbers = [int(part.split()[1]) for part in line.split(", ")[:3]]
    assert line.startswith("今日应发 ")
    assert numbers[0] == numbers[1] > 8
    assert numbers[2] == 0
    assert line.endswith("最老待发 0 分")


def test_the_evening_broadcast_carries_the_end_of_the_audit_chain_outside(office: Office) -> None:
    office.now = MORNING
    office.forwards("wangxiaoyu", TITLE, LINK)
    evening = to("admin", said(office.passes(hours=9), "【晚报】"))
    (line,) = [one for one in evening.splitlines() if one.startswith("审计到第")]
    seq = int(line.split()[1])
    with office.database.read() as work:
        sealed = work.audit.hash_at(seq)
    assert sealed is not None
    assert line == f"审计到第 {seq} 行, 末行 {sealed[:16]}"


def test_a_reminder_that_never_rang_is_missed_by_the_daily_line(office: Office) -> None:
    office.now = MORNING
    office.forwards("wangxiaoyu", TITLE, LINK)
    with office.database.work() as work:
        work.timers.cancel_for_case(office.case().id, "a sin", office.now)
    evening = to("sunlei", said(office.passes(hours=9), "【晚报】"))
    assert "已发 0" in evening
    assert "未发" in evening


def test_the_morning_list_names_what_is_late_and_what_is_due(sqlite_database: Database) -> None:
    office = office_at(sqlite_database, MORNING)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    morning = to("zhaomin", said(office.passes(hours=23), "【早报】"))
    assert "在办 1 件" in morning
    assert "值班: 赵敏" in morning
    assert "超时:\n· 001 青禾路" in morning


def test_monday_sums_up_the_week_before_for_the_leaders(sqlite_database: Database) -> None:
    office = office_at(sqlite_database, MORNING)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    weekly = said(office.passes(days=3), "【周报】")
    assert sorted(one.to for one in weekly) == ["sunlei", "wangjianping", "zhouguohua"]
    assert "【周报】11月16日至11月22日" in weekly[0].text
    assert "登记 1 件 (二级 1)" in weekly[0].text
    assert "主办单位: 市城管局 1" in weekly[0].text


@pytest.mark.parametrize(
    ("count", "hours", "says"),
    [
        (7, 200, "本周风险: 按以往用时没有会超时的; 样本不足不预测 "),
        (8, 200, "本周风险: 按各单位以往用时可能超时 1 项"),
        (8, 120, ""),
    ],
)
def test_the_weekly_summary_names_the_risks_of_the_week_by_the_units_history(
    sqlite_database: Database, count: int, hours: int, says: str
) -> None:
    office = office_at(sqlite_database, MORNING)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局,11月26日17:00前反馈")
    office.says("liuyang", "收到 001")
    office.says("liuyang", "001 终报: 已到现场处置")
    office.says("sunlei", "001 不需公开回应, 已当面答复")
    office.says("zhaomin", "001 特报已报市委办")
    with office.database.work() as work:
        case = office.case()
        for nth in range(count):
            start = MORNING - timedelta(days=60 + nth)
            common = (case.id, SubjectType.TASK, nth, "办结", "chengguan")
            clock = work.clocks.start(NewClock(*common, start, start, start, "natural"))
            work.clocks.settle(clock.id, "liuyang", start + timedelta(hours=hours))
    weekly = to("zhouguohua", said(office.passes(days=3), "【周报】"))
    assert "本周到期" in weekly
    assert says in weekly
    assert says or "本周风险" not in weekly


def test_the_last_working_day_reminds_of_the_monthly_brief(sqlite_database: Database) -> None:
    office = office_at(sqlite_database, datetime.fromisoformat("2026-11-29T07:00:00+08:00"))
    told = said(office.passes(days=3), "【月末提醒】")
    assert [one.to for one in told] == ["sunlei"]
    assert "11 月最后一个工作日" in told[0].text


def test_h06_a_missing_year_is_told_to_the_administrator_once_a_day(office: Office) -> None:
    told = said(office.passes(days=2), "【放假安排】")
    assert [one.to for one in told] == ["admin", "admin"]
    assert "2027" in told[0].text


def test_a_gap_in_the_roster_is_announced_once(office: Office) -> None:
    shift = Shift("zhaomin", DAWN, MORNING.replace(hour=20))
    with office.database.work() as work:
        work.roster.add([shift], source=ShiftSource.ROSTER, by="test", at=DAWN)
    told = said(office.passes(days=2), "【值班空档】")
    assert sorted(one.to for one in told) == ["sunlei", "zhaomin"]
    assert "20:00 起值班表上没有人" in told[0].text


def test_a_broadcast_can_be_read_before_it_is_said(office: Office) -> None:
    told = office.says("sunlei", "预览晚报")
    assert [one.to for one in told] == ["sunlei"]
    assert "下一次 2026-11-20 18:00, 发给: 舆情办主任、值班员、管理员\n【晚报】" in told[0].text
    assert "可以预览的播报" in to("sunlei", office.says("sunlei", "预览播报"))


def test_an_informant_cannot_preview(office: Office) -> None:
    assert "您的身份不能" in to("lihang", office.says("lihang", "预览晚报"))


def test_times_edited_meanwhile_are_kept_and_the_old_slot_says_nothing(office: Office) -> None:
    kept = tuple(one for one in ALL if one.kind is not BroadcastKind.MORNING)
    again = Office(office.database, now=DAWN, broadcasts=kept)
    assert said(again.passes(hours=5), "【早报】") == []
    with office.database.read() as work:
        morning = [one for one in work.records.broadcasts_since(DAWN) if one.kind == "早报"]
    assert [one.reason for one in morning] == ["播报时间已改动, 原定的不再发"]


def test_every_kind_has_times_as_shipped() -> None:
    assert {one.kind for one in ALL} == set(BroadcastKind)


def test_a_broadcast_without_times_has_no_slot(office: Office) -> None:
    calendar = office.desk.rulebook(office.desk.rulebook_in_force).clocks.calendar()
    without = type(ALL[0])(BroadcastKind.ROUND, ALL[0].days, ())
    assert next_slot(without, MORNING, Timetable(calendar)) is None
    assert time(10) in ALL[0].times


def test_who_has_not_reported_may_be_asked_before_the_list_comes(office: Office) -> None:
    office.passes(hours=3, minutes=6)
    office.says("lihang", "零报告")
    told = to("zhaomin", office.says("zhaomin", "监测谁没报"))
    assert "【监测缺报】10:00 轮, 到 10:06 还有 1 人没报: 王小雨" in told
    assert "【校园缺报】08:00 轮" in told
    office.says("wangxiaoyu", "零报告")
    assert "监测 10:00 轮都报了。" in to("zhaomin", office.says("zhaomin", "谁还没报?"))


def test_who_has_not_reported_is_no_question_where_no_round_is_set_up(
    sqlite_database: Database,
) -> None:
    plain = Office(sqlite_database)
    assert "没有设定监测播报" in to("zhaomin", plain.says("zhaomin", "谁没报"))
