"""B6 and B14: whole cases from the report to the end, and what one costs beside many stored."""

import time
from pathlib import Path
from statistics import median

from bench.speed.duty import Duty, multiply
from bench.speed.figures import Figure, Goal, profiled
from storage.database import Database

_SHORT = 40  # cases in one measurement
_STORED = (10_000, 1_000_000)


def opened(folder: Path, name: str) -> Database:
    """A fresh SQLite database; every commit is synced."""
    database = Database(f"sqlite:///{folder}/{name}.db", audit_key=b"bench")
    database.upgrade()
    return database


class Living:
    """Plays one case after another, a quarter of an hour between two."""

    def __init__(self, duty: Duty) -> None:
        self.duty = duty
        self._nth = 0

    def live(self) -> None:
        """Register, confirm, sign, close: five people's messages and all that follows from them."""
        self._nth += 1
        self.duty.later(15)
        duty, link = self.duty, f"https://weibo.com/1234567890/R8vc{self._nth:05d}"
        before = duty.sink.count
        duty.says("wangxiaoyu", f"{link} 第{self._nth}处路灯不亮")
        number = self._number()
        duty.says("sunlei", f"{number} 定三级,交城管局")
        duty.says("liuyang", f"{number} 收到")
        duty.says("liuyang", f"{number} 已办结")
        duty.says("sunlei", f"{number} 不需公开回应,已当面答复反映人")
        duty.says("sunlei", f"{number} 同意办结")
        if duty.sink.count - before < 15:
            raise RuntimeError(f"{number}: {duty.sink.count - before} messages left, 18 expected")

    def _number(self) -> str:
        with self.duty.database.read() as work:
            (line,) = work.cases.list_open(1)
        return line.number


def cases_a_second(living: Living, count: int = _SHORT) -> float:
    """Return how many whole cases a second come to their end."""
    began = time.perf_counter()
    for _ in range(count):
        living.live()
    return count / (time.perf_counter() - began)


def measure(folder: Path, rounds: int) -> list[Figure]:
    """B6."""
    living = Living(Duty(opened(folder, "lives")))
    cases_a_second(living, 5)
    rate = median(cases_a_second(living) for _ in range(rounds))
    goal = Goal(60, 150, wants_more=True)
    profile = "" if goal.is_kept_by(rate) else profiled(lambda: cases_a_second(living, 20))
    raw = "6 callbacks, 18 messages, each with its own commits"
    what = "whole cases, one process, SQLite FULL"
    return [Figure("B6", what, rate, "/s", goal, raw, profile)]


def measure_stored(folder: Path, rounds: int, most: int = _STORED[1]) -> list[Figure]:
    """B14: a case's cost with a million stored beside ten thousand, in turns."""
    lives = []
    for count in (_STORED[0], most):
        living = Living(Duty(opened(folder, f"stored-{count}")))
        living.live()
        multiply(living.duty.database, count, 1)
        cases_a_second(living, 3)
        lives.append(living)
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds * 3):
        for found, living in zip(took, lives, strict=True):
            found.append(1 / cases_a_second(living, 10))
    few, many = (median(found) for found in took)
    for living in lives:
        living.duty.database.close()
    raw = f"{many * 1000:.1f} ms with {most:,} ÷ {few * 1000:.1f} ms with {_STORED[0]:,}"
    return [Figure("B14", "cost per case by number stored", many / few, "×", Goal(1.25, 1.05), raw)]
