"""Messages that must leave: put once by key, claimed under a lease, settled behind a fence."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Update, and_, bindparam, func, or_, select, update

from storage.brakes import BrakeStore
from storage.cancelling import CANCEL_CASE, CANCEL_CLOCK, take_out
from storage.claiming import CLAIM, claiming
from storage.columns import columns_for, is_new, passed, read_as, values_of
from storage.failpoints import Point
from storage.states import Channel, ClockState, OutboxState, Outcome
from storage.tables.base import word
from storage.tables.clocks import CLOCK
from storage.tables.messages import ATTEMPT, GATHERING, OUTBOX, RECALL, UNSENT

LEASE = timedelta(seconds=30)
# How long a reminder waits for the others of its moment at most. They are gathered within seconds;
# this is how soon it leaves by itself if nothing gathers any more.
GATHERED_WITHIN = timedelta(minutes=10)
OVERDUE = timedelta(seconds=45)  # when nobody has said what another replica should have said
RECALL_WITHIN = timedelta(seconds=5)  # what left so lately is called back (R13)


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message as it is written beside its cause; the payload is rendered once, here and now."""

    key: str  # what makes it be said once, whoever asks again
    kind: str
    channel: Channel
    recipient: str  # userid, name of a robot, or chat id
    payload: str  # the JSON body; retries repeat it byte for byte (R9)
    reason: str  # why it is said, in the reader's words
    priority: int  # 0 click answer, 1 answer, 2 top grade card … 6 digest
    next_at: datetime
    case_id: int | None = None
    clock_id: int | None = None
    generation: int | None = None  # of the clock: a later one makes this message unwanted
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this sender, and no other, may say until its lease ends."""

    id: int
    key: str
    kind: str
    channel: Channel
    recipient: str
    payload: str
    attempt: int  # counts from 1
    epoch: int
    owner: str
    mentions: tuple[str, ...]
    case_id: int | None
    priority: int
    reason: str
    clock_id: int | None
    generation: int | None
    next_at: datetime  # when it fell due; not to be said while the clock shows less


@dataclass(frozen=True, slots=True)
class Recall:
    """A message that left while its cause was ending; it is to be called back."""

    id: int
    key: str
    msgid: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that will not be tried again; somebody has to know (R14)."""

    id: int
    key: str
    kind: str
    channel: Channel
    recipient: str
    case_id: int | None
    reason: str
    errcode: int | None
    error: str | None


_MINE = and_(
    OUTBOX.c.id == bindparam("which_row"),
    OUTBOX.c.epoch == bindparam("fence"),
    OUTBOX.c.owner == bindparam("by"),
)
_MINE_CLAIMED = and_(_MINE, OUTBOX.c.state == word(OutboxState.CLAIMED))
_ATTEMPT = and_(
    ATTEMPT.c.outbox_id == bindparam("which_row"), ATTEMPT.c.epoch == bindparam("fence")
)
_END_ATTEMPT = (
    update(ATTEMPT)
    .where(_ATTEMPT)
    .values(ended_at=bindparam("at"), outcome=bindparam("how"), errcode=bindparam("code"))
)
_SENT = (
    update(OUTBOX)
    # A message cancelled while it was on the wire has left all the same: the record says so.
    .where(_MINE, OUTBOX.c.state.in_([OutboxState.CLAIMED, OutboxState.CANCELLED]))
    .values(
        state=OutboxState.SENT,
        msgid=bindparam("message_id"),
        sent_at=bindparam("at"),
        lease_until=None,
        error=None,
    )
)
_WANTED = (
    select(OUTBOX.c.id)
    .outerjoin(CLOCK, CLOCK.c.id == OUTBOX.c.clock_id)
    .where(
        OUTBOX.c.id == bindparam("which_row"),
        OUTBOX.c.state == OutboxState.CLAIMED,
        or_(
            OUTBOX.c.clock_id.is_(None),
            and_(
                CLOCK.c.state == ClockState.RUNNING,
                CLOCK.c.generation == OUTBOX.c.generation,
            ),
        ),
    )
)

_RECALLS = (
    select(*columns_for(OUTBOX, Recall))
    .where(RECALL, OUTBOX.c.msgid.is_not(None))
    .order_by(OUTBOX.c.id)
    .limit(bindparam("most"))
)

# As an expression: the index on first_at would lead through all that was ever said, the one on
# what is unsent through a few.
_FIRST_AT = func.coalesce(OUTBOX.c.first_at, OUTBOX.c.next_at, type_=OUTBOX.c.first_at.type)


class OutboxStore:
    """The outbox in one transaction."""

    def __init__(self, connection: Connection, brakes: BrakeStore) -> None:
        self._connection = connection
        self._brakes = brakes
        self.has_put = False
        self.news: list[NewMessage] = []  # what this transaction has put

    def put(self, message: NewMessage, *, gathers: bool = False) -> bool:
        """Write a message to be said; False when its key is there already.

        One that `gathers` waits until those of its moment to the same person are known.
        """
        values = values_of(message) | {
            "payload_sha": hashlib.sha256(message.payload.encode()).hexdigest(),
            "state": OutboxState.NEW,
            "first_at": message.next_at,
            "epoch": 0,
            "attempts": 0,
            "recall": False,
        }
        if gathers:
            values |= {"next_at": message.next_at + GATHERED_WITHIN, "owner": GATHERING}
        was_put = is_new(self._connection, OUTBOX, ("key",), values)
        self.has_put = self.has_put or was_put
        if was_put:
            self.news.append(message)
        passed(self._connection, Point.OUTBOX_WRITTEN)
        return was_put

    def claim(
        self,
        now: datetime,
        owner: str,
        limit: int = 20,
        *,
        clock: datetime | None = None,
        theirs: Channel | None = None,
    ) -> list[Claimed]:
        """Lease the most urgent waiting messages to `owner` for 30 s, and note an attempt of each.

        Args:
            now: the moment that decides what is due.
            owner: who claims: one name for each sender process and thread.
            limit: how many at most.
            clock: what the lease is measured by, where `now` is shifted for a demonstration.
            theirs: a channel that another replica holds; what has waited too long is taken anyway.
        """
        clock = now if clock is None else clock
        values = {"now": now, "clock": clock, "most": limit, "until": clock + LEASE, "by": owner}
        values |= {"theirs": theirs or "", "overdue": now - OVERDUE}
        held = self._brakes.condition()
        statement = CLAIM if held is None else claiming(~held)
        rows = self._connection.execute(statement, values).all()
        if not rows:
            return []
        ordered = sorted(rows, key=lambda row: (row.priority, row.next_at, row.id))
        claims = [read_as(Claimed, row) for row in ordered]
        started = [
            {"outbox_id": claim.id, "epoch": claim.epoch, "started_at": clock} for claim in claims
        ]
        self._connection.execute(ATTEMPT.insert(), started)
        return claims

    def still_wanted(self, outbox_id: int) -> bool:
        """Look again before speaking: still claimed, and its clock runs in the same generation."""
        wanted = self._connection.execute(_WANTED, {"which_row": outbox_id})
        return wanted.one_or_none() is not None

    def sent(self, claim: Claimed, msgid: str | None, now: datetime) -> bool:
        """It has left; False when another sender has claimed it since (fenced: do nothing)."""
        values = _of(claim) | {"message_id": msgid, "at": now}
        if self._connection.execute(_SENT, values).rowcount == 0:
            return False
        self._end_attempt(claim, Outcome.OK, 0, now)
        return True

    def replaced(self, claim: Claimed, errcode: int, reason: str, now: datetime) -> bool:
        """It is said another way: ended unsaid with the reason; False: fenced or cancelled."""
        ended: dict[str, object] = {"state": OutboxState.CANCELLED, "ended_reason": reason}
        return self._not_sent(claim, ended, (Outcome.REFUSED, errcode), now)

    def refused(
        self, claim: Claimed, errcode: int, text: str, now: datetime, retry_at: datetime | None
    ) -> bool:
        """The platform said no: again at `retry_at`, or never; False: fenced or cancelled since."""
        ended: dict[str, object] = {"errcode": errcode, "error": text}
        if retry_at is None:
            ended |= {"state": OutboxState.FAILED, "ended_reason": text}
        else:
            ended |= {"state": OutboxState.RETRY, "next_at": retry_at}
        return self._not_sent(claim, ended, (Outcome.REFUSED, errcode), now)

    def unknown(self, claim: Claimed, now: datetime, retry_at: datetime | None) -> bool:
        """No clear answer: again at `retry_at` with the same bytes; None once a repeat would show.

        False: fenced, or cancelled since.
        """
        ended: dict[str, object] = {"error": "没有明确答复"}
        if retry_at is None:
            ended |= {"state": OutboxState.FAILED, "ended_reason": "没有明确答复"}
        else:
            ended |= {"state": OutboxState.RETRY, "next_at": retry_at}
        return self._not_sent(claim, ended, (Outcome.UNKNOWN, None), now)

    def release(self, claim: Claimed, next_at: datetime | None = None) -> bool:
        """Give it back unsaid, as if never claimed, to be due at `next_at` if given."""
        values: dict[str, object] = {
            "state": OutboxState.RETRY if claim.attempt > 1 else OutboxState.NEW,
            "attempts": OUTBOX.c.attempts - 1,
            "lease_until": None,
            "owner": None,
        }
        if next_at is not None:
            values["next_at"] = next_at
        return self._unsaid(claim, values)

    def drop(self, claim: Claimed, reason: str, now: datetime) -> bool:
        """It is not wanted any more: end it unsaid, with the reason."""
        values = {"state": OutboxState.CANCELLED, "ended_reason": reason, "lease_until": None}
        del now
        return self._unsaid(claim, values | {"attempts": OUTBOX.c.attempts - 1})

    def earlier_unknown(self, outbox_id: int, epoch: int) -> bool:
        """Whether an attempt before `epoch` may have reached the platform (R9, errcode 42014)."""
        earlier = select(ATTEMPT.c.id).where(
            ATTEMPT.c.outbox_id == outbox_id,
            ATTEMPT.c.epoch < epoch,
            or_(ATTEMPT.c.outcome.is_(None), ATTEMPT.c.outcome != Outcome.REFUSED),
        )
        return self._connection.execute(earlier.limit(1)).first() is not None

    def cancel_for_clock(self, clock_id: int, reason: str, now: datetime) -> int:
        """Cancel what a clock wanted said and nobody has said yet; return how many.

        What is on the wire, or left within 5 s, is marked to be called back. A digest that names
        it and has not been begun is made anew without it.
        """
        take_out(self._connection, clock_id, now + GATHERED_WITHIN)
        return self._cancel(CANCEL_CLOCK, clock_id, reason, now)

    def cancel_for_case(self, case_id: int, reason: str, now: datetime) -> int:
        """The same for all clocks of a case. Answers and notices, which no clock wanted, leave."""
        return self._cancel(CANCEL_CASE, case_id, reason, now)

    def recalls(self, limit: int = 20) -> list[Recall]:
        """Messages to be called back, whose msgid is known."""
        rows = self._connection.execute(_RECALLS, {"most": limit})
        return [read_as(Recall, row) for row in rows]

    def recalled(self, outbox_id: int, outcome: str) -> None:
        """It was called back, or could not be: not to be tried again."""
        done = update(OUTBOX).where(OUTBOX.c.id == outbox_id)
        self._connection.execute(done.values(recall=False, ended_reason=outcome))

    def dead_letters(self, limit: int = 50) -> list[DeadLetter]:
        """What could not be said, the latest first."""
        dead = select(*columns_for(OUTBOX, DeadLetter)).where(
            OUTBOX.c.state == word(OutboxState.FAILED)
        )
        rows = self._connection.execute(dead.order_by(OUTBOX.c.id.desc()).limit(limit))
        return [read_as(DeadLetter, row) for row in rows]

    def revive(self, outbox_id: int, now: datetime) -> bool:
        """Try a dead letter again at `now`."""
        again = update(OUTBOX).where(OUTBOX.c.id == outbox_id, OUTBOX.c.state == OutboxState.FAILED)
        again = again.values(state=OutboxState.RETRY, next_at=now, ended_reason=None)
        is_revived = self._connection.execute(again).rowcount == 1
        self.has_put = self.has_put or is_revived
        return is_revived

    def counts(self, since: datetime) -> Mapping[OutboxState, int]:
        """How many stand where: of the unsent all, of the others those due at or after `since`."""
        by_state = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
        recent = by_state.where(OUTBOX.c.first_at >= since, ~_is_unsent())
        found = dict.fromkeys(OutboxState, 0)
        for statement in (by_state.where(UNSENT), recent):
            found |= {row[0]: row[1] for row in self._connection.execute(statement)}
        return found

    def late_count(self, now: datetime) -> int:
        """How many messages are due and have not left, without those that a brake holds."""
        late = select(func.count()).select_from(OUTBOX).where(UNSENT, now >= _FIRST_AT)
        if (held := self._brakes.condition()) is not None:
            late = late.where(~held)
        return self._connection.execute(late).scalar_one()

    def oldest_waiting(self, now: datetime) -> datetime | None:
        """When the message that has waited longest was first due; None when none is late.

        What a brake holds does not wait: somebody has decided so.
        """
        oldest = select(func.min(_FIRST_AT)).where(UNSENT, now >= _FIRST_AT)
        if (held := self._brakes.condition()) is not None:
            oldest = oldest.where(~held)
        moment: datetime | None = self._connection.execute(oldest).scalar_one()
        return moment

    def _not_sent(
        self,
        claim: Claimed,
        ended: dict[str, object],
        outcome: tuple[Outcome, int | None],
        now: datetime,
    ) -> bool:
        ended |= {"lease_until": None, "owner": None}
        statement = update(OUTBOX).where(_MINE_CLAIMED).values(ended)
        is_mine = self._connection.execute(statement, _of(claim)).rowcount == 1
        if not is_mine and not self._forget_recall(claim):
            return False
        self._end_attempt(claim, *outcome, now)
        return is_mine

    def _forget_recall(self, claim: Claimed) -> bool:
        # Cancelled while on the wire and not known to have arrived: there is nothing to call back.
        cancelled = update(OUTBOX).where(_MINE, OUTBOX.c.state == OutboxState.CANCELLED)
        return self._connection.execute(cancelled.values(recall=False), _of(claim)).rowcount == 1

    def _unsaid(self, claim: Claimed, values: dict[str, object]) -> bool:
        statement = update(OUTBOX).where(_MINE_CLAIMED).values(values)
        is_mine = self._connection.execute(statement, _of(claim)).rowcount == 1
        if is_mine or self._forget_recall(claim):
            # Nothing went out: an attempt left open would count as unknown.
            self._connection.execute(ATTEMPT.delete().where(_ATTEMPT), _of(claim, by=False))
        return is_mine

    def _end_attempt(
        self, claim: Claimed, outcome: Outcome, errcode: int | None, now: datetime
    ) -> None:
        values = _of(claim, by=False) | {"at": now, "how": outcome, "code": errcode}
        self._connection.execute(_END_ATTEMPT, values)

    def _cancel(
        self, statements: tuple[Update, Update], which: int, reason: str, now: datetime
    ) -> int:
        unsent, just_sent = statements
        values = {"which": which, "why": reason}
        cancelled = self._connection.execute(unsent, values).rowcount
        self._connection.execute(just_sent, {"which": which, "lately": now - RECALL_WITHIN})
        passed(self._connection, Point.OUTBOX_CANCELLED)
        return cancelled


def _of(claim: Claimed, *, by: bool = True) -> dict[str, object]:
    fence: dict[str, object] = {"which_row": claim.id, "fence": claim.epoch}
    return fence | {"by": claim.owner} if by else fence


def _is_unsent() -> ColumnElement[bool]:
    return OUTBOX.c.state.in_([OutboxState.NEW, OutboxState.RETRY, OutboxState.CLAIMED])
