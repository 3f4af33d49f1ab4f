"""Tamper with the audit chain a thousand times and count what is found.

`python -m bench.audit`: a chain of rows as acts of chat leave them, its head anchored in a file
outside, on SQLite and PostgreSQL; each tampering is what somebody who may write to the tables could
do, but who has neither the key nor the file. It has to be found, and the first broken row named.
"""

import argparse
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, create_engine, text
from typer.testing import CliRunner

import main as program
from bench.commit import commit
from bench.faults.records import is_changed
from bench.tampering import BEGAN, ROWS, TAMPERINGS, run
from bot.anchors import AnchorFile
from bot.demo.stage import Stage, set_stage
from bot.serving import free_port
from config.directory import load_directory
from storage.audit import Algorithm, Anchor, AuditStore, BrokenRow, Sealing
from storage.database import Database
from storage.engines import parse
from tests.support import postgres

HOME = Path(__file__).parents[1]
REPORT = HOME / "docs" / "evidence" / "audit.md"
DIRECTORY = HOME / "config" / "demo" / "directory.toml"


@dataclass(slots=True)
class Found:
    """What came of the tamperings on one database."""

    engine: str
    made: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    young: str = ""  # rows younger than the anchor
    seconds: float = 0.0

    @property
    def is_whole(self) -> bool:
        return self.made == self.found == self.named


def fill(url: str, key: bytes, anchors: AnchorFile) -> Anchor:
    """Write the chain and keep its head outside."""
    for algorithm in (Algorithm.SHA256, Algorithm.SM3):
        database = Database(url, audit_key=key, audit_algorithm=algorithm)
        database.upgrade()
        begins = 0 if algorithm == Algorithm.SHA256 else ROWS // 2
        with database.work() as work:
            for nth in range(begins, begins + ROWS // 2):
                work.audit.append(
                    actor=("liuyang", "sunlei", "zhouguohua")[nth % 3],
                    role="责任单位联络员",
                    action=("signed", "refused", "exported")[nth % 3],
                    object_type="case",
                    object_id=f"YQ-20261120-{nth % 9 + 1:03}",
                    result="done",
                    details={"n": nth},
                    now=BEGAN + timedelta(seconds=nth),
                )
        database.close()
    opened = Database(url, audit_key=key)
    with opened.read() as work:
        head = work.audit.head()
    opened.close()
    assert head is not None
    anchors.add(head, BEGAN)
    return head


def tamper(url: str, key: bytes, head: Anchor, times: int, drawn: random.Random) -> Found:
    """Tamper so often, each in a transaction that is undone; count what was found."""
    engine = create_engine(parse(url))
    found = Found(engine.dialect.name)
    began = time.monotonic()
    with engine.connect() as connection:
        assert _look(connection, key, head) is None, "the chain is whole before"
        connection.rollback()
        for nth in range(times):
            make = TAMPERINGS[nth % len(TAMPERINGS)]
            first = make(connection, drawn)
            broken = _look(connection, key, head)
            connection.rollback()
            found.made[make.__name__] += 1
            found.found[make.__name__] += broken is not None
            found.named[make.__name__] += broken is not None and broken.seq == first
        assert _look(connection, key, head) is None, "each was undone"
    engine.dispose()
    found.seconds = time.monotonic() - began
    return found


def _look(connection: Connection, key: bytes, head: Anchor | None) -> BrokenRow | None:
    return AuditStore(connection, Sealing(key)).verify(head)


def look_at_the_young(url: str, key: bytes, head: Anchor) -> str:
    """Say what becomes of rows that are written and taken away between two anchors."""
    database = Database(url, audit_key=key)
    engine = create_engine(parse(url))
    with database.work() as work:
        work.audit.append(
            actor="liuyang", role="", action="young", object_type="case", object_id="",
            result="done", details={}, now=BEGAN + timedelta(hours=1),
        )  # fmt: skip
    with engine.connect() as connection:
        run(connection, "DELETE FROM audit WHERE seq > :seq", seq=head.seq)
        is_found = _look(connection, key, head) is not None
        connection.commit()
    engine.dispose()
    database.close()
    return "found" if is_found else "not found"


@dataclass(frozen=True, slots=True)
class Told:
    """What `main.py audit verify` said of one tampering."""

    kind: str
    expected: int
    said: str
    status: int

    @property
    def is_right(self) -> bool:
        return self.status != 0 and self.said.startswith(f"第 {self.expected} 行")


def by_command(folder: Path, drawn: random.Random) -> list[Told]:
    """Let the command itself look at each kind, on a copy of a SQLite file."""
    directory = load_directory(DIRECTORY)
    stage = Stage(folder, free_port(), free_port(), f"sqlite:///{folder}/duban.db")
    set_stage(stage, DIRECTORY, directory.units, directory.people)
    key = (folder / "secrets" / "audit").read_bytes()
    anchors = folder / "var" / "audit-anchors.jsonl"
    anchors.parent.mkdir(exist_ok=True)
    fill(stage.database_url, key, AnchorFile(anchors))
    live, kept = folder / "duban.db", folder / "kept.db"
    with create_engine(stage.database_url).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(live, kept)
    told = []
    for make in TAMPERINGS:
        for file in folder.glob("duban.db*"):
            file.unlink()
        shutil.copy(kept, live)
        engine = create_engine(stage.database_url)
        with engine.begin() as connection:
            first = make(connection, drawn)
        engine.dispose()
        words = ["audit", "verify", "--config", str(stage.config)]
        ended = CliRunner().invoke(program.app, words, prog_name="main.py")
        told.append(Told(make.__name__, first, ended.stdout.strip(), ended.exit_code))
    return told


@contextmanager
def databases(folder: Path) -> Iterator[list[str]]:
    """Have an empty database of each kind there is."""
    home = postgres.new_home()
    urls = [f"sqlite:///{folder}/audit.db"]
    with ExitStack() as held:
        held.callback(postgres.stop, home)
        try:
            server = postgres.find(home)
        except postgres.NoServerError as error:
            sys.stdout.write(f"no PostgreSQL: {error}\n")
        else:
            engine = create_engine(parse(server.url), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text("DROP DATABASE IF EXISTS duban_audit"))
                connection.execute(text("CREATE DATABASE duban_audit"))
            engine.dispose()
            urls.append(server.database("duban_audit"))
        yield urls


def page(found: Sequence[Found], told: Sequence[Told], arguments: Mapping[str, int]) -> str:
    """Write the report."""
    changed = "+" if is_changed() else ""
    made = (
        f"Made by `python -m bench.audit --times {arguments['times']} --seed {arguments['seed']} "
        f"--report` at commit {commit()}{changed}, {datetime.now(UTC):%Y-%m-%d}."
    )
    method = (
        f"A chain of {ROWS} rows, half sealed with HMAC-SHA256 and half with HMAC-SM3, its head "
        "anchored in a file outside. Each tampering is made by somebody who may write to every "
        "table, but has neither the key nor the file; it is looked for and undone."
    )
    lines = ["# Tampering with the audit", "", made, "", method, ""]
    lines += [
        "| database | tampered | found | first broken row named | seconds |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.engine} | {one.made.total()} | {one.found.total()} | {one.named.total()} "
        f"| {one.seconds:.0f} |"
        for one in found
    ]
    missed = [one.engine for one in found if not one.is_whole]
    lines += ["", "Goal, every one found and named: " + ("**MISSED**" if missed else "met") + "."]
    lines += ["", "| tampering | " + " | ".join(one.engine for one in found) + " |"]
    lines += ["|---|" + "---:|" * len(found)]
    for make in TAMPERINGS:
        name, said = make.__name__, (make.__doc__ or "").rstrip(".")
        counts = [f"{one.found[name]} of {one.made[name]}" for one in found]
        lines.append(f"| {said} | " + " | ".join(counts) + " |")
    lines += ["", "## What the command says", "", "| tampering | `main.py audit verify` | exit |"]
    lines += ["|---|---|---:|"]
    lines += [f"| {one.kind.replace('_', ' ')} | {one.said} | {one.status} |" for one in told]
    lines += [
        "",
        "## What remains",
        "",
        "A row that is written and taken away between two anchors leaves a whole chain: "
        + ", ".join(f"{one.engine} {one.young}" for one in found)
        + ". The head is anchored every hour, at each stop and in the evening's broadcast, so it "
        "is an hour at most; who has the key as well can write what he likes up to the last "
        "anchor, which is why key, file and database belong to different people.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Tamper; 1 if anything was not found or a wrong row was named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.relative_to(HOME)}")
    options = parser.parse_args()
    found = []
    with TemporaryDirectory(prefix="duban-audit-") as place:
        folder = Path(place)
        with databases(folder) as urls:
            for nth, url in enumerate(urls):
                anchors = AnchorFile(folder / f"anchors-{nth}.jsonl")
                key = b"a key that nobody guesses"
                head = fill(url, key, anchors)
                drawn = random.Random(options.seed)  # noqa: S311 - a seed has to draw the same
                one = tamper(url, key, head, options.times, drawn)
                one.young = look_at_the_young(url, key, head)
                found.append(one)
        (folder / "stage").mkdir()
        told = by_command(folder / "stage", random.Random(options.seed))  # noqa: S311
    text_of_it = page(found, told, vars(options))
    sys.stdout.write(text_of_it)
    if options.report:
        REPORT.write_text(text_of_it, encoding="utf-8")
    is_right = all(one.is_whole for one in found) and all(one.is_right for one in told)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
