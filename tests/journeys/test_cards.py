"""Cards: pressing does what the words do, the second one is told, and no card stays untrue."""

from dataclasses import replace

import pytest

from cases.messages import EventInfo
from cases.model import State
from storage.database import Database
from tests.support.card_office import CardOffice
from tests.support.office import to

LINK = "https://www.toutiao.com/article/7249559687354974759/"


@pytest.fixture
def office(sqlite_database: Database) -> CardOffice:
    return CardOffice(sqlite_database)


@pytest.fixture
def assigned(office: CardOffice) -> CardOffice:
    """001 has been graded 二级 and given to 市城管局 by one press."""
    office.forwards("wangxiaoyu", "青禾路积水 省电视台采访", LINK)
    office.presses("sunlei", "定二级, 交市城管局")
    return office


@pytest.fixture
def closing(assigned: CardOffice) -> CardOffice:
    """市城管局 has asked for the end; the leader is asked."""
    assigned.presses("liuyang", "签收")
    assigned.says("liuyang", "经核实属实, 系管网淤堵")
    assigned.says("liuyang", "处置完毕, 积水已排干")
    assigned.says("sunlei", "001 不需公开回应, 已当面答复")
    return assigned


def test_one_press_grades_and_assigns_and_the_card_says_it(office: CardOffice) -> None:
    told = office.forwards("wangxiaoyu", "青禾路积水 省电视台采访", LINK)
    card = office.card("sunlei")
    head = "督办\n【待定级】001《青禾路积水 省电视台采访》\n请在 10:15 前定级交办"
    assert card.words.startswith(head)
    assert [one.kind for one in told if one.to == "sunlei"] == ["ask", "ask"]  # in full before it
    assert "回复例如「001 定二级, 交XX局」" in to("sunlei", told)
    told = office.presses("sunlei", "定二级, 交市城管局")
    assert "001 已定二级" in to("sunlei", told)
    assert "【交办】001" in to("liuyang", told)
    assert "孙磊 10:00 已定级" in card.words
    assert office.case().state is State.ASSIGNED


def test_the_assignment_is_a_card_and_pressing_signs_it(assigned: CardOffice) -> None:
    card = assigned.card("liuyang")
    assert "【交办】001《青禾路积水 省电视台采访》二级\n请在 10:30 前签收" in card.words
    assert "也可回复数字: 1 = 签收" in card.words
    assert "原文: 打开原文链接" in card.words
    told = assigned.presses("liuyang", "签收")
    assert to("liuyang", told).startswith("已签收 001")
    assert "刘洋 10:00 已签收" in card.words
    assert assigned.case().state is State.SIGNED


def test_the_number_beside_the_card_does_the_same_and_is_used_up_with_it(
    assigned: CardOffice,
) -> None:
    card = assigned.card("liuyang")
    assert to("liuyang", assigned.says("liuyang", "1")).startswith("已签收 001")
    assert "已签收" in card.words
    assert "没有等您选的事项" in to("liuyang", assigned.says("liuyang", "1"))


def test_pressing_uses_the_number_up(assigned: CardOffice) -> None:
    assigned.presses("liuyang", "签收")
    assert "没有等您选的事项" in to("liuyang", assigned.says("liuyang", "1"))


def test_c04_the_second_who_presses_is_told_who_was_first_and_when(assigned: CardOffice) -> None:
    card = assigned.card("liuyang")
    elsewhere = replace(card)  # as another client of his still shows it
    assigned.presses("heqing", "签收", card)  # the deputy, to whom it was passed on
    assert "何青 10:00 已签收" in card.words
    assigned.passes(hours=20)
    told = assigned.presses("liuyang", "签收", elsewhere)
    assert to("liuyang", told) == "001 已由何青于 11月20日 10:00 处理: 市城管局签收。"
    assert len(told) == 1


def test_c03_a_stranger_who_presses_does_nothing_and_is_told_who_may(assigned: CardOffice) -> None:
    card = assigned.card("liuyang")
    told = assigned.presses("chenjing", "签收", card)
    assert to("chenjing", told) == "这张卡片由市城管局的联络员办理, 您不能代按。"
    assert "青禾路" not in to("chenjing", told)
    assert assigned.case().state is State.ASSIGNED
    told = assigned.presses("nobody", "签收", card)
    assert "您不能代按" in to("nobody", told)
    assert "还没有登记" in to("nobody", told)
    told = assigned.presses("zhouguohua", "签收", card)  # a leader sees all, and signs nothing
    assert "您的身份不能签收" in to("zhouguohua", told)
    assert assigned.case().state is State.ASSIGNED
    assert "已签收" not in card.words


def test_returning_asks_for_the_reason_and_the_next_words_are_it(assigned: CardOffice) -> None:
    card = assigned.card("liuyang")
    told = assigned.presses("liuyang", "退回")
    assert to("liuyang", told).startswith("请写明退回 001 的理由")
    assert to("liuyang", assigned.says("liuyang", "取消")) == "好的, 没有退回。"
    assigned.presses("liuyang", "退回")
    assert "等您办的 1 件" in to("liuyang", assigned.says("liuyang", "我的待办"))  # no reason
    told = assigned.says("liuyang", "该路段产权未移交, 请转住建局。\n同意后我局配合")
    assert "退回申请已报舆情办裁定" in to("liuyang", told)
    assert "该路段产权未移交, 请转住建局。 同意后我局配合" in to("sunlei", told)
    assert "已申请退回" in card.words
    assert "没有" in to("liuyang", assigned.says("liuyang", "取消"))
    told = assigned.says("sunlei", "001 转给住建局, 产权未移交")
    assert "【交办】001" in assigned.card("chenjing").words


def test_after_half_an_hour_words_are_no_reason_any_more(assigned: CardOffice) -> None:
    assigned.presses("liuyang", "退回")
    assigned.passes(minutes=30)
    assigned.says("liuyang", "该路段产权未移交")
    assert assigned.case().state is State.ASSIGNED
    assert not assigned.case().returns


def test_c04_a_leader_returns_with_a_reason_and_the_next_round_has_its_own_card(
    closing: CardOffice,
) -> None:
    first = closing.card("zhouguohua", "【请确认办结】")
    elsewhere = replace(first)
    closing.presses("zhouguohua", "退回", first)
    told = closing.says("zhouguohua", "现场照片没有附上")
    assert "理由: 现场照片没有附上" in to("liuyang", told)
    assert "周国华 10:00 已退回" in first.words
    told = closing.says("liuyang", "001 已办结, 照片已附")
    second = closing.card("zhouguohua", "【请确认办结】")
    assert second is not first
    told = closing.presses("zhouguohua", "同意办结", elsewhere)  # the first round's card
    assert to("zhouguohua", told).startswith("001 已由周国华于 10:00 处理: 退回重办")
    assert closing.case().state is State.CLOSE_REQUESTED
    told = closing.presses("zhouguohua", "同意办结", second)
    assert "已同意, 001 办结" in to("zhouguohua", told)
    assert "批示: 同意办结" in to("wangxiaoyu", told)
    assert "已同意办结" in second.words


def test_what_is_taken_back_is_asked_again_by_the_same_card(closing: CardOffice) -> None:
    card = closing.card("zhouguohua", "【请确认办结】")
    closing.presses("zhouguohua", "同意办结")
    assert "已同意办结" in card.words
    closing.says("zhouguohua", "撤销刚才的操作")
    assert closing.case().state is State.CLOSE_REQUESTED
    assert "已同意办结" not in card.words
    assert "前答复" in card.words
    told = closing.presses("zhouguohua", "同意办结", card)
    assert "已同意, 001 办结" in to("zhouguohua", told)


def test_another_grade_is_written_on_the_card_or_it_is_sent_anew(assigned: CardOffice) -> None:
    card = assigned.card("liuyang")
    before = replace(card)
    assigned.says("zhouguohua", "001 升级为一级, 央视报道")
    assert "》一级" in card.words
    assert "[签收]" in card.words
    assigned.says("zhouguohua", "001 降为二级, 热度回落, 一天无新增转载")  # the code is used up
    again = assigned.card("liuyang")
    assert again.task_id != card.task_id
    assert "》二级" in again.words
    told = assigned.presses("liuyang", "签收", before)
    assert to("liuyang", told) == "这张卡片已于 10:00 由新的卡片代替, 请按最新的一张。"
    assert "请看最新的卡片" in card.words  # the press brought a code: now it says so
    assert to("liuyang", assigned.presses("liuyang", "签收", again)).startswith("已签收 001")


def test_a_merged_case_settles_its_cards(assigned: CardOffice) -> None:
    assigned.forwards("lihang", "青禾路垃圾成堆", "https://weibo.com/1234567890/R8vcX9C87")
    assigned.says("sunlei", "002 定三级, 交城管局")
    card = assigned.card("liuyang", "【交办】002")
    elsewhere = replace(card)
    assigned.says("sunlei", "002 合并到 001")
    assert "已合并" in card.words
    told = assigned.presses("liuyang", "签收", elsewhere)
    assert "002 已由孙磊于 10:00 处理" in to("liuyang", told)


def test_progress_is_one_press_away(assigned: CardOffice) -> None:
    told = assigned.presses("liuyang", "查进度")
    assert "主办市城管局" in to("liuyang", told)
    assert assigned.case().state is State.ASSIGNED


def test_c05_a_card_nobody_knows_is_answered(office: CardOffice) -> None:
    told = office.happens("liuyang", EventInfo("template_card_event", "1", "m-other", "c"))
    assert "这张卡片督办已经不认识了" in to("liuyang", told)


def test_with_pages_the_informed_get_a_card_that_opens_it(sqlite_database: Database) -> None:
    office = CardOffice(sqlite_database, base_url="https://duban.example")
    office.forwards("wangxiaoyu", "青禾路积水 省电视台采访", LINK)
    office.presses("sunlei", "定二级, 交市城管局")
    card = office.card("tangbo").card
    assert card["card_type"] == "text_notice"
    page = {"type": 1, "url": "https://duban.example/case/YQ-20261120-001"}
    assert card["card_action"] == page
    assert office.card("liuyang").card["card_action"] == page
