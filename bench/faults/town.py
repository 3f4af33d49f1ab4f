"""One town: a service and a sandbox as processes of their own, on a database that can be reset.

Time is compressed: the town's clock is an offset that service and sandbox share. While only retries
are awaited it is moved on by seconds; a lease that a killed process held is made to have passed.
"""

import json
import shutil
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import Engine, create_engine, text, update

from bench.faults import evidence as left
from bench.faults.nursery import Child, Nursery
from bot.demo.player import Expected
from bot.demo.processes import NotRunningError, ask, is_answering, pause
from bot.demo.stage import AGENT_ID, Stage, set_stage
from bot.serving import free_port
from config.directory import load_directory
from storage.engines import parse
from storage.tables.messages import OUTBOX
from storage.tables.system import TOKEN
from tests.support import postgres

HOME = Path(__file__).parents[2]
DIRECTORY = HOME / "config" / "demo" / "directory.toml"
STARTS = datetime.fromisoformat("2026-11-20T10:00:00+08:00")  # a Friday in working hours
PATIENCE = 60.0
LEASE = timedelta(seconds=31)
_LOOK = 0.02
_QUIET = 0.4  # seconds without news before the clock is moved on to the next retry
_STEP = 2.0
_BROADCASTS = """["晚报"]
days = "每天"
times = ["18:00"]
robot = "市城管局"
"""
_LIMITS = {"callback_pause": 1.0, "hang_seconds": 0.6, "callback_tries": 8}


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


def prepare(nursery: Nursery, server: postgres.Server | None = None, **limits: object) -> Ground:
    """Set the stage and let a service fill the database once: people, rulebook, timers."""
    folder = Path(mkdtemp(prefix="duban-fault-"))
    name = f"duban_{folder.name.rpartition('-')[2].lower()}"
    url = f"sqlite:///{folder}/duban.db"
    if server is not None:
        url = server.database(name)
        _admin(server, f"CREATE DATABASE {name}")
    directory = load_directory(DIRECTORY)
    stage = Stage(folder, free_port(), free_port(), url)
    set_stage(stage, DIRECTORY, directory.units, directory.people)
    (folder / "broadcasts.toml").write_text(_BROADCASTS, encoding="utf-8")
    with stage.config.open("a", encoding="utf-8") as config:
        config.write('\n[broadcasts]\nfile = "broadcasts.toml"\n')
    corp = json.loads(stage.corp.read_text(encoding="utf-8"))
    corp["limits"] |= _LIMITS | limits
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
        pause(_LOOK)
    out = (ground.folder / "serve.out").read_text(encoding="utf-8", errors="replace")
    raise StuckError(f"the service did not come up: {out[-1500:]}")


class Town:
    """A town at work on a ground; whoever plays it says, jumps, kills and lets it come to rest."""

    def __init__(self, nursery: Nursery, ground: Ground, *, trap: str = "") -> None:
        reset(ground)
        self.ground = ground
        self.crashes = 0
        self.advanced = 0.0
        self.revives = True
        self._nursery = nursery
        self._spoken = 0
        self._db: Engine = create_engine(parse(ground.stage.database_url))
        self._sandbox = nursery.sandbox(ground.folder, ground.stage.sandbox_port)
        while not is_answering(ground.stage.sandbox_port, "/sandbox/clock"):
            pause(_LOOK)
        self.service = self.start(trap)

    # What is done to it

    def start(self, trap: str = "") -> Child:
        """Start the service; if it dies on its way up it is started again, without a trap."""
        self.service = self._nursery.serve(self.ground.folder, trap=trap)
        try:
            wait_until_ready(self.ground, self.service)
        except StuckError:
            if not trap:
                raise
            self._died()
            return self.start()
        return self.service

    def lay(self, trap: str) -> None:
        """Lay a trap in the running service: from now on its passings are counted."""
        (self.ground.folder / "trap").write_text(trap, encoding="utf-8")
        self.service.signal(signal.SIGUSR1)
        pause(0.05)

    def _died(self) -> None:
        self.crashes += 1
        self.leases_pass()
        self.advance(LEASE.total_seconds())

    def leases_pass(self) -> None:
        """Let the leases of a dead process have ended: what waiting half a minute would do."""
        with self._db.begin() as connection:
            held = update(OUTBOX).where(OUTBOX.c.lease_until.is_not(None))
            long_ago = datetime(2026, 1, 1, tzinfo=UTC)
            connection.execute(held.values(lease_until=long_ago))
            connection.execute(update(TOKEN).values(refreshing_until=None))

    def advance(self, seconds: float) -> None:
        self.sandbox("POST", "/sandbox/clock", {"advance_seconds": seconds})
        self.advanced += seconds

    def jump(self, clock: str, *, days: int = 0) -> None:
        """Jump to a time of day."""
        hour, _, minute = clock.partition(":")
        day = STARTS + timedelta(days=days)
        self.go(day.replace(hour=int(hour), minute=int(minute)))

    def go(self, moment: datetime) -> None:
        self.sandbox("POST", "/sandbox/clock", {"to": moment.isoformat()})

    def say(self, who: str, words: str) -> None:
        """Say something to the app, at once, and do not wait for it to arrive."""
        body = {"userid": who, "agentid": AGENT_ID, "text": words, "wait": False}
        self.sandbox("POST", "/sandbox/say", body)
        self._spoken += 1

    def say_in_turn(self, who: str, words: str) -> None:
        """Say something and wait until the platform has delivered it, or given up."""
        self.say(who, words)
        self._until(self._all_heard, "callbacks under way")

    def wait_for(self, to: str, words: str, count: int) -> None:
        """Wait until somebody has seen words so often."""

        def shown() -> bool:
            lines = left.read_log(self.ground.stage.log)
            seen = [one for one in lines if one.get("visible") and words in str(one.get("text"))]
            return sum(to in str(one.get("shown_to")) for one in seen) >= count

        self._until(shown, f"waiting for {words}")

    def ask_to_end(self) -> None:
        """Ask the service to end, and start it again once it has ended."""
        self.service.signal(signal.SIGTERM)
        ends = time.monotonic() + PATIENCE
        while not self.service.wait(0.05):
            if time.monotonic() > ends:
                raise StuckError("does not end")
        if self.service.status(self.ground.folder) != 0:
            self._died()
        self.start()

    def faults(self, *rules: dict[str, object]) -> None:
        self.sandbox("POST", "/sandbox/faults", {"rules": list(rules)})

    def sandbox(self, method: str, path: str, body: object = None) -> dict[str, object]:
        return ask(self.ground.stage.sandbox_port, method, path, body)

    # How it comes to rest

    def settle(self) -> None:
        """Wait until all that was said is carried out, rung, sent, recalled and settled.

        Raises:
            StuckError: it does not come to rest.
        """
        self._until(self._all_heard, "callbacks under way")
        self._until(self._rests, "not at rest")

    def _until(self, question: Callable[[], bool], words: str) -> None:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            if self.service.has_ended and self.revives:
                self._died()
                self.start()
            if question():
                return
            pause(_LOOK)
        raise StuckError(f"{words}: {self.state()}")

    def _all_heard(self) -> bool:
        lines = left.read_log(self.ground.stage.log)
        tries = [one for one in lines if one.get("kind") == "callback"]
        last = [o for o in tries if o["http"] == 200 or o["try"] == _LIMITS["callback_tries"]]
        return len({str(one["key"]) for one in last}) >= self._spoken

    def _rests(self) -> bool:
        rested, quiet_since, before = 0, time.monotonic(), None
        while rested < 2:
            if self.service.has_ended:
                return False
            state = self.state()
            rested = rested + 1 if self._is_idle(state) else 0
            if state != before or state.get("inbox") or state.get("due"):
                quiet_since, before = time.monotonic(), state
            elif time.monotonic() - quiet_since > _QUIET:
                self.advance(_STEP)
                quiet_since = time.monotonic() - _QUIET / 2
                if self.advanced > 7200:
                    raise StuckError(f"nothing helps: {state}")
            pause(_LOOK)
        return True

    def _is_idle(self, state: dict[str, object]) -> bool:
        return state.get("idle") is True and not self._open_ends()

    def _open_ends(self) -> int:
        """Count what the page of the demonstration does not tell: recalls, records in the boat."""
        with self._db.connect() as connection:
            recalls = connection.execute(
                text("SELECT count(*) FROM outbox WHERE recall AND msgid IS NOT NULL")
            ).scalar_one()
        boat = self.ground.folder / "spool" / "lifeboat"
        return int(recalls) + (boat.stat().st_size if boat.exists() else 0)

    def state(self) -> dict[str, object]:
        try:
            return ask(self.ground.stage.service_port, "GET", "/rehearsal/idle")
        except NotRunningError:
            return {}

    # What it leaves

    def close(
        self, expected: Iterable[Expected] | None, may: Iterable[Expected] = ()
    ) -> left.Evidence:
        """End both processes and collect what is left."""
        url, key = self.ground.stage.database_url, self.ground.key
        clock = self.sandbox("GET", "/sandbox/clock")
        stopped = self.service.stop()
        self._sandbox.stop()
        tables = left.read_tables(self._db)
        self._db.dispose()
        folded, chain = left.fold_all(url, key)
        anchors = self.ground.folder / "var" / "audit-anchors.jsonl"
        return left.Evidence(
            log=left.read_log(self.ground.stage.log),
            tables=tables,
            expected=None if expected is None else tuple(expected),
            may=tuple(may),
            now=datetime.fromisoformat(str(clock["iso"])),
            folded=folded,
            chain=chain or left.anchored(url, key, anchors),
            waiting=left.in_lifeboat(self.ground.folder / "spool"),
            text=(self.ground.folder / "serve.out").read_text(encoding="utf-8", errors="replace"),
            secrets=self.ground.secrets(),
            crashes=self.crashes,
            stopped=stopped,
        )

    def abandon(self) -> None:
        """End both at once, without a look."""
        for child in (self.service, self._sandbox):
            child.kill()
        self._db.dispose()
