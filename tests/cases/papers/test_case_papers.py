"""Papers about a case: the field's own names, facts from the record only, gaps marked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases import events
from cases.library.lessons import Lesson
from cases.model import Assignment, AssignmentState, Case, Part, Plan, State
from cases.papers.facts import Facts, Happened, Page
from cases.papers.handling_form import handling_form
from cases.papers.letters import LETTERS, letter
from cases.papers.model import (
    LONGEST,
    WANTED,
    Field,
    Fields,
    Figure,
    Form,
    Kind,
    Paper,
    Prose,
    Table,
    fillable,
    filled,
    fit,
)
from cases.papers.reports import flash, upward
from cases.papers.special import review, special
from tests.support.builders import NOW, case_in, new_case
from tests.support.paper_facts import UNITS, after, facts_of

# §6.1 of the form that the sources name, in its order.
OF_THE_FORM = [
    "编号",
    "填表单位/人",
    "发现时间",
    "发现渠道（轮次）",
    "等级（建议/确认）",
    "密级提示",
    "标题",
    "首发平台/媒体及层级",
    "链接（原始+规范键）",
    "发布者（公开昵称）",
    "发布时间",
    "主要内容",
    "网民诉求",
    "涉及单位/地域",
    "是否敏感/突发/群体性/煽动性",
    "大V介入",
    "转载情况",
    "数据（阅/转/评/赞，时间戳）",
    "评论倾向",
    "截图附件号",
    "真实性初核",
    "影响范围",
    "发展趋势",
    "定级依据（条款）",
    "定级人/时间",
    "拟办意见",
    "领导批示（人/时/原文）",
    "交办时间/时限",
    "牵头/协办",
    "签收人/时间",
    "首报/续报/终报",
    "核实结果",
    "处置措施",
    "回应（拟稿/审核/签发/发布渠道/时间/链接）",
    "会商记录",
    "升级/延期/退回记录",
    "跟踪情况（反弹否）",
    "办结时间",
    "满意度/回访",
    "案例要点",
    "考核结果",
    "归档人",
]
OF_A_LETTER = [
    "编号",
    "标题",
    "来源/链接",
    "摘要与诉求",
    "等级",
    "批示原文",
    "主办",
    "协办",
    "抄送",
    "办理要求",
    "联系人电话",
    "附件",
    "签收时限",
    "首报时限",
    "回应时限",
    "办结时限",
    "签收人/签收时间",
    "办理结果",
    "审核意见",
    "办结意见",
]


def bare(case: Case | None = None) -> Facts:
    """A case of which nothing more is known than that it was registered."""
    return Facts(case or new_case(), "云溪市", NOW, (), UNITS, {})


def texts(paper: Paper) -> dict[str, str]:
    return {one.label: one.text for one in paper.fields()}


def tables(paper: Paper) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {one.heading: one.rows for one in paper.sections if isinstance(one, Table)}


def figures(paper: Paper) -> list[Figure]:
    return [one for one in paper.sections if isinstance(one, Figure)]


def test_the_form_has_every_field_of_the_source_in_its_order() -> None:
    assert [one.label for one in handling_form(bare()).fields()] == OF_THE_FORM
    assert [one.label for one in handling_form(after(hours=4)).fields()] == OF_THE_FORM


def test_the_form_is_filled_from_the_record() -> None:
    form = texts(handling_form(facts_of(case_in(State.ARCHIVED))))
    assert form["首发平台/媒体及层级"] == "抖音、省广播电视台（省内媒体）"
    assert form["链接（原始+规范键）"] == "https://v.douyin.com/iRNBho6u/\n（douyin:iRNBho6u）"
    assert form["是否敏感/突发/群体性/煽动性"] == "突发：否"
    assert form["大V介入"] == "是"
    assert form["数据（阅/转/评/赞，时间戳）"] == "播放 120,000（2026年11月20日11时00分）"
    assert "电话138****8000" in form["首报/续报/终报"]
    assert "发布（官微）https://weibo.com/1/a" in form["回应（拟稿/审核/签发/发布渠道/时间/链接）"]
    assert form["归档人"].startswith("孙蕾")
    assert form["满意度/回访"] == "满意"
    assert "同意，请抓紧" in form["领导批示（人/时/原文）"]
    assert form["交办时间/时限"].startswith("2026年11月20日10时00分交市城管局")


def test_what_the_record_does_not_hold_is_wanted_and_never_invented() -> None:
    form = handling_form(bare())
    assert {"主要内容", "网民诉求", "发布时间", "评论倾向"} <= set(form.missing)
    assert not {"发布者（公开昵称）", "会商记录", "领导批示（人/时/原文）"} & set(form.missing)
    shown = {one.label: one.shown for one in form.fields()}
    assert shown["主要内容"] == WANTED
    assert shown["会商记录"] == ""


def test_before_a_unit_has_it_the_plan_and_the_named_units_stand_in() -> None:
    case = replace(new_case(), plan=Plan("zhujian", demand="查清产权"), facts={"units": ["城管局"]})
    form = texts(handling_form(bare(case)))
    assert form["拟办意见"] == "查清产权"
    assert form["涉及单位/地域"] == "城管局"
    assert letter(Kind.ASSIGNMENT, bare(case)).to == "市住建局"
    odd = texts(handling_form(bare(replace(new_case(), facts={"units": 3, "media_tier": 7}))))
    assert odd["涉及单位/地域"] == ""


def test_a_restricted_case_says_so_on_every_paper() -> None:
    facts = bare(replace(new_case(), restricted=True))
    assert texts(handling_form(facts))["密级提示"].startswith("限定知悉")
    made = [letter(Kind.NOTE, facts), flash(Kind.FIRST_REPORT, facts), upward(facts)]
    assert {paper.note for paper in (*made, special(facts), review(facts))} == {"限定知悉"}


@pytest.mark.parametrize("kind", LETTERS)
def test_a_letter_has_the_fields_they_all_share(kind: Kind) -> None:
    made = letter(kind, after(hours=4))
    labels = [one.label for one in made.fields()]
    wanted = [
        one for one in OF_A_LETTER if kind not in {Kind.NOTE, Kind.ENDING} or "时限" not in one
    ]
    assert labels == ["正文", *wanted]
    assert (made.to, made.head) == ("市城管局", f"网络舆情{kind.value}")
    assert "青禾路积水" in texts(made)["正文"]


def test_the_letters_say_what_their_moment_asks() -> None:
    assert "周国华2026年11月20日批示" in texts(letter(Kind.SUPERVISION, after(hours=4)))["正文"]
    assert "经领导批示" in texts(letter(Kind.SUPERVISION, bare()))["正文"]
    assert "尚未办结" in texts(letter(Kind.ENDING, bare()))["正文"]
    assert "不设办理时限" in texts(letter(Kind.NOTE, bare()))["正文"]
    urging = texts(letter(Kind.URGING, after(hours=4)))
    assert "“办结”应于2026年11月25日10时00分前完成，时限将到。" in urging["正文"]
    assert "现已超时" in texts(letter(Kind.URGING, after(days=6)))["正文"]
    assert "应于" not in texts(letter(Kind.URGING, bare()))["正文"]
    assignment = texts(letter(Kind.ASSIGNMENT, after(hours=4)))
    assert assignment["首报时限"] == "2026年11月20日11时00分前（暂定）"
    assert assignment["联系人电话"] == "刘洋 0000-1234567"
    assert assignment["等级"] == "二级"
    assert texts(letter(Kind.NOTE, bare()))["等级"] == "建议二级，待确认"


def test_a_letter_names_who_leads_and_who_helps() -> None:
    part = Assignment(2, "zhujian", Part.COOP, AssignmentState.SIGNED, "sunlei", NOW)
    case = case_in(State.SIGNED)
    both = replace(case, assignments=(*case.assignments, part))
    made = texts(letter(Kind.ASSIGNMENT, bare(both)))
    assert (made["主办"], made["协办"]) == ("市城管局", "市住建局")


def test_the_first_report_is_short_and_a_later_one_has_only_the_new() -> None:
    long = replace(after(hours=4).case, summary="积水" * 200)
    first = flash(Kind.FIRST_REPORT, replace(after(hours=4), case=long), 1)
    assert [one.label for one in first.fields()] == [
        "时间",
        "地点",
        "经过",
        "伤亡",
        "来源链接",
        "已采取措施",
        "下一步",
        "联系人",
    ]
    assert sum(len(one) for one in texts(first).values()) <= 300 + len("刘洋 0000-1234567") + 60
    later = flash(Kind.LATER_REPORT, after(hours=4), 2)
    assert later.head == "网络舆情续报1"
    assert texts(later)["新情况"] == "已排干"
    nothing = flash(Kind.LAST_REPORT, bare())
    assert nothing.head == "网络舆情终报"
    assert set(nothing.missing) == {"报告时间", "新情况", "下一步", "联系人"}


def test_the_upward_report_has_the_four_elements_of_the_source() -> None:
    made = upward(after(hours=4))
    elements = [one.field.label for one in made.sections if isinstance(one, Prose)]
    assert elements == ["一、事件概述", "二、影响范围", "三、处置措施", "四、下一步工作计划"]
    assert made.missing == ()
    said = texts(made)
    assert "信息发布时间为2026年11月20日09时00分" in said["一、事件概述"].replace("日9时", "日09时")
    assert "网民诉求：尽快排水。" in said["一、事件概述"]
    assert "首发媒体层级：省内媒体。" in said["二、影响范围"]
    assert "市城管局完成办结" in said["四、下一步工作计划"]
    assert tables(made)["附：链接清单"] == (("1", "https://v.douyin.com/iRNBho6u/"),)
    early = upward(bare())
    assert early.missing == ("二、影响范围", "三、处置措施", "四、下一步工作计划")
    assert "待确认" in texts(early)["一、事件概述"]


def test_the_special_report_draws_the_course_of_the_numbers() -> None:
    made = special(after(hours=4))
    assert [one.heading for one in figures(made)] == ["走势图"]
    assert "（万）" in figures(made)[0].svg
    assert made.missing == ("三、网民与媒体观点", "五、建议")
    quiet = special(bare())
    assert figures(quiet) == []
    assert "依据：省内媒体关注。" in texts(quiet)["四、研判"]
    few = [replace(one, value=one.value / 100_000) for one in after(hours=4).readings]
    assert "（万）" not in figures(special(replace(after(hours=4), readings=tuple(few))))[0].svg
    unsaid = replace(new_case(), proposal=replace(new_case().proposal, reasons=()))
    assert "依据" not in texts(special(bare(unsaid)))["四、研判"]


def test_the_review_puts_what_happened_beside_what_the_rules_demanded() -> None:
    made = review(after(hours=4))
    assert [row[4] for row in tables(made)["三、规定与实际"]] == ["按时", "超时 1 小时", "未到期"]
    course = tables(made)["二、时间线"]
    assert course[1] == ("11-20 10:05", "定二级（孙蕾）", "5 分钟")
    assert course[4][1].startswith("市城管局签收")
    assert course[5][2] == "30 分钟，提醒 1 次"
    assert texts(made)["五、问题"] == "市城管局首报超时 1 小时。"
    assert texts(made)["一、起因"] == "管网淤堵"
    assert texts(made)["七、可复用口径"] == "经查，系管网淤堵。"
    assert [one.heading for one in figures(made)] == ["各环节用时"]
    empty = review(bare())
    assert (figures(empty), tables(empty)["三、规定与实际"]) == ([], ())
    assert texts(empty)["七、可复用口径"] == ""


def test_what_people_said_a_case_teaches_stands_in_form_and_review() -> None:
    lesson = Lesson("管网老化", "先公布送水点", "热线口径不一", "每日8时公布进度", ("停水",))
    facts = replace(after(hours=4), lesson=lesson)
    assert texts(handling_form(facts))["案例要点"] == (
        "起因：管网老化\n有效做法：先公布送水点\n不足：热线口径不一\n口径：每日8时公布进度\n标签：停水"
    )
    made = texts(review(facts))
    assert (made["一、起因"], made["四、亮点"]) == ("管网老化", "先公布送水点")
    assert made["五、问题"] == "热线口径不一\n市城管局首报超时 1 小时。"
    assert made["七、可复用口径"] == "每日8时公布进度"


def test_gaps_and_judgements_are_filled_facts_are_not_written_over() -> None:
    form = handling_form(after(hours=4))
    given = {"评论倾向": "多数中性", "编号": "YQ-1", "发展趋势": "回落"}
    done = texts(filled(form, given))
    assert (done["评论倾向"], done["发展趋势"]) == ("多数中性", "回落")
    assert done["编号"] == "YQ-20261120-007"
    named = fillable(form, "转载")
    assert named is not None
    assert named.label == "转载情况"
    assert fillable(form, "编号") is None
    assert fillable(form, "？") is None
    wide = filled(special(after(hours=4)), {"五建议": "继续关注"})
    assert texts(wide)["五、建议"] == "继续关注"
    assert len(wide.sections) == len(special(after(hours=4)).sections)


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("a\x00b\x0bc", "a b c"),
        ("\u202egnp.exe\u200b", "gnp.exe"),
        ("\ud800\uffff\ufffe", "\ufffd"),
        ("一\r\n二\r三\u2028四", "一\n二\n三 四"),
        ("\a换段", " 换段"),
        ("\ue000\U000f0000", ""),
        ("字" * (LONGEST + 5), "字" * (LONGEST - 1) + "…"),
    ],
)
def test_outside_text_is_made_fit_for_every_file(raw: str, safe: str) -> None:
    assert fit(raw) == safe


def test_small_things_of_the_model() -> None:
    assert Field("网民诉求").shown == WANTED
    assert Kind.WEEKLY.is_of_case is False
    assert Kind.UPWARD.is_of_case is True
    assert Form("docx") is Form.DOCX
    table = Table("附：链接清单", (), (), ())
    assert (table.key, Figure("走势图", "").key) == ("附链接清单", "走势图")
    paper = Paper(Kind.NOTE, "h", "t", "n", "i", "d", (table, Fields("x", (Field("y"),))))
    assert paper.missing == ("y",)
    facts = bare()
    assert (facts.unit(None), facts.person(None), facts.last(events.Closed)) == ("", "", None)
    assert facts.person("somebody") == "somebody"
    at = Happened(NOW, "", events.Closed("同意", NOW))
    assert facts.line(at) == "2026年11月20日10时00分　办结: 同意"
    assert Page("u", "k").author == ""
    assert after(days=6).clocks[2].late(NOW + timedelta(days=6)) == timedelta(days=1)
