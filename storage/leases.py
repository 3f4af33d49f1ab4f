"""Leases: what one replica at a time may hold, passed on when its holder falls silent."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, or_, update

from storage.columns import insert_unless
from storage.tables.robot import LEASE


class LeaseStore:
    """The leases in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, name: str, owner: str, now: datetime, length: timedelta) -> int | None:
        """Take the lease, or keep it; return its epoch, None while another holds it.

        The epoch goes up with each new holder: whoever finds a later one than its own has been
        fenced off.
        """
        first = {"name": name, "owner": "", "epoch": 0, "until": now - length}
        self._connection.execute(insert_unless(self._connection, LEASE, "name"), first)
        mine = update(LEASE).where(
            LEASE.c.name == name, or_(LEASE.c.owner == owner, LEASE.c.until < now)
        )
        epoch = case((LEASE.c.owner == owner, LEASE.c.epoch), else_=LEASE.c.epoch + 1)
        taken = mine.values(owner=owner, epoch=epoch, until=now + length).returning(LEASE.c.epoch)
        held: int | None = self._connection.execute(taken).scalar_one_or_none()
        return held

    def release(self, name: str, owner: str, now: datetime) -> None:
        """Give the lease up before its time, so that another need not wait."""
        mine = update(LEASE).where(LEASE.c.name == name, LEASE.c.owner == owner)
        self._connection.execute(mine.values(owner="", until=now - timedelta(seconds=1)))
