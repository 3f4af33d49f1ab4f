"""Held reminders: who asked for quiet until when, who was called by telephone."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage.columns import columns_for, insert, read_as
from storage.states import HushKind
from storage.tables.duty import HUSH


@dataclass(frozen=True, slots=True)
class NewHush:
    """A reminder to be held until a moment, with whoever asked for it and in which words."""

    kind: HushKind
    case_id: int
    userid: str  # who is left alone, or was called
    until: datetime
    by: str
    at: datetime
    words: str = ""
    clock_id: int | None = None  # 电话通知 holds the climb of one clock only


@dataclass(frozen=True, slots=True)
class Hush(NewHush):
    """A held reminder as it is kept."""

    id: int = 0


_OF_CASE = (
    select(*columns_for(HUSH, Hush))
    .where(HUSH.c.case_id == bindparam("of_case"))
    .order_by(HUSH.c.id)
)


class HushStore:
    """What holds reminders, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, hush: NewHush) -> int:
        """Hold reminders from now on; return its id."""
        return insert(self._connection, HUSH, asdict(hush))

    def of_case(self, case_id: int) -> list[Hush]:
        """All of a case, past ones too, in order."""
        rows = self._connection.execute(_OF_CASE, {"of_case": case_id})
        return [read_as(Hush, row) for row in rows]

    def muted(self, case_id: int, now: datetime) -> frozenset[str]:
        """Who is left alone about this case at `now`; at `until` sharp nobody is any more."""
        return frozenset(
            hush.userid
            for hush in self.of_case(case_id)
            if hush.kind is HushKind.MUTE and hush.until > now
        )

    def phoned(self, case_id: int, clock_id: int, now: datetime) -> Hush | None:
        """The call that holds the climb of this clock at `now`, if any."""
        held = [
            hush
            for hush in self.of_case(case_id)
            if hush.kind is HushKind.PHONED and hush.clock_id == clock_id and hush.until > now
        ]
        return held[-1] if held else None
