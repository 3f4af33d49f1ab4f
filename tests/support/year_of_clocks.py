"""A year of clocks played through the pure ladder, and an oracle that says what should have left.

The player uses `cases.ladder` as the service does: look at what may leave, send the latest, note
the skipped. The oracle is written apart: it walks working minutes with `working_days`, and holds
reminders by a rule of its own. `faults` compares the two and names every difference.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from cases.amounts import Basis
from cases.clocks import ClockRule, ClockRules, Step
from cases.deadlines import due, for_look
from cases.ladder import (
    NIGHT,
    Audience,
    Departure,
    Ladder,
    departures,
    latest_leaving,
    rungs,
)
from cases.working_time import WorkingCalendar
from tests.support.working_days import BEIJING, is_working_minute

MINUTE = timedelta(minutes=1)
# Hours after publication at which a unit looks whether anything is new, by row of the matrix.
LOOKS: dict[int, tuple[int, ...]] = {0: ()} | dict.fromkeys((1, 2, 3, 4), (24, 72, 168))
YEAR = datetime(2026, 1, 1, tzinfo=BEIJING)
LAST_START = 330 * 24 * 60  # minutes: the ladders that start last still end within the year
QUIET_ENDS = (8, 30)
QUIET_BEGINS = (22, 0)


@dataclass(frozen=True, slots=True)
class Running:
    """One clock of the year: its rule, its start and due time, and when it was settled."""

    id: int
    row: int
    ladder: Ladder
    started_at: datetime
    due_at: datetime
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """One reminder that left, with the slots it stands for beside its own."""

    clock: int
    slot: str
    at: datetime
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outage:
    """Nothing is sent from `begin` to before `end`."""

    begin: datetime
    end: datetime


def outages(seed: int) -> tuple[Outage, ...]:
    """Return a dozen stops of the service, of ten minutes to ten hours, in order."""
    dice = random.Random(seed)  # noqa: S311 - a play, to be repeated from its seed
    begins = sorted(dice.sample(range(0, LAST_START, 24 * 60), 12))
    return tuple(
        Outage(begin, begin + dice.randint(10, 600) * MINUTE)
        for begin in (YEAR + (day + dice.randint(0, 12 * 60)) * MINUTE for day in begins)
    )


def year(books: Sequence[ClockRules], cases: int, seed: int) -> list[Running]:
    """Return the clocks of `cases` cases, each starting at some minute of 2026."""
    dice = random.Random(seed)  # noqa: S311 - a play, to be repeated from its seed
    clocks: list[Running] = []
    for _ in range(cases):
        rules = dice.choice(books)
        level = dice.choice(rules.level_names)
        start = YEAR + dice.randrange(LAST_START) * MINUTE
        for rule in _with_every_look(rules, level):
            running = _running(len(clocks), rules, level, rule, start=start, dice=dice)
            if running is not None:
                clocks.append(running)
    return clocks


def _with_every_look(rules: ClockRules, level: str) -> list[ClockRule]:
    """Every rule of a level; 跟踪 once for each of its looks, of which nine would be many."""
    tracking = rules.rule(level, Step.TRACK)
    later = (for_look(tracking, nth) for nth in range(2, 10))
    return [*rules.for_level(level), *(look for look in later if look is not None)]


def wrong_looks(books: Iterable[ClockRules], published: datetime) -> list[str]:
    """Return every level at which the looks after publication are not those typed above."""
    found = []
    for rules in books:
        for level in rules.level_names:
            plan = [r for r in _with_every_look(rules, level) if r.step is Step.TRACK]
            dues = [due(rule, published, WorkingCalendar()) for rule in plan]
            hours = tuple((one.at - published) / timedelta(hours=1) for one in dues if one)
            if hours != LOOKS[rules.row(level)]:
                found.append(f"{rules.name} {level}: {hours}")
    return found


def _running(  # noqa: PLR0913 - one clock, spelled out
    number: int,
    rules: ClockRules,
    level: str,
    rule: ClockRule,
    *,
    start: datetime,
    dice: random.Random,
) -> Running | None:
    found, ladder = due(rule, start, WorkingCalendar()), rules.ladder_of(rule)
    if found is None or ladder is None:
        return None
    length = found.at - start
    settled = start + dice.choice((0.4, 0.8, 0.99, 1.5, 3, 200)) * length
    settled = settled.replace(second=0, microsecond=0)
    return Running(number, rules.row(level), ladder, start, found.at.astimezone(BEIJING), settled)


def play(clocks: Iterable[Running], stops: Sequence[Outage]) -> list[Sent]:
    """Play the clocks as the service does; return what left, clock by clock."""
    calendar = WorkingCalendar()
    log: list[Sent] = []
    for clock in clocks:
        ladder = rungs(clock.ladder, clock.started_at, clock.due_at, calendar)
        rules_quiet = departures(ladder, clock.row, NIGHT)
        waiting = [one for one in rules_quiet if one.leaves_at is not None]
        while waiting:
            now = _awake(_leaves(waiting[0]), stops)
            if now >= clock.settled_at:
                break
            sent, skipped = latest_leaving(waiting, now)
            assert sent is not None
            log.append(Sent(clock.id, sent.rung.slot, now, tuple(s.rung.slot for s in skipped)))
            waiting = waiting[len(skipped) + 1 :]
    return log


def _leaves(one: Departure) -> datetime:
    assert one.leaves_at is not None
    return one.leaves_at


def _awake(moment: datetime, stops: Sequence[Outage]) -> datetime:
    return next((stop.end for stop in stops if stop.begin <= moment < stop.end), moment)


# The oracle


def _offsets(ladder: Ladder) -> list[tuple[int, str, Audience]]:
    """Return every rung as (minutes from due, slot, audience), in order."""
    found = [
        (-minutes, "before" if away == 0 else f"before-{away + 1}", ladder.holder)
        for away, minutes in enumerate(reversed(ladder.before))
    ]
    found.append((0, "due", ladder.holder))
    found += [
        (ladder.repeat_every * nth, f"late-{nth}", ladder.holder)
        for nth in range(1, ladder.repeat_times + 1)
    ]
    for climb in ladder.climbs:
        word = {Audience.UNIT_LEADER: "unit-leader"}.get(
            climb.audience, climb.audience.name.lower()
        )
        found.append((climb.after, ("phone-" if climb.phone else "up-") + word, climb.audience))
    return sorted(found)


def _walk(due_at: datetime, wanted: Iterable[int]) -> dict[int, datetime]:
    """Return the moments so many working minutes from `due_at`, walking minute by minute."""
    found = {0: due_at}
    ahead = sorted(minutes for minutes in wanted if minutes > 0)
    moment, done = due_at, 0
    while ahead:
        done += is_working_minute(moment)
        moment += MINUTE
        if done == ahead[0]:
            found[ahead.pop(0)] = moment
    back = sorted(-minutes for minutes in wanted if minutes < 0)
    moment, done = due_at, 0
    while back:
        moment -= MINUTE
        done += is_working_minute(moment)
        if done == back[0]:
            found[-back.pop(0)] = moment
    return found


def expected(clock: Running) -> list[tuple[datetime, str]]:
    """Return what would leave and when, were nothing settled and no service ever down."""
    offsets = _offsets(clock.ladder)
    if clock.ladder.basis is Basis.NATURAL:
        moments = {minutes: clock.due_at + minutes * MINUTE for minutes, _, _ in offsets}
    else:
        moments = _walk(clock.due_at, [minutes for minutes, _, _ in offsets])
    held: list[tuple[datetime, str]] = []
    last: tuple[datetime, datetime] | None = None  # planned and real moment of the one before
    for minutes, slot, audience in offsets:
        planned = moments[minutes]
        if slot.startswith("before") and planned <= clock.started_at:
            continue
        if _wakes(clock.row, audience) and _is_night(planned):
            held.append((planned, slot))
            continue
        leaves = planned if last is None else max(planned, last[1] + (planned - last[0]))
        while _is_night(leaves) and clock.row not in {1, 2}:
            leaves += MINUTE
        if slot.startswith("before") and leaves >= clock.due_at:
            continue
        held.append((leaves, slot))
        last = (planned, leaves)
    return sorted(held)


def _wakes(row: int, audience: Audience) -> bool:
    return row in {1, 2} or (row == 3 and audience is Audience.DUTY)


def _is_night(moment: datetime) -> bool:
    clock = (moment.hour, moment.minute)
    return clock >= QUIET_BEGINS or clock < QUIET_ENDS


def faults(clocks: Sequence[Running], log: Sequence[Sent], stops: Sequence[Outage]) -> list[str]:
    """Return every way in which `log` differs from what should have left, in words."""
    by_clock: dict[int, list[Sent]] = {clock.id: [] for clock in clocks}
    for sent in log:
        by_clock[sent.clock].append(sent)
    return [fault for clock in clocks for fault in _faults(clock, by_clock[clock.id], stops)]


def _faults(clock: Running, sent: Sequence[Sent], stops: Sequence[Outage]) -> list[str]:
    found: list[str] = []
    plan = [
        (when, slot) for when, slot in expected(clock) if _after(when, stops) < clock.settled_at
    ]
    allowed = {slot: when for when, slot in plan}
    told = [slot for one in sent for slot in (*one.skipped, one.slot)]
    name = f"{clock.id} {clock.ladder.name}"
    found += [f"{name}: early {one.slot}" for one in sent if one.at < allowed.get(one.slot, one.at)]
    found += [f"{name}: after closure {one.slot}" for one in sent if one.at >= clock.settled_at]
    found += [
        f"{name}: late {o.slot}" for o in sent if o.at > _after(allowed.get(o.slot, o.at), stops)
    ]
    found += [f"{name}: twice {slot}" for slot in set(told) if told.count(slot) > 1]
    found += [f"{name}: lost {slot}" for slot in allowed if slot not in told]
    found += [f"{name}: not asked for {slot}" for slot in told if slot not in allowed]
    if [slot for slot in told if slot in allowed] != [slot for _, slot in plan if slot in told]:
        found.append(f"{name}: out of order")
    if any(later.at <= earlier.at for earlier, later in pairwise(sent)):
        found.append(f"{name}: two at once")
    return found


def _after(moment: datetime, stops: Sequence[Outage]) -> datetime:
    for stop in stops:
        if stop.begin <= moment < stop.end:
            return stop.end
    return moment
