"""The monthly 通报 and the result sheet of a drill on paper; the follow-up tasks of a review."""

from dataclasses import replace
from datetime import timedelta

from cases import events
from cases.chat.drill_words import DrillDeed, DrillWish, drill_wish
from cases.drills.sheet import Call, DrillSheet, Link, Outcome
from cases.library.lessons import Lesson
from cases.model import State
from cases.papers.bulletin import bulletin
from cases.papers.drill_result import drill_result
from cases.papers.facts import Happened
from cases.papers.model import Kind, Paper, Table
from cases.papers.period_facts import PeriodFacts
from cases.papers.spans import drill_name, drill_named, span_named, span_said
from cases.papers.special import review
from cases.scores.counting import ItemScore, MonthScores, Point, UnitScore
from cases.scores.months import Month
from cases.scores.notice import Frame, notice_of
from cases.scores.rates import NO_RATES, Rate, Rates
from cases.scores.rules import Fact
from tests.support.builders import NOW, case_in
from tests.support.paper_facts import facts_of

MONTH = Month(2026, 11)
NAMES = {"chengguan": "市城管局", "zhujian": "市住建局"}
DAY = timedelta(days=1)
POINT = Point("1", "签收", Fact.LATE_SIGN, -1, "YQ-20261120-007", 4, NOW, "签收应在 10:15 前")


def tables(paper: Paper) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {one.heading: one.rows for one in paper.sections if isinstance(one, Table)}


def texts(paper: Paper) -> dict[str, str]:
    return {one.label: one.text for one in paper.fields()}


def written(*points: Point, ranking: bool = False, provisional: bool = False) -> Paper:
    rates = Rates(Rate(1, 2), Rate(0, 0), Rate(1, 1))
    late = UnitScore("chengguan", (ItemScore("签收", 15, 14.0),), 2, points, rates, vetoed=False)
    good = UnitScore("zhujian", (ItemScore("签收", 15, 15.0),), 3, (), NO_RATES, vetoed=False)
    scores = MonthScores("2026-11", "city3 第 1 版", (late, good), NOW, provisional)
    until = None if provisional else NOW + 3 * DAY
    notice = notice_of(scores, MONTH, NAMES, Frame("云溪市", 15, ranking, until))
    facts = PeriodFacts("2026年11月", MONTH.starts, MONTH.ends, NOW, "云溪市")
    return bulletin(facts, notice, scores, NAMES)


def test_every_point_of_the_bulletin_names_its_case_and_why() -> None:
    paper = written(POINT, replace(POINT, number="", fact=Fact.MISSED, points=-3))
    assert paper.kind is Kind.BULLETIN
    found = tables(paper)
    rows = found["四、每一分的来由"]
    assert rows[0] == ("市城管局", "签收超时", "-1", "1120-007", "11-20 10:00", POINT.why)
    assert rows[1][3] == "—"
    assert paper.sources == ("YQ-20261120-007",)
    first = found["二、考核得分"][0]
    assert first == ("市城管局", "16", "签收-1 加分2", "50%", "—", "100%")
    assert "2026年11月23日" in texts(paper)["六、申诉"]
    assert paper.missing == ("五、工作要求",)


def test_units_are_ranked_on_paper_only_where_the_institution_wants_it() -> None:
    plain = tables(written(POINT))["二、考核得分"]
    assert [row[0] for row in plain] == ["市城管局", "市住建局"]
    ranked = tables(written(POINT, ranking=True))["二、考核得分"]
    assert [row[0] for row in ranked] == ["市住建局（第1名）", "市城管局（第2名）"]


def test_a_month_that_is_not_over_says_so_and_a_long_list_is_cut() -> None:
    paper = written(*[POINT] * 201, provisional=True)
    rows = tables(paper)["四、每一分的来由"]
    assert len(rows) == 201
    assert rows[-1][0] == "另有 1 条，见考核页"
    assert "本月未满" in texts(paper)["三、计分办法"]
    assert "请写明件号" in texts(paper)["六、申诉"]
    assert "本月未满" not in texts(written(POINT))["三、计分办法"]


def test_the_sheet_of_a_drill_says_who_when_where_it_stopped_and_whom_a_call_woke() -> None:
    minute = timedelta(minutes=1)
    signed = Link("001", "签收", "市城管局", NOW, NOW, NOW + minute, "刘洋", Outcome.LATE)
    never = Link("001", "首报", "市城管局", NOW, NOW + DAY, None, "", Outcome.NEVER)
    woke = Call("001", "签收", NOW, NOW + minute, "刘洋", NOW + minute)
    silent = Call("001", "首报", NOW, None, "", None)
    cases = (("001", "停水", "已签收"),)
    sheet = DrillSheet(
        "停水", "考签收", NOW, NOW + DAY, NOW, 60, "孙磊", cases, (signed, never), (woke, silent)
    )
    paper = drill_result(sheet, "第1次", "云溪市", NOW)
    assert paper.head.startswith("【演练】")
    found = tables(paper)
    assert found["三、谁在什么时候办了"] == (
        ("001", "签收", "市城管局", "10:00:00", "刘洋 10:01:00", "1 分 0 秒", "超时"),
        ("001", "首报", "市城管局", "11-21 10:00:00", "", "", "没有做"),
    )
    assert found["四、电话通知"] == (
        ("001", "签收", "10:00:00", "刘洋 10:01:00", "10:01:00"),
        ("001", "首报", "10:00:00", "没有登记打过", "没有"),
    )
    said = texts(paper)
    assert "卡在市城管局首报" in said["五、结论"]
    assert "打通后办了的: 刘洋" in said["五、结论"]
    assert paper.missing == ("六、改进措施",)
    running = drill_result(replace(sheet, about="", ended_at=None), "第1次", "云溪市", NOW)
    assert texts(running)["一、概况"].startswith("2026年11月20日10时")
    assert "尚未结束" in texts(running)["一、概况"]


def test_the_review_lists_each_follow_up_task_with_owner_deadline_and_outcome() -> None:
    facts = facts_of(case_in(State.ARCHIVED), NOW + 2 * DAY)
    past = [
        Happened(NOW, "孙磊", events.ImprovementSet(nth, "zhujian", f"更换管网{nth}", due))
        for nth, due in enumerate((NOW + DAY, NOW + DAY, NOW + DAY, NOW + 9 * DAY), start=1)
    ]
    past += [
        Happened(NOW, "陈静", events.ImprovementDone(1, "zhujian", "已换")),
        Happened(NOW + 2 * DAY, "陈静", events.ImprovementDone(2, "zhujian", "")),
    ]
    paper = review(replace(facts, happened=(*facts.happened, *past), lesson=Lesson(tags=("积水",))))
    rows = tables(paper)["整改任务"]
    assert rows[0] == ("1", "市住建局", "更换管网1", "11-21 10:00", "11-20 10:00 完成：已换")
    assert [row[4] for row in rows[1:]] == ["11-22 10:00 完成（超期）", "超期未完成", "办理中"]
    assert texts(paper)["六、整改"] == "布置整改 4 项，已完成 2 项，见下表。"
    assert texts(paper)["八、标签"] == "积水"
    nothing = review(facts)
    assert "六、整改" in nothing.missing
    assert tables(nothing)["整改任务"] == ()


def test_the_paper_of_a_drill_is_kept_under_its_number_and_asked_for_by_words() -> None:
    assert drill_name(3) == "第3次"
    assert [drill_named(one) for one in ("第3次", "第0次", "2026-11")] == [3, 0, 0]
    assert span_said(Kind.DRILL, "本月", NOW) is None
    assert span_named(Kind.DRILL, "2026-11") is None
    for said in ("出演练结果表", "请打印一份上次演练的结果"):
        assert drill_wish(said) == DrillWish(DrillDeed.PRINT)
    assert drill_wish("演练结果") == DrillWish(DrillDeed.SHEET)
