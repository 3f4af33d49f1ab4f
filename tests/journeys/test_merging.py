"""合并/拆分: two numbers are one matter, and apart again; nothing of either is lost."""

import pytest

from cases.links import find_links
from cases.model import State
from storage.database import Database
from tests.support.office import Office, recipients, to

FIRST = "https://weibo.com/1234567890/P0w7ex6A3"
SECOND = "https://www.douyin.com/video/7412345678901234567"


@pytest.fixture
def office(database: Database) -> Office:
    office = Office(database)
    office.says("wangxiaoyu", f"微博 青禾路积水, 有网友拍视频 {FIRST}")
    office.says("lihang", f"抖音 三中食堂饭菜有异物, 家长反映 {SECOND}")
    return office


def holder(office: Office, url: str) -> str | None:
    """The short number of the open case that has the link."""
    key = find_links(url, office.desk.link_rules)[0].key
    with office.database.read() as work:
        case_id = work.cases.open_by_link(key)
        return None if case_id is None else work.cases.load(case_id).short_number


def links(office: Office, short: str) -> list[str]:
    with office.database.read() as work:
        return [link.url for link in work.cases.links(office.case(short).id)]


def test_merging_unites_links_reports_reporters_and_stops_the_clocks(office: Office) -> None:
    office.says("lihang", "002 补充: 阅读量3.2万")
    told = office.says("sunlei", "002 和 001 是一回事, 合并到 001")
    assert "002 已并入较早的 001" in to("sunlei", told)
    assert "与 001 是同一件事, 已并入 001" in to("lihang", told)
    merged, survivor = office.case("002"), office.case("001")
    assert (merged.state, merged.merged_into) == (State.MERGED, survivor.number)
    assert survivor.reporters == ("wangxiaoyu", "lihang")
    assert links(office, "001") == [FIRST, SECOND]
    assert holder(office, SECOND) == "001"
    with office.database.read() as work:
        assert work.clocks.running(merged.id) == []
        assert len(work.cases.reports(survivor.id)) == 3
        assert [metric.value for metric in work.cases.metrics(survivor.id)] == [32000.0]


def test_it_goes_into_the_older_one_whichever_way_round_it_is_said(office: Office) -> None:
    told = office.says("sunlei", "001 合并到 002")
    assert "002 已并入较早的 001" in to("sunlei", told)
    assert office.case("002").state is State.MERGED


def test_replies_to_the_merged_number_reach_the_surviving_case(office: Office) -> None:
    office.says("sunlei", "002 合并到 001")
    told = office.says("sunlei", "002 定三级, 交城管局")
    assert "001 已交市城管局主办" in to("sunlei", told)
    told = office.says("lihang", "查 002")
    assert to("lihang", told).startswith("001《")
    told = office.says("heqing", SECOND)
    assert "已并入 001" in to("heqing", told)


def test_whoever_works_on_either_is_told(office: Office) -> None:
    office.says("sunlei", "001 定三级, 交城管局")
    office.says("sunlei", "002 定三级, 交教体局")
    told = office.says("zhaomin", "002 合并到 001")
    assert "已并入 001, 此件不用再办" in to("yanghui", told)
    assert "002 与本件是同一件事, 已并入本件" in to("liuyang", told)
    assert "001 加市教体局协办" in to("zhaomin", told)
    assert "yanghui" not in recipients(office.passes(days=1)), "nobody is reminded of it any more"


def test_the_reporters_of_the_merged_case_hear_of_the_end(office: Office) -> None:
    office.says("sunlei", "002 合并到 001")
    office.says("sunlei", "001 终止响应, 已平息")
    told = office.says("zhouguohua", "001 终止响应")
    assert "【响应终止】001" in to("lihang", told)


def test_undone_within_minutes_all_is_as_before(office: Office) -> None:
    before = office.case("001"), office.case("002")
    office.says("sunlei", "002 合并到 001")
    told = office.says("sunlei", "撤销刚才的操作")
    assert "002 已从 001 拆出, 回到「待定级」" in to("sunlei", told)
    after = office.case("001"), office.case("002")
    assert [case.state for case in after] == [case.state for case in before]
    assert [case.reporters for case in after] == [("wangxiaoyu",), ("lihang",)]
    assert (holder(office, FIRST), holder(office, SECOND)) == ("001", "002")
    assert links(office, "001") == [FIRST]
    with office.database.read() as work:
        assert "定级交办" in {clock.step for clock in work.clocks.running(after[1].id)}


def test_split_later_by_its_number(office: Office) -> None:
    office.says("sunlei", "002 合并到 001")
    office.passes(hours=2)
    assert "没有您可以撤销" in to("sunlei", office.says("sunlei", "撤销刚才的操作"))
    told = office.says("sunlei", "拆分 001")
    assert "002 已从 001 拆出" in to("sunlei", told)
    assert holder(office, SECOND) == "002"
    assert "没有并入别的件" in to("sunlei", office.says("sunlei", "拆分 002"))


def test_two_merged_ones_are_taken_out_one_by_one(office: Office) -> None:
    office.says(
        "wangxiaoyu", "抖音 滨江花园停水三天 https://www.douyin.com/video/7412345678901234999"
    )
    office.says("sunlei", "002 合并到 001")
    office.says("sunlei", "003 合并到 002")
    assert office.case("003").merged_into == office.case("001").number
    assert "003、002" in to("sunlei", office.says("sunlei", "拆分 001"))
    office.says("sunlei", "拆分 002")
    assert office.case("001").reporters == ("wangxiaoyu",)
    assert len(links(office, "001")) == 2


def test_what_cannot_be_merged_is_said(office: Office) -> None:
    assert "哪件并入哪件" in to("sunlei", office.says("sunlei", "002 要合并"))
    assert "没有找到" in to("sunlei", office.says("sunlei", "002 合并到 009"))
    assert "合并由值班员、舆情办主任来做" in to(
        "zhouguohua", office.says("zhouguohua", "002 合并到 001")
    )
    office.says("wangxiaoyu", "撤回 001, 外地的事")
    told = office.says("sunlei", "002 合并到 001")
    assert "001 已撤回, 不能并入" in to("sunlei", told)
    assert office.case("002").state is State.REPORTED


def test_whoever_merges_again_hears_who_was_first(office: Office) -> None:
    office.says("zhaomin", "002 合并到 001")
    told = office.says("sunlei", "002 合并到 001")
    assert "001 已由赵敏于 10:00 处理: 1120-002 并入本件。已是同一件" in to("sunlei", told)
