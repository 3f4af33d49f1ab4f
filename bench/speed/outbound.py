"""B10: messages to a platform that takes 50 ms for each, budgets lifted."""

import time
from dataclasses import replace
from pathlib import Path

from bench.speed.duty import Duty, Sink
from bench.speed.figures import Figure, Goal, profiled
from bench.speed.lives import opened
from tests.storage.builders import message

_PEOPLE = 500


def _queued(folder: Path, name: str, count: int) -> Duty:
    duty = Duty(opened(folder, name), sink=Sink(seconds=0.05))
    with duty.database.work() as work:
        for nth in range(count):
            one = message(f"b10.{nth}", next_at=duty.now)
            work.outbox.put(replace(one, recipient=f"member{nth % _PEOPLE}"))
    return duty


def measure(folder: Path, count: int = 10_000) -> list[Figure]:
    """B10."""
    duty = _queued(folder, "out", count)
    began = time.perf_counter()
    duty.sender.send_waiting()
    rate = count / (time.perf_counter() - began)
    if duty.sink.count != count:
        raise RuntimeError(f"{duty.sink.count} of {count} arrived")
    goal = Goal(150, 500, wants_more=True)
    profile = ""
    if not goal.is_kept_by(rate):
        again = _queued(folder, "out-profile", 1000)
        profile = profiled(again.sender.send_waiting)
    what = f"{count:,} messages, 50 ms each at the platform"
    return [Figure("B10", what, rate, "/s", goal, f"to {_PEOPLE} people", profile)]
