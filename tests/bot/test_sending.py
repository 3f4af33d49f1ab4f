"""What waits is said once, in order of urgency, within the limits, and settled behind a fence."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.budgets import Budgets
from bot.gateway import Gateway, Outcome, Sent
from bot.sending import TRUST_SECONDS, Manner, Sender
from bot.wecom.client import Account, WeComClient
from storage.database import Database
from storage.outbox import Claimed, NewMessage
from storage.states import Channel
from storage.work import Work
from tests.storage.builders import NOW, new_clock
from tests.support.edge import StandingClock
from tests.support.platform import Platform, errcode, page, silence

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def text(key: str, *, to: str = "li", interval: int = 14_400, priority: int = 1) -> NewMessage:
    payload = {
        "touser": to,
        "msgtype": "text",
        "text": {"content": key},
        "enable_duplicate_check": 1,
        "duplicate_check_interval": interval,
    }
    return NewMessage(
        key=key,
        kind="notice",
        channel=Channel.APP,
        recipient=to,
        payload=json.dumps(payload),
        reason="交办通知",
        priority=priority,
        next_at=NOW,
    )


def card(key: str, task_id: str = "m-1") -> NewMessage:
    payload = {
        "touser": "li",
        "msgtype": "template_card",
        "template_card": {"card_type": "button_interaction", "task_id": task_id},
    }
    return replace(text(key), payload=json.dumps(payload))


def post(key: str, robot: str = "城管群") -> NewMessage:
    payload = json.dumps({"msgtype": "text", "text": {"content": key}})
    return replace(text(key), channel=Channel.ROBOT, recipient=robot, payload=payload)


@dataclass(slots=True)
class Desk:
    """A sender with everything around it that a test may want to touch."""

    database: Database
    client: WeComClient
    wecom: Platform
    path: Path
    clock: StandingClock = field(default_factory=lambda: StandingClock(NOON))
    monotonic: Callable[[], float] = lambda: 0.0
    undeliverable: list[tuple[str, str]] = field(default_factory=list)
    made: list[Sender] = field(default_factory=list)

    def sender(
        self, owner: str = "one", gateway: Gateway | None = None, **manner: object
    ) -> Sender:
        made = Sender(
            self.database,
            gateway or self.client,
            owner=owner,
            clock=self.clock,
            real_clock=self.clock,
            on_undeliverable=self._note,
            manner=Manner(**({"threads": 1} | manner)),  # type: ignore[arg-type]
            monotonic=self.measured,
        )
        self.made.append(made)
        return made

    def measured(self) -> float:
        return self.monotonic()

    def _note(self, _work: Work, claim: Claimed, why: str, _now: datetime) -> None:
        self.undeliverable.append((claim.recipient, why))

    def put(self, *messages: NewMessage) -> None:
        with self.database.work() as work:
            for message in messages:
                assert work.outbox.put(message)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.path)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def states(self) -> dict[str, str]:
        return dict(self.rows("SELECT key, state FROM outbox ORDER BY id"))  # type: ignore[arg-type]

    def alarms(self) -> list[str]:
        with self.database.read() as work:
            return [alarm.kind for alarm in work.alarms.sounding()]

    def said(self) -> list[str]:
        bodies = [json.loads(body) for body in self.wecom.bodies()]
        return [body["text"]["content"] for body in bodies if "text" in body]


@pytest.fixture
def desk(sqlite_database: Database, wecom: Platform, tmp_path: Path) -> Iterator[Desk]:
    clock = StandingClock(NOON)
    account = Account("ww1", "secret", "1000002", wecom.base_url)
    client = WeComClient(
        account,
        database=sqlite_database,
        clock=clock,
        robots={"城管群": "k1", "住建群": "k2"},
        timeout_seconds=1,
    )
    desk = Desk(sqlite_database, client, wecom, tmp_path / "duban.db", clock)
    yield desk
    for sender in desk.made:
        sender.stop()
    client.close()


def test_a_message_is_said_once_and_marked(desk: Desk) -> None:
    desk.put(text("a"))
    sender = desk.sender()
    assert sender.send_waiting() == 1
    assert sender.send_waiting() == 0
    assert desk.said() == ["a"]
    assert desk.rows("SELECT state, msgid, attempts FROM outbox") == [("sent", "msg2", 1)]
    assert desk.rows("SELECT outcome FROM attempt") == [("ok",)]


def test_the_most_urgent_leaves_first(desk: Desk) -> None:
    desk.put(text("digest", priority=6), text("answer", priority=1), text("click", priority=0))
    desk.sender().send_waiting()
    assert desk.said() == ["click", "answer", "digest"]


@pytest.mark.parametrize("fault", [page(500), page(200, b"<html>"), silence], ids=range(3))
def test_x19_an_unknown_outcome_is_repeated_byte_for_byte(desk: Desk, fault: object) -> None:
    desk.put(text("a"))
    desk.wecom.answers["message/send"] = [fault]  # type: ignore[list-item]
    sender = desk.sender()
    sender.send_waiting()
    assert desk.states() == {"a": "retry"}
    assert sender.send_waiting() == 0
    desk.clock.advance(seconds=5)
    sender.send_waiting()
    first, second = desk.wecom.bodies()
    assert first == second
    assert desk.rows("SELECT outcome FROM attempt") == [("unknown",), ("ok",)]


def test_a_fault_in_our_own_code_stops_nobody_else(desk: Desk) -> None:
    class Broken:
        def send(self, channel: str, recipient: str, payload: str) -> Outcome:
            if "poison" in payload:
                raise ZeroDivisionError
            return desk.client.send(channel, recipient, payload)

    desk.put(text("poison"), text("b"))
    desk.sender(gateway=Broken()).send_waiting()
    assert desk.states() == {"poison": "retry", "b": "sent"}


def test_x29_a_mark_that_comes_after_the_lease_is_fenced(desk: Desk) -> None:
    """The first sender sleeps on the wire; the second takes over; the first wakes and marks."""
    desk.put(text("a"))
    other = desk.sender("two")

    class Sleeping:
        def send(self, channel: str, recipient: str, payload: str) -> Outcome:
            desk.clock.advance(seconds=31)
            assert other.send_waiting() == 1
            desk.client.send(channel, recipient, payload)
            return Sent("of the one who slept")

    desk.sender("one", gateway=Sleeping()).send_waiting()
    assert desk.rows("SELECT state, msgid, owner, epoch FROM outbox") == [
        ("sent", "msg2", "two", 2)
    ]
    assert desk.rows("SELECT epoch, outcome FROM attempt ORDER BY epoch") == [
        (1, None),
        (2, "ok"),
    ]


def test_r8_nothing_is_said_when_the_lease_is_near_its_end(desk: Desk) -> None:
    moments = iter([0.0, TRUST_SECONDS + 0.1, 0.0, TRUST_SECONDS])
    desk.monotonic = lambda: next(moments, 0.0)
    desk.put(text("a"))
    sender = desk.sender()
    sender.send_waiting()
    assert desk.said() == ["a"]  # given back unsaid the first time, said in the second lease
    assert desk.rows("SELECT epoch, attempts FROM outbox") == [(2, 1)]
    assert desk.rows("SELECT epoch FROM attempt") == [(2,)]


def test_i3_a_reminder_whose_clock_settles_after_the_claim_is_not_said(desk: Desk) -> None:
    with desk.database.work() as work:
        clock = work.clocks.start(new_clock())
    reminder = replace(text("a"), clock_id=clock.id, generation=clock.generation)
    desk.put(reminder)
    asked = iter(range(9))

    def settle_then_tell() -> float:
        if next(asked) == 1:  # after the claim, before the guard
            with desk.database.work() as work:
                work.clocks.settle(clock.id, "li", NOON)
        return 0.0

    desk.monotonic = settle_then_tell
    desk.sender().send_waiting()
    assert desk.said() == []
    assert desk.states() == {"a": "cancelled"}


def test_r12_a_member_hears_25_messages_a_minute_and_no_more(desk: Desk) -> None:
    desk.put(*(text(f"{n:02}") for n in range(27)), text("other", to="wang"))
    sender = desk.sender()
    sender.send_waiting()
    assert len(desk.said()) == 26
    assert "other" in desk.said()
    assert sender.send_waiting() == 0
    desk.clock.advance(seconds=70)
    sender.send_waiting()
    assert len(desk.said()) == 28
    assert desk.rows("SELECT DISTINCT attempts FROM outbox") == [(1,)]


def test_r12_a_budget_that_is_empty_takes_nothing_from_the_others(desk: Desk) -> None:
    desk.put(text("a"), text("b"), text("c", to="wang"))
    desk.sender(budgets=Budgets(member_minute=1, app_minute=2)).send_waiting()
    assert sorted(desk.said()) == ["a", "c"]


def test_r12_a_robot_posts_18_times_a_minute(desk: Desk) -> None:
    desk.put(*(post(f"{n:02}") for n in range(20)), post("other", "住建群"))
    desk.sender().send_waiting()
    assert desk.wecom.count("webhook/send") == 19


def test_x25_a_configuration_fault_holds_the_channel_and_ends_by_itself(desk: Desk) -> None:
    desk.put(*(text(f"{n}", to=f"u{n}") for n in range(5)), post("robot"))
    desk.wecom.answers["message/send"] = [errcode(60020), errcode(60020)]
    sender = desk.sender()
    sender.send_waiting()
    assert desk.wecom.count("message/send") == 1
    assert desk.wecom.count("webhook/send") == 1  # another way out stays open
    assert desk.alarms() == ["outbox.held.app"]
    desk.clock.advance(seconds=60)
    sender.send_waiting()
    assert desk.wecom.count("message/send") == 2  # one probe
    desk.clock.advance(seconds=119)
    sender.send_waiting()
    assert desk.wecom.count("message/send") == 2  # the pause has doubled
    desk.clock.advance(seconds=1)
    sender.send_waiting()
    desk.clock.advance(seconds=120)
    sender.send_waiting()
    assert set(desk.states().values()) == {"sent"}
    assert desk.alarms() == []


def test_x22_a_limit_of_the_api_quiets_it_for_a_minute(desk: Desk) -> None:
    desk.put(*(text(f"{n}", to=f"u{n}") for n in range(5)))
    desk.wecom.answers["message/send"] = [errcode(45009)]
    sender = desk.sender()
    sender.send_waiting()
    desk.clock.advance(seconds=59)
    sender.send_waiting()
    assert desk.wecom.count("message/send") == 1
    for _ in range(3):
        desk.clock.advance(seconds=61)
        sender.send_waiting()
    assert set(desk.states().values()) == {"sent"}


def test_x17_ten_minutes_of_http_500_end_with_each_message_once(desk: Desk) -> None:
    desk.put(*(text(f"{n:02}", to=f"u{n:02}") for n in range(30)))
    broken = [page(500)] * 10_000
    desk.wecom.answers["message/send"] = list(broken)
    sender = desk.sender()
    for _ in range(600):
        sender.send_waiting()
        desk.clock.advance(seconds=1)
    tried = desk.wecom.count("message/send")
    assert tried <= 5 + 600 / 10
    desk.wecom.answers["message/send"] = []
    for _ in range(120):
        sender.send_waiting()
        desk.clock.advance(seconds=10)
    assert set(desk.states().values()) == {"sent"}
    assert len(desk.said()) - tried == 30


def test_x20_a_busy_platform_is_asked_again_soon_and_then_ever_later(desk: Desk) -> None:
    desk.put(text("a"))
    desk.wecom.answers["message/send"] = [errcode(-1)] * 6
    sender, waits, waited = desk.sender(), [], 0
    while desk.states() != {"a": "sent"}:
        before = desk.wecom.count("message/send")
        sender.send_waiting()
        if desk.wecom.count("message/send") > before:
            waits.append(waited)
            waited = 0
        desk.clock.advance(seconds=1)
        waited += 1
    assert [round(wait / 5) * 5 for wait in waits[4:]] == [5, 15, 55]
    assert waits[:4] == sorted(waits[:4])
    assert max(waits[:4]) <= 10


@pytest.mark.parametrize("code", [81013, 40003, 60111])
def test_x24_a_recipient_who_cannot_be_reached_is_final_and_told_on(desk: Desk, code: int) -> None:
    desk.put(text("a"), text("b", to="wang"))
    desk.wecom.answers["message/send"] = [errcode(code)]
    sender = desk.sender()
    sender.send_waiting()
    desk.clock.advance(hours=5)
    sender.send_waiting()
    assert desk.states() == {"a": "failed", "b": "sent"}
    assert [userid for userid, _ in desk.undeliverable] == ["li"]
    assert desk.alarms() == ["outbox.dead"]


def test_x24_partial_failure_is_not_taken_for_success(desk: Desk) -> None:
    desk.put(text("a", to="WangLei"), text("b", to="li"))
    desk.wecom.answers["message/send"] = [
        {"errcode": 0, "invaliduser": "wanglei", "msgid": "m"},
        {"errcode": 0, "unlicenseduser": "li|zhao", "msgid": "n"},
    ]
    desk.sender().send_waiting()
    assert [userid for userid, _ in desk.undeliverable] == ["WangLei", "li"]


def test_x25_a_malformed_message_is_a_dead_letter_and_the_others_leave(desk: Desk) -> None:
    desk.put(text("a"), text("b"))
    desk.wecom.answers["message/send"] = [errcode(40058)]
    desk.sender().send_waiting()
    assert desk.states() == {"a": "failed", "b": "sent"}
    assert desk.alarms() == ["outbox.dead"]
    with desk.database.read() as work:
        (letter,) = work.outbox.dead_letters()
    assert "40058" in (letter.error or "")


@pytest.mark.parametrize(
    "payload",
    [
        "not json",
        "[]",
        '{"msgtype":"text","text":{}}',
        '{"msgtype":"markdown","enable_duplicate_check":1}',
        '{"msgtype":"template_card","template_card":{}}',
        '{"msgtype":"template_card"}',
    ],
)
def test_r9_what_could_not_be_repeated_safely_is_not_said_at_all(desk: Desk, payload: str) -> None:
    desk.put(replace(text("a"), payload=payload))
    desk.sender().send_waiting()
    assert desk.states() == {"a": "failed"}
    assert desk.wecom.asked == []


def test_r9_42014_after_a_kill_on_the_wire_is_the_receipt(desk: Desk) -> None:
    desk.put(card("a"))
    with desk.database.work() as work:
        assert work.outbox.claim(desk.clock(), "one that died")
    desk.clock.advance(seconds=31)
    desk.wecom.answers["message/send"] = [errcode(42014)]
    desk.sender().send_waiting()
    assert desk.states() == {"a": "sent"}
    assert desk.wecom.count("message/send") == 1


def test_r9_42014_after_a_timeout_is_the_receipt(desk: Desk) -> None:
    desk.put(card("a"))
    desk.wecom.answers["message/send"] = [page(500), errcode(42014)]
    sender = desk.sender()
    sender.send_waiting()
    desk.clock.advance(seconds=5)
    sender.send_waiting()
    assert desk.states() == {"a": "sent"}


def task_ids(desk: Desk) -> list[str]:
    return [json.loads(body)["template_card"]["task_id"] for body in desk.wecom.bodies()]


def test_r9_42014_out_of_the_blue_is_a_wrong_key_and_leaves_under_another(desk: Desk) -> None:
    desk.put(card("a"))
    desk.wecom.answers["message/send"] = [errcode(42014)]
    desk.sender().send_waiting()
    assert desk.states() == {"a": "failed", "a/重发": "sent"}
    first, second = task_ids(desk)
    assert first == "m-1"
    assert second.startswith("m-")
    assert first != second
    assert desk.alarms() == ["outbox.task_id"]


def test_r9_42014_after_an_explicit_refusal_is_a_wrong_key(desk: Desk) -> None:
    desk.put(card("a"))
    desk.wecom.answers["message/send"] = [errcode(-1), errcode(42014)]
    sender = desk.sender()
    sender.send_waiting()
    desk.clock.advance(seconds=5)
    sender.send_waiting()
    assert desk.states() == {"a": "failed", "a/重发": "sent"}


def test_r9_three_refused_keys_are_enough(desk: Desk) -> None:
    desk.put(card("a"))
    desk.wecom.answers["message/send"] = [errcode(42014)] * 9
    desk.sender().send_waiting()
    assert list(desk.states().values()) == ["failed"] * 3
    assert len(set(task_ids(desk))) == 3
    assert "outbox.dead" in desk.alarms()


def test_v3_an_operator_may_not_trust_42014_and_then_sends_again(desk: Desk) -> None:
    desk.put(card("a"))
    desk.wecom.answers["message/send"] = [page(500), errcode(42014)]
    sender = desk.sender(trusts_task_ids=False)
    sender.send_waiting()
    desk.clock.advance(seconds=5)
    sender.send_waiting()
    assert desk.states() == {"a": "failed", "a/重发": "sent"}


def test_r9_repeats_in_doubt_end_before_the_platform_forgets(desk: Desk) -> None:
    desk.put(text("a", interval=600))
    desk.wecom.answers["message/send"] = [page(500)] * 100
    started, last = desk.clock(), desk.clock()
    sender = desk.sender()
    for _ in range(400):
        before = desk.wecom.count("message/send")
        sender.send_waiting()
        if desk.wecom.count("message/send") > before:
            last = desk.clock()
        desk.clock.advance(seconds=5)
    assert desk.states() == {"a": "failed"}
    assert last - started < timedelta(seconds=600)
    assert desk.alarms() == ["outbox.dead"]


def test_r13_what_left_while_its_cause_ended_is_called_back(desk: Desk) -> None:
    with desk.database.work() as work:
        clock = work.clocks.start(new_clock())
    desk.put(replace(text("a"), clock_id=clock.id, generation=clock.generation))
    sender = desk.sender()
    sender.send_waiting()
    with desk.database.work() as work:
        work.clocks.settle(clock.id, "li", NOON)
    desk.wecom.answers["message/recall"] = [page(500)]
    sender.send_waiting()
    sender.send_waiting()
    sender.send_waiting()
    assert desk.wecom.bodies("message/recall") == [b'{"msgid": "msg2"}'] * 2


def test_answers_leave_when_the_bell_rings(desk: Desk) -> None:
    arrived = threading.Event()

    class Noticing:
        def send(self, channel: str, recipient: str, payload: str) -> Outcome:
            outcome = desk.client.send(channel, recipient, payload)
            arrived.set()
            return outcome

    sender = desk.sender(gateway=Noticing(), threads=4)
    sender.start()
    desk.put(text("a"))
    assert arrived.wait(5)
    sender.stop()
    assert desk.states() == {"a": "sent"}


def test_x04_a_sender_that_stops_gives_back_what_it_has_not_said(desk: Desk) -> None:
    class Stopping:
        def send(self, channel: str, recipient: str, payload: str) -> Outcome:
            outcome = desk.client.send(channel, recipient, payload)
            sender._loop._stopping.set()  # noqa: SLF001  the signal that arrives just now
            return outcome

    sender = desk.sender(gateway=Stopping())
    desk.put(text("a"), text("b"))
    sender.send_waiting()
    assert desk.states() == {"a": "sent", "b": "new"}
    assert desk.rows("SELECT count(*) FROM attempt") == [(1,)]
