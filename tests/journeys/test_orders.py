"""Leaders' free orders (批示) and decisions passed upward (阅示), told as a chat."""

import pytest

from storage.database import Database
from tests.support.office import Office, Told, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"


@pytest.fixture
def office(database: Database) -> Office:
    made = Office(database)
    made.forwards("wangxiaoyu", TITLE, LINK)
    made.says("sunlei", "定二级,交城管局")
    made.says("liuyang", "收到")
    return made


def dues(office: Office, unit: str) -> dict[str, str]:
    """The deadlines of one unit, in Beijing time."""
    with office.database.read() as work:
        running = work.clocks.running(office.case().id)
    return {
        c.step: f"{c.due_at.astimezone(office.now.tzinfo):%H:%M}"
        for c in running
        if c.holder == unit
    }


def both(told: list[Told]) -> str:
    return "\n".join(f"{one.to}: {one.text}" for one in told)


def test_an_order_becomes_tasks_only_after_one_tap(office: Office) -> None:
    told = office.says("zhouguohua", "请卫健委、市监局阅处,1小时内报我")
    assert "拟办: 请市卫健委、市市场监管局阅处, 11:00 前报结果" in to("zhouguohua", told)
    assert "1 = 照此办" in to("zhouguohua", told)
    assert "【批示待办】001" in to("sunlei", told)
    assert to("gaofei", told) == "" == to("hanxue", told)
    assert office.case().of_unit("weijian") is None

    told = office.says("zhouguohua", "1")
    assert "已照批示通知市卫健委、市市场监管局" in to("zhouguohua", told)
    assert "周国华批示: 请卫健委、市监局阅处,1小时内报我" in to("gaofei", told)
    assert "11:00 前报结果" in to("hanxue", told)
    assert dues(office, "weijian")["首报"] == "11:00"

    told = office.says("gaofei", "001 进展: 已派两名疾控人员到场")
    assert "【批示办理情况】001" in to("zhouguohua", told)
    assert "首报" not in dues(office, "weijian")
    assert "首报" in dues(office, "shijian")


def test_the_office_may_tap_for_the_leader_and_a_second_tap_is_told_who_was_first(
    office: Office,
) -> None:
    office.says("zhouguohua", "请卫健委阅处")
    told = office.says("sunlei", "照批示办 YQ-20261120-001 第1号")
    assert "已照批示通知市卫健委" in to("sunlei", told)
    told = office.says("zhouguohua", "1")
    assert "已由孙磊于 10:00 处理" in to("zhouguohua", told)


def test_an_order_that_was_not_meant_so_gives_nothing(office: Office) -> None:
    office.says("zhouguohua", "请卫健委阅处")
    told = office.says("zhouguohua", "2")
    assert "不按此办" in to("zhouguohua", told)
    assert office.case().of_unit("weijian") is None
    told = office.says("sunlei", "照批示办 YQ-20261120-001 第1号")
    assert "已由周国华" in to("sunlei", told)


def test_a_leaders_own_deadline_overrides_the_rulebook(office: Office) -> None:
    assert dues(office, "chengguan")["首报"] == "12:00"
    office.says("zhouguohua", "速核实,1小时内报我")
    office.says("zhouguohua", "1")
    assert dues(office, "chengguan")["首报"] == "11:00"
    office.says("zhouguohua", "001 升级为一级,省台要播")
    assert dues(office, "chengguan")["首报"] == "11:00"


def test_an_order_to_a_unit_that_has_reported_awaits_its_next_report(office: Office) -> None:
    office.says("liuyang", "首报:正在抽排")
    office.says("zhouguohua", "请城管局查明原因,2小时内报我")
    office.says("zhouguohua", "1")
    assert dues(office, "chengguan")["续报"] == "12:00"
    told = office.says("liuyang", "续报:原因是管网淤堵")
    assert "【批示办理情况】001" in to("zhouguohua", told)


def test_an_order_before_the_grade_waits_for_it(database: Database) -> None:
    office = Office(database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("zhouguohua", "请城管局阅处")
    told = office.says("zhouguohua", "1")
    assert "定级" in to("zhouguohua", told)
    office.says("sunlei", "001 定二级")
    told = office.says("sunlei", "照批示办 YQ-20261120-001 第1号")
    assert "【交办】001" in to("liuyang", told)
    lead = office.case().lead
    assert lead is not None
    assert lead.unit_id == "chengguan"


def test_an_order_in_place_of_the_signoff_decides_who_leads(database: Database) -> None:
    office = Office(database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("zhouguohua", "001 定一级")
    office.says("sunlei", "001 交城管局")
    office.says("wangjianping", "请住建局牵头,城管局配合,2小时内报我")
    told = office.says("wangjianping", "2")  # 1 is the agreement to what the office had planned
    assert "已照批示通知市住建局、市城管局" in to("wangjianping", told)
    lead = office.case().lead
    assert lead is not None
    assert (lead.unit_id, office.case().plan) == ("zhujian", None)
    told = office.says("wangjianping", "同意 001")
    assert "没有等您批示的事项" in to("wangjianping", told)


@pytest.mark.parametrize("who", ["sunlei", "liuyang", "wangxiaoyu"])
def test_only_a_leader_orders(office: Office, who: str) -> None:
    office.says(who, "请卫健委阅处,1小时内报我")
    assert office.case().of_unit("weijian") is None


def test_passing_upward_is_no_approval_and_the_one_above_decides(office: Office) -> None:
    office.says("liuyang", "001 已办结,已疏通")
    office.says("sunlei", "001 不需公开回应,已当面答复反映人")
    told = office.says("zhouguohua", "拟同意,请王市长阅示")
    assert "已报主要领导阅示" in to("zhouguohua", told)
    assert "拟同意,请王市长阅示" in to("wangjianping", told)
    assert office.case().is_open
    told = office.says("zhouguohua", "同意 001")
    assert "主要领导" in to("zhouguohua", told)
    assert office.case().is_open
    told = office.says("wangjianping", "同意")
    assert "001 办结" in to("wangjianping", told)


def test_the_office_passes_a_draft_on_with_its_opinion(office: Office) -> None:
    office.says("liuyang", "经核实,反映情况属实,系管网淤堵")
    office.says(
        "liuyang",
        "001 拟回复: 经核实, 积水属实。根据《城镇排水与污水处理条例》, 已于20日疏通。"
        "下一步, 11月25日前完成清淤。市城管局, 电话0000-8120101",
    )
    told = office.says("sunlei", "要素齐全,呈周市长阅示")
    assert "已报领导签发" in to("sunlei", told)
    assert "审核意见: 要素齐全,呈周市长阅示" in to("zhouguohua", told)
