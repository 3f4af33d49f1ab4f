"""Timers recomputed from cases and rulebook: what is missing, superfluous or set for another time.

Timers are derived (R6, R7): where they were lost or damaged, the clocks and their ladders say
which there must be.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.ladder import Departure
from cases.model import Case
from cases.wording.moments import clock_time
from handlers.clockwork import Clockwork
from handlers.desk import Desk
from storage.clocks import Clock
from storage.timers import DueTimer
from storage.work import Work

_WHY = "按时限重新核对"


class Wrong(StrEnum):
    """What is wrong with a timer."""

    MISSING = "缺少"
    SUPERFLUOUS = "多余"
    DIFFERS = "时间不同"


@dataclass(frozen=True, slots=True)
class Finding:
    """One timer that is not as the clocks say."""

    wrong: Wrong
    case: Case | None
    clock: Clock | None
    timer: DueTimer | None  # None where it is missing
    rung: Departure | None  # what there must be; None where it is superfluous

    def told(self, now: datetime) -> str:
        """Return it as a line for the administrator."""
        number = self.case.number if self.case else "-"
        step = self.clock.step if self.clock else self.timer.kind if self.timer else ""
        slot = self.timer.slot if self.timer else self.rung.rung.slot if self.rung else ""
        was = clock_time(self.timer.leaves_at, now) if self.timer else "无"
        leaves_at = self.rung.leaves_at if self.rung else None
        should = clock_time(leaves_at, now) if leaves_at else "无"
        return f"{self.wrong}: {number} {step} {slot}: 现为{was}, 应为{should}"


def findings(work: Work, desk: Desk, now: datetime) -> list[Finding]:
    """Return all that is wrong with the timers of clocks."""
    gone = [
        Finding(Wrong.SUPERFLUOUS, _case(work, timer), None, timer, None)
        for timer in work.timers.orphans()
    ]
    return gone + [
        found for case in work.cases.find_open() for found in of_case(work, desk, case, now)
    ]


def of_case(work: Work, desk: Desk, case: Case, now: datetime) -> list[Finding]:
    """Return what is wrong with the timers of one case's running clocks."""
    clockwork = Clockwork(work, desk, now)
    return [
        found
        for clock in work.clocks.running(case.id)
        for found in _of_clock(clockwork, case, clock)
    ]


def mend(work: Work, desk: Desk, finding: Finding, now: datetime) -> bool:
    """Put one timer right as things stand by now; False where nothing was wrong any more."""
    if finding.clock is None or finding.case is None:
        wanted = [one for one in work.timers.orphans() if one == finding.timer]
        for timer in wanted:
            work.timers.skipped(timer.id, now, _WHY)
        return bool(wanted)
    case = work.cases.load(finding.case.id)
    again = [one for one in of_case(work, desk, case, now) if _same(one, finding)]
    for one in again:
        _mend(Clockwork(work, desk, now), case, one)
    return bool(again)


def note(work: Work, by: str, counts: dict[Wrong, int], now: datetime) -> None:
    """Write down in the audit that timers were put right."""
    work.audit.append(
        actor=by,
        role="管理员",
        action="timers.rearmed",
        object_type="timer",
        object_id="",
        result="done",
        details={wrong.name.lower(): counts.get(wrong, 0) for wrong in Wrong},
        now=now,
    )


def _case(work: Work, timer: DueTimer) -> Case | None:
    return work.cases.load(timer.case_id) if timer.case_id is not None else None


def _of_clock(clockwork: Clockwork, case: Case, clock: Clock) -> Iterator[Finding]:
    ladder = clockwork.departures(case, clock)
    rungs = {one.rung.slot: one for one in ladder if one.leaves_at is not None}
    pending = [
        timer
        for timer in clockwork.work.timers.pending_of_clock(clock.id)
        if timer.generation == clock.generation
    ]
    for timer in pending:
        rung = rungs.get(timer.slot)
        if rung is None:
            yield Finding(Wrong.SUPERFLUOUS, case, clock, timer, None)
        elif not _is_in_time(clockwork, case, timer, rung):
            yield Finding(Wrong.DIFFERS, case, clock, timer, rung)
    if not any(timer.slot in rungs for timer in pending):
        following = _following(clockwork, clock, ladder)
        if following is not None:
            yield Finding(Wrong.MISSING, case, clock, None, following)


def _is_in_time(clockwork: Clockwork, case: Case, timer: DueTimer, rung: Departure) -> bool:
    """Whether it leaves when its rung does, or somebody has a reason to let it wait."""
    if timer.leaves_at == rung.leaves_at or timer.tries:
        return True
    was_due = rung.leaves_at is not None and rung.leaves_at <= clockwork.now
    if was_due and timer.leaves_at <= clockwork.now:
        return True  # it rings at once either way
    call = clockwork.work.hushes.phoned(case.id, timer.clock_id or 0, clockwork.now)
    return call is not None and call.until == timer.leaves_at


def _following(
    clockwork: Clockwork, clock: Clock, ladder: tuple[Departure, ...]
) -> Departure | None:
    """Return the rung whose timer must be set: the first that has not been said or passed over."""
    timers, subject = clockwork.work.timers, (clock.subject_type, clock.subject_id)
    ended = timers.ended_slots(subject, clock.step, clock.generation)
    last = timers.ended_at(subject, clock.step, clock.generation)
    for one in ladder:
        if one.leaves_at is None or one.rung.slot in ended:
            continue
        if last is None or one.leaves_at > last:
            return one
    return None


def _same(one: Finding, other: Finding) -> bool:
    def identity(found: Finding) -> tuple[object, ...]:
        timer = found.timer.id if found.timer else None
        return found.wrong, found.clock.id if found.clock else None, timer

    return identity(one) == identity(other)


def _mend(clockwork: Clockwork, case: Case, found: Finding) -> None:
    timers, now = clockwork.work.timers, clockwork.now
    if found.timer is None and found.rung is not None and found.clock is not None:
        clockwork.set_timer(case, found.clock, found.rung)
    elif found.timer is not None and found.rung is not None:
        timers.hold(found.timer.id, max(found.rung.leaves_at or now, now), "")
    elif found.timer is not None:
        timers.skipped(found.timer.id, now, _WHY)
