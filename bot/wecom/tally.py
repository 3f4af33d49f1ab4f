"""Counts what came to the door and what was turned away, for the metrics and the audit."""

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Turned:
    """How often one reason turned callbacks away since it was last asked, and the last source."""

    reason: str
    count: int
    source: str


class Tally:
    """Counts by result. The door adds, the pulse takes; both may do so at any time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._totals: Counter[str] = Counter()
        self._new: dict[str, Turned] = {}
        self._verified: datetime | None = None

    def verified(self, at: datetime) -> None:
        """Note that the platform has verified the address."""
        with self._lock:
            self._verified = at

    def take_verified(self) -> datetime | None:
        """Return when the platform last verified the address, if it has since the last call."""
        with self._lock:
            at, self._verified = self._verified, None
        return at

    def kept(self) -> None:
        """Count a callback that was answered 200."""
        with self._lock:
            self._totals["kept"] += 1

    def refused(self, reason: str, source: str) -> None:
        """Count a callback that was turned away."""
        with self._lock:
            self._totals[reason] += 1
            before = self._new.get(reason)
            self._new[reason] = Turned(reason, before.count + 1 if before else 1, source)

    def totals(self) -> dict[str, int]:
        """Return all counts since the start, by result."""
        with self._lock:
            return dict(self._totals)

    def take(self) -> list[Turned]:
        """Return what was turned away since the last call: one line per reason, however many."""
        with self._lock:
            new, self._new = list(self._new.values()), {}
        return new
