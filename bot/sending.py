"""Says what waits in the outbox: claim, look again, keep within the limits, send, settle.

Whatever happens in between, a message is settled by the one who claimed it or claimed again when
his lease has ended; a repeat carries the same bytes, so that the platform can recognise it (R9).
"""

import json
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from bot.breakers import Breakers, Cause
from bot.budgets import Budgets, ExhaustedError, draw
from bot.gateway import Gateway, GiveUp, Outcome, Scope, Sent, TryLater, Unknown
from bot.loop import Loop
from bot.other_way import TRIES_BY_ROBOT, instead_of, proves_delivery
from bot.retries import (
    REVISION,
    fault_of,
    form_of,
    is_card,
    is_message,
    revised,
    tries_in_doubt,
    wait_after,
)
from bot.send_pool import hands
from bot.shut_lanes import ShutLanes
from bot.tenant import trusts_task_ids
from cases.cards import task_of
from cases.phone_call import KIND as CALL
from storage.database import Database
from storage.errors import Unavailable
from storage.failpoints import Step, about, hit
from storage.outbox import Claimed
from storage.states import Channel
from storage.work import Work

logger = logging.getLogger(__name__)

TRUST_SECONDS = 15.0  # of the lease's 30 s: a send is over within 13 s (R8)
_MAX_REVISIONS = 2
_BEHIND = timedelta(seconds=1)  # how long a message waits behind one to the same recipient
_BUSY = -1
_KNOWN_TASK = 42014
_NOT_HEARD = "此人不在应用可见范围或没有许可"
_TO_PEOPLE = frozenset({Channel.APP, Channel.ROBOT})  # whose silence somebody must hear of

Clock = Callable[[], datetime]
OnUndeliverable = Callable[[Work, Claimed, str, datetime], None]
OnSent = Callable[[Work, Claimed, str, datetime], None]  # with the card's response_code, if any
OnRefused = Callable[[Work, Claimed, int, str, datetime], bool]  # whether it was dealt with


@dataclass(frozen=True, slots=True)
class Manner:
    """How a sender goes about it. The defaults are those of a production service."""

    budgets: Budgets = field(default_factory=Budgets)
    threads: int = 16  # messages to different people leave side by side; 0: one after another
    batch: int = 32  # messages claimed at once, under one lease
    # Whether 42014 after an unknown outcome proves delivery. Documented by one report only: None
    # goes by what was recorded of the real tenant (V3), and until then a card in doubt is sent
    # again under a new task_id (R9).
    trusts_task_ids: bool | None = None
    # The channel that another replica speaks on just now: only it holds the robot's connection.
    theirs: Callable[[], Channel | None] = lambda: None


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What follows in the settling transaction: where a card or a group goes on from there."""

    on_sent: OnSent = lambda *_: None
    on_refused: OnRefused = lambda *_: False


class Sender:
    """Sends what is due. Any number of them may share a database.

    `owner` must differ from that of every other sender, in this process and elsewhere.
    `on_undeliverable` is called in the settling transaction when a recipient cannot be reached: it
    tells the next person. `clock` decides what is due, `real_clock` measures leases: the first is
    shifted in a demonstration, the second never.
    """

    def __init__(  # noqa: PLR0913  the composition root hands each part over by name
        self,
        database: Database,
        gateway: Gateway,
        *,
        owner: str,
        clock: Clock,
        real_clock: Clock,
        on_undeliverable: OnUndeliverable,
        manner: Manner | None = None,
        aftermath: Aftermath | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._owner = owner
        self._clock = clock
        self._real_clock = real_clock
        self._on_undeliverable = on_undeliverable
        self._manner = manner or Manner()
        self._aftermath = aftermath or Aftermath()
        self._monotonic = monotonic
        self._breakers = Breakers()
        self._shut = ShutLanes(self._breakers)
        self._pool = hands(self._manner.threads)
        self._flying: dict[Future[None], tuple[str, str]] = {}  # whose messages are on the wire
        self._loop = Loop("sender", wake=database.wake, turn=self._keep_sending)

    def start(self) -> None:
        """Begin to send, at each ring of the database's bell and every second."""
        self._loop.start()

    def stop(self) -> None:
        """Finish what is on the wire, give the rest back, then end."""
        self._loop.stop()
        self._pool.shutdown()

    def send_waiting(self) -> int:
        """Send all that is due and see it settled; return how many were claimed."""
        count = 0
        while not self._loop.is_stopping and (claimed := self._launch()):
            count += claimed
            self._land(len(self._flying))
        self._recall()
        return count

    def _keep_sending(self) -> None:
        """Send all that is due, without waiting for an answer that is slow to come."""
        while not self._loop.is_stopping:
            self._land(len(self._flying) - self._manner.threads + 1)  # no claims without hands free
            if self._launch() < self._manner.batch:
                break  # nothing else was due; whatever is put from now on rings the bell
        self._recall()

    def _launch(self) -> int:
        """Claim a batch and begin to say it, each recipient's messages one after another."""
        trusted_until = self._monotonic() + TRUST_SECONDS
        now = self._clock()
        with self._database.work(Step.CLAIM) as work:
            claims = work.outbox.claim(
                now,
                self._owner,
                self._manner.batch,
                clock=self._real_clock(),
                theirs=self._manner.theirs(),
            )
        groups: dict[tuple[str, str], list[Claimed]] = {}  # the most urgent recipient first
        for claim in claims:
            groups.setdefault((claim.channel, claim.recipient), []).append(claim)
        busy = set(self._flying.values())
        for recipient, group in groups.items():
            if recipient in busy:  # his earlier message is still on the wire: not past it
                self._give_back(group, now + _BEHIND)
            else:
                flight = self._pool.submit(self._say_all, group, trusted_until)
                self._flying[flight] = recipient
        return len(claims)

    def _land(self, count: int) -> None:
        """Wait until `count` more groups are through, and pass on what went wrong with any."""
        wanted = len(self._flying) - count
        while len(self._flying) > max(wanted, 0):
            wait(self._flying, return_when=FIRST_COMPLETED)
            self._collect()
        self._collect()

    def _collect(self) -> None:
        for flight in [flight for flight in self._flying if flight.done()]:
            del self._flying[flight]
            flight.result()

    def _give_back(self, claims: Sequence[Claimed], next_at: datetime | None) -> None:
        with self._database.work(Step.MARK) as work:
            for claim in claims:
                work.outbox.release(claim, next_at)

    def _say_all(self, claims: Sequence[Claimed], trusted_until: float) -> None:
        for claim in claims:
            if self._loop.is_stopping or self._monotonic() > trusted_until:
                self._give_back([claim], None)
                continue
            try:
                with about(partial(form_of, claim)):
                    self._say(claim)
            except Unavailable:
                raise
            except Exception:  # one message that raises must not silence all the others
                logger.exception("message %s failed", claim.key)
                self._settle(claim, Unknown("发送程序出错，请管理员查看日志"))

    def _say(self, claim: Claimed) -> None:
        fault = fault_of(claim.channel, claim.payload)
        if fault is not None:
            self._settle(claim, GiveUp(0, f"{fault}，请把编号告诉系统管理员", Scope.MESSAGE))
        elif self._may_leave(claim):
            hit("send.guarded")  # S04
            if self._clock() < claim.next_at:  # it went back since: never early, whatever it does
                self._give_back([claim], None)
                return
            self._settle(claim, self._gateway.send(claim.channel, claim.recipient, claim.payload))

    def _may_leave(self, claim: Claimed) -> bool:
        """Look again, and draw on the budgets; what may not leave now is given back."""
        now = self._clock()
        lane = _lane(claim)
        try:
            with self._database.work() as work:
                if not work.outbox.still_wanted(claim.id):
                    work.outbox.drop(claim, "发送前情况已变，不再需要", now)
                    return False
                if work.brakes.holds(claim.id):  # pulled since it was claimed
                    work.outbox.release(claim, now)
                    return False
                if (until := self._breakers.wait_until(lane, now)) is not None:
                    self._shut.note(work, lane)
                    if not self._diverted(work, claim, TryLater(None, "暂停发送中", 0), now):
                        work.outbox.release(claim, until)
                    return False
                draw(work, self._manner.budgets.of(claim.channel, claim.recipient), now)
        except ExhaustedError as exhausted:
            self._breakers.not_tried(lane, now)
            with self._database.work() as work:
                if not self._diverted(work, claim, TryLater(None, "这个会话发得太密", 0), now):
                    work.outbox.release(claim, exhausted.until)
            return False
        return True

    def _settle(self, claim: Claimed, outcome: Outcome) -> None:
        """Record the outcome. A fenced record changes nothing: another sender has the message."""
        now = self._clock()
        lane = _lane(claim)
        if isinstance(outcome, Unknown):
            self._breakers.fault(lane, now)
        with self._database.work(Step.MARK) as work:
            if _proves_open(outcome) and self._breakers.succeeded(lane):
                work.alarms.end(_held(claim), now)
            is_mine = self._record(work, claim, outcome, now)
            self._shut.note(work, lane)
        if not is_mine:
            logger.warning("message %s is another sender's now; nothing recorded", claim.key)
        if isinstance(outcome, Unknown):
            hit("send.unknown_recorded")  # S15
        elif isinstance(outcome, TryLater):
            hit("send.retry_scheduled")  # S16

    def _diverted(
        self, work: Work, claim: Claimed, outcome: TryLater | GiveUp | Unknown, now: datetime
    ) -> bool:
        """Say it another way, where there is one; the reason is recorded on both rows."""
        instead = instead_of(claim, outcome.text, now)
        if instead is None:
            return False
        errcode = 0 if isinstance(outcome, Unknown) else outcome.errcode or 0
        if work.outbox.replaced(claim, errcode, instead.reason, now):
            work.outbox.put(instead)
        return True

    def _record(self, work: Work, claim: Claimed, outcome: Outcome, now: datetime) -> bool:
        is_last = claim.channel == Channel.AIBOT and claim.attempt >= TRIES_BY_ROBOT
        match outcome:
            case TryLater() | Unknown() if is_last and self._diverted(work, claim, outcome, now):
                return True
            case Sent():
                return self._sent(work, claim, outcome, now)
            case TryLater():
                return self._later(work, claim, outcome, now)
            case Unknown():
                return self._unknown(work, claim, outcome, now)
            case GiveUp():
                return self._given_up(work, claim, outcome, now)
        assert_never(outcome)

    def _sent(self, work: Work, claim: Claimed, outcome: Sent, now: datetime) -> bool:
        if claim.recipient.casefold() in outcome.invalid and is_message(claim.payload):
            # Taken by the platform for nobody: that is no delivery, whatever its errcode.
            is_mine = work.outbox.refused(claim, 0, _NOT_HEARD, now, None)
            if is_mine:
                self._on_undeliverable(work, claim, _NOT_HEARD, now)
            return is_mine
        is_mine = work.outbox.sent(claim, outcome.msgid or None, now)
        if is_mine:
            self._aftermath.on_sent(work, claim, outcome.response_code, now)
        return is_mine

    def _later(self, work: Work, claim: Claimed, outcome: TryLater, now: datetime) -> bool:
        lane = _lane(claim)
        retry_at = now + wait_after(claim.attempt, claim.key, is_quick=outcome.errcode == _BUSY)
        if outcome.pauses_channel:
            until = self._breakers.pause(lane, now, Cause.LIMIT, outcome.after_seconds)
            retry_at = max(retry_at, until)
        elif outcome.errcode is None:
            self._breakers.fault(lane, now)
        return work.outbox.refused(claim, outcome.errcode or 0, outcome.text, now, retry_at)

    def _unknown(self, work: Work, claim: Claimed, outcome: Unknown, now: datetime) -> bool:
        if claim.attempt < tries_in_doubt(claim.payload):
            return work.outbox.unknown(claim, now, now + wait_after(claim.attempt, claim.key))
        self._bury(work, claim, outcome.text, now)
        return work.outbox.unknown(claim, now, None)

    def _given_up(self, work: Work, claim: Claimed, outcome: GiveUp, now: datetime) -> bool:
        if outcome.errcode == _KNOWN_TASK and is_card(claim.payload):
            return self._known_task(work, claim, outcome, now)
        if proves_delivery(claim, outcome) and work.outbox.earlier_unknown(claim.id, claim.epoch):
            return work.outbox.sent(claim, None, now)
        until = None
        if outcome.scope is Scope.CHANNEL:
            until = self._breakers.pause(_lane(claim), now, Cause.CONFIGURATION)
            work.alarms.sound(_held(claim), f"发送已暂停: {outcome.text}", now)
        if self._diverted(work, claim, outcome, now):
            return True
        if until is not None:
            return work.outbox.refused(claim, outcome.errcode, outcome.text, now, until)
        is_mine = work.outbox.refused(claim, outcome.errcode, outcome.text, now, None)
        if is_mine and not self._is_dealt_with(work, claim, outcome, now):
            self._bury(work, claim, outcome.text, now)
            if outcome.scope is Scope.RECIPIENT and claim.channel in _TO_PEOPLE:
                self._on_undeliverable(work, claim, outcome.text, now)
        return is_mine

    def _is_dealt_with(self, work: Work, claim: Claimed, outcome: GiveUp, now: datetime) -> bool:
        if outcome.scope is Scope.RECIPIENT and is_message(claim.payload):
            return False  # he cannot be reached, whatever form it takes
        return self._aftermath.on_refused(work, claim, outcome.errcode, outcome.text, now)

    def _known_task(self, work: Work, claim: Claimed, outcome: GiveUp, now: datetime) -> bool:
        """The platform knows the task_id. Only an earlier attempt in doubt makes that a receipt."""
        is_doubtful = work.outbox.earlier_unknown(claim.id, claim.epoch)
        trusted = self._manner.trusts_task_ids
        if is_doubtful and (trusts_task_ids(work) if trusted is None else trusted):
            return work.outbox.sent(claim, None, now)
        revision = claim.key.count(REVISION) + 1
        if revision > _MAX_REVISIONS:
            self._bury(work, claim, outcome.text, now)
            return work.outbox.refused(claim, outcome.errcode, outcome.text, now, None)
        is_mine = work.outbox.refused(claim, outcome.errcode, "已换编号重发", now, None)
        if is_mine:
            again = revised(claim, revision, now)
            work.outbox.put(again)
            work.cards.renamed(task_of(claim.payload), task_of(again.payload), again.key)
            work.alarms.sound(
                "outbox.task_id", f"卡片编号被平台拒绝，已换编号重发: {claim.key}", now
            )
        return is_mine

    def _bury(self, work: Work, claim: Claimed, text: str, now: datetime) -> None:
        """A dead letter is never quiet (R14)."""
        work.alarms.sound(
            "outbox.dead", f"发给 {claim.recipient} 的消息没有送达（{claim.reason}）: {text}", now
        )

    def _recall(self) -> None:
        """Call back what left while its cause was ending (R13)."""
        with self._database.read() as work:
            recalls = work.outbox.recalls()
        for recall in recalls:
            now = self._clock()
            if self._breakers.is_shut(Channel.APP):
                return
            outcome = self._gateway.send(Channel.APP, "", json.dumps({"msgid": recall.msgid}))
            if isinstance(outcome, (TryLater, Unknown)):
                self._breakers.fault(Channel.APP, now)
                continue
            hit("recall.sent")  # C06
            told = "已撤回" if isinstance(outcome, Sent) else f"未能撤回: {outcome.text}"
            with self._database.work(Step.MARK) as work:
                work.outbox.recalled(recall.id, told)


def _proves_open(outcome: Outcome) -> bool:
    """Whether the platform has dealt with the message itself, even if it refused it."""
    if isinstance(outcome, GiveUp):
        return outcome.scope is not Scope.CHANNEL
    return isinstance(outcome, Sent)


def _lane(claim: Claimed) -> str:
    """What is shut together: each robot has its own address, all else shares the app's."""
    if claim.kind == CALL:
        return CALL  # it leaves, and fails, by another network
    if claim.channel == Channel.ROBOT:
        return f"{Channel.ROBOT}:{claim.recipient}"
    return claim.channel


def _held(claim: Claimed) -> str:
    return f"outbox.held.{_lane(claim)}"
