"""Databases that stand for a session and are emptied between tests, where only rows matter.

Opening one compiles every statement anew, which is half of a journey's time.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine

from storage.database import Database
from storage.engines import parse
from storage.tables import METADATA
from tests.conftest import AUDIT_KEY, EMPTY_POSTGRES, migrated
from tests.support import postgres


@pytest.fixture(scope="session")
def standing_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One SQLite database for all journeys of this worker."""
    path = tmp_path_factory.mktemp("standing") / "duban.db"
    opened = Database(f"sqlite:///{path}", audit_key=AUDIT_KEY)
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def standing_postgres(
    postgres_server: postgres.Server, postgres_admin: Engine
) -> Iterator[Database]:
    """One PostgreSQL database for all journeys of this worker; nobody cuts its connections."""
    with migrated(postgres_server, postgres_admin, "standing") as url:
        opened = Database(url, audit_key=AUDIT_KEY)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def standing_sweeper(standing_postgres: Database) -> Iterator[Engine]:
    """A connection that empties the tables after each journey."""
    engine = create_engine(parse(standing_postgres.url))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_sweeper(standing_sqlite: Database) -> Iterator[Engine]:
    """A connection that empties the tables after each test."""
    engine = create_engine(standing_sqlite.url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_database(standing_sqlite: Database, sqlite_sweeper: Engine) -> Iterator[Database]:
    """The standing SQLite database, empty."""
    yield standing_sqlite
    with sqlite_sweeper.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
        connection.exec_driver_sql("DELETE FROM sqlite_sequence")


@pytest.fixture
def postgres_database(standing_postgres: Database, standing_sweeper: Engine) -> Iterator[Database]:
    """The standing PostgreSQL database, empty."""
    yield standing_postgres
    with standing_sweeper.begin() as connection:
        connection.exec_driver_sql(EMPTY_POSTGRES)
