"""Backups into one folder, named by their moment: each is verified, then the oldest leave."""

from datetime import datetime
from pathlib import Path

from bot.backups.archive import read_archive
from cases.beijing import BEIJING

_PATTERN = "duban-*.backup"


def named(folder: Path, now: datetime) -> Path:
    """Return the name of the backup of this moment; the folder is made, for its owner alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"duban-{now.astimezone(BEIJING):%Y%m%d-%H%M%S}.backup"


def thin_out(folder: Path, newest: Path, key: str, keep: int) -> tuple[Path, ...]:
    """Read the newest backup whole, then delete all but the `keep` newest; return what went.

    An unreadable newest one leaves every older one in its place.

    Raises:
        UnreadableBackupError: the newest is no whole backup.
    """
    read_archive(newest, key)
    gone = tuple(sorted(folder.glob(_PATTERN), reverse=True)[keep:])
    for one in gone:
        one.unlink()
    return gone
