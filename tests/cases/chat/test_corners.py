"""Corners of the chat grammar: what is left out, what only looks like a command, odd spellings."""

from collections.abc import Mapping
from datetime import datetime

import pytest

from cases.chat import understand
from cases.chat.names import Names
from cases.people import Role, Unit
from tests.support.said import NOW, RULES, intents, said

INFORMANT, DUTY, OFFICE = Role.INFORMANT, Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR
LEADER, UNIT = Role.DEPUTY_LEADER, Role.LIAISON
LINK = "https://v.douyin.com/iRNBho6u/"


def test_a_long_text_that_mentions_the_end_of_a_supervision_is_none() -> None:
    text = "网友称某上市公司将被摘牌, 多名股民发帖询问原因, 目前讨论不多, 没有热点, 请关注"
    assert "supervise.end" not in intents(text, LEADER)


@pytest.mark.parametrize(
    ("text", "role", "intent", "slots"),
    [
        ("007定特大", OFFICE, "grade.confirm", {"level": "特别重大"}),
        ("007升级", OFFICE, "grade.change", {"direction": "up"}),
        ("#007升级吗", OFFICE, "ambiguous", {"case": "007"}),
        (
            "1120-007和1120-009合并",
            OFFICE,
            "case.merge",
            {"into_case": "1120-007", "from_case": "1120-009"},
        ),
        ("不准退回,维持交办", OFFICE, "decline.deny", {}),
        ("退回申请不予同意", OFFICE, "decline.deny", {}),
        ("延到周五", LEADER, "extend.grant", {"deadline": "2026-11-20T17:30:00+08:00"}),
        ("会商结论:由教体局牵头,三天内公开回应", OFFICE, "consult", {}),
        ("回访群众基本满意", UNIT, "callback.result", {"result": "基本满意"}),
        ("回访007,群众不满意", UNIT, "callback.result", {"case": "007", "result": "不满意"}),
        ("回访电话没接", UNIT, "callback.result", {"result": "未联系上"}),
        ("稿子写好了请审", UNIT, "unit.draft_reply", {}),
        ("不归我们管,应该找燃气公司", UNIT, "unit.decline", {"suggest_unit": "燃气公司"}),
        ("不属我局职责,查了是城管局的职责", UNIT, "unit.decline", {"suggest_unit": "城管局"}),
        ("我和局长请假", OFFICE, "duty.leave", {}),
        ("李市长批示:请住建局阅处", OFFICE, "instruct", {"units": ["住建局"], "action": ["阅处"]}),
        ("007已经办结了吗", OFFICE, "query.status", {"case": "007"}),
        ("查 007", OFFICE, "query.status", {"case": "007"}),
        ("007已经办结", None, "unit.done", {"case": "007"}),
        ("申请延期几天,等结果", UNIT, "unit.extend", {}),
        ("#007交城管局,几天内反馈", OFFICE, "assign", {"units": ["城管局"]}),
        (
            "今天我值班,8点到20点",
            DUTY,
            "duty.handover",
            {"start": "2026-11-20T08:00:00+08:00", "end": "2026-11-20T20:00:00+08:00"},
        ),
        ("今晚7点我接班", DUTY, "duty.handover", {"start": "2026-11-20T19:00:00+08:00"}),
        (
            "请市监局会同公安局、教体局调查",
            OFFICE,
            "assign",
            {"units": ["市监局"], "coop": ["公安局", "教体局"]},
        ),
        ("007转云溪区政府办理", OFFICE, "assign.transfer", {"units": ["云溪区政府"]}),
        ("首报:事故已致1死3伤", UNIT, "unit.progress", {"casualties": 4}),
        ("刚才那条不对,撤回吧,是P的图", INFORMANT, "report.withdraw", {}),
        ("意见很好,同意", LEADER, "approve", {}),
        ("王市长看过了,同意", OFFICE, "ambiguous", {}),
        ("发布会取消", OFFICE, "plan.press_conf", {"cancelled": True}),
        ("005改为三级", OFFICE, "grade.change", {"level_to": "三级"}),
        ("补充一下,现场已清理完毕", UNIT, "unit.done", {}),
        ("不归我局管,建议找一下上级", UNIT, "unit.decline", {}),
        ("取消007督办", OFFICE, "undo", {"case": "007"}),
        ("领导留言板有网友反映噪音 没有链接", INFORMANT, "report.new", {"platform": "领导留言板"}),
    ],
)
def test_odd_ways_of_saying_it_are_understood(
    text: str, role: Role | None, intent: str, slots: Mapping[str, object]
) -> None:
    got = said(text, role)
    assert (got.intent, dict(got.slots) | dict(slots)) == (intent, dict(got.slots))


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("请城管局核实吗?", OFFICE),
        ("007可以吗", OFFICE),
        ("同意的话就发", LEADER),
        ("需牵头单位配合", UNIT),
        ("发回复稿:", UNIT),
        ("已发布了吗", UNIT),
        ("今日无舆情吗", INFORMANT),
        ("请安排回访", UNIT),
        ("005拆迁的事反馈一下", OFFICE),
        ("按上次的方式处理", LEADER),
        ("转给老王处理", OFFICE),
    ],
)
def test_what_is_not_said_clearly_is_asked_about(text: str, role: Role) -> None:
    got = said(text, role)
    assert got.intent == "ambiguous"
    assert len(got.likeliest) == 2


@pytest.mark.parametrize(
    ("text", "role", "unwanted"),
    [
        ("请假", LEADER, "duty.leave"),
        ("反弹", OFFICE, "case.reopen"),
        ("可以考虑", LEADER, "approve"),
        ("行人太多", LEADER, "approve"),
        ("通过调查发现问题", LEADER, "approve"),
        ("进展如何", UNIT, "unit.progress"),
        ("经核实属实", LEADER, "unit.verify_result"),
        ("发布会开完了吗", LEADER, "press.held"),
        ("007归档了吗", OFFICE, "case.archive"),
        ("哪些挂牌督办了", OFFICE, "supervise"),
        ("首报:", UNIT, "unit.progress"),
        ("一般来说没事", OFFICE, "grade.confirm"),
        ("重大活动保障", OFFICE, "grade.confirm"),
        ("拆迁户反映", OFFICE, "case.split"),
        ("是否属实", UNIT, "unit.verify_result"),
        ("预计明天处理完毕", UNIT, "unit.done"),
        ("家长会几点", INFORMANT, "consult"),
        ("给我打电话", DUTY, "phoned"),
        ("为什么不予受理", OFFICE, "case.refuse"),
        ("网友已发布视频", DUTY, "unit.published"),
        ("按领导批示精神办理", OFFICE, "escalate_for_approval"),
        ("情况通报已发", Role.SPOKESPERSON, "unit.draft_reply"),
        ("007不要合并", OFFICE, "case.merge"),
        ("没办结吧", OFFICE, "case.close"),
        ("请民政局牵头协办", OFFICE, "assign.add_coop"),
        ("再请教体局也来参加会议", OFFICE, "assign.add_coop"),
        ("把视频里的人脸改一下再发", LEADER, "approve_with_edit"),
        ("目前能否协调一下", UNIT, "unit.progress"),
        ("007已解决", OFFICE, "unit.done"),
        (f"网友要求平台删帖 {LINK} " + "经过" * 90, INFORMANT, "oos.delete"),
    ],
)
def test_what_only_looks_like_a_command_is_none(text: str, role: Role, unwanted: str) -> None:
    assert unwanted not in intents(text, role)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        (
            f"{LINK} 转评赞分别为86、41、200",
            {"metrics": {"reposts": 86, "comments": 41, "likes": 200}},
        ),
        (f"【标题】学校门口堵车【平台】抖音【链接】{LINK}", {"title": "学校门口堵车", "url": LINK}),
        (f"【舆情】\n链接:{LINK}\n平台:抖音", {"platform": "抖音", "url": LINK}),
        (f"{LINK} {LINK}x/ 两个视频", {"url": LINK, "urls": [f"{LINK}x/"]}),
        (
            f"看看这个 {LINK} 负面占比60%,热搜榜首",
            {"metrics": {"negative_ratio": 0.6, "hot_rank": 1}},
        ),
        ("说" * 1200 + LINK, {"url": LINK}),
        ("标题:堵车\n平台:抖音\n链接:待补", {"url": None, "needs_url": True, "title": "堵车"}),
    ],
)
def test_reports_are_read_whatever_their_form(text: str, slots: Mapping[str, object]) -> None:
    got = said(text, INFORMANT)
    assert got.intent == "report.new"
    assert {name: got.slots.get(name) for name in slots} == slots


def test_a_list_of_units_is_read_to_a_bound() -> None:
    stems = "教体、民政、财政、审计、统计、司法、水利、交通、商务、气象、地震、税务、信访"
    named = [f"{stem}局" for stem in stems.split("、")]
    got = said("请" + "、".join(named) + "核实", OFFICE)
    assert got.slots["units"] == named[:12]


def test_a_draft_is_kept_exactly_as_typed() -> None:
    got = said("拟回复如下：您好！　经查，“路灯”已修复。\n咨询电话：0000-1234567", UNIT)
    assert got.slots["draft"] == "您好！　经查，“路灯”已修复。\n咨询电话：0000-1234567"


def test_many_cases_at_once_are_one_command_each_up_to_a_bound() -> None:
    got = said("".join(f"#{number:03d}、" for number in range(1, 100)) + "定三级", OFFICE)
    assert {one.slots["level"] for one in (got, *got.more)} == {"三级"}
    assert len(got.more) == 59


def test_a_directory_sharpens_the_names_of_units() -> None:
    unit = Unit("cg", "临江城市运行服务中心", aliases=("城运",))
    got = understand("007交城运办", OFFICE, NOW, RULES, units=[unit])
    assert got.slots["units"] == ["城运"]
    assert Names([unit.name]).units_in("临江城市运行服务中心在办的") == [unit.name]


@pytest.mark.parametrize(
    ("day", "text", "due"),
    [
        ("2026-11-30", "31号前", None),
        ("2026-12-30", "月初前", "2027-01-05"),
        ("2026-11-04", "月初前", "2026-11-05"),
        ("2026-11-05", "月初前", "2026-11-05"),
        ("2026-11-06", "月初前", "2026-12-05"),
        ("2028-02-28", "29号前", "2028-02-29"),
    ],
)
def test_h04_days_of_the_month_keep_to_the_calendar(day: str, text: str, due: str | None) -> None:
    now = datetime.fromisoformat(f"{day}T10:00:00+08:00")
    got = said(f"#007交城管局办理,{text}反馈", OFFICE, now)
    assert str(got.slots.get("deadline"))[:10] == (due or "None")
