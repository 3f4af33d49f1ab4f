"""Door, keeper and worker with the real handlers, to be fired at; or with a planted sin."""

import itertools
import multiprocessing
import multiprocessing.connection
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from bot.asgi import Application, Receive, Scope, Send, respond
from bot.wecom.crypto import CallbackKeys, Keyring, Sealed
from bot.worker import Worker
from cases.messages import Heard
from handlers.hear import Hearing
from storage.database import Database
from storage.inbox import InboxRecord
from storage.states import Channel
from storage.work import Work
from tests.support.edge import ROBOT_SEAL, Edge, Server, keyrings, open_edge, served
from tests.support.office import MORNING, Office
from tests.support.outgoing import text
from tests.support.sealing import Seal

Connection = multiprocessing.connection.Connection  # what Pipe gives
MARK = "fuzz|"  # beside what a message does, a row of this name: committed once, or it was twice
_EVERY = 7


class Sin(StrEnum):
    """What a service may do wrong; the judge must see each."""

    NONE = ""
    ANSWERS_500 = "answers 500"
    TWICE = "carries a message out twice"
    LOSES = "answers 200 and keeps nothing"
    BELIEVES = "does not look at the signature"


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: where it listens, whose memory it uses, where its database lies."""

    port: int
    pid: int
    database: Path


class _Credulous(Keyring):
    """Opens without a look at the signature."""

    def open(self, sealed: Sealed) -> bytes:
        return self._openers[0].decrypt(sealed.encrypted)


@contextmanager
def running(folder: Path, sin: Sin = Sin.NONE) -> Iterator[Service]:
    """Serve in this process; when the block ends what waits is carried out."""
    path = folder / "duban.db"
    database = Database(f"sqlite:///{path}", audit_key=b"the audit key of the fuzz")
    database.upgrade()
    hear = _hearing(database, sin)
    rings = keyrings()
    if sin is Sin.BELIEVES:
        pairs = (Channel.APP, Seal()), (Channel.AIBOT, ROBOT_SEAL)
        rings = {
            way: _Credulous([CallbackKeys(seal.token, seal.aes_key, seal.receive_id)])
            for way, seal in pairs
        }

    def at_work(edge: Edge) -> Worker:
        return Worker(
            database, keyrings=rings, hear=hear, apologise=lambda *_: None, clock=edge.clock
        )

    server = Server()
    with served(server) as port, open_edge(database, folder, server, rings) as edge:
        edge.clock.now = MORNING
        server.app = _sinning(server.app, sin)
        worker = at_work(edge)
        worker.start()
        try:
            yield Service(port, os.getpid(), path)
        finally:
            worker.stop()
            _bring_home(edge, database)
            at_work(edge).work_off()
    database.close()


@contextmanager
def apart(folder: Path) -> Iterator[Service]:
    """Serve in a process of its own, so that its memory is its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(folder, theirs))
    process.start()
    try:
        yield ours.recv()
        ours.send("stop")
        ours.recv()
    finally:
        process.join(600)


def _serve(folder: Path, wire: Connection) -> None:
    with running(folder) as service:
        wire.send(service)
        wire.recv()
    wire.send("stopped")


def _hearing(database: Database, sin: Sin) -> Callable[[Work, Heard, datetime], None]:
    desk = Office(database).desk
    numbers = itertools.count()

    def hear(work: Work, heard: Heard, now: datetime) -> None:
        Hearing(desk)(work, heard, now)
        number = next(numbers)
        for nth in range(2 if sin is Sin.TWICE and number % _EVERY == 0 else 1):
            work.outbox.put(text(f"{MARK}{heard.key}|{number}.{nth}"))

    return hear


def _bring_home(edge: Edge, database: Database) -> None:
    def keep(records: Sequence[InboxRecord]) -> None:
        with database.work() as work:
            work.inbox.keep(records)

    while edge.lifeboat.replay(keep):
        pass


def _sinning(app: Application, sin: Sin) -> Application:
    if sin not in {Sin.ANSWERS_500, Sin.LOSES}:
        return app
    numbers = itertools.count(1)

    async def sinning(scope: Scope, receive: Receive, send: Send) -> None:
        if next(numbers) % _EVERY:
            await app(scope, receive, send)
        else:
            await respond(send, 500 if sin is Sin.ANSWERS_500 else 200, closes=True)

    return sinning
