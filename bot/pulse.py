"""The heartbeat: rings due timers, brings home what is in the lifeboat, and notes that it beat.

APScheduler only ticks; what is due stands in our own tables. Messages are sent by the sender's
own thread, so that a slow platform cannot hold up the clocks.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler

from bot.gathering import Gather, Gathering
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.tally import Tally
from storage.database import Database
from storage.errors import ConcurrentChange, Unavailable
from storage.failpoints import Step, about, hit
from storage.inbox import InboxRecord
from storage.settings import LAST_BEAT, LAST_VERIFIED
from storage.timers import DueTimer
from storage.work import Work

logger = logging.getLogger(__name__)

MAX_TRIES = 3
_BATCH = 200
# Timers that share a commit: syncing to disk costs more than ringing. Few enough that a callback
# does not wait long for its turn.
_TOGETHER = 16
_POSTPONE = (timedelta(minutes=1), timedelta(minutes=10))  # after the first and the second failure
_NOTE_EVERY = timedelta(seconds=10)
_OUTAGE = timedelta(minutes=2)  # without a beat of any replica
_AUDIT_EVERY = timedelta(minutes=1)

Clock = Callable[[], datetime]
Ring = Callable[[Work, DueTimer, datetime], None]
CaughtUp = Callable[[Work, datetime, datetime], None]  # nothing beat from one moment to another


@dataclass(frozen=True, slots=True)
class Shore:
    """What the pulse looks after at the callback's side: the lifeboat and the door's tally."""

    lifeboat: Lifeboat
    tally: Tally


class Pulse:
    """Does what is due; a timer that raises leaves nothing behind and holds nobody up.

    `ring` acts on a timer and settles it (fired, skipped or held) in the transaction it is given.
    Safe to run in several processes at once: a timer is locked before it rings.
    """

    def __init__(  # noqa: PLR0913 - the parts it keeps going
        self,
        database: Database,
        *,
        ring: Ring,
        shore: Shore,
        clock: Clock,
        seconds: float = 1.0,
        caught_up: CaughtUp | None = None,
        gather: Gather = lambda *_: False,
    ) -> None:
        """`seconds` between beats; `clock` is read once per beat; `caught_up` after an outage.

        `gather` brings together what has rung for one person, once a beat is over.
        """
        self._database = database
        self._caught_up = caught_up
        self._ring = ring
        self._shore = shore
        self._clock = clock
        self._gathering = Gathering(database, gather, clock)
        self._noted_at: datetime | None = None
        self._audited_at: datetime | None = None
        self._turned_at: float | None = None
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=seconds,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,  # a late tick is still wanted
        )

    def start(self) -> None:
        """Beat from now on."""
        self._scheduler.start()

    def stop(self) -> None:
        """Finish the beat at hand, then end."""
        self._scheduler.shutdown(wait=True)

    def seconds_since_beat(self) -> float | None:
        """How long ago a whole beat turned in this process; None if none has."""
        return None if self._turned_at is None else time.monotonic() - self._turned_at

    def beat(self) -> int:
        """Do everything that is due; return how many timers rang. Raises Unavailable."""
        now = self._clock()
        silent_since = self._silent_since(now)
        count = self._ring_all(now)  # first: nothing below may keep a clock from ringing
        self._bring_home(now)
        self._note(now)
        caught_up = self._caught_up
        if caught_up is not None and silent_since is not None:
            since = silent_since
            self._database.run(lambda work: caught_up(work, since, now))
        self._turned_at = time.monotonic()
        return count

    def _silent_since(self, now: datetime) -> datetime | None:
        """When the last beat of any replica was, if that is so long ago that it was an outage."""
        if self._noted_at is not None and now - self._noted_at <= _OUTAGE:
            return None
        with self._database.read() as work:
            noted = work.settings.get(LAST_BEAT)
        last = datetime.fromisoformat(noted) if isinstance(noted, str) else now
        return last if now - last > _OUTAGE else None

    def _tick(self) -> None:
        try:
            self.beat()
        except Unavailable:
            logger.warning("the database does not answer; timers wait")

    def _ring_all(self, now: datetime) -> int:
        seen: set[int] = set()
        while timers := self._due(now, seen):
            hit("beat.due_selected")  # T01
            seen.update(timer.id for timer in timers)
            for start in range(0, len(timers), _TOGETHER):
                self._ring_these(timers[start : start + _TOGETHER], now)
                self._gathering.goes_on(len(seen), now)
            self._bring_home(now)  # a crowd may ring for long: nobody waits for its end
        self._gathering.is_over(len(seen))
        return len(seen)

    def _due(self, now: datetime, seen: set[int]) -> list[DueTimer]:
        """The next due timers, none of them twice in a beat whatever became of it."""
        with self._database.read() as work:
            due = work.timers.due(now, _BATCH + len(seen) if seen else _BATCH)
        return [timer for timer in due if timer.id not in seen][:_BATCH]

    def _ring_these(self, timers: Sequence[DueTimer], now: datetime) -> None:
        """Ring a few timers in one commit; if that fails, each in a transaction of its own."""
        try:
            self._database.run(lambda work: self._act(work, timers, now), step=Step.RING)
        except Unavailable:
            raise
        except Exception as fault:  # one timer that raises must not silence all the others
            if len(timers) > 1:
                for timer in timers:
                    self._ring_these([timer], now)
            elif isinstance(fault, ConcurrentChange):
                logger.info("timer %s lost its race; the next beat rings it", timers[0].id)
            else:
                logger.exception("timer %s of case %s failed", timers[0].id, timers[0].case_id)
                self._failed(timers[0], now)

    def _act(self, work: Work, timers: Sequence[DueTimer], now: datetime) -> None:
        for timer in timers:
            locked = work.timers.lock(timer.id)
            if locked is not None:  # else it was settled meanwhile, or rings in another replica
                with about(partial(str, locked.kind)):
                    hit("ring.locked")  # T02
                    self._ring(work, locked, now)
                    hit("ring.one_rung")  # T03, T04: the next of the same commit has not

    def _failed(self, timer: DueTimer, now: datetime) -> None:
        with self._database.work() as work:
            if timer.tries + 1 < MAX_TRIES:
                until = now + _POSTPONE[min(timer.tries, len(_POSTPONE) - 1)]
                work.timers.postpone(timer.id, until, "响铃时出错，稍后再试")
                return
            work.timers.put_aside(timer.id, now, f"连续 {MAX_TRIES} 次响铃出错")
            work.alarms.sound(
                "timer.aside",
                f"一个计时提醒出错，已搁置（{timer.kind} {timer.slot}，案卷 {timer.case_id}）。"
                "请管理员查看日志后重新计算计时。",
                now,
            )

    def _bring_home(self, now: datetime) -> None:
        """Put what the lifeboat holds into the inbox, and say that it was needed."""
        state = self._shore.lifeboat.state()
        for path in state.damaged:
            self._sound(
                "lifeboat.damaged", f"救生艇文件有损坏，已另存: {path}。请管理员保留备查。", now
            )
        if not state.size:
            return
        count = self._shore.lifeboat.replay(self._keep)
        if count:
            self._sound("lifeboat.used", "数据库一度没有应答，期间的消息已补登记，没有丢失。", now)
            logger.warning("%d callbacks came home from the lifeboat", count)

    def _keep(self, records: Sequence[InboxRecord]) -> None:
        with self._database.work(Step.KEEP) as work:
            work.inbox.keep(records)

    def _sound(self, kind: str, text: str, now: datetime) -> None:
        with self._database.work() as work:
            work.alarms.sound(kind, text, now)

    def _note(self, now: datetime) -> None:
        """Note the beat for those who watch from elsewhere, and audit what the door refused."""
        if _is_time(self._noted_at, now, _NOTE_EVERY):
            self._noted_at = now
            with self._database.work() as work:
                work.settings.put(LAST_BEAT, now.isoformat())
        if (verified := self._shore.tally.take_verified()) is not None:
            with self._database.work() as work:
                work.settings.put(LAST_VERIFIED, verified.isoformat())
        if _is_time(self._audited_at, now, _AUDIT_EVERY):
            self._audit_refusals(now)

    def _audit_refusals(self, now: datetime) -> None:
        """One row per reason and minute, however many callbacks were refused (A01)."""
        turned = self._shore.tally.take()
        if not turned:
            return
        self._audited_at = now
        with self._database.work() as work:
            for refused in turned:
                work.audit.append(
                    actor="",
                    role="",
                    action="callback.refused",
                    object_type="callback",
                    object_id=refused.reason,
                    result="refused",
                    details={"count": refused.count, "source": refused.source},
                    now=now,
                )


def _is_time(last: datetime | None, now: datetime, every: timedelta) -> bool:
    return last is None or not timedelta(0) <= now - last < every
