"""What the pages list: open cases by urgency, what a search finds, the messages of a case.

A list costs what is open, whatever else is kept: it begins from the index of the open cases.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, String, and_, cast, exists, func, or_, select

from cases.model import AssignmentState
from storage.columns import columns_for, read_as
from storage.states import ApprovalState, Channel, ClockState, OutboxState
from storage.tables.base import word
from storage.tables.cases import ASSIGNMENT, CASE, CASE_LINK, OPEN
from storage.tables.clocks import CLOCK
from storage.tables.messages import OUTBOX
from storage.tables.talk import APPROVAL


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which open cases to list. Sees all; else those of a unit, of a reporter, with a text."""

    sees_all: bool = False
    unit: str | None = None
    reporter: str | None = None
    with_text: bool = False  # those that have a public answer, for who speaks for all
    holders: Collection[str] | None = None  # only where a clock runs for one of these …
    roles: Collection[str] = ()  # … or one of these roles is asked to decide


@dataclass(frozen=True, slots=True)
class Urgent:
    """An open case and the earliest deadline that runs in it."""

    case_id: int
    due_at: datetime | None


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


class BoardStore:
    """What the pages list, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def urgent(self, wanted: Wanted, limit: int, offset: int = 0) -> list[Urgent]:
        """The open cases, the earliest deadline first, those without one last.

        Where holders are named, the deadline is theirs, if one of them has any.
        """
        due = _first_due(None)
        if wanted.holders is not None:
            due = func.coalesce(_first_due(wanted.holders), due, type_=CLOCK.c.due_at.type)
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

    def titled(self, words: str, limit: int, offset: int = 0) -> Sequence[int]:
        """The ids of cases whose title has these words, open or ended, the latest first."""
        has = CASE.c.title.contains(words, autoescape=True)
        found = select(CASE.c.id).where(has).order_by(CASE.c.id.desc())
        return self._connection.execute(found.limit(limit).offset(offset)).scalars().all()

    def linked(self, link_key: str, limit: int) -> Sequence[int]:
        """The ids of cases that have this link, the latest first."""
        mine = select(CASE_LINK.c.case_id).where(CASE_LINK.c.link_key == link_key)
        latest = mine.order_by(CASE_LINK.c.case_id.desc()).limit(limit)
        return self._connection.execute(latest).scalars().all()

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


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
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


def _allowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    ways: list[ColumnElement[bool]] = []
    if wanted.unit is not None:
        part = and_(
            ASSIGNMENT.c.case_id == CASE.c.id,
            ASSIGNMENT.c.unit_id == wanted.unit,
            ASSIGNMENT.c.state != AssignmentState.MOVED,
        )
        ways.append(exists().where(part))
    if wanted.reporter is not None:
        # The userid stands in the JSON text between quotes.
        ways.append(cast(CASE.c.reporters, String).contains(f'"{wanted.reporter}"'))
    if wanted.with_text:
        ways.append(cast(CASE.c.response, String).contains('"reply":{'))
    return ways
