"""Asks the platform who stands behind the encrypted ids of an intelligent robot (page 101521)."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.gateway import GiveUp, TryLater, Unknown
from bot.loop import Loop
from bot.wecom.answers import Answer
from storage.database import Database
from storage.robot_users import RobotUser
from storage.work import Work

logger = logging.getLogger(__name__)

_API = "batch/openuserid_to_userid"
_WAITS = (timedelta(seconds=2), timedelta(seconds=8))  # then whoever waits is answered all the same
_ALARM = "robot.ids"

Call = Callable[[str, Mapping[str, object]], Answer | TryLater | GiveUp | Unknown]
Told = Callable[[Work, Mapping[str, str | None], datetime], None]


class IdAsker:
    """Asks about all ids that are wanted, up to a thousand at once, and tells who they are.

    `told` takes userids by id, None for one that nobody knows, in the transaction that records
    them. When the platform cannot be asked for long, everybody asked about is nobody: they are told
    so at once, which is better than silence.
    """

    def __init__(
        self, database: Database, *, call: Call, told: Told, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._call = call
        self._told = told
        self._clock = clock
        self._loop = Loop("robot ids", wake=database.wake, turn=self.ask_wanted)

    def start(self) -> None:
        """Begin to ask, whenever something was committed and every second."""
        self._loop.start()

    def stop(self) -> None:
        """Finish the question at hand, then end."""
        self._loop.stop()

    def ask_wanted(self) -> int:
        """Ask about all that is wanted; return about how many. Raises Unavailable."""
        now = self._clock()
        with self._database.read() as work:
            wanted = work.robot_users.wanted(now)
        if not wanted:
            return 0
        answer = self._call(_API, {"open_userid_list": [one.open_id for one in wanted]})
        if isinstance(answer, dict):
            found = _found(answer)
            self._database.run(lambda work: self._note(work, wanted, found, now))
        else:
            self._database.run(lambda work: self._failed(work, wanted, answer, now))
        return len(wanted)

    def _note(
        self, work: Work, wanted: list[RobotUser], found: Mapping[str, str], now: datetime
    ) -> None:
        work.alarms.end(_ALARM, now)
        self._told(work, {one.open_id: found.get(one.open_id) for one in wanted}, now)

    def _failed(
        self,
        work: Work,
        wanted: list[RobotUser],
        fault: TryLater | GiveUp | Unknown,
        now: datetime,
    ) -> None:
        logger.warning("robot ids: %s", fault.text)
        patient = [one for one in wanted if one.tries < len(_WAITS)]
        if isinstance(fault, GiveUp):
            patient = []
        for one in patient:
            work.robot_users.later([one.open_id], now + _WAITS[one.tries])
        given_up = {one.open_id: None for one in wanted if one not in patient}
        if given_up:
            text = f"认不出对智能机器人说话的人 (用户 ID 换算失败): {fault.text}"
            work.alarms.sound(_ALARM, text, now)
            self._told(work, given_up, now)


def _found(answer: Answer) -> dict[str, str]:
    """Userids by id; what is not of that shape is left out, and so is nobody."""
    listed = answer.get("userid_list")
    pairs = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return {
        str(one["open_userid"]): str(one["userid"])
        for one in pairs
        if one.get("open_userid") and one.get("userid")
    }
