"""What the office or the administrator must see until it has ended: nothing fails quietly (R14)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.columns import columns_for, insert_into, read_as
from storage.tables.system import ALARM


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm; a repeat while it sounds is counted, not added."""

    id: int
    kind: str
    text: str
    at: datetime
    last_at: datetime
    ended_at: datetime | None
    count: int


class AlarmStore:
    """The alarms in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sound(self, kind: str, text: str, now: datetime) -> None:
        """Sound an alarm, or count one more of the same that sounds already."""
        new = insert_into(self._connection, ALARM).values(
            kind=kind, text=text, at=now, last_at=now, count=1
        )
        again = new.on_conflict_do_update(
            index_elements=["kind", "text"],
            index_where=ALARM.c.ended_at.is_(None),
            set_={"count": ALARM.c.count + 1, "last_at": now},
        )
        self._connection.execute(again)

    def end(self, kind: str, now: datetime) -> int:
        """What these alarms were about is over; return how many sounded."""
        over = update(ALARM).where(ALARM.c.kind == kind, ALARM.c.ended_at.is_(None))
        return self._connection.execute(over.values(ended_at=now)).rowcount

    def end_one(self, alarm_id: int, now: datetime) -> bool:
        """Somebody has seen to this one; False when it had ended."""
        over = update(ALARM).where(ALARM.c.id == alarm_id, ALARM.c.ended_at.is_(None))
        return self._connection.execute(over.values(ended_at=now)).rowcount == 1

    def sounding(self) -> list[Alarm]:
        """The alarms that have not ended, the newest first."""
        now = select(*columns_for(ALARM, Alarm)).where(ALARM.c.ended_at.is_(None))
        rows = self._connection.execute(now.order_by(ALARM.c.id.desc()))
        return [read_as(Alarm, row) for row in rows]
