"""Words of the duty desk and of what became of reminders."""

from datetime import datetime, timedelta

import pytest

from cases.broadcasts import Broadcast, BroadcastKind, Days, Timetable, next_slot
from cases.wording.duty import HandoverCard, OpenCase, handover_card, stretch
from cases.wording.records import Line, rung_in_words, section
from cases.working_time import WorkingCalendar

TEN = datetime.fromisoformat("2026-11-20T10:00:00+08:00")


def card(count: int, counted: int | None) -> str:
    due = TEN - timedelta(minutes=1)
    cases = [OpenCase(f"00{n}", "青禾路积水", "已交办", "签收", due) for n in range(count)]
    cases += [OpenCase("099", "双桥巷", "待归档", "", None)]
    return handover_card(HandoverCard("赵敏", "李娜", TEN, tuple(cases), "交班", counted))


def test_a_card_names_each_case_what_it_waits_for_and_what_is_late() -> None:
    text = card(1, 2)
    assert "未结 2 件\n" in text
    assert "· 000 青禾路积水: 已交办, 签收 09:59, 已超时" in text
    assert "· 099 双桥巷: 待归档\n" in text


@pytest.mark.parametrize(("count", "more"), [(5, False), (6, True), (7, True)])
def test_a_long_card_says_how_many_are_left_out(count: int, *, more: bool) -> None:
    assert ("另有" in card(count, None)) is more


@pytest.mark.parametrize(
    ("end", "words"),
    [("2026-11-20T18:00:00+08:00", "10:00 至 18:00"), ("2026-11-21T08:30:00+08:00", "明天 08:30")],
)
def test_a_stretch_names_the_day_only_where_it_changes(end: str, words: str) -> None:
    assert words in stretch(TEN, datetime.fromisoformat(end), TEN)


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        ("before", "到期前提醒"),
        ("before-2", "到期前提醒 (更早一次)"),
        ("due", "到期提醒"),
        ("late-3", "超时第 3 次催办"),
        ("up-office", "升级提醒"),
        ("phone-duty", "请值班员电话通知"),
    ],
)
def test_every_rung_has_a_name(slot: str, words: str) -> None:
    assert rung_in_words(slot) == words


@pytest.mark.parametrize(("count", "hidden"), [(8, 0), (9, 1), (10, 2)])
def test_a_long_section_keeps_the_latest(count: int, hidden: int) -> None:
    lines = [Line(TEN + timedelta(minutes=n), f"第{n}条") for n in range(count)]
    shown = section("已发:", lines, TEN)
    assert (f"· … 更早 {hidden} 条略" in shown) is (hidden > 0)
    assert shown[-1].endswith(f"第{count - 1}条")


def test_an_empty_section_is_left_out() -> None:
    assert section("已发:", [], TEN) == []


def test_a_broadcast_without_times_has_no_slot_on_any_day() -> None:
    for days in Days:
        assert (
            next_slot(Broadcast(BroadcastKind.ROUND, days, ()), TEN, Timetable(WorkingCalendar()))
            is None
        )
