"""Keeps the end of the audit chain in a file outside the database, and shortens the chain's past.

Whoever can write to the database could cut the chain off at its end or put an older copy in its
place; against a head kept elsewhere both show (reliability cases G07, X09).
"""

import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from storage.audit import Anchor, BrokenRow
from storage.database import Database
from storage.errors import Unavailable
from storage.failpoints import hit

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
_LOOK_SECONDS = 60.0
_PRUNE_EVERY = timedelta(days=1)

Clock = Callable[[], datetime]


class UnreadableAnchorsError(Exception):
    """The file of anchors cannot be read; the text names the line."""


class OlderDatabaseError(Exception):
    """The database is not the one that was anchored; the text says what to do."""


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """One JSON line per anchor, the newest last: seq, hash, at."""

    path: Path

    def last(self) -> Anchor | None:
        """The newest anchor; a torn last line (the power went while it was written) is passed over.

        Raises:
            UnreadableAnchorsError: a line before the last is no anchor.
        """
        if not self.path.exists():
            return None
        lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        found = [_anchor(line) for line in lines]
        if None in found[:-1]:
            raise UnreadableAnchorsError(f"{self.path} 第 {found.index(None) + 1} 行不是锚点记录")
        kept = [anchor for anchor in found if anchor is not None]
        return kept[-1] if kept else None

    def add(self, anchor: Anchor, now: datetime, note: str = "") -> None:
        """Write one more and have it on the disk; a torn line before it is ended first."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = {"seq": anchor.seq, "hash": anchor.hash, "at": now.isoformat()}
        if note:
            line["note"] = note
        self._mend()
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.path.chmod(0o600)

    def _mend(self) -> None:
        """Take a torn last line away: only what ends in a newline was written whole."""
        if not self.path.exists():
            return
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            self.path.write_bytes(whole)


def _anchor(line: str) -> Anchor | None:
    try:
        match json.loads(line):
            case {"seq": int(seq), "hash": str(sealed)}:
                return Anchor(seq, sealed)
            case _:
                return None
    except ValueError:
        return None


def older_than_its_anchor(database: Database, file: AnchorFile) -> str | None:
    """Say why this database cannot be the one that was anchored; None if it can (X09)."""
    anchor = file.last()
    if anchor is None:
        return None
    with database.read() as work:
        head = work.audit.head()
        kept = work.audit.hash_at(anchor.seq)
    if head is None or head.seq < anchor.seq:
        return f"数据库的审计链到第 {head.seq if head else 0} 行, 外存记录已到第 {anchor.seq} 行"
    if kept is not None and kept != anchor.hash:
        return f"数据库的审计链第 {anchor.seq} 行与外存记录不符"
    return None


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where anchors go and how long rows stay."""

    file: AnchorFile
    keep: timedelta  # rows older than this leave; never less than half a year


class AnchorKeeper:
    """Anchors the chain every hour and shortens it once a day, on a thread of its own."""

    def __init__(self, database: Database, keeping: Keeping, clock: Clock) -> None:
        self._database = database
        self._keeping = keeping
        self._clock = clock
        self._anchored_at: datetime | None = None
        self._pruned_at: datetime | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="anchors", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Anchor once more, then end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def turn(self) -> None:
        """Do what is due by the clock. Raises Unavailable."""
        now = self._clock()
        if _is_due(self._pruned_at, now, _PRUNE_EVERY):
            self._pruned_at = now
            limit = now - self._keeping.keep
            self._database.run(lambda work: work.audit.prune(limit, now))
        if _is_due(self._anchored_at, now, EVERY):
            self.anchor(now)

    def anchor(self, now: datetime) -> None:
        """Write the head to the file, unless it stands there already."""
        with self._database.read() as work:
            head = work.audit.head()
        self._anchored_at = now
        hit("anchor.head_read")  # A01
        if head is not None and head != self._keeping.file.last():
            self._keeping.file.add(head, now)
            hit("anchor.written")  # A02, A03

    def _run(self) -> None:
        while True:
            is_last = self._stopping.is_set()
            try:
                self.turn() if not is_last else self.anchor(self._clock())
            except Unavailable:
                logger.warning("the database does not answer; the audit is anchored later")
            except (OSError, UnreadableAnchorsError) as error:
                logger.warning("the audit cannot be anchored: %s", error)
            if is_last:
                return
            self._stopping.wait(_LOOK_SECONDS)


def _is_due(last: datetime | None, now: datetime, every: timedelta) -> bool:
    return last is None or not timedelta(0) <= now - last < every


@contextmanager
def anchored(database: Database, keeping: Keeping, clock: Clock) -> Iterator[None]:
    """Keep anchors while the block runs.

    Raises:
        OlderDatabaseError: the database is older than its newest anchor, or the file is unreadable.
    """
    try:
        why = older_than_its_anchor(database, keeping.file)
    except UnreadableAnchorsError as error:
        raise OlderDatabaseError(f"{error}; 请管理员核对后再启动") from error
    if why is not None:
        raise OlderDatabaseError(
            f"{why}: 可能换成了旧的数据库文件, 或末尾被删。先不启动, 以免重复发送。\n"
            "请管理员找回最新的数据库; 确认就用这一份的话, 运行: "
            "python main.py audit accept --reason 原因"
        )
    keeper = AnchorKeeper(database, keeping, clock)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


def verify(database: Database, file: AnchorFile) -> BrokenRow | None:
    """Recompute the whole chain against the newest anchor; name the first row that is broken."""
    anchor = file.last()
    with database.read() as work:
        return work.audit.verify(anchor)
