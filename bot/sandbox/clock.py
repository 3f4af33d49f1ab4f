"""The clock of the sandbox: real time plus an offset, shared with the service by a file."""

import math
import time
from pathlib import Path
from uuid import uuid4

LARGEST_OFFSET = 400 * 86400.0  # seconds; a year and a month, so that a slip of the hand is refused


class BadTimeError(Exception):
    """A time to jump to that cannot be meant, in words for the person who asked for it."""


class SandboxClock:
    """Real time plus the offset written in `file`, read anew at each use (decision 26)."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._offset = 0.0

    def offset(self) -> float:
        """Return the offset in seconds; without a readable file, what was last known."""
        if self._file is None:
            return self._offset
        try:
            read = float(self._file.read_text(encoding="ascii").strip() or "0")
        except (OSError, ValueError):
            return self._offset
        self._offset = read if math.isfinite(read) else self._offset
        return self._offset

    def real(self) -> float:
        """Return the unshifted time, seconds since 1970."""
        return time.time()  # noqa: TID251 - this is the rim where the sandbox reads its clock

    def mono(self) -> float:
        """Return the monotonic clock in seconds, for measuring."""
        return time.monotonic()

    def now(self) -> float:
        """Return the sandbox's time, seconds since 1970."""
        return self.real() + self.offset()

    def set_offset(self, offset: float) -> float:
        """Write a new offset in seconds, for the service too, and return it.

        Raises:
            BadTimeError: the offset is no number or further away than LARGEST_OFFSET.
        """
        if not math.isfinite(offset) or abs(offset) > LARGEST_OFFSET:
            raise BadTimeError(f"时间偏移应在 ±{LARGEST_OFFSET / 86400:.0f} 天之内")
        self._offset = offset
        if self._file is not None:
            # A new file moved into place: the service never reads half a number.
            fresh = self._file.with_name(f"{self._file.name}.{uuid4().hex[:8]}")
            fresh.write_text(f"{offset:.3f}\n", encoding="ascii")
            fresh.replace(self._file)
        return offset
