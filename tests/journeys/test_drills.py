"""Drills (演练) in the running office: marked, counted nowhere, by a time of their own."""

import re
from collections.abc import Iterator

import pytest

from cases.drills.marking import MARK
from cases.drills.sheet import Outcome
from cases.model import State
from handlers import drills, summaries
from storage.database import Database
from tests.support.office import Office, Told, to

PLACE = "锦绣花园"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


def about_cases(told: list[Told]) -> Iterator[str]:
    return (one.text for one in told if PLACE in one.text)


def test_every_message_of_a_drill_begins_with_its_mark(office: Office) -> None:
    told = office.says("sunlei", "开始演练 停水")
    told += office.passes(seconds=1)
    told += office.says("sunlei", "001 定三级, 交城管局")
    told += office.passes(minutes=3)
    told += office.says("sunlei", "查 001")
    texts = list(about_cases(told))
    assert len(texts) > 5
    assert [text for text in texts if not text.startswith(MARK)] == []
    assert "提醒" in "".join(one.kind for one in told) or "remind" in "".join(
        one.kind for one in told
    )
    assert office.case().is_drill
    assert office.case().title.startswith(MARK)


def test_a_drill_goes_by_its_own_faster_time_and_moves_no_real_clock(office: Office) -> None:
    office.says("wangxiaoyu", "上报: 青禾路积水严重, 平台抖音, 请市城管局核实")
    office.says("sunlei", "001 定三级, 交城管局")

    def real() -> list[tuple[str, str]]:
        with office.database.read() as work:
            running = work.clocks.running(office.case("001").id)
        return [(clock.step, clock.due_at.isoformat()) for clock in running]

    before = real()
    office.says("sunlei", "开始演练 停水 按1小时=1分钟")
    office.passes(seconds=1)
    office.says("sunlei", "002 定三级, 交城管局")
    assert real() == before
    with office.database.read() as work:
        of_drill = {c.step: c.due_at for c in work.clocks.running(office.case("002").id)}
    # two hours of the drill are two minutes
    assert (of_drill["签收"] - office.now).total_seconds() == pytest.approx(120, abs=1)
    told = office.passes(minutes=5)
    assert "超时" in "".join(about_cases(told))


def test_the_night_drill_is_graded_and_reminded_through_the_holiday_night(office: Office) -> None:
    office.says("zhaomin", "开始演练 一级夜间 按1小时=1分钟")
    told = office.passes(minutes=1)
    assert "央视" in "".join(about_cases(told))  # the step after 40 minutes has come too
    told += office.passes(minutes=2)
    assert "电话通知" in "".join(about_cases(told))  # 02:10 on a holiday: nobody is left to sleep
    answer = to("zhaomin", office.says("zhaomin", "结束演练"))
    assert "已结束" in answer


def test_ending_cancels_what_is_pending_and_shows_where_the_chain_stopped(office: Office) -> None:
    office.says("sunlei", "开始演练 停水")
    office.passes(seconds=1)
    office.says("sunlei", "001 定三级, 交城管局")
    office.says("liuyang", "收到 001")
    office.passes(minutes=60)
    told = office.says("sunlei", "结束演练")
    result = to("zhaomin", told)
    assert "城管局签收: 按时" in result
    assert re.search("卡在.*城管局", result)
    assert "电话通知" in result
    assert office.case().state is State.WITHDRAWN
    assert office.passes(days=3) == []
    with office.database.read() as work:
        drill = work.drills.latest()[0]
        sheet = drills.sheet(work, drill, office.now)
    assert {link.outcome for link in sheet.chain} >= {Outcome.IN_TIME, Outcome.NEVER}
    again = to("sunlei", office.says("sunlei", "演练结果"))
    assert "城管局签收: 按时" in again


def _without_the_audit(text: str) -> str:
    """A drill's acts stand in the audit, and its end is said in the evening."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("审计到第"))


def test_a_drill_is_counted_nowhere(office: Office) -> None:
    def counted() -> tuple[str, str, str]:
        with office.database.read() as work:
            return (
                _without_the_audit(summaries.evening(work, office.desk, office.now)),
                summaries.weekly(work, office.desk, office.now),
                summaries.morning(work, office.desk, office.now),
            )

    office.says("wangxiaoyu", "上报: 青禾路积水严重, 平台抖音, 请市城管局核实")
    before = counted()
    office.says("sunlei", "开始演练 停水")
    office.passes(seconds=1)
    office.says("sunlei", "002 定三级, 交城管局")
    office.now = office.now.replace(second=0)
    assert counted() == before


def test_a_link_of_a_drill_never_meets_a_real_case(office: Office) -> None:
    office.says("sunlei", "开始演练 停水")
    office.passes(seconds=1)
    link = "https://www.douyin.com/video/7000000000000000002"
    answer = to("lihang", office.forwards("lihang", "锦绣花园停水两天没人管", link))
    assert "已登记 002" in answer
    assert not office.case("002").is_drill
    assert "可能与" not in answer


def test_marked_words_touch_only_the_drill(office: Office) -> None:
    office.says("wangxiaoyu", "上报: 青禾路积水严重, 平台抖音, 请市城管局核实")
    nothing = to("sunlei", office.says("sunlei", "【演练】001 定三级, 交城管局"))
    assert "没有进行中的演练" in nothing
    office.says("sunlei", "开始演练 停水")
    office.passes(seconds=1)
    refused = to("sunlei", office.says("sunlei", "【演练】001 定三级, 交城管局"))
    assert "不是演练的件" in refused
    assert office.case("001").state is State.REPORTED


def test_one_drill_at_a_time_begun_and_ended_by_the_office_and_over_at_its_time(
    office: Office,
) -> None:
    assert "组织演练由" in to("liuyang", office.says("liuyang", "开始演练 停水"))
    assert "一级夜间" in to("sunlei", office.says("sunlei", "演练"))
    assert "没有演练场景" in to("sunlei", office.says("sunlei", "开始演练 地震"))
    assert "没有进行中" in to("sunlei", office.says("sunlei", "结束演练"))
    office.says("sunlei", "开始演练 停水")
    assert "还在进行" in to("zhaomin", office.says("zhaomin", "开始演练 校园"))
    office.passes(hours=2)  # 4320 minutes at 60 to 1
    assert "没有进行中" in to("sunlei", office.says("sunlei", "结束演练"))
    assert office.case().state is State.WITHDRAWN


@pytest.mark.parametrize("name", ["一级夜间", "校园食品", "停水投诉"])
def test_every_step_of_the_shipped_drills_is_understood(office: Office, name: str) -> None:
    office.says("sunlei", f"开始演练 {name} 按6小时=1分钟")
    told = office.passes(seconds=2)
    office.says("wangjianping", f"001 定{office.case().working_level}, 交城管局")
    office.says("wangjianping", "001 同意")
    told += office.passes(minutes=3)
    answers = [one.text for one in told if one.kind == "answer"]
    assert "已登记 001" in answers[0]
    refused = [text for text in answers if "不能" in text or "请写明" in text or "帮助" in text]
    assert refused == []
