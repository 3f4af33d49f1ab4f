"""Whom the platform takes a message for and does not reach: the next person is told (R11)."""

import pytest

from bot.sending import Manner, Sender
from bot.wecom.client import Account, WeComClient
from cases.payload import app_text
from cases.people import Person, Role, Unit
from handlers.apology import undeliverable
from handlers.setup import keep_directory
from storage.database import Database
from storage.outbox import NewMessage
from storage.states import Channel, OutboxState
from tests.bot.sandbox.playground import CORPID, SECRET, Playground
from tests.support.edge import StandingClock
from tests.support.office import Office

PEOPLE = [
    Person("zhangsan", "张三", frozenset({Role.DUTY_OFFICER}), phone="1"),
    Person("wangwu", "王五", frozenset({Role.LIAISON}), "u", is_deputy=True),
    Person("zhaoliu", "赵六", frozenset({Role.LIAISON}), "u"),
    Person("lisi", "李四", frozenset({Role.LIAISON}), "u"),
]


@pytest.mark.parametrize(
    ("who", "name", "fault"),
    [
        ("zhaoliu", "赵六", ""),  # has no licence: errcode 0, unlicenseduser
        ("lisi", "李四", "partial_invaliduser"),  # errcode 0, invaliduser
        ("lisi", "李四", "errcode:81013"),
    ],
)
def test_whoever_is_not_reached_is_named_to_the_duty_officer(
    sqlite_database: Database, city: Playground, who: str, name: str, fault: str
) -> None:
    office, clock = Office(sqlite_database), StandingClock()
    with sqlite_database.work() as work:
        keep_directory(work, office.desk, [Unit("u", "市水务局")], PEOPLE, now=office.now)
        work.outbox.claim(office.now, "before", 1000)  # what the change of people said
    clock.now = office.now
    account = Account(CORPID, SECRET, "1000002", f"{city.url}/cgi-bin")
    client = WeComClient(account, database=sqlite_database, clock=clock, robots={})
    sender = Sender(
        sqlite_database,
        client,
        owner="one",
        clock=clock,
        real_clock=clock,
        on_undeliverable=lambda work, claim, why, now: undeliverable(
            work, claim, why, now, office.desk
        ),
        manner=Manner(threads=1),
    )
    if fault:
        city.fault(fault, match=who)
    text = app_text(1000002, who, f"【交办】{fault}", key=f"k-{who}-{fault}")
    with sqlite_database.work() as work:
        work.outbox.put(
            NewMessage("k", "assigned", Channel.APP, who, text, "交办通知", 1, office.now)
        )
    before = len(city.seen_by("zhangsan"))
    sender.send_waiting()
    sender.stop()
    client.close()
    told = str(city.seen_by("zhangsan")[before:])
    assert f"【没有送达】{name}" in told
    with sqlite_database.read() as work:
        (letter,) = work.outbox.dead_letters()
        assert work.outbox.counts(office.now)[OutboxState.FAILED] == 1
    assert letter.key == "k"
    assert letter.error
