"""Small facts of the running system: the last beat, where the audit was anchored."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage.columns import insert_or_replace
from storage.tables.system import SETTING

LAST_BEAT = "pulse.last_beat"  # when the pulse of any replica beat last
LAST_BACKUP = "backup.made"  # when the last backup was made
LAST_VERIFIED = "callback.verified"  # when the platform last verified the callback's address
_VALUE = select(SETTING.c.value).where(SETTING.c.key == bindparam("which"))
OWN_DAYS = "calendar.days"  # the operator's own days on the pages: ISO day to whether it is worked


_SHUT = "lane.shut:"  # and the way out that is shut for a while


@dataclass(frozen=True, slots=True)
class ShutLane:
    """A way out by which nothing leaves before a moment."""

    lane: str
    cause: str  # a `bot.breakers.Cause`
    until: datetime


class SettingStore:
    """The facts in one transaction, as JSON values by name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> object | None:
        """The fact, or None while nobody has put one."""
        found = self._connection.execute(_VALUE, {"which": key})
        fact: object | None = found.scalar_one_or_none()
        return fact

    def last_beat(self) -> datetime | None:
        """When the pulse of any replica beat last, as far as it is noted."""
        noted = self.get(LAST_BEAT)
        return datetime.fromisoformat(noted) if isinstance(noted, str) else None

    def last_verified(self) -> datetime | None:
        """When the platform last verified the address of the callback."""
        noted = self.get(LAST_VERIFIED)
        return datetime.fromisoformat(noted) if isinstance(noted, str) else None

    def shut_lane(self, lane: str, cause: str, until: datetime) -> None:
        """Note that nothing leaves by a way out before `until`, and why."""
        self.put(f"{_SHUT}{lane}", {"cause": cause, "until": until.isoformat()})

    def open_lane(self, lane: str) -> None:
        """Note that it leaves again by this way out."""
        self._connection.execute(SETTING.delete().where(SETTING.c.key == f"{_SHUT}{lane}"))

    def shut_lanes(self) -> list[ShutLane]:
        """The ways out that were shut last, also where the moment has passed."""
        noted = select(SETTING.c.key, SETTING.c.value).where(
            SETTING.c.key >= _SHUT, SETTING.c.key < f"{_SHUT}~"
        )
        return [
            ShutLane(
                key.removeprefix(_SHUT), value["cause"], datetime.fromisoformat(value["until"])
            )
            for key, value in self._connection.execute(noted.order_by(SETTING.c.key))
            if key.startswith(_SHUT)
        ]

    def put(self, key: str, value: object) -> None:
        """Put a fact in place of the earlier one."""
        values = {"key": key, "value": value}
        self._connection.execute(insert_or_replace(self._connection, SETTING, "key"), values)
