"""PostgreSQL away for ten real minutes under load: nothing is lost, and an hour is calculated.

`python -m bench.faults.outage --minutes 10`. The server is stopped at once (`pg_ctl -m immediate`)
and started again; people go on speaking. What comes meanwhile goes into the lifeboat.
"""

import argparse
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

from bench.faults.evidence import Evidence
from bench.faults.fleet import Fleet, Load, Replica
from bench.faults.ground import clear, keep, prepare
from bench.faults.judge import LOST, judge
from bench.faults.nursery import Nursery
from bench.faults.planting import sins_of
from bench.faults.records import Experiment, Goal, quantile
from bench.faults.stand import SAFE
from tests.support import postgres

SEED = 2026
BOUND = 256 * 1024 * 1024  # bytes the lifeboat holds at most
_METHOD = (
    "Two replicas on PostgreSQL (fsync and synchronous_commit on) behind a balancer; the server is "
    "stopped with `pg_ctl stop -m immediate` while people go on speaking, and started again. Each "
    "callback has to be answered 200, kept once, carried out and answered by a message."
)


@dataclass(frozen=True, slots=True)
class Outage:
    """What was seen while the database was away, and after."""

    minutes: float
    said: int
    size: int  # bytes in all lifeboats at the end
    page: str  # what /readyz said
    recovered: float  # seconds from the server's return until all was carried out
    torn: str  # what the killed replica's lifeboat held


def live_through(town: Fleet, home: Path, minutes: float, rate: float) -> Outage:
    """Stop the server under load, go on speaking, start it, and wait until all is done."""
    load = Load(town, SEED)
    load.run(10, rate)
    postgres.control(home, "stop", "-m", "immediate")
    began, before, page, torn = time.monotonic(), load.said, "", ""
    ends = began + minutes * 60
    while (rest := ends - time.monotonic()) > 0:
        load.run(min(15, rest), rate)
        if not torn and rest < minutes * 30:
            torn = _tear(town)
        look = town.page("/readyz")  # of one replica; the balancer may keep to the other
        page = look if "已有 0 条" not in look else page
        sys.stdout.write(f"{look.strip()} ({load.said - before} said)\n")
        sys.stdout.flush()
    said, size = load.said - before, sum(town.boats())
    postgres.control(home, "start")
    for one in town.replicas:
        if one.child.has_ended:
            one.start()
            one.wait_until_ready()
    began = time.monotonic()
    load.run(5, rate)
    town.carried_out()
    recovered = time.monotonic() - began
    town.settle()  # answers to one person leave no faster than the platform delivers them
    return Outage(minutes, said, size, page, recovered, torn)


def _boat(replica: Replica) -> Path:
    return replica.folder / "spool" / "lifeboat"


def _tear(town: Fleet) -> str:
    """Kill a replica and leave half a record at the end of its lifeboat, as a cut write does."""
    size, first = max((_boat(one).stat().st_size, nth) for nth, one in enumerate(town.replicas))
    town.replicas[first].child.kill()
    boat = _boat(town.replicas[first])
    half = boat.read_bytes()[:200]  # the head of a record that is longer
    with boat.open("ab") as opened:
        opened.write(half)
    return f"{size:,} bytes of records, then {len(half)} of half a record" if size else ""


def experiment(minutes: float, rate: float) -> Experiment:
    found = Experiment(
        "lifeboat",
        "PostgreSQL away under load",
        f"python -m bench.faults.outage --minutes {minutes:g} --rate {rate:g}",
        str(SEED),
        promises=("P1", "P2", "P4", "P5", "P6", "P7"),
        notes=[_METHOD],
    )
    began = time.monotonic()
    home = postgres.new_home()
    with ExitStack() as ending:
        ending.callback(postgres.stop, home)
        server = postgres.found(home, SAFE)
        nursery = Nursery()
        ending.callback(nursery.close)
        found.sins = _sins(nursery)
        ground = prepare(nursery, server)
        ending.callback(clear, ground)
        town = Fleet(nursery, ground, size=2)
        town.say_in_turn("wangxiaoyu", "微博 青禾路积水 https://weibo.com/1234567890/P0w7ex6A1")
        grown = sum(child.resident_kb() for child in town.children())
        seen = live_through(town, home, minutes, rate)
        grown = sum(child.resident_kb() for child in town.children()) - grown
        evidence = replace(town.close(None), answers=True, grown_kb=grown)
        verdict = judge(evidence)
        if verdict.broken:
            keep(ground, "outage")
    found.tally("postgresql").add(verdict, "outage", struck=True)
    lost = sum(n for (_, kind), n in verdict.counts.items() if kind == LOST)
    _measure(found, evidence, seen, lost)
    found.seconds = time.monotonic() - began
    return found


def _sins(nursery: Nursery) -> list[tuple[str, str, bool]]:
    ground = prepare(nursery)
    try:
        return sins_of(nursery, ground)
    finally:
        clear(ground)


def _measure(found: Experiment, evidence: Evidence, seen: Outage, lost: int) -> None:
    tries = evidence.callbacks()
    refused = sum(1 for one in tries if one["http"] != HTTPStatus.OK)
    waits = sorted(float(str(one["seconds"])) for one in tries)
    each = seen.size / max(seen.said, 1)
    hour = each * seen.said / seen.minutes * 60
    found.goals = [
        Goal("no callback lost", f"{len(tries)} tries, {refused} not answered 200", refused == 0),
        Goal(
            "a callback is answered within 4 s",
            f"p99 {quantile(waits, 0.99):.2f} s, at most {waits[-1]:.2f} s",
            waits[-1] < 4,
        ),
        Goal(
            "all carried out within 60 s of the server's return",
            f"{seen.recovered:.1f} s",
            seen.recovered <= 60,
        ),
        Goal(
            "the backlog is visible", f"/readyz: {seen.page.strip()}", "救生艇（已有" in seen.page
        ),
        Goal(
            "a replica killed with half a record in its lifeboat brings the whole ones home",
            f"{seen.torn}; lost in all: {lost}",
            bool(seen.torn) and lost == 0,
        ),
        Goal(
            "an hour fits into the lifeboat (calculated)",
            f"{each:.0f} bytes a callback; at this rate {hour / 1024 / 1024:.1f} MB an hour in two "
            f"boats of {BOUND >> 20} MB each; one boat holds {BOUND / max(each, 1):.0f} callbacks, "
            f"{BOUND / max(each, 1) / 3600:.0f} a second for an hour",
            hour < BOUND,
        ),
    ]
    found.notes.append(
        f"{seen.said} callbacks came while the server was away for {seen.minutes:g} minutes."
    )


def main() -> int:
    """Live through it; 1 if anything was lost, or a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=2.0, help="callbacks a second")
    parser.add_argument("--report", action="store_true", help="write docs/evidence/")
    options = parser.parse_args()
    found = experiment(options.minutes, options.rate)
    if options.report:
        sys.stdout.write(f"written to {found.save()}\n")
    for goal in found.goals:
        sys.stdout.write(f"{'met' if goal.met else 'MISSED'}: {goal.goal}: {goal.found}\n")
    for broken in found.tallies[0].broken:
        sys.stdout.write(f"{broken}\n")
    return 1 if found.failed else 0


if __name__ == "__main__":
    sys.exit(main())
