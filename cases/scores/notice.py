"""The monthly notice of scores (考核通报): what it holds, for chat, page and paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.scores.counting import MonthScores, UnitScore
from cases.scores.months import Month
from cases.scores.rates import Rate


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One unit of the notice."""

    rank: int | None  # None where the institution does not rank
    unit: str  # its name
    total: float
    lost: tuple[tuple[str, float], ...]  # item and how much it lost
    bonus: int
    response: Rate
    solved: Rate
    satisfied: Rate


@dataclass(frozen=True, slots=True)
class Notice:
    """The whole notice."""

    institution: str
    month: Month
    rules: str
    full: int
    lines: tuple[NoticeLine, ...]
    appeal_until: datetime | None
    provisional: bool


def notice_of(
    scores: MonthScores, month: Month, names: Mapping[str, str], frame: "Frame"
) -> Notice:
    """Return the notice of a month; units in the order of the directory unless they are ranked."""
    units = list(scores.units)
    if frame.ranking:
        units.sort(key=lambda one: -one.total)
    better = {one.unit: 1 + sum(o.total > one.total for o in units) for one in units}
    lines = tuple(_line(one, names, better[one.unit] if frame.ranking else None) for one in units)
    return Notice(
        institution=frame.institution,
        month=month,
        rules=scores.rules,
        full=frame.full,
        lines=lines,
        appeal_until=frame.appeal_until,
        provisional=scores.provisional,
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """What a notice says beside the scores."""

    institution: str
    full: int
    ranking: bool
    appeal_until: datetime | None


def _line(one: UnitScore, names: Mapping[str, str], rank: int | None) -> NoticeLine:
    lost = tuple((i.name, round(i.full - i.got, 1)) for i in one.items if i.got < i.full)
    name = names.get(one.unit, one.unit)
    rates = one.rates
    return NoticeLine(
        rank, name, one.total, lost, one.bonus, rates.response, rates.solved, rates.satisfied
    )
