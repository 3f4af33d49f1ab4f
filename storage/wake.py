"""Waking whoever waits for work: in this process at once, between processes by NOTIFY."""

import threading
from collections.abc import Callable, Iterator
from typing import Protocol, cast

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

NOTIFY_CHANNEL = "duban"
_RETRY_SECONDS = 1.0
_STOP_SECONDS = 0.5  # how soon a listener notices that it is to stop


class Wake:
    """A bell that one thread waits for and any thread rings. A ring while nobody waits is kept."""

    def __init__(self) -> None:
        self._rung = threading.Event()
        self._listeners: list[Callable[[], None]] = [self._rung.set]

    def notify(self) -> None:
        """Ring: there is something to do."""
        for listener in tuple(self._listeners):
            listener()

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` at each ring too, in the ringing thread: for a second waiter."""
        self._listeners.append(listener)

    def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most `seconds`; say whether it rang. For one waiter only."""
        rang = self._rung.wait(seconds)
        self._rung.clear()
        return rang


class _Listening(Protocol):
    """What is needed of a psycopg connection."""

    autocommit: bool

    def execute(self, query: str) -> object: ...
    def notifies(self, *, timeout: float | None) -> Iterator[object]: ...


class PostgresEar:
    """Rings the bell when another process commits something: one thread, one direct connection.

    While the connection is down nothing is heard; those who wait look anyway when their time ends.
    """

    def __init__(self, engine: Engine, wake: Wake) -> None:
        self._engine = engine
        self._wake = wake
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="duban-listen", daemon=True)
        self.listening = threading.Event()

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, within a second."""
        self._stopping.set()
        self._thread.join(timeout=5)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen_once()
            except DBAPIError:
                pass  # at connecting: SQLAlchemy has wrapped it
            except self._engine.dialect.loaded_dbapi.Error:
                pass  # while listening: psycopg's own
            self.listening.clear()
            self._stopping.wait(_RETRY_SECONDS)

    def _listen_once(self) -> None:
        raw = self._engine.raw_connection()
        try:
            connection = cast("_Listening", raw.driver_connection)
            connection.autocommit = True
            connection.execute(f"LISTEN {NOTIFY_CHANNEL}")
            self.listening.set()
            self._wake.notify()  # whatever was committed before we listened
            while not self._stopping.is_set():
                for _ in connection.notifies(timeout=_STOP_SECONDS):
                    self._wake.notify()
        finally:
            raw.invalidate()  # never back to the pool: it listens
