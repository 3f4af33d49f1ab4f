"""How much disk, memory and computing an institution needs: `python -m bench.sizing`.

Whole cases are lived through the real handlers in a SQLite file, from the forwarded link to 办结
with their reminders, and the service is started on what came of it. The table multiplies that.
"""

import argparse
import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.commit import commit
from bot.demo.processes import start_service
from bot.demo.stage import Stage, set_stage
from bot.serving import free_port
from config.directory import load_directory
from storage.copies import settle
from storage.database import Database
from tests.support.office import DIRECTORY, Office

HOME = Path(__file__).parents[1]
REPORT = HOME / "docs" / "sizing.md"
LINK = "https://www.toutiao.com/article/72495596873{nth:08d}/"
SITES = (("县区或医院", 500), ("地级市", 5_000), ("省会城市", 20_000), ("省", 100_000))
PICTURES_MB = 1.0  # of pictures and recordings for each case: an assumption, not measured
BACKUPS, WHOLE = 14, 2


@dataclass(frozen=True, slots=True)
class Measured:
    """What one case costs, and what the service needs besides."""

    cases: int
    kilobytes: float  # of the database, for each case
    milliseconds: float  # of computing, for each case, by the handlers
    messages: float
    megabytes: float  # of memory, of the service just started on all of them


def live(office: Office, nth: int) -> int:
    """One case from the link to its end; return how many messages left."""
    short = f"{office.now:%m%d}-{nth % 900 + 1:03d}"
    told = office.forwards("wangxiaoyu", f"第{nth}街积水多日 居民反映", LINK.format(nth=nth))
    told += office.says("sunlei", f"{short} 定三级,交城管局")
    told += office.says("liuyang", f"收到 {short}")
    told += office.passes(minutes=20)
    told += office.says("liuyang", f"{short} 首报: 已到现场, 正在抽排积水")
    told += office.says("liuyang", f"{short} 已办结, 积水已排完")
    told += office.says("sunlei", f"同意办结 {short}")
    return len(told)


def measure(cases: int, folder: Path) -> Measured:
    file = folder / "duban.db"
    directory = load_directory(DIRECTORY)
    stage = Stage(folder, free_port(), free_port(), f"sqlite:///{file}")
    set_stage(stage, DIRECTORY, directory.units, directory.people)
    database = Database(f"sqlite:///{file}", audit_key=b"k" * 64)
    database.upgrade()
    office = Office(database)
    settle_size = _size(database, file)
    began, messages = time.process_time(), 0
    for nth in range(1, cases + 1):
        messages += live(office, nth)
    seconds = time.process_time() - began
    grown = _size(database, file) - settle_size
    database.close()
    settle(file)
    (folder / "secrets" / "audit").write_text("k" * 64, "utf-8")
    service = start_service(stage, HOME / "main.py")
    try:
        memory = _resident(service.pid)
    finally:
        service.stop()
    return Measured(cases, grown / cases / 1e3, seconds / cases * 1e3, messages / cases, memory)


def _size(database: Database, file: Path) -> int:
    del database
    return file.stat().st_size + (
        wal.stat().st_size if (wal := file.with_name(f"{file.name}-wal")).exists() else 0
    )


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return next(int(row.split()[1]) for row in status.splitlines() if row.startswith("VmRSS")) / 1e3


def page(found: Measured) -> str:
    """The table, with what it was multiplied from."""
    lines = [
        "# Sizing",
        "",
        f"Made by `python -m bench.sizing`: {found.cases} whole cases through the real handlers on",
        "SQLite, then the service started on them. The rows multiply what one case costs; what is",
        "advised has room to spare.",
        "",
        f"Commit {commit()}, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores.",
        "",
        f"One case: {found.kilobytes:.1f} kB of database, {found.milliseconds:.0f} ms of",
        f"computing, {found.messages:.1f} messages.",
        f"The service just started: {found.megabytes:.0f} MB of memory.",
        f"Pictures and recordings: {PICTURES_MB:.0f} MB a case is an **assumption**, not measured.",
        "",
        (
            "| | cases a year | database a year | pictures a year | backups after 3 years "
            "| computing a day | advised |"
        ),
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for name, cases in SITES:
        base = cases * found.kilobytes / 1e6
        pictures = cases * PICTURES_MB / 1e3
        backups = 3 * (base * BACKUPS + (base + pictures) * WHOLE)
        busy = cases / 250 * found.milliseconds / 1e3
        advised = "SQLite, 1 core, 1 GiB" if cases <= 5_000 else "PostgreSQL, 2 cores, 4 GiB"
        lines.append(
            f"| {name} | {cases:,} | {base:.2f} GB | {pictures:.1f} GB | {backups:.0f} GB "
            f"| {busy:.0f} s | {advised} |"
        )
    lines += [
        "",
        f"Backups are {BACKUPS} nightly ones of the database and {WHOLE} weekly ones with",
        "pictures, as the units make them; put them on another disk. Computing is never the",
        "bound: what one process takes at once is measured by `make bench` ([speed](speed.md)).",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure and, where asked to, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300, help="how many cases are lived")
    parser.add_argument("--report", type=Path, default=None, help=f"where to, e.g. {REPORT}")
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="duban-sizing-") as place:
        found = measure(arguments.cases, Path(place))
    sys.stdout.write(f"{found}\n")
    if arguments.report is not None:
        arguments.report.write_text(page(found), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
