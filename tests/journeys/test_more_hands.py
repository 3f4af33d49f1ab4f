"""挂牌督办, 会商, 协办请求 and the second tier: who else works on a case, and who watches."""

import re

import pytest

from cases.model import State
from cases.people import Person, Role
from storage.database import Database
from tests.support.office import Office, recipients, to


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    """001 is 三级 with 市城管局; 李伟 is of a section there."""
    office = Office(sqlite_database)
    clerk = Person("liwei", "李伟", frozenset({Role.INFORMANT}), unit_id="chengguan")
    with sqlite_database.work() as work:
        work.people.upsert_person(clerk)
    office.says(
        "wangxiaoyu", "微博 青禾路积水, 有网友拍视频 https://weibo.com/1234567890/P0w7ex6A3"
    )
    office.says("sunlei", "001 定三级, 交城管局")
    return office


def dues(office: Office, step: str) -> list[str]:
    with office.database.read() as work:
        running = work.clocks.running(office.case().id)
    zone = office.now.tzinfo
    return [f"{c.due_at.astimezone(zone):%m-%d %H:%M}" for c in running if c.step == step]


class TestSupervision:
    def test_it_is_told_and_reported_on_every_day(self, office: Office) -> None:
        told = office.says("zhouguohua", "001挂牌督办")
        assert "001 已挂牌督办" in to("zhouguohua", told)
        assert {"liuyang", "tangbo", "sunlei", "zhaomin", "市城管局"} <= set(recipients(told))
        assert dues(office, "续报") == ["11-21 17:30"]
        office.says("liuyang", "001 首报: 已到现场核实")
        assert dues(office, "续报") == ["11-21 17:30"]
        office.passes(days=1)
        office.says("liuyang", "001 续报: 正在抽排")
        assert dues(office, "续报") == ["11-22 17:30"]

    def test_only_a_leader_agrees_to_its_end(self, office: Office) -> None:
        office.says("zhouguohua", "001挂牌督办")
        office.says("sunlei", "001 不需公开回应, 已当面答复")
        told = office.says("liuyang", "001 已办结, 积水已排干")
        assert "【请确认办结】001" in to("zhouguohua", told)
        told = office.says("sunlei", "001 可以办结")
        assert "分管领导" in to("sunlei", told)
        office.says("zhouguohua", "同意 001")
        assert office.case().state is State.CLOSED

    def test_the_office_may_not_and_twice_is_refused(self, office: Office) -> None:
        told = office.says("sunlei", "001挂牌督办")
        assert "挂牌督办由分管领导、主要领导、上级督查来做" in to("sunlei", told)
        office.says("zhouguohua", "001挂牌督办")
        again = office.says("wangjianping", "001挂牌督办")
        assert "已经挂牌督办" in to("wangjianping", again)

    def test_taken_back_at_once(self, office: Office) -> None:
        office.says("zhouguohua", "001挂牌督办")
        told = office.says("zhouguohua", "撤销刚才的操作")
        assert "001 的督办已撤销" in to("zhouguohua", told)
        assert "【解除督办】001" in to("liuyang", told)
        assert not office.case().supervised


class TestMeeting:
    def test_called_with_time_place_and_people_then_concluded(self, office: Office) -> None:
        told = office.says("sunlei", "001 10:30在三楼开会商会,宣传部、住建局、教体局参加")
        assert "宣传部不在名录里, 请另行通知" in to("sunlei", told)
        for liaison in ("chenjing", "yanghui"):
            assert "时间: 10:30\n地点: 三楼" in to(liaison, told)
        told = office.says("sunlei", "001会商结论: 由城管局三天内修复")
        assert "【会商结论】001" in to("liuyang", told)
        asked = to("sunlei", office.says("sunlei", "查 001"))
        assert "会商 (三楼)" in asked
        assert "会商结论: 由城管局三天内修复" in asked

    def test_without_time_or_people_it_is_asked_for(self, office: Office) -> None:
        told = office.says("sunlei", "001 开会商会, 在三楼")
        assert "写明时间和参加单位" in to("sunlei", told)
        past = office.says("sunlei", "001 今天9:30在三楼开会商会, 住建局参加")
        assert "已经过了" in to("sunlei", past)


class TestHelp:
    def test_a_unit_asks_and_the_office_adds_with_one_tap(self, office: Office) -> None:
        office.says("liuyang", "收到 001")
        told = office.says("liuyang", "001 需要卫健委配合流调, 请协调")
        assert "已报舆情办" in to("liuyang", told)
        asked = to("sunlei", told)
        assert "市城管局请市卫健委协办: 配合流调" in asked
        number = re.findall(r"([0-9]+) = 加市卫健委协办", asked)[-1]
        told = office.says("sunlei", number)
        assert "已加市卫健委协办" in to("sunlei", told)
        assert "协办: 市卫健委" in to("gaofei", told)
        again = office.says("liuyang", "001 需要卫健委配合流调, 请协调")
        assert "已在承办" in to("liuyang", again)


class TestSecondTier:
    def test_the_section_signs_too_and_the_office_sees_where_it_stopped(
        self, office: Office
    ) -> None:
        told = office.says("liuyang", "001 交给市政科李伟具体办理")
        assert "001 已转给李伟" in to("liuyang", told)
        assert "市城管局转给您办理" in to("liwei", told)
        assert office.case().state is State.SIGNED, "handing it on is having received it"
        assert "待市城管局李伟 签收" in to("sunlei", office.says("sunlei", "查 001"))
        told = office.passes(hours=3)
        assert any(one.to == "liwei" and "签收" in one.text for one in told)
        told = office.says("liwei", "收到")
        assert "已签收 001" in to("liwei", told)
        assert "李伟已签收" in to("liuyang", told)
        assert "签收:" not in to("sunlei", office.says("sunlei", "查 001"))
        told = office.says("liwei", "001 首报: 已到现场核实")
        assert "001 首报已收到" in to("liwei", told)

    def test_the_section_may_not_return_or_close_it(self, office: Office) -> None:
        office.says("liuyang", "001 交给市政科李伟具体办理")
        told = office.says("liwei", "001 已办结, 积水已排干")
        assert "申请办结由" in to("liwei", told)
        assert office.case().state is not State.CLOSE_REQUESTED

    def test_nobody_of_the_unit_by_that_name(self, office: Office) -> None:
        told = office.says("liuyang", "001 交给市政科王五具体办理")
        assert "没有「市政科王五」" in to("liuyang", told)
        assert "李伟" in to("liuyang", told)

    def test_the_same_again_and_the_short_name(self, office: Office) -> None:
        office.says("liuyang", "001 交给市政科小李具体办理")
        assert office.case().assignments[0].handed_to == "liwei"
        told = office.says("liuyang", "001 交给市政科小李具体办理")
        assert "已转给李伟, 不用再转" in to("liuyang", told)

    def test_others_of_the_unit_hear_nothing_of_it(self, office: Office) -> None:
        assert "没有找到" in to("liwei", office.says("liwei", "查 001"))
