"""Keeps a way out shut while it is useless or harmful to try it, and lets one probe through."""

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_FAULTS_TO_PAUSE = 5  # faults in a row before a way out counts as broken


class Cause(StrEnum):
    """Why a way out is shut."""

    FAULTS = "faults"  # timeouts, 5xx, no connection
    LIMIT = "limit"  # a limit of the whole API: a block for the minute lasts 60 s
    CONFIGURATION = "configuration"  # a person must mend it; wrong secrets get us blocked


# Seconds at first, doubled at each further failure, and at most.
_SECONDS = {Cause.FAULTS: (10, 60), Cause.LIMIT: (60, 600), Cause.CONFIGURATION: (60, 600)}


@dataclass(slots=True)
class _Shut:
    until: datetime
    cause: Cause
    times: int


class Breakers:
    """One breaker for each lane: the app, each group robot. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shut: dict[str, _Shut] = {}
        self._faults: Counter[str] = Counter()
        self._used: set[str] = set()

    def wait_until(self, lane: str, now: datetime) -> datetime | None:
        """Return until when to wait, or None: go. Of those who ask after a pause one may go."""
        with self._lock:
            shut = self._shut.get(lane)
            if shut is None:
                return None
            if now < shut.until:
                return shut.until
            shut.until = now + timedelta(seconds=_seconds(shut.cause, 0))  # the probe's time
            return None

    def is_shut(self, lane: str) -> bool:
        """Whether the lane is shut; asking lets nobody through."""
        with self._lock:
            return lane in self._shut

    def shut(self, lane: str) -> tuple[Cause, datetime] | None:
        """Return why the lane is shut and until when, None while it is open."""
        with self._lock:
            shut = self._shut.get(lane)
            return (shut.cause, shut.until) if shut else None

    def succeeded(self, lane: str) -> bool:
        """Open the lane; whether that is news: it was shut, or nothing has left since the start."""
        with self._lock:
            del self._faults[lane]
            is_first = lane not in self._used
            self._used.add(lane)
            return self._shut.pop(lane, None) is not None or is_first

    def not_tried(self, lane: str, now: datetime) -> None:
        """Whoever was let through did not go after all: the next one may."""
        with self._lock:
            if lane in self._shut:
                self._shut[lane].until = now

    def fault(self, lane: str, now: datetime) -> None:
        """Count a fault that says nothing about the message; shut the lane after a few in a row."""
        with self._lock:
            self._faults[lane] += 1
            if self._faults[lane] >= _FAULTS_TO_PAUSE:
                self._pause(lane, now, Cause.FAULTS, 0)

    def pause(self, lane: str, now: datetime, cause: Cause, seconds: float = 0) -> datetime:
        """Shut the lane, for `seconds` at least; return until when."""
        with self._lock:
            return self._pause(lane, now, cause, seconds)

    def _pause(self, lane: str, now: datetime, cause: Cause, seconds: float) -> datetime:
        before = self._shut.get(lane)
        times = before.times + 1 if before and before.cause is cause else 0
        until = now + timedelta(seconds=max(seconds, _seconds(cause, times)))
        self._shut[lane] = _Shut(until, cause, times)
        return until


def _seconds(cause: Cause, times: int) -> float:
    first, most = _SECONDS[cause]
    return float(min(first * 2**times, most))
