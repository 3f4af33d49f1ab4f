"""不予受理, 撤回 after the 交办, 终止响应: every end other than 办结 says why, to everybody."""

import pytest

from cases.model import State
from storage.database import Database
from tests.support.office import Office, recipients, to


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.says(
        "wangxiaoyu", "微博 青禾路积水, 有网友拍视频 https://weibo.com/1234567890/P0w7ex6A3"
    )
    return office


def clocks(office: Office) -> int:
    with office.database.read() as work:
        return len(work.clocks.running(office.case().id))


def test_not_taken_up_with_the_reason_and_where_it_belongs(office: Office) -> None:
    told = office.says("sunlei", "001 不予受理, 已进入诉讼程序, 请通过司法途径解决")
    assert "001 不予受理, 已把理由和途径告知报告人: 请通过司法途径解决" in to("sunlei", told)
    said = to("wangxiaoyu", told)
    assert "理由: 已进入诉讼程序。途径: 请通过司法途径解决。" in said
    assert office.case().state is State.REFUSED
    assert clocks(office) == 0
    assert "不予受理, 不能再定级" in to("sunlei", office.says("sunlei", "001 定三级"))


@pytest.mark.parametrize(
    ("reason", "path"),
    [
        ("法院正在审理", "诉讼、仲裁或行政复议"),
        ("反映的是干部违纪", "纪检监察机关"),
        ("同一事实去年已答复", "已有答复"),
    ],
)
def test_the_way_follows_from_the_ground_where_nobody_writes_it(
    office: Office, reason: str, path: str
) -> None:
    told = office.says("sunlei", f"001 不予受理, {reason}")
    assert path in to("wangxiaoyu", told)


def test_without_reason_or_way_it_is_not_refused(office: Office) -> None:
    assert "写明理由和依法办理的途径" in to("sunlei", office.says("sunlei", "001 不予受理"))
    assert "途径" in to("sunlei", office.says("sunlei", "001 不予受理, 不想管"))
    assert office.case().state is State.REPORTED


def test_refused_by_mistake_it_is_back_at_once(office: Office) -> None:
    office.says("sunlei", "001 不予受理, 法院正在审理")
    told = office.says("sunlei", "撤销刚才的操作")
    assert "001 的「不予受理」已撤销, 回到「待定级」" in to("sunlei", told)
    assert "刚才的「不予受理」已撤销" in to("wangxiaoyu", told)
    assert clocks(office) > 0


def test_after_the_assignment_the_office_withdraws_and_the_unit_is_told(office: Office) -> None:
    office.says("sunlei", "001 定三级, 交城管局")
    told = office.says("wangxiaoyu", "撤回 001, 外地的事")
    assert "001 已交办待签收, 由舆情办撤回" in to("wangxiaoyu", told)
    told = office.says("zhaomin", "撤回 001, 核实是外地的事")
    assert "【已撤回】001" in to("liuyang", told)
    assert "不用再办" in to("liuyang", told)
    assert "【已撤回】001" in to("wangxiaoyu", told)
    assert office.case().state is State.WITHDRAWN
    assert recipients(office.passes(days=1)) == []


def test_the_office_reports_the_end_and_the_leader_agrees(office: Office) -> None:
    office.says("sunlei", "001 定二级, 交城管局")
    office.says("liuyang", "收到 001")
    assert "写明理由" in to("sunlei", office.says("sunlei", "001 终止响应"))
    told = office.says("sunlei", "001 终止响应, 三天无新增, 事态平息")
    assert "终止响应已报分管领导" in to("sunlei", told)
    assert "【请批终止响应】001" in to("zhouguohua", told)
    assert office.case().state is State.SIGNED
    again = office.says("sunlei", "001 终止响应, 三天无新增")
    assert "已报领导, 请等批示" in to("sunlei", again)
    told = office.says("zhouguohua", "同意 001")
    assert "001 响应已终止" in to("zhouguohua", told)
    assert "【响应终止】001" in to("liuyang", told)
    assert "【响应终止】001" in to("wangxiaoyu", told)
    case = office.case()
    assert (case.state, case.ending) == (State.CLOSED, None)
    assert clocks(office) == 0


def test_a_leader_who_does_not_agree_lets_it_go_on(office: Office) -> None:
    office.says("sunlei", "001 定二级, 交城管局")
    office.says("sunlei", "001 终止响应, 三天无新增")
    told = office.says("zhouguohua", "退回 001, 再观察三天")
    assert "未同意终止响应" in to("zhouguohua", told)
    assert "【终止响应未同意】001" in to("sunlei", told)
    assert "再观察三天" in to("sunlei", told)
    assert (office.case().state, office.case().ending) == (State.ASSIGNED, None)


def test_the_leader_is_reminded_while_he_is_silent_and_silence_ends_nothing(
    office: Office,
) -> None:
    office.says("sunlei", "001 定二级, 交城管局")
    office.says("sunlei", "001 终止响应, 三天无新增")
    told = office.passes(hours=3)
    assert any("审核" in one.text for one in told)
    assert office.case().is_open


def test_a_leaders_own_word_ends_it(office: Office) -> None:
    told = office.says("wangjianping", "001 终止响应")
    assert "001 响应已终止" in to("wangjianping", told)
    assert "批示: 001 终止响应" in to("wangxiaoyu", told)


def test_lowering_the_grade_needs_the_course_of_the_heat(office: Office) -> None:
    office.says("sunlei", "001 定二级")
    told = office.says("sunlei", "001 降为三级, 领导说的")
    assert "要写明热度依据" in to("sunlei", told)
    assert office.case().level == "二级"
    office.says("sunlei", "001 降为三级, 热度回落, 一天无新增转载")
    assert office.case().level == "三级"
    office.says("sunlei", "001 升级为二级, 省台要播")
    assert office.case().level == "二级"
