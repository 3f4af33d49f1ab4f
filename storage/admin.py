"""What administrators changed on the pages, in order, each with what it was before and after."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.columns import columns_for, insert, read_as
from storage.tables.admin import ADMIN_CHANGE


@dataclass(frozen=True, slots=True)
class NewAdminChange:
    """A change as it is kept beside its effect; {} stands for "there was none"."""

    at: datetime
    by: str
    kind: str
    subject: str
    title: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class AdminChange(NewAdminChange):
    """A change as it was kept."""

    id: int = 0
    undone_by: int | None = None


_COLUMNS = columns_for(ADMIN_CHANGE, AdminChange)


class AdminChangeStore:
    """The changes in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, change: NewAdminChange) -> int:
        """Keep a change; what it takes back is marked so. Return its id."""
        values = asdict(change) | {"before": dict(change.before), "after": dict(change.after)}
        identity = insert(self._connection, ADMIN_CHANGE, values)
        if change.undoes is not None:
            undone = update(ADMIN_CHANGE).where(ADMIN_CHANGE.c.id == change.undoes)
            self._connection.execute(undone.values(undone_by=identity))
        return identity

    def get(self, change_id: int) -> AdminChange | None:
        """One change by its id."""
        wanted = select(*_COLUMNS).where(ADMIN_CHANGE.c.id == change_id)
        row = self._connection.execute(wanted).one_or_none()
        return None if row is None else read_as(AdminChange, row)

    def latest(self, limit: int, before: int | None = None) -> list[AdminChange]:
        """The latest changes, newest first; older than the id `before` if it is given."""
        wanted = select(*_COLUMNS).order_by(ADMIN_CHANGE.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(ADMIN_CHANGE.c.id < before)
        return [read_as(AdminChange, row) for row in self._connection.execute(wanted)]
