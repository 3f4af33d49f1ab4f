"""Who an intelligent robot speaks with: encrypted ids and the userids behind them (page 101521)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.columns import columns_for, insert_unless, read_as
from storage.tables.robot import ROBOT_USER


@dataclass(frozen=True, slots=True)
class RobotUser:
    """What is known about one id."""

    open_id: str
    userid: str | None  # None: nobody the platform knows, or not asked yet
    asked_at: datetime | None
    tries: int


class RobotUserStore:
    """The ids in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.has_wanted = False

    def who(self, open_id: str) -> RobotUser | None:
        """What is known about this id."""
        wanted = select(*columns_for(ROBOT_USER, RobotUser)).where(ROBOT_USER.c.open_id == open_id)
        row = self._connection.execute(wanted).one_or_none()
        return None if row is None else read_as(RobotUser, row)

    def want(self, open_id: str, now: datetime) -> None:
        """Have the platform asked about this id, unless that is under way."""
        first = {"open_id": open_id, "tries": 0}
        self._connection.execute(insert_unless(self._connection, ROBOT_USER, "open_id"), first)
        again = update(ROBOT_USER).where(
            ROBOT_USER.c.open_id == open_id, ROBOT_USER.c.wanted_at.is_(None)
        )
        self._connection.execute(again.values(wanted_at=now, tries=0))
        self.has_wanted = True

    def wanted(self, now: datetime, limit: int = 1000) -> list[RobotUser]:
        """The ids to be asked about now."""
        due = select(*columns_for(ROBOT_USER, RobotUser)).where(ROBOT_USER.c.wanted_at <= now)
        rows = self._connection.execute(due.order_by(ROBOT_USER.c.wanted_at).limit(limit))
        return [read_as(RobotUser, row) for row in rows]

    def answered(self, open_id: str, userid: str | None, now: datetime) -> None:
        """The platform has said who it is, or that it is nobody."""
        values = {"userid": userid, "asked_at": now, "wanted_at": None, "tries": 0}
        self._connection.execute(
            update(ROBOT_USER).where(ROBOT_USER.c.open_id == open_id).values(values)
        )

    def later(self, open_ids: Sequence[str], at: datetime) -> None:
        """The platform could not be asked: again at that moment."""
        failed = update(ROBOT_USER).where(ROBOT_USER.c.open_id.in_(open_ids))
        self._connection.execute(failed.values(wanted_at=at, tries=ROBOT_USER.c.tries + 1))
