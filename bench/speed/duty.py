"""Door's record, worker and sender on one database, with a sink in place of the platform."""

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import create_engine, inspect, text

from bot.budgets import Budgets
from bot.gateway import Sent
from bot.sending import Manner, Sender
from bot.wecom.callback import record_of
from bot.wecom.crypto import Sealed
from bot.wecom.envelope import Form
from bot.wecom.inbound import Arrival, identify
from bot.worker import Worker
from handlers.desk import Desk
from handlers.hear import Hearing
from storage.database import Database
from storage.engines import parse
from storage.states import Channel
from tests.support.edge import keyrings
from tests.support.office import MORNING, Office
from tests.support.sealing import Seal, text_message

_MANY = 10**9
LIFTED = Budgets(_MANY, _MANY, _MANY, _MANY, _MANY, _MANY, _MANY)
PARTS = (
    *("case_file", "case_event", "case_link", "open_link", "report"),
    *("assignment", "clock", "timer"),
)
_SHIFTED = frozenset({"id", "case_id", "clock_id", "subject_id", "report_id"})
STRIDE = 1000  # between the ids of a copied case and those of the next


@dataclass(slots=True)
class Sink:
    """Takes every message, after so many seconds."""

    seconds: float = 0.0
    count: int = 0

    def send(self, _channel: str, _recipient: str, _payload: str) -> Sent:
        if self.seconds:
            time.sleep(self.seconds)
        self.count += 1
        return Sent(f"m{self.count}")


@dataclass(slots=True)
class Duty:
    """An office at work: what is said is kept, carried out and answered."""

    database: Database
    now: datetime = MORNING
    sink: Sink = field(default_factory=Sink)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(10**9))
    _seal: Seal = field(default_factory=Seal)
    desk: Desk = field(init=False)
    worker: Worker = field(init=False)
    sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        office = Office(self.database, now=self.now)
        self.desk = office.desk
        self.worker = Worker(
            self.database,
            keyrings=keyrings(),
            hear=Hearing(self.desk),
            apologise=_raise,
            clock=lambda: self.now,
        )
        self.sender = Sender(
            self.database,
            self.sink,
            owner="bench",
            clock=lambda: self.now,
            real_clock=lambda: datetime.now(UTC),
            on_undeliverable=lambda *_: None,
            manner=Manner(budgets=LIFTED),
        )

    def says(self, who: str, words: str) -> None:
        """Somebody says something; all that follows is done and has left."""
        self.keeps(who, words)
        self.worker.work_off()
        self.sender.send_waiting()

    def keeps(self, who: str, words: str) -> None:
        """Somebody's message is kept, durable, and not yet carried out."""
        moment = str(int(self.now.timestamp()))
        plain = text_message(words, sender=who, moment=int(moment), message_id=next(self._numbers))
        encrypted = self._seal.encrypt(plain)
        sealed = Sealed(encrypted, moment, "n", self._seal.sign(moment, "n", encrypted))
        identity = identify(Arrival(plain, Form.XML, Channel.APP, moment))
        record = record_of(sealed, identity, Channel.APP, self.now)
        with self.database.callback_work() as work:
            work.inbox.keep([record])

    def later(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


def _raise(*_: object) -> None:
    raise RuntimeError("a message could not be carried out")


def multiply(database: Database, count: int, case_id: int, parts: Sequence[str] = PARTS) -> None:
    """Copy one case with all that belongs to it so many times, each with ids of its own.

    Every row that names the case, and every row named by one of its own ids, is shifted by a
    stride; so clocks, assignments and timers of a copy name one another as those of the case do.
    """
    engine = create_engine(parse(database.url))
    columns = inspect(engine)
    with engine.begin() as connection:
        for table in parts:
            names = [str(column["name"]) for column in columns.get_columns(table)]
            where = "t.id = :case" if table == "case_file" else "t.case_id = :case"
            statement = text(_copy(table, names, where))
            connection.execute(statement, {"count": count, "case": case_id})
    engine.dispose()


def _copy(table: str, columns: list[str], where: str) -> str:
    def shifted(name: str) -> str:
        if name == "number" and table == "case_file":
            return "'YQ-20250101-' || (1000 + n.i)"
        if name in _SHIFTED:
            return f"t.{name} + n.i * {STRIDE}"
        if name == "link_key":
            return "t.link_key || '.' || n.i"
        return f't."{name}"'

    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(shifted(name) for name in columns)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
    return (
        f"INSERT INTO {table} ({names}) {numbers} SELECT {values} FROM n, {table} t WHERE {where}"  # noqa: S608
    )
