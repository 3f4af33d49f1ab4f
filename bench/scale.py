"""Replicas behind a pooler, and a standby that takes over: what docs/scale.md says, tried.

`python -m bench.scale`: two replicas on PostgreSQL under load, first through pgbouncer in both of
its modes (Debian's package; left out, and said so, where there is none), then with a primary that
is killed and a synchronous standby that is promoted.
"""

import argparse
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.faults.fleet import Fleet, Load
from bench.faults.ground import Ground, StuckError, prepare
from bench.faults.judge import LOST, Verdict, judge
from bench.faults.records import Experiment, Goal
from bench.faults.replicas import REPORT
from bench.faults.stand import SAFE, Stand, note
from bot.demo.processes import NotRunningError
from bot.serving import free_port
from tests.support import postgres

_METHOD = (
    "Two replicas on PostgreSQL (fsync and synchronous_commit on) behind a balancer, two callbacks "
    "a second. Through pgbouncer: the server is restarted under it, then it is killed and started "
    "again. Failover: kill -9 of the primary, five seconds of nothing, then the standby is "
    "promoted; the service knows both by one address."
)
_POOLER = """
[databases]
* = host={socket} user=duban
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
max_client_conn = 500
default_pool_size = {size}
server_login_retry = 1
{more}
"""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to stand before the server: the pooler's mode and what both sides are told."""

    name: str
    mode: str
    pooled: bool
    size: int  # connections to the server; by sessions each of the service's own needs one
    more: str = ""


WAYS = (
    Way("pgbouncer, transaction mode", "transaction", pooled=True, size=12),
    Way("pgbouncer, session mode", "session", pooled=True, size=80),
    Way(
        "pgbouncer, session mode, pooled = false",
        "session",
        pooled=False,
        size=80,
        more="ignore_startup_parameters = options",
    ),
)


class Pooler:
    """A pgbouncer of one's own before the server under `home`."""

    def __init__(self, home: Path, way: Way) -> None:
        self.port = free_port()
        self._home = home
        self._file = home / "pgbouncer.ini"
        words = _POOLER.format(
            socket=home / "socket",
            port=self.port,
            mode=way.mode,
            size=way.size,
            more=way.more,
        )
        self._file.write_text(words, encoding="utf-8")
        self.start()

    def start(self) -> None:
        found = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
        command = postgres.as_ordinary_user([found, "-q", str(self._file)])
        with (self._home / "pgbouncer.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(10)


def _through(ground: Ground, way: Way, port: int) -> None:
    """Let the services of this ground go by the pooler; whoever judges goes past it."""
    config = ground.stage.config.read_text(encoding="utf-8")
    name = ground.stage.database_url.partition("?")[0].rpartition("/")[2]
    ours = f'url = "postgresql://duban@127.0.0.1:{port}/{name}"\npooled = {str(way.pooled).lower()}'
    ground.stage.config.write_text(
        config.replace(f'url = "{ground.stage.database_url}"', ours), encoding="utf-8"
    )


def pooled(stand: Stand, found: Experiment, seed: int, seconds: float) -> None:
    """Two replicas by each way through a pooler."""
    for way in WAYS:
        ground = stand.new_ground("postgresql")
        pooler = Pooler(stand.home, way)
        _through(ground, way, pooler.port)
        try:
            town = Fleet(stand.nursery, ground)
            load = _begin(town, seed)
            load.run(seconds, 2)
            postgres.control(stand.home, "restart", "-m", "fast")
            load.run(seconds / 2, 2)
            pooler.kill()
            load.run(3, 2)
            pooler.start()
            load.run(seconds / 2, 2)
            _recovers(town, found, f"{way.name}: {load.said} said")
        finally:
            pooler.kill()


def failover(found: Experiment, seed: int, seconds: float) -> None:
    """The primary dies under load; a synchronous standby is promoted."""
    with Stand() as stand:
        leader = postgres.found(stand.home, SAFE)
        with _standby(stand.home) as (follower, second):
            hosts = [one.url.partition("host=")[2] for one in (leader, follower)]
            either = f"postgresql://duban@/postgres?host={','.join(hosts)}"
            both = postgres.Server(f"{either}&target_session_attrs=read-write")
            ground = prepare(stand.nursery, both)
            town = Fleet(stand.nursery, ground)
            load = _begin(town, seed)
            load.run(seconds, 2)
            _kill_server(stand.home)
            load.run(5, 2)
            promoted = time.monotonic()
            postgres.control(second, "promote")
            load.run(seconds, 2)
            took = _recovers(town, found, f"failover to a synchronous standby: {load.said} said")
            whole = time.monotonic() - promoted
            found.notes.append(
                f"After the promotion all was carried out {took:.1f} s after the load ended "
                f"({whole:.0f} s after the promotion began, {seconds:.0f} of them load)."
            )


def _kill_server(home: Path) -> None:
    """Kill -9 of the postmaster; its orphans notice and end."""
    pid = int((home / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
    handle = os.pidfd_open(pid)
    signal.pidfd_send_signal(handle, signal.SIGKILL)
    os.close(handle)
    (home / "ready").unlink()  # nothing left to stop at the end


@contextmanager
def _standby(leader: Path) -> Iterator[tuple[postgres.Server, Path]]:
    home = postgres.new_home()
    try:
        follower = postgres.follow(leader, home)
        with (leader / "data" / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
            settings.write("synchronous_standby_names = '*'\n")
        postgres.control(leader, "reload")
        yield follower, home
    finally:
        postgres.stop(home)


def _begin(town: Fleet, seed: int) -> Load:
    town.say_in_turn("wangxiaoyu", REPORT)
    town.settle()
    return Load(town, seed)


def _recovers(town: Fleet, found: Experiment, name: str) -> float:
    began = time.monotonic()
    verdict = Verdict()
    try:
        town.carried_out()
        took = time.monotonic() - began
        town.settle()
        verdict = judge(replace(town.close(None), answers=True))
    except (StuckError, NotRunningError) as error:
        took = time.monotonic() - began
        town.abandon()
        verdict.say("I9", [error], "stuck", LOST)
    note(town.ground, found.tally("postgresql"), name, verdict, struck=True)
    goal = f"all carried out 60 s after the last fault: {name}"
    found.goals.append(Goal(goal, f"{took:.1f} s", took <= 60))
    return took


def experiment(seed: int, seconds: float, *, only: str = "") -> Experiment:
    """Try all of it."""
    found = Experiment(
        "scale",
        "Poolers, and a standby that takes over",
        f"python -m bench.scale --seconds {seconds:g} --report",
        str(seed),
        promises=("P1", "P2", "P4", "P5", "P6"),
        notes=[_METHOD],
    )
    began = time.monotonic()
    parts: dict[str, Callable[[], None]] = {
        "pooler": lambda: _pooled_if_there(found, seed, seconds),
        "failover": lambda: failover(found, seed, seconds),
    }
    for name, part in parts.items():
        if only in {"", name}:
            part()
    found.seconds = time.monotonic() - began
    return found


def _pooled_if_there(found: Experiment, seed: int, seconds: float) -> None:
    if not (shutil.which("pgbouncer") or Path("/usr/sbin/pgbouncer").exists()):
        found.goals.append(Goal("through pgbouncer", "no pgbouncer on this machine", met=False))
        return
    with Stand() as stand:
        pooled(stand, found, seed, seconds)


def main() -> int:
    """Try it; 1 if anything was lost, doubled, or a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="of load before each fault")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--only", default="", choices=["", "pooler", "failover"])
    parser.add_argument("--report", action="store_true", help="write docs/evidence/")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    found = experiment(options.seed, options.seconds, only=options.only)
    if options.report:
        sys.stdout.write(f"written to {found.save()}\n")
    for goal in found.goals:
        sys.stdout.write(f"{'met' if goal.met else 'MISSED'}: {goal.goal}: {goal.found}\n")
    return 1 if found.failed else 0


if __name__ == "__main__":
    sys.exit(main())
