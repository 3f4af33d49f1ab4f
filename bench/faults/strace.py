"""Faults of single system calls, put in by strace: a kill, a full disk, an I/O error."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

from bench.faults.ground import StuckError
from bench.faults.town import Town
from bot.demo.processes import pause

STRACE = shutil.which("strace") or ""


def threads(town: Town) -> dict[str, int]:
    """Ask the service which of its threads has which number."""
    kept = town.ground.folder / "threads"
    kept.unlink(missing_ok=True)
    town.service.signal(signal.SIGUSR2)
    ends = time.monotonic() + 10
    while not kept.exists():
        if time.monotonic() > ends:
            raise StuckError("the service does not tell its threads")
        pause(0.02)
    found: dict[str, int] = json.loads(kept.read_text(encoding="utf-8"))
    return found


@contextmanager
def injected(
    pids: Sequence[int],
    fault: str,
    *,
    calls: str,
    paths: tuple[Path, ...] = (),
    whole: bool = False,
) -> Iterator[Path]:
    """Have system calls of threads, or of a whole process, go wrong during the block.

    `fault` is what strace's `inject` takes behind the calls: `signal=SIGKILL:when=3`. Returns the
    file that strace writes to: `struck` reads it.
    """
    handle, name = mkstemp(prefix="duban-strace-")
    os.close(handle)
    written = Path(name)
    command = [STRACE, *(["-f"] if whole else []), "-qq", "-o", name]
    command += [word for pid in pids for word in ("-p", str(pid))]
    command += ["-e", f"trace={calls}", "-e", f"inject={calls}:{fault}"]
    for path in paths:
        command += ["-P", str(path)]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for pid in pids:
            _wait_until_attached(tracer, pid)
        yield written
    finally:
        with suppress(ProcessLookupError):
            tracer.send_signal(signal.SIGINT)
        try:
            tracer.wait(10)
        except subprocess.TimeoutExpired:
            tracer.kill()
            tracer.wait()


def struck(written: Path) -> bool:
    """Whether any call did go wrong; the file is thrown away."""
    said = written.read_text(encoding="utf-8", errors="replace")
    written.unlink()
    return "INJECTED" in said or "killed by SIGKILL" in said


def _wait_until_attached(tracer: subprocess.Popen[str], pid: int) -> None:
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        with suppress(OSError):
            status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
            if f"TracerPid:\t{tracer.pid}\n" in status:
                return
        if tracer.poll() is not None:
            said = tracer.stderr.read() if tracer.stderr else ""
            raise StuckError(f"strace does not attach: {said[-300:]}")
        pause(0.01)
    raise StuckError("strace does not attach")
