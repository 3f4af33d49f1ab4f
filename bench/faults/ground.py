"""What a town stands on: a folder, ports and a database, prepared once and reset for each run."""

import json
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import create_engine, text

from bench.faults.nursery import Child, Nursery
from bot.demo.processes import is_answering, pause
from bot.demo.stage import Stage, set_stage
from bot.serving import free_port
from config.directory import load_directory
from storage.engines import parse
from tests.support import postgres

HOME = Path(__file__).parents[2]
DIRECTORY = HOME / "config" / "demo" / "directory.toml"
STARTS = datetime.fromisoformat("2026-11-20T10:00:00+08:00")  # a Friday in working hours
PATIENCE = 60.0
LOOK = 0.02
BROKEN = Path("/tmp/duban-broken")  # noqa: S108 - to be looked at, then thrown away
_BROADCASTS = """["晚报"]
days = "每天"
times = ["18:00"]
robot = "市城管局"
"""
LIMITS = {"callback_pause": 1.0, "hang_seconds": 0.6, "callback_tries": 8}


class StuckError(Exception):
    """The town does not come to rest; the text says what is still open."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder, two ports and a database that a town stands on; made once, reset for each run."""

    stage: Stage
    template: Path  # SQLite: the prepared file; PostgreSQL: its name only
    server: postgres.Server | None = None

    @property
    def folder(self) -> Path:
        return self.stage.folder

    @property
    def engine(self) -> str:
        return "sqlite" if self.server is None else "postgresql"

    @property
    def key(self) -> bytes:
        return (self.folder / "secrets" / "audit").read_bytes()

    def secrets(self) -> tuple[str, ...]:
        kept = sorted((self.folder / "secrets").iterdir())
        return tuple(one.read_text(encoding="utf-8") for one in kept)


def prepare(
    nursery: Nursery,
    server: postgres.Server | None = None,
    file: Path = DIRECTORY,
    **limits: object,
) -> Ground:
    """Set the stage and let a service fill the database once: people, rulebook, timers."""
    folder = Path(mkdtemp(prefix="duban-fault-"))
    name = f"duban_{folder.name.rpartition('-')[2].lower()}"
    url = f"sqlite:///{folder}/duban.db"
    if server is not None:
        url = server.database(name)
        _admin(server, f"CREATE DATABASE {name}")
    directory = load_directory(file)
    stage = Stage(folder, free_port(), free_port(), url)
    set_stage(stage, file, directory.units, directory.people)
    (folder / "broadcasts.toml").write_text(_BROADCASTS, encoding="utf-8")
    with stage.config.open("a", encoding="utf-8") as config:
        config.write('\n[broadcasts]\nfile = "broadcasts.toml"\n')
    corp = json.loads(stage.corp.read_text(encoding="utf-8"))
    corp["limits"] |= LIMITS | limits
    stage.corp.write_text(json.dumps(corp, ensure_ascii=False), encoding="utf-8")
    ground = Ground(stage, folder / "template.db", server)
    set_clock(ground, STARTS)
    sandbox = nursery.sandbox(folder, stage.sandbox_port)
    child = nursery.serve(folder)
    wait_until_ready(ground, child)
    child.stop()
    sandbox.stop()
    if server is None:
        shutil.copy(folder / "duban.db", ground.template)
    else:
        _admin(server, f"CREATE DATABASE {name}_template TEMPLATE {name}")
    shutil.copytree(folder / "var", folder / "var.kept", dirs_exist_ok=True)
    return ground


def clear(ground: Ground) -> None:
    """Give the folder and the databases back."""
    if ground.server is not None:
        name = _name(ground)
        for one in (name, f"{name}_template"):
            _admin(ground.server, f"DROP DATABASE IF EXISTS {one} WITH (FORCE)")
    shutil.rmtree(ground.folder, ignore_errors=True)


def reset(ground: Ground) -> None:
    """Put the ground back to how `prepare` left it."""
    folder = ground.folder
    for name in ("var", "spool", "evidence"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for file in (
        *(one for pattern in ("duban.db*", "*.out", "ended-*") for one in folder.glob(pattern)),
        folder / "sandbox.jsonl",
    ):
        file.unlink(missing_ok=True)
    shutil.copytree(folder / "var.kept", folder / "var")
    if ground.server is None:
        shutil.copy(ground.template, folder / "duban.db")
    else:
        name = _name(ground)
        _admin(
            ground.server,
            f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
            f"CREATE DATABASE {name} TEMPLATE {name}_template",
            # A copied sequence keeps its old place in the log: without a checkpoint in between, a
            # crash of the server would give its last 32 numbers out again.
            "CHECKPOINT",
        )
    set_clock(ground, STARTS)


def _name(ground: Ground) -> str:
    return str(parse(ground.stage.database_url).database)


def _admin(server: postgres.Server, *statements: str) -> None:
    engine = create_engine(parse(server.url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for one in statements:
            connection.execute(text(one))
    engine.dispose()


def keep(ground: Ground, name: str) -> None:
    """Keep what a broken run has left, to be looked at."""
    place = BROKEN / f"{ground.engine}-{name}".replace(":", "-")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(ground.folder, place, symlinks=True)


def set_clock(ground: Ground, moment: datetime) -> None:
    offset = (moment - datetime.now(UTC)).total_seconds()
    ground.stage.clock.write_text(f"{offset:.3f}", encoding="ascii")


def wait_until_ready(ground: Ground, child: Child) -> None:
    """Wait until callbacks can come in.

    Raises:
        StuckError: it ended, or did not come up.
    """
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and not child.has_ended:
        if is_answering(ground.stage.service_port, "/readyz"):
            return
        pause(LOOK)
    out = (ground.folder / "serve.out").read_text(encoding="utf-8", errors="replace")
    raise StuckError(f"the service did not come up: {out[-1500:]}")
