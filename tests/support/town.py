"""云溪市 in one process: the real service and the real sandbox over HTTP, with one clock for both.

Both servers outlive the towns that are built in them, for starting one takes longer than a journey.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from bot.clocks import Clocks
from bot.demo.processes import ask
from bot.demo.stage import AGENT_ID, Stage, set_stage
from bot.doing import doing_of
from bot.fetcher.previewer import Previewer
from bot.sandbox.clock import SandboxClock
from bot.sandbox.corp import read_corp
from bot.sandbox.server import create_app
from bot.service import Intake, Line, Running, running
from bot.wecom.client import Account
from bot.wecom.crypto import CallbackKeys
from config.directory import load_directory
from handlers.desk import Desk
from handlers.intake_evidence import tell_refused
from handlers.intake_preview import show
from storage.database import Database
from tests.support.host import Host
from tests.support.office import DIRECTORY, MORNING, Office

_REAL = MORNING.astimezone(UTC)  # leases are measured by it; no journey lasts that long
_REST_SECONDS = 20.0
_LOOK_SECONDS = 0.002
# A sandbox's clock is a float: a jump to 10:10 must not end a microsecond before.
_PAST = timedelta(milliseconds=1)
# People of the corp who are not in the directory of 督办.
OUTSIDERS = ({"userid": "luren", "name": "路人", "position": "不在名录里", "group": "其他"},)

Json = dict[str, Any]


class StillClock(SandboxClock):
    """The clock of sandbox and service: it moves only when somebody moves it."""

    def real(self) -> float:
        return MORNING.timestamp()

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)


class Servers:
    """The two HTTP servers, of the service and of the sandbox."""

    def __init__(self) -> None:
        self.service, self.sandbox = Host(), Host()

    def leave(self) -> None:
        self.service.leave()
        self.sandbox.leave()


@dataclass(slots=True)
class Town:
    """A fresh institution: people act through the sandbox, its log says what became visible."""

    database: Database
    service: Running
    clock: StillClock
    port: int  # of the sandbox
    books: sqlite3.Connection  # a look at the database beside the service
    stirred: threading.Event = field(default_factory=threading.Event)

    @property
    def now(self) -> datetime:
        return self.clock().astimezone(MORNING.tzinfo)

    def act(self, path: str, **body: object) -> Json:
        """Do something as a person does, then wait until everything it led to has left."""
        found = ask(self.port, "POST", f"/sandbox/{path}", {"agentid": AGENT_ID, **body})
        assert found.get("delivered") is not False, f"the service did not take it: {found}"
        self.come_to_rest()
        return found

    def log(self, after: int) -> list[Json]:
        lines = ask(self.port, "GET", f"/sandbox/log?after={after}")["lines"]
        assert isinstance(lines, list)
        return lines

    def passes(self, length: timedelta) -> None:
        """Let time pass; whatever falls due rings at its own moment."""
        ends = self.now + length
        while (moment := self._next_moment()) is not None and moment <= ends:
            self._set_clock(max(moment + _PAST, self.now))
        self._set_clock(ends)

    def _next_moment(self) -> datetime | None:
        with self.database.read() as work:
            return work.timers.next_at()

    def _set_clock(self, moment: datetime) -> None:
        ask(self.port, "POST", "/sandbox/clock", {"to": moment.isoformat()})
        self.service.pulse.beat()
        self.come_to_rest()

    def come_to_rest(self) -> None:
        """Wait until nothing waits in the inbox, no timer is due and every message has left."""
        ends = monotonic() + _REST_SECONDS
        while not self._rests():
            assert monotonic() < ends, f"does not come to rest: {self.unsent()}"
            self.stirred.wait(_LOOK_SECONDS)  # a commit that wakes nobody stirs nothing
            self.stirred.clear()

    def _rests(self) -> bool:
        now = self.clock()
        ((busy,),) = self.rows(_BUSY)  # cheap: asked all the time
        if busy:
            return False
        with self.database.read() as work:
            if work.inbox.waiting_count() or work.timers.due(now, 1) or work.outbox.recalls(1):
                return False
            if work.evidence.waiting(now) is not None or self.service.lifeboat.state().size:
                return False  # what a slow disk sent to the lifeboat comes home with a beat
            if work.outbox.oldest_waiting(now) is None:
                return True
        held = [next_at for state, next_at in self.unsent() if state != "claimed"]
        if held and len(held) == len(self.unsent()) and min(held) > now:
            # Only what was put off for a second, behind another of the same person or over the
            # limit of a minute, is left: nothing else moves the clock.
            self._set_clock_to_the_next(min(held))
        return False

    def _set_clock_to_the_next(self, moment: datetime) -> None:
        self.clock.set_offset((moment - MORNING).total_seconds() + 0.001)
        self.database.wake.notify()

    def unsent(self) -> list[tuple[str, datetime]]:
        rows = self.rows("SELECT state, next_at FROM outbox WHERE state IN (?, ?, ?)", _UNSENT)
        return [(state, datetime.fromisoformat(at).replace(tzinfo=UTC)) for state, at in rows]

    def rows(self, query: str, values: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
        return self.books.execute(query, values).fetchall()

    def change(self, statement: str, values: tuple[str, ...] = ()) -> None:
        self.books.execute(statement, values)


_BUSY = """
SELECT EXISTS (SELECT 1 FROM inbox WHERE state = 'waiting')
    OR EXISTS (SELECT 1 FROM outbox WHERE state = 'claimed')
"""
_UNSENT = ("new", "retry", "claimed")


@contextmanager
def town(servers: Servers, database: Database, folder: Path) -> Iterator[Town]:
    """Build a town in the servers: its corp, its database, its folder, its clock at ten."""
    directory = load_directory(DIRECTORY)
    ports = [int(host.url.rsplit(":", 1)[1]) for host in (servers.service, servers.sandbox)]
    stage = Stage(folder, ports[0], ports[1], database.url)
    set_stage(stage, DIRECTORY, directory.units, directory.people)
    corp = json.loads(stage.corp.read_text(encoding="utf-8"))
    corp["members"] += OUTSIDERS
    app = create_app(read_corp(corp | {"clock_file": ""}))
    clock = app.state.world.clock = StillClock()
    desk = Office(database).desk
    parts = (_line(corp, stage), doing_of(desk), _clocks(clock), _intake(desk, folder))
    with (
        servers.sandbox.serving(app),
        running(database, *parts) as service,
        servers.service.serving(service.app),
    ):
        books = sqlite3.connect(database.url.removeprefix("sqlite:///"), isolation_level=None)
        made = Town(database, service, clock, ports[1], books)
        database.wake.subscribe(made.stirred.set)
        yield made
        books.close()


def _line(corp: Mapping[str, Any], stage: Stage) -> Line:
    app = corp["apps"][0]
    base = f"http://127.0.0.1:{stage.sandbox_port}/cgi-bin"
    return Line(
        account=Account(corp["corpid"], app["secret"], str(AGENT_ID), base),
        keys=CallbackKeys(app["token"], app["aes_key"], corp["corpid"]),
        robots={one["name"].removesuffix("工作群"): one["key"] for one in corp["robots"]},
        spool=stage.folder / "spool",
        host="127.0.0.1",
        port=stage.service_port,
    )


def _clocks(clock: StillClock) -> Clocks:
    return Clocks(engine=clock, door=clock, real=lambda: _REAL, is_rehearsal=True)


def _intake(desk: Desk, folder: Path) -> Intake:
    return Intake(
        evidence=folder / "evidence",
        tell_refused=lambda work, one, why, now: tell_refused(work, desk, one, why, now),
        previewer=Previewer(enabled=False, short_hosts=desk.link_rules.expandable),
        show=lambda work, link, shown, now: show(work, desk, link, shown, now),
    )
