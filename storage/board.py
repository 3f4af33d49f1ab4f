"""What the pages list: open cases by urgency, what a search finds, the messages of a case.

A list costs what is open, whatever else is kept: it begins from the index of the open cases.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, String, and_, cast, exists, func, or_, select

from cases.model import AssignmentState, State
from storage.columns import columns_for, read_as
from storage.states import ApprovalState, Channel, ClockState, OutboxState
from storage.tables.base import word
from storage.tables.cases import ASSIGNMENT, CASE, CASE_EVENT, CASE_LINK, OPEN
from storage.tables.clocks import CLOCK
from storage.tables.messages import OUTBOX
from storage.tables.talk import APPROVAL

_NOT_NARROWED = CASE.c.restricted.is_(False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which open cases to list. Sees all; else those of a unit, of a reporter, with a text.

    Who may see what is the same as `may_know` says of one case, so that what is counted is shown.
    """

    sees_all: bool = False
    unit: str | None = None  # all that this unit has a part in
    section: tuple[str, str] | None = None  # what this unit has handed to this person
    reporter: str | None = None
    with_text: bool = False  # those that have a public answer, for who speaks for all
    holders: Collection[str] | None = None  # only where a clock runs for one of these …
    roles: Collection[str] = ()  # … or one of these roles is asked to decide
    level: str = ""  # as it stands, or as it is proposed
    platform: str = ""
    in_charge: str = ""  # only what this unit has a part in
    due_before: datetime | None = None  # only where the earliest deadline lies before
    in_public: bool = False  # nothing whose circle somebody has narrowed


@dataclass(frozen=True, slots=True)
class Choices:
    """What the open cases differ in, for somebody who wants to see some of them."""

    levels: tuple[str, ...]
    platforms: tuple[str, ...]
    units: tuple[str, ...]  # by id


@dataclass(frozen=True, slots=True)
class Urgent:
    """An open case and the earliest deadline that runs in it."""

    case_id: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A case as a list or a table shows it, open or ended."""

    id: int
    number: str
    title: str
    state: State
    level: str  # as it stands, else as it is proposed
    is_graded: bool
    platform: str
    source_media: str
    lead_unit: str | None
    reported_at: datetime
    closed_at: datetime | None
    summary: str
    appeal: str


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """A message about a case, whatever became of it."""

    id: int
    kind: str
    channel: Channel
    recipient: str
    reason: str
    state: OutboxState
    payload: str
    first_at: datetime
    sent_at: datetime | None
    ended_reason: str | None
    error: str | None


_AT_ONCE = 500  # ids in one question
_LISTED = (
    CASE.c.id,
    CASE.c.number,
    CASE.c.title,
    CASE.c.state,
    func.coalesce(CASE.c.level, CASE.c.proposed_level),
    CASE.c.level.is_not(None),
    CASE.c.platform,
    CASE.c.source_media,
    CASE.c.lead_unit,
    CASE.c.reported_at,
    CASE.c.closed_at,
    CASE.c.summary,
    CASE.c.appeal,
)


class BoardStore:
    """What the pages list, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def urgent(self, wanted: Wanted, limit: int, offset: int = 0) -> list[Urgent]:
        """The open cases, the earliest deadline first, those without one last.

        Where holders are named, the deadline is theirs, if one of them has any.
        """
        due = _due(wanted)
        listed = (
            select(CASE.c.id, due)
            .where(OPEN, *_conditions(wanted))
            .order_by(due.is_(None), due, CASE.c.id)
        )
        rows = self._connection.execute(listed.limit(limit).offset(offset))
        return [Urgent(row[0], row[1]) for row in rows]

    def count(self, wanted: Wanted) -> int:
        """How many open cases `urgent` lists in all."""
        counted = select(func.count()).select_from(CASE).where(OPEN, *_conditions(wanted))
        return self._connection.execute(counted).scalar_one()

    def choices(self, wanted: Wanted) -> Choices:
        """The levels, platforms and units of the open cases that `urgent` lists."""
        mine = _conditions(wanted)
        kinds = self._connection.execute(
            select(_level(), CASE.c.platform).where(OPEN, *mine).distinct()
        )
        found = kinds.all()
        theirs = select(ASSIGNMENT.c.unit_id).where(
            ASSIGNMENT.c.case_id.in_(select(CASE.c.id).where(OPEN, *mine)),
            ASSIGNMENT.c.state != AssignmentState.MOVED,
        )
        units = self._connection.execute(theirs.distinct()).scalars()
        return Choices(
            tuple(sorted({row[0] for row in found})),
            tuple(sorted({row[1] for row in found if row[1]})),
            tuple(sorted(units)),
        )

    def stamp(self) -> tuple[int, int, int]:
        """What differs as soon as anything has happened to a case; costs what is open."""
        last = select(func.coalesce(func.max(CASE_EVENT.c.id), 0)).scalar_subquery()
        versions = func.coalesce(func.sum(CASE.c.version), 0)
        row = self._connection.execute(select(last, func.count(), versions).where(OPEN)).one()
        return int(row[0]), int(row[1]), int(row[2])

    def linked(self, link_key: str, limit: int) -> Sequence[int]:
        """The ids of cases that have this link, the latest first."""
        mine = select(CASE_LINK.c.case_id).where(CASE_LINK.c.link_key == link_key)
        latest = mine.order_by(CASE_LINK.c.case_id.desc()).limit(limit)
        return self._connection.execute(latest).scalars().all()

    def listed(self, ids: Sequence[int]) -> list[Listed]:
        """The cases with these ids, in their order; open or ended."""
        found: dict[int, Listed] = {}
        for begin in range(0, len(ids), _AT_ONCE):
            some = CASE.c.id.in_(ids[begin : begin + _AT_ONCE])
            for row in self._connection.execute(select(*_LISTED).where(some)):
                found[row[0]] = Listed(*row)
        return [found[one] for one in ids if one in found]

    def messages(self, case_id: int) -> list[CaseMessage]:
        """All messages about a case, in the order of their cause."""
        mine = select(*columns_for(OUTBOX, CaseMessage)).where(OUTBOX.c.case_id == case_id)
        rows = self._connection.execute(mine)
        return sorted((read_as(CaseMessage, row) for row in rows), key=lambda one: one.id)


def _first_due(holders: Collection[str] | None) -> ColumnElement[datetime]:
    running = CLOCK.alias()
    first = select(func.min(running.c.due_at)).where(
        running.c.case_id == CASE.c.id, running.c.state == word(ClockState.RUNNING)
    )
    if holders is not None:
        first = first.where(running.c.holder.in_(holders))
    return first.scalar_subquery()


def _due(wanted: Wanted) -> ColumnElement[datetime]:
    if wanted.holders is None:
        return _first_due(None)
    return func.coalesce(_first_due(wanted.holders), _first_due(None), type_=CLOCK.c.due_at.type)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = _chosen(wanted)
    if not wanted.sees_all:
        found.append(or_(*_allowed(wanted), CASE.c.id < 0))
    if wanted.holders is not None:
        held = CLOCK.alias()
        waits = select(held.c.case_id).where(
            held.c.state == word(ClockState.RUNNING), held.c.holder.in_(wanted.holders)
        )
        asked = select(APPROVAL.c.case_id).where(
            APPROVAL.c.state == word(ApprovalState.PENDING),
            APPROVAL.c.asked_role.in_(wanted.roles),
        )
        found.append(or_(CASE.c.id.in_(waits), CASE.c.id.in_(asked)))
    return found


def _level() -> ColumnElement[str]:
    return func.coalesce(CASE.c.level, CASE.c.proposed_level)


def _chosen(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.level:
        found.append(_level() == wanted.level)
    if wanted.platform:
        found.append(CASE.c.platform == wanted.platform)
    if wanted.in_charge:
        found.append(_has_part(wanted.in_charge))
    if wanted.due_before is not None:
        found.append(_due(wanted) < wanted.due_before)
    if wanted.in_public:
        found.append(_NOT_NARROWED)
    return found


def _has_part(unit: str) -> ColumnElement[bool]:
    part = and_(
        ASSIGNMENT.c.case_id == CASE.c.id,
        ASSIGNMENT.c.unit_id == unit,
        ASSIGNMENT.c.state != AssignmentState.MOVED,
    )
    return exists().where(part)


def _allowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    ways: list[ColumnElement[bool]] = []
    if wanted.unit is not None:
        ways.append(_has_part(wanted.unit))
    if wanted.section is not None:
        unit, person = wanted.section
        handed = and_(
            ASSIGNMENT.c.case_id == CASE.c.id,
            ASSIGNMENT.c.unit_id == unit,
            ASSIGNMENT.c.handed_to == person,
            ASSIGNMENT.c.state != AssignmentState.MOVED,
        )
        ways.append(exists().where(handed))
    if wanted.reporter is not None:
        # The userid stands in the JSON text between quotes.
        named = cast(CASE.c.reporters, String).contains(f'"{wanted.reporter}"')
        ways.append(and_(named, _NOT_NARROWED))
    if wanted.with_text:
        ways.append(and_(cast(CASE.c.response, String).contains('"reply":{'), _NOT_NARROWED))
    return ways
