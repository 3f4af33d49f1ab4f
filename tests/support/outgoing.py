"""A sender with everything around it that a test may want to touch."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.gateway import Gateway
from bot.sending import Manner, Sender
from bot.wecom.client import WeComClient
from storage.database import Database
from storage.outbox import Claimed, NewMessage
from storage.states import Channel
from storage.work import Work
from tests.storage.builders import NOW
from tests.support.edge import StandingClock
from tests.support.platform import Platform

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
            manner=Manner(**({"threads": 1, "trusts_task_ids": True} | manner)),  # type: ignore[arg-type]
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
