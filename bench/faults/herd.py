"""Many reminders due in the same second: `python -m bench.faults.herd --reminders 10000`.

One case is assigned by chat; the rest are copies of its rows, each with a clock and a timer of its
own that fall due in the same second. They are for one person: what is due at once has to become a
digest, nothing may be dropped by the platform, and whoever speaks meanwhile is still answered.
"""

import argparse
import sys
import time

from sqlalchemy import create_engine, insert, select

from bench.faults.judge import judge
from bench.faults.records import Experiment, Goal, quantile
from bench.faults.scenes import LIAISON, WANG, report_one
from bench.faults.stand import Stand, note
from bench.faults.town import Town
from bot.demo.processes import pause
from storage.engines import parse
from storage.tables.cases import ASSIGNMENT, CASE
from storage.tables.clocks import CLOCK, TIMER

_METHOD = (
    "All for one person, which is the worst. The cases are copies of rows, so their histories and "
    "audits are not judged (P1, P5, P6). So many messages pull the emergency brake by themselves; "
    "the director releases it."
)
SEED = 2026
_FAR = 100_000


def copy_all(url: str, count: int) -> None:
    """Copy the one case so often, with its assignment, clocks and pending timers."""
    engine = create_engine(parse(url))
    with engine.begin() as connection:
        for table in (CASE, ASSIGNMENT, CLOCK, TIMER):
            rows = [dict(row) for row in connection.execute(select(table)).mappings()]
            mine = [row for row in rows if table is CASE or row.get("case_id") == 1]
            copies = [_copied(row, nth * _FAR) for nth in range(1, count) for row in mine]
            for start in range(0, len(copies), 2000):
                connection.execute(insert(table), copies[start : start + 2000])
    engine.dispose()


def _copied(row: dict[str, object], offset: int) -> dict[str, object]:
    moved = dict(row)
    for name in ("id", "case_id", "clock_id", "subject_id"):
        if isinstance(value := row.get(name), int):
            moved[name] = value + offset
    if "number" in row:
        moved["number"] = f"YQ-20261120-{offset // _FAR + 1:03d}"
    return moved


def experiment(count: int) -> Experiment:
    found = Experiment(
        "herd",
        "Many reminders due in the same second",
        f"python -m bench.faults.herd --reminders {count}",
        str(SEED),
        promises=("P2", "P4"),
        compressed="the clock jumps to what is due; nothing else",
        notes=[_METHOD],
    )
    began = time.monotonic()
    with Stand() as stand:
        for engine in stand.engines():
            _one(stand, found, engine, count)
    found.seconds = time.monotonic() - began
    return found


def _one(stand: Stand, found: Experiment, engine: str, count: int) -> None:
    ground = stand.ground(engine)
    town = Town(stand.nursery, ground)
    town.patience = 900.0
    report_one(town, 0)
    town.say_in_turn("sunlei", "001 定三级, 交城管局")
    town.settle()
    copy_all(ground.stage.database_url, count)
    began = time.monotonic()
    town.jump("14:02")
    for _ in range(20):
        town.say(WANG, "帮助")
        pause(0.3)
    town.settle()
    town.say("sunlei", "恢复发送, 全部发出")  # so many pull the emergency brake by themselves
    town.settle()
    seconds = time.monotonic() - began
    evidence = town.close(None)
    verdict = judge(evidence)
    of = ("I5", "I6")
    verdict.broken = [one for one in verdict.broken if not one.startswith(of)]
    for key in [key for key in verdict.counts if key[0] in of]:
        del verdict.counts[key]
    note(ground, found.tally(engine), f"{count} at once", verdict, struck=True)
    waits = sorted(float(str(one["seconds"])) for one in evidence.callbacks())
    told = [one for one in evidence.shown() if LIAISON in str(one.get("shown_to"))]
    dropped = sum(1 for one in evidence.log if one.get("drop") == "member_rate")
    digests = sum("汇总" in str(one["text"]) for one in told)
    full = Goal(f"{engine}: 10 000 reminders at once", f"{count}", count >= 10_000)
    found.goals += [
        full,
        Goal(f"{engine}: dropped by the platform: 0", str(dropped), dropped == 0),
        Goal(f"{engine}: at most 3 digests for one person", str(digests), 0 < digests <= 3),
        Goal(
            f"{engine}: callbacks p99 below 1 s meanwhile",
            f"{quantile(waits, 0.99):.2f} s; all was rung and said in {seconds:.0f} s",
            quantile(waits, 0.99) < 1,
        ),
    ]


def main() -> int:
    """Make it; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reminders", type=int, default=10_000)
    parser.add_argument("--report", action="store_true", help="write docs/evidence/")
    options = parser.parse_args()
    found = experiment(options.reminders)
    if options.report:
        sys.stdout.write(f"written to {found.save()}\n")
    for goal in found.goals:
        sys.stdout.write(f"{'met' if goal.met else 'MISSED'}: {goal.goal}: {goal.found}\n")
    return 1 if found.failed else 0


if __name__ == "__main__":
    sys.exit(main())
