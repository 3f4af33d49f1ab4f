"""跟踪 in the running office: asked at its moments, answered by a number, ended by 申请办结."""

import re

import pytest

from cases.model import State
from storage.database import Database
from tests.support.office import Office, to

POST = "https://weibo.com/1234567890/P0w7ex6A3"
GOOD = (
    "您好! 经核实, 您反映的青禾路积水属实, 系管网淤堵。依据《城镇排水与污水处理条例》, "
    "已于11月20日疏通。下一步每月巡查一次, 12月1日前完成管网清淤。市城管局, 电话0000-8120101"
)


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    link = "https://www.toutiao.com/article/7249559687354974759/"
    office.forwards("wangxiaoyu", "青禾路积水多日无人管 省电视台记者到场采访", link)
    office.says("sunlei", "定二级,交城管局")
    office.says("liuyang", "001 经核实属实,系管网淤堵")
    office.says("liuyang", f"001 拟回复: {GOOD}")
    office.says("sunlei", "同意")
    office.says("zhouguohua", "同意")
    answer = to("liuyang", office.says("liuyang", f"001 已在官微发布 {POST}"))
    assert "首次核对 明天 10:00" in answer
    return office


def looks(office: Office) -> list[str]:
    with office.database.read() as work:
        running = work.clocks.running(office.case().id)
    return [f"{clock.due_at:%d %H:%M}" for clock in running if clock.step == "跟踪"]


def number_of(label: str, said: str) -> str:
    found = re.search(f"([0-9]+) = {label}", said)
    assert found is not None, said
    return found[1]


def test_the_unit_is_asked_before_and_at_each_look_and_answers_by_a_number(
    office: Office,
) -> None:
    assert looks(office) == ["21 02:00"]
    assert "跟踪" not in to("liuyang", office.passes(hours=22, minutes=59))
    asked = to("liuyang", office.passes(minutes=1))
    assert "答复后有无新情况?" in asked
    assert "= 有新情况, 重新处置" in asked
    answer = to("liuyang", office.says("liuyang", number_of("无新情况", asked)))
    assert "第 1 次跟踪核对已记录" in answer
    assert "下次核对 11月23日 10:00" in answer
    assert looks(office) == ["23 02:00"]


def test_after_the_last_look_the_unit_asks_to_close_in_one_tap(office: Office) -> None:
    office.says("liuyang", "跟踪无新情况")
    office.says("liuyang", "跟踪无新情况")
    answer = to("liuyang", office.says("liuyang", "001 无反弹,态势平稳"))
    assert "跟踪核对已完成" in answer
    assert looks(office) == []
    office.says("liuyang", number_of("申请办结", answer))
    assert office.case().state is State.CLOSE_REQUESTED
    assert "第 3 次跟踪核对: 无新情况, 态势平稳" in to("sunlei", office.says("sunlei", "查 001"))


def test_something_new_takes_the_case_back_and_tells_those_who_decide(office: Office) -> None:
    told = office.says("liuyang", "跟踪发现反弹,又有人发了视频")
    assert office.case().state is State.HANDLING
    assert looks(office) == []
    for who in ("sunlei", "zhaomin", "zhouguohua"):
        assert "【反弹】001" in to(who, told)
    assert "又有人发了视频" in to("sunlei", told)
    office.says("liuyang", f"001 拟回复: {GOOD}")
    assert office.case().state is State.REPLY_DRAFT


def test_the_office_may_say_so_too_in_its_own_words(office: Office) -> None:
    assert "已回到处置" in to("sunlei", office.says("sunlei", "001又炒起来了,重新打开"))
    assert office.case().state is State.HANDLING


def test_a_late_answer_does_not_move_the_last_look(office: Office) -> None:
    office.passes(hours=30)
    office.says("liuyang", "001 跟踪无新情况")
    assert looks(office) == ["23 02:00"]


def test_silence_climbs(office: Office) -> None:
    told = office.passes(hours=33)
    assert "跟踪" in to("tangbo", told)
    assert "跟踪" in to("sunlei", told)


def test_closing_a_new_text_or_another_grade_end_or_move_the_look(office: Office) -> None:
    office.says("zhouguohua", "001 升级为一级, 央视报道")
    assert looks(office) == ["21 02:00"]
    office.says("liuyang", f"001 拟回复: {GOOD}")
    assert looks(office) == []


def test_asking_to_close_ends_it(office: Office) -> None:
    office.says("liuyang", "001 已办结,平稳")
    assert looks(office) == []


def test_others_are_refused_and_nothing_is_watched_before_publication(office: Office) -> None:
    assert "没有找到" in to("chenjing", office.says("chenjing", "001 跟踪无新情况"))
    assert "核对跟踪情况由" in to("zhouguohua", office.says("zhouguohua", "001 跟踪无新情况"))
    office.says("liuyang", "跟踪有新情况")
    assert "现在是「处置中」" in to("liuyang", office.says("liuyang", "001 跟踪无新情况"))


def closed(office: Office) -> None:
    office.says("liuyang", "001 已办结,平稳")
    office.says("sunlei", "同意")
    office.says("zhouguohua", "同意")
    assert office.case().state is State.CLOSED


def test_a_closed_case_is_still_asked_about_at_three_and_seven_days(office: Office) -> None:
    office.passes(hours=30)
    office.says("liuyang", "001 跟踪无新情况")
    closed(office)
    assert looks(office) == ["23 02:00"]
    asked = to("liuyang", office.passes(hours=42))
    assert "答复后有无新情况?" in asked
    answer = to("liuyang", office.says("liuyang", number_of("无新情况", asked)))
    assert "第 2 次跟踪核对已记录" in answer
    assert looks(office) == ["27 02:00"]
    asked = to("liuyang", office.passes(hours=96))
    office.says("liuyang", number_of("无新情况", asked))
    assert looks(office) == []
    assert office.case().state is State.CLOSED


def test_a_look_missed_before_closing_is_not_asked_for_after_it(office: Office) -> None:
    office.passes(hours=80)
    closed(office)
    assert looks(office) == ["27 02:00"]
    answer = to("liuyang", office.says("liuyang", "001 跟踪无新情况"))  # three days later
    assert "第 3 次跟踪核对" in answer
    assert looks(office) == []


def test_something_new_after_closing_reopens_the_case(office: Office) -> None:
    closed(office)
    asked = to("liuyang", office.passes(hours=24))
    told = office.says("liuyang", number_of("有新情况, 重新处置", asked))
    assert "已重新打开" in to("liuyang", told)
    assert office.case().state is State.ASSIGNED
    assert "重新打开" in to("sunlei", told)


def test_whoever_is_asked_answers_as_short_as_people_do(office: Office) -> None:
    closed(office)
    assert "需要办事请回复" in to("liuyang", office.says("liuyang", "没有"))  # nobody asks yet
    office.passes(hours=23)
    assert "第 1 次跟踪核对已记录" in to("liuyang", office.says("liuyang", "没有"))
    assert looks(office) == ["23 02:00"]
    office.passes(hours=48)
    assert "第 2 次跟踪核对" in to("liuyang", office.says("liuyang", "暂无新情况。"))
    heard = to("liuyang", office.says("liuyang", "001 回访了, 群众满意"))  # days later, by 001
    assert "001 回访结果「满意」已记录" in heard
    office.passes(hours=96)
    told = office.says("liuyang", "1120-001 有新情况, 又有家长发帖")
    assert "已重新打开" in to("liuyang", told)
    assert office.case().state is State.ASSIGNED


def test_who_is_asked_about_two_cases_is_asked_which_is_meant(office: Office) -> None:
    office.forwards("wangxiaoyu", "花园路路灯不亮 省电视台记者采访", POST)
    office.says("sunlei", "002 定二级,交城管局")
    office.says("liuyang", "002 经核实属实,系线路老化")
    reply = GOOD.replace("青禾路积水", "花园路路灯不亮").replace("管网淤堵", "线路老化")
    office.says("liuyang", f"002 拟回复: {reply}")
    office.says("sunlei", "同意")
    office.says("zhouguohua", "同意")
    office.says("liuyang", f"002 已在官微发布 {POST}x")
    office.passes(hours=23, minutes=30)
    asked = to("liuyang", office.says("liuyang", "无"))
    assert "说的是哪一件?" in asked
    answer = to("liuyang", office.says("liuyang", number_of("002 花园路路灯不亮", asked)))
    assert "002 第 1 次跟踪核对已记录" in answer


def test_a_case_without_a_public_answer_is_not_asked_about(office: Office) -> None:
    link = "https://www.toutiao.com/article/7249559687354974760/"
    office.forwards("wangxiaoyu", "花园路路灯不亮", link)
    office.says("sunlei", "002 定三级,交城管局")
    office.says("liuyang", "002 已办结,路灯已修好")
    office.says("sunlei", "002 不需公开回应, 已当面答复")
    office.says("sunlei", "002 同意")
    assert office.case("002").state is State.CLOSED
    with office.database.read() as work:
        assert work.clocks.running(office.case("002").id) == []
    assert "没有公开回应过" in to("liuyang", office.says("liuyang", "002 跟踪无新情况"))
