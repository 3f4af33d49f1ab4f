"""Brings together what rang for one person in one beat, when it is over or takes long.

What waits stands in the outbox: a beat of this or another replica finds what one has left behind.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from handlers.digest import Look
from storage.database import Database
from storage.errors import ConcurrentChange, Unavailable
from storage.failpoints import Step
from storage.gathering import Waiting
from storage.work import Work

logger = logging.getLogger(__name__)

_EVERY = 5.0  # seconds between two looks while a beat goes on, or nothing rings
_CROWD = 16  # so many in one beat take longer than one commit
_TOGETHER = 500  # reminders gathered in one transaction, unless they are all of one person

Gather = Callable[[Work, Waiting, Look], bool]


class Gathering:
    """Looks at what waits to be gathered. Used by the pulse's thread only."""

    def __init__(self, database: Database, gather: Gather, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._gather = gather
        self._clock = clock
        self._crowd: datetime | None = None
        self._looked_at: float | None = None
        self._waits = False

    def goes_on(self, rang: int, beat: datetime) -> None:
        """So many have rung in a beat that is not over. Raises Unavailable."""
        if rang > _CROWD and self._crowd != beat:
            self._crowd, self._looked_at = beat, time.monotonic()
        elif rang > _CROWD and self._is_time():
            self._look(is_over=False)

    def is_over(self, rang: int) -> None:
        """A beat is over in which so many rang. Raises Unavailable."""
        if rang or self._waits or self._looked_at is None or self._is_time():
            self._look(is_over=True)

    def _is_time(self) -> bool:
        return self._looked_at is None or time.monotonic() - self._looked_at >= _EVERY

    def _look(self, *, is_over: bool) -> None:
        with self._database.read() as work:
            waiting = work.gathering.waiting()
        look = Look(self._clock(), is_over, self._crowd)
        self._waits = bool(waiting)  # until all of it is through
        left = [self._these(some, look) for some in _parts(waiting)]
        self._waits = any(left)
        self._looked_at = time.monotonic()

    def _these(self, some: Sequence[Waiting], look: Look) -> bool:
        """Gather for a few people in one commit; if that fails, for each in one of his own."""
        try:
            left = self._database.run(
                lambda work: sum(self._gather(work, one, look) for one in some), step=Step.GATHER
            )
        except Unavailable:
            raise
        except Exception as fault:  # what one person's reminders raise must not silence the others
            if len(some) > 1:
                return sum(self._these([one], look) for one in some) > 0
            if not isinstance(fault, ConcurrentChange):
                logger.exception("the reminders of one person could not be gathered")
            return True
        return left > 0


def _parts(waiting: Sequence[Waiting]) -> Iterator[Sequence[Waiting]]:
    part: list[Waiting] = []
    for one in waiting:
        if part and sum(len(other.ids) for other in part) + len(one.ids) > _TOGETHER:
            yield part
            part = []
        part.append(one)
    if part:
        yield part
