"""A new version takes the place of the one before while people go on speaking.

`python -m bench.rolling`: the program of this commit serves (SQLite: one process, PostgreSQL: two
replicas). A program of tomorrow (the same, with one more migration and a word in its rulebook that
today's does not know) migrates the database under it; today's goes on on the new tables, is killed
once and started again, then every process is replaced by tomorrow's, one after the other.
`--old COMMIT` lets an earlier program be replaced by that of this commit instead.
"""

import argparse
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.faults import ground as grounds
from bench.faults.evidence import Evidence
from bench.faults.fleet import Fleet, Load
from bench.faults.ground import Ground, StuckError, clear, prepare, wait_until_ready
from bench.faults.judge import LOST, Verdict, judge
from bench.faults.nursery import HOME, Nursery
from bench.faults.records import Experiment, Goal, quantile
from bench.faults.replicas import REPORT
from bench.faults.stand import Stand, note
from bench.faults.town import Town
from bot.demo.processes import NotRunningError
from bot.demo.stage import Stage, set_stage
from tests.support import postgres

_NEWER_SETTINGS = re.compile(r"^\[papers\]\n(?:[^\[\n].*\n|\n)*", re.MULTILINE)
VERSIONS = "storage/migrations/versions"
_METHOD = (
    "{old} serves (tables {before}) while {new} migrates its database to {after}; two callbacks a "
    "second all the time. The old one goes on on the new tables{again}; then each process is asked "
    "to end and the new program takes its place, one after the other."
)
_CODE = (
    "bot",
    "handlers",
    "storage",
    "config",
    "cases",
    "bench",
    "tests",
    "main.py",
    "pyproject.toml",
)
TOMORROW = """\"\"\"What a program of tomorrow adds.\"\"\"

import sqlalchemy as sa
from alembic import op

revision = "{name}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("tomorrow", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("case_file", sa.Column("tomorrow", sa.Text()))
    op.create_index("ix_outbox_tomorrow", "outbox", ["recipient", "next_at"])
"""
_READS = 'table.texts("looks")'
_READS_MORE = '(*table.texts("looks"), *table.texts("glances"))'


@dataclass(frozen=True, slots=True)
class Program:
    """A program in a folder of its own."""

    folder: Path
    name: str

    @property
    def newest(self) -> str:
        """The newest revision it knows."""
        return max(path.name[:4] for path in (self.folder / VERSIONS).glob("[0-9]*.py"))

    @property
    def comes_up_on_newer(self) -> bool:
        """Whether it was taught to start on tables that are newer than it knows."""
        return "schema.oldest" in (self.folder / "storage/schema.py").read_text(encoding="utf-8")


class ItsNursery(Nursery):
    """Starts the services of one program."""

    def __init__(self, program: Program) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.faults.nursing"],
            cwd=program.folder,
            env={**os.environ, "DUBAN_FAILPOINT": "none:1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lock = threading.Lock()


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=HOME, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@contextmanager
def earlier(commit: str) -> Iterator[Program]:
    """Check out an earlier program for a while."""
    with TemporaryDirectory(prefix="duban-old-") as place:
        folder = Path(place) / "program"
        _git("worktree", "add", "--quiet", "--detach", str(folder), commit)
        try:
            yield Program(folder, f"The program of commit {commit}")
        finally:
            _git("worktree", "remove", "--force", str(folder))


@contextmanager
def tomorrow() -> Iterator[Program]:
    """Make a program that is a version ahead: one more migration, one more word in the rules."""
    with TemporaryDirectory(prefix="duban-new-") as place:
        folder = Path(place) / "program"
        folder.mkdir()
        for name in _CODE:
            source = HOME / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, folder / name)
        made = Program(folder, "a program of tomorrow")
        name = f"{int(made.newest) + 1:04}"
        migration = TOMORROW.format(name=name, before=made.newest)
        (folder / VERSIONS / f"{name}_tomorrow.py").write_text(migration, encoding="utf-8")
        _change_file(folder / "config/rulebook_clocks.py", _READS, _READS_MORE)
        _change_file(folder / "config/rulebooks/city3/clocks.toml", "looks = [", "glances = [")
        yield made


def _change_file(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new), encoding="utf-8")


@dataclass(slots=True)
class Change:
    """One change of version on one database, as it goes on."""

    town: Town
    load: Load
    seconds: float
    old: Program
    new: Program
    migrated: float = 0.0  # how long the migration took
    answer: int | None = None

    def migrate(self) -> None:
        """Migrate with the program of today while people speak."""

        def run() -> None:
            began = time.monotonic()
            config = self.town.ground.folder / "duban.toml"
            command = [sys.executable, "main.py", "migrate", "--config", str(config)]
            folder = self.new.folder
            done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
            self.answer, self.migrated = done.returncode, time.monotonic() - began

        running = threading.Thread(target=run)
        running.start()
        while running.is_alive():
            self.load.run(0.5, 2)
        running.join()

    def go_on(self) -> None:
        self.load.run(self.seconds, 2)


@contextmanager
def _understood_by_both() -> Iterator[None]:
    """Let the stage be set without settings that came after the old program."""

    def plain(stage: Stage, *others: object) -> None:
        set_stage(stage, *others)  # type: ignore[arg-type]
        config = stage.config.read_text(encoding="utf-8")
        stage.config.write_text(_NEWER_SETTINGS.sub("", config), encoding="utf-8")

    setattr(grounds, "set_stage", plain)  # noqa: B010 - for the time of one call
    try:
        yield
    finally:
        setattr(grounds, "set_stage", set_stage)  # noqa: B010


@dataclass(frozen=True, slots=True)
class Pair:
    """The program that is there and the one that takes its place, each with its nursery."""

    old: Program
    new: Program
    olds: Nursery
    news: Nursery


def _roll(stand: Stand, engine: str, pair: Pair, seconds: float, found: Experiment) -> None:
    server = None
    if engine == "postgresql":
        stand.new_ground(engine)  # which founds the server
        server = postgres.find(stand.home)
    with _understood_by_both():
        ground = prepare(pair.olds, server)
    try:
        _change(ground, pair, seconds, found)
    finally:
        clear(ground)


def _change(ground: Ground, pair: Pair, seconds: float, found: Experiment) -> None:
    kind = Town if ground.server is None else Fleet
    town = kind(pair.olds, ground)
    verdict, evidence = Verdict(), None
    town.say_in_turn("wangxiaoyu", REPORT)
    change = Change(town, Load(town, 2026), seconds, pair.old, pair.new)
    try:
        change.go_on()
        change.migrate()
        change.go_on()
        if pair.old.comes_up_on_newer:
            _kill_one(town)
            change.go_on()
        _replace_each(town, pair.news, change)
        town.carried_out()
        town.settle()
        evidence = replace(town.close(None), answers=True)
        verdict = judge(evidence)
    except (StuckError, NotRunningError) as error:
        town.abandon()
        verdict.say("I9", [error], "stuck", LOST)
    name = f"{pair.old.newest} to {pair.new.newest}: {change.load.said} said"
    note(ground, found.tally(ground.engine), name, verdict, struck=True)
    _measure(found, ground.engine, change, evidence)


def _kill_one(town: Town) -> None:
    """Kill a process of the old program; it has to come up again on the new tables."""
    child = town.replicas[0].child if isinstance(town, Fleet) else town.service
    child.kill()
    town.revive()


def _replace_each(town: Town, new: Nursery, change: Change) -> None:
    if isinstance(town, Fleet):
        for one in town.replicas:
            one.child.stop()
            one.child = new.serve(one.folder)
            one.wait_until_ready()
            change.go_on()
        return
    town.service.stop()
    town.service = new.serve(town.ground.folder)
    wait_until_ready(town.ground, town.service)
    change.go_on()


def _measure(found: Experiment, engine: str, change: Change, left: Evidence | None) -> None:
    tries = [] if left is None else left.callbacks()
    refused = sum(1 for one in tries if one["http"] != HTTPStatus.OK)
    waits = sorted(float(str(one["seconds"])) for one in tries)
    found.goals += [
        Goal(
            f"{engine}: it migrates under traffic",
            f"in {change.migrated:.1f} s, the program's start among them",
            change.answer == 0,
        ),
        Goal(
            f"{engine}: no callback is refused for good",
            f"{len(tries)} tries for {change.load.said + 1} callbacks, {refused} not answered 200, "
            f"p99 {quantile(waits, 0.99):.2f} s",
            bool(tries) and max(waits) < 4,
        ),
    ]


def experiment(seconds: float, commit: str = "") -> Experiment:
    """Change the version on both databases."""
    began = time.monotonic()
    ours = Program(HOME, "the program of this commit")
    with ExitStack() as held:
        old = held.enter_context(earlier(commit)) if commit else ours
        new = ours if commit else held.enter_context(tomorrow())
        again = ", is killed and started again" if old.comes_up_on_newer else ""
        method = _METHOD.format(
            old=old.name[0].upper() + old.name[1:],
            new=new.name,
            before=old.newest,
            after=new.newest,
            again=again,
        )
        found = Experiment(
            "rolling",
            "A version takes another's place under traffic",
            f"python -m bench.rolling --seconds {seconds:g}{f' --old {commit}' if commit else ''}",
            "2026",
            promises=("P1", "P2", "P4", "P5", "P6"),
            notes=[method],
        )
        nurseries = [ItsNursery(one) for one in (old, new)]
        for one in nurseries:
            held.callback(one.close)
        stand = held.enter_context(Stand())
        for engine in stand.engines():
            _roll(stand, engine, Pair(old, new, *nurseries), seconds, found)
    found.seconds = time.monotonic() - began
    return found


def main() -> int:
    """Do it; 1 if anything was lost, doubled, or a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of traffic in each phase")
    parser.add_argument("--old", default="", help="the commit of the version before")
    parser.add_argument("--report", action="store_true", help="write docs/evidence/")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    found = experiment(options.seconds, options.old)
    if options.report:
        sys.stdout.write(f"written to {found.save()}\n")
    for goal in found.goals:
        sys.stdout.write(f"{'met' if goal.met else 'MISSED'}: {goal.goal}: {goal.found}\n")
    return 1 if found.failed else 0


if __name__ == "__main__":
    sys.exit(main())
