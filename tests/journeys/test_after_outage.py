"""After an outage the office reads from when to when, what was sent late and what was left out."""

from datetime import timedelta

import pytest

from cases.broadcasts import Broadcast, BroadcastKind, Days
from handlers.outage import tell_outage
from storage.database import Database
from tests.support.office import MORNING, Office, Told, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"


def back_after(office: Office, **length: float) -> list[Told]:
    """The service was down since 10:12 and rings what is due when it is back."""
    since = MORNING + timedelta(minutes=12)
    office.now = since + timedelta(**length)
    office.rings()
    office.database.run(lambda work: tell_outage(work, office.desk, since, office.now))
    return office.leaving()


def test_what_was_sent_late_and_what_was_left_out_is_told_once(database: Database) -> None:
    office = Office(database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")  # 签收: 10:20 before, 10:30 due, 10:40 late
    told = back_after(office, minutes=35)
    assert sorted(one.to for one in told) == ["admin", "sunlei", "zhaomin"]
    assert "【停机】10:12 至 10:47 停机 35 分钟; 补发 1 条, 作废 2 条。" in to("sunlei", told)
    since = MORNING + timedelta(minutes=12)
    database.run(lambda work: tell_outage(work, office.desk, since, office.now))
    assert office.leaving() == []


def test_a_slot_that_is_over_is_left_out_and_counted(sqlite_database: Database) -> None:
    rounds = Broadcast(BroadcastKind.MORNING, Days.DAILY, (MORNING.replace(minute=30).time(),))
    office = Office(sqlite_database, broadcasts=(rounds,))
    told = to("admin", back_after(office, hours=5))
    assert "补发 0 条, 作废 1 条。作废的是" in told


@pytest.mark.parametrize(("seconds", "said"), [(-1, False), (0, True), (1, True)])
def test_a_short_one_that_cost_nothing_is_no_news(
    sqlite_database: Database, seconds: int, *, said: bool
) -> None:
    told = back_after(Office(sqlite_database), minutes=10, seconds=seconds)
    assert bool(told) is said
    assert all("补发 0 条, 作废 0 条。" in one.text for one in told)
