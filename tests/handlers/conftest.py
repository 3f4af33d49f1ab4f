"""Only rows matter here: the databases stand for the session and are emptied between tests."""

from tests.support.standing_databases import (
    postgres_database,
    sqlite_database,
    sqlite_sweeper,
    standing_postgres,
    standing_sqlite,
    standing_sweeper,
)

__all__ = [
    "postgres_database",
    "sqlite_database",
    "sqlite_sweeper",
    "standing_postgres",
    "standing_sqlite",
    "standing_sweeper",
]
