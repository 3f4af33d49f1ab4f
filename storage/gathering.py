"""Reminders that wait for the others of their moment to the same person, until a beat is over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select, update

from cases.notices import Priority
from storage.columns import columns_for, read_as
from storage.records import MessageRecord
from storage.states import OutboxState
from storage.tables.base import word
from storage.tables.messages import GATHERING, OUTBOX, UNSENT

DIGEST = "digest"
_AT_ONCE = 1000  # rows named in one statement
# With their place in the order of leaving: it leads into the index of what is unsent.
_UNBEGUN = and_(
    UNSENT, OUTBOX.c.state == word(OutboxState.NEW), OUTBOX.c.priority == int(Priority.REMINDER)
)
_WAITS = and_(_UNBEGUN, OUTBOX.c.owner == GATHERING)
_WAITING = select(OUTBOX.c.recipient, OUTBOX.c.id, OUTBOX.c.first_at).where(_WAITS)
_COLUMNS = columns_for(OUTBOX, MessageRecord)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The reminders that wait to be gathered for one person."""

    recipient: str
    ids: tuple[int, ...]
    since: datetime  # when the first of them fell due


@dataclass(frozen=True, slots=True)
class Unsent:
    """A digest that nobody has begun to send, with the moment of its reminders."""

    id: int
    key: str
    first_at: datetime


class GatheringStore:
    """What waits to be gathered, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self) -> list[Waiting]:
        """What waits, by person, in the order in which it was put."""
        found: dict[str, list[tuple[int, datetime]]] = {}
        for recipient, identity, first_at in self._connection.execute(_WAITING):
            found.setdefault(recipient, []).append((identity, first_at))
        return [
            Waiting(recipient, tuple(sorted(one[0] for one in rows)), min(one[1] for one in rows))
            for recipient, rows in sorted(found.items())
        ]

    def lock(self, ids: Sequence[int]) -> list[MessageRecord]:
        """Take those of them that still wait for this transaction, in order."""
        rows: list[MessageRecord] = []
        for some in _parts(ids):
            mine = select(*_COLUMNS).where(OUTBOX.c.id.in_(some), _WAITS).with_for_update()
            rows += [read_as(MessageRecord, row) for row in self._connection.execute(mine)]
        return sorted(rows, key=lambda one: one.id)

    def let_go(self, ids: Sequence[int]) -> None:
        """They leave by themselves, due since they were put."""
        for some in _parts(ids):
            free = update(OUTBOX).where(OUTBOX.c.id.in_(some), _WAITS)
            self._connection.execute(free.values(owner=None, next_at=OUTBOX.c.first_at))

    def merge(self, ids: Sequence[int], into: str, reason: str) -> None:
        """End them unsaid because the message of that key says them too."""
        for some in _parts(ids):
            ended = update(OUTBOX).where(OUTBOX.c.id.in_(some))
            values = {"state": OutboxState.CANCELLED, "ended_reason": reason, "owner": into}
            self._connection.execute(ended.values(values))

    def unsent(self, recipient: str) -> Unsent | None:
        """The digest for a person that nobody has begun to send; it is taken for this work."""
        mine = select(*columns_for(OUTBOX, Unsent)).where(
            _UNBEGUN, OUTBOX.c.kind == DIGEST, OUTBOX.c.recipient == recipient
        )
        row = self._connection.execute(mine.order_by(OUTBOX.c.id).limit(1).with_for_update())
        found = row.one_or_none()
        return None if found is None else read_as(Unsent, found)

    def held_by(self, digest: Unsent) -> list[MessageRecord]:
        """The reminders that a digest says."""
        mine = select(*_COLUMNS).where(
            OUTBOX.c.first_at >= digest.first_at,
            OUTBOX.c.owner == digest.key,
            OUTBOX.c.state == word(OutboxState.CANCELLED),
        )
        rows = (read_as(MessageRecord, row) for row in self._connection.execute(mine))
        return sorted(rows, key=lambda one: one.id)


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
