"""今日应发 N, 已发 N: what should have left today, counted from cases and rulebook alone.

The timer rows are what is being watched, so they are not asked.
"""

from dataclasses import dataclass
from datetime import datetime, time

from cases.beijing import at_beijing, in_beijing
from handlers.clockwork import Clockwork
from handlers.desk import Desk
from storage.clocks import Clock
from storage.states import OutboxState
from storage.work import Work

MERGED = "并入汇总"


@dataclass(frozen=True, slots=True)
class DailyCount:
    """How many reminders should have left since midnight, and what became of them."""

    expected: int
    sent: int
    failed: int
    unsent: int  # neither sent nor failed: an outage, a call that holds, quiet that was asked for
    oldest_minutes: int

    @property
    def words(self) -> str:
        """The line as it is said every day; its absence is itself the alarm."""
        line = (
            f"今日应发 {self.expected}, 已发 {self.sent}, 失败 {self.failed}, "
            f"最老待发 {self.oldest_minutes} 分"
        )
        return f"{line}; 未发 {self.unsent} (停机、免打扰或电话通知暂缓)" if self.unsent else line


def daily_count(work: Work, desk: Desk, now: datetime) -> DailyCount:
    """Count the reminders of today up to `now`."""
    midnight = at_beijing(in_beijing(now).date(), time(0))
    expected = _expected(work, desk, midnight, now)
    became = _became(work, midnight)
    sent = sum(became.get(rung) is OutboxState.SENT for rung in expected)
    failed = sum(became.get(rung) is OutboxState.FAILED for rung in expected)
    oldest = work.outbox.oldest_waiting(now)
    waited = 0 if oldest is None else int((now - oldest).total_seconds() // 60)
    return DailyCount(len(expected), sent, failed, len(expected) - sent - failed, waited)


def _expected(
    work: Work, desk: Desk, midnight: datetime, now: datetime
) -> frozenset[tuple[int, str]]:
    clockwork = Clockwork(work, desk, now)
    found: set[tuple[int, str]] = set()
    for clock in work.records.clocks_since(midnight):
        if clock.case_id is None:
            continue
        case = work.cases.load(clock.case_id)
        found.update(
            (clock.id, one.rung.slot)
            for one in clockwork.departures(case, clock)
            if one.leaves_at is not None and _is_wanted(clock, one.leaves_at, midnight, now)
        )
    return frozenset(found)


def _is_wanted(clock: Clock, leaves: datetime, midnight: datetime, now: datetime) -> bool:
    if not midnight <= leaves <= now or leaves < clock.counted_at:
        return False
    return clock.ended_at is None or leaves < clock.ended_at


def _became(work: Work, midnight: datetime) -> dict[tuple[int, str], OutboxState]:
    """What became of each rung: sent if it reached anybody, on its own or in a digest."""
    found: dict[tuple[int, str], OutboxState] = {}
    for one in work.records.reminders_since(midnight):
        if one.clock_id is None:
            continue
        rung = (one.clock_id, one.kind.removeprefix("remind-"))
        is_merged = one.state is OutboxState.CANCELLED and one.ended_reason == MERGED
        state = OutboxState.SENT if is_merged else one.state
        if found.get(rung) is not OutboxState.SENT:
            found[rung] = state
    return found
