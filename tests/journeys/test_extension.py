"""延期: asked for before expiry, ruled on by whoever confirms the end, at most twice."""

import re

import pytest

from storage.database import Database
from tests.support.office import Office, to


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def in_hand(office: Office) -> None:
    """001 is 三级 with 市城管局, signed and reported on."""
    office.says(
        "wangxiaoyu", "微博 青禾路积水, 有网友拍视频 https://weibo.com/1234567890/P0w7ex6A3"
    )
    office.says("sunlei", "001 定三级, 交城管局")
    office.says("liuyang", "收到 001")
    office.says("liuyang", "001 首报: 已到现场核实")


def due(office: Office, step: str = "办结") -> str:
    with office.database.read() as work:
        running = work.clocks.running(office.case().id)
    moments = [clock.due_at for clock in running if clock.step == step]
    return "/".join(f"{moment.astimezone(office.now.tzinfo):%m-%d %H:%M}" for moment in moments)


def test_a_unit_asks_the_director_agrees_and_the_clock_moves(office: Office) -> None:
    in_hand(office)
    was = due(office)
    told = office.says("liuyang", "申请延期至12月4日, 需做水质检测")
    assert "延期申请已报舆情办主任批" in to("liuyang", told)
    assert "批复前仍按" in to("liuyang", told)
    asked = to("sunlei", told)
    assert "市城管局申请第 1 次延期至 12月4日 17:30: 需做水质检测" in asked
    assert "= 同意延期至 12月4日 17:30" in asked
    assert due(office) == was, "nobody's wish moves a clock"
    number = re.findall(r"([0-9]+) = 同意延期", asked)[0]
    told = office.says("sunlei", number)
    assert "已同意延期至 12月4日 17:30" in to("sunlei", told)
    assert "办结时限改为 12月4日 17:30" in to("liuyang", told)
    assert "办理时间延长至 12月4日 17:30" in to("wangxiaoyu", told)
    assert due(office) == "12-04 17:30"
    case = office.case()
    assert (case.extensions, case.extension) == (1, None)
    assert due(office, "审核") == ""


def test_h08_no_reminder_of_the_old_deadline_leaves_after_it_moved(office: Office) -> None:
    in_hand(office)
    office.says("liuyang", "申请延期至12月4日, 需做水质检测")
    office.says("sunlei", "同意延期")
    told = office.passes(days=12)
    closing = [one.text for one in told if "办结时限" in one.text]
    assert closing == []
    assert "办结时限 明天 17:30, 还剩 1 天" in to("liuyang", office.passes(days=3))


def test_the_leader_may_name_another_day_or_refuse_with_his_own(office: Office) -> None:
    in_hand(office)
    office.says("liuyang", "申请延期至12月4日, 需做水质检测")
    told = office.says("sunlei", "延期同意, 最多到12月1日")
    assert "办结时限改为 12月1日 17:30" in to("liuyang", told)
    office.says("liuyang", "申请延期至12月8日, 检测结果未出")
    told = office.says("sunlei", "不同意延期, 12月2日下班前必须办完")
    assert "【延期未同意】" in to("liuyang", told)
    assert due(office) == "12-02 17:30"
    assert office.case().extensions == 1


def test_at_most_two_and_only_with_a_reason_a_time_and_before_expiry(office: Office) -> None:
    in_hand(office)
    assert "写明理由" in to("liuyang", office.says("liuyang", "001 申请延期至12月4日"))
    assert "延到什么时候" in to("liuyang", office.says("liuyang", "001 申请延期, 情况复杂"))
    assert "更晚的时间" in to("liuyang", office.says("liuyang", "申请延期至今天17点, 情况复杂"))
    for day in ("12月4日", "12月8日"):
        office.says("liuyang", f"申请延期至{day}, 情况复杂")
        twice = office.says("liuyang", f"申请延期至{day}, 情况复杂")
        assert "请等批复" in to("liuyang", twice)
        office.says("sunlei", "同意延期")
    assert "已延期 2 次" in to("liuyang", office.says("liuyang", "申请延期至12月20日, 情况复杂"))


def test_after_expiry_it_is_too_late(office: Office) -> None:
    in_hand(office)
    office.passes(days=9)
    told = office.says("liuyang", "申请延期至12月20日, 情况复杂")
    assert "已过, 不能再申请延期" in to("liuyang", told)


def test_working_days_count_from_the_deadline_that_stands(office: Office) -> None:
    in_hand(office)
    assert due(office) == "11-27 17:30"
    told = office.says("liuyang", "情况复杂, 001申请延长3个工作日")
    assert "延期至 12月2日 17:30" in to("sunlei", told)


def test_the_second_answer_hears_who_was_first(office: Office) -> None:
    in_hand(office)
    office.says("liuyang", "申请延期至12月4日, 需做水质检测")
    office.says("sunlei", "同意延期")
    told = office.says("zhouguohua", "001 同意延期")
    assert "已由孙磊于 10:00 处理" in to("zhouguohua", told)


def test_others_may_not_rule_and_another_unit_may_not_ask(office: Office) -> None:
    in_hand(office)
    office.says("liuyang", "申请延期至12月4日, 需做水质检测")
    assert "批延期由" in to("zhaomin", office.says("zhaomin", "001 同意延期"))
    assert "没有找到这个编号" in to("chenjing", office.says("chenjing", "001 申请延期至12月4日, x"))


def test_whoever_reports_done_needs_no_more_time(office: Office) -> None:
    in_hand(office)
    office.says("liuyang", "申请延期至12月4日, 需做水质检测")
    office.says("liuyang", "001 已办结, 积水已排干")
    case = office.case()
    assert case.extension is None
    told = office.says("sunlei", "001 同意延期")
    assert "没有待批的延期申请" in to("sunlei", told)


@pytest.mark.parametrize(
    ("words", "given"), [("同意", True), ("同意 001", True), ("退回 001, 时间够用", False)]
)
def test_plain_words_answer_what_is_asked(office: Office, words: str, given: bool) -> None:
    in_hand(office)
    office.says("liuyang", "申请延期至12月4日, 需做水质检测")
    told = office.says("sunlei", words)
    assert ("已同意延期" in to("sunlei", told)) is given
    assert ("未同意延期" in to("sunlei", told)) is not given
    assert office.case().extension is None


def test_days_and_weeks_count_from_the_deadline_that_stands(office: Office) -> None:
    in_hand(office)
    told = office.says("liuyang", "情况复杂, 001申请延期一周")
    assert "延期至 12月4日 17:30" in to("sunlei", told)
