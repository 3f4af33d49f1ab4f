"""Starts services and sandboxes in less than half a second each, and ends them by their pid."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

HOME = Path(__file__).parents[2]


class Child:
    """A process of the nursery: known by its pid, watched by a descriptor of its own."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)
        self._gone = False

    @property
    def has_ended(self) -> bool:
        return self.wait(0)

    def signal(self, number: signal.Signals) -> None:
        if not self._gone:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it has ended. Its descriptor is given back then."""
        if not self._gone:
            poll = select.poll()
            poll.register(self._handle, select.POLLIN)
            if poll.poll(seconds * 1000):
                self._gone = True
                os.close(self._handle)
        return self._gone

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.wait(10)

    def stop(self, seconds: float = 20) -> bool:
        """Ask it to end; kill it if it does not. Whether it ended by itself."""
        self.signal(signal.SIGTERM)
        if self.wait(seconds):
            return True
        self.kill()
        return False

    def status(self, folder: Path) -> int | None:
        """Return how it ended, as subprocess counts: -9 for SIGKILL; None if nobody knows."""
        ends = time.monotonic() + 2
        while time.monotonic() < ends:
            kept = folder / f"ended-{self.pid}"
            if kept.exists():
                return int(kept.read_text() or "0")
            time.sleep(0.01)
        return None

    def resident_kb(self) -> int:
        """Return how much memory it holds now."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        except OSError:
            return 0
        held = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]
        return int(held[0]) if held else 0


class Nursery:
    """The process that forks; ends with all its children when closed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.faults.nursing"],
            cwd=HOME,
            env={**os.environ, "DUBAN_FAILPOINT": "none:1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lock = threading.Lock()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def serve(self, folder: Path, *, trap: str = "") -> Child:
        """Start the service whose configuration lies in the folder, a trap laid or not."""
        return self._order({"what": "serve", "folder": str(folder), "trap": trap})

    def sandbox(self, folder: Path, port: int) -> Child:
        """Start the sandbox of the folder."""
        return self._order({"what": "sandbox", "folder": str(folder), "port": port})

    def _order(self, order: dict[str, object]) -> Child:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return Child(int(self._process.stdout.readline()))
