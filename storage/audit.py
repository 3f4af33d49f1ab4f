"""The audit chain (R17): append-only, gap-free, each row sealed with a key over the one before."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import Connection, Row, select

from storage.columns import dump_json, lock_name, passed
from storage.failpoints import Point
from storage.tables.system import AUDIT

ALGORITHM = "HMAC-SHA256"
_GENESIS = ""
_HEAD = select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)
_AT_ONCE = 2000  # rows read at a time while verifying


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


class AuditStore:
    """The audit chain in one transaction.

    Rows are written at the end of the transaction, so that the chain's one lock is held briefly and
    always taken last.
    """

    def __init__(self, connection: Connection, key: bytes) -> None:
        self._connection = connection
        self._key = key
        self._rows: list[dict[str, Any]] = []

    def append(self, **row: Unpack[AuditFields]) -> None:
        """Add one row, written when the transaction commits.

        Raises:
            ValueError: there is no key, or `details` is no JSON.
        """
        if not self._key:
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
        return hmac.new(self._key, b"text\0" + words.encode(), hashlib.sha256).hexdigest()

    def head(self) -> Anchor | None:
        """The last row written, to be anchored elsewhere; None while the chain is empty."""
        row = self._connection.execute(_HEAD).one_or_none()
        return None if row is None else Anchor(row.seq, row.hash)

    def verify(self, anchor: Anchor | None = None) -> BrokenRow | None:
        """Recompute the chain; return the first row where it does not hold.

        Args:
            anchor: a head kept elsewhere: without one a chain cut off at its end looks whole.
        """
        before = Anchor(0, _GENESIS)
        rows = self._connection.execution_options(yield_per=_AT_ONCE).execute(
            select(AUDIT).order_by(AUDIT.c.seq)
        )
        for row in rows:
            reason = self._fault(row, before, anchor)
            if reason is not None:
                rows.close()
                return BrokenRow(before.seq + 1, reason)
            before = Anchor(row.seq, row.hash)
        if anchor is not None and anchor.seq > before.seq:
            return BrokenRow(before.seq + 1, f"末尾缺失，外存记录到第 {anchor.seq} 行")
        return None

    def write(self) -> None:
        """Write the rows of this transaction; called once, at its end."""
        if not self._rows:
            return
        lock_name(self._connection, "audit")
        last = self.head() or Anchor(0, _GENESIS)
        sealed = []
        for row in self._rows:
            whole = row | {"seq": last.seq + 1, "algorithm": ALGORITHM, "prev_hash": last.hash}
            last = Anchor(last.seq + 1, self._seal(whole))
            sealed.append(whole | {"hash": last.hash})
        self._connection.execute(AUDIT.insert(), sealed)
        self._rows.clear()
        passed(self._connection, Point.AUDIT_WRITTEN)

    def _fault(self, row: Row[Any], before: Anchor, anchor: Anchor | None) -> str | None:
        if row.seq != before.seq + 1:
            return "缺行"
        if row.prev_hash != before.hash:
            return "与上一行不相连"
        values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for it
        kept = values.pop("hash")
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
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()
