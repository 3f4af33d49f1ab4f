"""Where everything is remembered: one database, opened for ordinary work and for callbacks."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, text

from storage import copies, engines, schema
from storage.audit import Algorithm, Sealing
from storage.columns import passed
from storage.copies import Contents, CopyError
from storage.durability import Promise, promises
from storage.errors import ConcurrentChange, Unavailable
from storage.failpoints import Point, Step
from storage.faults import told, told_of_commit
from storage.scratch import scratch
from storage.timers import TimerFloor
from storage.wake import PostgresEar, Wake
from storage.work import Shared, Work

Answer = TypeVar("Answer")

TRIES = 3
_WRITER_SECONDS = 10.0  # SQLite: how long one of our own threads waits for another's transaction
_CALLBACK_WRITER_SECONDS = 0.8
_CALLBACK_SECONDS = 1.2  # a callback's transaction in all; at 1.5 s the lifeboat takes it (R3)

_NOW_SQLITE = text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")
_NOW_POSTGRES = text("SELECT clock_timestamp()")


class Database:
    """One database, SQLite or PostgreSQL.

    Args:
        url: `sqlite:///file`, or `postgresql://…` (psycopg 3).
        audit_key: the key of the audit chain; without it nothing can be written to the audit.
        audit_algorithm: how new rows of the audit chain are sealed.
        direct: False when the address is a transaction pooler (no LISTEN, no prepared statements).

    Raises:
        ValueError: the address is of neither kind.
    """

    def __init__(
        self,
        url: str,
        *,
        audit_key: bytes = b"",
        audit_algorithm: Algorithm = Algorithm.SHA256,
        direct: bool = True,
    ) -> None:
        self.url = url
        self._url = engines.parse(url)
        self.is_postgres = self._url.drivername.startswith("postgresql")
        self._is_pooled = self.is_postgres and not direct
        if self.is_postgres:
            self._engine = engines.open_postgres(self._url, engines.ORDINARY, direct=direct)
            self._callbacks = engines.open_postgres(self._url, engines.CALLBACK, direct=direct)
            engines.bound_connecting(self._callbacks)
            self._readers: Engine = self._engine.execution_options(postgresql_readonly=True)
        else:
            self._engine = engines.open_sqlite(self._url, engines.ORDINARY)
            self._callbacks = engines.open_sqlite(self._url, engines.CALLBACK)
            self._readers = engines.open_sqlite(self._url, engines.ORDINARY, reads=True)
        self._writer = Turn()
        self._shared = Shared(
            sealing=Sealing(audit_key, audit_algorithm),
            timer_floor=TimerFloor(),
            notifies=self.is_postgres and direct,
        )
        self.wake = Wake()
        self._ear: PostgresEar | None = None

    @contextmanager
    def work(self, step: Step = Step.OTHER) -> Iterator[Work]:
        """Open a transaction: committed at the end of the block, rolled back on an exception.

        Raises:
            Unavailable: the database does not answer; CommitUnknown if it died at the commit.
            ConcurrentChange: a deadlock or a lost version race; `run` does it again.
        """
        with self._turn(_WRITER_SECONDS), self._transaction(self._engine, step) as work:
            yield work

    @contextmanager
    def callback_work(self) -> Iterator[Work]:
        """As `work`, on its own connections, and over within 1.5 s whatever the database does."""
        ends = time.monotonic() + _CALLBACK_SECONDS

        def bound(connection: Connection) -> AbstractContextManager[None]:
            if not self.is_postgres:
                return nullcontext()  # a local file: the busy timeout bounds every wait
            return engines.cut_after(max(0.1, ends - time.monotonic()), connection)

        with (
            self._turn(_CALLBACK_WRITER_SECONDS, is_first=True),
            self._transaction(self._callbacks, Step.KEEP, bound) as work,
        ):
            yield work

    @contextmanager
    def read(self) -> Iterator[Work]:
        """Look without the write lock; on SQLite all that is read is of one moment."""
        with told(), self._readers.connect() as connection, connection.begin():
            connection.info["step"] = Step.OTHER
            yield Work(connection, self._shared, only_reads=True)

    def run(self, act: Callable[[Work], Answer], *, step: Step = Step.OTHER) -> Answer:
        """Carry `act` out in a transaction of its own, up to three times if it loses a race."""
        for _ in range(TRIES - 1):
            try:
                return self._run_once(act, step)
            except ConcurrentChange:
                continue
        return self._run_once(act, step)

    def rehearse(self, act: Callable[[Work], Answer]) -> Answer:
        """Carry `act` out and keep nothing of it: what it returns is what it would do.

        On PostgreSQL numbers it took from sequences are passed over afterwards.
        """
        found: list[Answer] = []
        with suppress(_NothingKeptError), self.work() as work:
            found.append(act(work))
            raise _NothingKeptError
        return found[0]

    def now(self) -> datetime:
        """The database's clock, which all processes share (R6)."""
        with told(), self._readers.connect() as connection:
            if self.is_postgres:
                moment: datetime = connection.execute(_NOW_POSTGRES).scalar_one()
                return moment.astimezone(UTC)
            return datetime.fromisoformat(connection.execute(_NOW_SQLITE).scalar_one())

    def at(self, file: Path) -> "Database":
        """Another SQLite file, whose audit is sealed with the same key."""
        sealing = self._shared.sealing
        url = f"sqlite:///{file}"
        return Database(url, audit_key=sealing.key, audit_algorithm=sealing.algorithm)

    def copy_to(self, file: Path) -> Contents:
        """Write all of one moment to a file, while others go on writing.

        Raises:
            CopyError: it cannot be copied; the text says why.
        """
        self._must_be_direct()
        with told():
            return copies.copy(self._url, file)

    @contextmanager
    def scratch(self, file: Path) -> "Iterator[Database | None]":
        """Open what `copy_to` wrote as a database of its own, gone at the end of the block.

        On SQLite the file itself; on PostgreSQL another database of the same server, and None
        where the account may not make one.

        Raises:
            CopyError: it cannot be opened; the text says why.
        """
        if not self.is_postgres:
            with closing(self.at(file)) as beside:
                yield beside
            return
        with told(), scratch(self._url, file) as url:
            if url is None:
                yield None
                return
            address = url.render_as_string(hide_password=False)
            sealing = self._shared.sealing
            beside = Database(address, audit_key=sealing.key, audit_algorithm=sealing.algorithm)
            with closing(beside):
                yield beside

    def fill_from(self, file: Path, aside: str) -> None:
        """PostgreSQL: take what `copy_to` wrote; what stood here is kept as the schema `aside`.

        Raises:
            CopyError: it cannot be restored, or a service still runs on this database.
        """
        self._must_be_direct()
        with told():
            copies.restore_postgres(self._url, file, aside)

    def _must_be_direct(self) -> None:
        if self._is_pooled:  # pg_dump empties the search_path of the connection that others get
            raise CopyError(
                "配置里的数据库地址是连接池 (pooled = true); "
                "备份和恢复请用另一份配置, 写数据库本身的地址"
            )

    def is_filled(self) -> bool:
        """Whether there is something here that a restored copy would take the place of."""
        if self.file is not None:
            return self.file.exists()
        with told():
            return copies.has_tables(self._url)

    @property
    def file(self) -> Path | None:
        """Where a SQLite database lies; None for PostgreSQL."""
        return None if self.is_postgres else Path(self._url.database or "")

    def durability(self) -> list[Promise]:
        """What this database promises about a power cut: setting, value, whether it is safe."""
        with told(), self._engine.connect() as connection, connection.begin():
            return promises(connection)

    def listen(self) -> None:
        """Hear the commits of other processes from now on (PostgreSQL, direct connection)."""
        if self._shared.notifies and self._ear is None:
            self._ear = PostgresEar(self._engine, self.wake)
            self._ear.start()

    def upgrade(self) -> None:
        """Bring the tables to the newest schema; a SQLite file is copied beside itself before.

        Raises:
            SchemaError: the tables are newer than this program, or rows would lose what they name.
        """
        with told():
            schema.upgrade(self._url)

    def is_current(self) -> bool:
        """Whether the tables are those this program knows."""
        with told():
            return schema.is_current(self._readers)

    def close(self) -> None:
        """Give every connection back."""
        if self._ear is not None:
            self._ear.stop()
        self._readers.dispose()
        self._engine.dispose()
        self._callbacks.dispose()

    def _run_once(self, act: Callable[[Work], Answer], step: Step) -> Answer:
        with self.work(step) as work:
            return act(work)

    @contextmanager
    def _turn(self, seconds: float, *, is_first: bool = False) -> Iterator[None]:
        if self.is_postgres:
            yield
            return
        with self._writer.within(seconds, is_first=is_first):
            yield

    @contextmanager
    def _transaction(
        self,
        engine: Engine,
        step: Step,
        bound: Callable[[Connection], AbstractContextManager[None]] = lambda _: nullcontext(),
    ) -> Iterator[Work]:
        with told(), engine.connect() as connection, bound(connection):
            transaction = connection.begin()
            connection.info["step"] = step
            passed(connection, Point.OPEN)
            work = Work(connection, self._shared, only_reads=False)
            with transaction:
                yield work
                work.finish()
                passed(connection, Point.BEFORE_COMMIT)
                with told_of_commit():
                    transaction.commit()
            passed(connection, Point.AFTER_COMMIT)
        if work.wakes:
            self.wake.notify()


class _NothingKeptError(Exception):
    """A rehearsal is over."""


class Turn:
    """SQLite has one writer: our own threads queue here, instead of polling the file's lock.

    Who asked first is served first, whatever the threads' luck: a beat that opens one transaction
    after another would else get the turn back each time, and callbacks would wait to no end.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None
        self._waiting: deque[threading.Event] = deque()

    @property
    def waiting(self) -> int:
        """How many stand in the queue."""
        return len(self._waiting)

    @contextmanager
    def within(self, seconds: float, *, is_first: bool = False) -> Iterator[None]:
        """Have the turn during the block; `is_first` goes before all who wait (callbacks).

        Raises:
            Unavailable: it was not given within `seconds`.
            RuntimeError: this thread has it already, and would wait for itself.
        """
        if self._holder == threading.get_ident():
            raise RuntimeError("a transaction was opened inside a transaction")
        place = self._queue(is_first=is_first)
        if place is not None and not place.wait(seconds) and self._gives_up(place):
            raise Unavailable("本机另一项写入尚未结束")
        self._holder = threading.get_ident()
        try:
            yield
        finally:
            self._pass_on()

    def _queue(self, *, is_first: bool) -> threading.Event | None:
        with self._lock:
            if self._holder is None:
                self._holder = _SOMEBODY
                return None
            place = threading.Event()
            (self._waiting.appendleft if is_first else self._waiting.append)(place)
            return place

    def _gives_up(self, place: threading.Event) -> bool:
        """Leave the queue; False if the turn was given just now."""
        with self._lock:
            if place.is_set():
                return False
            self._waiting.remove(place)
            return True

    def _pass_on(self) -> None:
        with self._lock:
            self._holder = _SOMEBODY if self._waiting else None
            if self._waiting:
                self._waiting.popleft().set()


_SOMEBODY = -1  # the turn is given, and whoever it is given to has not said who he is
