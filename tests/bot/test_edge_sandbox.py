"""The sender against the sandbox: whatever the platform does, each message is visible once."""

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.corp import read_corp
from bot.sandbox.server import create_app
from bot.sending import Manner, Sender
from bot.wecom.client import Account, WeComClient
from storage.database import Database
from storage.outbox import NewMessage
from tests.support.edge import StandingClock, served
from tests.support.outgoing import NOON, text

FAULTS = ("execute_and_timeout", "rst_after_headers", "bad_json", "http500", "html_page")
REFUSALS = ("errcode:-1", "errcode:42001", "errcode:40014", "errcode:45033", "token_revoked_early")
MEMBERS = [f"u{number}" for number in range(4)]


def corp(faults: Sequence[dict[str, object]]) -> dict[str, object]:
    return {
        "corpid": "ww1",
        "apps": [
            {
                "agentid": 218,
                "secret": "SECRETsecret",
                "token": "QDG6eK",
                "aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
                "callback_url": "http://127.0.0.1:9/",
            }
        ],
        "members": [{"userid": userid, "name": userid} for userid in MEMBERS],
        "limits": {"hang_seconds": 5},
        "faults": list(faults),
    }


def as_text(number: int) -> NewMessage:
    message = text(f"t{number}", to=MEMBERS[number % len(MEMBERS)])
    return replace(message, payload=json.dumps(json.loads(message.payload) | {"agentid": 218}))


def as_card(number: int) -> NewMessage:
    userid = MEMBERS[number % len(MEMBERS)]
    card = {
        "card_type": "button_interaction",
        "main_title": {"title": f"c{number}"},
        "task_id": f"m-{number}",
        "button_list": [{"text": "签收", "key": "sign"}],
    }
    body = {"touser": userid, "msgtype": "template_card", "agentid": 218, "template_card": card}
    return replace(text(f"c{number}", to=userid), payload=json.dumps(body))


def shown(log: Path) -> Counter[str]:
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return Counter(line["key"] for line in lines if line.get("visible"))


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> list[dict[str, object]]:
    """A third of all requests goes wrong, in every way there is, the same way each run."""
    drawn = random.Random(request.param)  # noqa: S311
    return [
        {"match": "message/send", "nth": nth, "times": 1, "fault": drawn.choice(FAULTS + REFUSALS)}
        for nth in drawn.sample(range(1, 61), 25)
    ]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "sandbox.jsonl"


@pytest.fixture
def sandbox(faults: list[dict[str, object]], log: Path) -> Iterator[str]:
    with served(create_app(read_corp(corp(faults)), log)) as port:
        yield f"http://127.0.0.1:{port}/cgi-bin"


@pytest.mark.parametrize("faults", [1, 2], indirect=True)
def test_x18_x19_x20_x21_every_message_is_visible_exactly_once_whatever_goes_wrong(
    sqlite_database: Database, sandbox: str, log: Path
) -> None:
    clock = StandingClock(NOON)
    account = Account("ww1", "SECRETsecret", "218", sandbox)
    client = WeComClient(
        account, database=sqlite_database, clock=clock, robots={}, timeout_seconds=0.2
    )
    sender = Sender(
        sqlite_database,
        client,
        owner="one",
        clock=clock,
        real_clock=clock,
        on_undeliverable=lambda *_: None,
        manner=Manner(threads=4, trusts_task_ids=True),
    )
    with sqlite_database.work() as work:
        for number in range(20):
            work.outbox.put(as_text(number))
            work.outbox.put(as_card(number))
    ends = clock.now + timedelta(hours=1)
    while sender.send_waiting() or clock.now < ends:
        clock.advance(seconds=60)
    sender.stop()
    client.close()
    assert sum('"fault": null' not in line for line in log.read_text().splitlines()) > 15
    counts = shown(log)
    assert len(counts) == 40
    assert set(counts.values()) == {1}
    with sqlite_database.read() as work:
        assert work.outbox.dead_letters() == []
