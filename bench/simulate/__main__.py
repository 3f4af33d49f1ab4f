"""Simulate by seeds and report: `python -m bench.simulate --seeds 20000 --towns 100`.

The first half is the pure centre, the second the service's parts on SQLite. A failure prints its
seed; `--only SEED` plays that seed again.
"""

import argparse
import logging
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.model.machine import new_world
from bench.simulate.centre import STEPS, Life
from bench.simulate.towns import TOWN_STEPS, live
from storage.database import Database

HOME = Path(__file__).parents[2]
REPORT = HOME / "docs" / "evidence" / "simulation.md"
CENTRE_GOAL, TOWN_GOAL = 100.0, 1.0  # seeds a second


@dataclass(slots=True)
class Half:
    """One half of the simulation: how many seeds, how long, which failed."""

    name: str
    goal: float
    seeds: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    failed: dict[int, str] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        rate = self.seeds / self.wall if self.wall else 0.0
        verdict = "met" if rate >= self.goal else "MISSED"
        of_cpu = self.seeds / self.cpu if self.cpu else 0.0
        return (
            f"| {self.name} | {self.seeds} | {self.wall:.1f} | {rate:.1f} | {of_cpu:.1f} "
            f"| {self.goal:.0f}: {verdict} | {len(self.failed)} |"
        )


def centre(first: int, count: int) -> Half:
    half = Half(f"pure centre, {STEPS} steps", CENTRE_GOAL)
    wall, cpu = time.monotonic(), time.process_time()
    for seed in range(first, first + count):
        life = Life(seed)
        try:
            life.play()
        except Exception as error:  # noqa: BLE001 - whatever it is, its seed must be told
            half.failed[seed] = f"{type(error).__name__}: {error}"
        half.seen.update(type(event).__name__ for event in life.history)
        half.seen["(refused)"] += life.refused
        half.seen["(rung)"] += life.rung
    half.seeds, half.wall = count, time.monotonic() - wall
    half.cpu = time.process_time() - cpu
    return half


def towns(first: int, count: int) -> Half:
    half = Half(f"SQLite, {TOWN_STEPS} steps", TOWN_GOAL)
    with TemporaryDirectory(prefix="duban-simulate-") as folder:
        empty = Path(folder) / "empty.db"
        made = Database(f"sqlite:///{empty}")
        made.upgrade()
        made.close()
        wall, cpu = time.monotonic(), time.process_time()
        for seed in range(first, first + count):
            with new_world(empty) as world:
                try:
                    half.seen.update(live(world, seed))
                except Exception as error:  # noqa: BLE001 - whatever it is, its seed must be told
                    half.failed[seed] = f"{type(error).__name__}: {error}"
        half.seeds, half.wall = count, time.monotonic() - wall
        half.cpu = time.process_time() - cpu
    return half


def report(halves: list[Half], command: str) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    rows = "\n".join(half.line() for half in halves)
    failed = "\n".join(
        f"- {half.name}: seed {seed}: {why[:300]}"
        for half in halves
        for seed, why in list(half.failed.items())[:20]
    )
    seen = "\n\n".join(
        f"{half.name}: " + ", ".join(f"{name} {n}" for name, n in half.seen.most_common())
        for half in halves
    )
    return f"""# Simulation

Made by `{command}` at commit {commit}, {datetime.now(UTC):%Y-%m-%d}: one thread, virtual time, each
seed a life of its own. Real seconds depend on what else the machine did; the column beside counts
only the processor's.

| half | seeds | seconds | seeds a second | seeds a second of processor | goal | failed |
|---|---|---|---|---|---|---|
{rows}

## Failures

{failed or "None."}

## What happened

{seen}
"""


def main() -> int:
    """Simulate; 1 if a seed failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20_000, help="lives in the pure centre")
    parser.add_argument("--towns", type=int, default=100, help="towns on SQLite")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--only", type=int, default=None, help="play one seed in both halves")
    parser.add_argument("--report", type=Path, default=REPORT)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    first = given.first if given.only is None else given.only
    counts = (given.seeds, given.towns) if given.only is None else (1, 1)
    halves = [centre(first, counts[0]), towns(first, counts[1])]
    for half in halves:
        print(half.line())
        for seed, why in half.failed.items():
            print(f"seed {seed}: {why[:500]}")
    if given.only is None:
        command = f"python -m bench.simulate --seeds {given.seeds} --towns {given.towns}"
        given.report.write_text(report(halves, command), encoding="utf-8")
    return 1 if any(half.failed for half in halves) else 0


if __name__ == "__main__":
    sys.exit(main())
