"""A rulebook as the oracle reads it: the shipped TOML, and nothing of the code that runs it."""

import re
import tomllib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.support.working_days import is_worked
from tests.support.year.moments import DAY, HOUR, MINUTE, clock, day_of, midnight
from tests.support.year.periods import Period

RULEBOOKS = Path(__file__).parents[3] / "config" / "rulebooks"
_AMOUNT = re.compile(r"([0-9]+) ?(工作分钟|工作小时|工作日|分钟|小时|天)")
_SECONDS = {"分钟": MINUTE, "小时": HOUR, "工作分钟": MINUTE, "工作小时": HOUR}
_SLOTS = {
    "联络员": "liaison",
    "副职": "deputy",
    "单位分管领导": "unit-leader",
    "值班员": "duty",
    "办公室主任": "office",
    "分管领导": "leader",
    "主要领导": "chief",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder: how long after due (seconds, before due negative), and whom it is for."""

    slot: str
    after: int
    audience: str

    @property
    def is_urgent(self) -> bool:
        """Whether it climbs: such a message is never put into a digest."""
        return self.slot.startswith(("up-", "phone-"))


@dataclass(frozen=True, slots=True)
class Ladder:
    """A ladder as written down; `works`: its minutes are working minutes."""

    name: str
    works: bool
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Leaving:
    """When a rung leaves."""

    at: int
    rung: Rung


class Hours:
    """The working time of some years as one long line of seconds."""

    def __init__(self, periods: list[str], first: date, days: int) -> None:
        spans = [tuple(map(clock, period.split("-"))) for period in periods]
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []  # working seconds before the period
        self._after: list[int] = []
        total = 0
        for nth in range(days):
            day = first + timedelta(days=nth)
            for opens, closes in spans if is_worked(day) else []:
                self._starts.append(midnight(day) + opens)
                self._ends.append(midnight(day) + closes)
                self._before.append(total)
                total += closes - opens
                self._after.append(total)
        self.closing = spans[-1][1]

    def shifted(self, moment: int, seconds: int) -> int:
        """The moment so many working seconds later, or earlier where negative.

        Forwards it ends with a period, backwards it begins with one.
        """
        wanted = self._worked(moment) + seconds
        if seconds > 0:
            nth = bisect_left(self._after, wanted)
            return self._starts[nth] + wanted - self._before[nth]
        nth = bisect_right(self._before, wanted) - 1
        return self._starts[nth] + wanted - self._before[nth]

    def _worked(self, moment: int) -> int:
        nth = bisect_right(self._starts, moment) - 1
        return self._before[nth] + min(moment, self._ends[nth]) - self._starts[nth]


@dataclass(slots=True)
class Book:
    """The clocks and levels of one rulebook."""

    name: str
    levels: list[str]  # the gravest first
    rows: dict[str, int]
    confirms: dict[str, str]
    approver: dict[str, str]
    needs_signoff: dict[str, bool]
    told: dict[str, list[str]]  # who hears of a level
    hours: Hours
    quiet: tuple[int, int]
    _rules: dict[tuple[str, str], dict[str, Any]]
    _ladders: dict[str, Ladder] = field(default_factory=dict)
    periods: tuple[Period, ...] = ()

    def due(self, level: str, step: str, start: int, nth: int = 1) -> int | None:
        """When a step is due; None where nothing is awaited, or only in the weekly report."""
        rule = self._rules[level, step]
        slow = rule.get("later_from", 0)
        if step == "跟踪" and nth > 1:  # every look has its own time, after the last there is none
            looks = [str(one) for one in rule["looks"]]
            return self._counted(looks[nth - 2], start) if nth - 2 < len(looks) else None
        within = str(rule["later"] if slow and nth >= slow and step == "续报" else rule["within"])
        return self._counted(within, start)

    def ladder(self, level: str, step: str) -> Ladder:
        """The ladder of a step; where the level awaits nothing, that of the lightest which does."""
        for one in (level, *reversed(self.levels)):
            name = self._rules[one, step].get("ladder", "")
            if name:
                return self._ladders[name]
        raise LookupError(f"{self.name} {level} {step}: no ladder")

    def leavings(
        self, ladder: Ladder, row: int, counted_at: int, due_at: int
    ) -> tuple[Leaving, ...]:
        """When the rungs leave, quiet hours observed, in the order of leaving."""
        ladder = self._closer(ladder, counted_at)
        held: list[Leaving] = []
        last: tuple[int, int] | None = None  # planned and real moment of the rung before
        for rung in ladder.rungs:
            planned = self._planned(ladder, rung, due_at)
            if rung.after < 0 and planned <= counted_at:
                continue
            breaks = row in {1, 2} or (row == 3 and rung.audience == "值班员")
            if breaks and self._morning(planned):
                held.append(Leaving(planned, rung))
                continue
            leaves = planned if last is None else max(planned, last[1] + planned - last[0])
            if row not in {1, 2}:
                leaves = self._morning(leaves) or leaves
            if rung.after < 0 and leaves >= due_at:
                continue
            held.append(Leaving(leaves, rung))
            last = (planned, leaves)
        return tuple(sorted(held, key=lambda one: one.at))

    def _planned(self, ladder: Ladder, rung: Rung, due_at: int) -> int:
        if not ladder.works or not rung.after:
            return due_at + rung.after
        return self.hours.shifted(due_at, rung.after)

    def _morning(self, moment: int) -> int:
        """When the quiet hours around a moment end; 0 outside them."""
        begins, ends = self.quiet
        of_day, day = moment % DAY, moment - moment % DAY
        if ends <= of_day < begins or any(p.begin <= moment < p.end for p in self._awake):
            return 0
        morning = day + ends if of_day < ends else day + DAY + ends
        return min([morning, *(p.begin for p in self._awake if p.begin > moment)])

    @property
    def _awake(self) -> list[Period]:
        return [period for period in self.periods if period.is_awake]

    def _closer(self, ladder: Ladder, counted_at: int) -> Ladder:
        """The ladder of a clock counted in a special period: after due its rungs come closer.

        Where two would fall together that stood apart, it stays as it is.
        """
        within = [p.spacing for p in self.periods if p.begin <= counted_at < p.end]
        percent = min(within, default=100)
        if percent == 100:
            return ladder
        every = next((one.after for one in ladder.rungs if one.slot == "late-1"), 0)
        closer = tuple(
            replace(one, after=_part(one, every, percent)) if one.after > 0 else one
            for one in ladder.rungs
        )
        same = [one.after for one in ladder.rungs], [one.after for one in closer]
        together = [[first == last for first, last in pairwise(afters)] for afters in same]
        is_kept = together[0] == together[1] and same[1] == sorted(same[1])
        return replace(ladder, rungs=closer) if is_kept else ladder

    def _counted(self, within: str, start: int) -> int | None:
        midday, closing = start - start % DAY, self.hours.closing
        if within in ("不定时", "周报"):
            return None
        if within in ("当日", "日报"):
            if start < midday + closing:
                return midday + closing
            return midday + DAY if within == "当日" else midday + DAY + closing
        count, unit = _amount(within)
        if unit == "工作日":
            day = day_of(start)
            while count:
                day += timedelta(days=1)
                count -= is_worked(day)
            return midnight(day) + closing
        if unit == "天":
            day = day_of(start) + timedelta(days=count)
            while not is_worked(day):
                day += timedelta(days=1)
            return midnight(day) + closing
        seconds = count * _SECONDS[unit]
        return self.hours.shifted(start, seconds) if unit.startswith("工作") else start + seconds


def _part(rung: Rung, every: int, percent: int) -> int:
    """Whole minutes, rounded down; the nth reminder comes n times the shortened spacing late."""
    if rung.slot.startswith("late-"):
        return int(rung.slot.removeprefix("late-")) * (every // MINUTE * percent // 100) * MINUTE
    return max(1, rung.after // MINUTE * percent // 100) * MINUTE


def read_book(name: str, first: date, days: int) -> Book:
    """Read a shipped rulebook for so many days from `first`."""
    grading = tomllib.loads((RULEBOOKS / name / "grading.toml").read_text(encoding="utf-8"))
    clocks = tomllib.loads((RULEBOOKS / name / "clocks.toml").read_text(encoding="utf-8"))
    levels = {level["name"]: level for level in grading["levels"]}
    rules = {
        (level, step): rule
        for level, steps in clocks["level"].items()
        for step, rule in steps.items()
        if step != "row"
    }
    quiet = clocks["time"]["quiet"].split("-")
    return Book(
        name=name,
        levels=list(levels),
        rows={level: steps["row"] for level, steps in clocks["level"].items()},
        confirms={name: level["confirms"] for name, level in levels.items()},
        approver={name: level["approver"] for name, level in levels.items()},
        needs_signoff={name: level["needs_signoff"] for name, level in levels.items()},
        told={name: level["told"] for name, level in levels.items()},
        hours=Hours(clocks["time"]["work"], first, days),
        quiet=(clock(quiet[0]), clock(quiet[1])),
        _rules=rules,
        _ladders={name: _ladder(name, ladder) for name, ladder in clocks["ladder"].items()},
    )


def _ladder(name: str, written: dict[str, Any]) -> Ladder:
    holder = written["to"]
    early = [_amount(text) for text in written["before"]]
    climbs = [(_amount(text.split(": ")[0]), text.split(": ")[1]) for text in written["climb"]]
    rungs = [
        Rung("before" if away == 1 else f"before-{away}", -_long(amount), holder)
        for away, amount in zip(range(len(early), 0, -1), early, strict=True)
    ]
    rungs.append(Rung("due", 0, holder))
    every = _long(_amount(written["repeat"]))
    rungs += [Rung(f"late-{n}", n * every, holder) for n in range(1, written["times"] + 1)]
    for amount, who in climbs:
        person = who.removesuffix("电话通知")
        word = "phone-" if person != who else "up-"
        rungs.append(Rung(word + _SLOTS[person], _long(amount), person))
    works = early[0][1].startswith("工作")
    return Ladder(name, works, tuple(sorted(rungs, key=lambda rung: rung.after)))


def _amount(text: str) -> tuple[int, str]:
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return int(found[1]), found[2]


def _long(amount: tuple[int, str]) -> int:
    return amount[0] * _SECONDS[amount[1]]
