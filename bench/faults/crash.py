"""Kill the service with SIGKILL at every failpoint of every scene, restart it, judge what is left.

`python -m bench.faults.crash --hours 1`: each scene × failpoint × nth passing × both databases, in
an order drawn by the seed, two at a time, until the budget is used up. The judge first has to find
planted sins of every kind.
"""

import argparse
import itertools
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.faults.ground import Ground, StuckError, clear, keep, prepare
from bench.faults.judge import LOST, Verdict, judge
from bench.faults.nursery import Nursery
from bench.faults.planting import sins_of
from bench.faults.records import Experiment
from bench.faults.scenes import SCENES, Scene
from bench.faults.sins import uncaught
from bench.faults.town import Town
from bot.demo.processes import NotRunningError
from tests.support import postgres

_METHOD = (
    "Each run plays one scene against a service that is killed with SIGKILL at the named failpoint "
    "(its nth passing once the trap is laid; `@` names the form of the message or the kind of the "
    "timer), started again, drained and judged from the sandbox's log and the tables by I1 to I11. "
    "Of the plan's points I04 (signature) lies between envelope_read and decrypted, I06 in the "
    "worker (opened), I11 is act.open to outbox_written, T03 and T04 are one_rung: nothing is "
    "written between them. E01 to E03 and M01 to M03 belong to commands: see command-kills. A "
    "later passing that a scene does not have is said as not reached."
)
LANES = 2
SEED = 2026


@dataclass(frozen=True, slots=True)
class Case:
    """One run: which scene, on which database, killed where."""

    scene: Scene
    engine: str
    point: str
    nth: int

    @property
    def trap(self) -> str:
        return f"{self.point}:{self.nth}"

    def __str__(self) -> str:
        return f"{self.engine:10} {self.scene.name:9} {self.trap}"


@dataclass(slots=True)
class Run:
    """How one run ended."""

    case: Case
    killed: bool = False
    seconds: float = 0.0
    verdict: Verdict = field(default_factory=Verdict)


def cases(engines: Sequence[str], seed: int) -> Iterator[Case]:
    """Every scene, point and engine for the first passing, then for later ones, each shuffled."""
    dice = random.Random(seed)  # noqa: S311
    for nth in (1, 2, 3, 5, 7, 8):
        round_ = [
            Case(scene, engine, point, nth)
            for scene, engine in itertools.product(SCENES, engines)
            if nth in scene.hits
            for point in scene.points
        ]
        dice.shuffle(round_)
        yield from round_


def play(nursery: Nursery, ground: Ground, case: Case) -> Run:
    """Play the scene once; whatever goes wrong is part of the verdict."""
    began = time.monotonic()
    run = Run(case)
    scene = case.scene
    town = Town(nursery, ground, trap=case.trap if scene.traps_start else "")
    try:
        scene.begin(town)
        if not scene.traps_start:
            town.lay(case.trap)
        scene.act(town)
        town.settle()
        run.killed = town.crashes > 0
        run.verdict = judge(town.close(scene.expected, scene.may))
    except (StuckError, NotRunningError) as error:
        town.abandon()
        run.verdict.say("I9", [error], "stuck", LOST)
    if run.verdict.broken:
        keep(ground, f"{scene.name}-{case.trap}")
    run.seconds = time.monotonic() - began
    return run


@dataclass(frozen=True, slots=True)
class Budget:
    """When to stop: at a moment, but not before so many runs."""

    ends: float  # monotonic
    least: int

    def allows(self, runs: int) -> bool:
        return runs < self.least or time.monotonic() < self.ends


def play_all(
    todo: Iterator[Case], grounds: dict[str, list[Ground]], nursery: Nursery, budget: Budget
) -> list[Run]:
    """Play as many at a time as there are lanes, until the budget is used up."""
    free = {engine: list(listed) for engine, listed in grounds.items()}
    runs: list[Run] = []

    def one(case: Case) -> Run:
        ground = free[case.engine].pop()
        try:
            return play(nursery, ground, case)
        finally:
            free[case.engine].append(ground)

    with ThreadPoolExecutor(LANES) as pool:
        while budget.allows(len(runs)) and (pair := list(itertools.islice(todo, LANES))):
            for run in pool.map(one, pair):
                runs.append(run)
                tell(run)
    return runs


def tell(run: Run) -> None:
    verdict = "; ".join(run.verdict.broken) or ("killed" if run.killed else "not reached")
    sys.stdout.write(f"{run.case!s:60} {run.seconds:5.1f}s {verdict}\n")
    sys.stdout.flush()


def grounds_for(
    nursery: Nursery, server: postgres.Server | None, ending: ExitStack
) -> dict[str, list[Ground]]:
    """Prepare what each lane may need, on each database there is."""
    found: dict[str, list[Ground]] = {}
    for engine, where in (("sqlite", None), ("postgresql", server)):
        if engine == "postgresql" and server is None:
            continue
        found[engine] = [prepare(nursery, where) for _ in range(LANES)]
        for ground in found[engine]:
            ending.callback(clear, ground)
    return found


def server_at(home: Path) -> postgres.Server | None:
    try:
        return postgres.find(home)
    except postgres.NoServerError as error:
        if os.environ.get("DUBAN_REQUIRE_POSTGRES"):
            raise
        sys.stdout.write(f"no PostgreSQL: {error}\n")
        return None


def experiment(options: argparse.Namespace) -> Experiment:
    """Play until the budget is used up, and at least as many runs as asked."""
    found = Experiment(
        "crash-proof",
        "Crash proof",
        f"make proof HOURS={options.hours:g}",
        str(options.seed),
        compressed=(
            "the town's clock jumps to what is due; while retries are awaited it is moved on by "
            "seconds, and the lease of a killed process (30 s) is made to have passed"
        ),
        notes=[_METHOD],
    )
    began = time.monotonic()
    home = postgres.new_home()
    with ExitStack() as ending:
        ending.callback(postgres.stop, home)
        nursery = Nursery()
        ending.callback(nursery.close)
        server = server_at(home) if options.engine != "sqlite" else None
        grounds = grounds_for(nursery, server, ending)
        found.sins = sins_of(nursery, grounds["sqlite"][0])
        for missed in uncaught(found.sins):
            sys.stdout.write(f"not caught: {missed}\n")
        todo = (
            one
            for one in cases([e for e in grounds if options.engine in e], options.seed)
            if options.only in one.scene.name or options.only in one.trap
        )
        budget = Budget(began + options.hours * 3600, options.least)
        runs = play_all(todo, grounds, nursery, budget)
    for run in runs:
        found.tally(run.case.engine).add(run.verdict, str(run.case), struck=run.killed)
    found.rows = _rows(runs)
    found.seconds = time.monotonic() - began
    return found


def _rows(runs: Sequence[Run]) -> list[list[str]]:
    rows = [["scene", "failpoint", "database", "runs", "killed", "robot posts twice", "faults"]]
    groups: dict[tuple[str, str, str], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.case.scene.name, run.case.point, run.case.engine), []).append(run)
    for (scene, point, engine), mine in sorted(groups.items()):
        killed = sum(run.killed for run in mine)
        twice = sum(run.verdict.allowed for run in mine)
        broken = sum(bool(run.verdict.broken) for run in mine)
        counts = (len(mine), killed or "not reached", twice, broken)
        rows.append([scene, point, engine, *(str(one) for one in counts)])
    return rows


def main() -> int:
    """Run until the budget is used up; 1 if anything was lost, doubled, invented or early."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=0.05)
    parser.add_argument("--least", type=int, default=0, help="runs, also beyond the budget")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", default="", help="part of a scene's or a failpoint's name")
    parser.add_argument("--engine", default="", help="sqlite or postgresql; both without")
    parser.add_argument("--report", action="store_true", help="write docs/evidence/")
    options = parser.parse_args()
    found = experiment(options)
    if options.report:
        sys.stdout.write(f"written to {found.save()}\n")
    runs = sum(one.runs for one in found.tallies)
    killed = sum(one.reached for one in found.tallies)
    broken = sum(len(one.broken) for one in found.tallies)
    sys.stdout.write(f"{runs} runs, {killed} killed, {broken} faults\n")
    return 1 if found.failed else 0


if __name__ == "__main__":
    sys.exit(main())
