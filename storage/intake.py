"""What was asked about gaps of a report, and which ids of other doors were taken already."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage.columns import columns_for, insert_into, is_new, read_as
from storage.tables.cases import CASE, OPEN
from storage.tables.intake import ASKED, IMPORTED


@dataclass(frozen=True, slots=True)
class Asked:
    """An essential somebody was asked for."""

    case_id: int
    essential: str
    userid: str
    times: int
    at: datetime


class IntakeStore:
    """Questions about gaps, and ids of other doors, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, case_id: int, essential: str, userid: str, now: datetime) -> None:
        """Note that `userid` was asked for an essential, once more."""
        first = insert_into(self._connection, ASKED).values(
            case_id=case_id, essential=essential, userid=userid, times=1, at=now
        )
        again = first.on_conflict_do_update(
            index_elements=["case_id", "essential"],
            set_={"times": ASKED.c.times + 1, "at": now, "userid": userid},
        )
        self._connection.execute(again)

    def asked(self, case_id: int) -> dict[str, int]:
        """How often each essential of a case was asked for."""
        rows = self._connection.execute(
            select(ASKED.c.essential, ASKED.c.times).where(ASKED.c.case_id == case_id)
        )
        return {row.essential: row.times for row in rows}

    def last_asked(self, userid: str, since: datetime) -> Asked | None:
        """The essential somebody was asked for last, of a case that is still open."""
        mine = (
            select(*columns_for(ASKED, Asked))
            .join(CASE, CASE.c.id == ASKED.c.case_id)
            .where(ASKED.c.userid == userid, ASKED.c.at >= since, OPEN)
            .order_by(ASKED.c.at.desc(), ASKED.c.case_id.desc())
            .limit(1)
        )
        row = self._connection.execute(mine).first()
        return None if row is None else read_as(Asked, row)

    def case_of(self, source: str, vendor_id: str) -> int | None:
        """The case that a report of another door went into."""
        known = select(IMPORTED.c.case_id).where(
            IMPORTED.c.source == source, IMPORTED.c.vendor_id == vendor_id
        )
        case_id: int | None = self._connection.execute(known).scalar_one_or_none()
        return case_id

    def took(self, source: str, vendor_id: str, case_id: int, now: datetime) -> bool:
        """Note that it was taken; False if another transaction has taken it meanwhile."""
        values = {"source": source, "vendor_id": vendor_id, "case_id": case_id, "at": now}
        return is_new(self._connection, IMPORTED, ("source", "vendor_id"), values)
