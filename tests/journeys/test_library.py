"""The case library (案例库) in the running office: filled at the closing, found by other words."""

import pytest

from cases.model import State
from storage.database import Database
from tests.support.office import Office, to

GOOD = (
    "您好! 经核实, 您反映的锦绣花园停水属实, 系管网爆裂。依据《城市供水条例》, "
    "已于11月20日恢复供水, 停水期间不收取水费。"
    "下一步12月1日前更换老旧管网。市住建局, 电话0000-8120101"
)
POST = "https://weibo.com/1234567890/P0w7ex6A3"


def closes(office: Office, number: str, unit: str = "chenjing") -> None:
    office.says(unit, f"{number} 已办结, 已恢复供水")
    office.says("sunlei", f"{number} 不需公开回应, 已当面答复")
    office.says("sunlei", f"{number} 同意")
    assert office.case(number).state is State.CLOSED


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.says("wangxiaoyu", "上报: 锦绣花园停水两天, 平台抖音, 请市住建局核实")
    office.says("sunlei", "001 定三级, 交住建局")
    return office


def published(office: Office) -> None:
    office.says("wupeng", "001 经核实属实,系管网爆裂")
    office.says("wupeng", f"001 拟回复: {GOOD}")
    office.says("sunlei", "001 同意")
    office.says("sunlei", "001 同意")
    office.says("zhouguohua", "001 同意")
    office.says("wupeng", f"001 已在官微发布 {POST}")
    office.says("wupeng", "001 已办结,已恢复供水")
    office.says("sunlei", "001 同意")
    office.says("zhouguohua", "001 同意")
    assert office.case("001").state is State.CLOSED


def test_closing_asks_one_question_at_a_time_and_each_may_be_skipped(office: Office) -> None:
    office.says("wupeng", "收到 001")
    closes(office, "001", "wupeng")
    asked = to("wupeng", office.says("wupeng", "001 案例要点"))
    assert "案例要点 1/5: 起因是什么" in asked
    assert "有效" not in asked
    asked = to("wupeng", office.says("wupeng", "起因: 管网老化, 手机13800138000的住户反映"))
    assert "2/5: 哪些做法有效" in asked
    asked = to("wupeng", office.says("wupeng", "跳过"))
    assert "3/5: 哪些没做好" in asked
    done = to("wupeng", office.says("wupeng", "都跳过"))
    assert "已存入案例库" in done
    with office.database.read() as work:
        kept = work.library.lesson(office.case("001").id)
    assert kept is not None
    assert kept.cause.startswith("管网老化")
    assert "13800138000" not in kept.cause
    assert kept.worked == ""


def test_a_closed_case_is_found_by_words_it_does_not_have(office: Office) -> None:
    closes(office, "001")
    found = to("sunlei", office.says("sunlei", "案例 家里断水没人管"))
    assert "001《锦绣花园停水两天,平台抖音》 市住建局 已办结" in found
    assert "没有找到类似" in to("sunlei", office.says("sunlei", "案例 高铁站堵车"))
    assert "001《锦绣花园" in to("wupeng", office.says("wupeng", "案例 停水"))
    assert "没有找到类似" in to("liuyang", office.says("liuyang", "案例 停水"))  # not its own
    assert "查案例由" in to("wangxiaoyu", office.says("wangxiaoyu", "案例 停水"))


def test_what_is_only_near_is_shown_as_such_and_never_offered_unasked(office: Office) -> None:
    closes(office, "001")
    near = to("sunlei", office.says("sunlei", "案例 池子里的水怎么也两边都没"))
    assert "没有很像的, 用字接近的 (不一定是一回事):\n· 001《锦绣花园停水" in near
    told = office.says("lihang", "上报: 锦绣花园两天无人收垃圾, 平台抖音, 请市城管局核实")
    assert "类似旧案" not in to("sunlei", told)  # the same place and length, another matter


def test_at_assigning_the_office_sees_at_most_two_past_cases(office: Office) -> None:
    closes(office, "001")
    for place in ("阳光里", "春晖苑"):
        office.says("wangxiaoyu", f"上报: {place}小区停水一天, 平台抖音, 请市住建局核实")
    closes_two = office.says("sunlei", "002 定三级, 交住建局")
    closes_two += office.says("sunlei", "003 定三级, 交住建局")
    closes(office, "002")
    closes(office, "003")
    told = office.says("lihang", "上报: 幸福里小区没水做饭, 平台微博, 请市住建局核实")
    asked = to("sunlei", told)
    assert asked.count("类似旧案: ") == 2
    assert "市住建局 已办结, 用 1 小时" in asked
    similar = to("sunlei", office.says("sunlei", "004 以前有没有类似的"))
    assert "找到类似的 3 件" in similar


def test_at_drafting_the_unit_sees_the_wording_used_and_what_is_against_it(office: Office) -> None:
    published(office)
    office.says("lihang", "上报: 阳光里小区停水停了一整天, 平台微博, 请市住建局核实")
    office.says("sunlei", "002 定三级, 交住建局")
    office.says("wupeng", "002 经核实属实,系水泵故障")
    text = (
        "您好! 经核实, 您反映的阳光里停水属实, 系水泵故障。依据《城市供水条例》, "
        "已于11月20日恢复供水, 停水期间仍收取水费。"
        "下一步12月5日前更换水泵。市住建局, 电话0000-8120101"
    )
    told = office.says("wupeng", f"002 拟回复: {text}")
    own = to("wupeng", told)
    assert "与以前的说法不一致 (001): 此前说「不收取」, 现在说「收取」" in own
    assert "以前的口径 001" in own
    assert "【口径核对】002" in to("sunlei", told)
    said = to("liuyang", office.says("liuyang", "口径 断水"))  # what was public is public
    assert "停水期间不收取水费" in said


def test_reopened_restricted_and_drilled_cases_are_not_in_the_library(office: Office) -> None:
    closes(office, "001")
    office.says("sunlei", "001 重新打开, 又停水了")
    assert "没有找到" in to("sunlei", office.says("sunlei", "案例 停水"))
    office.says("wupeng", "收到 001")
    closes(office, "001", "wupeng")
    assert "001《" in to("sunlei", office.says("sunlei", "案例 停水"))
    office.says("sunlei", "001 限定知悉")
    assert "没有找到" in to("sunlei", office.says("sunlei", "案例 停水"))


def test_only_the_lead_or_the_office_fills_in_and_only_once_it_is_closed(office: Office) -> None:
    assert "办结以后再填" in to("wupeng", office.says("wupeng", "001 案例要点"))
    closes(office, "001")
    assert "没有找到这个编号" in to("liuyang", office.says("liuyang", "001 案例要点"))
    asked = to("zhaomin", office.says("zhaomin", "001 案例要点"))
    assert "1/5" in asked
    answer = to("zhaomin", office.says("zhaomin", "嗯嗯是的"))  # words that mean nothing else
    assert "2/5" in answer
    assert "请写明哪一件" in to("sunlei", office.says("sunlei", "跳过"))
