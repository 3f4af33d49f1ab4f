"""From the callback address to the read message: once, in order, and nothing can stop the rest."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from fastapi import FastAPI

from bot.wecom.callback import Address, Door, build_app, record_of
from bot.wecom.crypto import CallbackKeys, Keyring, Sealed
from bot.wecom.envelope import Form
from bot.wecom.inbound import Arrival, identify
from bot.worker import Worker
from cases.messages import Heard
from storage.errors import ConcurrentChange, TooNew
from storage.inbox import InboxItem, InboxRecord
from storage.outbox import NewMessage
from storage.states import Channel
from storage.work import Work
from tests.support.edge import MOMENT, Edge, Server, keyrings
from tests.support.sealing import VECTORS, Seal, text_message


@dataclass(slots=True)
class Ears:
    """What is done with what is heard: noted, unless a test wants something to go wrong."""

    edge: Edge
    heard: list[Heard] = field(default_factory=list)
    sorry: list[str] = field(default_factory=list)
    fault: Callable[[Heard], None] = lambda _: None

    def hear(self, work: Work, heard: Heard, now: datetime) -> None:
        work.outbox.put(answer_to(heard, now))
        self.fault(heard)
        self.heard.append(heard)

    def apologise(self, _work: Work, item: InboxItem, _now: datetime) -> None:
        self.sorry.append(item.sender)

    def words(self) -> list[str]:
        return [heard.text for heard in self.heard]


def answer_to(heard: Heard, now: datetime) -> NewMessage:
    return NewMessage(
        key=f"answer|{heard.key}",
        kind="answer",
        channel=Channel.APP,
        recipient=heard.sender,
        payload="{}",
        reason="回复",
        priority=1,
        next_at=now,
    )


@pytest.fixture
def ears(edge: Edge) -> Ears:
    return Ears(edge)


@pytest.fixture
def worker(ears: Ears) -> Worker:
    return made(ears, keyrings())


def made(ears: Ears, rings: dict[Channel, Keyring]) -> Worker:
    return Worker(
        ears.edge.database,
        keyrings=rings,
        hear=ears.hear,
        apologise=ears.apologise,
        clock=ears.edge.clock,
    )


def alarms(edge: Edge) -> list[str]:
    with edge.database.read() as work:
        return [alarm.kind for alarm in work.alarms.sounding()]


def outbox_count(edge: Edge) -> int:
    with edge.database.read() as work:
        return sum(work.outbox.counts(datetime.fromtimestamp(0, UTC)).values())


def deliver(edge: Edge, server: Server, vector: dict[str, str], at: datetime) -> Keyring:
    """Deliver an official message through the HTTP address with the clock at `at`."""
    edge.clock.now = at
    ring = Keyring(
        [CallbackKeys(vector["token"], vector["encoding_aes_key"], vector["receive_id"])]
    )
    address = Address(Channel.APP, Form.XML, ring)
    door = Door(address, keeper=edge.keeper, clock=edge.clock, tally=edge.tally)
    server.app = build_app({"/hook": door}, FastAPI())
    query = "&".join(f"{name}={vector[name]}" for name in ("msg_signature", "timestamp", "nonce"))
    body = f"<xml><Encrypt><![CDATA[{vector['encrypt']}]]></Encrypt></xml>".encode()
    assert edge.request("POST", f"/hook?{query}", body).status == 200
    return ring


EXPECTED = {
    "A-post-xml": ("mycreate", "hello", "218"),
    "D-post-xml": ("xen0n", "x123", "1000002"),
}


@pytest.mark.parametrize("vector", VECTORS[1:], ids=lambda vector: str(vector["name"]))
def test_every_official_message_is_read_at_its_time(
    edge: Edge, server: Server, ears: Ears, vector: dict[str, str]
) -> None:
    at = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    ring = deliver(edge, server, vector, at)
    assert made(ears, {Channel.APP: ring}).work_off() == 1
    (heard,) = ears.heard
    assert (heard.sender, heard.text, heard.agent_id) == EXPECTED[vector["name"]]
    assert heard.sent_at == at


@pytest.mark.parametrize("vector", VECTORS[1:], ids=lambda vector: str(vector["name"]))
def test_every_official_message_is_quarantined_a_day_later(
    edge: Edge, server: Server, ears: Ears, vector: dict[str, str]
) -> None:
    at = datetime.fromtimestamp(int(vector["timestamp"]), UTC) + timedelta(days=1)
    ring = deliver(edge, server, vector, at)
    assert made(ears, {Channel.APP: ring}).work_off() == 1
    assert ears.heard == []
    assert alarms(edge) == ["inbox.quarantined"]
    assert outbox_count(edge) == 0


@pytest.mark.parametrize(("seconds", "is_heard"), [(599, True), (600, True), (601, False)])
@pytest.mark.parametrize("direction", [1, -1])
def test_r2_freshness_is_ten_minutes_to_both_sides(
    edge: Edge, ears: Ears, seconds: int, *, is_heard: bool, direction: int
) -> None:
    edge.clock.advance(seconds=seconds * direction)
    message = text_message("hello", sender="wang", moment=MOMENT, message_id=1)
    assert edge.post(message).status == 200
    made(ears, keyrings()).work_off()
    assert bool(ears.heard) is is_heard
    assert bool(alarms(edge)) is not is_heard


def test_a05_a_replay_after_an_hour_does_nothing_but_sound_the_alarm(
    edge: Edge, ears: Ears, worker: Worker
) -> None:
    message = text_message("关闭 007", sender="wang", moment=MOMENT, message_id=1)
    edge.post(message)
    worker.work_off()
    edge.clock.advance(hours=1)
    edge.post(message)  # the row is known: nothing at all
    worker.work_off()
    assert alarms(edge) == []
    edge.post(text_message("关闭 007", sender="wang", moment=MOMENT, message_id=2))
    worker.work_off()
    assert len(ears.heard) == 1
    assert alarms(edge) == ["inbox.quarantined"]


def test_freshness_is_judged_by_arrival_and_not_by_the_moment_of_carrying_out(
    edge: Edge, ears: Ears, worker: Worker
) -> None:
    edge.say("hello")
    edge.clock.advance(hours=3)  # the worker, or the database, was away
    worker.work_off()
    assert ears.words() == ["hello"]


def test_messages_are_carried_out_in_the_order_of_arrival(
    edge: Edge, ears: Ears, worker: Worker
) -> None:
    for number in range(6):
        edge.say(str(number), sender=f"u{number % 2}", message_id=number)
    assert worker.work_off() == 6
    assert ears.words() == list("012345")
    assert worker.work_off() == 0


def test_b12_whoever_sends_without_end_does_not_keep_others_waiting(
    edge: Edge, ears: Ears, worker: Worker
) -> None:
    with edge.database.callback_work() as work:
        work.inbox.keep([sealed(f"{nth}", "loud", nth + 1) for nth in range(60)])
        work.inbox.keep([sealed("me too", "quiet", 99), sealed("and me", "other", 100)])
    worker.work_off()
    places = [ears.words().index(words) for words in ("me too", "and me")]
    assert max(places) <= 31
    assert [words for words in ears.words() if words.isdigit()] == [str(n) for n in range(60)]


def sealed(words: str, sender: str, number: int) -> InboxRecord:
    seal, moment = Seal(), datetime.fromtimestamp(MOMENT, UTC)
    encrypted = seal.encrypt(text_message(words, sender=sender, moment=MOMENT, message_id=number))
    signed = dict(parse_qsl(seal.query(encrypted, str(MOMENT))))
    opened = Sealed(encrypted, signed["timestamp"], signed["nonce"], signed["msg_signature"])
    plaintext = keyrings()[Channel.APP].open(opened)
    identity = identify(Arrival(plaintext, Form.XML, Channel.APP, opened.timestamp))
    return record_of(opened, identity, Channel.APP, moment)


def test_what_was_carried_out_leaves_no_ciphertext(edge: Edge, worker: Worker) -> None:
    edge.say("hello")
    worker.work_off()
    with edge.database.work() as work:
        assert work.inbox.has("app:218:1")
        assert not work.inbox.requeue(1)  # there is nothing left to requeue


def test_a_message_that_raises_is_put_aside_after_three_tries_and_the_sender_is_told(
    edge: Edge, ears: Ears, worker: Worker
) -> None:
    def poisoned(heard: Heard) -> None:
        if heard.text == "poison":
            raise ZeroDivisionError

    ears.fault = poisoned
    edge.say("poison", sender="wang", message_id=1)
    edge.say("other", sender="li", message_id=2)
    edge.say("later", sender="wang", message_id=3)
    worker.work_off()
    assert sorted(ears.words()) == ["later", "other"]
    assert ears.sorry == ["wang"]
    assert alarms(edge) == ["inbox.aside"]
    assert outbox_count(edge) == 2  # what the poisoned message had begun was rolled back


def test_an_apology_that_raises_stops_nobody(edge: Edge, ears: Ears) -> None:
    def poisoned(_: Heard) -> None:
        raise ZeroDivisionError

    def cannot(_work: Work, _item: InboxItem, _now: datetime) -> None:
        raise ZeroDivisionError

    ears.fault = poisoned
    worker = Worker(
        edge.database, keyrings=keyrings(), hear=ears.hear, apologise=cannot, clock=edge.clock
    )
    edge.say("poison")
    worker.work_off()
    ears.fault = lambda _: None
    edge.say("good", message_id=2)
    worker.work_off()
    worker.work_off()
    assert ears.words() == ["good"]


def test_a_lost_race_is_run_again(edge: Edge, ears: Ears, worker: Worker) -> None:
    races = iter(range(2))

    def lose(_: Heard) -> None:
        if next(races, None) is not None:
            raise ConcurrentChange

    ears.fault = lose
    edge.say("hello")
    assert worker.work_off() == 1
    assert ears.words() == ["hello"]
    assert alarms(edge) == []


@pytest.mark.parametrize(
    "inside",
    [
        b'<!DOCTYPE x [<!ENTITY l0 "ha">]><xml></xml>',
        b"1616140317555161061",
        b"\xff\xfe<\x00x\x00m\x00l\x00>\x00",
        b"<xml><FromUserName>a</FromUserName><FromUserName>b</FromUserName></xml>",
        b"<xml>" + b"<a>" * 9000,
    ],
    ids=range(5),
)
def test_b03_b05_b06_what_is_malformed_inside_is_quarantined(
    edge: Edge, ears: Ears, worker: Worker, inside: bytes
) -> None:
    assert edge.post(inside).status == 200
    assert worker.work_off() == 1
    assert ears.heard == []
    assert ears.sorry == []
    assert alarms(edge) == ["inbox.quarantined"]


def test_a_row_that_was_touched_in_the_database_is_not_obeyed(
    edge: Edge, ears: Ears, worker: Worker
) -> None:
    edge.say("hello", sender="wang")
    with edge.database.work() as work:
        item = work.inbox.next_waiting()
        assert item is not None
        work.inbox.quarantine(item.id, "read for the test", edge.clock())
        record = _record(item, sender="boss")
        work.inbox.keep([record])
    worker.work_off()
    assert ears.heard == []
    assert alarms(edge) == ["inbox.quarantined"]


def _record(item: InboxItem, *, sender: str) -> InboxRecord:
    return InboxRecord(
        key=item.key + "x",
        channel=item.channel,
        agent_id=item.agent_id,
        sender=sender,
        created_at=item.created_at,
        received_at=item.received_at,
        envelope=item.envelope or b"",
        timestamp=item.query["timestamp"],
        nonce=item.query["nonce"],
        signature=item.query["signature"],
    )


def test_a_message_for_keys_nobody_has_any_more_is_put_aside(edge: Edge, ears: Ears) -> None:
    edge.say("hello")
    made(ears, {}).work_off()
    assert ears.heard == []
    assert alarms(edge) == ["inbox.aside"]


def test_the_bell_wakes_the_worker(edge: Edge, ears: Ears, worker: Worker) -> None:
    arrived = threading.Event()
    ears.fault = lambda _: arrived.set()
    worker.start()
    try:
        edge.say("hello")
        assert arrived.wait(5)
    finally:
        worker.stop()


def test_what_only_a_newer_program_can_do_waits_for_one(
    ears: Ears, worker: Worker, edge: Edge
) -> None:
    def too_new(_heard: Heard) -> None:
        raise TooNew("规则册由较新的程序写成")

    edge.say("收到 001")
    ears.fault = too_new
    for _ in range(5):  # a message at fault is put aside after three
        with pytest.raises(TooNew):
            worker.work_off()
    assert (edge.waiting(), ears.sorry, alarms(edge)) == (1, [], [])
    ears.fault = lambda _: None  # another replica takes it
    worker.work_off()
    assert (ears.words(), edge.waiting()) == (["收到 001"], 0)
