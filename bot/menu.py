"""Puts the app's menu in place once the service is up, and again until the platform takes it."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.gateway import GiveUp, TryLater, Unknown
from bot.loop import Loop
from storage.database import Database

logger = logging.getLogger(__name__)

PATH = "menu/create"
_PAUSE_SECONDS = 60.0
_ALARM = "app.menu"

Call = Callable[
    [str, Mapping[str, object], Mapping[str, str]],
    dict[str, object] | TryLater | GiveUp | Unknown,
]


class MenuSetter:
    """Asks the platform for the menu; what it refuses is told the administrator once."""

    def __init__(  # noqa: PLR0913 - the composition root hands each part over by name
        self,
        database: Database,
        *,
        call: Call,
        menu: str,
        agent_id: str,
        clock: Callable[[], datetime],
        pause_seconds: float = _PAUSE_SECONDS,
    ) -> None:
        """`menu` is the body of the request, "" for none."""
        self._database = database
        self._call = call
        self._menu = menu
        self._agent_id = agent_id
        self._clock = clock
        self._next = 0.0
        self._pause = pause_seconds
        self._loop = Loop("menu", wake=database.wake, turn=self.set_once)

    def start(self) -> None:
        """Begin to try, now and every minute until it is in place."""
        if self._menu:
            self._loop.start()

    def stop(self) -> None:
        """Let the request at hand end."""
        self._loop.stop()

    def set_once(self) -> bool:
        """Try if it is time to; whether the menu is in place."""
        if not self._menu:
            return True
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + self._pause
        answer = self._call(PATH, json.loads(self._menu), {"agentid": self._agent_id})
        now = self._clock()
        with self._database.work() as work:
            if isinstance(answer, dict):
                work.alarms.end(_ALARM, now)
            elif isinstance(answer, GiveUp):
                work.alarms.sound(_ALARM, f"应用菜单没有设成: {answer.text}", now)
        if not isinstance(answer, dict):
            logger.warning("the menu is not in place: %s", answer.text)
            return False
        self._menu = ""
        return True
