"""Replicas under faults, in real time: stopped beyond a lease, killed, and their PostgreSQL too."""

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import create_engine, text

from bench.faults.fleet import Fleet, Load, Replica
from bench.faults.ground import Ground, StuckError
from bench.faults.judge import LOST, Verdict, judge
from bench.faults.records import Experiment, Goal
from bench.faults.stand import Stand, note
from bot.demo.processes import NotRunningError, pause
from storage.engines import parse
from tests.support import postgres

LEASE_SECONDS = 30.0
_MINUTES = 5  # of random kills
POINTS = (
    *("claim.after_commit", "send.guarded", "send.written", "send.body_parsed"),
    *("act.timers_cancelled", "worker.claimed", "ring.locked"),
)
_PAUSES = (
    "Two replicas on PostgreSQL, one on SQLite; the process stops itself (SIGSTOP) at the named "
    "point and is continued 33 s later; what it then marks has to be fenced."
)
_KILLS = (
    "Two replicas on PostgreSQL, kill -9 of either every two to four seconds, for five minutes."
)
_DATABASES = (
    "Two replicas under load (2 callbacks a second); fsync and synchronous_commit are on. "
    "Terminate: every connection, every half second. Hung: the server's processes get SIGSTOP for "
    "eight seconds."
)
REPORT = "微博 青禾路积水 https://weibo.com/1234567890/P0w7ex6A1"


def _begin(town: Fleet) -> None:
    town.say_in_turn("wangxiaoyu", REPORT)
    town.settle()


def _conclude(town: Fleet, found: Experiment, name: str) -> Verdict:
    verdict = Verdict()
    try:
        town.settle()
        verdict = judge(replace(town.close(None), answers=True))
    except (StuckError, NotRunningError) as error:
        town.abandon()
        verdict.say("I9", [error], "stuck", LOST)
    note(town.ground, found.tally(town.ground.engine), name, verdict, struck=town.struck)
    return verdict


def _is_stopped(replica: Replica) -> bool:
    with suppress(OSError):
        stat = Path(f"/proc/{replica.child.pid}/stat").read_text(encoding="utf-8")
        return stat.rpartition(")")[2].split()[0] == "T"
    return False


def pauses(stand: Stand, seed: int) -> Experiment:
    """SIGSTOP at a failpoint for longer than the lease, then SIGCONT; the other replica goes on."""
    found = Experiment(
        "pauses",
        "A replica stopped beyond its lease",
        "python -m bench.faults pauses",
        str(seed),
        promises=("P1", "P2", "P3", "P4", "P5", "P6"),
        notes=[
            _PAUSES,
        ],
    )
    for engine in stand.engines():
        fleets = [(_stop_at(stand, stand.new_ground(engine), point), point) for point in POINTS]
        pause(LEASE_SECONDS + 3)
        for town, point in fleets:
            for one in town.replicas:
                town.struck = town.struck or _is_stopped(one)
                one.child.signal(signal.SIGCONT)
            _conclude(town, found, point)
    stale = sum("stale marks" in one for tally in found.tallies for one in tally.broken)
    found.goals.append(Goal("stale marks applied: 0", str(stale), stale == 0))
    return found


def _stop_at(stand: Stand, ground: Ground, point: str) -> Fleet:
    town = Fleet(stand.nursery, ground, size=1 if ground.server is None else 2)
    town.struck = False
    _begin(town)
    if point == "act.timers_cancelled":
        town.say_in_turn("sunlei", "001 定二级, 交城管局")
        town.settle()
    first = town.replicas[0]
    (first.folder / "trap").write_text(f"{point}:1!stop", encoding="utf-8")
    first.child.signal(signal.SIGUSR1)
    pause(0.1)
    if point == "ring.locked":
        town.jump("10:34")
    elif point == "act.timers_cancelled":
        town.say("liuyang", "收到 001")
    for who in ("wangxiaoyu", "lihang", "zhaomin", "sunlei"):
        town.say(who, "查 001")
    return town


def kills(stand: Stand, seed: int) -> Experiment:
    """Two replicas under load; one of them is killed every few seconds, at random."""
    found = Experiment(
        "random-kills",
        "Replicas killed at random",
        "python -m bench.faults random-kills",
        str(seed),
        promises=("P1", "P2", "P4", "P5", "P6"),
        notes=[_KILLS],
    )
    if "postgresql" in stand.engines():
        dice = random.Random(seed)  # noqa: S311
        town = Fleet(stand.nursery, stand.ground("postgresql"))
        _begin(town)
        load = Load(town, seed)
        ends = time.monotonic() + _MINUTES * 60
        while time.monotonic() < ends:
            load.run(dice.uniform(2, 4), 2)
            dice.choice(town.replicas).child.kill()
            town.revive()
        load.run(3, 2)
        _recovers(town, found, f"{town.crashes} kills, {load.said} said")
    return found


def _recovers(town: Fleet, found: Experiment, name: str) -> None:
    began = time.monotonic()
    with suppress(StuckError):  # then it comes to rest no more either, and the verdict says so
        town.carried_out()
    seconds = time.monotonic() - began
    _conclude(town, found, name)
    goal = f"all carried out 60 s after the last fault: {name}"
    found.goals.append(Goal(goal, f"{seconds:.1f} s", seconds <= 60))


def databases(stand: Stand, seed: int) -> Experiment:
    """PostgreSQL itself under faults, two replicas under load."""
    found = Experiment(
        "postgresql-faults",
        "PostgreSQL under faults",
        "python -m bench.faults postgresql-faults",
        str(seed),
        promises=("P1", "P2", "P4", "P5", "P6"),
        notes=[
            _DATABASES,
        ],
    )
    if "postgresql" not in stand.engines():
        return found
    for name, (times, fault) in _FAULTS.items():
        town = Fleet(stand.nursery, stand.ground("postgresql"))
        _begin(town)
        load = Load(town, seed)
        for _ in range(times):
            load.run(1, 2)
            fault(stand, load)
        load.run(2, 2)
        _recovers(town, found, name)
    return found


def _terminate(stand: Stand, load: Load) -> None:
    server = postgres.find(stand.home)
    engine = create_engine(parse(server.url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'duban'"
            )
        )
    engine.dispose()
    load.run(0.5, 4)


def _immediate(stand: Stand, load: Load) -> None:
    postgres.control(stand.home, "restart", "-m", "immediate")
    load.run(2, 2)


def _postmaster(stand: Stand) -> int:
    return int((stand.home / "data" / "postmaster.pid").read_text().split()[0])


def _killed(stand: Stand, load: Load) -> None:
    """Kill -9 of the postmaster; its orphans notice and end, then it is started again."""
    handle = _handle(_postmaster(stand))
    signal.pidfd_send_signal(handle, signal.SIGKILL)
    os.close(handle)
    load.run(3, 2)
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        try:
            postgres.control(stand.home, "start")
        except postgres.NoServerError:
            pause(0.5)
        else:
            return
    raise StuckError("the server does not start again")


def _hung(stand: Stand, load: Load) -> None:
    """Every process of the server stops where it is: connections stay open, nobody answers."""
    pids = [_postmaster(stand), *_children(_postmaster(stand))]
    handles = [_handle(pid) for pid in pids]
    for one in handles:
        signal.pidfd_send_signal(one, signal.SIGSTOP)
    load.run(8, 2)
    for one in handles:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(one, signal.SIGCONT)
        os.close(one)


def _handle(pid: int) -> int:
    return os.pidfd_open(pid)


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    return [int(one) for one in listed.split()]


_FAULTS: dict[str, tuple[int, Callable[[Stand, Load], None]]] = {
    "terminate every connection": (12, _terminate),
    "immediate restart": (3, _immediate),
    "kill -9 of the postmaster": (2, _killed),
    "hung": (2, _hung),
}
