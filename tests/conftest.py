"""What all tests share: the databases. Every promise of storage is kept on both engines."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from storage.database import Database
from storage.engines import parse
from storage.tables import METADATA
from tests.support import postgres

AUDIT_KEY = b"the audit key of the tests"
_HOME = pytest.StashKey[Path]()
# Ten times faster than TRUNCATE, which makes a new file for each table and index.
EMPTY_POSTGRES = ";".join(
    [
        *(str(table.delete()) for table in reversed(METADATA.sorted_tables)),
        "SELECT setval(seqrelid::regclass, 1, false) FROM pg_sequence",
    ]
)


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", {}).get("duban_postgres")
    config.stash[_HOME] = Path(given) if given else postgres.new_home()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: "object") -> None:
    """Tell a worker of pytest-xdist where the session's server is, or will be."""
    node.workerinput["duban_postgres"] = str(node.config.stash[_HOME])  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.stop(config.stash[_HOME])


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file: copying it is faster than migrating again."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    made = Database(f"sqlite:///{path}")
    made.upgrade()
    made.close()
    return path


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> postgres.Server:
    """The session's PostgreSQL; skips where there is none, unless DUBAN_REQUIRE_POSTGRES is set."""
    try:
        return postgres.find(request.config.stash[_HOME])
    except postgres.NoServerError as error:
        if os.environ.get("DUBAN_REQUIRE_POSTGRES"):
            raise
        pytest.skip(f"no PostgreSQL: {error}")


@pytest.fixture(scope="session")
def postgres_admin(postgres_server: postgres.Server) -> Iterator[Engine]:
    """A connection that may create databases."""
    engine = create_engine(parse(postgres_server.url), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@contextmanager
def migrated(server: postgres.Server, admin: Engine, purpose: str) -> Iterator[str]:
    """The URL of a migrated database of this worker, dropped in the end."""
    name = f"duban_{purpose}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{os.getpid()}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server.database(name)
    made = Database(url)
    made.upgrade()
    made.close()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def postgres_url(postgres_server: postgres.Server, postgres_admin: Engine) -> Iterator[str]:
    """The URL of this worker's own migrated database."""
    with migrated(postgres_server, postgres_admin, "test") as url:
        yield url


@pytest.fixture(scope="session")
def postgres_sweeper(postgres_url: str) -> Iterator[Engine]:
    """A connection that empties the tables after each test."""
    engine = create_engine(parse(postgres_url))
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database."""
    path = tmp_path / "duban.db"
    shutil.copy(sqlite_template, path)
    opened = Database(f"sqlite:///{path}", audit_key=AUDIT_KEY)
    yield opened
    opened.close()


@pytest.fixture
def postgres_database(postgres_url: str, postgres_sweeper: Engine) -> Iterator[Database]:
    """An empty PostgreSQL database."""
    opened = Database(postgres_url, audit_key=AUDIT_KEY)
    yield opened
    opened.close()
    with postgres_sweeper.begin() as connection:
        connection.exec_driver_sql(EMPTY_POSTGRES)


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database, of each kind in turn."""
    opened: Database = request.getfixturevalue(f"{request.param}_database")
    return opened
