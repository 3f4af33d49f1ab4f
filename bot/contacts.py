"""Reads the contacts anew every few minutes, so that whoever left has no authority (decision 15).

Of several replicas one reads: an attempt is drawn from a budget that all share. What was found is
taken over in one transaction.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.loop import Loop
from bot.wecom.address_book import read_contacts
from bot.wecom.client import PlatformError, WeComClient
from cases.contacts import Contacts
from handlers.people_events import SYNCED_AT
from storage.database import Database
from storage.work import Work

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=12)  # at most 15 with a failed attempt and a busy platform
_ATTEMPT = "contacts:attempt"
_ATTEMPT_SECONDS = 60  # one attempt a minute by all replicas together
_FAILED = "contacts.failed"

TakeOver = Callable[[Work, Contacts, datetime], object]


class ContactSync:
    """Reads the contacts when it is time, and has them taken over."""

    def __init__(
        self,
        database: Database,
        *,
        app: WeComClient,
        synchronisation: WeComClient,
        take_over: TakeOver,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._app = app
        self._synchronisation = synchronisation
        self._take_over = take_over
        self._clock = clock
        self._loop = Loop("contacts", wake=database.wake, turn=self.sync_when_due)

    def start(self) -> None:
        """Begin to look."""
        self._loop.start()

    def stop(self) -> None:
        """Finish the look at hand, then end."""
        self._loop.stop()
        self._synchronisation.close()

    def sync_when_due(self) -> bool:
        """Read the contacts if it is time and no other replica does; whether it was done."""
        now = self._clock()
        with self._database.read() as work:
            if not _is_due(work.settings.get(SYNCED_AT), now):
                return False
        with self._database.work() as work:
            if work.budgets.take(_ATTEMPT, 1, _ATTEMPT_SECONDS, now) is not None:
                return False
        try:
            contacts = read_contacts(self._app.ask, self._synchronisation.ask)
        except PlatformError as fault:
            self._failed(str(fault), now)
            return False

        def act(work: Work) -> None:
            self._take_over(work, contacts, now)
            work.alarms.end(_FAILED, now)

        self._database.run(act)
        return True

    def _failed(self, why: str, now: datetime) -> None:
        logger.warning("contacts could not be read: %s", why)
        text = f"通讯录没有读到: {why}。离职和调动暂时只能由事件得知。"
        with self._database.work() as work:
            work.alarms.sound(_FAILED, text, now)


def _is_due(synced_at: object, now: datetime) -> bool:
    try:
        last = datetime.fromisoformat(str(synced_at or ""))
    except ValueError:
        return True
    return not timedelta(0) <= now - last < EVERY
