"""Storm day: many new cases within minutes become one numbered list, settled in one answer."""

from datetime import timedelta

import pytest

from cases.model import State
from storage.database import Database
from tests.support.office import MORNING, Office, Told, to

PLACES = ("青禾路", "滨江花园", "人民广场", "东风路", "建设街", "西湖公园", "北门市场", "三中门口")


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def arrives(office: Office, count: int, *, first: int = 0, every: int = 20) -> list[Told]:
    """So many different matters come in, one every few seconds."""
    told: list[Told] = []
    for nth in range(first, first + count):
        what = ("积水", "停水", "堵车", "噪声", "油烟", "欠薪", "涨价", "违建")[
            nth // len(PLACES) % 8
        ]
        url = f"https://weibo.com/{1000000000 + nth}/P0w7ex{nth:03d}"
        told += office.says("wangxiaoyu", f"微博 {PLACES[nth % len(PLACES)]}{what} {url}")
        told += office.passes(seconds=every)
    return told


def lists(told: list[Told], who: str = "sunlei") -> list[str]:
    return [one.text for one in told if one.to == who and "【待定级清单】" in one.text]


def office_clocks(office: Office) -> int:
    with office.database.read() as work:
        running = [c for case in work.cases.find_open() for c in work.clocks.running(case.id)]
    return sum(clock.step == "定级交办" for clock in running)


def states(office: Office, *numbers: int) -> list[State]:
    return [office.case(f"{number:03d}").state for number in numbers]


@pytest.mark.parametrize(("count", "is_list"), [(5, False), (6, True), (7, True)])
def test_six_within_ten_minutes_make_a_list(office: Office, count: int, is_list: bool) -> None:
    told = arrives(office, count) + office.passes(minutes=3)
    assert bool(lists(told)) is is_list
    assert office_clocks(office) == (1 if is_list else count)


def test_the_same_number_in_a_longer_time_does_not(office: Office) -> None:
    told = arrives(office, 7, every=130)
    assert lists(told) == []


def test_the_list_is_shown_once_for_all_that_came(office: Office) -> None:
    told = arrives(office, 12, every=5) + office.passes(minutes=3)
    shown = lists(told)
    assert len(shown) == 1
    assert "【待定级清单】12 件" in shown[0]
    assert "1. 001 微博 青禾路积水" in shown[0]
    assert "12. 012 " in shown[0]
    asked = [one.text for one in told if one.to == "sunlei" and "【待定级】" in one.text]
    assert len(asked) == 5, "only those before anybody knew of a storm came one by one"
    assert len(lists(told, "zhaomin")) == 1


def test_one_answer_settles_the_list(office: Office) -> None:
    arrives(office, 15, every=5)
    office.passes(minutes=3)
    told = office.says("sunlei", "2-12 并入001, 13 15 定二级交城管")
    answer = to("sunlei", told)
    assert "已并入较早的 001" in answer
    assert "清单 13、15 已定级。" in answer
    assert "清单 13、15 已交办。" in answer
    assert "清单还有 2 件: 1、14。" in answer
    assert states(office, *range(2, 13)) == [State.MERGED] * 11
    assert states(office, 13, 15) == [State.ASSIGNED] * 2
    assert office.case("013").level == "二级"
    assert "【交办】013" in to("liuyang", told)
    assert office_clocks(office) == 1
    told = office.says("sunlei", "其余定三级交住建局")
    assert "清单 1、14 已交办。" in to("sunlei", told)
    assert "清单已全部处理" in to("sunlei", told)
    assert office_clocks(office) == 0


def test_the_rest_are_those_the_message_does_not_name(office: Office) -> None:
    arrives(office, 8, every=5)
    office.passes(minutes=3)
    told = office.says("sunlei", "1-3 定三级, 其余撤回")
    assert states(office, 1, 2, 3) == [State.GRADED] * 3
    assert states(office, *range(4, 9)) == [State.WITHDRAWN] * 5
    assert "清单还有 3 件: 1-3。" in to("sunlei", told)


def test_the_one_clock_goes_on_with_its_moment_when_its_case_is_settled(office: Office) -> None:
    arrives(office, 8, every=5)
    with office.database.read() as work:
        before = [c for c in work.clocks.running(office.case("001").id) if c.step == "定级交办"]
    assert len(before) == 1
    office.says("sunlei", "1 定三级交城管局")
    with office.database.read() as work:
        after = [c for c in work.clocks.running(office.case("002").id) if c.step == "定级交办"]
    assert [c.due_at for c in after] == [before[0].due_at]


def test_a_silent_office_is_reminded_of_the_list_and_nothing_is_decided(office: Office) -> None:
    arrives(office, 8, every=5)
    told = office.passes(hours=1)
    reminded = [one.text for one in told if one.to == "zhaomin" and "时限" in one.text]
    assert any("待定级清单共 8 件未处理: 1-8" in text for text in reminded)
    assert states(office, *range(1, 9)) == [State.REPORTED] * 8


def test_what_the_list_has_not_is_said_and_the_others_are_done(office: Office) -> None:
    arrives(office, 7, every=5)
    told = office.says("sunlei", "9 定三级")
    assert "清单里没有 9" in to("sunlei", told)
    assert "还没处理的: 1-7" in to("sunlei", told)
    office.says("sunlei", "撤回 002, 外地的事")
    told = office.says("sunlei", "1 2 定三级")
    assert "清单里没有 2, 或已处理" in to("sunlei", told)


def test_without_a_list_the_numbers_mean_nothing(office: Office) -> None:
    told = office.says("sunlei", "1-12 并入007")
    assert "没有等您处理的清单" in to("sunlei", told)


def test_later_ones_join_the_list_and_it_is_shown_again(office: Office) -> None:
    arrives(office, 6, every=5)
    office.passes(minutes=3)
    told = arrives(office, 2, first=6, every=5) + office.passes(minutes=3)
    assert ["【待定级清单】8 件" in text for text in lists(told)] == [True]
    assert office_clocks(office) == 1


@pytest.mark.parametrize(("later", "joins"), [(59, True), (61, False)])
def test_an_hour_later_a_new_case_stands_by_itself(office: Office, later: int, joins: bool) -> None:
    arrives(office, 6, every=0)
    assert office.now == MORNING
    office.now += timedelta(minutes=later)
    told = office.says("wangxiaoyu", "微博 南门大桥井盖丢失 https://weibo.com/1999999999/P0w7ex999")
    assert ("【待定级】007" not in to("sunlei", told)) is joins


def test_a_likely_repeat_is_noted_in_the_list_instead_of_a_message_each(office: Office) -> None:
    arrives(office, 6, every=5)
    url = "https://weibo.com/1888888888/P0w7ex888"
    told = office.says("lihang", f"微博 青禾路积水 {url}") + office.passes(minutes=3)
    assert "【可能重复】" not in to("sunlei", told)
    assert "可能与 001 相同" in lists(told)[-1]


def test_a_long_list_comes_in_parts_that_fit(office: Office) -> None:
    told = arrives(office, 17, every=3) + office.passes(minutes=3)
    first, second = lists(told)
    assert "17 件 (1/2)" in first
    assert "15. 015" in first
    assert "17 件 (2/2)" in second
    assert "17. 017" in second
    assert "一次答复" in second
    assert max(len(text.encode()) for text in (first, second)) < 2048


def test_one_that_cannot_be_done_does_not_stop_the_others(office: Office) -> None:
    arrives(office, 7, every=5)
    office.says("sunlei", "1 定三级")
    told = office.says("sunlei", "1 2 定三级")
    assert "清单 2 已定级。" in to("sunlei", told)
    assert "清单 1: 001 已由孙磊于 10:00 处理: 定三级" in to("sunlei", told)
    told = office.says("sunlei", "4 5 合并")
    assert "请写明并入哪一件" in to("sunlei", told)


def test_what_is_of_the_gravest_level_is_asked_about_at_once(office: Office) -> None:
    arrives(office, 6, every=5)
    told = office.says(
        "wangxiaoyu",
        "央视新闻报道 三中食堂食物中毒致2人死亡 https://weibo.com/1777777777/P0w7ex777",
    )
    assert "【待定级】007" in to("zhouguohua", told) + to("wangjianping", told)


def test_whoever_takes_one_back_has_it_by_itself_again(office: Office) -> None:
    arrives(office, 7, every=5)
    office.says("sunlei", "2 撤回")
    office.says("sunlei", "撤销刚才的操作")
    assert office.case("002").state is State.REPORTED
    assert office_clocks(office) == 2
