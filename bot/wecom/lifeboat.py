"""The lifeboat: a local file that takes callbacks whenever the database does not (R3).

One record is `length | crc | received_at | record`; it counts as taken once it is synced to disk.
The record stays encrypted. There is one file per process, held by a lock for as long as it runs.
"""

import base64
import fcntl
import json
import logging
import os
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.failpoints import hit
from storage.inbox import InboxRecord
from storage.states import Channel

logger = logging.getLogger(__name__)

_HEAD = struct.Struct(">IIq")  # length, crc of what follows, received_at in microseconds
_MOMENT = struct.Struct(">q")
_MAX_RECORD = 1024 * 1024  # far above any callback: a larger length is damage, not a record
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class LifeboatError(Exception):
    """The lifeboat cannot take anything: full, in use by another process, or its disk fails."""


@dataclass(frozen=True, slots=True)
class LifeboatState:
    """How much waits in the lifeboat, for the health page and the alarms."""

    records: int
    size: int  # bytes
    max_size: int
    damaged: tuple[str, ...]  # files that hold what could not be read


class Lifeboat:
    """Takes records in order, gives them back in order, and forgets them only when told."""

    def __init__(self, path: Path, *, max_size: int = 256 * 1024 * 1024) -> None:
        """Open the file and read what an earlier process left. Raises LifeboatError."""
        self._path = path
        self._max_size = max_size
        self._file_lock = threading.Lock()
        self._senders: Counter[str] = Counter()
        self._damaged: list[str] = []
        self._offset = 0  # what lies before it has been replayed
        try:
            self._descriptor = _open_alone(path)
            self._size = self._recover()
        except OSError as error:
            raise LifeboatError(f"救生艇文件 {path} 不能使用: {error.strerror}") from error

    def close(self) -> None:
        """Give the file free."""
        os.close(self._descriptor)

    def holds(self, sender: str) -> bool:
        """Whether records of this sender wait here: his later ones must go behind them."""
        return self._senders[sender] > 0

    def state(self) -> LifeboatState:
        """Return how full it is."""
        records = sum(self._senders.values())
        return LifeboatState(records, self._size, self._max_size, tuple(self._damaged))

    def take(self, records: Sequence[InboxRecord]) -> None:
        """Write all of them and sync once. Raises LifeboatError; then none of them is taken."""
        written = b"".join(map(_pack, records))
        with self._file_lock:
            if self._size + len(written) > self._max_size:
                raise LifeboatError("救生艇已满")
            try:
                _write_all(self._descriptor, written)
                hit("lifeboat.written")  # I07
                os.fdatasync(self._descriptor)
            except OSError as error:
                os.ftruncate(self._descriptor, self._size)
                raise LifeboatError(f"救生艇写不进去: {error.strerror}") from error
            was_half_full = self._size * 2 > self._max_size
            self._size += len(written)
            if self._size * 2 > self._max_size and not was_half_full:
                # The database is away, so no alarm can be sounded there: the log must say it.
                logger.error("the lifeboat is half full: %d bytes", self._size)
            self._senders.update(record.sender for record in records)
            hit("lifeboat.synced")  # I08

    def replay(self, keep: Callable[[Sequence[InboxRecord]], None], *, batch: int = 200) -> int:
        """Hand everything to `keep` in order, then empty the file; return how many there were.

        What `keep` raises passes through, and the next call begins with the same batch. A crash
        hands everything over again, which the inbox key makes harmless (R1).
        """
        count = 0
        while records := self._next(batch):
            hit("replay.read")  # P01
            keep([record for record, _ in records])
            hit("replay.kept")  # P02
            self._offset = records[-1][1]
            self._senders.subtract(record.sender for record, _ in records)
            count += len(records)
        return count

    def _next(self, batch: int) -> list[tuple[InboxRecord, int]]:
        """Return the next records, each with where it ends; empties the file at its end."""
        with self._file_lock:
            records, _ = _scan(self._descriptor, self._offset, self._size, batch)
            if not records and self._size:
                hit("replay.before_emptied")  # P03
                os.ftruncate(self._descriptor, 0)
                os.fdatasync(self._descriptor)
                self._size = self._offset = 0
                self._senders.clear()
                hit("replay.emptied")  # P04
        return records

    def _recover(self) -> int:
        """Count what is there, drop a torn tail, set aside what is not ours; return the size."""
        size = os.fstat(self._descriptor).st_size
        records, is_torn = _scan(self._descriptor, 0, size, size)
        end = records[-1][1] if records else 0
        self._senders.update(record.sender for record, _ in records)
        if end < size:
            if not is_torn:  # not an unfinished record, so it may have been answered 200: keep it
                self._set_aside(end, size)
            os.ftruncate(self._descriptor, end)
            os.fdatasync(self._descriptor)
        return end

    def _set_aside(self, start: int, end: int) -> None:
        aside = self._path.with_name(f"{self._path.name}.damaged-{start}-{end}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _write_all(descriptor, os.pread(self._descriptor, end - start, start))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._damaged.append(str(aside))


def _open_alone(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # else a crash could take the new file's name with it
        finally:
            os.close(folder)
    except BlockingIOError as error:
        os.close(descriptor)
        raise LifeboatError(f"救生艇文件 {path} 正被另一个进程使用") from error
    return descriptor


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _scan(
    descriptor: int, start: int, end: int, limit: int
) -> tuple[list[tuple[InboxRecord, int]], bool]:
    """Read up to `limit` records; also whether what follows them is an unfinished last record."""
    records: list[tuple[InboxRecord, int]] = []
    position = start
    while position < end and len(records) < limit:
        head = os.pread(descriptor, _HEAD.size, position)
        if len(head) < _HEAD.size:
            return records, True
        length, crc, moment = _HEAD.unpack(head)
        stop = position + _HEAD.size + length
        is_sane = 0 < length <= _MAX_RECORD
        if is_sane and stop > end:
            return records, True
        body = os.pread(descriptor, length, position + _HEAD.size) if is_sane else b""
        if not is_sane or zlib.crc32(_MOMENT.pack(moment) + body) != crc:
            # A tail of zeros, or a last record that does not add up, is what a power cut leaves.
            return records, stop == end or not any(head)
        records.append((_unpack(body, moment), stop))
        position = stop
    return records, False


def _pack(record: InboxRecord) -> bytes:
    fields = {
        "key": record.key,
        "channel": record.channel,
        "agent_id": record.agent_id,
        "sender": record.sender,
        "created_at": (record.created_at - _EPOCH) // _MICROSECOND,
        "envelope": base64.b64encode(record.envelope).decode(),
        "timestamp": record.timestamp,
        "nonce": record.nonce,
        "signature": record.signature,
    }
    body = json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()
    moment = (record.received_at - _EPOCH) // _MICROSECOND
    return _HEAD.pack(len(body), zlib.crc32(_MOMENT.pack(moment) + body), moment) + body


def _unpack(body: bytes, moment: int) -> InboxRecord:
    fields = json.loads(body)
    return InboxRecord(
        key=fields["key"],
        channel=Channel(fields["channel"]),
        agent_id=fields["agent_id"],
        sender=fields["sender"],
        created_at=_EPOCH + fields["created_at"] * _MICROSECOND,
        received_at=_EPOCH + moment * _MICROSECOND,
        envelope=base64.b64decode(fields["envelope"]),
        timestamp=fields["timestamp"],
        nonce=fields["nonce"],
        signature=fields["signature"],
    )
