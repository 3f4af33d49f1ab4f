"""What each day adds to the statistics: added up once it may be kept, and days add up to periods.

A step that is still awaited becomes overdue by itself, so that it is never kept: it is added with
the moment at which it is looked at.
"""

import math
from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple, TypedDict

from cases.statistics.behind import Facts
from cases.statistics.facts import CaseFact, Counts, How, StepFact
from cases.statistics.figures import Kept, Moment, Timeliness, came_in, day_of

_HOURS = 24
_HALF, _NINETY = 0.5, 0.9


class Packed(TypedDict):
    """Sums as they are kept: numbers and names only."""

    cases: int
    closed: int
    repeats: int
    reminders: int
    levels: dict[str, int]
    platforms: dict[str, int]
    leads: dict[str, int]
    states: dict[str, int]
    hours: dict[str, int]
    kept: list[tuple[str, str, str, int]]
    took: dict[str, list[int]]


@dataclass(slots=True)
class Sums:
    """What is counted of one or more days; grows by what is added."""

    cases: int = 0
    closed: int = 0
    repeats: int = 0
    reminders: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    platforms: Counter[str] = field(default_factory=Counter)
    leads: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)  # of the week, from Monday 0 o'clock
    kept: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # step, holder, how
    took: dict[str, list[list[int]]] = field(default_factory=dict)  # seconds by step, in order

    def register(self, case: CaseFact, counts: Counts) -> None:
        """Add a case that was registered."""
        came = came_in(case.reported)
        self.cases += 1
        self.levels[case.level] += 1
        self.platforms[case.platform] += 1
        self.leads[case.lead] += 1
        self.states[case.state] += 1
        self.hours[came.weekday * _HOURS + came.hour] += 1
        self.repeats += counts.repeats.get(case.id, 0)
        self.reminders += counts.reminders.get(case.id, 0)

    def step(self, fact: StepFact, now: int) -> None:
        """Add a step as it stands at `now`."""
        self.kept[fact.step, fact.holder, fact.how(now).value] += 1
        if fact.ended is not None:
            lists = self.took.setdefault(fact.step, [[]])
            insort(lists[0], max(0, fact.ended - fact.started))

    def add(self, other: "Sums") -> None:
        """Add all of another; its lists of times are shared, none is changed any more."""
        self.cases += other.cases
        self.closed += other.closed
        self.repeats += other.repeats
        self.reminders += other.reminders
        self.levels.update(other.levels)
        self.platforms.update(other.platforms)
        self.leads.update(other.leads)
        self.states.update(other.states)
        self.hours.update(other.hours)
        self.kept.update(other.kept)
        for step, lists in other.took.items():
            self.took[step] = [*self.took.get(step, ()), *lists]

    def timeliness(self, step: str) -> Timeliness:
        """Return how one step was kept by all together, and how long it took."""
        lists = self.took.get(step, [])
        half, ninety = percentile_of(lists, _HALF), percentile_of(lists, _NINETY)
        return Timeliness(step, self._counts(step), half, ninety)

    def share(self, step: str) -> float | None:
        """Return 按时率 of one step between 0 and 1; None where nothing was due."""
        return Kept(step, self._counts(step)).share

    def kept_by(self, holder: str, step: str) -> Kept:
        """Return how one unit kept a step."""
        return Kept(step, {how: self.kept[step, holder, how.value] for how in How})

    def heat(self) -> Counter[Moment]:
        """Return how many cases came in at which hour of which day of the week."""
        return Counter({Moment(*divmod(hour, _HOURS)): count for hour, count in self.hours.items()})

    def pack(self) -> Packed:
        """Return it as it is kept."""
        return {
            "cases": self.cases,
            "closed": self.closed,
            "repeats": self.repeats,
            "reminders": self.reminders,
            "levels": dict(self.levels),
            "platforms": dict(self.platforms),
            "leads": dict(self.leads),
            "states": dict(self.states),
            "hours": {str(hour): count for hour, count in self.hours.items()},
            "kept": [(*key, count) for key, count in sorted(self.kept.items())],
            "took": {step: sorted(chain(*lists)) for step, lists in self.took.items()},
        }

    def _counts(self, step: str) -> dict[How, int]:
        counts = dict.fromkeys(How, 0)
        for (name, _, how), count in self.kept.items():
            if name == step:
                counts[How(how)] += count
        return counts


def unpack(packed: Packed) -> Sums:
    """Return sums that were kept."""
    return Sums(
        cases=packed["cases"],
        closed=packed["closed"],
        repeats=packed["repeats"],
        reminders=packed["reminders"],
        levels=Counter(packed["levels"]),
        platforms=Counter(packed["platforms"]),
        leads=Counter(packed["leads"]),
        states=Counter(packed["states"]),
        hours=Counter({int(hour): count for hour, count in packed["hours"].items()}),
        kept=Counter({(step, holder, how): count for step, holder, how, count in packed["kept"]}),
        took={step: [times] for step, times in packed["took"].items()},
    )


def by_day(found: Facts, now: int) -> dict[int, Sums]:
    """Return what each day adds: cases when they came, closings and deadlines when they were."""
    days: dict[int, Sums] = defaultdict(Sums)
    for case in found.cases:
        days[day_of(case.reported)].register(case, found.counts)
    for case in found.closed:
        if case.closed is not None:
            days[day_of(case.closed)].closed += 1
    for fact in found.steps:
        days[day_of(fact.due)].step(fact, now)
    return dict(days)


def total(parts: Iterable[Sums]) -> Sums:
    """Return all parts together."""
    whole = Sums()
    for part in parts:
        whole.add(part)
    return whole


def percentile_of(lists: Sequence[Sequence[int]], share: float) -> int | None:
    """Return what `percentile` does of all the lists in one, each of them in order.

    The value is sought between the smallest and the largest, without putting the lists together:
    a year has some hundred thousand times.
    """
    lists = [one for one in lists if one]
    if not lists:
        return None
    wanted = max(1, math.ceil(share * sum(len(one) for one in lists)))
    least, most = min(one[0] for one in lists), max(one[-1] for one in lists)
    while least < most:
        middle = (least + most) // 2
        if sum(bisect_right(one, middle) for one in lists) >= wanted:
            most = middle
        else:
            least = middle + 1
    return least


class Slice(NamedTuple):
    """Whose sums: the cases in which a unit has a part ("" all), of one level and one platform."""

    unit: str
    level: str
    platform: str


def sliced(
    found: Facts, involved: Mapping[int, CaseFact], parts: Mapping[int, Iterable[str]]
) -> dict[Slice, Sums]:
    """Return what one day's facts, none of them awaited, add to each slice.

    Args:
        found: the facts of one day.
        involved: every case that one of them is of, by id.
        parts: the units that have a part in each of these.
    """
    slices: dict[Slice, Sums] = defaultdict(Sums)

    def of(case: CaseFact) -> list[Sums]:
        units = ("", *parts.get(case.id, ()))
        return [slices[Slice(unit, case.level, case.platform)] for unit in units]

    for case in found.cases:
        for sums in of(case):
            sums.register(case, found.counts)
    for case in found.closed:
        for sums in of(case):
            sums.closed += 1
    for fact in found.steps:
        case = involved[fact.case_id]
        for unit in {"", fact.holder} & {"", *parts.get(case.id, ())}:
            slices[Slice(unit, case.level, case.platform)].step(fact, fact.due)
    return dict(slices)
