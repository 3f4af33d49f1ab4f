"""A thread that does its work at every ring of the database's bell, and outlives every fault."""

import logging
import threading
from collections.abc import Callable

from storage.errors import TooNew, Unavailable
from storage.wake import Wake

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0  # how long something may wait when nobody rang


class Loop:
    """Calls `turn` whenever something was committed, and every second in any case."""

    def __init__(self, name: str, *, wake: Wake, turn: Callable[[], object]) -> None:
        self._name = name
        self._wake = wake
        self._turn = turn
        self._rung = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def is_stopping(self) -> bool:
        """Whether `turn` is to come to an end soon."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin."""
        self._wake.subscribe(self._rung.set)
        self._thread.start()

    def stop(self) -> None:
        """Let the turn at hand end, then end."""
        self._stopping.set()
        self._rung.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._rung.clear()
            try:
                self._turn()
            except TooNew as fault:
                logger.warning("%s: %s; it is left to others", self._name, fault)
            except Unavailable:
                logger.warning("%s: the database does not answer; its work waits", self._name)
            except Exception:  # the loop must live, or everything behind it stops without a word
                logger.exception("%s: a turn failed", self._name)
            self._rung.wait(_LOOK_SECONDS)
