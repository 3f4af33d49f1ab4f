"""One town: a service and a sandbox as processes of their own, on a database that can be reset.

Time is compressed: the town's clock is an offset that service and sandbox share. While only retries
are awaited it is moved on by seconds; a lease that a killed process held is made to have passed.
"""

import http.client
import signal
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, NullPool, create_engine, text, update

from bench.faults import evidence as left
from bench.faults.ground import (
    LIMITS,
    LOOK,
    PATIENCE,
    STARTS,
    Ground,
    StuckError,
    reset,
    wait_until_ready,
)
from bench.faults.nursery import Child, Nursery
from bot.demo.player import Expected
from bot.demo.processes import NotRunningError, ask, is_answering, pause
from bot.demo.stage import AGENT_ID
from storage.engines import parse
from storage.tables.messages import OUTBOX
from storage.tables.system import TOKEN

LEASE = timedelta(seconds=31)
_QUIET = 0.4  # seconds without news before the clock is moved on to the next retry
_STEP = 2.0
_PAUSE = 5.0


class Town:
    """A town at work on a ground; whoever plays it says, jumps, kills and lets it come to rest."""

    advances = True  # the clock is moved on while retries are awaited
    patience = PATIENCE

    def __init__(self, nursery: Nursery, ground: Ground, *, trap: str = "") -> None:
        reset(ground)
        self.ground = ground
        self.crashes = 0
        self.struck = True  # whether the fault of an experiment did happen
        self.advanced = 0.0
        self._nursery = nursery
        self._spoken = 0
        self._db: Engine = create_engine(parse(ground.stage.database_url), poolclass=NullPool)
        self._sandbox = nursery.sandbox(ground.folder, ground.stage.sandbox_port)
        while not is_answering(ground.stage.sandbox_port, "/sandbox/clock"):
            pause(LOOK)
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

    def revive(self) -> None:
        """Start again what has died."""
        if self.service.has_ended:
            self._died()
            self.start()

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
        ends = time.monotonic() + self.patience
        while time.monotonic() < ends:
            self.revive()
            if question():
                return
            pause(LOOK)
        raise StuckError(f"{words}: {self.state()}")

    def _all_heard(self) -> bool:
        lines = left.read_log(self.ground.stage.log)
        tries = [one for one in lines if one.get("kind") == "callback"]
        last = [o for o in tries if o["http"] == 200 or o["try"] == LIMITS["callback_tries"]]
        return len({str(one["key"]) for one in last}) >= self._spoken

    def carried_out(self) -> None:
        """Wait until all that was said is carried out, wherever the answers are."""
        self._until(self._all_heard, "callbacks under way")

        def done() -> bool:
            return not sum(self.boats()) and self.state().get("inbox") == 0

        self._until(done, "not carried out")

    def _rests(self) -> bool:
        rested, quiet_since, before = 0, time.monotonic(), None
        while rested < 2:
            if self.has_died():
                return False
            state = self.state()
            rested = rested + 1 if self._is_idle(state) else 0
            if state != before or state.get("inbox") or state.get("due"):
                quiet_since, before = time.monotonic(), state
            elif not self.advances and time.monotonic() - quiet_since > _PAUSE:
                return False  # whoever waits has a patience of his own
            elif self.advances and time.monotonic() - quiet_since > _QUIET:
                self.advance(_STEP)
                quiet_since = time.monotonic() - _QUIET / 2
                if self.advanced > 7200:
                    raise StuckError(f"nothing helps: {state}")
            pause(LOOK)
        return True

    def has_died(self) -> bool:
        return self.service.has_ended

    def _is_idle(self, state: dict[str, object]) -> bool:
        return state.get("idle") is True and not self._open_ends()

    def _open_ends(self) -> int:
        """Count what the page of the demonstration does not tell: recalls, records in the boat."""
        with self._db.connect() as connection:
            recalls = connection.execute(
                text("SELECT count(*) FROM outbox WHERE recall AND msgid IS NOT NULL")
            ).scalar_one()
        return int(recalls) + sum(self.boats())

    def held(self) -> int:
        """Return how many messages wait that are neither answers nor of the highest grade."""
        with self._db.connect() as connection:
            wanted = text("SELECT count(*) FROM outbox WHERE priority > 2 AND state = 'new'")
            return int(connection.execute(wanted).scalar_one())

    def boats(self) -> list[int]:
        """Return how many bytes wait in each lifeboat."""
        boats = [folder / "spool" / "lifeboat" for folder in self.folders()]
        return [boat.stat().st_size for boat in boats if boat.exists()]

    def page(self, path: str) -> str:
        """Return what a page of the service says, whatever its status."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.ground.stage.service_port, timeout=10
        )
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        except (OSError, http.client.HTTPException) as error:
            return str(error)
        finally:
            connection.close()

    def folders(self) -> list[Path]:
        """Return the folders of its services."""
        return [self.ground.folder]

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
        stopped = self.stop_services()
        self._sandbox.stop()
        tables = left.read_tables(self._db)
        self._db.dispose()
        folded, chain = left.fold_all(url, key)
        heads = [folder / "var" / "audit-anchors.jsonl" for folder in self.folders()]
        outs = [folder / "serve.out" for folder in self.folders()]
        return left.Evidence(
            log=left.read_log(self.ground.stage.log),
            tables=tables,
            expected=None if expected is None else tuple(expected),
            may=tuple(may),
            now=datetime.fromisoformat(str(clock["iso"])),
            folded=folded,
            chain=chain or "".join(left.anchored(url, key, head) for head in heads),
            waiting=sum(left.in_lifeboat(folder / "spool") for folder in self.folders()),
            text="".join(out.read_text(encoding="utf-8", errors="replace") for out in outs),
            secrets=self.ground.secrets(),
            crashes=self.crashes,
            stopped=stopped,
        )

    def children(self) -> list[Child]:
        return [self.service]

    def stop_services(self) -> bool:
        """Ask every service to end; whether each did."""
        ended = [child.stop() for child in self.children()]  # each of them, whatever the others do
        return all(ended)

    def abandon(self) -> None:
        """End both at once, without a look."""
        for child in (*self.children(), self._sandbox):
            child.signal(signal.SIGCONT)
            child.kill()
        self._db.dispose()
