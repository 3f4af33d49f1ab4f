"""A PostgreSQL database for a moment: a copy restored beside the real one, and dropped again."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from storage.copies import CopyError, restore_into

_MAY = text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
_LIKE = text(
    "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database"
    " WHERE datname = current_database()"
)


@contextmanager
def scratch(url: URL, file: Path) -> Iterator[URL | None]:
    """Restore an archive of pg_dump into a database of its own, dropped at the end.

    Yields its address; None where the account may not make databases.

    Raises:
        CopyError: it cannot be made or filled; what it made is dropped again.
    """
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    name = f"duban_try_{secrets.token_hex(4)}"
    with engine.connect() as connection:
        is_allowed = bool(connection.execute(_MAY).scalar())
        if is_allowed:
            _make(connection, name)
    if not is_allowed:
        yield None
        return
    try:
        target = url.set(database=name)
        restore_into(target, file)
        yield target
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _make(connection: Connection, name: str) -> None:
    encoding, collate, ctype = connection.execute(_LIKE).one()
    quoted = [str(one).replace("'", "''") for one in (encoding, collate, ctype)]
    like = "ENCODING '{}' LC_COLLATE '{}' LC_CTYPE '{}'".format(*quoted)
    try:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0 {like}')
    except DBAPIError as error:
        raise CopyError(f"建不了试升级用的数据库: {error.orig}") from error
