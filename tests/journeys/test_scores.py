"""Scores (考核) in the running office: points from what happened, appeals, rulings, the notice."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cases.scores.months import Month
from cases.scores.notice import Frame, notice_of
from cases.scores.rules import Fact
from handlers import score_talk, scores
from handlers.talk import Talk
from storage.audit import Sought
from storage.database import Database
from tests.conftest import AUDIT_KEY
from tests.support.office import Office, to

NOVEMBER = Month(2026, 11)


@pytest.fixture(scope="module")
def played(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The same history for all tests that only look at it: played once."""
    path = tmp_path_factory.mktemp("scores") / "duban.db"
    shutil.copy(sqlite_template, path)
    opened = Database(f"sqlite:///{path}", audit_key=AUDIT_KEY)
    yield history(opened)
    opened.close()


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    """The same history for a test that goes on from it."""
    return history(sqlite_database)


def history(database: Database) -> Office:
    """城管局 signed a 三级 case too late and reported too late on it; 住建局 in time."""
    office = Office(database)
    office.says("wangxiaoyu", "上报: 青禾路积水严重, 平台抖音, 请市城管局核实")
    office.says("lihang", "上报: 花园路电梯停运, 平台微博, 请市住建局核实")
    office.says("sunlei", "001 定三级, 交城管局")
    office.says("sunlei", "002 定三级, 交住建局")
    office.says("wupeng", "收到 002")
    office.passes(hours=6)
    office.says("liuyang", "收到 001")
    return office


def total(office: Office, unit: str) -> float:
    with office.database.read() as work:
        counted = scores.month_scores(work, office.desk, NOVEMBER, office.now)
        found = next(u for u in work.people.units() if unit in u.name)
    score = counted.of(found.id)
    assert score is not None
    return score.total


def facts(office: Office, unit: str) -> list[tuple[str, int]]:
    with office.database.read() as work:
        counted = scores.month_scores(work, office.desk, NOVEMBER, office.now)
        found = next(u for u in work.people.units() if unit in u.name)
    score = counted.of(found.id)
    assert score is not None
    return [(point.fact.value, point.points) for point in score.points]


def test_a_late_signature_costs_its_point_and_opens_the_event_behind_it(played: Office) -> None:
    assert ("签收超时", -1) in facts(played, "城管局")
    assert facts(played, "住建局") == []
    assert total(played, "住建局") == 100
    with played.database.read() as work:
        counted = scores.month_scores(work, played.desk, NOVEMBER, played.now)
        history = work.cases.history(played.case("001").id)
    point = next(p for u in counted.units for p in u.points if p.fact is Fact.LATE_SIGN)
    assert point.number == played.case("001").number
    assert type(history[point.seq - 1].event).__name__ == "Signed"
    assert "city3 第 1 版" in counted.rules


def test_a_unit_sees_its_own_and_the_office_all(played: Office) -> None:
    own = to("liuyang", played.says("liuyang", "考核"))
    assert "市城管局 2026年11月考核: 9" in own
    assert "-1 1120-001 签收超时" in own
    assert "响应率 0% (0/1)" in own
    assert "不能看" in to("liuyang", played.says("liuyang", "住建局考核"))
    everybody = to("sunlei", played.says("sunlei", "本月考核"))
    assert "市住建局 100" in everybody
    assert "1. " not in everybody  # nobody is ranked unless the institution wants it


def test_an_appeal_upheld_gives_the_point_back_by_a_new_entry(office: Office) -> None:
    before = total(office, "城管局")
    told = office.says("liuyang", "申诉 001 签收超时, 当时系统停电")
    assert "已报舆情办" in to("liuyang", told)
    assert "【考核申诉】第 1 号 市城管局" in to("sunlei", told)
    assert "已经申诉过" in to("liuyang", office.says("liuyang", "申诉 001 签收, 再说一次"))
    assert "裁定申诉由" in to("liuyang", office.says("liuyang", "申诉1 成立"))
    told = office.says("sunlei", "申诉1 成立, 停电属实")
    assert "成立, 扣分已补回" in to("liuyang", told)
    assert total(office, "城管局") == before + 1
    assert ("签收超时", -1) in facts(office, "城管局")  # nothing is deleted
    assert ("签收超时", 1) in facts(office, "城管局")
    assert "已经裁定" in to("sunlei", office.says("sunlei", "申诉1 不成立, 记错了"))
    with office.database.read() as work:
        noted = [row.action for row in work.audit.search(Sought(action="score."), 9)]
    assert sorted(noted) == ["score.appeal", "score.ruling"]


def test_an_appeal_nobody_rules_on_is_reminded_of_after_three_working_days(office: Office) -> None:
    office.says("liuyang", "申诉 001 签收超时, 当时系统停电")
    assert "还没有裁定" not in to("zhouguohua", office.passes(days=4))
    assert "考核申诉第 1 号还没有裁定" in to("zhouguohua", office.passes(days=1, hours=2))


def test_the_notice_settles_the_rules_and_opens_three_working_days_for_appeals(
    office: Office,
) -> None:
    assert "还没有过完" in to("sunlei", office.says("sunlei", "确认发11月考核通报"))
    office.passes(days=12)
    preview = to("sunlei", office.says("sunlei", "发11月考核通报"))
    assert "【考核通报】云溪市 2026年11月" in preview
    assert "发给各单位和领导" in preview
    told = office.says("sunlei", "确认发2026-11考核通报")
    assert "市住建局" in to("zhouguohua", told)
    assert "市住建局" not in to("liuyang", told)  # its own line only
    assert "已经发过" in to("sunlei", office.says("sunlei", "确认发11月考核通报"))
    office.passes(days=6)
    assert "已经过了" in to("liuyang", office.says("liuyang", "申诉 1120-001 签收超时, 停电"))


def test_points_given_by_hand_need_a_reason_and_reach_the_unit(office: Office) -> None:
    assert "请写明理由" in to("sunlei", office.says("sunlei", "记分 城管局 漏报"))
    assert "只能记这些" in to("sunlei", office.says("sunlei", "记分 城管局 签收超时, 太慢"))
    before = total(office, "城管局")
    told = office.says("sunlei", "记分 城管局 漏报, 11月18日的帖子没有上报")
    assert "【考核】市城管局" in to("liuyang", told)
    assert total(office, "城管局") == before - 3
    office.says("sunlei", "记分 城管局 瞒报谎报, 伤亡人数不实")
    assert total(office, "城管局") == 0
    assert "记考核分由" in to("liuyang", office.says("liuyang", "记分 住建局 漏报, 没报"))


def test_drills_and_merged_cases_cost_nothing(office: Office) -> None:
    before = facts(office, "城管局")
    office.says("sunlei", "开始演练 停水 按1小时=1分钟")
    office.passes(seconds=1)
    office.says("sunlei", "003 定三级, 交城管局")
    office.passes(minutes=30)
    office.says("sunlei", "结束演练")
    assert facts(office, "城管局") == before
    office.says("lihang", "上报: 河滨路井盖缺失, 平台微博, 请市城管局核实")
    office.says("sunlei", "004 定三级, 交城管局")
    office.passes(days=3)
    late = facts(office, "城管局")
    assert late != before
    office.says("sunlei", "1120-004 合并到 1120-001")
    assert len(facts(office, "城管局")) < len(late)


def test_first_reporters_are_credited_to_themselves_and_the_office(played: Office) -> None:
    mine = to("wangxiaoyu", played.says("wangxiaoyu", "我的首报"))
    assert "首报 1 件" in mine
    assert "花园路" not in mine
    assert "记考核分由" in to("wangxiaoyu", played.says("wangxiaoyu", "首报名单"))
    everybody = to("sunlei", played.says("sunlei", "首报名单"))
    assert everybody.index("王小雨") < everybody.index("李航")  # in order of time


def test_call_backs_make_the_rates(office: Office) -> None:
    office.says("liuyang", "001 已办结,积水已排干")
    office.says("sunlei", "001 不需公开回应, 已当面答复")
    office.says("sunlei", "001 同意")
    told = office.says("liuyang", "001 回访了, 群众不满意, 没解决")
    assert "【回访】001" in to("sunlei", told)
    own = to("liuyang", office.says("liuyang", "考核"))
    assert "解决率 0% (0/1), 满意率 0% (0/1)" in own
    assert "回访 0/10" in own


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", "2026-11"),
        ("上月", "2026-10"),
        ("10月", "2026-10"),
        ("12月", "2025-12"),
        ("2026-03", "2026-03"),
    ],
)
def test_months_as_they_are_said(played: Office, said: str, meant: str) -> None:
    with played.database.read() as work:
        person = work.people.person("sunlei")
        assert person is not None
        talk = Talk(work, played.desk, person, "", "", played.now)
        assert str(score_talk.month_meant(talk, said)) == meant


def test_units_are_ranked_only_where_the_institution_wants_it(played: Office) -> None:
    with played.database.read() as work:
        rules, _ = scores.rules_of(work, played.desk, NOVEMBER)
        names = {unit.id: unit.name for unit in work.people.units()}
        counted = scores.counted(work, NOVEMBER, rules, "试算", played.now)
    frame = Frame("云溪市", rules.total, True, None)  # noqa: FBT003
    lines = notice_of(counted, NOVEMBER, names, frame).lines
    assert [line.rank for line in lines][:2] == [1, 1]
    assert lines[-1].unit == "市城管局"
    plain = notice_of(counted, NOVEMBER, names, replace(frame, ranking=False)).lines
    assert {line.rank for line in plain} == {None}
