"""Access tokens of the platform: stored for all replicas, fetched by one at a time (R11)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from storage.columns import columns_for, insert_unless, is_new, read_as
from storage.tables.system import TOKEN

REFRESH = timedelta(seconds=15)  # how long one replica may take before another tries


@dataclass(frozen=True, slots=True)
class Token:
    """A token; its version says which refresh it came from."""

    value: str = field(repr=False)
    expires_at: datetime
    version: int


class TokenStore:
    """The tokens in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, name: str) -> Token | None:
        """The token as last stored; its value is empty while the first is being fetched."""
        row = self._connection.execute(
            select(*columns_for(TOKEN, Token)).where(TOKEN.c.name == name)
        ).one_or_none()
        return None if row is None else read_as(Token, row)

    def begin_refresh(self, name: str, now: datetime) -> bool:
        """Be the one who fetches a new token; False while another is at it, for 15 s at most."""
        first = insert_unless(self._connection, TOKEN, "name")
        self._connection.execute(
            first, {"name": name, "value": "", "expires_at": now, "version": 0}
        )
        mine = update(TOKEN).where(
            TOKEN.c.name == name,
            or_(TOKEN.c.refreshing_until.is_(None), TOKEN.c.refreshing_until < now),
        )
        mine = mine.values(refreshing_until=now + REFRESH)
        return self._connection.execute(mine).rowcount == 1

    def store(self, name: str, value: str, expires_at: datetime, version: int) -> bool:
        """Store a fetched token over `version`; False when another was stored meanwhile."""
        newer = update(TOKEN).where(TOKEN.c.name == name, TOKEN.c.version == version)
        newer = newer.values(
            value=value, expires_at=expires_at, version=version + 1, refreshing_until=None
        )
        if self._connection.execute(newer).rowcount == 1:
            return True
        if version != 0:
            return False
        values = {"name": name, "value": value, "expires_at": expires_at, "version": 1}
        return is_new(self._connection, TOKEN, ("name",), values)
