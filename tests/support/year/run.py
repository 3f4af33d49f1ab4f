"""One town played and judged: what the tests and the bench share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from config.broadcasts import SHIPPED, load_broadcasts
from tests.support.year.book import read_book
from tests.support.year.courses import Courses
from tests.support.year.engine import Engine, Played
from tests.support.year.judge import Judge, Judged
from tests.support.year.moments import DAY, midnight
from tests.support.year.oracle import Oracle
from tests.support.year.plot import write
from tests.support.year.rounds import Rounds
from tests.support.year.script import Script
from tests.support.year.town import Town, build

MEMORY = Path("/dev/shm")  # noqa: S108 - a play need not survive the machine
_BEFORE, _AFTER = 30, 120  # days of the calendar that deadlines reach into


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be played."""

    rulebook: str
    cases: int
    first: date
    days: int
    seed: int


@dataclass(frozen=True, slots=True)
class Run:
    """What was played, and the judge who knows what should have left."""

    plan: Plan
    town: Town
    script: Script
    played: Played
    judge: Judge

    def judged(self) -> Judged:
        """What the judge found."""
        return self.judge.look(self.played)


def play(plan: Plan, url: str, folder: Path, told: Callable[[int, int], None]) -> Run:
    """Play a town on an empty database at `url`; `folder` is for its lifeboat."""
    town = build(plan.first, plan.days, plan.seed)
    book = read_book(
        plan.rulebook, plan.first - timedelta(days=_BEFORE), plan.days + _BEFORE + _AFTER
    )
    book.periods = town.periods
    script = write(town, book, cases=plan.cases, first=plan.first, days=plan.days, seed=plan.seed)
    begin = midnight(plan.first)
    end = begin + plan.days * DAY
    engine = Engine(
        url,
        folder,
        town,
        plan.rulebook,
        start=begin,
        broadcasts=load_broadcasts(SHIPPED),
    )
    try:
        played = engine.play(script, end, told)
    finally:
        engine.close()
    courses = Courses(book, script)
    rounds = Rounds(town, courses, script, (plan.first, plan.days))
    judge = Judge(Oracle(town, book, courses, end), rounds, script)
    return Run(plan, town, script, played, judge)
