"""What is counted for a 日报, 周报 or 月简报, each number with the cases behind it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.beijing import in_beijing

NUMBER_PARTS = 3  # YQ-20261120-007


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as a line of a periodical."""

    number: str
    title: str  # "" where knowing of it is restricted
    level: str
    state: str
    unit: str
    platform: str
    registered_at: datetime
    closed_at: datetime | None = None
    verdict: str = ""
    is_top: bool = False  # of the gravest two rows, or under 督办


@dataclass(frozen=True, slots=True)
class Step:
    """A clock of a case that was due in the period, or still waits."""

    number: str
    title: str
    step: str
    holder: str
    due_at: datetime
    ended_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether it was done late, or is late now."""
        return (self.ended_at or now) > self.due_at


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A period with everything that its paper counts."""

    name: str  # 2026年第47周
    starts: datetime
    ends: datetime
    now: datetime
    institution: str
    registered: tuple[CaseRow, ...] = ()
    closed: tuple[CaseRow, ...] = ()
    open: tuple[CaseRow, ...] = ()  # 在办
    due: tuple[Step, ...] = ()  # what was due within it
    waiting: tuple[Step, ...] = ()  # what waits now
    examples: tuple[CaseRow, ...] = ()
    scores: tuple[tuple[str, ...], ...] = ()  # a line per unit of the scorecard, 月简报
    lessons: tuple[tuple[str, str, str], ...] = ()  # number, title, what the case teaches

    @property
    def late_now(self) -> tuple[Step, ...]:
        """What waits and is overdue."""
        return tuple(one for one in self.waiting if one.due_at < self.now)


@dataclass(frozen=True, slots=True)
class Count:
    """A number of a periodical, and the cases it counts."""

    name: str
    numbers: tuple[str, ...]

    @property
    def value(self) -> int:
        """How many cases."""
        return len(self.numbers)


def count(name: str, rows: Iterable[CaseRow | Step]) -> Count:
    """Return a count of cases, each once."""
    return Count(name, tuple(dict.fromkeys(row.number for row in rows)))


def by(rows: Iterable[CaseRow], names: Iterable[str]) -> tuple[Count, ...]:
    """Return a count for each name, the largest first; `names` goes with `rows`."""
    groups: dict[str, list[CaseRow]] = {}
    for row, name in zip(rows, names, strict=True):
        groups.setdefault(name or "未填", []).append(row)
    counted = Counter({name: len(found) for name, found in groups.items()})
    return tuple(count(name, groups[name]) for name, _ in counted.most_common())


def ranges(numbers: Iterable[str]) -> str:
    """Return case numbers in short: 11月20日 001—003、007；11月21日 002."""
    days: dict[str, list[int]] = {}
    for number in sorted(numbers):
        parts = number.split("-")
        if len(parts) == NUMBER_PARTS:
            days.setdefault(parts[1], []).append(int(parts[2]))
    return "；".join(f"{_day(day)} {_runs(found)}" for day, found in days.items())


def _day(written: str) -> str:
    return f"{int(written[4:6])}月{int(written[6:8])}日"


def _runs(found: list[int]) -> str:
    runs: list[list[int]] = []
    for one in found:
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return "、".join(
        f"{run[0]:03d}" if len(run) == 1 else f"{run[0]:03d}—{run[-1]:03d}" for run in runs
    )


def short_moment(at: datetime) -> str:
    """Return a moment as tables write it: 11-20 10:05."""
    return f"{in_beijing(at):%m-%d %H:%M}"
