"""Kill the service with SIGKILL at every failpoint of the story, restart it, judge the sandbox log.

Each run plays the whole story over HTTP against a service that dies once, on SQLite and on
PostgreSQL. The judge demands every expected message exactly once; only a group robot's post, which
has no key, may appear twice after a crash. The report goes to docs/evidence/.
"""

import argparse
import itertools
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, text

from bench.commit import commit
from bot.demo.player import StoryError
from bot.demo.processes import NotRunningError
from bot.demo.stage import Stage, set_stage
from bot.demo.story import run_story
from bot.serving import free_port
from config.directory import load_directory
from storage.engines import parse
from tests.support import postgres

HOME = Path(__file__).parents[1]
REPORT = HOME / "docs" / "evidence" / "crash-proof.md"
DIRECTORY = HOME / "config" / "demo" / "directory.toml"
STORAGE = [
    f"{step}.{point}"
    for step, points in {
        "keep": ("open", "inbox_inserted", "before_commit", "after_commit"),
        "act": (
            "open",
            "timers_written",
            "timers_cancelled",
            "outbox_written",
            "outbox_cancelled",
            "audit_written",
            "before_commit",
            "after_commit",
        ),
        "ring": (
            "open",
            "outbox_written",
            "timers_written",
            "audit_written",
            "before_commit",
            "after_commit",
        ),
        "claim": ("open", "before_commit", "after_commit"),
        "mark": ("open", "before_commit", "after_commit"),
    }.items()
    for point in points
]
DOORS = [
    "callback.accepted",
    "callback.body_read",
    "callback.envelope_read",
    "callback.decrypted",
    "callback.answered",
    "worker.opened",
    "worker.heard",
    "beat.due_selected",
    "send.guarded",
    "send.token_missing",
    "send.token_stored",
    "send.body_parsed",
]
NTH = (1, 4, 11, 2, 7, 19, 3, 14)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the story: where it died, and how it ended."""

    engine: str
    point: str
    nth: int
    crashes: int
    repeated: int
    seconds: float
    fault: str = ""


def plan(engines: list[str]) -> Iterator[tuple[str, str, int]]:
    """Every failpoint on every engine for the first hit, then for later hits."""
    for nth in NTH:
        yield from ((e, p, nth) for p, e in itertools.product(STORAGE + DOORS, engines))


def play(engine: str, point: str, nth: int, server: postgres.Server | None) -> Run:
    """Play the story once with the failpoint armed."""
    began = time.monotonic()
    directory = load_directory(DIRECTORY)
    with TemporaryDirectory(prefix="duban-proof-") as place:
        url = "sqlite:///duban.db"
        if engine == "postgresql" and server is not None:
            url = _fresh(server, f"duban_proof_{os.getpid()}_{time.monotonic_ns()}")
        stage = Stage(Path(place), free_port(), free_port(), url)
        set_stage(stage, DIRECTORY, directory.units, directory.people)
        armed = {"DUBAN_FAILPOINT": f"{point}:{nth}"}
        try:
            tale = run_story(stage, HOME / "main.py", {}, environment=armed, transcript=None)
        except (StoryError, NotRunningError) as error:
            return Run(engine, point, nth, 0, 0, time.monotonic() - began, str(error))
    return Run(engine, point, nth, tale.crashes, tale.repeated, time.monotonic() - began)


def _fresh(server: postgres.Server, name: str) -> str:
    admin = create_engine(parse(server.url), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return server.database(name)


def report(runs: list[Run], seconds: float) -> str:
    """The runs as a page."""
    lines = [
        "# Crash proof",
        "",
        "Made by `make proof`; each row is the story played once by a service that is killed",
        "(SIGKILL) at the named failpoint and started again. Judged from the sandbox's log.",
        "",
        f"Commit {commit()}, {datetime.now(UTC):%Y-%m-%d}, {len(runs)} runs in {seconds:.0f} s.",
        "",
        "| engine | runs | killed | lost or extra messages | robot posts seen twice |",
        "|---|---|---|---|---|",
    ]
    for engine in sorted({run.engine for run in runs}):
        mine = [run for run in runs if run.engine == engine]
        lines.append(
            f"| {engine} | {len(mine)} | {sum(r.crashes > 0 for r in mine)} "
            f"| {sum(bool(r.fault) for r in mine)} | {sum(r.repeated for r in mine)} |"
        )
    lines += [
        "",
        "| failpoint | engine | hit | killed | robot posts twice | fault |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.point} | {r.engine} | {r.nth} | {'yes' if r.crashes else 'not reached'} "
        f"| {r.repeated} | {r.fault.splitlines()[0] if r.fault else ''} |"
        for r in sorted(runs, key=lambda r: (r.point, r.engine, r.nth))
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run until the budget is used up; 1 if any run lost, doubled or invented a message."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=0.05, help="how long to go on")
    parser.add_argument("--report", type=Path, default=None, help=f"where to, e.g. {REPORT}")
    arguments = parser.parse_args()
    began = time.monotonic()
    home = postgres.new_home()
    try:
        runs = play_all(_server(home), began + arguments.hours * 3600)
    finally:
        postgres.stop(home)
    if arguments.report is not None:
        page = report(runs, time.monotonic() - began)
        arguments.report.write_text(page, encoding="utf-8")
    faults = sum(bool(run.fault) for run in runs)
    killed = sum(run.crashes > 0 for run in runs)
    sys.stdout.write(f"{len(runs)} runs, {killed} killed, {faults} with lost or extra messages\n")
    return 1 if faults else 0


def _server(home: Path) -> postgres.Server | None:
    try:
        return postgres.find(home)
    except postgres.NoServerError as error:
        if os.environ.get("DUBAN_REQUIRE_POSTGRES"):
            raise
        sys.stdout.write(f"no PostgreSQL: {error}\n")
        return None


def play_all(server: postgres.Server | None, ends: float) -> list[Run]:
    """Play two runs at a time until `ends`."""
    engines = ["sqlite"] if server is None else ["sqlite", "postgresql"]
    runs: list[Run] = []
    todo = plan(engines)
    with ThreadPoolExecutor(2) as pool:
        while time.monotonic() < ends and (pair := list(itertools.islice(todo, 2))):
            for run in pool.map(lambda one: play(*one, server), pair):
                runs.append(run)
                verdict = run.fault or ("killed" if run.crashes else "not reached")
                where = f"{run.engine:10} {run.point:24} :{run.nth:<2}"
                sys.stdout.write(f"{where} {run.seconds:5.1f}s {verdict}\n")
                sys.stdout.flush()
    return runs


if __name__ == "__main__":
    sys.exit(main())
