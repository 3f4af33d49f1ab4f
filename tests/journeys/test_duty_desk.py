"""The duty desk told as chats: the roster, 我值班, 交班, 换班, 请假, and who then is reminded."""

from datetime import datetime, timedelta

import pytest

from cases.duty import Shift
from cases.people import Person, Role
from handlers.ringing import plan
from storage.database import Database
from storage.states import ShiftSource
from tests.support.office import MORNING, Office, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"
EVENING = MORNING.replace(hour=18)
NEXT_MORNING = datetime.fromisoformat("2026-11-21T08:30:00+08:00")


def staffed(database: Database) -> Office:
    """A desk of three: 赵敏 by day, 李娜 by night, 吴静 off."""
    office = Office(database)
    with database.work() as work:
        for userid, name in (("lina", "李娜"), ("wujing", "吴静")):
            work.people.upsert_person(Person(userid, name, frozenset({Role.DUTY_OFFICER})))
        day = Shift("zhaomin", MORNING.replace(hour=8, minute=30), EVENING)
        night = Shift("lina", EVENING, NEXT_MORNING)
        work.roster.add([day, night], source=ShiftSource.ROSTER, by="test", at=MORNING)
    return office


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return staffed(sqlite_database)


def registered_at(office: Office, moment: datetime) -> list[str]:
    """Who of the desk hears of a slow office when a case comes at `moment`."""
    office.now = moment
    office.forwards("wangxiaoyu", TITLE, LINK)
    told = office.passes(minutes=10)
    return sorted(one.to for one in told if "定级交办时限" in one.text)


def test_a_reminder_goes_to_whoever_is_on_duty_and_to_nobody_else(database: Database) -> None:
    assert registered_at(staffed(database), MORNING) == ["zhaomin"]


def test_after_the_last_shift_all_who_hold_the_role_are_told(office: Office) -> None:
    assert registered_at(office, NEXT_MORNING) == ["lina", "wujing", "zhaomin"]


@pytest.mark.parametrize(("seconds", "who"), [(-1, "赵敏"), (0, "李娜"), (1, "李娜")])
def test_the_desk_changes_hands_exactly_at_the_hour(office: Office, seconds: int, who: str) -> None:
    office.now = EVENING + timedelta(seconds=seconds)
    told = to("sunlei", office.says("sunlei", "现在谁值班"))
    assert f"值班: {who} (值班表 2026-11-20" in told


def test_the_roster_of_another_day_is_told(office: Office) -> None:
    told = to("sunlei", office.says("sunlei", "后天谁值班"))
    assert "值班表上没有人" in told


def test_what_is_said_in_chat_wins_over_the_roster_and_the_other_is_told(office: Office) -> None:
    told = office.says("wujing", "今晚我值班,18点到明早8点半")
    assert "已记: 吴静 18:00 至 明天 08:30 值班, 原来是李娜" in to("wujing", told)
    assert "由吴静值班" in to("lina", told)
    assert registered_at(office, EVENING) == ["wujing"]


def test_the_same_words_twice_are_one_shift(office: Office) -> None:
    office.says("wujing", "今晚我值班,18点到明早8点半")
    told = to("wujing", office.says("wujing", "今晚我值班,18点到明早8点半"))
    assert "已经记过" in told


def test_an_informant_cannot_take_the_desk(office: Office) -> None:
    told = to("wangxiaoyu", office.says("wangxiaoyu", "今晚我值班,18点到明早8点半"))
    assert "您的身份不能改值班" in told


def test_a_handover_is_signed_by_both_and_holds_only_then(office: Office) -> None:
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.now = EVENING - timedelta(minutes=20)
    told = office.says("zhaomin", "交班:未结3件,#001待首报")
    card = to("lina", told)
    assert "【交班】赵敏 → 李娜 17:40" in card
    assert "未结 1 件 (交班人说 3 件, 请核对)" in card
    assert "· 001 青禾路积水多日无人管" in card
    assert "1 = 接班; 2 = 有疑问, 暂不接班" in card
    assert "值班: 赵敏" in to("sunlei", office.says("sunlei", "谁值班"))
    signed = office.says("lina", "1")
    assert "交班人: 赵敏 17:40\n接班人: 李娜 17:40" in to("lina", signed)
    assert "【已交接】" in to("zhaomin", signed)
    assert "值班: 李娜 (本人在聊天中报值班" in to("sunlei", office.says("sunlei", "谁值班"))


def test_a_doubted_handover_leaves_the_desk_where_it_was(office: Office) -> None:
    office.says("zhaomin", "交班给李娜, 未结0件")
    told = office.says("lina", "2")
    assert "【未接班】李娜暂不同意交班" in to("zhaomin", told)
    assert "值班: 赵敏" in to("sunlei", office.says("sunlei", "谁值班"))


def test_a_handover_is_confirmed_once_and_by_the_one_who_was_asked(office: Office) -> None:
    office.says("zhaomin", "交班给李娜, 未结0件")
    assert "没有等您确认" in to("wujing", office.says("wujing", "接班 1"))
    office.says("lina", "接班 1")
    assert "已经确认过" in to("lina", office.says("lina", "接班 1"))


def test_a_handover_to_nobody_asks_to_whom(office: Office) -> None:
    office.now = NEXT_MORNING
    assert "请写明交给谁" in to("zhaomin", office.says("zhaomin", "交班:未结3件"))


def test_a_swap_holds_once_the_colleague_agrees(office: Office) -> None:
    asked = office.says("lina", "和吴静换11月20日的班")
    assert "李娜请您代18:00 至 明天 08:30 的班" in to("wujing", asked)
    assert registered_at(office, EVENING) == ["lina"]
    office.says("wujing", "接班 1")
    told = to("sunlei", office.says("sunlei", "谁值班"))
    assert "值班: 吴静" in told
    assert "换班, 自 2026-11-20 周五 18:00 由他人接替" in told


def test_a_shift_of_another_has_to_be_asked_for_by_him(office: Office) -> None:
    told = to("wujing", office.says("wujing", "和李娜换11月20日的班"))
    assert "是李娜的班" in told


def test_a_swap_of_a_day_without_shifts_is_refused(office: Office) -> None:
    told = to("wujing", office.says("wujing", "和李娜换11月25日的班"))
    assert "值班表上没有您或李娜的班" in told


def test_leave_is_covered_by_the_stand_in_once_he_agrees(office: Office) -> None:
    office.says("lina", "我11月20日到11月21日请假,由吴静代班")
    office.says("wujing", "接班 1")
    office.now = EVENING
    assert "值班: 吴静" in to("sunlei", office.says("sunlei", "谁值班"))


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("我11月20日到11月21日请假", "请写明由谁代班"),
        ("我请假,由吴静代班", "请写明从哪天到哪天"),
        ("我11月20日到11月21日请假,由张三丰代班", "值班人员有"),
    ],
)
def test_leave_without_its_parts_is_asked_back(office: Office, words: str, answer: str) -> None:
    assert answer in to("lina", office.says("lina", words))


def test_whoever_has_left_is_not_on_duty(office: Office) -> None:
    with office.database.work() as work:
        work.people.leave("lina", MORNING)
    assert registered_at(office, EVENING) == ["wujing", "zhaomin"]


def test_a_second_import_replaces_what_is_to_come(database: Database) -> None:
    office = staffed(database)
    with database.work() as work:
        assert work.roster.clear_roster(MORNING) == 1
        left = work.roster.shifts(MORNING, NEXT_MORNING)
    assert [shift.userid for shift in left] == ["zhaomin"]
    assert registered_at(office, EVENING) == ["lina", "wujing", "zhaomin"]


def test_a_gap_is_announced_once_without_any_broadcast(office: Office) -> None:
    office.database.run(lambda work: plan(work, office.desk, office.now))
    told = [one for one in office.passes(days=2) if "【值班空档】" in one.text]
    assert len(told) == len({one.to for one in told}) > 1
    assert "明天 08:30 起值班表上没有人" in told[0].text


def test_that_next_year_is_missing_is_told_once_a_month_without_any_broadcast(
    office: Office,
) -> None:
    office.database.run(lambda work: plan(work, office.desk, office.now))
    told = [one for one in office.passes(days=12) if "缺少 2027 年" in one.text]
    assert [one.to for one in told] == ["admin", "admin"]  # November, December


def test_who_comes_next_follows_what_was_agreed(office: Office) -> None:
    office.says("lina", "11月20日请假,吴静代")
    office.says("wujing", "1")
    told = to("sunlei", office.says("sunlei", "谁值班"))
    assert "接着: 吴静 18:00 至 明天 00:00" in told
    assert "接着: 李娜 明天 00:00 至 08:30" in told


def test_another_day_is_told_from_its_beginning_without_a_gap_that_is_none(office: Office) -> None:
    with office.database.work() as work:
        day = Shift("zhaomin", NEXT_MORNING, NEXT_MORNING.replace(hour=18))
        work.roster.add([day], source=ShiftSource.ROSTER, by="test", at=MORNING)
    told = to("sunlei", office.says("sunlei", "明天谁值班"))
    assert told.splitlines() == [
        "明天 值班:",
        "· 李娜 明天 00:00 至 08:30",
        "· 赵敏 明天 08:30 至 18:30",
        "空档: 明天 18:30 起没有人值班",
    ]


@pytest.mark.parametrize(
    ("words", "answer"), [("接班", "【已交接】赵敏 → 李娜"), ("暂不接班", "您暂不同意交班")]
)
def test_a_handover_card_may_be_answered_in_words(office: Office, words: str, answer: str) -> None:
    office.now = EVENING - timedelta(minutes=5)
    office.says("zhaomin", "交班给李娜")
    assert answer in to("lina", office.says("lina", words))


def test_without_a_card_there_is_nothing_to_take_over(office: Office) -> None:
    assert "收到交班卡后" in to("lina", office.says("lina", "接班"))
