"""B1 to B4: how many callbacks a second are accepted and durable, beside W and T."""

import asyncio
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.speed.figures import Figure, Goal
from bot.demo.processes import Process, pause
from bot.serving import free_port
from tests.support.edge import APP
from tests.support.sealing import Seal, envelope, text_message

HERE = Path(__file__).parent
HOME = HERE.parents[1]
CONNECTIONS = 32
_RESULT = re.compile(r"RESULT (\d+) (\d+) (\d+) (\d+) ([0-9.]+)")
_SHOTS = 60_000


@dataclass(frozen=True, slots=True)
class Fired:
    """What one volley came to."""

    rate: float  # accepted a second
    p99: float  # ms
    accepted: int


class NotAcceptedError(Exception):
    """A server refused, broke off or lost what it had accepted: no figure is worth that."""


def write_shots(path: Path, count: int = _SHOTS) -> Path:
    """Write so many sealed messages, all different, from fifty senders."""
    seal, moment = Seal(), int(time.time())
    with path.open("w", encoding="ascii") as out:
        for nth in range(count):
            words = f"路灯不亮 https://weibo.com/{nth}"
            message = text_message(
                words, sender=f"member{nth % 50}", moment=moment, message_id=10**12 + nth
            )
            encrypted = seal.encrypt(message)
            query = seal.query(encrypted, str(moment), f"n{nth}")
            out.write(f"{APP}?{query}\t{envelope(encrypted).decode()}\n")
    return path


@contextmanager
def serving(
    kind: str, folder: Path, url: str = "", environment: Mapping[str, str] | None = None
) -> Iterator[tuple[int, Path]]:
    """Run one server on a port of its own in a fresh folder."""
    place = folder / f"{kind}-{time.monotonic_ns()}"
    place.mkdir()
    port = free_port()
    more = dict(environment or {})
    if kind == "t":
        more["USUAL_DB"] = str(place / "usual.db")
        command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--log-level", "error"]
        command += ["--bind", f"127.0.0.1:{port}", "bench.speed.usual:app"]
    else:
        command = [sys.executable, "-m", "bench.speed.servers", kind, str(port), str(place), url]
    process = Process(kind, command, log=place / "log", environment=more)
    try:
        _until_listening(process, port)
        yield port, place
    finally:
        process.stop()


def _until_listening(process: Process, port: int) -> None:
    ends = time.monotonic() + 30
    while time.monotonic() < ends and not process.has_ended:
        if _status(port):
            return
        pause(0.05)
    raise NotAcceptedError("a server did not come up")


def _status(port: int) -> int:
    asked = [shutil.which("curl") or "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"]
    told = subprocess.run(
        [*asked, f"http://127.0.0.1:{port}/none"], capture_output=True, text=True, check=False
    )
    return int(told.stdout or 0)


def fire(port: int, shots: Path, seconds: int = 4) -> Fired:
    """Fire over 32 connections.

    Raises:
        NotAcceptedError: not every answer was 200.
    """
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s"]
    command += ["-s", str(HERE / "fire.lua"), f"http://127.0.0.1:{port}", "--", str(shots)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    found = _RESULT.search(told.stdout)
    if found is None:
        raise NotAcceptedError(told.stdout + told.stderr)
    count, micros, refused, broken = (int(found[nth]) for nth in range(1, 5))
    if refused or broken:
        raise NotAcceptedError(f"{refused} refused, {broken} broken off")
    return Fired(count / micros * 1e6, float(found[5]) / 1000, count)


def volley(
    kind: str,
    folder: Path,
    shots: Path,
    url: str = "",
    environment: Mapping[str, str] | None = None,
) -> Fired:
    """Start a server, fire, stop it, and see that all it accepted is there."""
    with serving(kind, folder, url, environment) as (port, place):
        fired = fire(port, shots)
    if kind == "ours" and not url:
        found = sqlite3.connect(place / "duban.db").execute("SELECT count(*) FROM inbox")
        kept = int(found.fetchone()[0])
        if kept < fired.accepted:
            raise NotAcceptedError(f"{fired.accepted} answered 200, {kept} kept")
    return fired


def measure(folder: Path, shots: Path, rounds: int, url: str) -> list[Figure]:
    """B1, B2 and B4, the servers in turns."""
    rates: dict[str, list[float]] = {}
    slow = {"LD_PRELOAD": str(_shim(folder))}
    turns = [("ours", "", None), ("w", "", None), ("t", "", None)]
    turns += [("ours", "slow", slow), ("w_commit", "slow", slow)]  # type: ignore[list-item]
    turns += [("ours", "postgres", None)] if url else []
    for _ in range(rounds):
        for kind, how, environment in turns:
            given = url if how == "postgres" else ""
            fired = volley(kind, folder, shots, given, environment)
            rates.setdefault(f"{kind} {how}".strip(), []).append(fired.rate)
    found = {name: median(values) for name, values in rates.items()}
    return _figures(found)


def _figures(found: Mapping[str, float]) -> list[Figure]:
    def ratio(number: str, what: str, one: str, other: str, goal: Goal) -> Figure:
        raw = f"{found[one]:,.0f}/s ÷ {found[other]:,.0f}/s"
        return Figure(number, what, found[one] / found[other], "×", goal, raw)

    more = {"wants_more": True}
    figures = [
        ratio("B1", "durable accept, SQLite FULL ÷ W", "ours", "w", Goal(2.0, 3.0, **more)),
        ratio("B1", "durable accept, SQLite FULL ÷ T", "ours", "t", Goal(8.0, 8.0, **more)),
        ratio(
            "B2",
            "with +2 ms per sync ÷ a commit per request",
            "ours slow",
            "w_commit slow",
            Goal(8.0, 12.0, **more),
        ),
    ]
    if "ours postgres" in found:
        goal = Goal(2.0, 3.0, **more)
        figures.append(ratio("B4", "durable accept, PostgreSQL ÷ W", "ours postgres", "w", goal))
    return figures


def _shim(folder: Path) -> Path:
    made = folder / "shim.so"
    command = ["gcc", "-shared", "-fPIC", "-O2", "-o", str(made), str(HERE / "shim.c"), "-ldl"]
    subprocess.run(command, check=True)
    return made


def measure_open(folder: Path, shots: Path, rounds: int, rate: int = 1000) -> list[Figure]:
    """B3: 1 000 a second whatever the server does; p99 from the moment each was due."""
    lines = shots.read_text(encoding="ascii").splitlines()
    late: dict[str, list[float]] = {"ours": [], "w": []}
    for _ in range(rounds):
        for kind, found in late.items():
            with serving(kind, folder) as (port, _place):
                found.append(asyncio.run(_open_loop(port, lines[: rate * 5], rate)))
    one, other = median(late["ours"]), median(late["w"])
    raw = f"{one:.1f} ms ÷ {other:.1f} ms"
    what = f"open loop at {rate:,}/s: p99 ÷ W's"
    return [Figure("B3", what, one / other, "×", Goal(1.5, 1.0), raw)]


async def _open_loop(port: int, lines: list[str], rate: int) -> float:
    took: list[float] = []
    began = time.perf_counter() + 0.2

    async def one(nth: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for at in range(nth, len(lines), CONNECTIONS):
            due = began + at / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            path, body = lines[at].split("\t", 1)
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(f"{head}{body}".encode())
            answer = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in answer[:20]:
                raise NotAcceptedError(answer[:80].decode(errors="replace"))
            took.append(time.perf_counter() - due)
        writer.close()

    await asyncio.gather(*(one(nth) for nth in range(CONNECTIONS)))
    took.sort()
    return took[int(len(took) * 0.99)] * 1000


def is_possible() -> bool:
    """Whether this machine has what fires (Debian's wrk) and a compiler for the shim."""
    return all(shutil.which(name) for name in ("wrk", "gcc")) and os.name == "posix"
