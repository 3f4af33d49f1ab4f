"""A newer program tried on a copy of the database, while the service goes on."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.copies import CopyError
from storage.database import Database
from storage.errors import SchemaError, Unavailable
from storage.schema import knows

FAULTS = (CopyError, SchemaError, Unavailable, OSError)


class TryError(Exception):
    """The copy could be brought to the newest schema, but does not hold what it should."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it."""

    cases: int  # open ones read, or kept ones copied where it could not be upgraded
    is_whole: bool  # False: the account may make no database, the upgrade itself was not tried


def try_upgrade(database: Database) -> Tried:
    """Upgrade a copy, verify its audit chain, read every open case.

    On PostgreSQL the copy is restored into a database of its own on the same server, which is
    dropped afterwards; where the account may make none, the dump and the revision are all that
    is looked at.

    Raises:
        TryError: the chain does not hold, or the tables are of a schema this program has not.
        CopyError, SchemaError, Unavailable, OSError: it cannot be copied or upgraded.
    """
    near = database.file.parent if database.file is not None else None
    with TemporaryDirectory(prefix=".duban-try-", dir=near) as place:
        file = Path(place) / "duban.db"
        if database.file is not None and not database.file.exists():
            return Tried(0, is_whole=True)
        contents = database.copy_to(file)
        if not knows(contents.schema):
            raise TryError(f"数据库的结构是 {contents.schema}, 这个版本不认得")
        with database.scratch(file) as copy:
            if copy is None:
                return Tried(contents.counts.get("case_file", 0), is_whole=False)
            return Tried(_upgraded(copy), is_whole=True)


def _upgraded(copy: Database) -> int:
    copy.upgrade()
    with copy.read() as work:
        broken = work.audit.verify()
        if broken is not None:
            raise TryError(f"审计链第 {broken.seq} 行{broken.reason}")
        return len(work.cases.find_open())
