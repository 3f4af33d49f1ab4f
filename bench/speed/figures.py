"""One figure with its goal, and the page that all of them make."""

import cProfile
import io
import platform
import pstats
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bench.commit import commit

_PROFILE_LINES = 12


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound: at least (`wants_more`) or at most, and the one to stretch for."""

    bound: float
    stretch: float
    wants_more: bool = False

    def is_kept_by(self, value: float) -> bool:
        return value >= self.bound if self.wants_more else value <= self.bound

    def is_stretched_by(self, value: float) -> bool:
        return value >= self.stretch if self.wants_more else value <= self.stretch

    def __str__(self) -> str:
        sign = "≥" if self.wants_more else "≤"
        return f"{sign} {self.bound:g} (stretch {sign} {self.stretch:g})"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in which unit, with what it was compared; a goal where there is one."""

    number: str  # B1 … B14
    what: str
    value: float
    unit: str
    goal: Goal | None = None
    raw: str = ""  # the two figures that a ratio was made of
    profile: str = field(default="", repr=False)  # where the time goes, when the goal is missed

    @property
    def is_missed(self) -> bool:
        return self.goal is not None and not self.goal.is_kept_by(self.value)

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        if self.is_missed:
            return "**missed**"
        return "stretch" if self.goal.is_stretched_by(self.value) else "kept"


def profiled(act: Callable[[], object]) -> str:
    """Run `act` under the profiler and return its dearest functions."""
    profile = cProfile.Profile()
    profile.runcall(act)
    out = io.StringIO()
    pstats.Stats(profile, stream=out).strip_dirs().sort_stats("tottime").print_stats(_PROFILE_LINES)
    return out.getvalue().strip()


def page(figures: Sequence[Figure], rounds: int, remarks: Sequence[str]) -> str:
    """The report."""
    missed = [one for one in figures if one.is_missed]
    judged = [one for one in figures if one.goal is not None]
    lines = [
        "# Speed",
        "",
        "Made by `make bench` (`python -m bench.speed`). Load, baselines and service share one",
        "machine; ratios compare what ran in turns in the same run. Definitions of the baselines:",
        "[speed of what](../speed.md).",
        "",
        f"Commit {commit()}, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()},",
        f"medians of {rounds} rounds where nothing else is said.",
        f"{len(judged) - len(missed)} of {len(judged)} goals kept, {len(missed)} missed.",
        "",
        "| # | measure | found | goal | verdict | made of |",
        "|---|---|---:|---|---|---|",
    ]
    for one in figures:
        found = f"{one.value:.3g} {one.unit}".strip()
        if one.value >= 1000:
            found = f"{one.value:,.0f} {one.unit}".strip()
        goal = str(one.goal or "")
        lines.append(
            f"| {one.number} | {one.what} | {found} | {goal} | {one.verdict} | {one.raw} |"
        )
    for one in missed:
        if one.profile:
            lines += ["", f"## {one.number} missed: where the time goes", "", "```text"]
            lines += [*one.profile.splitlines(), "```"]
    lines += ["", *(f"- {remark}" for remark in remarks), ""]
    return "\n".join(line.rstrip() for line in lines)
