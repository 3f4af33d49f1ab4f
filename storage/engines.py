"""How each database is opened: durability, locks, and a bound on every wait."""

import os
import socket
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, cast

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from storage.columns import dump_json

_CONNECT_SECONDS = 0.8


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each kind of wait may last, in milliseconds (connect: whole seconds, at least 2)."""

    busy: int  # SQLite: another process holds the write lock
    pool: int
    connect_seconds: int
    statement: int
    lock: int
    idle: int  # PostgreSQL: a transaction whose client says nothing


ORDINARY = Patience(
    busy=1000, pool=5000, connect_seconds=5, statement=30_000, lock=10_000, idle=60_000
)
# A callback has 1.5 s in all, then the lifeboat takes it (R3).
CALLBACK = Patience(busy=400, pool=300, connect_seconds=2, statement=1000, lock=800, idle=2000)


def parse(url: str) -> URL:
    """Read a database URL; `postgres://` and `postgresql://` mean psycopg 3.

    Raises:
        ValueError: neither PostgreSQL nor a SQLite file.
    """
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    in_memory = parsed.database in {None, "", ":memory:"}
    if parsed.drivername == "sqlite" and not in_memory:
        return parsed
    raise ValueError(
        f"数据库地址应为 sqlite:///文件 或 postgresql://…，现为 {parsed.drivername}://（请管理员改配置）"
    )


def open_sqlite(url: URL, patience: Patience, *, reads: bool = False) -> Engine:
    """Open a SQLite file: WAL, every commit synced, foreign keys on, writers one after another.

    Args:
        url: as parsed.
        patience: the bounds.
        reads: True for connections that can only read, and so never need the write lock.
    """
    engine = create_engine(
        url,
        connect_args={"timeout": patience.busy / 1000},
        pool_size=4,
        max_overflow=12,
        pool_timeout=patience.pool / 1000,
        json_serializer=dump_json,
        hide_parameters=True,  # an error's text must not carry what people wrote (P7)
    )
    # A writer takes the lock before its first read: a deferred transaction that reads, then
    # writes, fails at once if somebody wrote in between, whatever the busy timeout.
    begin = "BEGIN" if reads else "BEGIN IMMEDIATE"
    pragmas = ["journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"]
    if reads:
        pragmas.append("query_only=ON")

    def prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN, not sqlite3: DDL rolls back too
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine


def open_postgres(url: URL, patience: Patience, *, direct: bool) -> Engine:
    """Open PostgreSQL at READ COMMITTED, every wait bounded on the server and on the wire.

    Args:
        url: as parsed.
        patience: the bounds.
        direct: False behind a transaction pooler, which keeps no statements and no settings.
    """
    settings = {
        "statement_timeout": patience.statement,
        "lock_timeout": patience.lock,
        "idle_in_transaction_session_timeout": patience.idle,
        "timezone": "UTC",
    }
    arguments: dict[str, object] = {
        "connect_timeout": patience.connect_seconds,
        "tcp_user_timeout": patience.statement + 1000,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "application_name": "duban",
    }
    if direct:
        given = str(url.query.get("options", ""))
        bounds = [f"-c {name}={value}" for name, value in settings.items()]
        arguments["options"] = " ".join([given, *bounds]).strip()
    else:
        arguments["prepare_threshold"] = None
    engine = create_engine(
        url.difference_update_query(["options"]),
        connect_args=arguments,
        pool_size=8,
        max_overflow=8,
        pool_timeout=patience.pool / 1000,
        json_serializer=dump_json,
        hide_parameters=True,  # an error's text must not carry what people wrote (P7)
    )
    if not direct:
        _bound_each_transaction(engine, settings)
    return engine


def _bound_each_transaction(engine: Engine, settings: Mapping[str, object]) -> None:
    """Give the settings with each transaction, for its time."""
    each = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())

    def bound(connection: Connection) -> None:
        connection.exec_driver_sql(f"SELECT {each}")

    event.listen(engine, "begin", bound)


def bound_connecting(engine: Engine) -> None:
    """Give up a connection attempt after 0.8 s: libpq itself never gives up before 2 s."""
    helpers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="duban-connect")

    def connect(
        dialect: Dialect,
        _record: ConnectionPoolEntry,
        arguments: list[Any],
        parameters: dict[str, Any],
    ) -> DBAPIConnection:
        attempt = helpers.submit(dialect.connect, *arguments, **parameters)
        try:
            return attempt.result(timeout=_CONNECT_SECONDS)
        except TimeoutError:
            attempt.cancel()
            attempt.add_done_callback(_close_late)
            raise dialect.loaded_dbapi.OperationalError("no answer to a connection") from None

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "engine_disposed", lambda _engine: helpers.shutdown(wait=False))


def _close_late(attempt: "Future[DBAPIConnection]") -> None:
    if not attempt.cancelled() and attempt.exception() is None:
        attempt.result().close()


class _HasSocket(Protocol):
    def fileno(self) -> int: ...


@contextmanager
def cut_after(seconds: float, connection: Connection) -> Iterator[None]:
    """Shut the connection's socket if the block lasts longer than `seconds`.

    statement_timeout is the server's promise; a server that hangs, or a network that swallows
    packets, keeps none. Whoever waits on the socket then gets an error at once.
    """
    wire = cast("_HasSocket", connection.connection.driver_connection).fileno()
    lock, over = threading.Lock(), threading.Event()

    def cut() -> None:
        with lock:
            if over.is_set():
                return
            with socket.socket(fileno=os.dup(wire)) as copy:
                copy.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:  # the number of a closed socket may already be another's
            over.set()
        timer.cancel()
