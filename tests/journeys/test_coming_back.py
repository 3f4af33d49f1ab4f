"""反弹重开: within 30 days the same case, later a new one linked to it; offered when it is due."""

import re
from datetime import timedelta

import pytest

from cases.model import Case, State
from storage.database import Database
from tests.support.office import MORNING, Office, to

LINK = "https://weibo.com/1234567890/P0w7ex6A3"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


def closed(office: Office) -> Case:
    """001 is 三级, done by 市城管局 and closed."""
    office.says("wangxiaoyu", f"微博 青禾路积水, 有网友拍视频 {LINK}")
    office.says("sunlei", "001 定三级, 交城管局")
    office.says("liuyang", "收到 001")
    office.says("liuyang", "001 首报: 已到现场核实")
    office.says("sunlei", "001 不需公开回应, 已当面答复")
    office.says("liuyang", "001 已办结, 积水已排干")
    office.says("sunlei", "001 可以办结")
    case = office.case()
    assert case.state is State.CLOSED
    return case


def steps(office: Office, short: str = "001") -> set[str]:
    with office.database.read() as work:
        return {clock.step for clock in work.clocks.running(office.case(short).id)}


def test_reopened_it_is_with_the_same_unit_which_signs_again(office: Office) -> None:
    closed(office)
    told = office.says("sunlei", "001昨天办结的又炒起来了, 重新打开")
    assert "001 已重新打开 (第 1 次)" in to("sunlei", told)
    back = to("liuyang", told)
    assert "第 1 次反弹: 又炒起来了" in back
    assert "请回复「收到 001」签收" in back
    assert "第 1 次反弹" in to("wangxiaoyu", told)
    case = office.case()
    assert (case.state, case.reopened, case.closed_at) == (State.ASSIGNED, 1, None)
    assert {"签收", "首报", "办结"} <= steps(office)
    assert "已签收 001" in to("liuyang", office.says("liuyang", "收到 001"))


@pytest.mark.parametrize(
    ("later", "same"),
    [
        (timedelta(days=30) - timedelta(minutes=1), True),
        (timedelta(days=30), True),
        (timedelta(days=30, minutes=1), False),
    ],
)
def test_thirty_days_are_the_border(office: Office, later: timedelta, same: bool) -> None:
    case = closed(office)
    assert case.closed_at == MORNING
    office.now = MORNING + later
    told = office.says("sunlei", f"{case.number} 重新打开, 又炒起来了")
    assert ("已重新打开" in to("sunlei", told)) is same
    assert ("已另立 001 并与它关联" in to("sunlei", told)) is not same
    if not same:
        with office.database.read() as work:
            new = work.cases.find_open()[0]
            assert new.linked_to == case.number
            assert [link.url for link in work.cases.links(new.id)] == [LINK]
        assert "【待定级】001" in to("sunlei", told)


def test_the_same_link_reported_again_offers_reopening_in_one_tap(office: Office) -> None:
    closed(office)
    office.passes(days=3)
    told = office.says("lihang", f"微博 青禾路又积水了 {LINK}")
    asked = to("sunlei", told)
    assert "同一链接的 1120-001 近 30 天内办结过, 可能是反弹" in asked
    number = re.findall(r"([0-9]+) = 重新打开 1120-001 并把本件并入", asked)[0]
    told = office.says("sunlei", number)
    assert "1120-001 已重新打开 (第 1 次)" in to("sunlei", told)
    assert "001 已并入较早的 1120-001" in to("sunlei", told)
    with office.database.read() as work:
        case = work.cases.by_number("YQ-20261120-001")
    assert case is not None
    assert case.state is State.ASSIGNED
    assert case.reporters == ("wangxiaoyu", "lihang")
    with office.database.read() as work:
        assert [one.id for one in work.cases.find_open()] == [case.id]
    told = office.says("heqing", LINK)
    assert "已并入 001" in to("heqing", told)


def test_after_thirty_days_the_same_link_is_simply_a_new_case(office: Office) -> None:
    closed(office)
    office.passes(days=31)
    told = office.says("lihang", f"微博 青禾路又积水了 {LINK}")
    assert "重新打开" not in to("sunlei", told)


def test_a_case_that_never_had_a_unit_goes_back_to_the_office(office: Office) -> None:
    office.says("wangxiaoyu", f"微博 青禾路积水, 有网友拍视频 {LINK}")
    office.says("zhouguohua", "001 终止响应, 已平息")
    assert office.case().state is State.CLOSED
    told = office.says("sunlei", "001 重新打开, 又炒起来了")
    assert "下一步请交办" in to("sunlei", told)
    assert office.case().state is State.REPORTED
    assert "定级交办" in steps(office)


def test_an_open_case_is_not_reopened_and_only_the_office_and_leaders_do(office: Office) -> None:
    office.says("wangxiaoyu", f"微博 青禾路积水, 有网友拍视频 {LINK}")
    assert "不能重新打开" in to("sunlei", office.says("sunlei", "001 重新打开, 又炒起来了"))
    told = office.says("wangxiaoyu", "001 重新打开, 又炒起来了")
    assert "重新打开由舆情办主任、分管领导、主要领导来做" in to("wangxiaoyu", told)


def test_archived_with_a_review_wanted_and_taken_back_at_once(office: Office) -> None:
    closed(office)
    told = office.says("sunlei", "#001归档,写个复盘")
    assert "001 已归档。请舆情办写复盘" in to("sunlei", told)
    assert "请写复盘: 起因、时间线" in to("zhaomin", told)
    assert office.case().state is State.ARCHIVED
    assert "已归档, 不能再归档" in to("sunlei", office.says("sunlei", "001 归档"))
    told = office.says("sunlei", "撤销刚才的操作")
    assert "001 的「已归档」已撤销, 回到「已办结」" in to("sunlei", told)
    assert office.case().state is State.CLOSED
    assert office.case().closed_at == MORNING
    assert steps(office) == set()


def test_a_closing_by_mistake_is_taken_back_within_five_minutes(office: Office) -> None:
    closed(office)
    office.passes(minutes=4)
    told = office.says("sunlei", "撤销刚才的操作")
    assert "001 的「已办结」已撤销, 回到「申请办结」" in to("sunlei", told)
    assert "刚才的「已办结」已撤销" in to("liuyang", told)
    assert "审核" in steps(office)


@pytest.mark.parametrize(("after", "works"), [(299, True), (300, True), (301, False)])
def test_five_minutes_are_the_border_of_undoing(office: Office, after: int, works: bool) -> None:
    office.says("wangxiaoyu", f"微博 青禾路积水, 有网友拍视频 {LINK}")
    office.says("wangxiaoyu", "撤回 001, 外地的事")
    office.now += timedelta(seconds=after)
    told = office.says("wangxiaoyu", "撤销刚才的操作")
    assert (office.case().state is State.REPORTED) is works, to("wangxiaoyu", told)
    if works:
        assert "刚才的「已撤回」已撤销" in to("zhaomin", told)
        assert "定级交办" in steps(office)


def test_what_others_were_told_to_do_is_put_right_by_another_order(office: Office) -> None:
    office.says("wangxiaoyu", f"微博 青禾路积水, 有网友拍视频 {LINK}")
    office.says("sunlei", "001 定三级, 交城管局")
    told = office.says("sunlei", "撤销刚才的操作")
    assert "001 这一步不能撤销。单位已收到交办, 请改派" in to("sunlei", told)
    assert office.case().state is State.ASSIGNED


def test_nothing_is_undone_once_somebody_went_on_with_it(office: Office) -> None:
    office.says("wangxiaoyu", f"微博 青禾路积水, 有网友拍视频 {LINK}")
    office.says("zhouguohua", "001 挂牌督办")
    office.says("sunlei", "001 定三级, 交城管局")
    told = office.says("zhouguohua", "撤销刚才的操作")
    assert "001 之后孙磊已有新的办理, 不能撤销" in to("zhouguohua", told)


def test_a_report_by_mistake_is_taken_back(office: Office) -> None:
    office.says("wangxiaoyu", f"微博 青禾路积水, 有网友拍视频 {LINK}")
    told = office.says("wangxiaoyu", "撤销刚才的操作")
    assert "001 已撤回, 不再提醒" in to("wangxiaoyu", told)


def test_without_a_number_the_one_that_closed_last_is_meant(office: Office) -> None:
    assert "没有可以归档的件" in to("sunlei", office.says("sunlei", "归档"))
    closed(office)
    office.says("sunlei", "归档, 写个复盘")
    assert office.case().state is State.ARCHIVED


def test_one_of_ones_own_commands_may_be_named(office: Office) -> None:
    office.says("wangxiaoyu", f"微博 青禾路积水, 有网友拍视频 {LINK}")
    office.says("wangxiaoyu", "撤回 001, 外地的事")
    office.says("wangxiaoyu", "微博 滨江花园停水三天 https://weibo.com/1234567891/P0w7ex6A4")
    told = office.says("wangxiaoyu", "撤销刚才对 001 的操作")
    assert "001 的「已撤回」已撤销" in to("wangxiaoyu", told)
    assert office.case("002").state is State.REPORTED
