"""Lists of many new cases: which case stands under which number, and what is not settled yet."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from storage.columns import columns_for, insert, read_as
from storage.tables.cases import CASE_LIST, CASE_LIST_LINE


@dataclass(frozen=True, slots=True)
class CaseList:
    """A list as it stands."""

    id: int
    opened_at: datetime
    shown: int  # up to which number the office has been shown it


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a list that nobody has settled."""

    list_id: int
    number: int
    case_id: int
    hint: str | None


_LINE = columns_for(CASE_LIST_LINE, Line)
_UNSETTLED = CASE_LIST_LINE.c.settled_at.is_(None)
_LINE_OF = select(*_LINE).where(CASE_LIST_LINE.c.case_id == bindparam("of_case"), _UNSETTLED)


class CaseListStore:
    """The lists in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest_open(self) -> CaseList | None:
        """The list opened last of those with something to settle."""
        found = select(*columns_for(CASE_LIST, CaseList)).where(CASE_LIST.c.closed_at.is_(None))
        row = self._connection.execute(found.order_by(CASE_LIST.c.id.desc()).limit(1)).first()
        return None if row is None else read_as(CaseList, row)

    def get(self, list_id: int) -> CaseList:
        """The list with this id.

        Raises:
            KeyError: there is none.
        """
        found = select(*columns_for(CASE_LIST, CaseList)).where(CASE_LIST.c.id == list_id)
        row = self._connection.execute(found).first()
        if row is None:
            raise KeyError(list_id)
        return read_as(CaseList, row)

    def open(self, now: datetime) -> CaseList:
        """Open a list without lines."""
        list_id = insert(self._connection, CASE_LIST, {"opened_at": now, "shown": 0})
        return CaseList(list_id, now, 0)

    def add(self, list_id: int, case_id: int, hint: str | None = None) -> int:
        """Put a case under the next number; return the number."""
        last = select(func.max(CASE_LIST_LINE.c.number)).where(CASE_LIST_LINE.c.list_id == list_id)
        number: int = (self._connection.execute(last).scalar_one() or 0) + 1
        values = {"list_id": list_id, "number": number, "case_id": case_id, "hint": hint}
        self._connection.execute(CASE_LIST_LINE.insert(), values)
        return number

    def line_of(self, case_id: int) -> Line | None:
        """The line of a case that is in a list and not settled."""
        row = self._connection.execute(_LINE_OF, {"of_case": case_id}).first()
        return None if row is None else read_as(Line, row)

    def lines(self, list_id: int) -> tuple[Line, ...]:
        """The lines of a list that are not settled, by number."""
        found = select(*_LINE).where(CASE_LIST_LINE.c.list_id == list_id, _UNSETTLED)
        rows = self._connection.execute(found.order_by(CASE_LIST_LINE.c.number))
        return tuple(read_as(Line, row) for row in rows)

    def hint(self, case_id: int, hint: str) -> bool:
        """Note beside a case what the office should see; False when it is in no list."""
        noted = update(CASE_LIST_LINE).where(CASE_LIST_LINE.c.case_id == case_id, _UNSETTLED)
        return self._connection.execute(noted.values(hint=hint)).rowcount == 1

    def settle(self, case_id: int, now: datetime) -> None:
        """The case needs the list no more."""
        done = update(CASE_LIST_LINE).where(CASE_LIST_LINE.c.case_id == case_id, _UNSETTLED)
        self._connection.execute(done.values(settled_at=now))

    def close(self, list_id: int, now: datetime) -> None:
        """Nothing in it waits any more."""
        done = update(CASE_LIST).where(CASE_LIST.c.id == list_id)
        self._connection.execute(done.values(closed_at=now))

    def show(self, list_id: int, number: int) -> None:
        """The office has been shown it up to this number."""
        seen = update(CASE_LIST).where(CASE_LIST.c.id == list_id)
        self._connection.execute(seen.values(shown=number))
