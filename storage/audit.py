"""The audit chain (R17): append-only, gap-free, each row sealed with a key over the one before."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from storage.columns import dump_json, lock_name, passed
from storage.failpoints import Point
from storage.settings import SettingStore
from storage.tables.system import AUDIT

CHECKPOINT = "audit.checkpoint"  # the setting that says where a shortened chain begins
_GENESIS = ""
_HEAD = select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)
_AT_ONCE = 2000  # rows read at a time while verifying


class Algorithm(StrEnum):
    """How rows are sealed; each row names its own, so that a chain may change it on the way."""

    SHA256 = "HMAC-SHA256"
    SM3 = "HMAC-SM3"  # GB/T 32905, where an institution is bound to national algorithms (国密)

    @property
    def digest(self) -> str:
        """The name of the hash function in hashlib."""
        return "sha256" if self is Algorithm.SHA256 else "sm3"


@dataclass(frozen=True, slots=True)
class Sealing:
    """What rows are sealed with."""

    key: bytes = b""  # without it nothing can be written to the audit
    algorithm: Algorithm = Algorithm.SHA256

    def over(self, message: bytes, algorithm: str = "") -> str:
        """Seal a message, with the algorithm that is named or else with ours."""
        chosen = Algorithm(algorithm or self.algorithm)
        return hmac.new(self.key, message, chosen.digest).hexdigest()


class AuditFields(TypedDict):
    """One audit row: who did what to which object, with what result."""

    actor: str
    role: str
    action: str
    object_type: str
    object_id: str
    result: str
    details: Mapping[str, object]  # JSON values; personal text only as `digest`
    now: datetime


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the chain at some moment, to be kept outside the database."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """Where the chain does not hold, and how that shows."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One row as it is shown."""

    seq: int
    at: datetime
    actor: str
    role: str
    action: str
    object_type: str
    object_id: str
    result: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is sought in the audit; empty is everything."""

    actors: tuple[str, ...] = ()
    action: str = ""  # a part of the action's name
    actions: tuple[str, ...] = ()  # or one of these
    object_id: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return it as conditions on the rows."""
        found: list[ColumnElement[bool]] = []
        if self.actors:
            found.append(AUDIT.c.actor.in_(self.actors))
        if self.action:
            named = AUDIT.c.action.contains(self.action, autoescape=True)
            found.append(or_(named, AUDIT.c.action.in_(self.actions)))
        if self.object_id:
            found.append(AUDIT.c.object_id == self.object_id)
        if self.since is not None:
            found.append(AUDIT.c.at >= self.since)
        if self.until is not None:
            found.append(AUDIT.c.at < self.until)
        return found


_RECORD = [AUDIT.c[field.name] for field in fields(AuditRecord)]


class AuditStore:
    """The audit chain in one transaction.

    Rows are written at the end of the transaction, so that the chain's one lock is held briefly and
    always taken last.
    """

    def __init__(self, connection: Connection, sealing: Sealing) -> None:
        self._connection = connection
        self._sealing = sealing
        self._settings = SettingStore(connection)
        self._rows: list[dict[str, Any]] = []

    def append(self, **row: Unpack[AuditFields]) -> None:
        """Add one row, written when the transaction commits.

        Raises:
            ValueError: there is no key, or `details` is no JSON.
        """
        if not self._sealing.key:
            raise ValueError("没有审计密钥，不能写入审计记录（请管理员配置）")
        self._rows.append(
            {
                "actor": row["actor"],
                "role": row["role"],
                "action": row["action"],
                "object_type": row["object_type"],
                "object_id": row["object_id"],
                "result": row["result"],
                "details": json.loads(dump_json(row["details"])),
                "at": row["now"].astimezone(UTC),
            }
        )

    def digest(self, words: str) -> str:
        """A keyed digest of personal text, to stand in `details` instead of it."""
        return hmac.new(self._sealing.key, b"text\0" + words.encode(), hashlib.sha256).hexdigest()

    def head(self) -> Anchor | None:
        """The last row written, to be anchored elsewhere; None while the chain is empty."""
        row = self._connection.execute(_HEAD).one_or_none()
        return None if row is None else Anchor(row.seq, row.hash)

    def hash_at(self, seq: int) -> str | None:
        """The seal of one row; None if there is no such row, or it was pruned."""
        wanted = select(AUDIT.c.hash).where(AUDIT.c.seq == seq)
        sealed: str | None = self._connection.execute(wanted).scalar_one_or_none()
        return sealed

    def search(self, wanted: "Sought", limit: int, before: int | None = None) -> list[AuditRecord]:
        """The rows that are sought, the latest first; earlier than the row `before` if given."""
        chosen = (
            select(*_RECORD).order_by(AUDIT.c.seq.desc()).limit(limit).where(*wanted.conditions())
        )
        if before is not None:
            chosen = chosen.where(AUDIT.c.seq < before)
        return [AuditRecord(*row) for row in self._connection.execute(chosen)]

    def verify(self, anchor: Anchor | None = None) -> BrokenRow | None:
        """Recompute the chain; return the first row where it does not hold.

        Args:
            anchor: a head kept elsewhere: without one a chain cut off at its end looks whole. One
                older than the checkpoint of a shortened chain has nothing to say.
        """
        before = self._beginning()
        if before is None:
            return BrokenRow(1, "开头的检查点被改动")
        # An option of the statement: one of the connection would hold for what follows too.
        every = select(AUDIT).order_by(AUDIT.c.seq).execution_options(yield_per=_AT_ONCE)
        rows = self._connection.execute(every)
        for row in rows:
            reason = self._fault(row, before, anchor)
            if reason is not None:
                rows.close()
                return BrokenRow(before.seq + 1, reason)
            before = Anchor(row.seq, row.hash)
        if anchor is not None and anchor.seq > before.seq:
            return BrokenRow(before.seq + 1, f"末尾缺失，外存记录到第 {anchor.seq} 行")
        return None

    def prune(self, before: datetime, now: datetime) -> int:
        """Delete the rows older than `before` from the chain's beginning; return how many.

        A sealed checkpoint takes their place, so that the rest still verifies; the deletion is
        itself a row. The last row always stays.
        """
        head, begins = self.head(), self._beginning()
        if head is None or begins is None:
            return 0
        young = select(AUDIT.c.seq).where(AUDIT.c.at >= before).order_by(AUDIT.c.seq).limit(1)
        first_kept = self._connection.execute(young).scalar_one_or_none() or head.seq
        if first_kept - 1 <= begins.seq:
            return 0
        wanted = select(AUDIT.c.seq, AUDIT.c.hash).where(AUDIT.c.seq == first_kept - 1)
        last = self._connection.execute(wanted).one()
        self._connection.execute(AUDIT.delete().where(AUDIT.c.seq <= last.seq))
        seal = self._sealing.over(_checkpoint_text(last.seq, last.hash))
        kept = {"seq": last.seq, "hash": last.hash, "seal": seal}
        self._settings.put(CHECKPOINT, kept | {"algorithm": self._sealing.algorithm.value})
        self.append(
            actor="",
            role="",
            action="audit.pruned",
            object_type="audit",
            object_id=str(last.seq),
            result="done",
            details={"rows": last.seq - begins.seq, "before": before.isoformat()},
            now=now,
        )
        return int(last.seq - begins.seq)

    def write(self) -> None:
        """Write the rows of this transaction; called once, at its end."""
        if not self._rows:
            return
        lock_name(self._connection, "audit")
        last = self.head() or self._beginning() or Anchor(0, _GENESIS)
        sealed = []
        for row in self._rows:
            whole = row | {
                "seq": last.seq + 1,
                "algorithm": self._sealing.algorithm.value,
                "prev_hash": last.hash,
            }
            last = Anchor(last.seq + 1, self._seal(whole))
            sealed.append(whole | {"hash": last.hash})
        self._connection.execute(AUDIT.insert(), sealed)
        self._rows.clear()
        passed(self._connection, Point.AUDIT_WRITTEN)

    def _beginning(self) -> Anchor | None:
        """Where the chain begins: nowhere, or behind what was pruned; None if that is forged."""
        kept = self._settings.get(CHECKPOINT)
        if kept is None:
            return Anchor(0, _GENESIS)
        match kept:
            case {"seq": int(seq), "hash": str(sealed), "seal": str(seal), "algorithm": str(name)}:
                pass
            case _:
                return None
        if name not in list(Algorithm):
            return None
        expected = self._sealing.over(_checkpoint_text(seq, sealed), name)
        return Anchor(seq, sealed) if hmac.compare_digest(expected, seal) else None

    def _fault(self, row: Row[Any], before: Anchor, anchor: Anchor | None) -> str | None:
        if row.seq != before.seq + 1:
            return "缺行"
        if row.prev_hash != before.hash:
            return "与上一行不相连"
        values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for it
        kept = values.pop("hash")
        if row.algorithm not in list(Algorithm):
            return "内容被改动"
        if not hmac.compare_digest(self._seal(values), kept):
            return "内容被改动"
        if anchor is not None and anchor.seq == row.seq and anchor.hash != kept:
            return "与外存记录不符"
        return None

    def _seal(self, row: Mapping[str, Any]) -> str:
        moment = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
        canonical = json.dumps(
            dict(row) | {"at": moment}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        message = f"{row['prev_hash']}\0{canonical}".encode()
        return self._sealing.over(message, row["algorithm"])


def _checkpoint_text(seq: int, sealed: str) -> bytes:
    return f"checkpoint\0{seq}\0{sealed}".encode()
