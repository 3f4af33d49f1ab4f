"""A newer program tried on a copy of the database, while the service goes on."""

from pathlib import Path
from tempfile import TemporaryDirectory

from storage.copies import CopyError
from storage.database import Database
from storage.errors import SchemaError, Unavailable

FAULTS = (CopyError, SchemaError, Unavailable, OSError)


class TryError(Exception):
    """The copy could be brought to the newest schema, but does not hold what it should."""


def try_upgrade(database: Database) -> int:
    """Upgrade a copy, verify its audit chain, read every open case; return how many there are.

    On PostgreSQL only the copy is made and the schema compared: a dump cannot be opened as it is.

    Raises:
        TryError: the chain does not hold.
        CopyError, SchemaError, Unavailable, OSError: it cannot be copied or upgraded.
    """
    near = database.file.parent if database.file is not None else None
    with TemporaryDirectory(prefix=".duban-try-", dir=near) as place:
        file = Path(place) / "duban.db"
        if database.file is not None and not database.file.exists():
            return 0
        contents = database.copy_to(file)
        if database.is_postgres:
            return contents.counts.get("case_file", 0)
        copy = database.at(file)
        try:
            copy.upgrade()
            with copy.read() as work:
                broken = work.audit.verify()
                if broken is not None:
                    raise TryError(f"审计链第 {broken.seq} 行{broken.reason}")
                return len(work.cases.find_open())
        finally:
            copy.close()
