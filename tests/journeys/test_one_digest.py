"""Many reminders for one person at one moment are one message; the pressing ones never."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.pulse import Pulse, Shore
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.tally import Tally
from cases.payload import app_text
from handlers.digest import PACE, Look, gather
from handlers.ringing import ring
from storage.database import Database
from storage.gathering import Waiting
from storage.states import BrakeScope, OutboxState
from storage.work import Work
from tests.storage.builders import message
from tests.support.office import Office, Told

TITLES = (
    "青禾路路灯不亮",
    "双桥巷井盖松动",
    "柳荫街垃圾没人清",
    "南门口占道摆摊",
    "东关积水",
    "北园油烟",
    *(
        f"青禾路{nth}号小区门口积水三天无人管, 老人出行不便, 多次反映没有答复"
        for nth in range(7, 15)
    ),
)


def forwarded(office: Office, count: int, level: str) -> None:
    for nth, title in enumerate(TITLES[:count]):
        link = f"https://www.toutiao.com/article/72495596873549747{nth:02}/"
        office.forwards("wangxiaoyu", title, link)
        office.says("sunlei", f"{nth + 1:03} 定{level},交城管局")


def signing(told: list[Told]) -> list[Told]:
    return [one for one in told if one.to == "liuyang" and "签收时限" in one.text]


@pytest.mark.parametrize(("count", "messages"), [(3, 3), (4, 1), (6, 1)])
def test_from_four_on_they_are_one_message(
    sqlite_database: Database, count: int, messages: int
) -> None:
    office = Office(sqlite_database)
    forwarded(office, count, "三级")
    told = signing(office.passes(hours=1, minutes=30))
    assert len(told) == messages
    assert sum(one.text.count("签收时限") for one in told) == count


def test_what_has_no_room_in_a_digest_is_counted_and_not_lost(database: Database) -> None:
    office = Office(database)
    forwarded(office, 14, "三级")
    (digest,) = signing(office.passes(hours=1, minutes=30))
    shown = sum(line.startswith("· ") for line in digest.text.splitlines())
    assert digest.text.startswith("【提醒汇总】14 件等您办:")
    assert f"… 另有 {14 - shown} 件, 回复「我的待办」看全部。" in digest.text
    assert 4 < shown < 14
    assert len(digest.text.encode()) <= 2048


def test_the_digest_names_each_case_with_its_number_to_tap(database: Database) -> None:
    office = Office(database)
    forwarded(office, 5, "三级")
    (digest,) = signing(office.passes(hours=1, minutes=30))
    assert digest.text.startswith("【提醒汇总】5 件等您办:")
    assert all(f"00{n}《" in digest.text for n in range(1, 6))
    assert "= 签收]" in digest.text
    first = digest.text.split("[")[1].split(" ")[0]
    answer = "\n".join(one.text for one in office.says("liuyang", first))
    assert "已签收" in answer


def test_what_the_digest_says_is_ended_with_the_reason(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    forwarded(office, 5, "三级")
    start = office.now
    office.passes(hours=1, minutes=30)
    with office.database.read() as work:
        mine = [m for m in work.records.reminders_since(start) if m.recipient == "liuyang"]
    assert {(m.state, m.ended_reason) for m in mine} == {(OutboxState.CANCELLED, "并入汇总")}
    assert all(json.loads(m.payload)["touser"] == "liuyang" for m in mine)


def resumed(office: Office) -> list[Told]:
    """The director lets everything go that a pause has held."""
    (asked,) = [one for one in office.says("sunlei", "恢复发送") if one.to == "sunlei"]
    number = asked.text.split(" = 全部发出")[0].split(" ")[-1]
    return [*office.says("sunlei", number), *office.rings()]


@pytest.mark.parametrize(("count", "left"), [(6, 1), (5, 1), (4, 3)])
def test_what_is_done_meanwhile_is_not_named_when_the_digest_leaves(
    database: Database, count: int, left: int
) -> None:
    office = Office(database)
    forwarded(office, count, "三级")
    office.says("sunlei", "暂停发送")
    assert signing(office.passes(hours=1, minutes=30)) == []
    office.says("liuyang", "收到 003")
    told = signing(resumed(office))
    assert len(told) == left
    assert all("003" not in one.text for one in told)
    assert sum(one.text.count("签收时限") for one in told) == count - 1


def test_the_top_grades_are_never_merged(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    for nth, title in enumerate(TITLES[:5], start=1):
        link = f"https://www.toutiao.com/article/724955968735497475{nth}/"
        office.forwards("wangxiaoyu", f"央视报道{title}", link)
        for words in (f"00{nth} 定一级", f"00{nth} 交城管局", f"同意 00{nth}"):
            office.says("wangjianping", words)
    with office.database.work() as work:
        work.brakes.pull(BrakeScope.VOLUME, "", by="", reason="太多", now=office.now)
    told = signing(office.passes(minutes=20))  # the brake that pulls itself lets rows 1 and 2 pass
    assert len(told) >= 5
    assert all("提醒汇总" not in one.text for one in told)


def test_why_tells_that_it_was_merged(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    forwarded(office, 5, "三级")
    office.passes(hours=1, minutes=30)
    told = "\n".join(one.text for one in office.says("liuyang", "001 为什么没提醒我"))
    assert "并入汇总" in told


def pulse(office: Office, boat: Lifeboat) -> Pulse:
    """Another replica's pulse, or the same after a restart."""
    return Pulse(
        office.database,
        ring=lambda work, timer, now: ring(work, timer, now, office.desk),
        shore=Shore(boat, Tally()),
        clock=lambda: office.now,
        gather=lambda work, waiting, look: gather(work, office.desk, waiting, look),
    )


@pytest.fixture
def boat(tmp_path: Path) -> Iterator[Lifeboat]:
    boat = Lifeboat(tmp_path / "boat")
    yield boat
    boat.close()


def test_a_sender_between_two_commits_finds_nothing_and_the_next_beat_makes_one_digest(
    database: Database, boat: Lifeboat
) -> None:
    office = Office(database)
    forwarded(office, 6, "三级")
    with office.database.read() as work:
        moment = work.timers.next_at()
    assert moment is not None
    office.now = moment
    with office.database.work() as work:  # the first commit of a beat that then dies
        for timer in work.timers.due(office.now, 4):
            ring(work, timer, office.now, office.desk)
    assert signing(office.leaving()) == []
    pulse(office, boat).beat()
    (digest,) = signing(office.leaving())
    assert digest.text.startswith("【提醒汇总】6 件等您办:")


def gathered(office: Office, count: int, look: Look, *, first: int = 0) -> list[str]:
    """So many reminders ring for one person; what leaves after one look at them."""
    due = look.crowd or look.now
    with office.database.work() as work:
        for nth in range(first, first + count):
            text = app_text(1, "liuyang", f"【到期】{nth}", key=f"r{nth}")
            reminder = message(f"r{nth}", priority=4, next_at=due)
            reminder = replace(reminder, kind="remind-due", recipient="liuyang", payload=text)
            work.outbox.put(reminder, gathers=True)
    office.now = look.now
    with office.database.work() as work:
        for waiting in work.gathering.waiting():
            gather(work, office.desk, waiting, look)
    return [one.text for one in office.leaving() if one.to == "liuyang"]


def test_while_a_crowd_rings_few_wait_and_a_second_digest_keeps_its_distance(
    database: Database,
) -> None:
    office = Office(database)
    start = office.now

    def look(seconds: float, *, is_over: bool = False) -> Look:
        return Look(start + timedelta(seconds=seconds), is_over, start)

    assert gathered(office, 3, look(5)) == []
    (first,) = gathered(office, 30, look(10), first=3)
    assert "33 件" in first
    assert gathered(office, 300, look(30, is_over=True), first=33) == []
    (second,) = gathered(office, 0, look(10 + PACE + 5, is_over=True))
    assert "300 件" in second


def test_few_that_ring_after_a_crowd_do_not_wait(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    earlier = office.now
    assert len(gathered(office, 4, Look(earlier, crowd=earlier))) == 1
    with office.database.work() as work:
        waiting = Waiting("liuyang", (), earlier)
        assert not gather(work, office.desk, waiting, Look(earlier, crowd=earlier))
    assert len(gathered(office, 2, Look(earlier + timedelta(seconds=20)), first=4)) == 2


def test_an_unsent_digest_takes_in_what_rings_next(database: Database) -> None:
    office = Office(database)
    with office.database.work() as work:
        work.brakes.pull(BrakeScope.ALL, "", by="sunlei", reason="试", now=office.now)
    assert gathered(office, 5, Look(office.now)) == []
    assert gathered(office, 1, Look(office.now, crowd=office.now), first=5) == []
    with office.database.work() as work:
        work.brakes.release("sunlei", office.now)
    (digest,) = [one.text for one in office.leaving() if one.to == "liuyang"]
    assert sum(line.startswith("· 【到期】") for line in digest.splitlines()) == 6


def test_x34_reminders_that_cannot_be_gathered_hold_up_nobody_elses(
    sqlite_database: Database, boat: Lifeboat, caplog: pytest.LogCaptureFixture
) -> None:
    office = Office(sqlite_database)
    with office.database.work() as work:
        for userid in ("liuyang", "maqiang"):
            text = app_text(1, userid, "【到期】", key=userid)
            one = message(userid, priority=4, next_at=office.now)
            work.outbox.put(replace(one, recipient=userid, payload=text), gathers=True)

    def gathers(work: Work, waiting: Waiting, look: Look) -> bool:
        if waiting.recipient == "liuyang":
            raise ZeroDivisionError
        return gather(work, office.desk, waiting, look)

    beating = Pulse(
        office.database,
        ring=lambda *_: None,
        shore=Shore(boat, Tally()),
        clock=lambda: office.now,
        gather=gathers,
    )
    beating.beat()
    assert [one.to for one in office.leaving()] == ["maqiang"]
    assert "could not be gathered" in caplog.text
    pulse(office, boat).beat()
    assert [one.to for one in office.leaving()] == ["liuyang"]


def test_what_is_held_is_not_written_anew_while_a_crowd_rings(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    start = office.now
    with office.database.work() as work:
        work.brakes.pull(BrakeScope.ALL, "", by="sunlei", reason="试", now=start)
    for nth in range(3):
        gathered(office, 5, Look(start, is_over=False, crowd=start), first=5 * nth)
    assert waiting(office) == 10
    gathered(office, 0, Look(start, crowd=start))
    assert waiting(office) == 0


def waiting(office: Office) -> int:
    with office.database.read() as work:
        return sum(len(one.ids) for one in work.gathering.waiting())
