"""What a database error means to us: not answering, a lost race, or a bug that stays loud."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.errors import CommitUnknown, ConcurrentChange, Unavailable

# Primary result codes of SQLite: busy, locked, out of memory, read-only, interrupted, I/O error,
# malformed, full, cannot open, locking protocol, not a database.
_SQLITE_DOWN = frozenset({5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26})
# Classes of SQLSTATE: connection, resources, operator intervention (restart, cancel), system error.
_POSTGRES_DOWN = ("08", "53", "57", "58", "25P03", "25006", "55P03")
_POSTGRES_RACE = frozenset({"40001", "40P01"})


def _meaning(error: DBAPIError) -> type[Exception] | None:
    sqlite_code = getattr(error.orig, "sqlite_errorcode", None)
    if sqlite_code is not None:
        return Unavailable if sqlite_code & 0xFF in _SQLITE_DOWN else None
    state = getattr(error.orig, "sqlstate", None)
    if state in _POSTGRES_RACE:
        return ConcurrentChange
    if state is None:
        # A dead connection has no SQLSTATE: nobody was there to give one.
        is_dead = isinstance(error, (OperationalError, InterfaceError))
        return Unavailable if is_dead or error.connection_invalidated else None
    return Unavailable if state.startswith(_POSTGRES_DOWN) else None


@contextmanager
def told() -> Iterator[None]:
    """Turn database errors in the block into Unavailable or ConcurrentChange; others pass."""
    try:
        yield
    except PoolTimeoutError as error:
        raise Unavailable("数据库连接都在用") from error
    except DBAPIError as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise meaning(str(error.orig)) from error


@contextmanager
def told_of_commit() -> Iterator[None]:
    """As `told`, around a commit: a connection that dies now leaves the outcome unknown."""
    try:
        with told():
            yield
    except Unavailable as error:
        cause = error.__cause__
        if isinstance(cause, DBAPIError) and getattr(cause.orig, "sqlite_errorcode", None) is None:
            raise CommitUnknown(str(error)) from cause
        raise
