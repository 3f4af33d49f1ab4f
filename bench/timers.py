"""What a beat costs with a million pending timers against a thousand: `python -m bench.timers`.

The same number is due in both; the two databases take turns, so that whatever else the machine does
falls on both alike. On SQLite and on PostgreSQL.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, text

from bench.commit import commit
from bot.pulse import Pulse, Shore
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.tally import Tally
from storage.database import Database
from storage.engines import parse
from storage.states import SubjectType
from storage.timers import DueTimer, NewTimer
from storage.work import Work
from tests.support import postgres

HOME = Path(__file__).parents[1]
REPORT = HOME / "docs" / "evidence" / "timers.md"
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
FEW, MANY = 1_000, 1_000_000
GOAL = 1.2
DUE = (*(0, 1) * 10, 16, 200)  # the short beats oftener: the machine disturbs them most
_COPY = text(
    "INSERT INTO timer (subject_type, subject_id, kind, slot, addressee, generation, due_at,"
    " leaves_at, state, reason, tries) SELECT subject_type, subject_id + :offset, kind, slot,"
    " addressee, generation, due_at, leaves_at, state, reason, tries FROM timer"
    " ORDER BY id LIMIT :most"
)


@dataclass(slots=True)
class Side:
    """One database with so many timers pending, and its pulse."""

    database: Database
    pending: int
    pulse: Pulse
    clock: list[datetime]
    beats: dict[int, list[float]] = field(default_factory=dict)  # by number due, in µs
    rung: int = 0

    def beat(self, due: int, nth: int) -> None:
        """Let so many timers fall due and measure the beat that rings them."""
        self.clock[0] += timedelta(seconds=30)
        now = self.clock[0]
        with self.database.work() as work:
            first = 10_000_000 + nth * 1_000
            work.timers.set_all([timer(first + n, now) for n in range(due)])
        started = time.perf_counter()
        rung = self.pulse.beat()
        self.beats.setdefault(due, []).append((time.perf_counter() - started) * 1e6)
        if rung != due:
            raise RuntimeError(f"{rung} timers rang instead of {due}")


def timer(number: int, leaves_at: datetime) -> NewTimer:
    """A timer of a case of that number."""
    return NewTimer(
        subject_type=SubjectType.CASE,
        subject_id=number,
        kind="签收",
        slot="due",
        addressee="联络员",
        generation=1,
        due_at=leaves_at,
        leaves_at=leaves_at,
    )


def ring(work: Work, due: DueTimer, now: datetime) -> None:
    """Settle the timer and set the next of its ladder, as a reminder does."""
    work.timers.fired(due.id, now, "签收 due")
    work.timers.set(timer(due.subject_id + 100_000_000, now + timedelta(days=200)))


def side(url: str, folder: Path, pending: int) -> Side:
    """Open a database at `url` with so many timers pending over the next year."""
    database = Database(url, audit_key=b"bench")
    database.upgrade()
    _fill(database, pending)
    clock = [NOW]
    boat = Lifeboat(folder / f"lifeboat-{pending}")
    pulse = Pulse(database, ring=ring, shore=Shore(boat, Tally()), clock=lambda: clock[0])
    return Side(database, pending, pulse, clock)


def _fill(database: Database, pending: int) -> None:
    minutes = 365 * 24 * 60 // FEW
    with database.work() as work:
        work.timers.set_all(
            [timer(n, NOW + timedelta(days=1, minutes=n * minutes)) for n in range(FEW)]
        )
    engine = create_engine(parse(database.url))
    with engine.begin() as connection:
        filled = FEW
        while filled < pending:
            more = min(filled, pending - filled)
            connection.execute(_COPY, {"offset": filled, "most": more})
            filled += more
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE timer"))
    engine.dispose()


def measure(few: Side, many: Side, rounds: int) -> None:
    """Let both beat by turns."""
    for nth in range(-3, rounds):
        for at, due in enumerate(DUE):
            for one in (few, many) if nth % 2 else (many, few):
                one.beat(due, (nth + 3) * len(DUE) + at)
        if nth < 0:  # the first ones warm up
            few.beats.clear()
            many.beats.clear()


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of the report."""

    engine: str
    due: int
    few: float
    many: float
    medians: tuple[float, float]  # the same, disturbances included

    @property
    def ratio(self) -> float:
        """How many times as long a beat takes with a million pending."""
        return self.many / self.few

    @property
    def of_medians(self) -> float:
        """The same by medians."""
        return self.medians[1] / self.medians[0]


def run(name: str, url: Callable[[int], str], folder: Path, rounds: int) -> list[Row]:
    """Measure one engine."""
    few, many = (side(url(pending), folder, pending) for pending in (FEW, MANY))
    measure(few, many, rounds)
    for one in (few, many):
        one.database.close()
    rows = [
        Row(
            name,
            due,
            _undisturbed(few.beats[due]),
            _undisturbed(many.beats[due]),
            (median(few.beats[due]), median(many.beats[due])),
        )
        for due in sorted(set(DUE))
    ]
    for row in rows:
        sys.stdout.write(
            f"{row.engine:10} {row.due:4} due {row.few:9.0f} µs {row.many:9.0f} µs"
            f"  × {row.ratio:.2f}\n"
        )
        sys.stdout.flush()
    return rows


def _undisturbed(beats: Sequence[float]) -> float:
    """The lower quartile: a beat is only ever lengthened by what else a machine does."""
    return quantiles(beats, n=4)[0]


def page(rows: Sequence[Row], rounds: int) -> str:
    """The report."""
    missed = [row for row in rows if row.ratio > GOAL]
    verdict = "Kept throughout." if not missed else "**Missed** where marked."
    return "\n".join(
        [
            "# A million pending timers",
            "",
            "Made by `python -m bench.timers`. A whole beat of the pulse: find what is due, lock,",
            "settle and set the next timer, note the beat. Both sizes took turns on one machine.",
            "",
            f"Commit {commit()}, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()},",
            f"lower quartiles of {rounds} rounds (ten beats in each of those with 0 and 1 due):",
            "other work on the machine only ever lengthens a beat. The ratio of the medians, which",
            f"holds all that, stands beside. Load, last 15 minutes: {os.getloadavg()[2]:.1f}.",
            "",
            f"Goal: at most {GOAL} times the beat with {FEW:,} pending. {verdict}",
            "",
            f"| engine | due | {FEW:,} pending | {MANY:,} pending | ratio | of medians |",
            "|---|---:|---:|---:|---:|---:|",
            *(
                f"| {row.engine} | {row.due} | {row.few:.0f} µs | {row.many:.0f} µs "
                f"| {row.ratio:.2f}{' **missed**' if row in missed else ''} "
                f"| {row.of_medians:.2f} |"
                for row in rows
            ),
            "",
        ]
    )


def main() -> int:
    """Measure both engines and write the report; 1 if the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--report", type=Path, default=REPORT)
    given = parser.parse_args()
    home = postgres.new_home()
    try:
        with TemporaryDirectory(prefix="duban-timers-") as place:
            folder = Path(place)
            rows = run("SQLite", lambda n: f"sqlite:///{folder}/{n}.db", folder, given.rounds)
            server = postgres.find(home)
            (folder / "pg").mkdir()
            rows += run("PostgreSQL", lambda n: _database(server, n), folder / "pg", given.rounds)
    finally:
        postgres.stop(home)
    given.report.write_text(page(rows, given.rounds), encoding="utf-8")
    return 1 if any(row.ratio > GOAL for row in rows) else 0


def _database(server: postgres.Server, pending: int) -> str:
    name = f"duban_timers_{pending}"
    admin = create_engine(parse(server.url), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return server.database(name)


if __name__ == "__main__":
    sys.exit(main())
