"""Keys of the reports interface given on the pages: only their hashes lie here."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from storage.columns import columns_for, insert, read_as
from storage.tables.admin import SOURCE_KEY

_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SourceKey:
    """A key as it is kept: whose, given when and by whom, used last, taken back."""

    id: int
    name: str
    issued_at: datetime
    issued_by: str
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None


def digest_of(key: str) -> str:
    """Return what is kept of a key. Keys are random, 256 bits long: no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


class SourceKeyStore:
    """The keys in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def issue(self, name: str, key: str, *, by: str, now: datetime) -> int:
        """Keep a key by its hash; return its id."""
        values = {"name": name, "digest": digest_of(key), "issued_at": now, "issued_by": by}
        return insert(self._connection, SOURCE_KEY, values)

    def all(self) -> list[SourceKey]:
        """Every key there has been, the newest first."""
        wanted = select(*columns_for(SOURCE_KEY, SourceKey)).order_by(SOURCE_KEY.c.id.desc())
        return [read_as(SourceKey, row) for row in self._connection.execute(wanted)]

    def holder(self, key: str) -> str | None:
        """Whose key this is; None where it was never given, or was taken back."""
        mine = SOURCE_KEY.c.digest == digest_of(key)
        wanted = select(SOURCE_KEY.c.name).where(mine, SOURCE_KEY.c.revoked_at.is_(None))
        name: str | None = self._connection.execute(wanted).scalar_one_or_none()
        return name

    def used(self, key: str, now: datetime) -> None:
        """Note that the key was used, once a minute at most."""
        last = SOURCE_KEY.c.last_used_at
        stale = or_(last.is_(None), last <= now - _NOTED_EVERY)
        noted = update(SOURCE_KEY).where(SOURCE_KEY.c.digest == digest_of(key), stale)
        self._connection.execute(noted.values(last_used_at=now))

    def revoke(self, key_id: int, by: str, now: datetime) -> bool:
        """Take a key back for good; False where that has been done."""
        live = update(SOURCE_KEY).where(
            SOURCE_KEY.c.id == key_id, SOURCE_KEY.c.revoked_at.is_(None)
        )
        return self._connection.execute(live.values(revoked_at=now, revoked_by=by)).rowcount == 1
