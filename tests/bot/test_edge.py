"""The whole edge on both databases: heard, kept, carried out, answered; rung and said."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.pulse import Pulse, Shore
from bot.sending import Sender
from bot.wecom.client import Account, WeComClient
from bot.worker import Worker
from cases.messages import Heard
from storage.database import Database
from storage.timers import DueTimer
from storage.work import Work
from tests.storage.builders import timer
from tests.support.edge import Edge, Server, keyrings, open_edge
from tests.support.outgoing import text
from tests.support.platform import Platform, errcode


@contextmanager
def sender_of(edge: Edge, wecom: Platform) -> Iterator[Sender]:
    account = Account("ww1", "SECRETsecret", "218", wecom.base_url)
    client = WeComClient(account, database=edge.database, clock=edge.clock, robots={})
    sender = Sender(
        edge.database,
        client,
        owner="one",
        clock=edge.clock,
        real_clock=edge.clock,
        on_undeliverable=lambda *_: None,
    )
    try:
        yield sender
    finally:
        sender.stop()
        client.close()


def test_what_is_heard_is_answered_and_what_rings_is_said_once_on_both_databases(
    database: Database, tmp_path: Path, server: Server, wecom: Platform
) -> None:
    def hear(work: Work, heard: Heard, now: datetime) -> None:
        work.outbox.put(replace(text(f"收到 {heard.text}", to=heard.sender), next_at=now))

    def ring(work: Work, due: DueTimer, now: datetime) -> None:
        work.outbox.put(replace(text(f"提醒 {due.slot}"), next_at=now))
        work.timers.fired(due.id, now, "已提醒")

    wecom.answers["message/send"] = [errcode(42001), errcode(-1)]
    with open_edge(database, tmp_path, server) as edge, sender_of(edge, wecom) as sender:
        worker = Worker(
            database, keyrings=keyrings(), hear=hear, apologise=lambda *_: None, clock=edge.clock
        )
        pulse = Pulse(database, ring=ring, shore=Shore(edge.lifeboat, edge.tally), clock=edge.clock)
        for number in range(4):
            assert edge.say(str(number), sender=f"u{number}", message_id=number).status == 200
        with database.work() as work:
            work.timers.set(timer("D-1", leaves_at=edge.clock()))
        assert worker.work_off() == 4
        assert pulse.beat() == 1
        for _ in range(3):
            sender.send_waiting()
            edge.clock.advance(seconds=10)
        assert worker.work_off() + pulse.beat() + sender.send_waiting() == 0
    said = [json.loads(body)["text"]["content"] for body in wecom.bodies()]
    assert sorted(set(said)) == ["提醒 D-1", "收到 0", "收到 1", "收到 2", "收到 3"]
    assert len(said) == 5 + 2  # the two refusals above


def test_g01_no_secret_is_in_any_log_of_the_whole_edge(
    edge: Edge, wecom: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def hear(work: Work, heard: Heard, now: datetime) -> None:
        work.outbox.put(replace(text("a"), next_at=now))
        if heard.text == "poison":
            raise ZeroDivisionError

    worker = Worker(
        edge.database,
        keyrings=keyrings(),
        hear=hear,
        apologise=lambda *_: None,
        clock=edge.clock,
    )
    edge.say("poison", message_id=1)
    edge.say("good", message_id=2)
    edge.request("POST", "/wecom/callback?msg_signature=x")
    worker.work_off()
    wecom.answers["message/send"] = [errcode(40014), errcode(60020)]
    with sender_of(edge, wecom) as sender:
        sender.send_waiting()
    for secret in ("SECRET", "QDG6eK", "jWmYm7qr5nMoAUwZ", "good"):
        assert secret not in caplog.text
