"""A running service takes another configuration: SIGHUP, checked first, and nobody is turned away.

Everything is built anew from the files while the listening socket stays open: who calls meanwhile
waits in its queue for the moment that takes. A wrong configuration leaves the old one in force.
"""

import json
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

from bot.asgi import Application
from bot.serving import Server, build_server, listen, serve_out

logger = logging.getLogger(__name__)

STATE = "service.json"  # in the spool: what runs, and how the last reload ended


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the configuration has found; names and values, never a secret."""

    faults: tuple[str, ...] = ()  # with one of these the old configuration stays in force
    changed: tuple[str, ...] = ()
    restart: tuple[str, ...] = ()  # changed too, but in force only after a restart


@dataclass(frozen=True, slots=True)
class State:
    """What the state file says."""

    pid: int
    loads: int  # how often the configuration was looked at, the start included
    seen: Seen


def read_state(spool: Path) -> State | None:
    """Return what the service last wrote; None where none runs or has run."""
    try:
        found = json.loads((spool / STATE).read_text(encoding="utf-8"))
        seen = {name: tuple(values) for name, values in found["seen"].items()}
        return State(found["pid"], found["loads"], Seen(**seen))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Rounds:
    """Serves one round after another on one socket; between two the configuration changes."""

    def __init__(self, spool: Path, look: Callable[[], Seen]) -> None:
        self._spool = spool
        self._look = look
        self._lock = threading.Lock()
        self._asked, self._ending = threading.Event(), threading.Event()
        self._server: Server | None = None
        self._is_due = False  # another round
        self._loads = 1

    def serve(self, app: Application, host: str, port: int) -> bool:
        """Serve until a signal; return whether another round is due.

        Raises:
            OSError: the port is taken.
        """
        server = build_server(app, host=host, port=port)
        with self._lock:
            self._server, self._is_due = server, False
        is_told = serve_out(server, self._listening)
        with self._lock:
            self._server = None
            return self._is_due and not is_told

    @contextmanager
    def open(self, host: str, port: int) -> Iterator[None]:
        """Listen, and hear SIGHUP, during the block.

        Raises:
            OSError: the port is taken.
        """
        self._listening = listen(host, port)
        before = signal.signal(signal.SIGHUP, self._hear)
        thread = threading.Thread(target=self._watch, name="reload", daemon=True)
        thread.start()
        self._note(Seen())
        try:
            yield
        finally:
            signal.signal(signal.SIGHUP, before)
            self._ending.set()
            self._asked.set()
            thread.join()
            self._listening.close()
            (self._spool / STATE).unlink(missing_ok=True)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self._asked.set()

    def _watch(self) -> None:
        while self._asked.wait() and not self._ending.is_set():
            self._asked.clear()
            seen = self._look()
            self._loads += 1
            if seen.faults:
                logger.error("configuration refused, the old one stays: %s", "; ".join(seen.faults))
            else:
                logger.info("configuration taken: %s", "; ".join(seen.changed) or "no change")
                self._begin_anew()
            self._note(seen)

    def _begin_anew(self) -> None:
        with self._lock:
            self._is_due = True
            if self._server is not None:
                self._server.should_exit = True

    def _note(self, seen: Seen) -> None:
        self._spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        state = State(os.getpid(), self._loads, seen)
        new = self._spool / f".{STATE}.new"
        new.write_text(json.dumps(asdict(state), ensure_ascii=False), encoding="utf-8")
        new.chmod(0o600)
        new.replace(self._spool / STATE)
