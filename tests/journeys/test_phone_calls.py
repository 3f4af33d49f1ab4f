"""电话通知 with the operator's own command: made once, told if it fails, never in the way."""

import json
import sys
from datetime import timedelta

import pytest

from bot.gateway import Outcome, Sent
from bot.phone import PhoneCalls, PhoneCommand
from bot.sending import Manner, Sender
from cases.notices import ToUnit
from cases.phone_call import KIND
from handlers import calls
from handlers.apology import undeliverable
from handlers.pages.delivery import messages
from handlers.post import people_of
from storage.database import Database
from tests.support.office import Office, Told, to

TITLE = "央视新闻报道青禾路积水无人管"
LINK = "https://www.toutiao.com/article/7249559687354974759/"
_FAILS = (sys.executable, "-c", "raise SystemExit(3)")


class _Platform:
    def __init__(self) -> None:
        self.told: list[Told] = []

    def send(self, channel: str, recipient: str, payload: str) -> Outcome:
        self.told.append(Told(recipient, json.loads(payload)["text"]["content"], channel))
        return Sent(f"m{len(self.told)}")


@pytest.fixture
def late(sqlite_database: Database) -> Office:
    """The unit has a case of row 1 and says nothing."""
    office = Office(sqlite_database, calls=True)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("zhouguohua", "定一级")
    office.says("sunlei", "001 交城管局")
    office.says("wangjianping", "同意 001")
    return office


def until_the_call(office: Office) -> list[Told]:
    told: list[Told] = []
    while not any(one.kind == KIND for one in told):
        told = office.passes(minutes=1)
    return told


def send(office: Office, *argv: str) -> list[Told]:
    """Let what waits leave by the real sender, calls by this command; what the platform took."""
    platform = _Platform()
    sender = Sender(
        office.database,
        PhoneCalls(platform, PhoneCommand(argv)),
        owner="test",
        clock=lambda: office.now,
        real_clock=lambda: office.now,
        on_undeliverable=lambda work, claim, why, now: undeliverable(
            work, claim, why, now, office.desk
        ),
        manner=Manner(threads=0),
    )
    sender.send_waiting()
    sender.stop()
    return platform.told


def placed(office: Office) -> None:
    """A call about the running 签收 is put beside what the ladder says."""
    case = office.case()
    with office.database.work() as work:
        (clock,) = [one for one in work.clocks.running(case.id) if one.step == "签收"]
        office.now = clock.due_at + timedelta(minutes=30)
        calls.place(
            work, clock, case, people_of(work, ToUnit("chengguan"), office.now), now=office.now
        )


def test_who_is_late_is_called_when_the_duty_officer_is_asked_to_call(late: Office) -> None:
    told = until_the_call(late)
    (made,) = [one for one in told if one.kind == KIND]
    assert made.to == "liuyang"
    assert made.text.startswith("督办电话通知: YQ-20261120-001 (一级) ")
    assert TITLE not in made.text, "it leaves by another network"
    assert "请电话通知: 刘洋" in to("zhaomin", told)


def test_the_ladder_goes_on_whatever_becomes_of_the_call(late: Office) -> None:
    until_the_call(late)
    assert any(one.to == "wangjianping" for one in late.passes(hours=2))


def test_without_a_command_nobody_is_called(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("zhouguohua", "定一级")
    office.says("sunlei", "001 交城管局")
    office.says("wangjianping", "同意 001")
    assert not [one for one in office.passes(hours=6) if one.kind == KIND]


def test_a_call_that_fails_is_told_to_the_duty_officer_once(late: Office) -> None:
    placed(late)
    told = send(late, *_FAILS)
    said = to("zhaomin", told)
    assert "【电话没有打通】001: 电话通知命令失败, 退出码 3。" in said
    assert "打通后回复「001 已电话通知刘洋」" in said
    assert [one.to for one in told if "没有打通" in one.text] == ["zhaomin"]
    assert "已记录" in to("zhaomin", late.says("zhaomin", "001 已电话通知刘洋"))
    with late.database.read() as work:
        (director,) = [one for one in work.people.people() if one.userid == "sunlei"]
        shown = messages(work, director, late.case(), late.now)
    (made,) = [one for one in shown if "电话通知 (命令)" in one.reason]
    assert made.delivery.words == "没有送到: 电话通知命令失败, 退出码 3"


def test_a_call_that_was_made_is_recorded_and_told_to_nobody(late: Office) -> None:
    placed(late)
    assert send(late, sys.executable, "-c", "") == []
    with late.database.read() as work:
        (director,) = [one for one in work.people.people() if one.userid == "sunlei"]
        shown = messages(work, director, late.case(), late.now)
    (made,) = [one for one in shown if "电话通知 (命令)" in one.reason]
    assert (made.delivery.step, made.text.startswith("督办电话通知")) == ("sent", True)


def test_who_has_signed_meanwhile_is_not_called(late: Office) -> None:
    placed(late)
    late.says("liuyang", "收到 001")
    assert send(late, *_FAILS) == []
