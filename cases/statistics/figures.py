"""From facts to figures: counts, times, shares, and when things come in.

按时率 of a step = 按时完成 ÷ (按时完成 + 超时完成 + 超时未完成). What is not due yet counts neither
way, and so does what fell away (撤回, 合并, 转办). Median and 90th percentile are of what is done,
in natural time, by nearest rank: a time that really occurred.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cases.statistics.facts import STEPS, How, StepFact

OFFSET = 8 * 60 * 60  # seconds: Beijing is eight hours ahead, the year round since 1992
DAY = 24 * 60 * 60
_HALF, _NINETY = 0.5, 0.9
_HUNDRED = 100
_HOUR = 60 * 60
WEEKDAYS, THURSDAY = 7, 3  # 1970-01-01 was a Thursday


@dataclass(frozen=True, slots=True)
class Kept:
    """How one step was kept."""

    step: str
    counts: dict[How, int]

    @property
    def judged(self) -> int:
        """How many are in time or late."""
        return sum(count for how, count in self.counts.items() if how is not How.RUNNING)

    @property
    def share(self) -> float | None:
        """按时率 between 0 and 1; None where nothing was due."""
        return self.counts[How.IN_TIME] / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Timeliness(Kept):
    """How one step was kept, and how long it took."""

    median: int | None  # seconds; None where nothing is done
    ninety: int | None  # so many seconds were enough for nine of ten


@dataclass(frozen=True, slots=True)
class Moment:
    """When something came in, in Beijing: the hour, and the day of the week from Monday = 0."""

    weekday: int
    hour: int


def most_first(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return how many there are of each kind, most first, those alike by name."""
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def timeliness(step: str, facts: Iterable[StepFact], now: int) -> Timeliness:
    """Return how one step was kept in all of these facts; those of other steps are left out."""
    counts = dict.fromkeys(How, 0)
    took = []
    for fact in facts:
        if fact.step != step:
            continue
        counts[fact.how(now)] += 1
        if fact.ended is not None:
            took.append(max(0, fact.ended - fact.started))
    took.sort()
    return Timeliness(step, counts, percentile(took, _HALF), percentile(took, _NINETY))


def all_steps(facts: Sequence[StepFact], now: int) -> list[Timeliness]:
    """Return how each step was kept, in the order in which a case meets them."""
    return [timeliness(step, facts, now) for step in STEPS]


def percentile(ordered: Sequence[int], share: float) -> int | None:
    """Return the value that `share` of the ordered values do not exceed (nearest rank)."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def came_in(seconds: int) -> Moment:
    """Return weekday and hour of a moment in Beijing."""
    days, rest = divmod(seconds + OFFSET, DAY)
    return Moment((days + THURSDAY) % WEEKDAYS, rest // _HOUR)


def day_of(seconds: int) -> int:
    """Return the day in Beijing of a moment, counted from 1970-01-01."""
    return (seconds + OFFSET) // DAY


def percent(share: float | None) -> str:
    """Return a share in words: 96%, 99.5%, — for none; 100% only where nothing is late."""
    if share is None:
        return "—"
    tenths = math.floor(share * _HUNDRED * 10 + 1e-9)
    return f"{tenths / 10:g}%"
