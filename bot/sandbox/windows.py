"""Counting within sliding windows: the platform's limits per member, robot and API."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in any `seconds`."""

    count: int
    seconds: float


class Windows:
    """What was counted for each key, forgotten once it has left the widest window."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[float]] = {}

    def take(self, key: str, limits: tuple[Limit, ...], now: float) -> bool:
        """Count one more under `key`, unless a limit is used up; a refused one is not counted."""
        seen = self._seen.setdefault(key, deque())
        widest = max(limit.seconds for limit in limits)
        while seen and not now - widest < seen[0] <= now:
            seen.popleft()
        if any(_within(seen, limit.seconds, now) >= limit.count for limit in limits):
            return False
        seen.append(now)
        return True

    def used(self, key: str, seconds: float, now: float) -> int:
        """Return how many stand under `key` in the last `seconds`."""
        return _within(self._seen.get(key, ()), seconds, now)


def _within(seen: deque[float] | tuple[()], seconds: float, now: float) -> int:
    return sum(1 for at in seen if now - seconds < at <= now)
