"""What is looked at once a minute beside the pulse, on a thread of its own."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from storage.errors import ConcurrentChange, Unavailable

logger = logging.getLogger(__name__)

_SECONDS = 60.0


@contextmanager
def each_minute(name: str, act: Callable[[], object], seconds: float = _SECONDS) -> Iterator[None]:
    """Do `act` every minute while the block runs; outages are passed over."""
    stopping = threading.Event()

    def run() -> None:
        while not stopping.wait(seconds):
            try:
                act()
            except (Unavailable, ConcurrentChange):
                logger.warning("%s: the database does not answer; next minute again", name)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
