"""B5 and B13: how soon the whole service answers, starts, and how much memory it stands on."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from bench.fuzz.firing import memory_of
from bench.speed import callbacks
from bench.speed.figures import Figure, Goal
from bot.demo.processes import Process, ask, is_answering, pause, start_sandbox, start_service
from bot.demo.stage import Stage, set_stage
from bot.serving import free_port
from config.directory import load_directory

HOME = Path(__file__).parents[2]
DIRECTORY = HOME / "config" / "demo" / "directory.toml"
PEOPLE = tuple(person.userid for person in load_directory(DIRECTORY).people)
_REST = 3.0  # seconds until a started service is at rest


def set_up(folder: Path) -> Stage:
    """A city's configuration in a folder of its own."""
    directory = load_directory(DIRECTORY)
    url = f"sqlite:///{folder}/duban.db"
    stage = Stage(folder, free_port(), free_port(), url)
    return set_stage(stage, DIRECTORY, directory.units, directory.people)


@contextmanager
def at_work(folder: Path) -> Iterator[Stage]:
    """The whole service and the sandbox, each a process."""
    stage = set_up(folder)
    sandbox = start_sandbox(stage)
    try:
        service = start_service(stage, HOME / "main.py")
        try:
            yield stage
        finally:
            service.stop()
    finally:
        sandbox.stop()


def measure_answers(folder: Path, count: int = 200) -> list[Figure]:
    """B5: from the accepted callback to the answer at the sandbox, nobody else speaking."""
    place = folder / "answers"
    place.mkdir()
    took = []
    with at_work(place) as stage:
        for nth in range(count + 5):
            took.append(_answer(stage, PEOPLE[nth % len(PEOPLE)]))
            pause(0.02)
    cuts = quantiles(took[5:], n=100)
    return [
        Figure("B5", "callback accepted to answer, p50", cuts[49], "ms", Goal(60, 25)),
        Figure(
            "B5",
            "callback accepted to answer, p99",
            cuts[98],
            "ms",
            Goal(200, 80),
            f"{count} questions, one at a time",
        ),
    ]


def _answer(stage: Stage, who: str) -> float:
    before = _last(stage)
    ask(stage.sandbox_port, "POST", "/sandbox/say", {"userid": who, "text": "帮助"})
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        lines = _lines(stage, before)
        heard = [line for line in lines if str(line.get("api", "")).startswith("callback")]
        sent = [line for line in lines if line.get("api") == "message/send"]
        if heard and sent:
            return (_moment(sent[0]) - _moment(heard[0])) * 1000
        pause(0.01)
    raise RuntimeError(f"no answer: {_lines(stage, before)}")


def _last(stage: Stage) -> int:
    lines = stage.log.read_text(encoding="utf-8").splitlines() if stage.log.exists() else []
    return len(lines)


def _lines(stage: Stage, after: int) -> list[dict[str, object]]:
    text = stage.log.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()[after:] if text.endswith("\n")]


def _moment(line: dict[str, object]) -> float:
    found = line["mono"]
    assert isinstance(found, float)
    return found


def measure_start(folder: Path, rounds: int) -> list[Figure]:
    """B13: start to the first 200, and what is resident when nothing happens."""
    place = folder / "start"
    place.mkdir()
    stage = set_up(place)
    sandbox = start_sandbox(stage)
    took, resident = [], []
    try:
        for nth in range(rounds + 1):
            seconds, kilobytes = _start_once(stage)
            if nth:  # the first makes the database
                took.append(seconds)
                resident.append(kilobytes / 1024)
    finally:
        sandbox.stop()
    return [
        Figure("B13", "start to first 200", median(took), "s", Goal(2.0, 1.2)),
        Figure("B13", "resident at rest", median(resident), "MB", Goal(160, 110)),
    ]


def _start_once(stage: Stage) -> tuple[float, int]:
    command = [sys.executable, str(HOME / "main.py"), "serve", "--config", str(stage.config)]
    began = time.perf_counter()
    service = Process("service", command, log=stage.folder / "out", environment={})
    try:
        while not is_answering(stage.service_port, "/healthz"):
            if service.has_ended:
                raise RuntimeError((stage.folder / "out").read_text(encoding="utf-8"))
            pause(0.01)
        seconds = time.perf_counter() - began
        pause(_REST)
        return seconds, memory_of(service.pid)
    finally:
        service.stop()


def measure_growth(folder: Path, shots: Path, count: int = 100_000) -> list[Figure]:
    """B13: what door and keeper grow by over a hundred thousand callbacks."""
    place = folder / "growth"
    place.mkdir()
    with callbacks.serving("ours", place) as (port, where):
        pid = int((where / "log").read_text(encoding="utf-8").split()[1])
        accepted = callbacks.fire(port, shots, 2).accepted
        before, fired = memory_of(pid), 0
        while fired < count:
            fired += callbacks.fire(port, shots, 5).accepted
        grown = (memory_of(pid) - before) / 1024
    raw = f"{fired:,} after the first {accepted:,}; with the worker: docs/evidence/fuzz.md"
    return [Figure("B13", "growth over 100,000 callbacks", grown, "MB", Goal(20, 5), raw)]
