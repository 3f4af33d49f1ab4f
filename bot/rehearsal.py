"""Pages for the demonstration and the proofs: when the next reminder leaves, whether all is done.

Mounted only where the configuration names a clock offset; they tell no content.
"""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter

from storage.database import Database


def build_rehearsal(database: Database, clock: Callable[[], datetime]) -> APIRouter:
    """Return the two pages."""
    router = APIRouter(prefix="/rehearsal", tags=["rehearsal"])

    @router.get("/next")
    def next_moment() -> dict[str, str | None]:
        with database.read() as work:
            moment = work.timers.next_at()
        return {"at": moment.isoformat() if moment else None}

    @router.get("/idle")
    def idle() -> dict[str, bool | int]:
        now = clock()
        with database.read() as work:
            inbox = work.inbox.waiting_count()
            due = len(work.timers.due(now, 1))
            waits = work.outbox.oldest_waiting(now) is not None
        return {"idle": not (inbox or due or waits), "inbox": inbox, "due": due, "out": waits}

    return router
