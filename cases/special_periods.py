"""Special periods (特殊时期: 节假日, 两会, 汛期, 高考): what is different while one lasts.

Never a deadline: only who is on duty, whether reminders wait for the morning, how close together
they come, and how often the platforms are looked at (source documents 21 and 23: 24 h duty).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from cases.beijing import at_beijing, end_of_day, in_beijing
from cases.duty import Rotation, Shift, expand
from cases.holidays import is_holiday
from cases.ladder import Ladder, QuietHours
from cases.working_time import WorkingCalendar

AS_USUAL = 100  # percent of the ladder's own spacing
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PeriodRules:
    """What is different: reminders at night, their spacing in percent, more monitoring rounds."""

    through_night: bool = False  # no quiet hours (夜间照发)
    spacing: int = AS_USUAL
    rounds: tuple[time, ...] = ()  # beside the usual ones


@dataclass(frozen=True, slots=True)
class Turns:
    """People who take turns day by day, each from `start` to `end` (the next day if not later)."""

    people: tuple[str, ...]
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class PeriodKind:
    """A kind of period as the operator has written it down."""

    name: str
    aliases: tuple[str, ...] = ()
    rules: PeriodRules = PeriodRules()
    turns: tuple[Turns, ...] = ()  # none: the usual roster goes on
    days: tuple[tuple[date, date], ...] = ()  # first and last day, known beforehand
    on_holidays: bool = False  # whenever the calendar has a statutory holiday

    def is_called(self, name: str) -> bool:
        """Whether somebody who says `name` means this kind."""
        return name in (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class SpecialPeriod:
    """One period, from `starts_at` up to, not including, `ends_at`."""

    id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    known_at: datetime  # when it was entered: what was done before is not judged by it
    rules: PeriodRules

    @property
    def rules_from(self) -> datetime:
        """From when on reminders follow it."""
        return max(self.starts_at, self.known_at)

    def covers(self, moment: datetime) -> bool:
        """Whether the moment lies in the period."""
        return self.starts_at <= moment < self.ends_at

    def governs(self, moment: datetime) -> bool:
        """Whether reminders of that moment follow it."""
        return self.rules_from <= moment < self.ends_at


def whole_days(first: date, last: date) -> tuple[datetime, datetime]:
    """Return from 00:00 of the first day to 24:00 of the last, Beijing time."""
    return at_beijing(first, time(0)), end_of_day(last)


def known_days(
    kind: PeriodKind, calendar: WorkingCalendar, today: date
) -> Iterator[tuple[date, date]]:
    """Yield the first and last days, not over yet, that are known of this kind beforehand."""
    for first, last in kind.days:
        if last >= today:
            yield first, last
    if kind.on_holidays:
        yield from _holidays(calendar, today)


def _holidays(calendar: WorkingCalendar, today: date) -> Iterator[tuple[date, date]]:
    """Yield the statutory holidays of this year and the next, each with its weekend."""
    day = today
    while _is_off(calendar, today) and _is_off(calendar, day - _ONE_DAY):
        day -= _ONE_DAY  # one that has begun is told whole
    while day.year <= today.year + 1:
        first, is_statutory = day, False
        while _is_off(calendar, day):
            is_statutory = is_statutory or is_holiday(day, calendar.overrides)
            day += _ONE_DAY
        if is_statutory:
            yield first, day - _ONE_DAY
        day += _ONE_DAY


def _is_off(calendar: WorkingCalendar, day: date) -> bool:
    return calendar.is_known(day.year) and not calendar.is_workday(day)


def shifts_of(kind: PeriodKind, starts_at: datetime, ends_at: datetime) -> tuple[Shift, ...]:
    """Return the shifts of the period's own rota, none reaching beyond it."""
    first, last = in_beijing(starts_at).date(), in_beijing(ends_at).date()
    found = []
    for turns in kind.turns:
        # The night before the first day belongs to whoever comes before the first.
        people = (*turns.people[-1:], *turns.people[:-1])
        whole = expand(Rotation(people, first - _ONE_DAY, last, turns.start, turns.end))
        cut = (
            replace(s, starts_at=max(s.starts_at, starts_at), ends_at=min(s.ends_at, ends_at))
            for s in whole
        )
        found += [one for one in cut if one.starts_at < one.ends_at]
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.userid)))


def spacing_at(special: Iterable[SpecialPeriod], moment: datetime) -> int:
    """Return in percent how far apart the reminders of a clock counted at `moment` come."""
    return min((one.rules.spacing for one in special if one.governs(moment)), default=AS_USUAL)


def tightened(ladder: Ladder, percent: int) -> Ladder:
    """Return the ladder with its rungs after due closer together; those before due stay.

    A ladder whose rungs would fall together is left as it is: its order is worth more.
    """
    if percent == AS_USUAL:
        return ladder
    climbs = tuple(replace(one, after=_part(one.after, percent)) for one in ladder.climbs)
    closer = replace(ladder, repeat_every=_part(ladder.repeat_every, percent), climbs=climbs)
    return closer if _order(closer) == _order(ladder) else ladder


def _part(minutes: int, percent: int) -> int:
    return max(1, minutes * percent // 100) if minutes else 0


def _order(ladder: Ladder) -> list[set[str]]:
    """Return the rungs after due in order; those of one minute stand in one set."""
    after = [
        (nth * ladder.repeat_every, f"late-{nth}") for nth in range(1, ladder.repeat_times + 1)
    ]
    after += [(climb.after, climb.slot) for climb in ladder.climbs]
    moments = sorted({minutes for minutes, _ in after})
    return [{slot for minutes, slot in after if minutes == moment} for moment in moments]


def nights(quiet: QuietHours, special: Iterable[SpecialPeriod]) -> QuietHours:
    """Return the quiet hours without those of the periods in which reminders leave at night."""
    awake = tuple((one.rules_from, one.ends_at) for one in special if one.rules.through_night)
    return replace(quiet, awake=awake) if awake else quiet


def extra_slots(special: Iterable[SpecialPeriod], day: date) -> set[datetime]:
    """Return the monitoring rounds of a day that the periods add."""
    return {
        slot
        for one in special
        for clock in one.rules.rounds
        if one.covers(slot := at_beijing(day, clock))
    }
