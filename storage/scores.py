"""What scores are counted from, read for a span of time, and what people have added to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from cases.event_records import unpack
from cases.model import Part, State
from cases.scores.happenings import COUNTED_EVENTS, SCORED_STEPS
from cases.scores.material import Material, ScoredCase, ScoredClock, ScoredEvent
from storage.columns import columns_for, insert, read_as
from storage.states import ScoreEntryKind
from storage.tables.cases import ASSIGNMENT, CASE, CASE_EVENT, REAL
from storage.tables.clocks import CLOCK
from storage.tables.learning import SCORE_ENTRY, SCORE_NOTICE
from storage.tables.people import PERSON

_MANY = 900  # ids in one question
# Nobody is held to account for what was no matter of his, or was counted with another case.
_COUNTS = and_(
    REAL,
    CASE.c.merged_into.is_(None),
    CASE.c.state.not_in([State.WITHDRAWN, State.MERGED, State.REFUSED]),
)


@dataclass(frozen=True, slots=True)
class NewScoreEntry:
    """Something people add to the points that are counted."""

    month: str
    kind: ScoreEntryKind
    unit_id: str
    reason: str
    by: str
    at: datetime
    point: str = ""
    fact: str = ""
    case_id: int | None = None
    appeal_id: int | None = None
    upheld: bool = False


@dataclass(frozen=True, slots=True)
class ScoreEntry(NewScoreEntry):
    """The same as it is kept."""

    id: int = 0


@dataclass(frozen=True, slots=True)
class ScoreNotice:
    """A monthly notice that has gone out."""

    month: str
    rulebook_id: int
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class FirstReport:
    """A case somebody was the first to report."""

    number: str
    title: str
    reported_by: str
    reported_at: datetime
    level: str | None
    state: State


class ScoreStore:
    """The material of scores in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def material(self, start: datetime, end: datetime) -> Material:
        """What fell due, happened or was closed from `start` to before `end`, real cases only."""
        clocks = self._clocks(start, end)
        happened = self._events(start, end)
        wanted = {one.case_id for one in clocks} | {one.case_id for one in happened}
        cases = self._cases(wanted, start, end)
        late = {c.case_id for c in clocks if c.ended_at is None or c.ended_at > c.due_at}
        traced = late | {one.id for one in cases.values() if one.closed_at is not None}
        moments, last = self._moments(traced)
        return Material(cases, tuple(clocks), tuple(happened), moments, last)

    def _clocks(self, start: datetime, end: datetime) -> list[ScoredClock]:
        due = select(*columns_for(CLOCK, ScoredClock)).join(CASE, CASE.c.id == CLOCK.c.case_id)
        due = due.where(
            _COUNTS,
            CLOCK.c.due_at >= start,
            CLOCK.c.due_at < end,
            CLOCK.c.step.in_(SCORED_STEPS),
        )
        rows = self._connection.execute(due.order_by(CLOCK.c.id)).all()
        return [ScoredClock(*row) for row in rows]

    def _events(self, start: datetime, end: datetime) -> list[ScoredEvent]:
        names = ("case_id", "seq", "at", "kind", "data")
        wanted = select(*(CASE_EVENT.c[name] for name in names))
        wanted = wanted.join(CASE, CASE.c.id == CASE_EVENT.c.case_id).where(
            _COUNTS,
            CASE_EVENT.c.at >= start,
            CASE_EVENT.c.at < end,
            CASE_EVENT.c.kind.in_(COUNTED_EVENTS),
        )
        ordered = wanted.order_by(CASE_EVENT.c.case_id, CASE_EVENT.c.seq)
        rows = self._connection.execute(ordered).all()
        return [ScoredEvent(row[0], row[1], row[2], unpack(row[3], row[4])) for row in rows]

    def _cases(self, wanted: set[int], start: datetime, end: datetime) -> dict[int, ScoredCase]:
        closed = self._read(and_(CASE.c.closed_at >= start, CASE.c.closed_at < end))
        ids = sorted(wanted - {row[0] for row in closed})
        rows = closed
        for nth in range(0, len(ids), _MANY):
            rows += self._read(CASE.c.id.in_(ids[nth : nth + _MANY]))
        helpers = self._helpers([row[0] for row in rows])
        found = {}
        for row in rows:
            in_span = row[5] is not None and start <= row[5] < end
            values = [*row[:5], row[5] if in_span else None, row[6], helpers.get(row[0], ())]
            found[row[0]] = ScoredCase(*values)
        return found

    def _read(self, condition: ColumnElement[bool]) -> list[tuple[Any, ...]]:
        level = func.coalesce(CASE.c.level, CASE.c.proposed_level)
        rows = select(
            CASE.c.id,
            CASE.c.number,
            level,
            CASE.c.lead_unit,
            PERSON.c.unit_id,
            CASE.c.closed_at,
            CASE.c.reopened,
        ).join(PERSON, PERSON.c.userid == CASE.c.reported_by, isouter=True)
        found = self._connection.execute(rows.where(_COUNTS, condition))
        return [tuple(row) for row in found]

    def _helpers(self, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        found: dict[int, tuple[str, ...]] = {}
        helping = select(ASSIGNMENT.c.case_id, ASSIGNMENT.c.unit_id)
        for nth in range(0, len(ids), _MANY):
            some = ASSIGNMENT.c.case_id.in_(ids[nth : nth + _MANY])
            rows = self._connection.execute(helping.where(some, ASSIGNMENT.c.part == Part.COOP))
            for case_id, unit in rows:
                found[case_id] = (*found.get(case_id, ()), unit)
        return found

    def _moments(self, traced: set[int]) -> tuple[dict[tuple[int, datetime], int], dict[int, int]]:
        moments: dict[tuple[int, datetime], int] = {}
        last: dict[int, int] = {}
        ids = sorted(traced)
        for start in range(0, len(ids), _MANY):
            wanted = select(CASE_EVENT.c.case_id, CASE_EVENT.c.seq, CASE_EVENT.c.at)
            wanted = wanted.where(
                CASE_EVENT.c.case_id.in_(ids[start : start + _MANY]),
                CASE_EVENT.c.kind != "Reminded",
            )
            for case_id, seq, at in self._connection.execute(
                wanted.order_by(CASE_EVENT.c.seq)
            ).all():
                moments.setdefault((case_id, at), seq)
                last[case_id] = seq
        return moments, last

    def entries(self, month: str) -> list[ScoreEntry]:
        """What people have added to a month, in order."""
        return self._where(SCORE_ENTRY.c.month == month)

    def entry(self, entry_id: int) -> ScoreEntry | None:
        """One entry."""
        return next(iter(self._where(SCORE_ENTRY.c.id == entry_id)), None)

    def appeals_open(self) -> list[ScoreEntry]:
        """The appeals nobody has ruled on, the oldest first."""
        ruled = select(SCORE_ENTRY.c.appeal_id).where(SCORE_ENTRY.c.appeal_id.is_not(None))
        kind = SCORE_ENTRY.c.kind == ScoreEntryKind.APPEAL
        return self._where(kind, SCORE_ENTRY.c.id.not_in(ruled))

    def add(self, new: NewScoreEntry) -> int:
        """Keep an entry; return its number."""
        values = {name: getattr(new, name) for name in NewScoreEntry.__slots__}
        return insert(self._connection, SCORE_ENTRY, values)

    def notice(self, month: str) -> ScoreNotice | None:
        """The notice of a month, None while it has not gone out."""
        wanted = select(*columns_for(SCORE_NOTICE, ScoreNotice))
        row = self._connection.execute(wanted.where(SCORE_NOTICE.c.month == month)).one_or_none()
        return None if row is None else read_as(ScoreNotice, row)

    def keep_notice(self, notice: ScoreNotice) -> None:
        """The notice of a month goes out."""
        values = {name: getattr(notice, name) for name in ScoreNotice.__slots__}
        self._connection.execute(SCORE_NOTICE.insert().values(values))

    def first_reports(self, start: datetime, end: datetime) -> list[FirstReport]:
        """The real cases reported in a span, each with whoever was first, in order of time."""
        mine = select(*columns_for(CASE, FirstReport)).where(
            _COUNTS, CASE.c.reported_at >= start, CASE.c.reported_at < end
        )
        rows = self._connection.execute(mine.order_by(CASE.c.reported_at, CASE.c.id))
        return [read_as(FirstReport, row) for row in rows]

    def had_cases(self, start: datetime, end: datetime) -> bool:
        """Whether any case that counts was reported in a span."""
        mine = select(CASE.c.id).where(
            _COUNTS, CASE.c.reported_at >= start, CASE.c.reported_at < end
        )
        return self._connection.execute(mine.limit(1)).first() is not None

    def _where(self, *conditions: ColumnElement[bool]) -> list[ScoreEntry]:
        wanted = select(*columns_for(SCORE_ENTRY, ScoreEntry)).where(*conditions)
        rows = self._connection.execute(wanted.order_by(SCORE_ENTRY.c.id))
        return [read_as(ScoreEntry, row) for row in rows]
