"""The clocks of a process: what everything is decided by, what a door reads, and the unshifted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from storage.database import Database

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Clocks:
    """What everything is decided by, what the door reads for each callback, and the unshifted."""

    engine: Clock  # of the database, plus the offset of a demonstration
    door: Clock  # of this machine, plus the same offset: asked for every callback
    real: Clock  # never shifted: leases are measured by it
    is_rehearsal: bool = False


def clocks_of(database: Database, machine: Clock, offset_file: Path | None) -> Clocks:
    """Return the clocks of a service whose demonstration time, if any, stands in `offset_file`.

    The file holds seconds to add; it is read anew each time, so that a page can move the time.
    """
    offset = _offset(offset_file)
    source = database.now if database.is_postgres else machine
    return Clocks(
        engine=lambda: source() + offset(),
        door=lambda: machine() + offset(),
        real=source,
        is_rehearsal=offset_file is not None,
    )


def _offset(file: Path | None) -> Callable[[], timedelta]:
    if file is None:
        return timedelta

    def offset() -> timedelta:
        try:
            return timedelta(seconds=float(file.read_text(encoding="utf-8") or 0))
        except (OSError, ValueError):  # being written just now: the next look finds it
            return timedelta()

    return offset
