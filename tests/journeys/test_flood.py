"""Somebody, or a program on somebody's telephone, sends without end."""

from dataclasses import replace

import pytest

from cases.messages import ContactChange, EventInfo, Heard, HeardKind
from handlers.flood import MOST_GUESSES
from handlers.hear import Hearing
from storage.database import Database
from tests.support.office import Office, to

TOO_MANY = "一分钟内发来了"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database, most_a_minute=10)


def audited(office: Office) -> int:
    with office.database.read() as work:
        head = work.audit.head()
    return head.seq if head else 0


def test_b12_too_many_are_told_once_and_not_carried_out(office: Office) -> None:
    before = audited(office)
    answers = [to("liuyang", office.says("liuyang", "我的待办")) for _ in range(15)]
    assert [TOO_MANY in answer for answer in answers] == [False] * 10 + [True] + [False] * 4
    assert answers[11:] == [""] * 4
    assert audited(office) == before + 1


def test_b12_nothing_that_is_too_much_changes_a_case(office: Office) -> None:
    office.forwards(
        "wangxiaoyu", "青禾路积水", "https://www.toutiao.com/article/7249559687354974759/"
    )
    for _ in range(10):
        office.says("sunlei", "帮助")
    before = office.case()
    office.says("sunlei", "001 定二级,交城管局")
    assert office.case() == before
    office.passes(minutes=2)
    office.says("sunlei", "001 定二级,交城管局")
    assert office.case() != before


def test_b12_others_are_answered_meanwhile(office: Office) -> None:
    for _ in range(15):
        office.says("liuyang", "帮助")
    assert TOO_MANY not in to("sunlei", office.says("sunlei", "帮助"))


def test_c09_names_and_numbers_cannot_be_tried_out_in_rows(office: Office) -> None:
    numbers = [f"{number}" for number in range(101, 111)]
    answers = {to("liuyang", office.says("liuyang", f"{n} 已办结")).replace(n, "") for n in numbers}
    assert len(answers) == 1
    assert TOO_MANY in to("liuyang", office.says("liuyang", "111 已办结"))


def test_c09_whoever_tries_numbers_out_is_told_nothing_more_for_a_minute(
    sqlite_database: Database,
) -> None:
    office = Office(sqlite_database)
    office.forwards(
        "wangxiaoyu", "青禾路积水", "https://www.toutiao.com/article/7249559687354974759/"
    )
    office.says("sunlei", "001 定二级,交城管局")
    tried = ["001", *(f"0{number}" for number in range(11, 21))]  # the first is another unit's
    answers = [to("chenjing", office.says("chenjing", f"查 {n}")).replace(n, "") for n in tried]
    assert len(set(answers[:MOST_GUESSES])) == 1
    assert "请过一分钟再问" in answers[MOST_GUESSES]
    assert "请过一分钟再问" in to("chenjing", office.says("chenjing", "查 001"))
    assert "001" in to("liuyang", office.says("liuyang", "查 001"))  # others are answered
    office.passes(minutes=2)
    assert to("chenjing", office.says("chenjing", "查 030")).replace("030", "") == answers[0]


def test_b12_strangers_are_held_back_too(office: Office) -> None:
    answers = [to("nobody", office.says("nobody", "你好")) for _ in range(13)]
    assert [answer != "" for answer in answers] == [True] * 11 + [False] * 2


def test_h03_thirty_events_of_the_platform_in_one_second_have_thirty_effects(
    office: Office,
) -> None:
    """They come from one sender, `sys`, and are told apart by their content (R1)."""
    hearing = Hearing(replace(office.desk, most_a_minute=1))
    with office.database.read() as work:
        people = [person.userid for person in work.people.people()][:30]
    for nth, userid in enumerate(people):
        event = EventInfo("change_contact", contact=ContactChange("delete_user", userid))
        heard = Heard(
            key=f"app:{nth}",
            channel="app",
            agent_id="",
            sender="sys",
            kind=HeardKind.EVENT,
            sent_at=office.now,
            event=event,
        )
        with office.database.work() as work:
            hearing(work, heard, office.now)
    with office.database.read() as work:
        assert [one for one in people if work.people.person(one)] == []
