"""Makes callbacks durable: many in one commit, and in the lifeboat when the database is slow."""

import asyncio
import logging
import queue
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.wecom.lifeboat import Lifeboat
from storage.database import Database
from storage.failpoints import hit
from storage.inbox import InboxRecord

logger = logging.getLogger(__name__)

_MAX_BATCH = 500
LIMIT_SECONDS = 1.5  # how long the database may take; WeCom itself waits 5 s


class NotKeptError(Exception):
    """Neither the database nor the lifeboat has the record: WeCom must send it again."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    record: InboxRecord
    kept: asyncio.Future[bool]
    missed: Callable[[str], None]  # told at once, before anybody else can run


class _GroupWriter:
    """One thread that writes whatever waits, all of it at once, and tells those who wait."""

    def __init__(self, name: str, write: Callable[[Sequence[InboxRecord]], None]) -> None:
        self._write = write
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end."""
        self._queue.put(None)
        self._thread.join()

    def submit(self, waiting: _Waiting) -> None:
        self._queue.put(waiting)

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, is_last = self._with_more(first)
            # Whoever is done has given up waiting and is on his way to the lifeboat.
            batch = [waiting for waiting in batch if not waiting.kept.done()]
            if batch:
                self._carry_out(batch)
            if is_last:
                return

    def _with_more(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        batch = [first]
        try:
            while len(batch) < _MAX_BATCH:
                waiting = self._queue.get_nowait()
                if waiting is None:
                    return batch, True
                batch.append(waiting)
        except queue.Empty:
            pass
        return batch, False

    def _carry_out(self, batch: list[_Waiting]) -> None:
        try:
            self._write([waiting.record for waiting in batch])
        except Exception:  # the thread must live: whatever it was, these go the other way
            logger.exception("%d callbacks not kept by %s", len(batch), self._thread.name)
            # Whoever queues behind a failed record of his own must not overtake it.
            self._tell(batch + self._drain(), is_kept=False)
        else:
            self._tell(batch, is_kept=True)

    def _drain(self) -> list[_Waiting]:
        rest: list[_Waiting] = []
        try:
            while (waiting := self._queue.get_nowait()) is not None:
                rest.append(waiting)
            self._queue.put(None)
        except queue.Empty:
            pass
        return rest

    @staticmethod
    def _tell(batch: list[_Waiting], *, is_kept: bool) -> None:
        loop = batch[0].kept.get_loop()
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, batch, is_kept)


def _settle(batch: Sequence[_Waiting], is_kept: bool) -> None:  # noqa: FBT001  call_soon passes by place
    for waiting in batch:
        if not waiting.kept.done():
            if not is_kept:
                waiting.missed(waiting.record.sender)
            waiting.kept.set_result(is_kept)
            if len(batch) > 1:
                hit("group.one_told")  # one of a group commit knows, the next does not


class Keeper:
    """Keeps records in the database, or in the lifeboat, in the order of each sender."""

    def __init__(
        self, database: Database, lifeboat: Lifeboat, *, limit_seconds: float = LIMIT_SECONDS
    ) -> None:
        self._database = database
        self._lifeboat = lifeboat
        self._limit = limit_seconds
        self._boarding: Counter[str] = Counter()  # only touched by the event loop
        self._to_database = _GroupWriter("inbox", self._write_to_database)
        self._to_lifeboat = _GroupWriter("lifeboat", lifeboat.take)

    def start(self) -> None:
        """Begin to write."""
        self._to_database.start()
        self._to_lifeboat.start()

    def stop(self) -> None:
        """Write what waits, then end."""
        self._to_database.stop()
        self._to_lifeboat.stop()

    async def keep(self, record: InboxRecord) -> None:
        """Return once the record is durable. Raises NotKeptError."""
        sender = record.sender
        if self._boarding[sender] or self._lifeboat.holds(sender):
            self._board(sender)
        elif await self._reaches(self._to_database, record, self._board):
            return
        # From here on the sender is marked as boarding, so his next callback goes behind this one.
        try:
            if not await self._reaches(self._to_lifeboat, record, _ignore):
                raise NotKeptError
        finally:
            self._boarding[sender] -= 1
            if not self._boarding[sender]:
                del self._boarding[sender]

    async def _reaches(
        self, writer: _GroupWriter, record: InboxRecord, missed: Callable[[str], None]
    ) -> bool:
        loop = asyncio.get_running_loop()
        waiting = _Waiting(record, loop.create_future(), missed)
        writer.submit(waiting)
        timer = loop.call_later(self._limit, _settle, (waiting,), False)  # noqa: FBT003
        try:
            return await waiting.kept
        finally:
            timer.cancel()

    def _board(self, sender: str) -> None:
        self._boarding[sender] += 1

    def _write_to_database(self, records: Sequence[InboxRecord]) -> None:
        with self._database.callback_work() as work:
            work.inbox.keep(records)


def _ignore(_sender: str) -> None:
    """Nothing to note: whoever misses the lifeboat is answered 503."""
