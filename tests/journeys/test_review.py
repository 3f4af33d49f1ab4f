"""复盘 in the running office: what was late, what waited longest, and tasks that are reminded."""

import pytest

from cases.model import State
from storage.database import Database
from tests.support.office import Office, to


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    """A case signed six hours late and closed without a public answer."""
    office = Office(sqlite_database)
    office.says("wangxiaoyu", "上报: 锦绣花园停水两天, 平台抖音, 请市住建局核实")
    office.says("sunlei", "001 定三级, 交住建局")
    office.passes(hours=6)
    office.says("wupeng", "收到 001")
    office.says("wupeng", "001 已办结, 已恢复供水")
    office.says("sunlei", "001 不需公开回应, 已当面答复")
    office.says("sunlei", "001 同意")
    assert office.case().state is State.CLOSED
    return office


def test_the_review_shows_what_was_late_and_what_waited_longest(office: Office) -> None:
    said = to("sunlei", office.says("sunlei", "001复盘"))
    assert "001《锦绣花园停水两天,平台抖音》复盘: 三级 市住建局, 共用 6 小时" in said
    assert "与规定不符" in said
    assert "市住建局签收超时" in said
    assert "等得最久: 6 小时, 之后才市住建局签收" in said
    assert "没有找到" in to("liuyang", office.says("liuyang", "001复盘"))


def test_what_a_review_asks_for_is_reminded_like_anything_else(office: Office) -> None:
    told = office.says("sunlei", "001 整改: 住建局 11月24日前 更换老旧管网")
    assert "整改1已布置给市住建局, 11月24日 17:30 前完成" in to("sunlei", told)
    assert "【整改】001" in to("chenjing", told)
    assert "更换老旧管网" in to("chenjing", told)
    assert "整改时限" in to("chenjing", office.passes(days=3, hours=2))
    late = office.passes(days=4)
    assert "整改" in to("zhenghai", late)  # the unit's leader
    assert "整改" in to("sunlei", late)
    told = office.says("wupeng", "1120-001 整改完成, 已更换三公里")
    assert "已告知舆情办" in to("wupeng", told)
    assert "【整改完成】001" in to("sunlei", told)
    assert office.passes(days=5) == []
    said = to("sunlei", office.says("sunlei", "1120-001复盘"))
    assert "整改1 市住建局: 更换老旧管网 (已完成)" in said


def test_tasks_outlive_the_filing_and_end_with_the_unit_that_did_them(office: Office) -> None:
    office.says("sunlei", "001 整改: 11月24日前 建立停水告知制度")
    office.says("sunlei", "001 整改: 住建局 11月25日前 更换老旧管网")
    office.says("sunlei", "001 归档")
    assert office.case().state is State.ARCHIVED
    assert "请写明哪一项" in to("wupeng", office.says("wupeng", "整改完成"))
    office.says("wupeng", "整改2完成")
    with office.database.read() as work:
        running = [c.subject_id % 1000 for c in work.clocks.running(office.case().id)]
    assert running == [1]


@pytest.mark.parametrize(
    ("who", "said", "answer"),
    [
        ("sunlei", "001 整改: 住建局 更换老旧管网", "请写明整改到哪天"),
        ("sunlei", "001 整改: 住建局 11月19日前 更换老旧管网", "已经过了"),
        ("sunlei", "001 整改: 住建局 11月24日前", "请写明要整改什么"),
        ("wupeng", "001 整改: 住建局 11月24日前 更换老旧管网", "布置整改由"),
        ("wupeng", "整改完成", "没有这一项未完成的整改"),
    ],
)
def test_what_cannot_be_done_is_said(office: Office, who: str, said: str, answer: str) -> None:
    assert answer in to(who, office.says(who, said))
