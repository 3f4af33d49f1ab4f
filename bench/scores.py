"""How long all scores of a year of 20 000 cases take: goal at most 10 s, all twelve months.

Run: python -m bench.scores [--write]
"""

import argparse
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, create_engine, insert, text

from bench.library import commit
from cases.event_records import pack
from cases.events import CalledBack, Closed, Registered, ReplyReturned, Signed
from cases.scores.happenings import SCORED_STEPS
from cases.scores.months import Month
from config.rulebook_clocks import SHIPPED
from config.rulebook_scores import load_scores
from handlers.scores import counted
from storage.database import Database
from storage.states import ClockState, SubjectType
from storage.tables.cases import CASE, CASE_EVENT
from storage.tables.clocks import CLOCK
from storage.tables.people import UNIT
from tests.storage.builders import open_case

CASES = 20_000
SEED = 2026
GOAL = 10.0  # seconds
UNITS = 30
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
_LATE = 0.2
REPORT = Path(__file__).parents[1] / "docs" / "evidence" / "scores.md"


def fill(database: Database, engine: Engine) -> dict[str, int]:
    """Put a year of cases into the database; return how many rows of what there are."""
    with database.work() as work:
        like = open_case(work, "第0处路灯不亮")
    dice = random.Random(SEED)  # noqa: S311 - the same year every time
    with engine.begin() as connection:
        units = [
            {"id": f"unit{n}", "name": f"第{n}单位", "aliases": [], "duties": [], "areas": []}
            for n in range(UNITS)
        ]
        connection.execute(insert(UNIT), units)
        first = CASE.select().where(CASE.c.id == like.id)
        one = dict(connection.execute(first).mappings().one())
        cases, clocks, happened = [], [], []
        for nth in range(CASES):
            number, at = nth + 1000, YEAR + timedelta(minutes=dice.randrange(525_000))
            unit = f"unit{dice.randrange(UNITS)}"
            closed = at + timedelta(days=3)
            ends = {"state": "closed", "closed_at": closed, "lead_unit": unit}
            name = {"id": number, "number": f"YQ-{at:%Y%m%d}-{nth:05d}", "seq": nth}
            cases.append(one | name | ends | {"reported_at": at})
            clocks += [_clock(dice, number, unit, step, at) for step in SCORED_STEPS]
            happened += _events(number, unit, at, closed)
        for table, rows in ((CASE, cases), (CLOCK, clocks), (CASE_EVENT, happened)):
            for start in range(0, len(rows), 5000):
                connection.execute(insert(table), rows[start : start + 5000])
        connection.execute(text("ANALYZE"))
    return {"cases": len(cases), "clocks": len(clocks), "events": len(happened)}


def _clock(
    dice: random.Random, case_id: int, unit: str, step: str, at: datetime
) -> dict[str, object]:
    due = at + timedelta(hours=2)
    ended = due + timedelta(hours=1 if dice.random() < _LATE else -1)
    return {
        "case_id": case_id,
        "subject_type": SubjectType.ASSIGNMENT,
        "subject_id": case_id * 1000 + 1,
        "step": step,
        "holder": unit,
        "started_at": at,
        "counted_at": at,
        "due_at": due,
        "basis": "自然时间",
        "provisional": False,
        "projected": False,
        "computation": [],
        "generation": 1,
        "state": ClockState.SETTLED,
        "ended_at": ended,
        "ended_by": "t",
    }


def _events(case_id: int, unit: str, at: datetime, closed: datetime) -> list[dict[str, object]]:
    happened = (
        Registered("n", "t", "r", "三级", unit),
        Signed(case_id * 1000 + 1, unit, "l", at),
        ReplyReturned(1, "重写"),
        Closed("同意", closed),
        CalledBack("满意", solved=True),
    )
    rows = []
    for seq, event in enumerate(happened, start=1):
        kind, data = pack(event)
        moment = closed if seq > 3 else at + timedelta(hours=seq)
        row = {"case_id": case_id, "seq": seq, "kind": kind, "data": data, "by": "t", "at": moment}
        rows.append(row | {"message_key": None})
    return rows


def main() -> int:
    """Print the figure, write it if asked; 1 where the goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    rules = load_scores(SHIPPED / "city3")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/duban.db"
        database = Database(url, audit_key=b"bench" * 8)
        database.upgrade()
        rows = fill(database, create_engine(url))
        start, computed, points = time.perf_counter(), time.process_time(), 0
        for month in range(1, 13):
            with database.read() as work:
                end = YEAR + timedelta(days=400)
                scores = counted(work, Month(2026, month), rules, "city3", end) if rules else None
            points += sum(len(unit.points) for unit in scores.units) if scores else 0
        took, computed = time.perf_counter() - start, time.process_time() - computed
        database.close()
    met = "met" if took <= GOAL else "MISSED"
    said = ", ".join(f"{count} {name}" for name, count in rows.items())
    line = (
        f"scores of a year: {said}: {points} points in {took:.1f} s "
        f"({computed:.1f} s of computing), goal {GOAL:.0f} s: {met}"
    )
    print(line)
    if asked.write:
        where = f"Written by `python -m bench.scores --write` at commit {commit()}, seed {SEED}."
        REPORT.write_text(f"# All scores of a year\n\n{where}\n\n{line}\n", encoding="utf-8")
    return int(took > GOAL)


if __name__ == "__main__":
    sys.exit(main())
