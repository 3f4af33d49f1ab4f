"""The whole edge as a test needs it: a real server, a real database, a clock that stands still."""

import http.client
import logging
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

from bot.asgi import Application, Receive, Scope, Send
from bot.patience import Patience
from bot.serving import build_server
from bot.wecom.callback import Address, Door, build_app
from bot.wecom.crypto import CallbackKeys, Keyring
from bot.wecom.envelope import Form
from bot.wecom.keeper import Keeper
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.tally import Tally
from storage.database import Database
from storage.states import Channel
from tests.support.sealing import Seal, envelope, text_message

MOMENT = 1409659813  # the time of the official sample message
APP = "/wecom/callback"
ROBOT = "/wecom/robot"
ROBOT_SEAL = Seal("robottoken", "R" * 43, "")
PATIENCE = Patience()


@dataclass(slots=True)
class StandingClock:
    """A clock that moves when a test says so."""

    now: datetime = field(default_factory=lambda: datetime.fromtimestamp(MOMENT, UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the caller of an address sees."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass(slots=True)
class Edge:
    """The callback addresses of an app and of a robot, over HTTP."""

    database: Database
    lifeboat: Lifeboat
    keeper: Keeper
    tally: Tally
    clock: StandingClock
    port: int = 0

    def request(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, answer.read(), found)
        finally:
            connection.close()

    def post(self, message: bytes, *, seal: Seal | None = None, moment: int = MOMENT) -> Reply:
        """Deliver a message as WeCom does."""
        sealing = seal or Seal()
        encrypted = sealing.encrypt(message)
        target = f"{APP}?{sealing.query(encrypted, str(moment))}"
        return self.request("POST", target, envelope(encrypted))

    def say(self, words: str, *, sender: str = "mycreate", message_id: int = 1) -> Reply:
        moment = int(self.clock.now.timestamp())
        message = text_message(words, sender=sender, moment=moment, message_id=message_id)
        return self.post(message, moment=moment)

    def waiting(self) -> int:
        with self.database.read() as work:
            return work.inbox.waiting_count()


def keyrings() -> dict[Channel, Keyring]:
    return {
        Channel.APP: _ring(Seal()),
        Channel.AIBOT: _ring(ROBOT_SEAL),
    }


def _ring(seal: Seal) -> Keyring:
    return Keyring([CallbackKeys(seal.token, seal.aes_key, seal.receive_id)])


@dataclass(slots=True)
class Server:
    """A running server whose application each test sets: starting one takes longer than a test."""

    port: int = 0
    app: Application = field(default_factory=FastAPI)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@contextmanager
def open_edge(
    database: Database,
    folder: Path,
    server: Server,
    rings: Mapping[Channel, Keyring] | None = None,
) -> Iterator[Edge]:
    """Serve both addresses until the block ends."""
    opened_by = keyrings() if rings is None else rings
    lifeboat = Lifeboat(folder / "lifeboat")
    keeper = Keeper(database, lifeboat)
    edge = Edge(database, lifeboat, keeper, Tally(), StandingClock())
    keeper.start()
    doors = {
        APP: _door(edge, Address(Channel.APP, Form.XML, opened_by[Channel.APP])),
        ROBOT: _door(edge, Address(Channel.AIBOT, Form.JSON, opened_by[Channel.AIBOT])),
    }
    server.app = build_app(doors, FastAPI())
    edge.port = server.port
    try:
        yield edge
    finally:
        keeper.stop()
        lifeboat.close()


def _door(edge: Edge, address: Address) -> Door:
    return Door(address, keeper=edge.keeper, clock=edge.clock, tally=edge.tally)


@contextmanager
def served(app: Application, patience: Patience = PATIENCE) -> Iterator[int]:
    """Serve an application on a port of its own until the block ends."""
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    listening = socket.create_server(("127.0.0.1", 0))  # it queues who comes before we accept
    server = build_server(app, host="127.0.0.1", port=0, patience=patience)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
