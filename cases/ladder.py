"""The reminding ladder of a clock: before due, at due, after due with a ceiling, then up the line.

A rung is an identity (`due`, `late-2`, `up-office`), not "now and some": what has been sent is
known for good, and after an outage only the latest rung missed is sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from cases.amounts import Amount, Basis, Unit
from cases.beijing import at_beijing, in_beijing
from cases.working_time import WorkingCalendar

_LAST_THROUGH_ROW = 2  # rows 1 and 2 of the matrix break through quiet hours
_DUTY_ONLY_ROW = 3


class Audience(StrEnum):
    """Whom a rung speaks to. The value is the term officers use."""

    LIAISON = "联络员"
    DEPUTY = "副职"  # 副职/AB 角 of the liaison
    UNIT_LEADER = "单位分管领导"
    DUTY = "值班员"
    OFFICE = "办公室主任"
    LEADER = "分管领导"
    CHIEF = "主要领导"


_SLOT_NAMES = {
    Audience.LIAISON: "liaison",
    Audience.DEPUTY: "deputy",
    Audience.UNIT_LEADER: "unit-leader",
    Audience.DUTY: "duty",
    Audience.OFFICE: "office",
    Audience.LEADER: "leader",
    Audience.CHIEF: "chief",
}


@dataclass(frozen=True, slots=True)
class Climb:
    """One step up the line: whom to tell, so many minutes after due."""

    audience: Audience
    after: int  # minutes, of the ladder's basis
    phone: bool = False  # 电话通知: shown a number to call, and asked to confirm the call

    @property
    def slot(self) -> str:
        """The rung's identity."""
        return ("phone-" if self.phone else "up-") + _SLOT_NAMES[self.audience]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Whom to remind when. All minutes are of the one `basis`, so the order never changes."""

    name: str
    holder: Audience  # who has to act, and hears every reminder up to the ceiling
    basis: Basis
    before: tuple[int, ...] = ()  # minutes before due, the earliest first
    repeat_every: int = 0  # minutes between reminders after due
    repeat_times: int = 0  # the ceiling: how many of them
    climbs: tuple[Climb, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder of a ladder."""

    slot: str
    at: datetime  # aware UTC; when it is due, not when it may leave
    audience: Audience
    phone: bool = False


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When people are left alone, Beijing time; `start` after `end` means over midnight.

    `awake`: stretches, each up to but not including its end, in which nobody is left alone
    (special periods with 夜间照发).
    """

    start: time = time(22)
    end: time = time(8, 30)
    awake: tuple[tuple[datetime, datetime], ...] = ()

    def ends_at(self, moment: datetime) -> datetime | None:
        """Return when the quiet hours around `moment` end, or None when it lies in none."""
        ends = self._ends_at(moment)
        if ends is None or any(start <= moment < end for start, end in self.awake):
            return None
        return min([ends, *(start for start, _ in self.awake if moment < start)])

    def _ends_at(self, moment: datetime) -> datetime | None:
        local = in_beijing(moment)
        clock, day = local.time(), local.date()
        if self.start <= self.end:
            return at_beijing(day, self.end) if self.start <= clock < self.end else None
        if clock >= self.start:
            return at_beijing(day + timedelta(days=1), self.end)
        return at_beijing(day, self.end) if clock < self.end else None


def rungs(
    ladder: Ladder, started_at: datetime, due_at: datetime, calendar: WorkingCalendar
) -> tuple[Rung, ...]:
    """Return the whole ladder of one clock in the order of time.

    A reminder before due that would fall on or before the start is left out: whoever has just
    been asked needs no reminder. For a clock that a regrade makes already past, ask with the
    moment of the regrade as both: one notice at once, then the ladder at its spacing.
    """
    early = [
        Rung(_before_slot(ladder, nth), _shifted(ladder, due_at, -minutes, calendar), ladder.holder)
        for nth, minutes in enumerate(ladder.before)
    ]
    after = [
        (minutes, f"late-{nth}", ladder.holder, False)
        for nth in range(1, ladder.repeat_times + 1)
        for minutes in [nth * ladder.repeat_every]
    ]
    after += [(climb.after, climb.slot, climb.audience, climb.phone) for climb in ladder.climbs]
    return (
        *(rung for rung in early if rung.at > started_at),
        Rung("due", due_at.astimezone(UTC), ladder.holder),
        *(
            Rung(slot, _shifted(ladder, due_at, minutes, calendar), audience, phone)
            for minutes, slot, audience, phone in sorted(after)
        ),
    )


def _before_slot(ladder: Ladder, nth: int) -> str:
    # Counted away from due: before-3, before-2, before.
    away = len(ladder.before) - nth
    return "before" if away == 1 else f"before-{away}"


def _shifted(ladder: Ladder, due_at: datetime, minutes: int, calendar: WorkingCalendar) -> datetime:
    if ladder.basis is Basis.NATURAL:
        return due_at.astimezone(UTC) + timedelta(minutes=minutes)
    if minutes < 0:
        return calendar.before_working_minutes(due_at, -minutes)
    return calendar.add_working_minutes(due_at, minutes)


def leaves_at(rung_at: datetime, row: int, quiet: QuietHours, *, is_duty: bool) -> datetime:
    """Return when a rung due at `rung_at` may leave: quiet hours hold sending, never the due time.

    Rows 1 and 2 break through; at row 3 the duty officer alone is reached; the rest waits.
    """
    ends = quiet.ends_at(rung_at)
    through = 1 <= row <= _LAST_THROUGH_ROW or (row == _DUTY_ONLY_ROW and is_duty)
    return rung_at if ends is None or through else ends


NIGHT = QuietHours()


@dataclass(frozen=True, slots=True)
class Departure:
    """When a rung leaves; None when quiet hours have made it pointless (`reason` says so)."""

    rung: Rung
    leaves_at: datetime | None
    reason: str = ""


def departures(ladder: Sequence[Rung], row: int, quiet: QuietHours) -> tuple[Departure, ...]:
    """Return when each rung leaves, in the order of leaving. A held ladder does not climb.

    When quiet hours end the first rung held leaves, and the rest follow at their spacing, so
    nobody is told over others' heads that a reminder went unanswered which was never sent.
    A rung for the duty officer of a row 3 case leaves at its own time, and moves nothing.
    """
    due = next(rung.at for rung in ladder if rung.slot == "due")
    moved = timedelta(0)
    result = []
    for rung in ladder:
        is_duty = rung.audience is Audience.DUTY
        if leaves_at(rung.at, row, quiet, is_duty=is_duty) == rung.at and quiet.ends_at(rung.at):
            result.append(Departure(rung, rung.at))
            continue
        leaves = leaves_at(rung.at + moved, row, quiet, is_duty=False)
        if rung.at < due <= leaves:
            result.append(Departure(rung, None, "免打扰时段内已到期, 提前提醒作废"))
            continue
        moved = leaves - rung.at
        reason = "免打扰时段顺延" if moved else ""
        result.append(Departure(rung, leaves, reason))
    return tuple(sorted(result, key=lambda one: one.leaves_at or one.rung.at))


def latest_due(ladder: Sequence[Rung], now: datetime) -> tuple[Rung | None, tuple[Rung, ...]]:
    """Return the one rung to send now, and the earlier ones to be recorded as skipped.

    Args:
        ladder: the rungs not sent yet, in the order of time.
        now: the moment of looking; a rung due exactly now is due.
    """
    missed = [rung for rung in ladder if rung.at <= now]
    return (missed[-1], tuple(missed[:-1])) if missed else (None, ())


def latest_leaving(
    ladder: Sequence[Departure], now: datetime
) -> tuple[Departure | None, tuple[Departure, ...]]:
    """Return the same as `latest_due`, of a ladder that quiet hours have held.

    Args:
        ladder: the departures not sent yet, in the order of leaving.
        now: the moment of looking.
    """
    missed = [one for one in ladder if one.leaves_at is not None and one.leaves_at <= now]
    return (missed[-1], tuple(missed[:-1])) if missed else (None, ())


def sentence(ladder: Ladder) -> str:
    """Return the ladder in one plain sentence that an officer can read."""
    holder = ladder.holder
    parts = [f"到期前 {_words(ladder, minutes)}提醒{holder}" for minutes in ladder.before]
    parts.append(f"到期时提醒{holder}")
    if ladder.repeat_times:
        every = _words(ladder, ladder.repeat_every)
        parts.append(f"超时后每 {every}再催{holder}, 最多 {ladder.repeat_times} 次")
    for climb in sorted(ladder.climbs, key=lambda climb: climb.after):
        over = _words(ladder, climb.after)
        deed = "电话通知" if climb.phone else "提醒"
        who = f"请{climb.audience}电话通知" if climb.phone else f"{deed}{climb.audience}"
        parts.append(f"超 {over}仍未办, {who}")
    return "; ".join(parts) + "。"


def _words(ladder: Ladder, minutes: int) -> str:
    unit = Unit.MINUTES if ladder.basis is Basis.NATURAL else Unit.WORKING_MINUTES
    return Amount(unit, minutes).words
