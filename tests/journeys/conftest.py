"""Only rows matter here: the databases stand for the session and are emptied between tests."""

from pathlib import Path

import pytest

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the journeys that are walked a second time, on PostgreSQL (docs/decisions/0005)."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and "[postgres" in item.name:
            item.add_marker(pytest.mark.again)
