"""统计: the figures of a period for one person, and the list behind each of them.

Units are counted, people are not: nobody is ranked, and no number is of one person.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cases.model import State
from cases.people import Person
from cases.permissions import counted_for
from cases.statistics.behind import Number, What
from cases.statistics.facts import STEPS, How
from cases.statistics.figures import Kept, Moment, Timeliness, day_of, most_first
from cases.statistics.periods import Grain, Period, Span, chosen, cut, fitting_grain, label
from cases.statistics.sums import Sums, total
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
    cells: tuple[tuple[Kept, Number] | None, ...]  # in the order of UNIT_STEPS


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


def statistics(work: Work, desk: Desk, person: Person, asked: Asked, now: datetime) -> Statistics:
    """Return the figures of a period.

    Raises:
        NotPermittedError: the person counts for nothing.
    """
    mine = bounds(person, asked, now)
    days = work.day_sums.days(mine, now)
    period = asked.period(now)
    grain = asked.grain or fitting_grain(period)
    parts = cut(period, grain)
    sums = _by_part(days, parts)
    whole = total(sums)
    names = {unit.id: unit.name for unit in work.people.units()}
    units, states = {**names, "": "尚未交办"}, {one.value: one.label for one in State}
    return Statistics(
        period=period,
        grain=grain,
        unit=names.get(mine.unit, mine.unit),
        is_own=bool(counted_for(person)),
        heads=_heads(whole),
        levels=_in_order(_kinds(whole.levels, {}, lambda one: Number(level=one)), _order(desk)),
        platforms=_kinds(whole.platforms, {"": "未写平台"}, lambda one: Number(platform=one)),
        units=_kinds(whole.leads, units, lambda one: Number(lead=one)),
        states=_kinds(whole.states, states, lambda one: Number(state=one)),
        steps=tuple(_step(whole.timeliness(step)) for step in STEPS),
        by_unit=_by_unit(whole, names),
        trend=tuple(_spot(*one, grain) for one in zip(parts, sums, strict=True)),
        hours=whole.heat(),
        options=_options(desk, asked, _unnarrowed(work, mine, whole, now), names),
    )


def _by_part(days: Mapping[int, Sums], parts: Sequence[Period]) -> list[Sums]:
    """Add up the days of each part of the time axis."""
    starts = [day_of(int(part.start.timestamp())) for part in parts]
    sums = [Sums() for _ in parts]
    for day, one in days.items():
        sums[bisect_right(starts, day) - 1].add(one)
    return sums


def _heads(whole: Sums) -> tuple[Figure, ...]:
    counted = (
        (What.CASES, whole.cases),
        (What.CLOSED, whole.closed),
        (What.REPEATS, whole.repeats),
        (What.REMINDERS, whole.reminders),
    )
    return tuple(Figure(what.label, count, Number(what)) for what, count in counted)


def _kinds(
    counted: Counter[str], names: Mapping[str, str], asks: Callable[[str], Number]
) -> tuple[Figure, ...]:
    return tuple(
        Figure(names.get(one, one), count, asks(one)) for one, count in most_first(counted)
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


def _by_unit(whole: Sums, names: Mapping[str, str]) -> tuple[UnitLine, ...]:
    """Units in the order of the directory: how often one was late is no rank."""
    lines = []
    for unit in names:
        kept = [whole.kept_by(unit, step) for step in UNIT_STEPS]
        cells = tuple(
            (one, Number(What.STEPS, step=one.step, holder=unit, is_judged=True))
            if one.judged
            else None
            for one in kept
        )
        if any(cells):
            lines.append(UnitLine(names[unit], cells))
    return tuple(lines)


def _spot(part: Period, sums: Sums, grain: Grain) -> Spot:
    then = Number(since=int(part.start.timestamp()), until=int(part.end.timestamp()))
    return Spot(
        label(part, grain),
        Figure("登记", sums.cases, then),
        Figure("办结", sums.closed, replace(then, what=What.CLOSED)),
        (sums.share("签收"), sums.share("办结")),
    )


def _unnarrowed(work: Work, mine: Bounds, whole: Sums, now: datetime) -> Sums:
    """Return what there is to choose from: the same time, of all levels and platforms."""
    if not (mine.level or mine.platform):
        return whole
    return total(work.day_sums.days(replace(mine, level="", platform=""), now).values())


def _options(desk: Desk, asked: Asked, found: Sums, names: Mapping[str, str]) -> Options:
    """Return what can be chosen: what occurs in the period, and what is chosen."""
    order = _order(desk)
    places = {name: nth for nth, name in enumerate(order)}
    levels = {*found.levels, asked.level} - {""}
    return Options(
        tuple(
            Option(one, one)
            for one in sorted(levels, key=lambda one: (places.get(one, len(order)), one))
        ),
        tuple(Option(one, name) for one, name in names.items()),
        tuple(Option(one, one) for one in sorted({*found.platforms, asked.platform} - {""})),
    )
