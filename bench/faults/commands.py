"""Commands killed in the middle: an export of a case, a change of the schema."""

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, create_engine, text

from bench.faults import evidence as left
from bench.faults.ground import HOME, Ground
from bench.faults.judge import BROKEN, LOST, Verdict, judge
from bench.faults.records import Experiment
from bench.faults.scenes import SCENES
from bench.faults.stand import Stand, note
from bench.faults.town import Town
from bot.command_line.evidence import MANIFEST, BrokenExportError, verify_export
from storage import schema
from storage.engines import parse

_METHOD = (
    "The command runs as a process of its own and is killed with SIGKILL at the named point, then "
    "it runs again. An export is there whole, and in the audit, or not at all (E01 to E03); the "
    "tables are of one version or of the other (M01 to M03). Then the tables are judged."
)
_KILLED, _NUMBER = -9, "YQ-20261120-001"
_EXPORT = ("export.written", "export.audited", "export.named")
_MIGRATE = ("migrate.open", "migrate.before_commit", "migrate.after_commit")


def commands(stand: Stand, seed: int) -> Experiment:
    """Kill `evidence export` and `migrate` at each of their points, on both databases."""
    found = Experiment(
        "command-kills",
        "Commands killed in the middle",
        "python -m bench.faults command-kills",
        str(seed),
        promises=("P5", "P6"),
        notes=[_METHOD],
    )
    scene = next(one for one in SCENES if one.name == "text")
    for engine in stand.engines():
        town = Town(stand.nursery, stand.ground(engine))
        scene.begin(town)
        scene.act(town)
        town.settle()
        evidence = town.close(scene.expected)
        for kind, points in ((_exported, _EXPORT), (_migrated, _MIGRATE)):
            for point in points:
                _kill(found, town.ground, (kind, point), evidence)
    return found


Act = Callable[[Ground, str, Verdict], bool]


def _kill(
    found: Experiment, ground: Ground, what: tuple[Act, str], evidence: left.Evidence
) -> None:
    act, point = what
    faults = Verdict()
    struck = act(ground, point, faults)
    url = ground.stage.database_url
    folded, chain = left.fold_all(url, ground.key)
    tables = left.tables_of(url)
    verdict = judge(replace(evidence, tables=tables, folded=folded, chain=chain))
    verdict.broken += faults.broken
    verdict.counts += faults.counts
    note(ground, found.tally(ground.engine), point, verdict, struck=struck)


def _run(ground: Ground, trap: str, *arguments: str) -> int:
    call = [sys.executable, str(HOME / "main.py"), *arguments]
    call += ["--config", str(ground.stage.config)]
    # A command without a trap is an ordinary one.
    setting = {"DUBAN_FAILPOINT": f"{trap}:1"} if trap else {}
    env = {name: value for name, value in os.environ.items() if name != "DUBAN_FAILPOINT"}
    return subprocess.run(call, env=env | setting, capture_output=True, check=False).returncode


def _exported(ground: Ground, point: str, faults: Verdict) -> bool:
    out = ground.folder / f"{point}.zip"
    status = _run(ground, point, "evidence", "export", _NUMBER, "--out", str(out))
    _look_at(ground, out, faults)
    again = out.with_name("again.zip") if out.exists() else out
    again.unlink(missing_ok=True)
    if _run(ground, "", "evidence", "export", _NUMBER, "--out", str(again)) or not again.exists():
        faults.say("I9", [point], "not exported when it was asked again", LOST)
    _look_at(ground, again, faults)
    return status == _KILLED


def _look_at(ground: Ground, out: Path, faults: Verdict) -> None:
    """An export that is there is whole, and its audit row says which it is."""
    if not out.exists():
        return
    try:
        verify_export(out)
    except BrokenExportError as broken:
        faults.say("I6", [broken], "half an export", BROKEN)
        return
    with zipfile.ZipFile(out) as written:
        digest = hashlib.sha256(written.read(MANIFEST)).hexdigest()
    rows = left.tables_of(ground.stage.database_url)["audit"]
    known = [row for row in rows if row["details"] == {"manifest": digest}]
    if len(known) != 1:
        faults.say("I6", [f"{out.name}: {len(known)} rows"], "exported without one audit row")


def _migrated(ground: Ground, point: str, faults: Verdict) -> bool:
    engine = create_engine(parse(ground.stage.database_url))
    with engine.begin() as connection:
        config = schema._config()  # noqa: SLF001 - the product never goes back
        config.attributes["connection"] = connection
        command.downgrade(config, "-1")
        before = _version(connection)
    newest = schema._newest()  # noqa: SLF001
    status = _run(ground, point, "migrate")
    with engine.connect() as connection:
        after = _version(connection)
    if after != (newest if point.endswith("after_commit") else before):
        faults.say("I5", [f"{point}: {after}"], "versions of the tables")
    if _run(ground, "", "migrate") or not schema.is_current(engine):
        faults.say("I9", [point], "not migrated when it was asked again", LOST)
    engine.dispose()
    return status == _KILLED


def _version(connection: Connection) -> str:
    row = connection.execute(text("SELECT version_num FROM alembic_version"))
    return str(row.scalar_one())
