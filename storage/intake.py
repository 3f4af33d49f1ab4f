"""What was asked about gaps of a report, and which ids of other doors were taken already."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.columns import columns_for, insert_into, is_new, read_as
from storage.tables.cases import CASE, CASE_LINK, OPEN, REAL
from storage.tables.intake import ASKED, IMPORTED

LEDGER = "台账"  # the source of what was taken over from the institution's own table


@dataclass(frozen=True, slots=True)
class Asked:
    """An essential somebody was asked for."""

    case_id: int
    essential: str
    userid: str
    times: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseText:
    """What is compared to find near-repeats of an open case."""

    id: int
    title: str
    summary: str
    lead_unit: str | None
    proposed_unit: str | None
    reported_at: datetime
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FreshLink:
    """A link of an open case that nobody has looked at yet."""

    id: int
    case_id: int
    link_key: str
    url: str
    canonical: str
    needs_expansion: bool
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

    def open_texts(self, since: datetime) -> list[CaseText]:
        """What the real open cases reported since a moment say."""
        recent = select(*columns_for(CASE, CaseText)).where(OPEN, REAL, CASE.c.reported_at >= since)
        return [read_as(CaseText, row) for row in self._connection.execute(recent)]

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

    def last_link(self) -> int:
        """The id of the newest link, 0 where there is none."""
        newest: int = self._connection.execute(select(func.max(CASE_LINK.c.id))).scalar_one() or 0
        return newest

    def links_after(self, link_id: int, limit: int) -> list[FreshLink]:
        """The links of real open cases added after one, oldest first."""
        fresh = (
            select(*columns_for(CASE_LINK, FreshLink))
            .join(CASE, CASE.c.id == CASE_LINK.c.case_id)
            .where(CASE_LINK.c.id > link_id, OPEN, REAL)
            .order_by(CASE_LINK.c.id)
            .limit(limit)
        )
        return [read_as(FreshLink, row) for row in self._connection.execute(fresh)]

    def show_author(self, link_id: int, author: str) -> None:
        """Keep a poster's name as the page itself shows it."""
        mine = CASE_LINK.update().where(CASE_LINK.c.id == link_id, CASE_LINK.c.author.is_(None))
        self._connection.execute(mine.values(author=author))
