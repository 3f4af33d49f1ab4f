"""统计: the figures of a period for one person, and the list behind each of them.

Units are counted, people are not: nobody is ranked, and no number is of one person.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cases.model import State
from cases.people import Person
from cases.permissions import counted_for
from cases.statistics.behind import Counts, Number, What
from cases.statistics.facts import CaseFact, How, StepFact
from cases.statistics.figures import (
    Moment,
    Timeliness,
    all_steps,
    count_by,
    heat,
    timeliness,
)
from cases.statistics.periods import Grain, Period, Span, chosen, cut, fitting_grain, label
from handlers.desk import Desk
from handlers.pages.duty_board import Option, Options
from storage.statistics import Bounds
from storage.work import Work

UNIT_STEPS = ("签收", "首报", "回应", "办结")  # what a unit answers for


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants counted; empty is all of it."""

    span: Span = Span.MONTH
    own: tuple[date, date] | None = None
    unit: str = ""
    level: str = ""
    platform: str = ""
    grain: Grain | None = None  # None: as fits the period

    def period(self, now: datetime) -> Period:
        """Return the days that are counted."""
        return chosen(self.span, now, self.own)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is counted, as one person may know of it."""

    cases: list[CaseFact]
    closed: list[CaseFact]
    steps: list[StepFact]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the page with its name and the question that leads to its list."""

    label: str
    count: int
    number: Number


@dataclass(frozen=True, slots=True)
class StepFigures:
    """How one step was kept, each of its numbers with its question."""

    kept: Timeliness
    figures: tuple[Figure, ...]  # by How, in its order


@dataclass(frozen=True, slots=True)
class UnitLine:
    """How one unit kept its steps; None where it had none of that step due."""

    unit: str
    cells: tuple[tuple[Timeliness, Number] | None, ...]  # in the order of UNIT_STEPS


@dataclass(frozen=True, slots=True)
class Spot:
    """One place on the time axis."""

    label: str
    registered: Figure
    closed: Figure
    shares: tuple[float | None, float | None]  # 按时率 of 签收 and 办结 of what was due then


@dataclass(frozen=True, slots=True)
class Statistics:
    """The page."""

    period: Period
    grain: Grain
    unit: str  # whose cases: its name, "" for all
    is_own: bool  # because more may not be seen
    heads: tuple[Figure, ...]
    levels: tuple[Figure, ...]
    platforms: tuple[Figure, ...]
    units: tuple[Figure, ...]
    states: tuple[Figure, ...]
    steps: tuple[StepFigures, ...]
    by_unit: tuple[UnitLine, ...]
    trend: tuple[Spot, ...]
    hours: Counter[Moment]
    options: Options


@dataclass(frozen=True, slots=True)
class _Kind:
    """One way to tell cases apart: what a case is of, and the question that asks for it."""

    of: Callable[[CaseFact], str]
    asks: Callable[[str], Number]


_LEVEL = _Kind(lambda case: case.level, lambda one: Number(level=one))
_PLATFORM = _Kind(lambda case: case.platform, lambda one: Number(platform=one))
_LEAD = _Kind(lambda case: case.lead, lambda one: Number(lead=one))
_STATE = _Kind(lambda case: case.state, lambda one: Number(state=one))


def bounds(person: Person, asked: Asked, now: datetime) -> Bounds:
    """Return which cases are counted for this person.

    Raises:
        NotPermittedError: the person counts for nothing.
    """
    own = counted_for(person)
    period = asked.period(now)
    return Bounds(
        period.start, period.end, own or asked.unit, level=asked.level, platform=asked.platform
    )


def facts(work: Work, mine: Bounds) -> Facts:
    """Read all that is counted."""
    store = work.statistics
    return Facts(
        store.registered(mine),
        store.closed(mine),
        store.steps(mine),
        Counts(store.repeats(mine), store.reminders(mine)),
    )


def statistics(work: Work, desk: Desk, person: Person, asked: Asked, now: datetime) -> Statistics:
    """Return the figures of a period.

    Raises:
        NotPermittedError: the person counts for nothing.
    """
    mine = bounds(person, asked, now)
    found = facts(work, mine)
    period = asked.period(now)
    grain = asked.grain or fitting_grain(period)
    names = {unit.id: unit.name for unit in work.people.units()}
    seconds = int(now.timestamp())
    return Statistics(
        period=period,
        grain=grain,
        unit=names.get(mine.unit, mine.unit),
        is_own=bool(counted_for(person)),
        heads=_heads(found),
        levels=_in_order(_kinds(found.cases, _LEVEL, {}), _order(desk)),
        platforms=_kinds(found.cases, _PLATFORM, {"": "未写平台"}),
        units=_kinds(found.cases, _LEAD, {**names, "": "尚未交办"}),
        states=_kinds(found.cases, _STATE, {one.value: one.label for one in State}),
        steps=tuple(_step(one) for one in all_steps(found.steps, seconds)),
        by_unit=_by_unit(found.steps, names, seconds),
        trend=_trend(found, period, grain, seconds),
        hours=heat(found.cases),
        options=_options(work, desk, asked, mine, names),
    )


def _heads(found: Facts) -> tuple[Figure, ...]:
    counted = (
        (What.CASES, len(found.cases)),
        (What.CLOSED, len(found.closed)),
        (What.REPEATS, sum(found.counts.repeats.values())),
        (What.REMINDERS, sum(found.counts.reminders.values())),
    )
    return tuple(Figure(what.label, count, Number(what)) for what, count in counted)


def _kinds(cases: Iterable[CaseFact], kind: _Kind, names: Mapping[str, str]) -> tuple[Figure, ...]:
    return tuple(
        Figure(names.get(one, one), count, kind.asks(one))
        for one, count in count_by(cases, kind.of)
    )


def _in_order(figures: tuple[Figure, ...], order: Sequence[str]) -> tuple[Figure, ...]:
    places = {name: nth for nth, name in enumerate(order)}
    return tuple(sorted(figures, key=lambda one: places.get(one.label, len(places))))


def _order(desk: Desk) -> list[str]:
    return [one.name for one in desk.rulebook(desk.rulebook_in_force).grading.levels]


def _step(kept: Timeliness) -> StepFigures:
    figures = tuple(
        Figure(how.label, kept.counts[how], Number(What.STEPS, step=kept.step, how=how))
        for how in How
    )
    return StepFigures(kept, figures)


def _by_unit(steps: Sequence[StepFact], names: Mapping[str, str], now: int) -> tuple[UnitLine, ...]:
    """Units in the order of the directory: how often one was late is no rank."""
    by_holder: dict[str, list[StepFact]] = {}
    for fact in steps:
        by_holder.setdefault(fact.holder, []).append(fact)
    lines = []
    for unit in names:
        if unit not in by_holder:
            continue
        kept = [timeliness(step, by_holder[unit], now) for step in UNIT_STEPS]
        cells = tuple(
            (one, Number(What.STEPS, step=one.step, holder=unit, is_judged=True))
            if one.judged
            else None
            for one in kept
        )
        if any(cells):
            lines.append(UnitLine(names[unit], cells))
    return tuple(lines)


def _trend(found: Facts, period: Period, grain: Grain, now: int) -> tuple[Spot, ...]:
    parts = cut(period, grain)
    starts = [int(part.start.timestamp()) for part in parts]
    ends = [int(part.end.timestamp()) for part in parts]
    registered = Counter(bisect_right(starts, case.reported) - 1 for case in found.cases)
    closed = Counter(bisect_right(starts, case.closed or 0) - 1 for case in found.closed)
    steps: dict[int, list[StepFact]] = {}
    for fact in found.steps:
        steps.setdefault(bisect_right(starts, fact.due) - 1, []).append(fact)
    spots = []
    for nth, part in enumerate(parts):
        then = Number(since=starts[nth], until=ends[nth])
        ended = replace(then, what=What.CLOSED)
        mine = steps.get(nth, [])
        spots.append(
            Spot(
                label(part, grain),
                Figure("登记", registered[nth], then),
                Figure("办结", closed[nth], ended),
                (timeliness("签收", mine, now).share, timeliness("办结", mine, now).share),
            )
        )
    return tuple(spots)


def _options(
    work: Work, desk: Desk, asked: Asked, mine: Bounds, names: Mapping[str, str]
) -> Options:
    """Return what can be chosen: what occurs in the period, and what is chosen."""
    levels, platforms = work.statistics.kinds(replace(mine, level="", platform=""))
    order = _order(desk)
    places = {name: nth for nth, name in enumerate(order)}
    levels = sorted({*levels, asked.level} - {""}, key=lambda one: places.get(one, len(order)))
    return Options(
        tuple(Option(one, one) for one in levels),
        tuple(Option(one, name) for one, name in names.items()),
        tuple(Option(one, one) for one in sorted({*platforms, asked.platform} - {""})),
    )
