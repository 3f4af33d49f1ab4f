"""B7 and B9: a thousand and ten thousand reminders due in one moment, each with all it entails."""

import asyncio
import threading
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from bench.speed.duty import Duty, multiply
from bench.speed.figures import Figure, Goal, profiled
from bench.speed.lives import opened
from bot.pulse import Pulse, Shore
from bot.wecom.keeper import Keeper
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.tally import Tally
from handlers.digest import gather
from handlers.ringing import ring
from storage.database import Database
from tests.storage.builders import heard

_FIRED = threading.Event()
_COUNT = [0, 0]


def due_at_once(folder: Path, name: str, count: int) -> tuple[Duty, Pulse]:
    """An office in which so many units have not signed, all of them late in the same second."""
    duty = Duty(opened(folder, name))
    duty.says("wangxiaoyu", "https://weibo.com/1234567890/R8vcX9C87 青禾路路灯不亮")
    duty.says("sunlei", "001 定三级,交城管局")
    multiply(duty.database, count - 1, 1)
    with duty.database.read() as work:
        due = work.timers.next_at()
    if due is None:
        raise RuntimeError("nothing will ring")
    duty.now = max(due, duty.now)
    shore = Shore(Lifeboat(folder / f"boat-{name}"), Tally())
    return duty, Pulse(
        duty.database,
        ring=partial(_ring, duty),
        shore=shore,
        clock=lambda: duty.now,
        gather=partial(_gather, duty),
    )


def _ring(duty: Duty, *what: object) -> None:
    work, timer, now = what
    ring(work, timer, now, duty.desk)  # type: ignore[arg-type]


def _gather(duty: Duty, *what: object) -> bool:
    work, waiting, look = what
    return gather(work, duty.desk, waiting, look)  # type: ignore[arg-type]


def waiting(database: Database, duty: Duty) -> int:
    with database.read() as work:
        return len(work.timers.due(duty.now, 100_000))


def ring_all(duty: Duty, pulse: Pulse, count: int) -> float:
    """Beat until nothing is due; return the seconds.

    Raises:
        RuntimeError: fewer rang than were due.
    """
    rung, began = 0, time.perf_counter()
    while waiting(duty.database, duty):
        rung += pulse.beat()
    took = time.perf_counter() - began
    if rung < count:
        raise RuntimeError(f"{rung} rang of {count}")
    return took


def usual(folder: Path, count: int, nth: int) -> float:
    """A: an APScheduler job per reminder, which only fires; seconds until the last has."""
    store = SQLAlchemyJobStore(url=f"sqlite:///{folder}/jobs-{nth}.db")
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone="UTC")
    scheduler.start(paused=True)
    _FIRED.clear()
    _COUNT[:] = [0, count]
    for one in range(count):
        scheduler.add_job(
            _fire, "date", run_date=datetime.now(UTC), id=str(one), misfire_grace_time=None
        )
    began = time.perf_counter()
    scheduler.resume()
    if not _FIRED.wait(300):
        raise RuntimeError("jobs were lost")
    took = time.perf_counter() - began
    scheduler.shutdown()
    return took


def _fire() -> None:
    _COUNT[0] += 1
    if _COUNT[0] == _COUNT[1]:
        _FIRED.set()


def measure(folder: Path, rounds: int) -> list[Figure]:
    """B7."""
    count, ours, theirs = 1000, [], []
    for nth in range(rounds):
        duty, pulse = due_at_once(folder, f"beat-{nth}", count)
        ours.append(ring_all(duty, pulse, count) / count * 1e6)
        duty.database.close()
        theirs.append(usual(folder, count, nth) / count * 1e6)
    one, other = median(ours), median(theirs)
    goal = Goal(0.5, 0.15)
    profile = ""
    if not goal.is_kept_by(one / other):
        duty, pulse = due_at_once(folder, "beat-profile", count)
        profile = profiled(lambda: ring_all(duty, pulse, count))
    raw = f"{one:.0f} µs with decision, outbox, audit, next timer ÷ {other:.0f} µs only fired"
    what = "a reminder of 1,000 due ÷ A's job"
    return [Figure("B7", what, one / other, "×", goal, raw, profile)]


def measure_flood(folder: Path, count: int = 10_000) -> list[Figure]:
    """B9: all claimed and queued, and how long callbacks wait meanwhile."""
    duty, pulse = due_at_once(folder, "flood", count)
    keeper = Keeper(duty.database, Lifeboat(folder / "boat-keeper"))
    keeper.start()
    ends, took = threading.Event(), []
    calling = threading.Thread(target=lambda: took.extend(asyncio.run(_call(keeper, ends))))
    calling.start()
    seconds = ring_all(duty, pulse, count)
    ends.set()
    calling.join()
    keeper.stop()
    took.sort()
    p99 = took[int(len(took) * 0.99)] * 1000
    goal = Goal(8, 3)
    profile = ""
    if not goal.is_kept_by(seconds):
        duty, pulse = due_at_once(folder, "flood-profile", 2000)
        profile = profiled(lambda: ring_all(duty, pulse, 2000))
    return [
        Figure("B9", f"{count:,} due in one second, all queued", seconds, "s", goal, "", profile),
        Figure(
            "B9",
            "callback kept meanwhile, p99",
            p99,
            "ms",
            Goal(200, 50),
            f"{len(took)} callbacks, 20 a second",
        ),
    ]


async def _call(keeper: Keeper, ends: threading.Event) -> list[float]:
    took: list[float] = []
    while not ends.is_set():
        began = time.perf_counter()
        await keeper.keep(heard(f"flood-{len(took)}"))
        took.append(time.perf_counter() - began)
        await asyncio.sleep(0.05)
    return took
