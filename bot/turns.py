"""Whose turn it is: one who sends without end comes behind everybody else (B12).

Messages are carried out in the order of their arrival. Where thousands of one sender wait, that
order would let all others wait for them; so whoever has had many turns just now waits behind.
"""

from collections import Counter
from datetime import datetime, timedelta

_WINDOW = timedelta(seconds=10)
_MANY = 30  # turns of one sender within the window; nobody types as many


class Turns:
    """The turns of the window at hand, in one process."""

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._had: Counter[str] = Counter()

    def had(self, sender: str, now: datetime) -> None:
        """Count a turn."""
        if self._since is None or not self._since <= now < self._since + _WINDOW:
            self._since = now
            self._had.clear()
        self._had[sender] += 1

    def behind(self, now: datetime) -> list[str]:
        """Return who comes after all others, until the window ends."""
        if self._since is None or not self._since <= now < self._since + _WINDOW:
            return []
        return [sender for sender, turns in self._had.items() if turns >= _MANY]
