"""What belongs to a case besides its state: messages about it, its links, numbers of pages."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, bindparam, select

from storage.columns import Kind, columns_for, insert, insert_unless, is_new, read_as
from storage.errors import ConcurrentChange
from storage.stale import StaleStore
from storage.states import ReportKind
from storage.tables.cases import CASE, CASE_LINK, METRIC, OPEN_LINK, REPORT


@dataclass(frozen=True, slots=True)
class NewReport:
    """One message about a case, personal text masked."""

    case_id: int
    kind: ReportKind
    reporter: str
    at: datetime
    text: str
    message_key: str | None = None


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link of a case."""

    link_key: str
    url: str
    canonical: str
    platform: str
    kind: str
    item_id: str | None
    needs_expansion: bool
    added_by: str
    at: datetime
    author: str | None = None  # only where the link itself shows it


@dataclass(frozen=True, slots=True)
class NewMetric:
    """A number somebody read off a page."""

    name: str
    value: float
    text: str | None
    at: datetime
    by: str
    report_id: int | None = None


_OPEN_BY_LINK = select(OPEN_LINK.c.case_id).where(OPEN_LINK.c.link_key == bindparam("key"))
_MAIN_LINK = (
    select(CASE_LINK.c.url)
    .where(CASE_LINK.c.case_id == bindparam("case_id"))
    .order_by(CASE_LINK.c.id)
    .limit(1)
)


# A case, and all that was merged into it, however often.
_OWN = (
    select(CASE.c.id, CASE.c.number)
    .where(CASE.c.id == bindparam("case_id"))
    .cte("family", recursive=True)
)
_FAMILY = _OWN.union(
    select(CASE.c.id, CASE.c.number).join(_OWN, CASE.c.merged_into == _OWN.c.number)
)
IN_FAMILY = select(_FAMILY.c.id)


class CaseRecords:
    """Reports, links and numbers of cases in one transaction.

    Merging copies nothing: whatever belongs to a merged case is read with the one it went into.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_report(self, report: NewReport) -> int:
        """Keep one message about a case; return its id."""
        if report.kind is ReportKind.REPEAT:
            came = select(CASE.c.reported_at).where(CASE.c.id == report.case_id)
            StaleStore(self._connection).note_day(self._connection.execute(came).scalar_one())
        return insert(self._connection, REPORT, asdict(report))

    def reports(self, case_id: int) -> list[NewReport]:
        """The messages about a case, in order."""
        return self._of_case(REPORT, NewReport, case_id)

    def add_links(self, case_id: int, links: Sequence[NewLink]) -> None:
        """Add links to an open case; each then belongs to this open case and to no other.

        Raises:
            ConcurrentChange: another open case has one of them, perhaps since a moment ago: look it
                up again.
        """
        for link in links:
            known = insert_unless(self._connection, CASE_LINK, "case_id", "link_key")
            self._connection.execute(known, asdict(link) | {"case_id": case_id})
            values = {"link_key": link.link_key, "case_id": case_id}
            if not is_new(self._connection, OPEN_LINK, ("link_key",), values):
                self._must_be_of(case_id, link.link_key)

    def links(self, case_id: int) -> list[NewLink]:
        """The links of a case, in the order in which they were added."""
        return self._of_case(CASE_LINK, NewLink, case_id)

    def main_link(self, case_id: int) -> str | None:
        """The first link of a case, as written."""
        url: str | None
        url = self._connection.execute(_MAIN_LINK, {"case_id": case_id}).scalar_one_or_none()
        return url

    def open_by_link(self, key: str) -> int | None:
        """The id of the open case that has this link."""
        case_id: int | None
        case_id = self._connection.execute(_OPEN_BY_LINK, {"key": key}).scalar_one_or_none()
        return case_id

    def close_links(self, case_id: int) -> None:
        """The case has ended: from now on its links open a new one."""
        self._connection.execute(OPEN_LINK.delete().where(OPEN_LINK.c.case_id == case_id))

    def reopen_links(self, case_id: int) -> None:
        """The case is open again: its links are its own, unless another open case has them."""
        self._claim(self.links(case_id), case_id)

    def give_links(self, case_id: int, to: int) -> None:
        """The case has gone into another: its links lead there."""
        self._claim(self.links(case_id), to)

    def take_links_back(self, case_id: int, survivor: int) -> None:
        """The case goes its own way again, with the links that only it had."""
        own = select(CASE_LINK.c.link_key).where(CASE_LINK.c.case_id == survivor)
        links = self.links(case_id)
        given = OPEN_LINK.delete().where(
            OPEN_LINK.c.case_id == survivor,
            OPEN_LINK.c.link_key.in_([link.link_key for link in links]),
            OPEN_LINK.c.link_key.not_in(own),
        )
        self._connection.execute(given)
        self._claim(links, case_id)

    def copy_links(self, case_id: int, to: int) -> None:
        """A new case follows an ended one: it has the same links."""
        links = self.links(case_id)
        for link in links:
            known = insert_unless(self._connection, CASE_LINK, "case_id", "link_key")
            self._connection.execute(known, asdict(link) | {"case_id": to})
        self._claim(links, to)

    def closed_by_link(self, keys: Sequence[str], since: datetime) -> int | None:
        """The id of the case with one of these links that closed last, not before `since`."""
        closed = (
            select(CASE.c.id)
            .join(CASE_LINK, CASE_LINK.c.case_id == CASE.c.id)
            .where(CASE_LINK.c.link_key.in_(keys), CASE.c.closed_at >= since)
            .order_by(CASE.c.closed_at.desc(), CASE.c.id.desc())
        )
        return self._connection.execute(closed.limit(1)).scalar_one_or_none()

    def add_metrics(self, case_id: int, metrics: Sequence[NewMetric]) -> None:
        """Keep numbers read off a page, beside the earlier ones."""
        if metrics:
            rows = [asdict(metric) | {"case_id": case_id} for metric in metrics]
            self._connection.execute(METRIC.insert(), rows)

    def metrics(self, case_id: int) -> list[NewMetric]:
        """All numbers of a case, in order."""
        return self._of_case(METRIC, NewMetric, case_id)

    def _claim(self, links: Sequence[NewLink], case_id: int) -> None:
        for link in links:
            values = {"link_key": link.link_key, "case_id": case_id}
            is_new(self._connection, OPEN_LINK, ("link_key",), values)

    def _must_be_of(self, case_id: int, link_key: str) -> None:
        if self.open_by_link(link_key) != case_id:
            raise ConcurrentChange(f"{link_key} 已属于另一件未办结的")

    def _of_case(self, table: Table, kind: type[Kind], case_id: int) -> list[Kind]:
        mine = select(*columns_for(table, kind)).where(table.c.case_id.in_(IN_FAMILY))
        rows = self._connection.execute(mine.order_by(table.c.id), {"case_id": case_id})
        return [read_as(kind, row) for row in rows]
