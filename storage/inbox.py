"""Callbacks that were answered 200: kept once, carried out in order, one sender after another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, Select, and_, exists, func, select, update

from storage.columns import columns_for, insert_unless, passed, read_as
from storage.failpoints import Point
from storage.states import Channel, InboxState
from storage.tables.base import word
from storage.tables.messages import INBOX


@dataclass(frozen=True, slots=True)
class InboxRecord:
    """One callback as the door keeps it: key and sender readable, the rest still encrypted."""

    key: str  # channel, agent and MsgId, else the hash of the plaintext (R1)
    channel: Channel
    agent_id: str
    sender: str
    created_at: datetime  # CreateTime of the inner message
    received_at: datetime
    envelope: bytes
    timestamp: str
    nonce: str
    signature: str


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A kept callback to be carried out now."""

    id: int
    key: str
    channel: Channel
    agent_id: str
    sender: str
    created_at: datetime
    received_at: datetime
    envelope: bytes | None
    query: Mapping[str, str]
    tries: int


_WAITING = word(InboxState.WAITING)
_EARLIER = INBOX.alias("earlier")
_NEXT = (
    select(*columns_for(INBOX, InboxItem))
    .where(
        INBOX.c.state == _WAITING,
        ~exists().where(
            and_(
                _EARLIER.c.state == _WAITING,
                _EARLIER.c.sender == INBOX.c.sender,
                _EARLIER.c.id < INBOX.c.id,
            )
        ),
    )
    .order_by(INBOX.c.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=INBOX)
)


def _around(behind: Sequence[str]) -> Iterator[Select[InboxItem]]:
    """The same for all other senders, range by range of their names.

    Tens of thousands of rows may wait of those who are left out, and are never walked over.
    """
    sender, edges = INBOX.c.sender, sorted(behind)
    ranges = [
        sender < edges[0],
        *(and_(sender > low, sender < high) for low, high in pairwise(edges)),
        sender > edges[-1],
    ]
    for within in ranges:
        # Sorted by a sum, or the order would be taken from an index that begins with those rows.
        asked = _NEXT.where(within, sender.not_in(edges))
        yield asked.order_by(None).order_by(INBOX.c.id + 0)


class InboxStore:
    """The inbox in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.has_kept = False

    def keep(self, records: Sequence[InboxRecord]) -> None:
        """Keep callbacks in the order given; one whose key is known already is left as it was."""
        if not records:
            return
        values = [
            {
                "key": record.key,
                "channel": record.channel,
                "agent_id": record.agent_id,
                "sender": record.sender,
                "created_at": record.created_at,
                "received_at": record.received_at,
                "envelope": record.envelope,
                "query": {
                    "timestamp": record.timestamp,
                    "nonce": record.nonce,
                    "signature": record.signature,
                },
                "state": InboxState.WAITING,
                "tries": 0,
            }
            for record in records
        ]
        self._connection.execute(insert_unless(self._connection, INBOX, "key"), values)
        self.has_kept = True
        passed(self._connection, Point.INBOX_INSERTED)

    def next_waiting(self, behind: Sequence[str] = ()) -> InboxItem | None:
        """Take the oldest waiting callback whose sender has no earlier one waiting.

        Senders `behind` come after all others. It stays locked by this transaction: `done` and the
        commit settle it, a rollback leaves it waiting. None: nothing to do, or others are at it.
        """
        for asked in (*(_around(behind) if behind else ()), _NEXT):
            row = self._connection.execute(asked).one_or_none()
            if row is not None:
                return read_as(InboxItem, row)
        return None

    def done(self, inbox_id: int, outcome: str, now: datetime) -> None:
        """It has been carried out: erase the envelope, keep key and outcome."""
        self._settle(inbox_id, InboxState.DONE, outcome, now)

    def quarantine(self, inbox_id: int, reason: str, now: datetime) -> None:
        """It is authentic but stale or malformed: keep the envelope, carry nothing out."""
        self._settle(inbox_id, InboxState.QUARANTINED, reason, now)

    def put_aside(self, inbox_id: int, reason: str, now: datetime) -> None:
        """It cannot be carried out by this program: the sender's next ones go on without it."""
        self._settle(inbox_id, InboxState.ASIDE, reason, now)

    def requeue(self, inbox_id: int) -> bool:
        """Let one that was put aside or quarantined wait again; False if its envelope is gone."""
        again = (
            update(INBOX)
            .where(
                INBOX.c.id == inbox_id,
                INBOX.c.state.in_([InboxState.ASIDE, InboxState.QUARANTINED]),
                INBOX.c.envelope.is_not(None),
            )
            .values(state=InboxState.WAITING, tries=0, outcome=None, done_at=None)
        )
        self.has_kept = self._connection.execute(again).rowcount == 1
        return self.has_kept

    def requeue_asked(self, sender: str, outcome: str) -> None:
        """Let what a sender's messages were put aside for as `outcome` wait again, in order."""
        again = update(INBOX).where(
            INBOX.c.sender == sender,
            INBOX.c.state == word(InboxState.ASIDE),
            INBOX.c.outcome == outcome,
        )
        again = again.values(state=InboxState.WAITING, tries=0, outcome=None, done_at=None)
        if self._connection.execute(again).rowcount:
            self.has_kept = True

    def failed_once(self, inbox_id: int) -> int:
        """Count a failure, in a transaction of its own; return how many there have been."""
        counted = (
            update(INBOX)
            .where(INBOX.c.id == inbox_id)
            .values(tries=INBOX.c.tries + 1)
            .returning(INBOX.c.tries)
        )
        tries: int = self._connection.execute(counted).scalar_one()
        return tries

    def has(self, key: str) -> bool:
        """Whether a callback with this key was ever kept: the way to resolve an unknown commit."""
        known = select(INBOX.c.id).where(INBOX.c.key == key)
        return self._connection.execute(known).first() is not None

    def waiting_count(self) -> int:
        """How many wait."""
        waiting = select(func.count()).select_from(INBOX).where(INBOX.c.state == _WAITING)
        return self._connection.execute(waiting).scalar_one()

    def oldest_waiting(self) -> datetime | None:
        """When the longest waiting one was received."""
        oldest = select(func.min(INBOX.c.received_at)).where(INBOX.c.state == _WAITING)
        moment: datetime | None = self._connection.execute(oldest).scalar_one()
        return moment

    def forget_before(self, moment: datetime) -> int:
        """Drop what was done before `moment`; keys are needed 30 days at least (R1)."""
        old = INBOX.delete().where(INBOX.c.state == InboxState.DONE, INBOX.c.done_at < moment)
        return self._connection.execute(old).rowcount

    def _settle(self, inbox_id: int, state: InboxState, outcome: str, now: datetime) -> None:
        values: dict[str, object] = {"state": state, "outcome": outcome, "done_at": now}
        if state is InboxState.DONE:
            values |= {"envelope": None, "query": {}}
        self._connection.execute(update(INBOX).where(INBOX.c.id == inbox_id).values(values))
