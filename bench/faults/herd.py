"""Many reminders due in the same second: `python -m bench.faults.herd --reminders 10000`.

One case is assigned by chat; the rest are copies of its rows, each with a clock and a timer of its
own that fall due in the same second: once spread over many people, once for one person, which is
the worst. What is due at once has to become a digest, nothing may be dropped by the platform, and
whoever speaks meanwhile is still answered.
"""

import argparse
import itertools
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import create_engine, insert, select

from bench.faults.evidence import Evidence
from bench.faults.ground import DIRECTORY, Ground
from bench.faults.judge import LOST, judge
from bench.faults.records import Experiment, Goal, quantile
from bench.faults.scenes import LIAISON, report_one
from bench.faults.stand import Stand, note
from bench.faults.town import Town
from bot.demo.processes import pause
from config.directory import load_directory
from storage.engines import parse
from storage.tables.cases import ASSIGNMENT, CASE
from storage.tables.clocks import CLOCK, TIMER

_METHOD = (
    "The cases are copies of rows, so their histories and audits are not judged (P1, P5, P6). So "
    "many messages pull the emergency brake by themselves while they ring; a case of the highest "
    "grade is ordered meanwhile and has to arrive, then the director releases what is held."
)
SEED = 2026
_PATIENCE = 900.0
_FAR = 100_000
_EACH_MINUTE = 60.0  # when the service looks at the volume, counted from its start
_UNIT = """
[[unit]]
id = "jiedao{nth}"
name = "第{nth}街道办"
aliases = []
duties = []

[[person]]
userid = "jiedao{nth}"
name = "街道{nth}联络员"
roles = ["责任单位联络员"]
unit = "jiedao{nth}"
"""


@dataclass(frozen=True, slots=True)
class Herd:
    """So many reminders, for so many people; one person: all are for the liaison of the case."""

    reminders: int
    people: int

    def __str__(self) -> str:
        return f"{self.reminders:,} for {self.people:,} people".replace(" 1 people", " one person")


def directory_with(people: int) -> Path:
    """Write a directory with so many units beside those of the demonstration."""
    path = Path(mkdtemp(prefix="duban-herd-")) / "directory.toml"
    units = "".join(_UNIT.format(nth=nth) for nth in range(1, people + 1))
    path.write_text(DIRECTORY.read_text(encoding="utf-8") + units, encoding="utf-8")
    return path


def copy_all(url: str, herd: Herd) -> None:
    """Copy the one case so often, with its assignment, clocks and pending timers."""
    engine = create_engine(parse(url))
    with engine.begin() as connection:
        for table in (CASE, ASSIGNMENT, CLOCK, TIMER):
            rows = [dict(row) for row in connection.execute(select(table)).mappings()]
            mine = [row for row in rows if row["id" if table is CASE else "case_id"] == 1]
            copies = [_copied(row, nth, herd) for nth in range(1, herd.reminders) for row in mine]
            for start in range(0, len(copies), 2000):
                connection.execute(insert(table), copies[start : start + 2000])
    engine.dispose()


def _copied(row: dict[str, object], nth: int, herd: Herd) -> dict[str, object]:
    moved = dict(row)
    for name in ("id", "case_id", "clock_id", "subject_id"):
        if isinstance(value := row.get(name), int):
            moved[name] = value + nth * _FAR
    if "number" in row:
        moved["number"] = f"YQ-20261120-{nth + 2:03d}"
    if herd.people > 1:
        for name in ("unit_id", "holder", "lead_unit"):
            if row.get(name) == "chengguan":
                moved[name] = f"jiedao{nth % herd.people + 1}"
    return moved


def experiment(options: argparse.Namespace) -> Experiment:
    found = Experiment(
        "herd",
        "Many reminders due in the same second",
        f"python -m bench.faults.herd --reminders {options.reminders} --people {options.people}",
        str(SEED),
        promises=("P2", "P4"),
        compressed="the clock jumps to what is due, and on while a message waits for its turn",
        notes=[_METHOD],
    )
    began = time.monotonic()
    with Stand() as stand:
        found.sins = stand.sins()
        for engine in stand.engines():
            if options.engine not in engine:
                continue
            ground = stand.new_ground(engine, directory_with(options.people))
            for people in (options.people, 1):
                _one(stand, found, ground, Herd(options.reminders, people))
    found.seconds = time.monotonic() - began
    return found


@dataclass(slots=True)
class Seen:
    """What an onlooker measured."""

    rung: float = 0.0  # seconds until all had rung
    said: float = 0.0  # seconds until all had left, the director's thinking included
    held: int = 0  # messages that the brake held when he released it


def _one(stand: Stand, found: Experiment, ground: Ground, herd: Herd) -> None:
    began = time.monotonic()
    town = Town(stand.nursery, ground)
    town.patience = _PATIENCE
    report_one(town, 0)
    town.say_in_turn("sunlei", "001 定三级, 交城管局")
    report_one(town, 1)
    town.settle()
    copy_all(ground.stage.database_url, herd)
    # The look at the volume is to come while they ring.
    pause(max(0.0, _EACH_MINUTE - 10 - (time.monotonic() - began) % _EACH_MINUTE))
    seen = _ring(town)
    evidence = town.close(None)
    verdict = judge(evidence)
    of = ("I5", "I6")
    verdict.broken = [one for one in verdict.broken if not one.startswith(of)]
    for key in [key for key in verdict.counts if key[0] in of]:
        del verdict.counts[key]
    verdict.say("I2", _lost(evidence), "reminders neither seen nor in a digest that was", LOST)
    note(ground, found.tally(ground.engine), str(herd), verdict, struck=True)
    _measure(found, (ground.engine, herd), evidence, seen)


def _ring(town: Town) -> Seen:
    seen = Seen()
    people = itertools.cycle(one.userid for one in load_directory(DIRECTORY).people)
    began = time.monotonic()
    town.jump("14:02")
    while town.state().get("due"):
        town.say(next(people), "帮助")
        pause(0.3)
    seen.rung = time.monotonic() - began
    town.patience = 2 * _EACH_MINUTE  # the next look but one has to find it
    town.wait_for("sunlei", "【紧急暂停】系统自动已暂停", 1)
    town.patience = _PATIENCE
    for words in ("002 定一级", "002 交城管局", "同意 002"):
        town.say_in_turn("wangjianping", words)
    town.wait_for(LIAISON, "【交办】002", 1)
    seen.held = town.held()
    town.say("sunlei", "恢复发送, 全部发出")
    town.wait_for("sunlei", "已恢复发送: 发出", 1)
    town.settle()
    seen.said = time.monotonic() - began
    return seen


def _reminders(evidence: Evidence) -> list[dict[str, object]]:
    rows = [dict(row) for row in evidence.rows("outbox") if row["clock_id"] is not None]
    return [row for row in rows if str(row["kind"]).startswith("remind-") and row["case_id"] != 2]


def _lost(evidence: Evidence) -> list[object]:
    """Return the reminders that nobody has seen: not by themselves, nor in a digest."""
    digests = {
        row["key"]
        for row in evidence.rows("outbox")
        if row["kind"] == "digest" and row["state"] == "sent"
    }
    return [
        row["key"]
        for row in _reminders(evidence)
        if row["state"] != "sent" and row["owner"] not in digests
    ]


def _measure(found: Experiment, which: tuple[str, Herd], evidence: Evidence, seen: Seen) -> None:
    engine, herd = which
    name = f"{engine}, {herd}"
    waits = sorted(float(str(one["seconds"])) for one in evidence.callbacks())
    digests: Counter[str] = Counter()
    for one in evidence.shown():
        if "【提醒汇总】" in str(one["text"]):
            digests[str(one["shown_to"])] += 1
    dropped = sum(1 for one in evidence.log if one.get("drop"))
    most, put = max(digests.values(), default=0), len(_reminders(evidence))
    p99 = quantile(waits, 0.99)
    found.goals += [
        Goal(f"{name}: every one rang", f"{put:,} in {seen.rung:.0f} s", put >= herd.reminders),
        Goal(f"{name}: dropped by the platform: 0", str(dropped), dropped == 0),
        Goal(
            f"{name}: at most 3 digests for one person",
            f"{sum(digests.values())} digests for {len(digests)} people, at most {most} for one",
            0 < most <= 3,
        ),
        Goal(
            f"{name}: callbacks p99 below 1 s meanwhile",
            f"{p99:.2f} s of {len(waits)}, at most {waits[-1]:.2f} s",
            p99 < 1,
        ),
        Goal(
            f"{name}: the brake pulls itself, the highest grade passes, the director releases",
            f"{seen.held} held when he did; all had left {seen.said:.0f} s after the second",
            expect_held(seen, herd),
        ),
    ]


def expect_held(seen: Seen, herd: Herd) -> bool:
    """Whether the brake really held something; of few reminders all may have left before."""
    return seen.held > 0 or herd.reminders < 1000


def main() -> int:
    """Make it; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reminders", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--engine", default="", help="sqlite or postgresql; both without")
    parser.add_argument("--report", action="store_true", help="write docs/evidence/")
    options = parser.parse_args()
    found = experiment(options)
    if options.report:
        sys.stdout.write(f"written to {found.save()}\n")
    for goal in found.goals:
        sys.stdout.write(f"{'met' if goal.met else 'MISSED'}: {goal.goal}: {goal.found}\n")
    return 1 if found.failed else 0


if __name__ == "__main__":
    sys.exit(main())
