"""Ways out that are shut for a while, noted where every replica and the pages can read it."""

from bot.breakers import Breakers
from storage.work import Work


class ShutLanes:
    """Notes what one sender's breakers did, once for each change."""

    def __init__(self, breakers: Breakers) -> None:
        self._breakers = breakers
        self._noted: dict[str, object] = {}

    def note(self, work: Work, lane: str) -> None:
        """Note how a lane stands, if that is news."""
        shut = self._breakers.shut(lane)
        if shut == self._noted.get(lane):
            return
        if shut is None:
            del self._noted[lane]
            work.settings.open_lane(lane)
            return
        self._noted[lane] = shut
        work.settings.shut_lane(lane, *shut)
