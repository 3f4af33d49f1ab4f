"""Papers: drafted at their moment, shown to whoever checks them, filled in, approved, sent."""

from datetime import time
from pathlib import Path

import pytest

from bench.papers.pictures import text_of
from cases.broadcasts import Broadcast, BroadcastKind, Days
from cases.papers.model import WANTED, Kind
from storage.database import Database
from storage.states import ClockState, PaperState
from tests.support.office import Office, recipients, to
from tests.support.papers import file_of, latest, paper, prints

LINK = "https://weibo.com/1234567890/P0w7ex6A3"
ALL = frozenset(Kind) - {Kind.NOTE, Kind.SPECIAL, Kind.LEDGER}
EVERY = frozenset(Kind) - {Kind.LEDGER}


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database, drafts=ALL)


@pytest.fixture
def top(office: Office) -> Office:
    """一级, given out and signed; its 特报 and 交办单 are ordered, not printed."""
    office.says("wangxiaoyu", f"【舆情】三中食堂吃出虫子\n平台:微博\n链接:{LINK}\n摘要:央视已报道")
    office.says("zhouguohua", "001 定一级")
    office.says("sunlei", "001 请教体局牵头,查清来源")
    office.says("wangjianping", "同意 001")
    office.says("yanghui", "收到 001")
    return office


def plain(words: str) -> str:
    return "".join(words.split())


def test_the_upward_report_is_drafted_shown_approved_and_sent(top: Office, tmp_path: Path) -> None:
    told = prints(top, tmp_path)
    chief = [one for one in told if one.to == "wangjianping"]
    assert "【文稿1】001 特报《三中食堂吃出虫子》第 1 版已生成" in chief[0].text
    assert [one.text for one in chief[1:]] == [
        "YQ-20261120-001-特报-第1版.pdf",
        "YQ-20261120-001-特报-第1版.docx",
    ]
    page = plain("".join(text_of(file_of(top, tmp_path, paper(top, Kind.UPWARD), "pdf"))))
    for element in ("一、事件概述", "二、影响范围", "三、处置措施", "四、下一步工作计划"):
        assert element in page
    assert "央视已报道" in page
    assert "市教体局签收" in page

    assert "文稿1 还没有核定" in to("sunlei", top.says("sunlei", "文稿1 已报 市委办"))
    assert "由主要领导核稿" in to("sunlei", top.says("sunlei", "文稿1 同意"))
    number = chief[0].text.rsplit("回复数字即可: ", 1)[1][0]
    assert "已核定" in to("wangjianping", top.says("wangjianping", number))
    assert paper(top, Kind.UPWARD).state is PaperState.APPROVED
    said = to("sunlei", top.says("sunlei", "文稿1 已报 市委办"))
    assert "上报时限到此为止" in said
    sent = paper(top, Kind.UPWARD)
    assert (sent.state, sent.sent_to, sent.sent_by) == (PaperState.SENT, "市委办", "sunlei")
    with top.database.read() as work:
        clocks = [one for one in work.clocks.of_case(top.case().id) if one.step == "上报"]
    assert [one.state for one in clocks] == [ClockState.SETTLED]
    assert "已经记为报送" in to("sunlei", top.says("sunlei", "文稿1 已报 市委办"))


def test_said_without_its_number_the_report_is_noted_as_sent_too(top: Office) -> None:
    top.says("sunlei", "001 特报已报 市委办")
    sent = paper(top, Kind.UPWARD)
    assert (sent.state, sent.sent_to) == (PaperState.SENT, "市委办")


def test_a_gap_is_asked_for_and_filled_a_fact_is_not_written_over(
    office: Office, tmp_path: Path
) -> None:
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", LINK)
    assert "正在生成 文稿1 001 专报, 约 5 秒" in to(
        "sunlei", office.says("sunlei", "出一份001的专报")
    )
    told = to("sunlei", prints(office, tmp_path))
    assert "待补: 三、网民与媒体观点" in told
    special = paper(office, Kind.SPECIAL)
    assert WANTED in "".join(text_of(file_of(office, tmp_path, special, "pdf")))
    said = to(
        "sunlei",
        office.says("sunlei", "文稿1 补 网民与媒体观点: 多数要求公开检测结果, 电话13812348000"),
    )
    assert "「三、网民与媒体观点」已补" in said
    assert "没有可以补写的「概况」" in to(
        "sunlei", office.says("sunlei", "文稿1 补 概况: 没有的事")
    )
    prints(office, tmp_path)
    assert latest(office, special).number == 2
    page = plain("".join(text_of(file_of(office, tmp_path, special, "pdf"))))
    assert "多数要求公开检测结果,电话138****8000" in page
    assert "三、网民与媒体观点" not in latest(office, special).wanted


def test_an_opinion_goes_back_to_who_wrote_it(office: Office, tmp_path: Path) -> None:
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", LINK)
    office.says("zhaomin", "出一份001的处置表")
    prints(office, tmp_path)
    assert "请写明怎么改" in to("sunlei", office.says("sunlei", "文稿1 修改意见"))
    told = office.says("sunlei", "文稿1 修改意见: 影响范围写具体")
    assert "要修改: 影响范围写具体" in to("zhaomin", told)
    form = paper(office, Kind.HANDLING_FORM)
    assert (form.state, form.opinion) == (PaperState.RETURNED, "影响范围写具体")
    assert "修改意见: 影响范围写具体" in to("zhaomin", office.says("zhaomin", "文稿1"))
    assert "正在生成 文稿1" in to("zhaomin", office.says("zhaomin", "重出文稿1"))
    prints(office, tmp_path)
    assert paper(office, Kind.HANDLING_FORM).state is PaperState.CHECKING
    assert "已核定" in to("sunlei", office.says("sunlei", "同意 001 处置表"))


def test_a_bare_yes_means_a_paper_only_where_nothing_else_waits(
    office: Office, tmp_path: Path
) -> None:
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", LINK)
    office.says("sunlei", "出001的提示单")
    prints(office, tmp_path)
    assert "等您核的文稿 1 份:\n文稿1 001 提示单" in to("sunlei", office.says("sunlei", "我的文稿"))
    assert "文稿1 001 提示单已核定" in to("sunlei", office.says("sunlei", "同意"))
    assert "约 5 秒" in to("sunlei", office.says("sunlei", "出001的专报"))
    office.says("sunlei", "出001的处置表")
    queued = to("sunlei", office.says("sunlei", "出001的交办单"))
    assert "前面还有 2 份, 约 7 秒" in queued
    prints(office, tmp_path)
    several = to("sunlei", office.says("sunlei", "同意"))
    assert "同意哪一份" in several
    assert "文稿3 001 处置表" in several
    assert "没有等您核的文稿" in to("zhouguohua", office.says("zhouguohua", "文稿"))


def test_every_moment_has_its_paper(top: Office) -> None:
    top.says("yanghui", "001 首报: 已到现场封存")
    top.says("yanghui", "001 续报: 检测结果明天出")
    top.says("zhouguohua", "001 挂牌督办")
    top.says("yanghui", "001 终报: 已整改")
    with top.database.read() as work:
        kept = work.papers.of_case(top.case().id)
    found = {(one.kind, one.period): one.checker for one in kept}
    assert found == {
        (Kind.UPWARD, ""): "主要领导",
        (Kind.ASSIGNMENT, ""): "舆情办主任",
        (Kind.FIRST_REPORT, ""): "舆情办主任",
        (Kind.LATER_REPORT, "续报1"): "舆情办主任",
        (Kind.SUPERVISION, ""): "主要领导",
        (Kind.LAST_REPORT, ""): "舆情办主任",
    }


def test_closing_and_the_review_have_theirs_and_a_silent_unit_gets_the_urging(
    office: Office, tmp_path: Path
) -> None:
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", LINK)
    office.says("sunlei", "001 定二级")
    office.says("sunlei", "001 请教体局牵头")
    office.passes(hours=2)
    assert paper(office, Kind.URGING).asked_by == ""
    office.says("yanghui", "001 已办结,已整改")
    office.says("sunlei", "001 不需公开回应,已当面答复")
    office.says("zhouguohua", "同意 001")
    office.says("sunlei", "001 归档,写个复盘")
    told = prints(office, tmp_path)
    kinds = [text for one in told if (text := one.text).endswith("pdf")]
    assert any("复盘" in name for name in kinds)
    urged = plain("".join(text_of(file_of(office, tmp_path, paper(office, Kind.URGING), "pdf"))))
    assert "网络舆情催办单" in urged
    form = plain(
        "".join(text_of(file_of(office, tmp_path, paper(office, Kind.HANDLING_FORM), "pdf")))
    )
    assert "办结时间" in form
    assert "2026年11月20日12时00分" in form


def test_a_restricted_case_shows_its_papers_to_those_who_handle_it(
    top: Office, tmp_path: Path
) -> None:
    top.says("sunlei", "001 限定知悉")
    told = prints(top, tmp_path)
    assert set(recipients(told)) == {"sunlei", "wangjianping"}
    page = plain("".join(text_of(file_of(top, tmp_path, paper(top, Kind.ASSIGNMENT), "pdf"))))
    assert "限定知悉" in page
    for outsider in ("liuyang", "wangxiaoyu"):
        assert "没有找到这个编号" in to(outsider, top.says(outsider, "文稿1"))
        assert "没有找到这个编号" in to(outsider, top.says(outsider, "文稿99"))


def test_who_may_not_write_papers_is_told_who_may(office: Office) -> None:
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", LINK)
    assert "出文稿由值班员、舆情办主任" in to(
        "wangxiaoyu", office.says("wangxiaoyu", "出一份001的专报")
    )
    assert "「上季度」的月简报还出不了" in to("sunlei", office.says("sunlei", "出上季度的月简报"))
    assert "2026年3月月简报" in to("sunlei", office.says("sunlei", "做一份三月的月报"))
    assert "「季报」还出不了" in to("sunlei", office.says("sunlei", "出一份季报"))
    assert "还没有特报" in to("sunlei", office.says("sunlei", "同意 001 特报"))


def test_a_period_and_the_ledger_come_with_their_numbers(office: Office, tmp_path: Path) -> None:
    office.forwards("wangxiaoyu", "=HYPERLINK(1)三中食堂吃出虫子", LINK)
    office.says("sunlei", "001 定三级")
    for words, name in (
        ("出今天的日报", "2026-11-20"),
        ("出本周周报", "2026-W47"),
        ("出本月月简报", "2026-11"),
    ):
        assert "正在生成" in to("sunlei", office.says("sunlei", words)), name
    assert "2026年11月台账" in to("sunlei", office.says("sunlei", "导出台账"))
    told = prints(office, tmp_path)
    assert "2026-11-台账-第1版.xlsx" in [one.text for one in told]
    week = paper(office, Kind.WEEKLY, period="2026-W47")
    assert latest(office, week).sources == ("YQ-20261120-001",)
    page = plain("".join(text_of(file_of(office, tmp_path, week, "pdf"))))
    assert "新登记1件" in page
    assert "附:数字来源" in page.replace("：", ":")
    assert "11月20日001" in page


def test_a_unit_that_has_no_deadline_gets_a_hint_on_paper(
    sqlite_database: Database, tmp_path: Path
) -> None:
    office = Office(sqlite_database, rulebook="score5", drafts=EVERY)
    office.forwards("wangxiaoyu", "网友吐槽公园长椅掉漆", LINK)
    office.says("sunlei", "001 定轻微, 交城管局")
    with office.database.read() as work:
        assert [one.kind for one in work.papers.of_case(office.case().id)] == [Kind.NOTE]
    told = prints(office, tmp_path)
    assert "001 提示单" in to("sunlei", told)
    page = plain("".join(text_of(file_of(office, tmp_path, paper(office, Kind.NOTE), "pdf"))))
    assert "本单不设办理时限" in page


def test_a_proven_grave_matter_gets_its_special_report_and_the_office_is_asked_for_its_gaps(
    sqlite_database: Database, tmp_path: Path
) -> None:
    office = Office(sqlite_database, drafts=frozenset({Kind.SPECIAL}))
    office.says("wangxiaoyu", f"【舆情】三中食堂吃出虫子\n平台:微博\n链接:{LINK}\n摘要:央视已报道")
    for who, words in (
        ("zhouguohua", "001 定一级"),
        ("sunlei", "001 请教体局牵头"),
        ("wangjianping", "同意 001"),
        ("yanghui", "收到 001"),
    ):
        office.says(who, words)
    with office.database.read() as work:
        assert work.papers.of_case(office.case().id) == []
    office.says("yanghui", "001 经核实属实: 菜青虫一条")
    told = prints(office, tmp_path)
    chief, director = to("wangjianping", told), to("sunlei", told)
    assert "请核稿" in chief
    assert "请核稿" not in director
    assert "待补: 三、网民与媒体观点" in director
    assert "YQ-20261120-001-专报-第1版.docx" in director
    assert recipients(told).count("zhouguohua") == 0


def test_the_result_of_a_drill_is_drafted_for_the_office_with_its_mark(
    office: Office, tmp_path: Path
) -> None:
    office.says("sunlei", "开始演练 停水 按1小时=1分钟")
    office.passes(seconds=2)
    office.says("sunlei", "001 定三级, 交城管局")
    office.says("sunlei", "出001的处置表")
    office.says("sunlei", "结束演练")
    with office.database.read() as work:
        drafted = [one.kind for one in work.papers.of_case(office.case().id)]
        assert drafted == [Kind.HANDLING_FORM]  # that was asked for, and no other
    told = to("sunlei", prints(office, tmp_path))
    assert "【演练】【文稿2】第1次 演练结果第 1 版已生成" in told
    assert "第1次-演练结果-第1版.docx" in told
    result = paper(office, Kind.DRILL, period="第1次")
    page = plain("".join(text_of(file_of(office, tmp_path, result, "pdf"))))
    assert "【演练】应急演练结果" in page
    assert "定级交办" in page
    said = office.says("sunlei", "出演练结果表")
    assert "正在生成 文稿2 演练「停水投诉」结果表" in to("sunlei", said)
    month = to("sunlei", office.says("sunlei", "出本月通报"))
    assert "2026年11月通报" in month
    prints(office, tmp_path)
    bulletin = paper(office, Kind.BULLETIN, period="2026-11")
    assert latest(office, bulletin).sources == ()  # what was only a drill is nowhere counted


def test_the_bulletin_of_last_month_is_drafted_and_reminded_of_once_before_its_day_and_once_after(
    sqlite_database: Database, tmp_path: Path
) -> None:
    morning = Broadcast(BroadcastKind.MORNING, Days.DAILY, (time(8, 35),))
    office = Office(sqlite_database, broadcasts=(morning,), drafts=EVERY)
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", LINK)
    told = office.passes(days=16)  # until 6 December
    assert "考核通报还没有发" not in to("sunlei", told)
    told = office.passes(days=1)
    assert "2026年11月考核通报还没有发, 10 日前要发。" in to("sunlei", told)
    assert "2026-11-通报-第1版.docx" in to("sunlei", prints(office, tmp_path))
    assert paper(office, Kind.BULLETIN, period="2026-11").checker == "舆情办主任"
    assert "考核通报还没有发" not in to("sunlei", office.passes(days=3))
    late = office.passes(days=2)
    assert to("sunlei", late).count("10 日前要发, 已经过了") == 1
    assert "已经过了" in to("zhouguohua", late)
    office.says("sunlei", "确认发2026-11考核通报")
    prints(office, tmp_path)
    sent = paper(office, Kind.BULLETIN, period="2026-11")
    assert latest(office, sent).number == 2  # with the day until which units may appeal
    assert "考核通报还没有发" not in to("sunlei", office.passes(days=3))
