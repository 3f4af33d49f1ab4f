"""Play a year of several institutions, judge it, and write the report: `python -m bench.year`.

Each institution lives under a rulebook of its own, in a process and a database of its own. No
report is written unless every planted sin was caught first.
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.commit import commit
from bench.year.playing import Stage, play_town
from bench.year.report import Played, Summary, page
from tests.support import postgres
from tests.support.year.run import MEMORY, Plan
from tests.support.year.sins import SINS, NotCaughtError

HOME = Path(__file__).parents[2]
REPORT = HOME / "docs" / "evidence" / "year.md"
POSTGRES = REPORT.with_name("year-postgres.md")
FIRST, DAYS = date(2026, 1, 1), 365
RULEBOOKS = ("city3", "county4", "dept3", "listed2")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="in all institutions together")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--rulebooks", nargs="+", default=list(RULEBOOKS))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--report", type=Path, help="docs/evidence/year.md, or year-postgres.md")
    parser.add_argument("--folder", type=Path, default=MEMORY if MEMORY.is_dir() else None)
    return parser.parse_args()


def main() -> int:
    """Play, judge, report; 1 if anything differs, 2 if the judge overlooked a planted sin."""
    given = _asked()
    each = -(-given.cases // len(given.rulebooks))
    plans = [
        Plan(rulebook, each, FIRST, given.days, given.seed + nth)
        for nth, rulebook in enumerate(given.rulebooks)
    ]
    began, of_commit = time.monotonic(), commit()
    home = postgres.new_home()
    try:
        server = postgres.find(home).url if given.postgres else ""
        with (
            TemporaryDirectory(prefix="duban-year-", dir=given.folder) as place,
            # Fresh processes: a forked one would share the parent's connections.
            ProcessPoolExecutor(given.workers, get_context("spawn")) as pool,
        ):
            play_one = partial(play_town, Stage(Path(place), server))
            found = list(pool.map(play_one, plans))
        if given.days >= DAYS:
            _must_be_planted(found)
    except NotCaughtError as error:
        sys.stderr.write(f"the judge overlooked a planted sin ({error}); no report\n")
        return 2
    finally:
        postgres.stop(home)
    played = Played(" ".join(sys.argv[1:]), of_commit, time.monotonic() - began)
    report = given.report or (POSTGRES if given.postgres else REPORT)
    report.write_text(page(found, played), encoding="utf-8")
    faults = sum(one.faults for one in found)
    sys.stdout.write(f"{sum(one.cases for one in found)} cases, {faults} differences\n")
    return 1 if faults else 0


def _must_be_planted(found: list[Summary]) -> None:
    """Raise NotCaughtError where no institution gave occasion for a sin."""
    if missing := set(SINS) - {name for one in found for name in one.caught}:
        raise NotCaughtError(f"no occasion for {'; '.join(sorted(missing))}")


if __name__ == "__main__":
    sys.exit(main())
