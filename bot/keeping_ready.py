"""Once a minute: what has changed is added up and indexed anew, so that no page has to wait for it.

A page that comes before is as right, only slower. Each day and each handful of titles has a short
transaction of its own: callbacks do not wait behind it.
"""

import math
import time
from dataclasses import dataclass
from datetime import datetime

from cases.statistics.figures import day_of
from storage.database import Database
from storage.errors import ConcurrentChange
from storage.stale import Kind

_LONGEST = 20.0  # seconds of each minute: after an upgrade there is much to do
_DAYS, _TITLES = 16, 200
_EVERY = 2**62


def keep_ready(database: Database, now: datetime, *, seconds: float = _LONGEST) -> int:
    """Make anew what is stale; return how many days and titles.

    Today and the days to come are not added up: something happens in them all the time, and each
    is little.

    Args:
        database: what changed, and where it is kept.
        now: which day today is.
        seconds: when to leave the rest for the next time.

    Raises:
        Unavailable: the database does not answer.
    """
    until = time.monotonic() + seconds
    done = 0
    today = day_of(int(now.timestamp()))
    for kind, before, many, act in (
        (Kind.DAY, today, _DAYS, _add_up),
        (Kind.TITLE, _EVERY, _TITLES, _index),
    ):
        while time.monotonic() < until:
            with database.read() as work:
                some = work.stale.first(kind, many, before)
            try:
                act(database, some)
            except ConcurrentChange:
                break  # another replica is at the same
            done += len(some)
            if len(some) < many:
                break
    return done


@dataclass(frozen=True, slots=True)
class KeptReady:
    """What is kept ready, compared with the facts."""

    days: int
    wrong: tuple[int, ...]  # days kept otherwise than counted anew, and not known to be stale
    stale_days: int
    stale_titles: int

    @property
    def told(self) -> str:
        """Return it as a line for the administrator."""
        waiting = f"待整理 {self.stale_days} 天、{self.stale_titles} 个标题"
        return f"统计和搜索的存底: {self.days} 天, 与案卷不符 {len(self.wrong)} 天, {waiting}。"


def kept_ready(database: Database, now: datetime) -> KeptReady:
    """Count each kept day anew, and compare.

    Raises:
        Unavailable: the database does not answer.
    """
    today = day_of(int(now.timestamp()))
    with database.read() as work:
        kept = work.day_sums.kept_days()
        days, titles = work.stale.count(Kind.DAY, today), work.stale.count(Kind.TITLE, _EVERY)
    return KeptReady(
        len(kept), tuple(day for day in kept if _is_wrong(database, day)), days, titles
    )


def mend_kept(database: Database, found: KeptReady, now: datetime) -> int:
    """Make anew what is wrong or stale; return how many days and titles.

    Raises:
        Unavailable: the database does not answer.
    """
    database.run(lambda work: work.stale.mark(Kind.DAY, found.wrong))
    return keep_ready(database, now, seconds=math.inf)


def _is_wrong(database: Database, day: int) -> bool:
    with database.read() as work:
        counted = work.day_sums.count(day)
        return not counted.marks and not work.day_sums.is_kept(counted)


def _add_up(database: Database, days: list[int]) -> None:
    for day in days:
        with database.read() as work:  # without holding up who writes
            counted = work.day_sums.count(day)
        with database.work() as work:
            work.day_sums.keep(counted)


def _index(database: Database, cases: list[int]) -> None:
    if cases:
        with database.work() as work:
            work.titles.index(cases)
