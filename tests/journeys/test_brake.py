"""The emergency brake told as a chat: held at once, asked before leaving, alone in a flood."""

from pathlib import Path

import pytest

from cases.chat.brake_words import BrakeKind
from cases.notices import Priority
from handlers import brake
from handlers.post import Post
from storage.database import Database
from storage.outbox import NewMessage
from storage.states import BrakeScope, Channel
from tests.bot.test_main import folder as folder  # noqa: PLC0414 -- a fixture
from tests.support.office import Office, recipients, to
from tests.support.program import operate

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    return office


def test_everything_is_held_at_once_and_those_who_watch_are_told(office: Office) -> None:
    told = office.says("sunlei", "暂停发送")
    assert "已暂停全部消息的发送。登记、计时和对本人的答复照常。" in to("sunlei", told)
    assert "【紧急暂停】孙磊已暂停全部消息的发送。原因: 暂停发送" in to("admin", told)
    assert recipients(office.says("sunlei", "定二级,交城管局")) == ["sunlei"]
    assert "已经暂停着了" in to("sunlei", office.says("sunlei", "暂停发送"))


def test_clocks_and_intake_go_on_and_answers_leave(office: Office) -> None:
    office.says("admin", "暂停发送")
    assert to("wangxiaoyu", office.says("wangxiaoyu", "查 001"))
    office.says("sunlei", "定二级,交城管局")
    assert office.passes(minutes=40) == []
    shown = to("sunlei", office.says("sunlei", "暂停情况"))
    assert "提醒" in shown.split("等着的消息")[1]
    assert office.forwards(
        "wangxiaoyu", "另一件", "https://www.toutiao.com/article/7249559687354974760/"
    )


def test_resuming_shows_what_would_leave_and_asks(office: Office) -> None:
    office.says("sunlei", "暂停发送")
    office.says("sunlei", "定二级,交城管局")
    office.passes(minutes=40)
    asked = to("sunlei", office.says("sunlei", "恢复发送"))
    assert "等着的消息" in asked
    number = asked.partition(" = 同一事项只发最新一条")[0].rpartition("; ")[2]
    told = office.says("sunlei", number)
    assert "已恢复发送: 发出" in to("sunlei", told)
    assert "作废 0 条" not in to("sunlei", told)
    assert "孙磊已恢复全部消息的发送" in to("admin", told)
    assert "liuyang" in recipients(told)
    assert "没有暂停" in to("sunlei", office.says("sunlei", "恢复发送"))


def test_several_brakes_are_released_and_told_of_together(office: Office) -> None:
    office.says("sunlei", "暂停城管局的发送")
    office.says("sunlei", "暂停提醒发送")
    office.says("sunlei", "定二级,交城管局")
    told = office.says("sunlei", "恢复发送,全部发出")
    heard = [one.text for one in told if one.to == "admin" and "已恢复" in one.text]
    assert len(heard) == 1
    assert "孙磊已恢复给市城管局的消息、提醒的发送: 共发出" in heard[0]


def test_what_is_dropped_never_leaves(office: Office) -> None:
    office.says("sunlei", "暂停发送")
    office.says("sunlei", "定二级,交城管局")
    told = office.says("sunlei", "恢复发送,作废不发")
    assert "发出 0 条, 作废" in to("sunlei", told)
    assert "liuyang" not in recipients(told)
    assert "没有暂停" in to("sunlei", office.says("sunlei", "恢复发送,全部发出"))


def test_with_nothing_waiting_it_is_released_without_a_question(office: Office) -> None:
    office.says("sunlei", "暂停市城管局的发送")
    assert "发出 0 条, 作废 0 条" in to("sunlei", office.says("sunlei", "恢复发送"))


def test_one_unit_or_one_kind(office: Office) -> None:
    assert "已暂停给市城管局的消息的发送" in to("sunlei", office.says("sunlei", "暂停城管局的发送"))
    assert "没有认出「月球局」" in to("sunlei", office.says("sunlei", "暂停给月球局的发送"))
    assert "已暂停提醒的发送" in to("sunlei", office.says("sunlei", "暂停提醒发送"))
    shown = to("sunlei", office.says("sunlei", "暂停情况"))
    assert shown.count("起暂停") == 2
    assert "(孙磊)" in shown


def test_without_a_brake_the_state_says_so(office: Office) -> None:
    assert "没有暂停, 消息照常发送。" in to("sunlei", office.says("sunlei", "暂停情况"))


@pytest.mark.parametrize("who", ["wangxiaoyu", "liuyang", "zhouguohua"])
def test_others_are_told_who_may(office: Office, who: str) -> None:
    told = office.says(who, "暂停发送")
    assert recipients(told) == [who]
    with office.database.read() as work:
        assert work.brakes.pulled() == ()


TEXT = '{"text": {"content": "x"}}'


def flood(office: Office, count: int, place: Priority) -> None:
    with office.database.work() as work:
        for number in range(count):
            key = f"{place}:{office.now}:{number}"
            work.outbox.put(
                NewMessage(key, "x", Channel.APP, "liuyang", TEXT, "试", int(place), office.now)
            )


def watched(office: Office) -> bool:
    return office.database.run(lambda work: brake.watch_volume(Post(work, office.desk, office.now)))


@pytest.mark.parametrize(("count", "is_pulled"), [(299, False), (300, False), (301, True)])
def test_a_flood_is_held_by_itself_save_answers_and_top_grades(
    sqlite_database: Database, count: int, *, is_pulled: bool
) -> None:
    office = Office(sqlite_database)
    flood(office, count, Priority.REMINDER)
    flood(office, 500, Priority.ANSWER)
    assert watched(office) is is_pulled
    with office.database.read() as work:
        assert [one.scope for one in work.brakes.pulled()] == [BrakeScope.VOLUME] * is_pulled
    if is_pulled:
        assert f"10 分钟内有 {count} 条消息要发" in to("admin", office.leaving())
        assert not watched(office)


def test_a_flood_that_swells_for_minutes_does_not_make_itself_usual(
    sqlite_database: Database,
) -> None:
    office = Office(sqlite_database)
    flood(office, 290, Priority.REMINDER)
    assert not watched(office)
    office.passes(minutes=1)
    flood(office, 20, Priority.REMINDER)
    assert watched(office)


def test_what_is_usual_is_learnt_for_a_week(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    flood(office, 200, Priority.REMINDER)
    assert not watched(office)
    for days, is_pulled in ((6, False), (8, True)):
        office.passes(days=days)
        office.leaving()
        flood(office, 700, Priority.REMINDER)
        assert watched(office) is is_pulled


def test_at_the_command_line(folder: Path) -> None:
    config = ("--config", str(folder / "duban.toml"))
    assert "没有暂停" in operate("resume", *config).stdout
    unknown = operate("pause", "--reason", "演练", "--unit", "moon", *config)
    assert unknown.returncode == 2
    assert "名录里没有单位 moon" in unknown.stderr
    first = operate("pause", "--reason", "演练", "--kind", BrakeKind.REMINDER.value, *config)
    assert first.stdout == "已暂停: 提醒的发送\n"
    again = operate("pause", "--reason", "演练", "--kind", "提醒", *config)
    assert "先前已经暂停" in again.stdout
    assert "要恢复请加 --send" in operate("resume", *config).stdout
    assert "发出 0 条" in operate("resume", "--send", "latest", *config).stdout
