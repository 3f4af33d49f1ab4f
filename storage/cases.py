"""Cases and all that belongs to them: the present as one value, the past as events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, select, update

from cases.event_records import pack, unpack
from cases.events import Event
from cases.model import Assignment, AssignmentState, Case, Proposal, State
from storage.case_records import CaseRecords, NewLink, NewMetric, NewReport
from storage.case_rows import CASE_COLUMNS, case_of, case_row
from storage.columns import columns_for, insert, insert_into, insert_or_replace, read_as
from storage.errors import ConcurrentChange
from storage.stale import StaleStore
from storage.tables.cases import ASSIGNMENT, CASE, CASE_EVENT, CASE_NUMBER, OPEN, REAL

__all__ = [
    "CaseLine",
    "CaseStore",
    "CaseTitle",
    "Entry",
    "NewCase",
    "NewLink",
    "NewMetric",
    "NewReport",
]


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is known of a case when it is registered (登记)."""

    number: str  # from `take_number`
    title: str
    state: State
    rulebook_id: int
    reported_by: str
    reported_at: datetime
    proposal: Proposal
    summary: str = ""
    appeal: str = ""
    platform: str = ""
    source_media: str = ""
    event_at: datetime | None = None
    restricted: bool = False
    missing: tuple[str, ...] = ()
    facts: dict[str, object] = field(default_factory=dict)
    linked_to: str | None = None
    drill: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a case's history."""

    seq: int
    event: Event
    by: str
    at: datetime
    message_key: str | None


@dataclass(frozen=True, slots=True)
class CaseTitle:
    """What is compared to find near-repeats."""

    id: int
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of a list of cases."""

    id: int
    number: str
    title: str
    state: State
    level: str | None
    proposed_level: str
    lead_unit: str | None
    platform: str
    reported_by: str
    reported_at: datetime
    supervised: bool
    restricted: bool


_LOAD = select(*CASE_COLUMNS).where(CASE.c.id == bindparam("case_id"))
# Whoever loads a case to change it waits for who is at it, instead of losing the version race.
_LOCK = _LOAD.with_for_update(key_share=True)
_PART_COLUMNS = columns_for(ASSIGNMENT, Assignment)
_PARTS = (
    select(*_PART_COLUMNS)
    .where(ASSIGNMENT.c.case_id == bindparam("case_id"))
    .order_by(ASSIGNMENT.c.id)
)
_SAVE = update(CASE).where(CASE.c.id == bindparam("which"), CASE.c.version == bindparam("was"))
_LAST_EVENT = select(func.max(CASE_EVENT.c.seq)).where(CASE_EVENT.c.case_id == bindparam("case_id"))
_BY_NUMBER = select(CASE.c.id).where(CASE.c.number == bindparam("which"))
_LIST = select(*columns_for(CASE, CaseLine)).where(OPEN).order_by(CASE.c.id.desc())


class CaseStore(CaseRecords):
    """The cases in one transaction."""

    def __init__(self, connection: Connection, *, only_reads: bool) -> None:
        super().__init__(connection)
        self._only_reads = only_reads

    def take_number(self, day: date) -> str:
        """Take the next number of `day` (Beijing): YQ-20261120-007. A rollback gives it back."""
        written = f"{day:%Y%m%d}"
        first = insert_into(self._connection, CASE_NUMBER).values(day=written, last=1)
        taken = first.on_conflict_do_update(
            index_elements=["day"], set_={"last": CASE_NUMBER.c.last + 1}
        )
        last = self._connection.execute(taken.returning(CASE_NUMBER.c.last)).scalar_one()
        return f"YQ-{written}-{last:03d}"

    def add(self, new: NewCase) -> Case:
        """Open a case, in version 0 and without assignments."""
        values = {f.name: getattr(new, f.name) for f in fields(new)}
        case = Case(id=0, **values)
        case_id = insert(self._connection, CASE, case_row(case))
        StaleStore(self._connection).note_case(case_id, new.reported_at)
        return Case(id=case_id, **values)

    def load(self, case_id: int) -> Case:
        """The case as it stands; in a transaction that may write, nobody else changes it now.

        Raises:
            KeyError: there is none with this id.
        """
        load = _LOAD if self._only_reads else _LOCK
        row = self._connection.execute(load, {"case_id": case_id}).one_or_none()
        if row is None:
            raise KeyError(case_id)
        parts = self._connection.execute(_PARTS, {"case_id": case_id})
        return case_of(row, [read_as(Assignment, part) for part in parts])

    def save(  # noqa: PLR0913 - a case and its history are written together
        self,
        case: Case,
        happened: Iterable[Event],
        *,
        by: str,
        now: datetime,
        message_key: str | None = None,
        stands: bool = False,
    ) -> Case:
        """Write the case and what happened to it; return it in its new version.

        Args:
            case: as it is now.
            happened: what has happened to it since it was loaded.
            by: who did it.
            now: when.
            message_key: of the message by which it was done.
            stands: True where only its history has grown (a reminder): its fields are as before.

        Raises:
            ConcurrentChange: somebody has saved it since it was loaded.
        """
        values = {} if stands else case_row(case)
        values |= {"version": case.version + 1, "which": case.id, "was": case.version}
        if self._connection.execute(_SAVE, values).rowcount == 0:
            raise ConcurrentChange(f"{case.number} 刚被别人改过")
        if not stands:
            self._save_parts(case)
        seq = self._connection.execute(_LAST_EVENT, {"case_id": case.id}).scalar_one() or 0
        rows = []
        for nth, event in enumerate(happened, start=seq + 1):
            kind, data = pack(event)
            rows.append({"case_id": case.id, "seq": nth, "kind": kind, "data": data})
        common = {"by": by, "at": now, "message_key": message_key}
        if rows:
            self._connection.execute(CASE_EVENT.insert(), [row | common for row in rows])
        return replace(case, version=case.version + 1)

    def by_number(self, number: str) -> Case | None:
        """The case with this full number."""
        found = self._connection.execute(_BY_NUMBER, {"which": number})
        case_id = found.scalar_one_or_none()
        return None if case_id is None else self.load(case_id)

    def find_open(
        self, *, unit: str | None = None, reporter: str | None = None
    ) -> tuple[Case, ...]:
        """The open cases, oldest first: all, those of a unit, or those somebody reported."""
        conditions = []
        if unit is not None:
            part = and_(
                ASSIGNMENT.c.case_id == CASE.c.id,
                ASSIGNMENT.c.unit_id == unit,
                ASSIGNMENT.c.state != AssignmentState.MOVED,
            )
            conditions.append(exists().where(part))
        cases = self._find(conditions)
        return tuple(case for case in cases if reporter is None or reporter in case.reporters)

    def open_among(self, ids: Sequence[int]) -> dict[int, Case]:
        """The open cases with these ids, by id."""
        return {case.id: case for case in self._find([CASE.c.id.in_(ids)])}

    def waiting_since(self, moment: datetime) -> list[Case]:
        """The real cases reported since `moment` that nobody has graded, oldest first."""
        return self._find([CASE.c.reported_at >= moment, CASE.c.state == State.REPORTED, REAL])

    def merged_into(self, number: str) -> tuple[Case, ...]:
        """The cases that went into the one with this number, the latest first."""
        inside = select(CASE.c.id).where(CASE.c.merged_into == number).order_by(CASE.c.id.desc())
        return tuple(self.load(case_id) for case_id in self._connection.execute(inside).scalars())

    def closed_lately(self, limit: int = 20) -> tuple[Case, ...]:
        """The cases that closed last, the latest first."""
        closed = select(CASE.c.id).where(CASE.c.closed_at.is_not(None))
        last = closed.order_by(CASE.c.closed_at.desc(), CASE.c.id.desc()).limit(limit)
        return tuple(self.load(case_id) for case_id in self._connection.execute(last).scalars())

    def acts_since(self, userid: str, since: datetime) -> tuple[tuple[int, Entry], ...]:
        """What somebody did to which case since `since`, the latest first."""
        names = ("seq", "kind", "data", "by", "at", "message_key")
        columns = (CASE_EVENT.c.case_id, *(CASE_EVENT.c[name] for name in names))
        mine = select(*columns).where(CASE_EVENT.c.at >= since, CASE_EVENT.c.by == userid)
        latest = mine.order_by(CASE_EVENT.c.at.desc(), CASE_EVENT.c.id.desc())
        rows = self._connection.execute(latest)
        return tuple(
            (
                row.case_id,
                Entry(row.seq, unpack(row.kind, row.data), row.by, row.at, row.message_key),
            )
            for row in rows
        )

    def list_open(self, limit: int = 50, *, before: int | None = None) -> list[CaseLine]:
        """The newest open cases as lines, to be paged by the last id seen."""
        lines = _LIST if before is None else _LIST.where(CASE.c.id < before)
        rows = self._connection.execute(lines.limit(limit))
        return [read_as(CaseLine, row) for row in rows]

    def count_open(self) -> Mapping[str, int]:
        """How many real ones are open at each level, confirmed or proposed."""
        level = func.coalesce(CASE.c.level, CASE.c.proposed_level)
        rows = self._connection.execute(
            select(level, func.count()).where(OPEN, REAL).group_by(level)
        )
        return {row[0]: row[1] for row in rows}

    def titles_since(self, moment: datetime) -> list[CaseTitle]:
        """The real cases reported since `moment`, for the search of near-repeats."""
        recent = select(*columns_for(CASE, CaseTitle)).where(CASE.c.reported_at >= moment, REAL)
        rows = self._connection.execute(recent.order_by(CASE.c.id))
        return [read_as(CaseTitle, row) for row in rows]

    def history(self, case_id: int) -> tuple[Entry, ...]:
        """All that has happened to a case, in order."""
        names = ("seq", "kind", "data", "by", "at", "message_key")
        events = select(*(CASE_EVENT.c[name] for name in names))
        events = events.where(CASE_EVENT.c.case_id == case_id).order_by(CASE_EVENT.c.seq)
        rows = self._connection.execute(events)
        return tuple(
            Entry(row.seq, unpack(row.kind, row.data), row.by, row.at, row.message_key)
            for row in rows
        )

    def _find(self, conditions: Sequence[ColumnElement[bool]]) -> list[Case]:
        rows = self._connection.execute(
            select(*CASE_COLUMNS).where(OPEN, *conditions).order_by(CASE.c.id)
        ).all()
        # Only the cases found have their assignments read: the open ones are few, all are many.
        of_open = ASSIGNMENT.c.case_id.in_(select(CASE.c.id).where(OPEN, *conditions))
        parts = select(ASSIGNMENT.c.case_id, *_PART_COLUMNS).where(of_open)
        by_case: dict[int, list[Assignment]] = {}
        for part in self._connection.execute(parts.order_by(ASSIGNMENT.c.id)):
            by_case.setdefault(part[0], []).append(read_as(Assignment, part[1:]))
        return [case_of(row, by_case.get(row.id, [])) for row in rows]

    def _save_parts(self, case: Case) -> None:
        rows = [
            {f.name: getattr(part, f.name) for f in fields(part)} | {"case_id": case.id}
            for part in case.assignments
        ]
        if rows:
            changed = insert_or_replace(self._connection, ASSIGNMENT, "id")
            self._connection.execute(changed, rows)
